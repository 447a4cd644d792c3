"""The list at work: which file, what its columns hold, what a run of it found. It outlives its page, and knows no widget."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from typing_extensions import override

from pinggu_desk.desk.batch.background import Step, Stop, Stopped
from pinggu_desk.desk.batch.matching import ColumnsSession, FilePrint, Looked, Stage, print_of
from pinggu_desk.desk.services import Services
from pinggu_desk.policy.errors import BadInput
from pinggu_desk.register import Register, events
from pinggu_desk.register.listed import ListedAwards

if TYPE_CHECKING:  # NumPy and the lists' reader come with the first list
    from pinggu_desk.assess.awards import Award
    from pinggu_desk.assess.engine import Engine
    from pinggu_desk.desk.batch.found import Found
    from pinggu_desk.work.listpreview import Preview

_FIRST_ROWS, _MOST_FAULTS = 50, 20


class ListSession(ColumnsSession):
    """See `ColumnsSession`; ``found`` is what the last run found."""

    def __init__(self, services: Services) -> None:
        super().__init__(services)
        self.found: Found | None = None
        self.ran_with: dict[int, str | None] = {}  # what was said of columns when it was run
        self.row = -1  # which row of the results was stood on
        self._running_with: dict[int, str | None] = {}
        self._running_print: FilePrint | None = None  # of the file as the run began
        self._known = ListedAwards({}, {}, {})
        self._before: Stage = "choose"  # where a cancelled run goes back to
        self._exporting = False

    # --- looking

    @override
    def look(
        self, source: str, sheet: str | None, choices: Mapping[int, str | None], kept: Mapping[int, str | None]
    ) -> Looked:
        from pinggu_desk.work.listpreview import preview

        engine = self.services.engine
        seen = preview(engine, source, sheet, choices, remembered=kept)
        return Looked(seen, first_faults(engine, source, seen.sheet, {**kept, **choices}))

    @override
    def about(self, preview: Preview) -> str:
        awards = (
            f"以往奖励取自工作表“{preview.awards_sheet}”"
            if preview.awards_sheet
            else "名单没有“以往奖励”表，以往奖励取自登记库"
        )
        return f"{super().about(preview)}{awards}。"

    def show_results(self) -> None:
        """Back to what the last run found."""
        if self.found is not None:
            self._go("results")

    # --- running

    def run(self) -> None:
        """Remember what was said of the columns, take what the register knows of past awards, and work the list out."""
        preview, choices = self.preview, self.choices
        if preview is None or self.busy:
            return
        if self._print != print_of(self.source):
            self._look(self.source, self.sheet, self._looked_again)
            return
        self._before = "preview"
        self._go("running")

        def begin(register: Register) -> ListedAwards:
            register.keep_list_shape(preview.shape, choices)
            register.record_event(events.LIST_RUN, "名单", f"样式{preview.shape[:12]}，判断日{self.on}")
            return register.listed_awards()

        self.services.operations.run(begin, self._begun, self._failed, writes=True)

    def _looked_again(self, looked: Looked) -> None:
        """The file was changed after its columns were checked: other columns are checked anew, other values are run."""
        same = self.preview is not None and looked.preview.shape == self.preview.shape
        if same:
            self._matched(looked)
            self.run()
        else:
            self.told.emit("名单文件在核对列名之后改过，各列和核对时不一样，已重新读取，请再核对一遍。", False)
            self.read(self.source, self.sheet)

    def _begun(self, known: ListedAwards) -> None:
        if self.stage != "running":
            return  # thought better of
        self._known = known
        source, sheet, on, choices, engine = self.source, self.sheet, self.on, self.choices, self.services.engine

        self._running_with, self._running_print = choices, print_of(source)

        def work(step: Step, stop: Stop) -> Found:
            from pinggu_desk.desk.batch.found import Found
            from pinggu_desk.work.listrun import run_list

            found = Found(engine, on)
            run_list(
                engine,
                source,
                on,
                [found],
                sheet=sheet,
                choices=choices,
                awards_of=self.awards_of,
                step=step,
                stop=stop,
            )
            return found

        self._background.run(work, self._ran, self._failed)

    def awards_of(self, keys: Sequence[tuple[str, str]]) -> list[tuple[Award, ...] | None]:
        """The past awards that the register knew of when the run began, as rules take them."""
        from pinggu_desk.assess.awards import Award

        return [
            None if one is None else tuple(Award(a.policy_id, a.benefit_id, a.amount_fen, a.on, a.matter) for a in one)
            for one in self._known.of(keys)
        ]

    def _ran(self, found: Found) -> None:
        self.found, self.row, self.ran_with = found, -1, self._running_with
        self._print = self._running_print
        self._go("results")
        if found.edition != found.engine.edition:
            self.told.emit("测算的时候外部参数改过，各行可能不一致，请重新测算。", False)

    def cancel(self) -> None:
        """End the run; what was open before stays as it was."""
        if self.stage == "running":
            if self._background.busy:
                self._background.cancel()
            else:
                self._failed(Stopped())
        elif self._exporting:
            self._background.cancel()

    def _failed(self, error: Exception) -> None:
        self._go(self._before)
        self._tell(error)

    # --- writing

    def export(self, path: Path, *, detail: bool, whole: bool = False) -> None:
        """Write the results as a workbook (with ``detail`` every benefit as CSV beside it), in one step, on the trail first.

        ``whole`` writes every number whole: that is on the trail, too.
        """
        from pinggu_desk.desk.batch.export import write

        found = self.found
        if found is None or self.busy:
            return
        if self._print != print_of(self.source):
            self.told.emit("名单文件在测算之后改过或挪走了，导出会对不上，请重新测算后再导出。", False)
            return
        work = write(self, found, path, detail=detail, whole=whole)
        self._exporting = True

        def noted(_none: None) -> None:
            self._background.run(work, self._written, self._unwritten)

        count = f"{len(found)} 个申请人"

        def note(register: Register) -> None:
            if whole:
                register.note_list_shown(f"批量结果，{count}")
            register.record_event(events.LIST_EXPORTED, "批量结果", count + ("，号码写全" if whole else ""))

        self.services.operations.run(note, noted, self._unwritten)

    def _written(self, words: str) -> None:
        self._exporting = False
        self.told.emit(words, True)

    def _unwritten(self, error: Exception) -> None:
        self._exporting = False
        self._tell(error)

    @property
    def exporting(self) -> bool:
        """Whether results are being written."""
        return self._exporting


def first_faults(engine: Engine, source: str, sheet: str, choices: Mapping[int, str | None]) -> tuple[str, ...]:
    """What cannot be taken of the first rows, a sentence each with its place."""
    from pinggu_desk.documents.books.applicants import EnterpriseList

    try:
        with EnterpriseList(source, engine.pack, sheet, said=choices) as listed:
            next(listed.chunks(_FIRST_ROWS), None)
            return tuple(f"{listed.place(bad)}：{bad.sentence}" for bad in listed.bad[:_MOST_FAULTS])
    except BadInput:
        return ()  # no column is read yet


def session_of(services: Services) -> ListSession:
    """The one list at work of a window, made when it is first wanted."""
    if services.lists is None:
        services.lists = ListSession(services)
    session = services.lists
    assert isinstance(session, ListSession)
    return session
