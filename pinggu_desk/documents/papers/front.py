"""The first page (正页) of a paper that answers: what can be had, by when, what to bring, whom to call; read in ten seconds.

One plan for one policy, several, or all: result, date and telephone always stand on its first page; what doesn't fit goes on a
second by the same plan. Text is set larger or closer, whichever fills one page; never below 四号.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pinggu_desk.assess.judged import judged_words
from pinggu_desk.documents.papers import common as papers
from pinggu_desk.documents.papers.frontfoot import Foot
from pinggu_desk.documents.papers.frontrows import Item, Look, Rows, Told, pairs
from pinggu_desk.documents.papers.frontwords import Contents, more_words
from pinggu_desk.documents.pdf.page import BODY, FINE, FOOT, FRONT, TITLE, Flow
from pinggu_desk.documents.pdf.typeset import Measure, Span, set_lines

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pinggu_desk.documents.pdf.fonts import FontBook
    from pinggu_desk.documents.pdf.typeset import Line
    from pinggu_desk.documents.visit import Visit

WAITING = "还等补充或者认定的"
#: from the most comfortable to the closest; the first that takes one page is set
LOOKS = (
    Look(BODY, 1.55, False, 6, 3), Look(FOOT, 1.55, False, 6, 3), Look(FOOT, 1.42, False, 5, 3),
    Look(FOOT, 1.34, False, 4, 2), Look(FOOT, 1.34, True, 4, 2), Look(FOOT, 1.3, True, 3, 1, close=True),
    Look(FOOT, 1.26, True, 2, 1, close=True), Look(FOOT, 1.23, True, 2, 0, close=True),
    Look(FOOT, 1.23, True, 1, 0, close=True), Look(FOOT, 1.23, True, 0, 0, close=True),
)  # fmt: skip
#: the same where one page can't be enough
SECOND = (
    Look(FOOT, 1.45, False, 12, 4), Look(FOOT, 1.34, True, 12, 4), Look(FOOT, 1.26, True, 6, 2, close=True),
    Look(FOOT, 1.23, True, 2, 1, close=True),
)  # fmt: skip
#: a name of more lines than this is set small, so that the answer stays on its page
_NAME_LINES = 3
_FINE = FINE * 1.35  # what a small line takes


@dataclass(frozen=True, slots=True)
class Front:
    """What a first page is made of: the paper's title, the visit, its contents in words, the code of its proof, its foot's notes."""

    title: str
    visit: Visit
    contents: Contents
    code: str
    notes: tuple[str, ...]

    def page(self, book: FontBook) -> Flow | None:
        """One page before its foot; None where it doesn't fit in any look."""
        made = (self._composed(book, look, whole=True) for look in LOOKS)
        return next((one.flow for one in made if one is not None), None)

    def flow(self, book: FontBook) -> Flow:
        """The page, or two, before its feet."""
        if (page := self.page(book)) is not None:
            return page
        best: _Composer | None = None
        for look in SECOND:
            one = self._composed(book, look, whole=False)
            assert one is not None
            if best is None or one.worth < best.worth:
                best = one
            if best.worth <= (2, 0, False):
                break
        assert best is not None
        return best.flow

    def _composed(self, book: FontBook, look: Look, *, whole: bool) -> _Composer | None:
        """Everything in one look; None where it is to be ``whole`` and takes more than a page."""
        flow = Flow(book, look.size * look.lead, look.size, grid=False, section=FRONT)
        page = _Composer(self, flow, look)
        page.head()
        page.have(0.0 if whole else page.when_height())
        if whole and len(flow.pages) > 1:
            return None
        page.rest()
        page.close()
        return None if whole and len(flow.pages) > 1 else page


def contents_close(told: Sequence[Told]) -> Sequence[Told]:
    """The department behind its telephone number instead of above it, where the two are told one by one."""
    named = {one.label: one for one in told}
    if "部门" not in named or len(named["电话"].numbers) != 1:
        return told
    department = named["部门"].paras[0][0].text
    ((number, words),) = named["电话"].numbers
    call = replace(named["电话"], numbers=((number, f"{department} {words}".strip()),))
    return [call if one.label == "电话" else one for one in told if one.label != "部门"]


class _Composer:
    """One first page on its way down."""

    def __init__(self, front: Front, flow: Flow, look: Look) -> None:
        self.front, self.flow, self.look = front, flow, look
        self.contents, self.visit = front.contents, front.visit
        self.number = 0
        self.rows = Rows(flow, look)
        self.left: list[Item | str] = []
        self.owes_notes = (
            False  # what is said of the sums stands behind time and telephone, which must be on the first page
        )

    @property
    def worth(self) -> tuple[int, int, bool]:
        """The smaller the better: pages, benefits that the first page has no room for, remarks that it has none for."""
        return len(self.flow.pages), sum(isinstance(one, Item) for one in self.left), self.owes_notes

    def head(self) -> None:
        """Title, number and day, whom it is for, and the answer in a sentence."""
        flow, visit = self.flow, self.visit
        flow.centred(self.front.title, "title", TITLE, TITLE * (1.5 if self.look.lead > 1.3 else 1.3))
        size = FINE * 1.5
        self._ends(papers.serial_words(visit), papers.day_line(visit), size)
        if said := judged_words(visit.on, visit.printed_at.date()):
            if self.look.close:
                self._fine([Span(said, "hei")])
            else:
                flow.paragraph([Span(said, "hei")], first=0)
        flow.space(flow.pitch * 0.2)
        name = [Span(visit.applicant.name or "来访人"), Span("：")]
        if len(flow.set(name, first=0)) > _NAME_LINES:
            self._fine(name)
        else:
            flow.paragraph(name, first=0)
        flow.paragraph(self.contents.opening)

    def _ends(self, left: str, right: str, height: float) -> None:
        """A small line with words at both ends; two where they don't fit beside each other."""
        flow, part = self.flow, self.flow.part("P")
        (ended,) = set_lines(flow.book, [Span(right)], Measure(flow.area.width, FINE))
        begun = set_lines(flow.book, [Span(left)], Measure(flow.area.width, FINE))
        beside = len(begun) == 1 and begun[0].width + ended.width + 2 * FINE <= flow.area.width
        for line in begun:
            flow.put(line, height, part=part)
            flow.y += height
        flow.put(ended, height, flow.area.width - ended.width, flow.y - height * beside, part)
        flow.y += height * (not beside)

    def heading(self, text: str, follows: float) -> None:
        """A numbered heading with the rule under it, on the page of what follows."""
        self.number += 1
        self._headed(f"{papers.numeral(self.number)}、{text}", follows)

    def _headed(self, text: str, follows: float) -> None:
        flow = self.flow
        gap = flow.pitch * (0.35 if self.look.lead > 1.3 else 0.2)
        flow.space(gap)
        lines = flow.set([Span(text, "hei")], first=0, justify=False)
        flow.need(len(lines) * flow.pitch + follows)
        flow.lines(lines, flow.part("H2"))
        flow.stroke(0, flow.y, flow.area.width, flow.y, 0.9)
        flow.space(2)

    def have(self, reserved: float) -> None:
        """What can be had, as far as it fits above what is ``reserved`` for time and telephone."""
        items = list(self.contents.have)
        self.heading("可以申请什么", self.rows.first_height(items))
        if not items:
            self.flow.paragraph(self.contents.nothing)
        self.left = self.rows.draw_within(items, reserved) if reserved else self.rows.draw(items)
        if self.left:
            self.flow.space(2)
            self._fine(f"其余 {sum(isinstance(one, Item) for one in self.left)} 项在下一页。")
        else:
            lines = sum(len(self._set_fine(text)) for text in self._notes())
            self.owes_notes = bool(reserved) and self.flow.y + 2 + lines * _FINE > self.flow.area.height - reserved
            if not self.owes_notes:
                self._have_notes()

    def _have_notes(self) -> None:
        self.flow.space(2)
        for text in self._notes():
            self._fine(text)

    def _notes(self) -> list[str]:
        """What is said of the sums, as many remarks as this look tells."""
        sums = self.contents.sums[: max(self.look.notes, self.contents.told_always)]
        rest = len(self.contents.sums) - len(sums)
        if rest:  # behind the last, where a line of its own would take a page
            sums[-1] = more_words(sums[-1], rest, self.contents.elsewhere)
        return sums

    def _set_fine(self, words: str | list[Span]) -> list[Line]:
        spans = [Span(words)] if isinstance(words, str) else words
        return set_lines(self.flow.book, spans, Measure(self.flow.area.width, FINE))

    def _fine(self, words: str | list[Span]) -> None:
        flow = self.flow
        part = flow.part("P")
        for line in self._set_fine(words):
            flow.need(_FINE)
            flow.put(line, _FINE, part=part)
            flow.y += _FINE

    def when_height(self) -> float:
        """What the part with time and telephone takes, its heading and the line above it included."""
        flow = Flow(self.flow.book, self.flow.pitch, self.flow.size, grid=False)
        one = _Composer(self.front, flow, self.look)
        one.when()
        return flow.y + FINE * 3 + (len(flow.pages) - 1) * flow.area.height

    def when(self) -> None:
        """By when, what to bring, where, whom to call."""
        told = self.contents.practical
        self.heading(self.contents.practical_head, 3 * self.flow.pitch)
        pairs(self.flow, contents_close(told) if self.look.close else told)

    def rest(self) -> None:
        """All that stands below what can be had."""
        self.when()
        if self.left:
            self.flow.new_page()
            self._headed("一、可以申请什么（续）", self.rows.first_height(self.left))
            self.rows.draw(self.left)
            self._have_notes()
        elif self.owes_notes:
            self._have_notes()
        contents = self.contents
        if contents.waiting and not self.look.waits:
            self._led(WAITING, [contents.waiting_words])
        elif contents.waiting:
            shown = contents.waiting[: self.look.waits]
            self.heading(WAITING, self.rows.first_height(shown))
            self.rows.draw(shown)
            if more := contents.waiting_more(len(shown)):
                self.flow.space(2)
                self._fine(more)
        cannot = contents.cannot(self.look.groups)
        if cannot and not self.look.groups:
            self._led(self.contents.cannot_head, cannot)
        elif cannot:
            self.heading(self.contents.cannot_head, 2 * self.flow.pitch)
            for text in cannot:
                self.flow.paragraph(text, first=0)
        for text in contents.after:
            self.flow.space(3)
            if self.look.close:
                self._fine(text)
            else:
                self.flow.paragraph(text, first=0)

    def _led(self, lead: str, texts: Sequence[str]) -> None:
        """Paragraphs that a bold word leads in, where a heading would take a page."""
        self.flow.space(3)
        for number, text in enumerate(texts):
            self.flow.paragraph([Span(f"{lead}：", "hei"), Span(text)] if not number else text, first=0)

    def close(self) -> None:
        """Who answers for it, the place for the seal and the code, at the foot of the last first page."""
        Foot(self.flow, self.visit, self.front.notes, self.front.code).draw()
