"""The visit that ``make run`` walks without a display: a sample company that went from the NEEQ to the BSE."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from PySide6.QtCore import Qt, QtMsgType, qInstallMessageHandler

from pinggu_desk.desk.application import make_application, make_services
from pinggu_desk.desk.rehearsal import Hands, leave
from pinggu_desk.desk.shell import build_window

APPLICANT, POLICY = "slgdnykj", "qyssbf"  # 示例谷地农业科技, …企业上市办法


def answers(today: date) -> dict[str, str]:
    """What the visitor answers; the listing was three weeks ago."""
    listed = today - timedelta(days=21)
    return {
        "本区工商注册": "是", "独立法人资格": "是", "纳入平谷区统计": "是", "上市企业来源": "本区企业", "拟上市挂牌": "否",
        "上市挂牌板块": "北交所", "上市挂牌方式": "新三板挂牌企业转板上市", "上市挂牌日": f"{listed:%Y%m%d}",
        "已领上市挂牌奖励": "100",
    }  # fmt: skip


def _say(kind: QtMsgType, _context: object, words: str) -> None:
    """Pass on what Qt says, but for what the screenless platform says at every window."""
    if "propagateSizeHints" not in words:
        sys.stderr.write(f"{kind.name}: {words}\n")


def walk(folder: Path) -> Iterator[str]:
    """Walk the visit; lines that say what was done and where its papers are. Raises Stuck."""
    qInstallMessageHandler(_say)
    make_application(["pinggu-desk"])
    shots = folder / "screens"
    shots.mkdir(exist_ok=True)
    services = make_services(folder / "practice", practice=True)
    window = build_window(services)
    window.show()
    hands = Hands(window, shots)
    hands.log_in()
    hands.shot("受理")
    page = hands.new_case(APPLICANT, POLICY)
    hands.shot("申报事项")
    hands.step(page, "eligibility")
    hands.answer(page, answers(services.today()))
    hands.step(page, "result")
    hands.shot("测算结果")
    hands.tick_materials(page, 3)
    hands.step(page, "output")
    hands.shot("出具文书")
    letter = hands.issue(page, Qt.Key.Key_F9, folder, "告知书")
    sheet = hands.issue(page, Qt.Key.Key_F8, folder, "申请表")
    for determination in page.session.interview.determinations:
        yield f"{determination.status_words}  {determination.title}  {determination.headline}"
    number = page.session.case.number
    leave(window)
    yield f"办件 {number}（演练）"
    yield f"告知书 letter: {letter}"
    yield f"申请表 sheet: {sheet}"
    yield f"画面 screenshots: {shots} ({len(hands.taken)})"
