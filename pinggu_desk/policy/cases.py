"""Worked examples (样例) beside a policy: ``cases.yaml`` in, plain cases out, each shorthand written out.

A file has 判断日 (the day of judgement unless a case says another), 基础 (named sets of shared facts, which may build
on one another by 用), 用例 (what somebody gets), 拒收 (what must be refused, with a piece of the sentence) 走不到
(lines of the rules that no answer can bring to work) and 无此结论 (outcomes that a benefit can't have), each with its
reason. A case may stand for several: 列 and 行 (one case a row; its parts of an outcome are the first benefit's), 逐一不填 (one case a
fact left open), 逐一改为 (one case a fact changed). Whoever runs them is elsewhere: this layer knows no engine.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path as FilePath
from typing import Any, Literal, TypeVar

from pydantic import Field, PrivateAttr, ValidationError, ValidationInfo, field_validator, model_validator

from pinggu_desk.policy.characters import brief
from pinggu_desk.policy.errors import BadPack, Diagnostic
from pinggu_desk.policy.facts import Strict
from pinggu_desk.policy.forms import Path
from pinggu_desk.policy.models import Pack
from pinggu_desk.policy.quantity import Dim, parse_quantity
from pinggu_desk.policy.reader import Source
from pinggu_desk.policy.resources import pack_root
from pinggu_desk.policy.unfinished import missing_cases

StatusWord = Literal["可申请", "不符合", "需补充信息", "需人工认定"]
FigureWord = Literal["computed", "up_to", "range", "by_review", "in_kind"]
Facts = dict[str, Any]
#: what the typed parts of an outcome may be measured in
_MEASURES = {
    "amount": {Dim.MONEY}, "least": {Dim.MONEY, Dim.RATE}, "most": {Dim.MONEY, Dim.RATE},
    "rate": {Dim.RATE}, "term": {Dim.MONTHS},
}  # fmt: skip
#: 以往奖励: 缺 — nobody knows the past awards, so facts that the register works out stay open
UNKNOWN_AWARDS = "缺"


class Expected(Strict):
    """What one benefit must come to. A part that is not said is not compared.

    Sums are typed money (``10万元``); the ends of a benefit that is a share (补贴率) are typed rates (``5%``).
    """

    status: StatusWord = Field(alias="结论")
    figure: FigureWord | None = Field(alias="口径", default=None)
    amount: str = Field(alias="金额", default="")
    least: str = Field(alias="最低", default="")
    most: str = Field(alias="最高", default="")
    rate: str = Field(alias="比例", default="")
    score: int | Literal["无"] | None = Field(alias="得分", default=None)
    failed: tuple[str, ...] | None = Field(alias="未达指标", default=None)  # by the fact each looks at
    missing: tuple[str, ...] | None = Field(alias="还缺", default=None)
    verdicts: tuple[str, ...] | None = Field(alias="认定", default=None)
    readings: tuple[str, ...] | None = Field(alias="读法", default=None)
    deadline: date | None = Field(alias="时限", default=None)
    provisional: bool = Field(alias="暂定", default=False)
    term: str = Field(alias="最长", default="")
    because: str = Field(alias="不符合因", default="")
    over: str | None = Field(alias="折算", default=None)  # what it comes to over time, in the words shown; 无: nothing

    @field_validator("amount", "least", "most", "rate", "term")
    @classmethod
    def _typed(cls, text: str, info: ValidationInfo) -> str:
        quantity = parse_quantity(text) if text else None
        if text and (quantity is None or quantity.dim not in _MEASURES[info.field_name or ""]):
            raise ValueError(text)
        return text

    @model_validator(mode="after")
    def _says_enough(self) -> Expected:
        """A case that does not say what matters about its outcome would pass whatever the rules do."""
        if self.status == "可申请" and self.figure is None:
            raise ValueError("可申请应写明口径")
        if self.status == "可申请" and self.figure == "computed" and not (self.amount or self.rate):
            raise ValueError("按条款计算的应写明金额或比例")
        if self.figure in ("up_to", "range") and self.status != "需补充信息" and not self.most:
            raise ValueError("上限应写明最高")
        if self.status == "不符合" and not self.because:
            raise ValueError("不符合应写明不符合因")
        if self.status == "需补充信息" and not self.missing:
            raise ValueError("需补充信息应写明还缺")
        if self.status == "需人工认定" and not self.verdicts:
            raise ValueError("需人工认定应写明认定")
        return self


def fen(text: str) -> int:
    """A typed sum of money (``10万元``), as the model has already read it, in whole fen."""
    return smallest(text)


def smallest(text: str) -> int:
    """A typed quantity that the model has already read, in smallest units (fen, months)."""
    quantity = parse_quantity(text)
    assert quantity is not None
    return quantity.value


class PastAward(Strict):
    """A past award (以往奖励) of a case."""

    policy: str = Field(alias="政策")
    benefit: str = Field(alias="事项")
    amount: str = Field(alias="金额")
    on: date = Field(alias="日期")


class Case(Strict):
    """One worked example: what it shows, on which clause, from which facts on which day, and what each benefit gets."""

    says: str = Field(alias="说")
    clause: str = Field(alias="依据")
    facts: Facts = Field(alias="事实", default_factory=dict)
    awards: tuple[PastAward, ...] | None = Field(alias="以往奖励", default=None)
    parameters: dict[str, str] = Field(alias="参数", default_factory=dict)  # as if an office had entered them
    on: date = Field(alias="判断日")
    expects: dict[str, Expected] = Field(alias="应得")
    _place: Path = PrivateAttr(())  # where it stands in its file: a row of a table has a line of its own

    @field_validator("awards", mode="before")
    @classmethod
    def _unknown(cls, raw: Any) -> Any:
        return None if raw == UNKNOWN_AWARDS else raw


class Refusal(Strict):
    """Facts that must be refused (拒收), and a piece of the one Chinese sentence that says so."""

    says: str = Field(alias="说")
    facts: Facts = Field(alias="事实")
    on: date = Field(alias="判断日")
    sentence: str = Field(alias="拒")
    _place: Path = PrivateAttr(())


class Unreachable(Strict):
    """A line of a rule, or one way that it can turn out, that no answer can bring about: its clause, words and why.

    ``words`` is a piece of the line's reading; without a ``way`` it is the whole of a line that is never run.
    """

    clause: str = Field(alias="依据")
    words: str = Field(alias="行")
    way: str = Field(alias="走向", default="")
    why: str = Field(alias="因", min_length=2)

    def is_it(self, branch: str) -> bool:
        """Whether a branch, written 条款｜读法 or 条款｜读法 → 走向, is the one meant."""
        place, rest = branch.split("｜", 1)
        if place != self.clause:
            return False
        return rest == self.words if not self.way else self.words in rest and rest.endswith(f"→ {self.way}")


class NoOutcome(Strict):
    """An outcome that a benefit can never come to (无此结论), and why: a verdict that nothing can spare, say."""

    benefit: str = Field(alias="事项")
    status: StatusWord = Field(alias="结论")
    why: str = Field(alias="因", min_length=2)


class Cases(Strict):
    """Every worked example of one policy, shorthand written out, in the file's order."""

    policy: str
    cases: tuple[Case, ...]
    refusals: tuple[Refusal, ...]
    unreachable: tuple[Unreachable, ...] = ()
    never: tuple[NoOutcome, ...] = ()
    _source: Source | None = PrivateAttr(None)

    def found(self, code: str, one: Case | Refusal, sentence: str) -> Diagnostic:
        """A finding about one of them, at the line on which it stands."""
        assert self._source is not None
        return self._source.found(code, one._place, sentence)


_EXPECTED = {field.alias for field in Expected.model_fields.values()}


def load_cases(pack: Pack, policy: str, root: FilePath | None = None) -> Cases:
    """The worked examples of one policy.

    Raises BadPack with every entry that cannot be used: an unknown base, benefit or clause, or an outcome that says
    too little to be compared.
    """
    root, name = root or pack_root(), f"policies/{pack.policies[policy].folder or policy}/cases.yaml"
    if not (root / name).is_file():
        raise BadPack([missing_cases(pack.policies[policy].folder or policy)])
    source = Source(root, name)
    found = source.read()
    if found:
        raise BadPack(found)
    reading = _Reading(pack, policy, source)
    cases = tuple(case for index, raw in enumerate(reading.listed("用例")) for case in reading.case(raw, index))
    refusals = tuple(one for index, raw in enumerate(reading.listed("拒收")) for one in reading.refusal(raw, index))
    unreachable = reading.plain("走不到", Unreachable)
    never = reading.plain("无此结论", NoOutcome)
    if reading.found:
        raise BadPack(reading.found)
    out = Cases(policy=policy, cases=cases, refusals=refusals, unreachable=unreachable, never=never)
    out._source = source
    return out


_M = TypeVar("_M", bound=Strict)
#: the parts that a file of examples may have
_PARTS = ("判断日", "基础", "用例", "拒收", "走不到", "无此结论")


class _Reading:
    """One file on its way to :class:`Cases`; collects what is wrong with it."""

    def __init__(self, pack: Pack, policy: str, source: Source) -> None:
        self._pack, self._policy, self._source = pack, policy, source
        self._raw: Mapping[str, Any] = source.data if isinstance(source.data, dict) else {}
        self.found: list[Diagnostic] = []
        for key in self._raw:  # one misspelt would leave every example under it out, and nothing would say so
            if key not in _PARTS:
                self._refuse((key,), f"样例文件里不认识“{brief(key)}”，应写{'、'.join(_PARTS)}。")

    def listed(self, key: str) -> Sequence[Mapping[str, Any]]:
        """The raw entries under one of the file's lists."""
        return self._raw.get(key) or ()

    def _refuse(self, path: tuple[str | int, ...], sentence: str) -> None:
        self.found.append(self._source.found("bad-case", path, sentence))

    # --- one entry ---

    def case(self, raw: Mapping[str, Any], index: int) -> list[Case]:
        """The cases that one entry stands for."""
        path = ("用例", index)
        shared = {key: value for key, value in raw.items() if key not in _SHORTHAND}
        shared.setdefault("判断日", self._raw.get("判断日"))
        shared["事实"] = self._facts(raw, path)
        out: list[Case] = []
        for change in self._variants(raw, path):
            merged = _changed(shared, change)
            try:
                one = Case.model_validate(merged)
                one._place = (*path, *change.place)
                out.append(one)
            except ValidationError as error:
                first = error.errors()[0]
                where = "、".join(str(part) for part in first["loc"])
                self._refuse(path, f"样例“{merged.get('说', index + 1)}”的“{where}”写法不对（{first['msg']}）。")
                return []
        for case in out[:1]:
            self._check(case, path)
        return out

    def refusal(self, raw: Mapping[str, Any], index: int) -> list[Refusal]:
        """The refusals that one entry stands for: itself, or one a row."""
        path = ("拒收", index)
        shared = {key: value for key, value in raw.items() if key not in _SHORTHAND}
        shared.setdefault("判断日", self._raw.get("判断日"))
        shared["事实"] = self._facts(raw, path)
        out: list[Refusal] = []
        for change in self._variants(raw, path):
            merged = _changed(shared, change)
            merged.pop("应得")
            try:
                one = Refusal.model_validate(merged)
                one._place = (*path, *change.place)
                out.append(one)
            except ValidationError as error:
                self._refuse(path, f"拒收样例“{merged.get('说', index + 1)}”写法不对（{error.errors()[0]['msg']}）。")
        return out

    def plain(self, key: str, model: type[_M]) -> tuple[_M, ...]:
        """The entries of a list without shorthand."""
        out: list[_M] = []
        for index, raw in enumerate(self.listed(key)):
            try:
                out.append(model.model_validate(raw))
            except ValidationError as error:
                self._refuse((key, index), f"“{key}”的第{index + 1}条写法不对（{error.errors()[0]['msg']}）。")
        return tuple(out)

    def _check(self, case: Case, path: tuple[str | int, ...]) -> None:
        known = {benefit.id for benefit in self._pack.policies[self._policy].benefits}
        for code in case.expects:
            if f"{self._policy}.{code}" not in known:
                self._refuse(path, f"样例“{case.says}”里的事项“{code}”不存在。")
        for name, value in case.parameters.items():
            parameter, quantity = self._pack.parameters.get(name), parse_quantity(value)
            if parameter is None or quantity is None:
                self._refuse(path, f"样例“{case.says}”里的参数“{name}: {value}”不存在或者写法不对。")
        if not self._pack.policies[self._policy].text.find(case.clause):
            self._refuse(path, f"样例“{case.says}”所依据的条款“{case.clause}”不在原文里。")

    # --- facts and shorthand ---

    def _facts(self, raw: Mapping[str, Any], path: tuple[str | int, ...]) -> Facts:
        return (
            {**self._base(str(raw["用"]), path), **(raw.get("事实") or {})}
            if "用" in raw
            else dict(raw.get("事实") or {})
        )

    def _base(self, name: str, path: tuple[str | int, ...], above: tuple[str, ...] = ()) -> Facts:
        bases: Mapping[str, Facts] = self._raw.get("基础") or {}
        if name not in bases or name in above:
            self._refuse(path, f"样例用到的基础“{name}”不存在，或者绕了一圈又用到自己。")
            return {}
        own = dict(bases[name])
        parent = own.pop("用", None)
        return {**(self._base(parent, path, (*above, name)) if parent else {}), **own}

    def _variants(self, raw: Mapping[str, Any], path: tuple[str | int, ...]) -> list[_Change]:
        if "列" in raw or "行" in raw:
            columns, rows = raw.get("列") or (), raw.get("行") or ()
            if any(len(row) != len(columns) for row in rows) or not rows:
                self._refuse(path, f"样例“{raw.get('说')}”的“行”和“列”格数不一。")
                return []
            return [_row(columns, row, ("行", at)) for at, row in enumerate(rows)]
        if "逐一不填" in raw:
            return [
                _Change(f"不填“{name}”", {name: None}, {"还缺": [name]}, place=("逐一不填", at))
                for at, name in enumerate(raw["逐一不填"])
            ]
        if "逐一改为" in raw:
            return [
                _Change(f"“{name}”为{value}", {name: value}, {"不符合因": name}, place=("逐一改为", name))
                for name, value in raw["逐一改为"].items()
            ]
        return [_Change("", {}, {})]


_SHORTHAND = {"用", "列", "行", "逐一不填", "逐一改为"}


@dataclass(frozen=True)
class _Change:
    """What one variant changes: facts, the outcome (of every benefit, or of the first named), and other entries."""

    says: str
    facts: Facts
    expected: dict[str, Any]
    other: dict[str, Any] = field(default_factory=dict)
    for_all: bool = True
    place: Path = ()


def _row(columns: Sequence[str], row: Sequence[Any], place: Path) -> _Change:
    cells = dict(zip(columns, row, strict=True))
    expected = {name: value for name, value in cells.items() if name in _EXPECTED and value is not None}
    other = {name: value for name, value in cells.items() if name in ("拒", "判断日")}
    facts = {name: value for name, value in cells.items() if name not in _EXPECTED and name not in other}
    said = {name: value for name, value in cells.items() if name in facts or name == "判断日"}
    given = "，".join(f"不填“{name}”" if value is None else f"{name} {value}" for name, value in said.items())
    return _Change(given, facts, expected, other, for_all=False, place=place)


def _changed(shared: Mapping[str, Any], change: _Change) -> dict[str, Any]:
    facts = {**shared["事实"], **change.facts}
    first = next(iter(shared.get("应得") or {}), "")
    expects = {
        code: {**change.expected, **said} if change.for_all or code == first else said
        for code, said in (shared.get("应得") or {}).items()
    }
    words = f"{shared.get('说')}：{change.says}" if change.says else shared.get("说")
    plain = {name: value for name, value in facts.items() if value is not None}
    return {**shared, **change.other, "说": words, "事实": plain, "应得": expects}
