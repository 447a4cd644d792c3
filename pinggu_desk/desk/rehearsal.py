"""A visit walked by hand, without hands: real key events into the real window (used by ``make run`` and the journeys).

Chinese is committed through the input-method event, as an input method would; nothing is pasted and no widget's value
is set. The one thing that is answered for the person is where to save, which is the system's own dialogue.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import cast

from PySide6.QtCore import QElapsedTimer, QEvent, Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QWidget

from pinggu_desk.assess.views import StepKey
from pinggu_desk.desk import practice
from pinggu_desk.desk.folding import FoldList
from pinggu_desk.desk.kit import Banner
from pinggu_desk.desk.login import LoginForm
from pinggu_desk.desk.shell import MainWindow
from pinggu_desk.desk.wizard.factform import FactForm
from pinggu_desk.desk.wizard.page import WizardPage
from pinggu_desk.policy.quantity import Dim

_PATIENCE, _LOOK_EVERY = 120_000, 5  # milliseconds
_TOLD = 20  # of the last keys, in the account of a failure


class Stuck(Exception):
    """What was waited for did not come."""


class Hands:
    """Presses keys in whatever has the focus, and looks at the window; ``shown`` are answers of which a picture is kept."""

    def __init__(self, window: MainWindow, shots: Path | None = None, shown: Collection[str] = ()) -> None:
        self.window, self.shots, self.shown = window, shots, shown
        self.taken: list[Path] = []
        self._pressed: deque[str] = deque(maxlen=_TOLD)
        self.keys = 0  # pressed or typed since the start; of what an input method commits, the characters

    def wait(self, seen: Callable[[], bool], what: str | Callable[[], str]) -> None:
        """Wait for something to be seen, handling events. Raises Stuck, which tells ``what`` did not come."""
        since = QElapsedTimer()
        since.start()
        while not seen():
            if since.hasExpired(_PATIENCE):
                raise Stuck(f"{what if isinstance(what, str) else what()}; {self.scene()}")
            QTest.qWait(_LOOK_EVERY)

    def scene(self) -> str:
        """What stands on the screen, for whoever reads of a failure: page, focus, dialogue, what is said, what is asked for."""
        frame, front = self.window.frame, QApplication.activeModalWidget() or QApplication.activePopupWidget()
        page = frame.current() if frame is not None else self.window.door.currentWidget()
        said = [label.text() for label in _labels(self.window) if isinstance(label.parent(), Banner)]
        foot = [label.text() for label in _labels(frame.foot)] if frame is not None else []
        return "; ".join(
            (
                f"page {_name(page)}{' behind the lock' if self.window.lock is not None else ''}",
                f"focus {_name(QApplication.focusWidget())}",
                f"active {_name(QApplication.activeWindow())}",
                f"before it {_name(front)} {[label.text() for label in _labels(front)]}"
                if front
                else "nothing before it",
                f"said {said}",
                f"foot {foot}",
                f"{self.window.services.operations.waiting} operations wait",
                f"last keys {' '.join(self._pressed)}",
            )
        )

    @property
    def focus(self) -> QWidget:
        """Where keys go."""
        self.wait(lambda: QApplication.focusWidget() is not None, "nothing has the focus")
        return QApplication.focusWidget()

    def press(self, key: Qt.Key, *modifiers: Qt.KeyboardModifier) -> None:
        """Press one key."""
        held = Qt.KeyboardModifier.NoModifier
        for modifier in modifiers:
            held |= modifier
        self.keys += 1
        where = self.focus
        self._pressed.append(f"{key.name.removeprefix('Key_')}>{type(where).__name__}")
        QTest.keyClick(where, key, held)

    def press_on(self, widget: QWidget, key: Qt.Key, *modifiers: Qt.KeyboardModifier) -> None:
        """Press one key once a widget, or something in it, has the keys: whoever presses looks first."""
        self.wait(lambda: _has_keys(widget), f"{_name(widget)} does not get the keys")
        self.press(key, *modifiers)

    def tab_to(self, wanted: Callable[[QWidget], bool], what: str) -> QWidget:
        """Tab by Tab to the first that is wanted: round again as long as it may still be coming. Raises Stuck."""

        def there() -> bool:
            if wanted(self.focus):
                return True
            self.press(Qt.Key.Key_Tab)
            return wanted(self.focus)

        self.wait(there, f"Tab does not come to {what}")
        return self.focus

    def type(self, text: str) -> None:
        """Type ASCII as keys; commit anything else as an input method does: first composed, then committed."""
        self.keys += len(text)
        if text.isascii():
            for character in text:  # each where the focus is by then: a key may have moved it
                QTest.keyClicks(self.focus, character)
            return
        QApplication.sendEvent(self.focus, QInputMethodEvent("pin", []))
        commit = QInputMethodEvent()
        commit.setCommitString(text)
        QApplication.sendEvent(self.focus, commit)

    def shot(self, name: str) -> None:
        """Keep a picture of the window (or of the dialogue before it)."""
        if self.shots is None:
            return
        QTest.qWait(0)
        path = self.shots / f"{len(self.taken) + 1:02d}-{name}.png"
        front = QApplication.activeModalWidget() or self.window
        front.grab().save(str(path))
        self.taken.append(path)

    # --- what a clerk does

    def log_in(self) -> None:
        """Log in to the practice register."""
        self.wait(lambda: isinstance(self.window.door.currentWidget(), LoginForm), "no login")
        self.shot("登录")
        self.type(practice.PASSWORD)
        self.press(Qt.Key.Key_Return)
        self.wait(lambda: self.window.frame is not None and self.window.frame.current() is not None, "no desk")

    def new_case(self, applicant: str, policy: str) -> WizardPage:
        """F2, the applicant by pinyin initials (or its name), the policy by pinyin initials; the wizard opens."""
        self.press(Qt.Key.Key_F2)
        frame = self.window.frame
        assert frame is not None
        page = frame.page("新办")
        self.wait(lambda: frame.current() is page and QApplication.focusWidget() is page.line, "no new case")  # type: ignore[attr-defined]
        self.type(applicant)
        self.wait(lambda: bool(page.results.hits()), f"{applicant} is not found")  # type: ignore[attr-defined]
        self.shot("查找申请人")
        self.press(Qt.Key.Key_Return)
        self.wait(lambda: page.policies.isVisible(), "no choice of policy")  # type: ignore[attr-defined]
        self.type(policy)
        self.wait(lambda: len(page.policies.shown()) == 1, f"{policy} is not one policy")  # type: ignore[attr-defined]
        self.shot("选政策")
        self.press(Qt.Key.Key_Return)
        return self.wizard()

    def wizard(self) -> WizardPage:
        """The wizard, once it stands where it was left."""
        frame = self.window.frame
        assert frame is not None
        self.wait(lambda: isinstance(frame.current(), WizardPage), "no wizard")
        page = cast(WizardPage, frame.current())
        self.wait(lambda: bool(page.steps), "the case is not read")
        return page

    def step(self, page: WizardPage, key: StepKey) -> None:
        """Alt and an arrow until a step is open."""
        order = [str(known) for known in page.steps]
        while (here := page.session.position[0]) != key:
            arrow = Qt.Key.Key_Right if order.index(here) < order.index(key) else Qt.Key.Key_Left
            self.press(arrow, Qt.KeyboardModifier.AltModifier)
            self.wait(_other(page, here), f"Alt and an arrow do not leave {here}")

    def answer(self, page: WizardPage, facts: Mapping[str, str], until: str = "") -> str:
        """Answer field after field as the form asks, Enter by Enter, to the end of the questions (or up to ``until``).

        The name of the field at which it stopped. What only the other kind of applicant is asked is asked for first, where it is told.
        """
        pack = page.services.pack
        if any(name in page.session.interview.others for name in facts):
            self.ask_others(page)
        for _ in range(200):
            step, name = page.session.position
            if step not in ("eligibility", "data") or not name:
                return name
            if isinstance(self.focus, FoldList):
                self.confirm(self.focus, facts)
                self.wait(_other(page, step, name), f"Enter does not confirm {name}")
                continue
            self.fill(facts.get(name, ""), pack.facts[name].dim, [option.name for option in pack.facts[name].options])
            if name == until:
                return name
            self.shot(name) if name in self.shown else None
            self.press(Qt.Key.Key_Return)
            self.wait(_other(page, step, name), f"Enter does not leave {name}")
        raise Stuck("the questions do not end")

    def ask_others(self, page: WizardPage) -> None:
        """Tab to the line under the form, which asks for another kind of applicant's; then back to the first that is lacking."""
        interview, here = page.session.interview, page.session.position[0]
        form = page.steps[cast(StepKey, here)]
        assert isinstance(form, FactForm)
        self.tab_to(lambda focus: focus is form.others.button, "what is asked of the other kind")
        self.press(Qt.Key.Key_Space)
        self.wait(lambda: not interview.others, "they are not asked for")
        order = [str(known) for known in page.steps]
        self.step(page, cast(StepKey, order[order.index(here) - 1]))
        self.step(page, cast(StepKey, here))

    def confirm(self, asked: FoldList, facts: Mapping[str, str]) -> None:
        """Answer several conditions put as one question: turn those that are otherwise, or not known, and confirm."""
        for number, (name, plain) in enumerate(asked.texts().items(), start=1):
            turns = {plain: 0, "否" if plain == "是" else "是": 1, "": 2}[facts.get(name, "")]
            self.type(str(number) * turns)
        self.press(Qt.Key.Key_Return)

    def fill(self, text: str, dim: Dim, options: list[str]) -> None:
        """Answer the field that has the focus as a clerk does: number keys for choices, the text for the rest."""
        if not text:
            return
        if dim is Dim.TRUTH:
            self.type("1" if text == "是" else "2")
        elif dim is Dim.OPTION and len(options) < 10:
            self.type(str(options.index(text) + 1))
        elif dim is Dim.OPTION:
            self.type(text)  # a long list is searched
        else:
            if isinstance(self.focus, QLineEdit) and self.focus.text():
                self.press(Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
            self.type(text)

    def tick_materials(self, page: WizardPage, received: int) -> None:
        """Mark the first materials as received, by their number key."""
        self.step(page, "materials")
        for index in range(received):
            self.type("1")
            if index + 1 < received:
                self.press(Qt.Key.Key_Return)
        self.shot("材料清单")

    def issue(self, page: WizardPage, key: Qt.Key, folder: Path, name: str) -> Path:
        """F9 or F8: the paper is previewed (the sheet only saved), saved to ``folder``, and its path given."""
        out: list[str] = []
        told: list[str] = []
        output = page.output
        output.hand.told.connect(told_to := lambda words, _good: told.append(words))
        output.hand.ask_path = lambda _parent, suggested: folder / suggested.name
        output.hand.handed_out.connect(out.append)
        self.press(key)
        if key != Qt.Key.Key_F8:
            self.wait(lambda: in_front(output.hand.preview), f"no preview of {name}")
            self.shot(f"预览{name}")
            self.press(Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
        self.wait(lambda: bool(out), lambda: f"{name} is not saved: {told}")
        if output.hand.preview is not None:
            self.press(Qt.Key.Key_Escape)
            self.wait(lambda: output.hand.preview is None, "the preview does not close")
        output.hand.handed_out.disconnect(out.append)
        output.hand.told.disconnect(told_to)
        return Path(out[0])


def _name(widget: QWidget | None) -> str:
    """A widget as a reader of a failure knows it."""
    if widget is None:
        return "nothing"
    return (
        f"{type(widget).__name__} “{widget.accessibleName() or widget.windowTitle() or getattr(widget, 'title', '')}”"
    )


def _has_keys(widget: QWidget) -> bool:
    focus = QApplication.focusWidget()
    return focus is not None and (focus is widget or widget.isAncestorOf(focus))


def _labels(widget: QWidget) -> list[QLabel]:
    """The labels of a widget that are seen and say something."""
    every = cast("list[QLabel]", widget.findChildren(QLabel))
    return [label for label in every if label.isVisible() and label.text()]


def _other(page: WizardPage, *here: str) -> Callable[[], bool]:
    """Whether the clerk stands somewhere else than ``here`` (a step, or a step and a field) by now."""
    return lambda: page.session.position[: len(here)] != here


def in_front(window: QWidget | None) -> bool:
    """Whether a dialogue is there and the keys go to it: it is seen a moment before it has the focus."""
    return window is not None and window.isVisible() and _has_keys(window)


def leave(window: MainWindow) -> None:
    """Close the window and let Qt clear up."""
    window.close()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
