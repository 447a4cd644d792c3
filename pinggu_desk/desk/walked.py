"""The visit that ``make run`` walks without a display: the one that the district names (走查)."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from PySide6.QtCore import Qt, QtMsgType, qInstallMessageHandler

from pinggu_desk.desk.application import make_application, make_services
from pinggu_desk.desk.rehearsal import Hands, Stuck, leave
from pinggu_desk.desk.shell import build_window
from pinggu_desk.policy.district import here

_AGO = re.compile("([0-9]{1,4})天前")


def answers(today: date) -> dict[str, str]:
    """What the visitor of the walk answers; ``21天前`` is the day three weeks before today. Empty where there is none."""
    walked = here().walk
    return {name: _typed(text, today) for name, text in walked.answers.items()} if walked else {}


def _typed(text: str, today: date) -> str:
    ago = _AGO.fullmatch(text)
    return f"{today - timedelta(days=int(ago[1])):%Y%m%d}" if ago else text


def _say(kind: QtMsgType, _context: object, words: str) -> None:
    """Pass on what Qt says, but for what the screenless platform says at every window."""
    if "propagateSizeHints" not in words:
        sys.stderr.write(f"{kind.name}: {words}\n")


def walk(folder: Path) -> Iterator[str]:
    """Walk the visit; lines that say what was done and where its papers are. Raises Stuck."""
    walked = here().walk
    if walked is None:
        raise Stuck("the pack in use names no visit to walk (走查)")
    qInstallMessageHandler(_say)
    make_application(["pinggu-desk"])
    shots = folder / "screens"
    shots.mkdir(exist_ok=True)
    services = make_services(folder / "practice", practice=True)
    window = build_window(services)
    window.show()
    hands = Hands(window, shots, walked.shown)
    hands.log_in()
    hands.shot("受理")
    page = hands.new_case(walked.applicant, walked.policy)
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
