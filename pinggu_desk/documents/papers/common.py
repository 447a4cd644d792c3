"""What the letter and the notice share: how a party is addressed, how clauses and days are named, who signs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pinggu_desk.assess.judged import judged_words
from pinggu_desk.documents.pdf import qr
from pinggu_desk.documents.pdf.page import FINE, HEIGHT, MM, SMALL, WIDTH, Frame
from pinggu_desk.documents.pdf.pdfdoc import About
from pinggu_desk.documents.pdf.table import Cell, Para, Table, cell, label
from pinggu_desk.documents.pdf.typeset import Measure, Span, set_lines
from pinggu_desk.policy import say
from pinggu_desk.policy.district import here

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from pinggu_desk.assess.determination import Determination
    from pinggu_desk.assess.notes import DeadlineNote, MaterialNote, TraceLine
    from pinggu_desk.documents.pdf.fonts import FontBook
    from pinggu_desk.documents.pdf.page import Flow
    from pinggu_desk.documents.pdf.typeset import Line
    from pinggu_desk.documents.visit import Contact, Party, Visit

NUMERALS = "一二三四五六七八九十"
#: 40 mm seals are pressed into this square, which no text enters (盖章处)
SEAL = 45 * MM
_CAPTION = FINE * 1.5
_CODE_WORDS = "验真码：扫码核对真伪，不含个人信息"
CODE_ALT = "验真码二维码"
#: a name of more lines than this is set above the signature instead of in it
_MOST_LINES = 5


def texts_of(visit: Visit) -> list[str]:
    """Every text of the visit that a person typed, for ``missing_glyphs`` before printing."""
    party = visit.applicant
    typed = [party.name, party.code, party.contact, party.phone, party.address, visit.clerk, visit.window, visit.office]
    return [*typed, *(word for fact in visit.stated for word in (fact.name, fact.value))]


def at_window(visit: Visit) -> str:
    """At which window, within a sentence; windows are mostly kept as bare numbers."""
    if not visit.window:
        return "本窗口"
    return f"{visit.window}号窗口" if visit.window.isdigit() else visit.window


def numeral(number: int) -> str:
    """1 to 99 as 一 … 九十九, for headings."""
    tens, ones = divmod(number, 10)
    head = ("" if tens == 1 else NUMERALS[tens - 1]) + "十" if tens else ""
    return head + (NUMERALS[ones - 1] if ones else "")


def day_words(day: date) -> str:
    """``2026年3月2日``, without leading zeros."""
    return f"{day.year}年{day.month}月{day.day}日"


def is_person(party: Party) -> bool:
    """Whether the applicant is a natural person."""
    return party.person


def you(party: Party) -> str:
    """How the paper speaks to the applicant."""
    return "您" if is_person(party) else "你单位"


def code_words(party: Party) -> str:
    """The applicant's code; an identity number shows its ends only."""
    return party.code_shown


def policy_name(visit: Visit) -> str:
    """The policy's title in 《》."""
    title = visit.policy_title
    return title if title.startswith("《") else f"《{title}》"


def title_of(visit: Visit, d: Determination) -> str:
    """A benefit's title, on a paper over several policies with its policy's."""
    return d.title if len(visit.each) == 1 else f"{d.title}（《{d.policy_title.strip('《》')}》）"


def place(visit: Visit, clause: str) -> str:
    """Where a reader finds ``clause``: 二、（二）（1）."""
    return visit.clause_words.get(clause, "")


def places(visit: Visit, clauses: Iterable[str]) -> str:
    """Where a reader finds all that a line rests on, each place once."""
    return "；".join(filter(None, dict.fromkeys(place(visit, clause) for clause in clauses)))


def quote(visit: Visit, clause: str) -> str:
    """The clause's own words, as a page shows them."""
    return formula(visit.quotes.get(clause, ""))


def formula(words: str) -> str:
    """The formula marks of a scanned table as the signs that they stand for (A ≥ 500)."""
    if "$" in words:
        words = words.replace("$", "").replace(r"\leq", "≤").replace(r"\geq", "≥")
    return say.text_words(words)


def serial_words(visit: Visit) -> str:
    """The line with the serial number; papers made without the register say so."""
    if not visit.serial:
        return "编号：未登记"
    instead = f"，取代 {visit.replaces}" if visit.replaces else ""
    return f"编号：{visit.serial}（本机编号，非发文字号）{instead}"


def day_line(visit: Visit) -> str:
    """The day of the paper; that of judgement, where it is another, is told in a sentence of its own."""
    same = "（判断日同）" if visit.on == visit.printed_at.date() else ""
    return f"{day_words(visit.printed_at.date())}{same}"


def serial_line(flow: Flow, visit: Visit, gap: float) -> None:
    """The serial number under a paper's title, and that the judgement is of another day than that of printing."""
    flow.centred(serial_words(visit), "body", FINE, gap)
    if said := judged_words(visit.on, visit.printed_at.date()):
        flow.paragraph([Span(said, "hei")])


def source_words(visit: Visit) -> str:
    """``依据2024年2月《…》``, without a full stop."""
    source = visit.source.strip().rstrip("。；")
    return source if source.startswith("依据") else f"依据{source}"


def about(visit: Visit, title: str) -> About:
    """The document's properties."""
    marks = "（演练）" if visit.practice else ""
    return About(f"{here().title(title)}{marks}", visit.office or here().program, visit.policy_title, visit.printed_at)


def frame(visit: Visit, corner: str = "") -> Frame:
    """The foot of every page."""
    serial = f"编号 {visit.serial}" if visit.serial else "未登记"
    anchor = f"　登记库校验 {visit.anchor}" if visit.anchor else ""
    notes = ("本件不是公文，也不是批准决定，以主管部门审核为准。", f"{serial}　政策包 {visit.edition}{anchor}")
    return Frame(notes, visit.practice, corner)


def short_of(d: Determination, most: int | None = None) -> list[str]:
    """What is lacking, one phrase a kind, as it is said everywhere; of many questions ``most`` are named."""
    return d.lacking(most)


def deadline_words(note: DeadlineNote) -> str:
    """How long and until when, what crossing it means, and what is not settled about the day."""
    return "，".join([note.text, *([_until(note)] if note.day is not None else []), *_of_day(note)]) + "。"


def deadline_parts(note: DeadlineNote) -> tuple[str, str, str]:
    """The same for who looks for the day: the day itself, what is to be said of it, how it is counted."""
    if note.day is None:
        return note.text, "，".join(_of_day(note)), ""
    return _until(note), "，".join(_of_day(note)), f"{note.text}。"


#: what is said of time where all is ruled out by something else than its time
NO_MATTER = "没有符合条件的事项，不涉及申请时限。"


def no_deadline(visit: Visit) -> str:
    """What is said of time where no limit is told: none that concerns anything, or none in the text."""
    if any(d.deadline for d in visit.determinations) and all(d.status == "ineligible" for d in visit.determinations):
        return NO_MATTER
    return "政策文本没有规定具体截止日期，按主管部门当年申报通知办理。"


def _until(note: DeadlineNote) -> str:
    assert note.day is not None
    return f"{'暂计至' if note.provisional else '截止'}{day_words(note.day)}"


def _of_day(note: DeadlineNote) -> list[str]:
    """What is to be said of the last day: why it may move, whether it is past, what crossing it means."""
    words = []
    if note.provisional:
        words.append(note.why_provisional)
    if note.passed:
        words.append("该期限已过")
    elif note.days_left is not None:
        words.append(f"还有{note.days_left}个工作日")
    if note.today:
        words.append(note.today)
    if note.consequence:
        words.append(("" if "逾期" in note.consequence else "逾期") + note.consequence.strip("，。；"))
    return words


def bare(line: TraceLine) -> str:
    """A line of the working without its verdict at the end, where the verdict stands in a column of its own."""
    return say.bare(line.text)


def material_form(material: MaterialNote) -> str:
    """原件 / 复印件，加盖公章."""
    return "，".join(filter(None, (material.form, "加盖公章" if material.sealed else "")))


def contact_table(contacts: Sequence[Contact]) -> Table:
    """The policy's telephones and offices, with a doubt where the printed number looks wrong."""
    rows = [[cell(c.role), cell(c.text, *([Para((Span(c.doubt),), FINE)] if c.doubt else []))] for c in contacts]
    return Table((44, 112), ("咨询", "方式"), rows)


def contact_words(contacts: Sequence[Contact]) -> str:
    """The same as a sentence, where a table would cost a page; of doubts only those about a number to call."""
    called = re.compile("[0-9]{5}")
    told = (f"{c.role} {c.text}" + (f"（{c.doubt}）" if c.doubt and called.search(c.text) else "") for c in contacts)
    return "；".join(told) + "。"


def step_table(steps: Sequence[str], size: float = SMALL) -> Table:
    """The policy's steps in order."""
    rows = [
        [cell(str(number), centred=True, size=size), cell(re.sub(r"^\s*[0-9]+[.．、]\s*", "", step), size=size)]
        for number, step in enumerate(steps, start=1)
    ]
    return Table((12, 144), ("步骤", "内容"), rows, size, close=size < SMALL)


def pair_table(
    head: list[tuple[str, str]], pairs: list[tuple[str, str]], book: FontBook, size: float = SMALL
) -> Table:  # fmt: skip
    """Names and values as on a form: ``head`` a row each, then two ``pairs`` a row where both are short."""
    widths = (38.0, 40.0, 38.0, 40.0) if size < SMALL else (33.0, 45.0, 33.0, 45.0)
    rows = [_pair_row(pair, None, size) for pair in head]
    waiting: tuple[str, str] | None = None
    for name, value in pairs:
        narrow = Measure((widths[1] - 3.2) * MM, size)
        short = len(name) <= 16 and len(set_lines(book, [Span(value)], narrow)) <= 2
        if short and waiting:
            rows.append(_pair_row(waiting, (name, value), size))
            waiting = None
        elif short:
            waiting = (name, value)
        else:
            rows += [_pair_row(pair, None, size) for pair in (waiting, (name, value)) if pair]
            waiting = None
    if waiting:
        rows.append(_pair_row(waiting, None, size))
    return Table(widths, (), rows, size, close=size < SMALL)


def _pair_row(one: tuple[str, str], other: tuple[str, str] | None, size: float) -> list[Cell]:
    named = min(size, FINE)
    if other is None:
        return [label(one[0], size=named), cell(one[1], across=3, size=size)]
    return [part for name, value in (one, other) for part in (label(name, size=named), cell(value, size=size))]


class Signature:
    """The close of a paper: who answers for it on the left, the place for the seal on the right, the day under it.

    The date ends four characters from the right edge, the seal's square is centred above it, and no text enters it.
    ``notes`` stand small below the names, and under them the code (验真码) of a signed paper.
    """

    def __init__(self, flow: Flow, visit: Visit, notes: Sequence[str] = (), code: str = "") -> None:
        self.flow = flow
        self._code = code
        size = flow.size
        (self._day,) = set_lines(flow.book, [Span(day_words(visit.printed_at.date()))], Measure(WIDTH, size))
        self._right = WIDTH - 4 * size
        self._seal = min(self._right - self._day.width / 2 - SEAL / 2, WIDTH - SEAL)
        fields = [("单位：", visit.office), ("经办人：", visit.clerk), ("窗口：", visit.window)]
        fields = [(name, value) for name, value in fields if value or name == "经办人："]
        width = self._seal - 6 * MM
        self.before: list[list[Span]] = []  # fields too long to stand beside the seal
        self._left: list[tuple[list[Line], float]] = []  # paragraphs, each with its leading
        for name, value in fields:
            spans = [Span(name), Span(value)]
            lines = set_lines(flow.book, spans, Measure(width, size, rest=len(name) * size))
            if len(lines) > _MOST_LINES:
                self.before.append(spans)
            else:
                self._left.append((lines, flow.pitch))
        self._left += [(set_lines(flow.book, [Span(note)], Measure(width, FINE)), FINE * 1.4) for note in notes]

    @property
    def height(self) -> float:
        """What it takes, the half line above it included."""
        beside = sum(len(lines) * height for lines, height in self._left) + (
            qr.side(self._code) + _CAPTION if self._code else 0
        )
        return self.flow.pitch / 2 + max(SEAL + _CAPTION + self.flow.pitch, beside)

    def draw(self) -> None:
        """Place it here; the caller has seen to it that there is room."""
        flow = self.flow
        end = flow.y + self.height
        flow.space(flow.pitch / 2)
        top = y = flow.y
        seal_corners(flow, self._seal, top)
        for lines, height in self._left:
            part = flow.part("P")
            for line in lines:
                flow.put(line, height, 0.0, y, part)
                y += height
        if self._code:
            qr.draw(flow, self._code, 0.0, y, CODE_ALT)
            (caption,) = set_lines(flow.book, [Span(_CODE_WORDS)], Measure(WIDTH, FINE))
            flow.put(caption, _CAPTION, 0.0, y + qr.side(self._code), flow.part("P"))
        (caption,) = set_lines(flow.book, [Span("（盖章处）")], Measure(SEAL, FINE))
        flow.put(caption, _CAPTION, self._seal + (SEAL - caption.width) / 2, top + SEAL, flow.part("P"))
        flow.put(self._day, flow.pitch, self._right - self._day.width, top + SEAL + _CAPTION, flow.part("P"))
        flow.y = min(end, HEIGHT)


def close(flow: Flow, visit: Visit, statement: str = "", notes: Sequence[str] = (), code: str = "") -> None:
    """The closing statement and the signature; the statement's last two lines stay on the signature's page."""
    flow.snap()
    block = Signature(flow, visit, notes, code)
    for spans in block.before:
        flow.paragraph(spans, first=0)
    lines = flow.set(statement) if statement else []
    part = flow.part("P")
    flow.lines(lines[:-2], part)
    flow.need(len(lines[-2:]) * flow.pitch + block.height)
    flow.lines(lines[-2:], part)
    block.draw()


def seal_corners(flow: Flow, left: float, top: float) -> None:
    """Four small angles that mark the seal's square without boxing it in."""
    arm = 4 * MM
    for x, inward in ((left, arm), (left + SEAL, -arm)):
        flow.stroke(x, top, x + inward, top, 0.35)
        flow.stroke(x, top + SEAL, x + inward, top + SEAL, 0.35)
        flow.stroke(x, top, x, top + arm, 0.35)
        flow.stroke(x, top + SEAL, x, top + SEAL - arm, 0.35)
