"""A key at 匹配, all policies live: until its answer is painted, from there the working, from there the next question; beside bare labels.

Sixty questions in the real window, with everything gone into and after 来访先问. The answer is the key's own mark, the list in sight,
the counters and the certain sum; the working is the bundle and the benefit at the right; what a key does beside these is in the whole.
Before each question the desk does what it does in a pause of two seconds (`desk.sweeping`), as it would while the clerk reads it out.
Time of this thread's own work (the processor's). Beside it an empty window of bare PySide6 with as many labels in sight, of which as
many change with every key.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from bench.harness import Row, percentile

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from bench.bench_window import Desk
    from pinggu_desk.desk.match.page import MatchPage

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

_BUDGET = 0.016
_QUESTIONS = 60
_KNOWN = {
    "上一年度本区纳税总额": "30万元", "研发项目投资额": "900万元", "高新技术企业证书": "是", "本区工商注册": "是",
    "独立法人资格": "是", "依法经营纳税": "是",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Key:
    """One key: what was asked, what was pressed, whether it asked on.

    Seconds until the answer is painted, from there until the working is, from there until all is (where it asked on, the next question).
    """

    fact: str
    pressed: str
    asked_on: bool
    answer: float
    working: float
    rest: float

    @property
    def whole(self) -> float:
        """Until everything is painted."""
        return self.answer + self.working + self.rest

    @property
    def name(self) -> str:
        """What it was, for whoever looks for the slowest."""
        return f"“{self.pressed}” at {self.fact}"


def rows() -> Iterator[Row]:
    """Both ways of asking, then the floor."""
    from bench.bench_window import Desk

    with tempfile.TemporaryDirectory() as name:
        desk = Desk(Path(name) / "enquiry")
        page = _page(desk)
        changed: list[int] = []
        for what, mentioned in (("", None), (", after 来访先问", sorted(desk.services.pack.matters.by_id)[:8])):
            page.session.mention(None if mentioned is None else frozenset(mentioned))
            page.triage.done.emit()
            for fact, text in _KNOWN.items():
                page.session.set(fact, text)
            keys = list(_keys(page, desk.app, changed))
            yield from _told(f"key to answer painted, all policies live{what}", keys, lambda key: key.answer)
            yield from _told(f"from there to the working painted{what}", keys, lambda key: key.working)
            went_on = [key for key in keys if key.asked_on]
            yield from _told(f"and from there to the next question painted{what}", went_on, lambda key: key.rest)
            yield from _told(f"the whole key, everything painted{what}", keys, lambda key: key.whole, budget=None)
        seen = len(_words(page))
        page.session.journal.forget()
        desk.close()
    yield from _floor(desk.app, seen, round(median(changed)), max(changed))


def _page(desk: Desk) -> MatchPage:
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest

    from pinggu_desk.desk.match.page import MatchPage

    QTest.keyClick(desk.app.focusWidget(), Qt.Key.Key_2, Qt.KeyboardModifier.AltModifier)
    desk.settle()
    page: object = desk.window.findChild(MatchPage)
    assert isinstance(page, MatchPage)
    return page


def _told(
    name: str, keys: Sequence[Key], of: Callable[[Key], float], *, budget: float | None = 1.0
) -> Iterator[Row]:  # fmt: skip
    times = sorted(map(of, keys))
    slowest = max(keys, key=of)
    note = f"{name}: {len(keys)} keys, the slowest {of(slowest) * 1000:.1f} ms ({slowest.name})."
    yield Row(f"{name}, 99th percentile", percentile(times, 0.99), _BUDGET, "the budget", budget, note=note)
    yield Row(f"{name}, 95th percentile", percentile(times, 0.95), _BUDGET, "the budget", None)
    yield Row(f"{name}, median", median(times), _BUDGET, "the budget", None)


def _keys(page: MatchPage, app: QApplication, changed: list[int]) -> Iterator[Key]:
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QApplication

    from pinggu_desk.desk.sweeping import Sweeper

    sweeper: object = page.window().findChild(Sweeper)
    assert isinstance(sweeper, Sweeper)
    painted: list[float] = []
    for signal in (page.answer_painted, page.working_painted):
        signal.connect(lambda: painted.append(time.thread_time()))
    for fact in list(page.session.enquiry.match.needed)[:_QUESTIONS]:
        page.asking.ask(fact)
        app.processEvents()
        sweeper.use_pause()
        field = page.asking.field
        for pressed in "12" if field is not None and len(field.inputs()) > 1 else "1234":
            before = _words(page)
            painted.clear()
            focus = QApplication.focusWidget() or page
            start = time.thread_time()
            QTest.keyClicks(focus, pressed)
            app.processEvents()
            end = time.thread_time()
            first, second = painted[:2] if painted else (end, end)
            changed.append(sum(text != before.get(at) for at, text in _words(page).items()))
            yield Key(fact, pressed, page.asking.name != fact, first - start, second - first, end - second)


def _words(page: MatchPage) -> dict[int, str]:
    """What stands in every label and button in sight."""
    from PySide6.QtWidgets import QAbstractButton, QLabel

    told: list[QLabel | QAbstractButton] = [*page.findChildren(QLabel), *page.findChildren(QAbstractButton)]
    return {id(one): one.text() for one in told if one.isVisible()}


def _floor(app: QApplication, seen: int, some: int, most: int) -> Iterator[Row]:
    """Two columns of labels that wrap, in a window of the same size and in no style of ours."""
    from PySide6.QtWidgets import QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

    sheet = app.styleSheet()
    app.setStyleSheet("")
    window = QWidget()
    window.resize(1366, 768)
    across = QHBoxLayout(window)
    labels: list[QLabel] = []
    for _ in range(2):
        area, inside = QScrollArea(), QWidget()
        column = QVBoxLayout(inside)
        for at in range(seen // 2):
            label = QLabel(f"第 {at} 项还需要补充信息，以主管部门审核为准")
            label.setWordWrap(True)
            column.addWidget(label)
            labels.append(label)
        area.setWidgetResizable(True)
        area.setWidget(inside)
        across.addWidget(area)
    window.show()
    app.processEvents()
    for name, count in (("as many as most often", some), ("as many as at most", most)):
        times = [_spent(partial(_change, labels, turn, count), app) for turn in range(200)]
        said = f"beside it: {seen} labels of bare PySide6, {name} ({count}) changed and painted"
        yield Row(f"{said}, 99th percentile", percentile(times, 0.99), _BUDGET, "the budget", None)
        yield Row(f"{said}, median", median(times), _BUDGET, "the budget", None)
    window.close()
    app.setStyleSheet(sheet)


def _change(labels: Sequence[object], turn: int, count: int) -> None:
    from PySide6.QtWidgets import QLabel

    for at in range(count):
        label = labels[at * len(labels) // max(count, 1) % len(labels)]
        assert isinstance(label, QLabel)
        label.setText(f"第 {turn} 次：{'还需要补充信息，' * (1 + (turn + at) % 4)}以主管部门审核为准")


def _spent(work: Callable[[], object], app: QApplication) -> float:
    start = time.thread_time()
    work()
    app.processEvents()
    return time.thread_time() - start
