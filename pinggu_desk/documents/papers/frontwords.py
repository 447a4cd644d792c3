"""What a first page says, in the determinations' own words: the answer, the dates, the telephones, what is nearest."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from pinggu_desk.assess.materials import NOTHING_TO_BRING
from pinggu_desk.documents.papers import common as papers
from pinggu_desk.documents.papers.frontrows import NUMBER, Item, Told
from pinggu_desk.documents.papers.parts import few, ground_of, not_raised_words, told_together
from pinggu_desk.documents.pdf.page import FOOT
from pinggu_desk.documents.pdf.typeset import Span
from pinggu_desk.policy.dates import day_words
from pinggu_desk.policy.quantity import headline_sum

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pinggu_desk.assess.determination import Determination, Figure
    from pinggu_desk.documents.visit import Contact, MaterialLine, Visit

#: telephone numbers as the texts print them
_NUMBER = re.compile(r"0[0-9]{2,3}-[0-9]{6,8}|(?<![0-9-])[0-9]{7,8}(?![0-9])")
_NUMBERS_ONLY = re.compile(r"[0-9、，； -]+")
_NO_NUMBER = "原文没有写咨询电话，请向主管部门了解。"
_PLAIN_ROLES = re.compile("咨询(专线|电话)|联系电话|电话")
#: remarks that bear on what may be added to what (重复, 限额)
_BEARS_ON_SUMS = re.compile("重复|合计不|不相加|只能|只取|只领|只计|并领|同享|补差|不超过")
#: a ground longer than this stands on the 附页 only
_LONG = 44
_NAMED = 3
_IN_HAND = 3
_NO_MONEY = ("service", "status")
_SHORT: dict[Figure, str] = {"computed": "按条款计算", "up_to": "上限", "range": "区间", "by_review": "", "in_kind": ""}
#: stands at a figure that rests on a reading, and before what is said of it
_READING = "①"
_TWO_WAYS = "：原文可有两种读法"
_DAYS_TOLD = 3
#: so many numbers to call stand smaller, so that what they are for stands beside them
_MANY = 3
#: so many changes to come are told on the page
AHEAD = 2
#: the materials that are named take so many characters, the form of one so many
_MATERIALS, _FORM = 64, 10
#: a text that ends within these days is told of as large as the days to apply
_NEAR = timedelta(days=366)
#: so many facts that a benefit lacks are named
_LACKING = 3


class Contents:
    """The words of a first page; ``visit`` may be several policies' (its parts)."""

    def __init__(self, visit: Visit, *, elsewhere: str = "附页") -> None:
        self.visit = visit
        self.elsewhere = elsewhere  # where what isn't told here stands
        self.single = len(visit.each) == 1
        self.left_out = {one.benefit for one in visit.not_raised}
        self.found = [d for d in visit.determinations if d.benefit not in self.left_out]
        self.eligible = [d for d in self.found if not d.refused and d.status not in ("review", "unknown")]
        self.open = [d for d in self.found if d.status in ("review", "unknown")]
        self.refused = [d for d in self.found if d.refused]

    practical_head = "什么时候、带什么、找谁"
    cannot_head = "这次不能申请的"

    # --- the answer

    @cached_property
    def opening(self) -> str:
        """The answer in one sentence, with whose word counts."""
        visit, you = self.visit, papers.you(self.visit.applicant)
        policy = papers.policy_name(visit) if self.single else f"{len(visit.each)} 项政策"
        told = f"按{you}陈述的情况，{policy}中"
        if self.eligible:
            told += f"有 {len(self.eligible)} 项可以申请"
        elif self.found:
            told += "目前没有可以直接申请的事项"
        else:
            told += "还没有可以测算的事项"
        if self.open:
            told += f"，{len(self.open)} 项还等补充或者认定"
        who = visit.department if self.single else "主管部门"
        return f"{told}。结论以{who}审核为准。"

    @property
    def nothing(self) -> str:
        """What stands where nothing can be had."""
        if self.open:
            return "按所述情况，目前没有可以直接申请的事项；补充情况或者认定以后再算，见下文。"
        return "按所述情况，没有可以申请的事项。" if self.found else "还没有陈述情况，没有测算。"

    @cached_property
    def have(self) -> list[Item | str]:
        """Each benefit that can be had; of several policies under the policy's name."""
        rows: list[Item | str] = []
        for part in self.visit.each:
            mine = [d for d in self.eligible if d.policy == part.policy] if not self.single else self.eligible
            if mine and not self.single:
                rows.append(papers.policy_name(part))
            rows += [self._item(d) for d in mine]
        return rows

    def _item(self, d: Determination) -> Item:
        mark = _READING if d.readings else ""
        kind = "；".join(filter(None, (d.figure_words, d.reading_words))) + mark
        return Item(d.title, self._where(d), d.headline, kind, (_SHORT[d.figure] if d.figure else "") + mark)

    def _place(self, clause: str) -> str:
        return papers.place(self.visit, clause)

    def _where(self, d: Determination) -> str:
        where = list(filter(None, dict.fromkeys(map(self._place, d.clauses))))
        more = " 等" if len(where) > _NAMED else ""
        return f"{'；'.join(where[:_NAMED])}{more}"

    @cached_property
    def sums(self) -> list[str]:
        """What may be added up and what not: the total, what is given up for what, which limits bear on it."""
        together = self.visit.together
        told = [*self.in_hand, *self.again, *([self._in_a_line] if self._in_a_line else [])]
        told += together.said
        remarks: dict[str, list[str]] = {}
        for d in self.eligible:
            told_before = {one.words for one in d.in_hand} | {*d.again} | set(told_together(self.visit, d))
            for note in d.notes:
                if _BEARS_ON_SUMS.search(note) and note not in told_before:
                    remarks.setdefault(note, []).append(d.title)
        for note, titles in remarks.items():
            whose = "" if len(self.eligible) == 1 else f"{few(titles, 2)}："
            told.append(f"{whose}{note.rstrip('。；')}。")
        return told

    @cached_property
    def _in_a_line(self) -> str:
        """The total, and that a figure rests on a reading: what no close page may leave out."""
        total, told = self.visit.together.total_fen, ""
        if total is not None:
            ceilings = any(d.figure in ("up_to", "range", "by_review") for d in self.eligible)
            told += f"按条款能算出的合计 {headline_sum(total)}{'；上限和未定的金额不相加' if ceilings else ''}。"
        return told + self._footnote(self.eligible)

    def _footnote(self, shown: Sequence[Determination]) -> str:
        """What the mark at some figures means; empty where no figure that is ``shown`` has one."""
        if not any(d.readings for d in shown):
            return ""
        return f"{_READING} 口径待主管部门确认{_TWO_WAYS}，见{self.elsewhere}。"

    @property
    def told_always(self) -> int:
        """So many of these stand on the page however close it is set."""
        together = self.visit.together
        first = len(self.in_hand) + len(self.again)
        if together.cut:  # a total that is less than what it is of is told with all that makes it so
            return first + bool(self._in_a_line) + together.explains
        return first + bool(self._in_a_line or together.said)

    @property
    def in_hand(self) -> list[str]:
        """What other letters of the year told already (在途), before any sum that is told again."""
        held = [(d, one) for d in self.eligible for one in d.in_hand]
        told = [f"{f'“{d.title}”' if len(self.eligible) > 1 else ''}{one.words}。" for d, one in held[:_IN_HAND]]
        rest = len(held) - len(told)
        return [*told, *([f"在途的另有 {rest} 条，见{self.elsewhere}。"] if rest else [])]

    @property
    def again(self) -> list[str]:
        """What was had of the very same before: no figure is told again without it."""
        had = [(d, words) for d in self.eligible for words in d.again]
        told = [f"{f'“{d.title}”' if len(self.eligible) > 1 else ''}{words}。" for d, words in had[:_IN_HAND]]
        rest = len(had) - len(told)
        return [*told, *([f"以前领过的另有 {rest} 项，见{self.elsewhere}。"] if rest else [])]

    # --- by when, with what, whom to call

    @cached_property
    def practical(self) -> list[Told]:
        """By when, what to bring, which department, which number to call."""
        if self.single:
            (part,) = self.visit.each
            numbers, fine = numbers_of(part.contacts)
            dated = self._days(part, "时间") or Told("时间", ((Span(papers.no_deadline(part)),),))
            return [
                self._until(part, dated), self._bringing(part),
                Told("部门", ((Span(departments(part.contacts)),),)),
                Told("电话", () if numbers else ((Span(_NO_NUMBER),),), numbers, fine),
            ]  # fmt: skip
        days: list[Told] = []
        undated: list[Visit] = []
        paras: list[tuple[Span, ...]] = []
        more: list[str] = []
        called: dict[str, list[tuple[str, str]]] = {}
        for part in self.visit.each:
            name, numbers, notes = papers.policy_name(part), *numbers_of(part.contacts)
            told = self._days(part, "", named=True)
            if told is None:
                undated.append(part)
            if told is not None or part.lasts is not None:
                days.append(self._until(part, told or Told(""), name))
            where = departments(part.contacts)
            for number, words in numbers:
                called.setdefault(number, []).append((name, f"{where} {words}".strip()))
            if not numbers:
                paras.append((Span(f"{name}：{where}，{_NO_NUMBER}"),))
            more += notes
        if undated:
            said = list(map(papers.no_deadline, undated))
            words = next((one for one in said if one != papers.NO_MATTER), said[0])
            days.append(Told("", fine=(f"其余{words}",)) if days else Told("", ((Span(words),),)))
        days[0] = replace(days[0], label="时间")
        bring = "；".join(dict.fromkeys(self._brought())) or NOTHING_TO_BRING.rstrip("。")
        kept = tuple(dict.fromkeys(part.materials_note for part in self.visit.each))
        if len(kept) > 1:  # one policy's own note says nothing of another's
            kept = (f"各项政策对材料的说明见{self.elsewhere}；其他材料以当年申报通知为准。",)
        every = tuple((number, _whose_number(whose)) for number, whose in called.items())
        return [
            *days, Told("带上", ((Span(f"{bring}。"),),), fine=kept[:1]),
            Told("电话", tuple(paras), every, tuple(dict.fromkeys(more)), large=NUMBER if len(every) < _MANY else FOOT),
        ]  # fmt: skip

    def _brought(self) -> Iterator[str]:
        """What to bring for several policies: the forms of all in a word, then what else each lacks."""
        each, room = self.visit.each, _MATERIALS // len(self.visit.each)
        forms = [part for part in each if part.form_title in (line.material.name for line in _lacking(part))]
        if forms:
            whose = "各项政策的" if len(forms) == len(each) else "、".join(papers.policy_name(one) for one in forms)
            yield f"{whose}申报表（签字或者盖章）"
        for part in each:
            lines = tuple(line for line in part.materials if part not in forms or line.material.name != part.form_title)
            if words := self._bring(replace(part, materials=lines), room).rstrip("。"):
                yield words

    def _days(self, part: Visit, label: str, *, named: bool = False) -> Told | None:
        """The last days, the day itself first, with what each is for where it isn't plain (``named``); None where there is none."""
        told: dict[tuple[str, str, str], list[str]] = {}
        mine = [d for d in part.determinations if d.benefit not in self.left_out]
        for d in sorted(mine, key=lambda d: d.refused):
            if d.deadline is not None and (d.status != "ineligible" or d.deadline.passed):
                told.setdefault(papers.deadline_parts(d.deadline), []).append(d.title)
        if not told:
            return None
        asked = {d.title for d in mine if not d.refused}
        ranked = sorted(told.items(), key=lambda pair: not pair[0][2])  # a day that is known before one that isn't
        days: list[tuple[Span, ...]] = []
        fine: list[str] = []
        for (day, rest, counted), titles in ranked[:_DAYS_TOLD]:
            whose = f"（{few(titles, 2)}）" if named or (len(mine) > 1 and set(titles) != asked) else ""
            words = f"{whose}{'，' if rest else ''}{rest}。"
            if counted or not days:
                days.append((Span(day, "hei"), Span(words)))
            else:
                fine.append(f"{day}{words}")
            fine.append(counted)
        if len(told) > _DAYS_TOLD:
            fine.append(f"另有 {len(told) - _DAYS_TOLD} 个期限，见{self.elsewhere}。")
        return Told(label, tuple(days), fine=tuple(filter(None, dict.fromkeys(fine))))

    @staticmethod
    def _until(part: Visit, told: Told, whose: str = "政策") -> Told:
        """The days to apply with the last day of the policy itself, large where it is near; unchanged where none is known."""
        if part.lasts is None:
            return told
        day = day_words(part.lasts)
        if part.lasts - part.on > _NEAR:
            return replace(told, fine=(f"{whose}执行至{day}。", *told.fine))
        line = (Span(f"{whose}执行至"), Span(day, "hei"), Span("。"))
        after = "之后有没有接续的政策，以主管部门公布的为准。"
        return replace(told, paras=(*told.paras, line), fine=(*told.fine, after))

    def _bringing(self, part: Visit) -> Told:
        words = self._bring(part)
        return Told("带上", ((Span(words or part.materials_note),),), fine=(part.materials_note,) if words else ())

    def _bring(self, part: Visit, room: int = _MATERIALS) -> str:
        """The materials that are still to come, in a sentence; empty where none is listed."""
        lacking = [line.material for line in _lacking(part)]
        if not lacking:
            return "列出的材料已收齐。" if any(line.state == "已收" for line in part.materials) else ""
        named: list[str] = []
        for m in lacking:
            form = papers.material_form(m)
            words = m.name + (f"（{form}）" if form and len(form) <= _FORM else "")
            if named and len("、".join((*named, words))) > room:
                break
            named.append(words)
        more = f" 等 {len(lacking)} 样，清单见{self.elsewhere}" if len(named) < len(lacking) else ""
        return f"{'、'.join(named)}{more}。"

    # --- what waits, what can't be had

    @cached_property
    def waiting(self) -> list[Item]:
        """What waits for a verdict, then what waits for an answer or a paper: the nearest to being settled first."""
        ranked = sorted(self.open, key=lambda d: (d.status == "unknown", len(d.nearest or d.missing)))
        return [self._waiting(d) for d in ranked]

    @staticmethod
    def _waiting(d: Determination) -> Item:
        return Item(d.title, "；".join(papers.short_of(d, _LACKING)), d.headline, "", strong=False)

    @property
    def waiting_words(self) -> str:
        """All of it in a sentence."""
        return f"{few((one.title for one in self.waiting), _NAMED)}，还缺什么见{self.elsewhere}。"

    def waiting_more(self, shown: int) -> str:
        """How many more there are than ``shown``."""
        rest = self.waiting[shown:]
        if not rest:
            return ""
        return f"另有 {len(rest)} 项还缺情况：{few((one.title for one in rest), 4)}，见{self.elsewhere}。"

    def cannot(self, most: int) -> list[str]:
        """What can't be had, gathered by its grounds, ``most`` of them told; then what comes nearest."""
        if not self.refused:
            return []
        groups: dict[str, list[str]] = {}
        for d in sorted(self.refused, key=lambda d: d.kind in _NO_MONEY):  # money first: that is what one came for
            groups.setdefault(ground_of(d), []).append(d.title)
        ranked = sorted(groups.items(), key=lambda pair: -len(pair[1]))
        plain = [(ground, titles) for ground, titles in ranked if len(ground) <= _LONG][:most]
        told = [f"{few(titles, _NAMED)}（{ground}）" for ground, titles in plain]
        others = [title for ground, titles in ranked if (ground, titles) not in plain for title in titles]
        if others:
            told.append(f"{few(others, _NAMED)}，理由见{self.elsewhere}")
        out = [f"{len(self.refused)} 项不符合条件，不予支持：{'；'.join(told)}。"]
        near = self.visit.near
        if near:
            one = near[0]
            more = f"；另有 {len(near) - 1} 项差一点，见{self.elsewhere}" if len(near) > 1 else ""
            out.append(f"最接近的：{one.title}，{one.words}，{one.after}{more}。")
        return out

    @cached_property
    def after(self) -> list[str]:
        """What is told at the end."""
        return [*self.coming, *self.not_gone_into]

    @property
    def coming(self) -> list[str]:
        """What changes after the day of judgement (即将变化): the first of it, and where the rest stands."""
        ahead = self.visit.ahead
        told = "；".join(ahead[:AHEAD])
        more = f"；另有 {len(ahead) - AHEAD} 处变化，见{self.elsewhere}" if len(ahead) > AHEAD else ""
        return [f"即将变化：{told}{more}。"] if ahead else []

    @property
    def not_gone_into(self) -> list[str]:
        """What was not gone into (来访未涉及), in a sentence."""
        words = not_raised_words(self.visit)
        return [words] if words else []


def more_words(last: str, rest: int, elsewhere: str) -> str:
    """The last remark on sums that is told, with how many more there are, and where; both in one breath where they stand there."""
    told = f"并领、限额另有 {rest} 条"
    if last.endswith(there := f"{_TWO_WAYS}，见{elsewhere}。"):
        return f"{last.removesuffix(there)}；{told}，都见{elsewhere}。"
    return f"{last}{told}，见{elsewhere}。"


def _lacking(part: Visit) -> list[MaterialLine]:
    return [line for line in part.materials if line.state == "待补"]


def _whose_number(whose: Sequence[tuple[str, str]]) -> str:
    """For which policies a number is, each with its department; what several have alike is told once."""
    by: dict[str, list[str]] = {}
    for policy, where in whose:
        by.setdefault(where, []).append(policy)
    return "；".join(f"{''.join(policies)}{where}" for where, policies in by.items())


def departments(contacts: Sequence[Contact]) -> str:
    """The department and its office, without the numbers."""
    named = [one.text for one in contacts if not _NUMBER.search(one.text)]
    return " ".join(dict.fromkeys(named)) or "主管部门"


def numbers_of(contacts: Sequence[Contact]) -> tuple[tuple[tuple[str, str], ...], tuple[str, ...]]:
    """The numbers to call, each once with what it is for, and what else is to be said of them."""
    numbers: dict[str, str] = {}
    fine = []
    for one in contacts:
        found = _NUMBER.findall(one.text)
        if not found:
            continue
        plain = _NUMBERS_ONLY.fullmatch(one.text)
        numbers.setdefault("、".join(found), "" if _PLAIN_ROLES.fullmatch(one.role) else one.role)
        if plain is None:
            fine.append(f"{one.role}：{one.text}")
        if one.doubt:
            fine.append(one.doubt)
    return tuple(numbers.items()), tuple(fine)
