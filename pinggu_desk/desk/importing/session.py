"""The list that is being imported: which file, what of it, its columns, what it would change. Knows no widget."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from typing_extensions import override

from pinggu_desk.desk.batch.background import Step, Stop, Stopped
from pinggu_desk.desk.batch.matching import ColumnsSession, Looked, print_of
from pinggu_desk.desk.services import Services
from pinggu_desk.register import Register
from pinggu_desk.register.importing import Imported, Source, What

if TYPE_CHECKING:  # the lists' reader comes with the first list
    from pinggu_desk.work.importing.awards import ReadAwards
    from pinggu_desk.work.importing.items import Preview as Plan
    from pinggu_desk.work.importing.rows import ReadList

    Read = ReadList | ReadAwards

Planner = Callable[[Register], "Plan"]


class ImportSession(ColumnsSession):
    """``plan`` is what the list would change; while it is written, ``writing``."""

    stopped_words = "已取消导入，登记库没有任何变化。"
    day_called = "名单说的是"

    def __init__(self, services: Services) -> None:
        super().__init__(services)
        self.what: What = "申请人"
        self.plan: Plan | None = None
        self.digest = ""
        self.writing = False
        self._stopping = False

    @override
    def names(self) -> tuple[str, ...]:
        if self.what == "以往奖励":
            from pinggu_desk.documents.books.awardlist import names_of

            return names_of(self.services.pack)
        return tuple(name for name, fact in self.services.pack.facts.items() if fact.history is None)

    @override
    def look(
        self, source: str, sheet: str | None, choices: Mapping[int, str | None], kept: Mapping[int, str | None]
    ) -> Looked:
        from pinggu_desk.desk.batch.session import first_faults
        from pinggu_desk.work.listpreview import preview, preview_awards

        if self.what == "以往奖励":
            return Looked(preview_awards(self.services.pack, source, sheet, choices, remembered=kept), ())
        engine = self.services.engine
        seen = preview(engine, source, sheet, choices, remembered=kept)
        return Looked(seen, first_faults(engine, source, seen.sheet, {**kept, **choices}))

    # --- what would change

    def lay_out(self) -> None:
        """Read the list by its columns and hold it against the register; what it would change is shown next."""
        preview, choices = self.preview, self.choices
        if preview is None or self.busy or self.writing:
            return
        services, source, sheet, on = self.services, self.source, self.sheet, self.on
        sample, was = services.practice, print_of(source)
        self._go("running")

        what, pack, today = self.what, services.pack, services.today()

        def work(_step: Step, stop: Stop) -> tuple[Read, str]:
            from pinggu_desk.work.importing.awards import read_awards
            from pinggu_desk.work.importing.rows import digest_of, read_applicants

            if what == "以往奖励":
                return read_awards(pack, source, today, sheet=sheet, said=choices), digest_of(source)
            read = read_applicants(pack, source, on, sheet=sheet, said=choices, sample=sample, stop=stop)
            return read, digest_of(source)

        def read_it(answer: tuple[Read, str]) -> None:
            read, self.digest = answer
            if print_of(source) != was:
                self._failed_to("preview", None)
                self.told.emit("名单文件正在改动，请保存并关闭它，再按 F5 看会改什么。", False)
                return
            self._plan_it(lambda register: _planned(register, read, self), preview.shape, choices)

        self._background.run(work, read_it, lambda error: self._failed_to("preview", error))

    def _plan_it(self, planner: Planner, shape: str, choices: dict[int, str | None]) -> None:
        def work(register: Register) -> Plan:
            register.keep_list_shape(shape, choices)
            return planner(register)

        self.services.operations.run(work, self._planned, lambda error: self._failed_to("preview", error), writes=True)

    def _planned(self, plan: Plan) -> None:
        if self.stage != "running":
            return  # thought better of
        self.plan = plan
        self._go("results")

    @property
    def origin(self) -> Source:
        """The list as the register's trail names it."""
        return Source(Path(self.source).name, self.digest, self.on, self.what)

    # --- writing

    def agree(self) -> None:
        """Write what is agreed to, in one transaction; the next list is asked for after."""
        plan = self.plan
        if plan is None or self.writing:
            return
        entries, source = plan.entries(), self.origin
        if not entries:
            self.told.emit("没有要写入的：都没有变化，或者还没有定。", True)
            return
        self.writing, self._stopping = True, False
        self._go("running")

        def work(register: Register) -> Imported:
            return register.import_list(
                source, entries, lambda done: self.progressed.emit(done, len(entries)), lambda: self._stopping
            )

        self.services.operations.run(work, self._written, self._not_written, writes=True)

    def _written(self, done: Imported) -> None:
        self.writing, self.plan, self.preview = False, None, None
        self._go("choose")
        self.told.emit(f"已导入“{Path(self.source).name}”：{done.words}。", True)

    def _not_written(self, error: Exception) -> None:
        self.writing = False
        self._failed_to("results", error)

    def cancel(self) -> None:
        """End what is read or written; nothing of it stays."""
        if self.writing:
            self._stopping = True
        elif self.busy:
            self._background.cancel()
        elif self.stage == "running":
            self._failed_to("preview", Stopped())

    def _failed_to(self, stage: str, error: Exception | None) -> None:
        self._go("results" if stage == "results" else "preview")
        if error is not None:
            self._tell(error)


def _planned(register: Register, read: Read, session: ImportSession) -> Plan:
    from pinggu_desk.work.importing.applicants import plan_applicants
    from pinggu_desk.work.importing.awards import plan_awards
    from pinggu_desk.work.importing.rows import ReadList

    plan: Plan
    if isinstance(read, ReadList):
        plan = plan_applicants(register, read, session.on)
    else:
        plan = plan_awards(register, session.services.pack, read, session.services.today())
    register.note_import_seen(session.origin, plan.matched)
    return plan


def import_of(services: Services) -> ImportSession:
    """The one list that a window imports, made when it is first wanted."""
    if services.imports is None:
        services.imports = ImportSession(services)
    session = services.imports
    assert isinstance(session, ImportSession)
    return session
