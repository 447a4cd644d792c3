"""The list at work: which file, what its columns hold, what a run of it found. It outlives its page, and knows no widget."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QObject, Signal

from pinggu_desk.desk.batch.background import Background, Step, Stop, Stopped
from pinggu_desk.desk.operations import sentence_of
from pinggu_desk.desk.services import Services
from pinggu_desk.policy.errors import BadInput
from pinggu_desk.register import Register, events
from pinggu_desk.register.listed import KeptShape, ListedAwards

if TYPE_CHECKING:  # NumPy and the lists' reader come with the first list
    from pinggu_desk.assess.awards import Award
    from pinggu_desk.assess.engine import Engine
    from pinggu_desk.desk.batch.found import Found
    from pinggu_desk.work.listpreview import Preview

_FIRST_ROWS, _MOST_FAULTS = 50, 20
Stage = Literal["choose", "reading", "preview", "running", "results"]


@dataclass(frozen=True, slots=True)
class _Print:
    """By what a file is known to be as it was."""

    size: int
    changed: int


@dataclass(frozen=True, slots=True)
class Looked:
    """A list as it would be read, and what could not be taken of its first rows."""

    preview: Preview
    faults: tuple[str, ...]


class ListSession(QObject):
    """``stage_changed`` tells that another part of the page is due, ``preview_changed`` that columns were matched anew.

    ``progressed`` carries how many applicants are done and how many there may be; ``told`` a sentence and whether it is good.
    """

    stage_changed = Signal()
    preview_changed = Signal()
    progressed = Signal(int, int)
    told = Signal(str, bool)

    def __init__(self, services: Services) -> None:
        super().__init__()
        self.services = services
        self.stage: Stage = "choose"
        self.source = ""
        self.sheet: str | None = None
        self.on: date = services.today()
        self.preview: Preview | None = None
        self.faults: tuple[str, ...] = ()  # what is wrong in the first rows
        self.own: dict[int, str | None] = {}
        self.kept: KeptShape | None = None
        self.found: Found | None = None
        self.ran_with: dict[int, str | None] = {}  # what was said of columns when it was run
        self.row = -1  # which row of the results was stood on
        self._running_with: dict[int, str | None] = {}
        self._print: _Print | None = None
        self._running_print: _Print | None = None  # of the file as the run began
        self._known = ListedAwards({}, {}, {})
        self._before: Stage = "choose"  # where a cancelled run goes back to
        self._background = Background(self)
        self._background.progressed.connect(self.progressed)
        self._exporting = False

    @property
    def busy(self) -> bool:
        """Whether something is being read, run or written."""
        return self._background.busy

    @property
    def choices(self) -> dict[int, str | None]:
        """What was said of columns: remembered of an earlier list of this shape, then now."""
        return {**(self.kept.choices if self.kept is not None else {}), **self.own}

    # --- choosing and checking

    def read(self, source: str, sheet: str | None = None) -> None:
        """Look at a list; its columns are shown next. What was found of another stays until this one is run."""
        self.own, self.kept = {}, None
        self._look(source, sheet, self._seen)

    def _look(self, source: str, sheet: str | None, then: Callable[[Looked], None]) -> None:
        services, choices, kept = self.services, dict(self.own), self.kept.choices if self.kept is not None else {}

        def work(_step: Step, _stop: Stop) -> Looked:
            from pinggu_desk.work.listpreview import preview

            seen = preview(services.engine, source, sheet, choices, remembered=kept)
            return Looked(seen, first_faults(services.engine, source, seen.sheet, {**kept, **choices}))

        if self.stage != "preview":
            self._go("reading")
        self._background.run(work, then, self._unread)

    def _seen(self, looked: Looked) -> None:
        """A list that was not looked at before: ask what was said of one of its shape."""
        shape = looked.preview.shape

        def known(register: Register) -> tuple[Looked, KeptShape | None]:
            return looked, register.list_shape(shape)

        self.services.operations.run(known, self._remembered)

    def _remembered(self, answer: tuple[Looked, KeptShape | None]) -> None:
        looked, kept = answer
        if kept is not None:  # a fact that is no more in the pack is forgotten
            facts = self.services.pack.facts
            kept = replace(kept, choices={n: name for n, name in kept.choices.items() if name is None or name in facts})
        self.kept = kept
        if self.kept is not None and self.kept.choices:
            self._look(looked.preview.path, looked.preview.sheet, self._matched)
        else:
            self._matched(looked)

    def _matched(self, looked: Looked) -> None:
        preview, self.faults = looked.preview, looked.faults
        self.source, self.sheet, self.preview = preview.path, preview.sheet, preview
        self._print = _print_of(preview.path)
        if self.stage != "preview":
            self._go("preview")
        self.preview_changed.emit()

    def _unread(self, error: Exception) -> None:
        if self.stage == "reading":
            self._go("choose")
        self._tell(error)

    def choose(self, column: int, fact: str | None) -> None:
        """Say what a column holds (None: leave it out); the columns are matched anew."""
        if self.preview is None:
            return
        self.own[column] = fact
        self._look(self.source, self.sheet, self._matched)

    def take_sheet(self, sheet: str) -> None:
        """Read another sheet of the same file."""
        if self.preview is not None and sheet != self.preview.sheet:
            self.read(self.source, sheet)

    def forget(self) -> None:
        """Match the columns by their names alone, whatever was remembered or said."""
        if self.preview is not None:
            self.kept, self.own = None, {}
            shape = self.preview.shape
            self.services.operations.run(lambda register: register.keep_list_shape(shape, {}), writes=True)
            self._look(self.source, self.sheet, self._matched)

    def choose_another(self) -> None:
        """Back to choosing a file."""
        self._background.stop()
        self._go("choose")

    def check_again(self) -> None:
        """Back to the columns."""
        if self.preview is not None:
            self._go("preview")

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
        if self._print != _print_of(self.source):
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

        self._running_with, self._running_print = choices, _print_of(source)

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

    def stop(self) -> None:
        """The window closes, or another clerk comes: nothing goes on behind it."""
        self._background.stop()

    def _failed(self, error: Exception) -> None:
        self._go(self._before)
        self._tell(error)

    # --- writing

    def export(self, path: Path, *, detail: bool) -> None:
        """Write the results as a workbook (with ``detail`` every benefit as CSV beside it), in one step, on the trail first."""
        from pinggu_desk.desk.batch.export import write

        found = self.found
        if found is None or self.busy:
            return
        if self._print != _print_of(self.source):
            self.told.emit("名单文件在测算之后改过或挪走了，导出会对不上，请重新测算后再导出。", False)
            return
        work = write(self, found, path, detail=detail)
        self._exporting = True

        def noted(_none: None) -> None:
            self._background.run(work, self._written, self._unwritten)

        count = f"{len(found)} 个申请人"
        self.services.operations.run(
            lambda register: register.record_event(events.LIST_EXPORTED, "批量结果", count), noted, self._unwritten
        )

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

    # ---

    def _go(self, stage: Stage) -> None:
        self.stage = stage
        self.stage_changed.emit()

    def _tell(self, error: Exception) -> None:
        if isinstance(error, Stopped):
            self.told.emit("已取消，没有留下任何结果，原来打开的没有变。", True)
        else:
            self.told.emit(sentence_of(error), False)


def first_faults(engine: Engine, source: str, sheet: str, choices: Mapping[int, str | None]) -> tuple[str, ...]:
    """What cannot be taken of the first rows, a sentence each with its place."""
    from pinggu_desk.documents.books.applicants import EnterpriseList

    try:
        with EnterpriseList(source, engine.pack, sheet, said=choices) as listed:
            next(listed.chunks(_FIRST_ROWS), None)
            return tuple(f"{listed.place(bad)}：{bad.sentence}" for bad in listed.bad[:_MOST_FAULTS])
    except BadInput:
        return ()  # no column is read yet


def _print_of(source: str) -> _Print | None:
    try:
        found = Path(source).stat()
    except OSError:
        return None
    return _Print(found.st_size, found.st_mtime_ns)


def session_of(services: Services) -> ListSession:
    """The one list at work of a window, made when it is first wanted."""
    if services.lists is None:
        services.lists = ListSession(services)
    session = services.lists
    assert isinstance(session, ListSession)
    return session
