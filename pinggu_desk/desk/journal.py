"""Every edit of one case on its way to the register, and back by undo. Knows no page."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection

from PySide6.QtCore import QObject, QTimer, Signal

from pinggu_desk.desk.operations import Operations
from pinggu_desk.register import Register
from pinggu_desk.register.errors import Overtaken

#: An edit waits this long at most before it is sent to the register, however fast the typing goes on.
HOLD_MS = 300


def nothing_to_walk(again: bool) -> str:
    """What is said when there is nothing to undo, or to do again: a colleague's answers are not for anybody else to take back."""
    return f"没有可以{'重做' if again else '撤销'}的填报了；同事填的由他自己撤销，要改请直接改填。"


class Journal(QObject):
    """Holds edits for a moment and writes them in their order.

    ``case_of`` gives the case's id on the register's thread (it may open the case there). ``due`` says that what waits
    should be flushed; ``written`` that some was. What the disk refuses, the operations keep and write again; ``refused``
    carries any other error of a write: its edits go with the next one, unless :meth:`forget` is called. ``undone`` carries
    the edit that undo or redo led to (fact, text), or None where there was none, and whether it was redo; ``failed`` the
    error of either. ``overtaken`` says that another window has edited the case (`Overtaken`): what was typed is held here, and
    nothing is sent until :meth:`go_on`.

    ``base`` is the edit of the register that the screen shows (`Register.last_edit`); None before the case was read.
    """

    due = Signal()
    written = Signal()
    refused = Signal(object)
    undone = Signal(object, bool)
    failed = Signal(object)
    overtaken = Signal(object)

    def __init__(
        self, operations: Operations, case_of: Callable[[Register], int], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._operations, self._case_of = operations, case_of
        self._pending: dict[str, tuple[str, str]] = {}
        self._sent: deque[dict[str, tuple[str, str]]] = deque()
        self.base: int | None = None
        self._halted: Overtaken | None = None
        self._hold = QTimer(self)
        self._hold.setSingleShot(True)
        self._hold.setInterval(HOLD_MS)
        self._hold.timeout.connect(self.due)

    @property
    def waiting(self) -> bool:
        """Whether something is held back and will be flushed by itself."""
        return self._hold.isActive()

    def keep(self, fact: str, text: str, origin: str = "") -> None:
        """Take an edit; it is due within :data:`HOLD_MS`. ``origin`` says where a text came from that nobody typed."""
        self._pending.pop(fact, None)  # the order of the last edits is the order of the journal
        self._pending[fact] = (text, origin)
        self.hold_on()

    def hold_on(self) -> None:
        """Let ``due`` be sent within :data:`HOLD_MS`; never put off by more typing."""
        if not self._hold.isActive():
            self._hold.start()

    def holds(self, fact: str) -> bool:
        """Whether an edit of this fact is not yet sent: then it is newer than what the register has."""
        return fact in self._pending

    def flush(self) -> None:
        """Send everything that waits to the register now."""
        self._hold.stop()
        if self._halted is not None:
            return
        pending, self._pending = self._pending, {}
        if not pending:
            return
        base = self.base

        def write(register: Register) -> None:
            case_id = self._case_of(register)
            register.saw(case_id, base)
            for fact in list(pending):
                text, origin = pending[fact]
                if origin:
                    register.set_answer(case_id, fact, text, origin=origin)
                else:
                    register.set_answer(case_id, fact, text)
                del pending[fact]

        self._sent.append(pending)  # answered in the order in which they are sent
        self._operations.run(write, self._written, self._not_written, writes=True, keep=True)

    def take_back(self) -> None:
        """Undo the last edit of the case, whichever field it was made in."""
        self._walk(lambda register, case_id: register.undo(case_id), self._undone)

    def do_again(self) -> None:
        """Do again what was undone last."""
        self._walk(lambda register, case_id: register.redo(case_id), self._redone)

    def _walk(
        self,
        step: Callable[[Register, int], tuple[str, str | None] | None],
        then: Callable[[tuple[str, str | None] | None], None],
    ) -> None:
        self.flush()
        base = self.base

        def walk(register: Register) -> tuple[str, str | None] | None:
            case_id = self._case_of(register)
            register.saw(case_id, base)
            return step(register, case_id)

        self._operations.run(walk, then, self._not_walked, writes=True)

    def _undone(self, edit: tuple[str, str | None] | None) -> None:
        self.undone.emit(edit, False)

    def _redone(self, edit: tuple[str, str | None] | None) -> None:
        self.undone.emit(edit, True)

    def _not_walked(self, error: Exception) -> None:
        if isinstance(error, Overtaken):
            self.halt(error)
        else:
            self.failed.emit(error)

    def _written(self, _nothing: None) -> None:
        self._sent.popleft()
        self.written.emit()

    def _not_written(self, error: Exception) -> None:
        """Keep what was refused, to be sent again with the next edit; say why."""
        self._pending = {**self._sent.popleft(), **self._pending}
        if isinstance(error, Overtaken):
            self.halt(error)
        else:
            self.refused.emit(error)

    def halt(self, error: Overtaken) -> None:
        """Send nothing more; once all that is under way was answered, say so."""
        self._halted = error
        if not self._sent:
            self.overtaken.emit(error)

    @property
    def held(self) -> dict[str, str]:
        """What was typed and is not yet sent, by fact."""
        return {fact: text for fact, (text, _) in self._pending.items()}

    def go_on(self, base: int, without: Collection[str] = ()) -> None:
        """Send what was held back, as made on the edit that the screen shows now; what is ``without`` was given up."""
        self.base, self._halted = base, None
        for fact in without:
            self._pending.pop(fact, None)
        self.flush()

    def forget(self) -> None:
        """Give up what waits: the case takes no more edits."""
        self._hold.stop()
        self._pending = {}
