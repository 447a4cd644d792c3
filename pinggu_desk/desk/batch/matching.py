"""A list whose columns are looked through and corrected before anything is done with it. Knows no widget.

What was said of the columns of a list is remembered by its shape, for the next list with the same heads.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QObject, Signal

from pinggu_desk.desk.batch.background import Background, Step, Stop, Stopped
from pinggu_desk.desk.operations import sentence_of
from pinggu_desk.desk.services import Services
from pinggu_desk.desk.words import day_words
from pinggu_desk.register import Register
from pinggu_desk.register.listed import KeptShape

if TYPE_CHECKING:  # the lists' reader comes with the first list
    from pinggu_desk.work.listpreview import Preview

Stage = Literal["choose", "reading", "preview", "running", "results"]


@dataclass(frozen=True, slots=True)
class FilePrint:
    """By what a file is known to be as it was."""

    size: int
    changed: int


@dataclass(frozen=True, slots=True)
class Looked:
    """A list as it would be read, and what could not be taken of its first rows."""

    preview: Preview
    faults: tuple[str, ...]


class ColumnsSession(QObject):
    """``stage_changed`` tells that another part of the page is due, ``preview_changed`` that columns were matched anew.

    ``progressed`` carries how many are done and how many there may be; ``told`` a sentence and whether it is good.
    """

    stage_changed = Signal()
    preview_changed = Signal()
    progressed = Signal(int, int)
    told = Signal(str, bool)
    stopped_words = "已取消，没有留下任何结果，原来打开的没有变。"

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
        self._print: FilePrint | None = None
        self._background = Background(self)
        self._background.progressed.connect(self.progressed)

    # --- what a list is looked at for

    def names(self) -> tuple[str, ...]:
        """All that a column may hold."""
        return tuple(self.services.pack.facts)

    def look(
        self, source: str, sheet: str | None, choices: Mapping[int, str | None], kept: Mapping[int, str | None]
    ) -> Looked:
        """Look at the list (on a thread of its own). Raises BadInput."""
        raise NotImplementedError

    def about(self, preview: Preview) -> str:
        """What stands over the columns."""
        read = sum(one.fact is not None for one in preview.columns)
        return (
            f"{Path(preview.path).name}，工作表“{preview.sheet}”，列名在第 {preview.head_row} 行，最多 {preview.claimed:,} 行；"
            f"{len(preview.columns)} 列里读 {read} 列。{self.day_called} {day_words(self.on)}。"
        )

    #: what the day is that was given with the list
    day_called = "判断日"

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
        choices, kept = dict(self.own), self.kept.choices if self.kept is not None else {}

        def work(_step: Step, _stop: Stop) -> Looked:
            return self.look(source, sheet, choices, kept)

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
            names = set(self.names())
            kept = replace(kept, choices={n: name for n, name in kept.choices.items() if name is None or name in names})
        self.kept = kept
        if self.kept is not None and self.kept.choices:
            self._look(looked.preview.path, looked.preview.sheet, self._matched)
        else:
            self._matched(looked)

    def _matched(self, looked: Looked) -> None:
        preview, self.faults = looked.preview, looked.faults
        self.source, self.sheet, self.preview = preview.path, preview.sheet, preview
        self._print = print_of(preview.path)
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

    def stop(self) -> None:
        """The window closes, or another clerk comes: nothing goes on behind it."""
        self._background.stop()

    def _go(self, stage: Stage) -> None:
        self.stage = stage
        self.stage_changed.emit()

    def _tell(self, error: Exception) -> None:
        if isinstance(error, Stopped):
            self.told.emit(self.stopped_words, True)
        else:
            self.told.emit(sentence_of(error), False)


def print_of(source: str) -> FilePrint | None:
    """What a file is known by; None where it is not there."""
    try:
        found = Path(source).stat()
    except OSError:
        return None
    return FilePrint(found.st_size, found.st_mtime_ns)
