"""FOUND 35, 45: everything that can be pressed is reached by Tab or an arrow, and where the keys go is always seen."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QApplication, QHeaderView, QLineEdit, QWidget

from pinggu_desk.desk.kit.rows import RowList
from tests.desk.conftest import Desk, within
from tests.desk.test_every_page import LONG, visit
from tests.desk.test_pages import new_case, register_of

HAND = Qt.CursorShape.PointingHandCursor


def pressable(root: QWidget) -> list[QWidget]:
    """What a mouse could press or type into: buttons, lists, lines, and what shows a hand. Lists driven from a line are its."""
    found: list[QWidget] = [
        *within(root, QAbstractButton),
        *within(root, QLineEdit),
        *(
            view
            for view in within(root, QAbstractItemView)
            if not isinstance(view, (RowList, QHeaderView)) or view.focusPolicy()
        ),
        *(
            one
            for one in within(root, QWidget)
            if one.testAttribute(Qt.WidgetAttribute.WA_SetCursor) and one.cursor().shape() is HAND
        ),
    ]
    return [one for one in dict.fromkeys(found) if one.isVisible() and one.isEnabled() and _own(one)]


def _own(widget: QWidget) -> bool:
    """Not a part that Qt makes for itself (the corner of a table, the button of a scroll bar)."""
    return type(widget).__module__.startswith("pinggu_desk") or isinstance(widget, (QLineEdit, QAbstractItemView))


def _of_group(one: QWidget, reached: set[QWidget]) -> bool:
    """Whether arrows lead to it from another of its group that Tab comes to."""
    if not isinstance(one, QAbstractButton) or not one.autoExclusive():
        return False
    return any(type(other) is type(one) and other.parent() is one.parent() for other in reached)


def tabbed(root: QWidget) -> set[QWidget]:
    """Everything that Tab comes to, once around."""
    start = at = root
    found: set[QWidget] = set()
    while True:
        at = at.nextInFocusChain()
        if at is start or at in found:
            return found
        if at.focusPolicy() & Qt.FocusPolicy.TabFocus.value and at.isVisible() and at.isEnabled():
            found.add(at)


def unseen(widget: QWidget) -> bool:
    """Whether nothing changes in the picture when the widget has the focus."""
    QApplication.focusWidget().clearFocus() if QApplication.focusWidget() else None
    QApplication.processEvents()
    before = widget.grab().toImage()
    widget.setFocus(Qt.FocusReason.TabFocusReason)
    QApplication.processEvents()
    return widget.isVisible() and before == widget.grab().toImage()


def test_nothing_is_reached_by_the_mouse_alone_and_the_focus_is_seen(desk: Desk) -> None:
    register_of(desk).add_applicant("企业", LONG, sample=True)
    new_case(desk)
    new_case(desk, "jcmc")
    desk.alt(1)
    wrong: dict[str, list[str]] = {}
    for name in visit(desk):
        desk.settle()
        if found := mouse_alone(desk):
            wrong[name] = found
    assert not wrong, "\n".join(f"{name}: {found}" for name, found in wrong.items())


def mouse_alone(desk: Desk) -> list[str]:
    """What on the page only a mouse can press, and where the focus can't be seen; the focus is put back after."""
    last = QApplication.focusWidget()
    wanted, reached = pressable(desk.frame), tabbed(desk.window)
    found = [f"mouse only: {describe(one)}" for one in wanted if one not in reached and not _of_group(one, reached)]
    found += [f"focus unseen: {describe(one)}" for one in wanted if one in reached and unseen(one)]
    if last is not None and last.isVisible():
        last.setFocus()
    desk.settle()
    return found


def describe(one: QWidget) -> str:
    return f"{type(one).__name__} {one.accessibleName() or getattr(one, 'text', lambda: '')()}"
