"""Worked examples (样例) run: what each comes to, held against what its author worked out by hand from the text."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from pinggu_desk.assess.awards import Award
from pinggu_desk.assess.determination import FIGURE_WORDS, STATUS_WORDS, Determination
from pinggu_desk.assess.determine import determine
from pinggu_desk.assess.engine import Answers, Engine, read_answers
from pinggu_desk.policy.cases import Case, Cases, Expected, Facts, fen, smallest
from pinggu_desk.policy.errors import BadAnswer, Diagnostic
from pinggu_desk.policy.models import Pack
from pinggu_desk.policy.parameters import ParameterValue
from pinggu_desk.policy.quantity import Dim, show, wan

_SINCE = date(2020, 1, 1)
#: what is said where nothing came out
_NOTHING = {
    "口径": "没有金额", "金额": "没有确定的金额", "比例": "没有确定的比例", "最低": "没有下限", "最高": "没有上限",
    "得分": "没有得分", "最长": "没有期限", "时限": "没有时限",
}  # fmt: skip


def wrong_examples(engine: Engine, cases: Cases) -> list[Diagnostic]:
    """The examples of one policy that don't come out as they say, and the refusals that are taken.

    Outside figures that were entered in the engine are gone afterwards: it is one made for checking.
    """
    version = engine.pack.policies[cases.policy].folder
    found, last = list[Diagnostic](), dict[str, str]()
    for case in cases.cases:
        if engine.at(case.on) is not engine and engine.at(case.on).pack.policies[cases.policy].folder != version:
            told = f"样例“{case.says}”的判断日 {case.on} 不在这个版本的执行期内，请改成执行期内的日期。"
            found.append(cases.found("wrong-example", case, told))
            continue
        if case.parameters != last:
            last = case.parameters
            engine.enter({key: entered(value) for key, value in last.items()})
        found += [cases.found("wrong-example", case, line) for line in _wrong(engine, cases.policy, case)]
    engine.enter({})
    for refusal in cases.refusals:
        said = refused_in(engine, refusal.facts, refusal.on)
        if refusal.sentence not in said:
            told = f"拒收样例“{refusal.says}”应说“{refusal.sentence}”，说的是“{said or '（收下了）'}”。"
            found.append(cases.found("wrong-example", refusal, told))
    return found


def entered(value: str) -> tuple[ParameterValue, ...]:
    """An outside figure of an example, as if an office had entered it."""
    return (ParameterValue.model_validate({"自": _SINCE, "值": value, "来源": "样例"}),)


def _wrong(engine: Engine, policy: str, case: Case) -> list[str]:
    try:
        answers = answers_of(engine.pack, case)
    except BadAnswer as error:
        return [f"样例“{case.says}”：{error.sentence}"]
    broken = engine.inconsistencies(answers.values, case.on)
    if broken:
        return [f"样例“{case.says}”的填报值本该拒收：{broken[0].sentence}"]
    found = {one.benefit: one for one in determine(engine, answers, [policy])}
    lines = [
        line for code, expected in case.expects.items()
        for line in differences(engine.pack, found[f"{policy}.{code}"], expected)
    ]  # fmt: skip
    return [f"样例“{case.says}”（{case.clause}，判断日 {case.on}）：{line}。" for line in lines]


def answers_of(pack: Pack, case: Case) -> Answers:
    """An example's facts as the desk would read them. Raises BadAnswer."""
    awards = None if case.awards is None else [
        Award(award.policy, award.benefit, fen(award.amount), award.on) for award in case.awards
    ]  # fmt: skip
    return Answers(case.on, read_answers(pack, spoken(case.facts)), awards)


def spoken(facts: Mapping[str, Any]) -> Facts:
    """YAML reads a bare date as one; the desk is given its text."""
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in facts.items()}


def refused_in(engine: Engine, facts: Facts, on: date) -> str:
    """The sentence that bad values are refused in; empty where they are taken."""
    try:
        values = read_answers(engine.pack, spoken(facts))
    except BadAnswer as error:
        return error.sentence
    broken = engine.inconsistencies(values, on)
    return broken[0].sentence if broken else ""


def differences(pack: Pack, found: Determination, expected: Expected) -> list[str]:
    """What differs from what was expected, each as a sentence for a policy officer, without its full stop."""
    said: list[tuple[str, object, object]] = [("结论", STATUS_WORDS[found.status], expected.status)]
    if expected.figure:
        said.append(("口径", found.figure, expected.figure))
    said += _sums(found, expected)
    if expected.score is not None:
        said.append(("得分", found.score, None if expected.score == "无" else expected.score))
    if expected.failed is not None:
        said.append(("未达指标", [i.name for i in found.indicators if i.passed is False], list(expected.failed)))
    if expected.over is not None:
        said.append(("折算", found.over.words if found.over else "无", expected.over))
    if expected.term:
        said.append(("最长", found.max_months, smallest(expected.term)))
    if expected.missing is not None:
        said.append(("还缺", sorted(m.name for m in found.missing if m.kind != "verdict"), sorted(expected.missing)))
    if expected.readings is not None:
        said.append(("读法", sorted(r.id for r in found.readings), sorted(expected.readings)))
    if expected.deadline is not None:
        day = found.deadline.day if found.deadline else None
        said.append(("时限", day, expected.deadline))
        said.append(("暂定", found.deadline is not None and found.deadline.provisional, expected.provisional))
    wrong = [
        f"{found.title}：{words}应为{_words(words, want)}，得出{_words(words, got)}"
        for words, got, want in said if got != want
    ]  # fmt: skip
    if expected.figure in ("up_to", "by_review") and found.amount_fen is not None:
        wrong.append(f"{found.title}：不应有确定的金额，得出{wan(found.amount_fen)}")
    return wrong + _unsaid(pack, found, expected)


def _words(of: str, value: object) -> str:
    """What was expected or came out, as an officer writes it into an example; never the name of a type."""
    match value:
        case None:
            return _NOTHING[of]
        case bool():
            return "是" if value else "否"
        case list():
            return f"“{'、'.join(map(str, value))}”" if value else "没有"
        case date():
            return show(value.toordinal(), Dim.DATE)
        case Decimal():
            return f"{value}%"
        case int():
            return show(value, Dim.MONTHS) if of == "最长" else f"{value}分"
        case str() if of == "口径" and value in FIGURE_WORDS:
            return f"{value}（{FIGURE_WORDS[value]}）"
        case _:
            return str(value)


def _sums(found: Determination, expected: Expected) -> list[tuple[str, object, object]]:
    said: list[tuple[str, object, object]] = []
    for words, fen_found, pct_found, text in (
        ("金额", found.amount_fen, None, expected.amount), ("比例", None, found.rate_pct, expected.rate),
        ("最低", found.min_fen, found.rate_min_pct, expected.least),
        ("最高", found.max_fen, found.rate_max_pct, expected.most),
    ):  # fmt: skip
        if text.endswith("%"):
            said.append((words, pct_found and Decimal(pct_found), Decimal(text.removesuffix("%"))))
        elif text:
            said.append((words, None if fen_found is None else wan(fen_found), wan(fen(text))))
    return said


def _unsaid(pack: Pack, found: Determination, expected: Expected) -> list[str]:
    wrong: list[str] = []
    verdicts = [m.name for m in found.missing if m.kind == "verdict"]
    if expected.verdicts is not None:
        lacking = [words for words in expected.verdicts if not any(words in verdict for verdict in verdicts)]
        if lacking or len(verdicts) != len(expected.verdicts):
            wrong.append(
                f"{found.title}：认定应为{_words('认定', list(expected.verdicts))}，得出{_words('认定', verdicts)}"
            )
    if expected.because and expected.status == "不符合":
        reasons = [line for line in found.trace if line.mark == "fails"]
        if not any(expected.because in line.text for line in reasons):
            wrong.append(
                f"{found.title}：不符合的原因应说到“{expected.because}”，得出{_words('原因', [r.text for r in reasons])}"
            )
        if not all(pack.clause_words(line.clause) for line in reasons):
            wrong.append(f"{found.title}：有一条不符合的原因没有条款")
    return wrong
