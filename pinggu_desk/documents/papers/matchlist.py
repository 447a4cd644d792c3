"""The list of what an applicant can have (政策匹配清单), for the applicant to take away: one page by the letter's plan.

What can be had, what is nearest, what to say next; every row of every policy is in the workbook (``books.match``). Figures are
worded by the determinations, totals are the bundle's own; nothing is worked out here.
"""

from __future__ import annotations

from collections import Counter
from functools import cached_property
from typing import TYPE_CHECKING

from typing_extensions import override

from pinggu_desk.assess.match.bundle import SUMMED, over_lines
from pinggu_desk.assess.match.match import GROUP_WORDS
from pinggu_desk.documents.books.match import make_match_book, match_book_bytes
from pinggu_desk.documents.papers import common as papers
from pinggu_desk.documents.papers.front import Front
from pinggu_desk.documents.papers.frontrows import Item, Told
from pinggu_desk.documents.papers.frontwords import Contents, numbers_of
from pinggu_desk.documents.papers.parts import capitals, disclaimer, few, grounds
from pinggu_desk.documents.pdf.fonts import FontBook, installed
from pinggu_desk.documents.pdf.pdfdoc import save, to_pdf
from pinggu_desk.documents.pdf.typeset import Span
from pinggu_desk.documents.proof.record import proof_of
from pinggu_desk.documents.together import together_words
from pinggu_desk.policy.corrections import contact_note
from pinggu_desk.policy.district import here
from pinggu_desk.policy.quantity import headline_sum

if TYPE_CHECKING:
    from pathlib import Path

    from pinggu_desk.assess.determination import Determination
    from pinggu_desk.documents.matchvisit import MatchVisit
    from pinggu_desk.documents.pdf.page import Flow
    from pinggu_desk.documents.proof.record import Signer

__all__ = ["LIST_TITLE", "make_match_book", "make_match_list", "match_book_bytes", "match_list_bytes"]

LIST_TITLE = "政策匹配清单"
#: so many of what can be had are listed, the surest sums first: as many as one page takes
_ROWS = (14, 11, 8, 6, 4, 3, 2, 1)
#: so many of the questions that settle most are told, fewer where that saves a row of what can be had
_QUESTIONS = (5, 2, 0)
_NEAR = 3
#: what still lacks at most so many answers is told by name, so many of them
_LACKS, _MOST_NEARLY = 2, 4
#: so much of what may be had together is told, whatever it takes
_SAID = 3
_BOOK = "匹配工作簿"
_NO_NUMBER = "没有写电话"


def make_match_list(found: MatchVisit, out: Path, book: FontBook | None = None) -> None:
    """Write the list to ``out`` in one step. Raises DeskError when it cannot be written."""
    save(match_list_bytes(found, book), out)


def match_list_bytes(found: MatchVisit, book: FontBook | None = None, signer: Signer | None = None) -> bytes:
    """The list as a PDF, signed where it has a serial and a signer; the same match and key give the same bytes.

    ``book`` defaults to this machine's fonts.
    """
    visit = found.visit
    proof = proof_of(visit, LIST_TITLE, signer)
    flow = list_flow(found, book or installed(), proof.code if proof else "")
    return to_pdf(papers.frame(visit).dress(flow), papers.about(visit, LIST_TITLE), proof)


def list_flow(found: MatchVisit, book: FontBook, code: str = "") -> Flow:
    """The list's page before it is dressed with its foot; ``code`` is that of its proof."""
    notes = (
        f"{disclaimer('清单')}能否同时享受以主管部门认定为准。情况有变化、补充的，匹配结果可能随之变化。",
        grounds(found.visit),
        f"全部 {len(found.match.rules)} 个支持事项逐项列在{_BOOK}。",
    )
    had = len(found.match.groups["eligible"])
    for rows in [min(had, _ROWS[0]), *(rows for rows in _ROWS if rows < had)]:
        for questions in _QUESTIONS:
            front = Front(here().title(LIST_TITLE), found.visit, _Contents(found, rows, questions), code, notes)
            if (page := front.page(book)) is not None:
                return page
    return front.flow(book)


class _Contents(Contents):
    """What the page says of a match, at most ``rows`` of what can be had one by one, so many ``questions``."""

    practical_head = "找谁"
    cannot_head = "差一点的和不符合的"

    def __init__(self, found: MatchVisit, rows: int, questions: int) -> None:
        super().__init__(found.visit, elsewhere=_BOOK)
        self.match, self.of, self.rows, self.questions = found.match, found, rows, questions
        self.eligible = [found.determination(i) for i in found.match.groups["eligible"]]
        nearly = [found.determination(i) for i in found.match.groups["unknown"][:_MOST_NEARLY]]
        self.open = [found.determination(i) for i in found.match.groups["review"]]
        self.open += [d for d in nearly if questions and len(d.missing) <= _LACKS]

    @override
    def _place(self, clause: str) -> str:
        return self.of.place(clause)

    @cached_property
    @override
    def opening(self) -> str:
        match, party = self.match, self.visit.applicant
        you = papers.you(party) if party.name else "您"
        policies = len({rule.policy.id for rule in match.rules.values()})
        counts = [
            f"{GROUP_WORDS[key]} {len(ids)} 项" for key, ids in match.groups.items() if ids and key != "not_raised"
        ]
        who = {"单位": "（只列单位能享受的）", "个人": "（只列个人能享受的）"}.get(match.subject, "")
        said = f"按{you}陈述的情况，比对 {policies} 项政策的 {len(match.rules)} 个支持事项{who}"
        return f"{said}：{'，'.join(counts) or '没有可比对的事项'}。结论以主管部门审核为准。"

    @property
    @override
    def nothing(self) -> str:
        return "按目前陈述的情况，还没有能够确定可申请的事项。"

    @cached_property
    @override
    def have(self) -> list[Item | str]:
        by: dict[str, list[Determination]] = {}
        for d in self.eligible[: self.rows]:
            by.setdefault(self.of.policy_title(d.benefit), []).append(d)
        rows: list[Item | str] = []
        for policy, mine in by.items():
            rows += [policy, *map(self._item, mine)]
        return rows

    @cached_property
    @override
    def sums(self) -> list[str]:
        bundle = self.match.bundle
        together = together_words(self.match.engine, bundle)
        told = [*self.in_hand, *self.again, *filter(None, (self._marked,)), *together.said]
        if rest := len(self.eligible) - self.rows:
            more = (d.title for d in self.eligible[self.rows :])
            told += [f"另有 {rest} 项可以申请：{few(more, 4)}，见{_BOOK}。"] if rest > 0 else []
        if any(k.fen is not None and k.kind in SUMMED for k in bundle.kept):
            told.append(
                f"最优组合：按条款计算的资金合计 {headline_sum(bundle.total_fen)}（{capitals(bundle.total_fen)}）。"
            )
        if bundle.ceilings_fen:
            told.append(f"只有上限的相加最高 {headline_sum(bundle.ceilings_fen)}，具体由主管部门核定，不计入合计。")
        if bundle.open:
            told.append(
                f"原文没有写明不能并领的事项如可以并领，合计 {headline_sum(bundle.without_analogy_fen)}，待主管部门确认。"
            )
        return [*told, *over_lines(bundle)]

    @property
    def _marked(self) -> str:
        return self._footnote(self.eligible[: self.rows])

    @property
    @override
    def told_always(self) -> int:
        said = len(together_words(self.match.engine, self.match.bundle).said)
        return len(self.in_hand) + len(self.again) + bool(self._marked) + min(said, _SAID) + 2

    @cached_property
    @override
    def practical(self) -> list[Told]:
        """Which number to call for which policy, what is to be said of a corrected one, the last day where there is one."""
        from pinggu_desk.documents.assemble import contacts_of

        shown = [*self.eligible[: self.rows], *self.open]
        numbers: list[tuple[str, str]] = []
        corrected: dict[str, None] = {}
        for policy_id in dict.fromkeys(self.match.rules[d.benefit].policy.id for d in shown):
            policy = self.match.engine.policy(policy_id, self.match.answers.on)
            call = "、".join(number for number, _ in numbers_of(contacts_of(policy))[0])
            numbers.append((call or _NO_NUMBER, f"《{policy.title.strip('《》')}》"))
            corrected |= {f"{one.text} {note}。": None for one in policy.contacts if (note := contact_note(one))}
        dated = [(d, d.deadline) for d in shown if d.deadline is not None and d.deadline.day is not None]
        days = tuple(f"{d.title}：{'，'.join(filter(None, papers.deadline_parts(note)[:2]))}。" for d, note in dated)
        told = [Told("电话", (), tuple(numbers), (*corrected, *days))] if numbers else []
        if not told:
            told.append(Told("下一步", ((Span("请把还缺的情况告诉窗口，再比对一次。"),),)))
        return told

    @cached_property
    @override
    def waiting(self) -> list[Item]:
        return [self._waiting(d) for d in self.open]

    @override
    def waiting_more(self, shown: int) -> str:
        rest = [one.title for one in self.waiting[shown:]]
        return f"另有 {len(rest)} 项还等补充或者认定：{few(rest, 4)}，见{_BOOK}。" if rest else ""

    @override
    def cannot(self, most: int) -> list[str]:
        match, told = self.match, []
        for i in match.groups["near"][: min(_NEAR, most + 1)]:
            change, less = match.near[i], match.gains.of(i).note
            told.append(f"差一点：{change.title}，{change.words}，{self.of.after(change)}{less and f'，{less}'}。")
        for change in list(match.steps.values())[: max(most, 1)]:
            more = (gain := match.gains.of(change.benefit).words) and f"，{gain}"
            told.append(f"再进一步：{change.title}，{change.words}，{self.of.after(change)}{more}。")
        more_near = len(match.groups["near"]) - min(_NEAR, most + 1)
        near = f"另有 {more_near} 项差一点；" if more_near > 0 else ""
        if refused := len(match.groups["ineligible"]):
            told.append(f"{near}{refused} 项不符合，逐项的理由和条款见{_BOOK}。")
        elif near:
            told.append(f"{near.rstrip('；')}，见{_BOOK}。")
        for words, count in Counter(one.notes[0] for one in match.absent()).most_common(max(most, 1)):
            told.append(f"{words}，{count} 项没有比对，见{_BOOK}。")
        return told

    @cached_property
    @override
    def after(self) -> list[str]:
        match, facts = self.match, self.match.engine.pack.facts
        first = [match.question.fact] if match.question is not None else []
        names = [name for name in dict.fromkeys([*first, *match.needed]) if not facts[name].decided_by]
        asked = "".join(facts[name].question.rstrip("？?") + "？" for name in names[: self.questions])
        open_ = len(match.groups["unknown"])
        told = [f"下一步补充什么（{open_} 项还缺情况）：{asked or f'见{_BOOK}。'}"] if names and open_ else []
        return [*told, *self.coming, *self.not_gone_into]
