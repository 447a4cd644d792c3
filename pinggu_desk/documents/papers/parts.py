"""Parts that several papers share: the facts as stated, a figure with what it means, the source, a list of names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from pinggu_desk.documents.papers import common as papers
from pinggu_desk.documents.pdf.page import FOOT, HEIGHT, SMALL, TITLE, Flow
from pinggu_desk.documents.pdf.table import Table, cell
from pinggu_desk.documents.visit import STATED_BY_APPLICANT
from pinggu_desk.policy.capital import CAPITAL_MAX_FEN, rmb_capital

if TYPE_CHECKING:
    from pinggu_desk.assess.determination import Determination
    from pinggu_desk.documents.pdf.fonts import FontBook
    from pinggu_desk.documents.pdf.table import Table, cell
from pinggu_desk.documents.visit import Visit

#: how many lines of 四号 a page may be given before a second page is taken
CLOSER = (28, 30, 32, 34)
#: so many policies are named whose benefits were not gone into; more are counted
_POLICIES_NAMED = 4


def stated_table(visit: Visit, book: FontBook, size: float = SMALL) -> Table:
    """The applicant, then what was stated (申请人陈述), each with where it came from when it wasn't the applicant."""
    return papers.pair_table(list(visit.applicant.identity) or [("名称", "")], _stated(visit), book, size)


def stated_list(visit: Visit, size: float = SMALL) -> Table:
    """The same where a table would take a page: what was stated, one after the other."""
    told = "；".join(f"{name}：{value}" for name, value in (*visit.applicant.identity, *_stated(visit)))
    return Table((156,), (), [[cell(f"{told}。", size=size)]], size, close=True)


def _stated(visit: Visit) -> list[tuple[str, str]]:
    return [
        (one.name, one.value + ("" if one.source == STATED_BY_APPLICANT else f"（{one.source}）"))
        for one in visit.stated
    ]


def figure_notes(d: Determination) -> list[str]:
    """What stands below a figure: its kind in words, a computed sum in capitals, score, rate, months, open readings."""
    words = [d.figure_words]
    if not d.refused:
        if d.status == "eligible" and d.figure == "computed" and d.amount_fen is not None:
            words.append(capitals(d.amount_fen))
        words.append(f"得分 {d.score} 分" if d.score is not None else "")
        rate = f"{d.rate_pct}%" if d.rate_pct is not None else ""
        words.append(f"比例 {rate}" if rate not in d.headline else "")
        words.append(f"最长 {d.max_months} 个月" if d.max_months is not None else "")
    words.append(d.reading_words)
    return [text for text in words if text]


def capitals(fen: int) -> str:
    """A sum in capitals (大写); empty beyond what they can write."""
    return rmb_capital(fen) if 0 <= fen <= CAPITAL_MAX_FEN else ""


def few(names: Iterable[str], most: int) -> str:
    """Names joined by 、, those beyond ``most`` counted."""
    every = list(dict.fromkeys(names))
    rest = f" 等 {len(every)} 项" if len(every) > most else ""
    return "、".join(every[:most]) + rest


def tightest(book: FontBook, compose: Callable[[Flow], None]) -> Flow:
    """A paper set at 三号, or at 四号 with ever closer lines when that saves pages: one page when it can be."""
    best: Flow | None = None
    for lines in (None, *CLOSER):
        flow = Flow(book, HEIGHT / lines, FOOT, grid=False) if lines else Flow(book)
        compose(flow)
        if best is None or len(flow.pages) < len(best.pages):
            best = flow
        if len(best.pages) == 1:
            break
    assert best is not None
    return best


def ground_of(d: Determination) -> str:
    """Why a benefit is ruled out, in one line."""
    return d.ground_line or "；".join(d.notes) or "按所填情况不予支持"


def not_raised_words(visit: Visit) -> str:
    """How many benefits of which policies were not gone into (来访未涉及), in one sentence; empty where there are none."""
    counts = Counter(one.policy_title.strip("《》") for one in visit.not_raised)
    if not counts:
        return ""
    if len(visit.each) == 1 and set(counts) == {visit.policy_title.strip("《》")}:
        told = f"本政策另有 {counts.total()} 项"
    elif len(counts) > _POLICIES_NAMED:
        told = f"另有 {len(counts)} 项政策的 {counts.total()} 项"
    else:
        told = "、".join(f"《{title}》{count} 项" for title, count in counts.items())
    return f"来访未涉及，未作测算：{told}。没有谈到不等于不符合，想了解可问窗口。"


def told_together(visit: Visit, d: Determination) -> list[str]:
    """The notes on overlaps (竞合) with benefits of this paper that its own choice among them (``Together``) tells of already."""
    titles, said = {one.benefit: one.title for one in visit.determinations}, "".join(visit.together.said)
    return [
        one.words for one in d.overlaps
        if one.state == "open" and all(i in titles and f"“{titles[i]}”" in said for i in one.benefits)
    ]  # fmt: skip


def head(flow: Flow, visit: Visit, title: str) -> None:
    """A paper's title and its serial."""
    flow.centred(title, "title", TITLE, 1.5 * flow.pitch)
    papers.serial_line(flow, visit, flow.pitch / 2)


def moment_words(visit: Visit) -> str:
    """When the paper was made, to the minute."""
    return f"{papers.day_words(visit.printed_at.date())} {visit.printed_at:%H:%M}"


def made_by(visit: Visit) -> str:
    """Who made the paper, at which window of which office, when: for papers that bear no seal."""
    parts = {"单位": visit.office, "窗口": visit.window, "经办人": visit.clerk, "时间": moment_words(visit)}
    return "　".join(f"{name}：{value}" for name, value in parts.items() if value)


def disclaimer(paper: str) -> str:
    """What a paper is not, first sentence of every closing statement."""
    return f"本{paper}不是公文，也不是批准、许可或者拨付资金的决定，不构成承诺，以主管部门审核为准。"


def grounds(visit: Visit) -> str:
    """What the findings rest on: the source with its date and the edition of the pack."""
    return f"测算{papers.source_words(visit)}，政策包版本 {visit.edition}；政策现在是否有效，由主管部门解释。"
