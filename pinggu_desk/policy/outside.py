"""Outside figures (外部参数) as an office, a facts file or an option enters them: read, checked, put beside the pack's own."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from pinggu_desk.policy.errors import BadAnswer, Diagnostic
from pinggu_desk.policy.facts import Fact, read_answer
from pinggu_desk.policy.lines import Lines
from pinggu_desk.policy.models import Pack
from pinggu_desk.policy.parameters import Parameter, ParameterValue

_KEYS = {
    "值": "值",
    "value": "值",
    "自": "自",
    "since": "自",
    "至": "至",
    "until": "至",
    "来源": "来源",
    "source": "来源",
}
_DAY = Fact.model_validate({"名": "日期", "代号": "parameter_day", "类": "日期", "问": "日期"})
_ALWAYS = date.min, date.max
_FILE = "parameters.yaml"


def fact_of(parameter: Parameter) -> Fact:
    """A parameter as a field asks for it and its value is read."""
    return Fact.model_validate({
        "名": "".join(c for c in parameter.name if c.isalnum()), "代号": parameter.id, "类": parameter.kind,
        "问": parameter.about, "单位": parameter.unit,
    })  # fmt: skip


def value_of(parameter: Parameter, text: Any) -> int:
    """A value in smallest units. Raises BadAnswer: no number, another unit, or one that can't be meant."""
    fact = fact_of(parameter)
    value = read_answer(fact, text)
    assert isinstance(value, int)
    for bound, less in ((parameter.least, True), (parameter.most, False)):
        end = read_answer(fact, bound) if bound else value
        assert isinstance(end, int)
        if value < end if less else value > end:
            raise BadAnswer(
                f"外部参数“{parameter.name}”的值“{str(text)[:40]}”{'太小' if less else '太大'}，应在{parameter.least}至"
                f"{parameter.most}之间，请核对数和单位。"
            )
    return value


def named(pack: Pack, name: str) -> Parameter:
    """A parameter by its Chinese name or its code. Raises BadAnswer naming what may have been meant."""
    for parameter in pack.parameters.values():
        if name in (parameter.name, parameter.id):
            return parameter
    raise BadAnswer(f"没有名为“{name[:40]}”的外部参数，可填的有{'、'.join(pack.parameters)}。")


def read_figures(pack: Pack, raw: Any, source: str) -> dict[str, tuple[ParameterValue, ...]]:
    """Read ``{名: "4.2%"}`` or ``{名: {值, 自, 至, 来源}}`` (or a list of these); ``source`` stands where none is given.

    Raises BadAnswer with one sentence.
    """
    if not isinstance(raw, Mapping):
        raise BadAnswer(
            'parameters 应是一个对象，如 {"贷款市场报价利率": {"值": "3.1%", "自": "2026-01-20", "来源": "…"}}。'
        )
    out: dict[str, tuple[ParameterValue, ...]] = {}
    for name, given in raw.items():
        parameter = named(pack, str(name))
        if parameter.name in out:
            raise BadAnswer(f"外部参数“{parameter.name}”给了两次（名称和代号各一次），请只留一个。")
        each = given if isinstance(given, list) else [given]
        out[parameter.name] = tuple(_figure(parameter, one, source) for one in each)
        check_dates(parameter.name, out[parameter.name])
    return out


def _figure(parameter: Parameter, given: Any, source: str) -> ParameterValue:
    stated = given if isinstance(given, Mapping) else {"值": given}
    unknown = [key for key in stated if key not in _KEYS]
    if unknown:
        raise BadAnswer(f"外部参数“{parameter.name}”里不认识“{str(unknown[0])[:40]}”，应写值、自、至、来源。")
    said = {_KEYS[key]: value for key, value in stated.items()}
    if said.get("值") in (None, ""):
        raise BadAnswer(f'外部参数“{parameter.name}”没有写值，应写成如 {{"值": "3.1%", "自": "2026-01-20"}}。')
    return make_figure(
        parameter, said["值"], said.get("自") or "", said.get("至") or "", str(said.get("来源") or source)
    )


def make_figure(
    parameter: Parameter, value: Any, since: Any = "", until: Any = "", source: str = "", by: str = ""
) -> ParameterValue:
    """One value as it is kept: in words with its unit. Raises BadAnswer."""
    shown = fact_of(parameter).show(value_of(parameter, value))
    days = [_day(parameter, "起始日", since), _day(parameter, "截止日", until)]
    if days[0] and days[1] and days[0] > days[1]:
        raise BadAnswer(f"外部参数“{parameter.name}”的截止日早于起始日，请核对日期。")
    return ParameterValue(since=days[0], until=days[1], value=shown, source=source.strip(), by=by)


def _day(parameter: Parameter, what: str, text: Any) -> date | None:
    if text in ("", None):
        return None
    try:
        value = read_answer(_DAY, text)
    except BadAnswer:
        raise BadAnswer(f"外部参数“{parameter.name}”的{what}“{str(text)[:40]}”看不懂，请写成如 2026-01-20。") from None
    assert isinstance(value, int)
    return date.fromordinal(value)


def check_dates(name: str, values: Iterable[ParameterValue]) -> None:
    """Raises BadAnswer where two values of a parameter would be in force on one day."""
    ordered = sorted(values, key=lambda value: value.since or _ALWAYS[0])
    for before, after in itertools.pairwise(ordered):
        if (before.until or _ALWAYS[1]) >= (after.since or _ALWAYS[0]):
            raise BadAnswer(
                f"外部参数“{name}”的两个值日期重叠（{before.value}与{after.value}），请先写明前一个的截止日。"
            )


def with_figures(pack: Pack, entered: Mapping[str, Sequence[ParameterValue]]) -> dict[str, Parameter]:
    """The pack's parameters with what was entered before what the pack itself knows."""
    return {
        name: parameter.model_copy(update={"values": (*entered.get(name, ()), *parameter.values)})
        for name, parameter in pack.parameters.items()
    }


def pack_with(pack: Pack, entered: Mapping[str, Sequence[ParameterValue]]) -> Pack:
    """The pack as it answers with these figures entered."""
    return replace(pack, parameters=with_figures(pack, entered)) if entered else pack


def check_parameters(parameters: Iterable[Parameter], lines: Lines) -> list[Diagnostic]:
    """What is wrong with the pack's own outside figures: no figure, one that can't be meant, days that don't fit, no source."""
    out: list[Diagnostic] = []

    def tell(parameter: Parameter, code: str, sentence: str) -> None:
        out.append(Diagnostic(code, _FILE, lines.of(_FILE, parameter.name), sentence))

    for parameter in parameters:
        sound = True
        for bound in (parameter.least, parameter.most):
            sound = sound and (not bound or _readable(parameter, bound))
        if not sound:
            tell(parameter, "bad-parameter", f"参数“{parameter.name}”的最少、最多应是带单位的量，如 3万元。")
            continue
        for value in parameter.values:
            try:
                if value_of(parameter, value.value) == 0:
                    tell(
                        parameter,
                        "bad-parameter",
                        f"参数“{parameter.name}”的值是“{value.value}”，没有公布的不写，不能写零。",
                    )
            except BadAnswer as error:
                tell(parameter, "bad-parameter", error.sentence)
            if value.since and value.until and value.until < value.since:
                tell(
                    parameter,
                    "bad-parameter",
                    f"参数“{parameter.name}”的截止日 {value.until} 早于起始日 {value.since}。",
                )
            if not value.source.strip():
                tell(parameter, "bad-parameter", f"参数“{parameter.name}”的值“{value.value}”没有写来源。")
        for before, after in itertools.pairwise(parameter.values):
            if after.since is None or before.until is None or after.since != before.until + timedelta(days=1):
                tell(parameter, "parameter-hole", f"参数“{parameter.name}”的日期前后不相接，请补齐。")
    return out


def _readable(parameter: Parameter, text: str) -> bool:
    try:
        read_answer(fact_of(parameter), text)
    except BadAnswer:
        return False
    return True
