"""``pinggu-desk match``: 能享受什么 without a window, in JSON or in plain sentences."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from pinggu_desk.assess.engine import Answers, Engine, read_answers
from pinggu_desk.assess.match.bundle import over_lines
from pinggu_desk.assess.match.match import GROUP_WORDS, Match, Subject, moved
from pinggu_desk.assess.match.report import match_json, moves_json
from pinggu_desk.commands.inputs import party_of, read_choices
from pinggu_desk.policy.characters import brief
from pinggu_desk.policy.errors import BadInput
from pinggu_desk.policy.quantity import wan
from pinggu_desk.work.outputs import writable

if TYPE_CHECKING:
    from datetime import date

    from pinggu_desk.commands.inputs import FactsFile

SUBJECTS: dict[str, Subject] = {"单位": "单位", "个人": "个人", "全部": ""}


def find_match(
    engine: Engine, given: FactsFile, on: date, subject: str, mentioned: frozenset[str] | None = None,
    chosen: Sequence[str] = (),
) -> Match:  # fmt: skip
    """The match for a facts file; BadInput where its answers cannot all be true.

    ``chosen`` are the options ``--choose``: what the applicant chose beside what the file says.

    ``mentioned`` are the matters that the visitor came with; what they say outright counts where the file says nothing.
    """
    matters = engine.pack.matters
    values = {**read_answers(engine.pack, matters.said(mentioned or ())), **given.values}
    broken = engine.inconsistencies(values, on)
    if broken:
        raise BadInput(f"文件“{given.path}”里的填报值互相矛盾：{broken[0].sentence}")
    choices = (*given.choices, *(read_choices(list(chosen), "选项 --choose", engine.pack) if chosen else ()))
    return Match(
        engine, Answers(on, values, given.awards), subject=SUBJECTS[subject], mentioned=mentioned, choices=choices
    )


def read_matters(engine: Engine, words: Iterable[str]) -> frozenset[str] | None:
    """The options ``--matter 事由``, as ids; None without any (everything is gone into). Raises BadInput."""
    found: set[str] = set()
    for word in words:
        one = engine.pack.matters.find(word)
        if one is None:
            near = engine.pack.matters.near(word)
            like = f"，是否指{'、'.join(f'“{name}”' for name in near)}" if near else ""
            raise BadInput(f"选项 --matter：没有叫“{brief(word)}”的事由{like}；全部事由用 matters 命令列出。")
        found.add(one.id)
    return frozenset(found) if found else None


def what_if(match: Match, changes: tuple[str, ...]) -> Match:
    """The same case with values changed (``填报项=值``); an empty value means not known. Raises BadInput."""
    values = dict(match.answers.values)
    for change in changes:
        name, mark, text = change.partition("=")
        if not mark:
            raise BadInput(f"试算“{change}”没有等号，应写成“填报项=值”，如“职工人数=20”。")
        read = read_answers(match.engine.pack, {name.strip(): text.strip()})
        fact = match.engine.pack.fact(name.strip())
        if fact is not None and not text.strip():
            values.pop(fact.name, None)
        values |= read
    broken = match.engine.inconsistencies(values, match.answers.on)
    if broken:
        raise BadInput(f"试算的填报值互相矛盾：{broken[0].sentence}")
    return match.updated(Answers(match.answers.on, values, match.answers.awards))


def write(match: Match, given: FactsFile, out_path: str) -> None:
    """The list (政策匹配清单) as PDF or workbook, by the name's ending. Raises BadInput, DeskError."""
    from pinggu_desk.documents.matchvisit import match_visit
    from pinggu_desk.documents.papers.matchlist import make_match_book, make_match_list

    makers = {".pdf": make_match_list, ".xlsx": make_match_book}
    out = writable(out_path)
    make = makers.get(out.suffix.lower())
    if make is None:
        raise BadInput(f"“{out_path}”的扩展名认不出来，政策匹配清单只写成 .pdf 或 .xlsx，请改文件名。")
    party = party_of(given, match.engine.pack.facts, ("个人",) if match.subject == "个人" else ())
    make(match_visit(match, party, printed_at=datetime.now()), out)


def report(match: Match, changed: dict[str, Match]) -> dict[str, Any]:
    """The match in JSON, and what moves under each change (``what_if``, ``on``, ``pack``)."""
    out = match_json(match)
    for name, other in changed.items():
        out[name] = {"pack": other.engine.pack.version, "on": other.answers.on.isoformat(),
                     "moves": moves_json(moved(match, other)),
                     "total_yuan": match_json(other)["bundle"]["total_yuan"]}  # fmt: skip
    return out


def lines(match: Match, changed: dict[str, Match]) -> Iterator[str]:
    """The match as a clerk reads it."""
    place = match.engine.pack.clause_place
    for key, ids in match.groups.items():
        if key == "not_raised":  # nothing was said of them, so nothing is said of each
            if ids:
                yield f"{GROUP_WORDS[key]}（{len(ids)}）：没有提到相关的事，未作测算，不等于不符合"
            continue
        yield f"{GROUP_WORDS[key]}（{len(ids)}）"
        for benefit in ids if key != "ineligible" else ():
            d = match.determination(benefit)
            reading = "，口径待主管部门确认" if d.readings else ""
            near = _near_words(match, benefit) if key == "near" else d.headline
            yield f"    {d.title}：{near}{reading}  依据《{d.policy_title}》{place(d.clause)}"
            yield from (f"        {note.words}" for note in d.overlaps if note.state in ("had", "elsewhere"))
    for benefit, step in match.steps.items():
        yield f"再进一步：{match.rules[benefit].benefit.title}：{step.words}，{match.gains.of(benefit).words}"
    yield from _bundle_lines(match)
    if match.question is not None:
        yield f"最多还要问 {match.left_but(())} 个问题"
        yield f"下一个要问的：{match.engine.pack.facts[match.question.fact].question}（关系到 {match.question.open_} 项）"
    yield from (f"即将变化：{one.words}。" for one in match.ahead)
    for name, other in changed.items():
        yield f"{name}：{len(moved(match, other))} 项有变化"
        for move in moved(match, other):
            yield f"    {move.title}：{move.before} → {move.after}"


def _near_words(match: Match, benefit: str) -> str:
    note = match.gains.of(benefit).note
    return match.near[benefit].words + (f"，{note}" if note else "")


def _bundle_lines(match: Match) -> Iterator[str]:
    bundle, place = match.bundle, match.engine.pack.clause_place
    yield f"最优组合：按条款计算的资金合计{wan(bundle.total_fen)}，以主管部门审核为准"
    if len(bundle.by_recipient) > 1:
        yield f"    其中{'、'.join(f'{who}{wan(fen)}' for who, fen in bundle.by_recipient.items())}"
    if bundle.open:
        more = bundle.without_analogy_ceilings_fen
        ceiling = f"，上限合计{wan(more)}" if more != bundle.ceilings_fen else ""
        yield f"    若主管部门认定可以并领，合计{wan(bundle.without_analogy_fen)}{ceiling}（待主管部门确认）"
    if bundle.ceilings_fen:
        yield f"    另有上限合计{wan(bundle.ceilings_fen)}，实际金额由主管部门核定，不计入合计"
    yield from (f"    {line}" for line in over_lines(bundle))
    for lost in bundle.given_up:
        why = "原文未写"
        if lost.rule:
            why = f"《{match.engine.pack.policies[lost.rule.split('.')[0]].title}》{place(lost.rule)}"
            why += "" if lost.explicit else "类推，待主管部门确认"
        first = "，从专门办法" if lost.preferred else ""
        left = "".join(f"；{words}" for words in (lost.choice_words, lost.same_words) if words)
        yield f"    不另取“{lost.title}”：{lost.matter}已取“{lost.instead_title}”（{why}）{first}，{lost.difference}{left}"
    yield from (f"    {one.words}" for one in bundle.waiting)
    yield from (f"    {one.words}" for one in bundle.choices if one.gone)
