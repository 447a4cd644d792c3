"""From one policy's raw ``policy.yaml`` to a :class:`Policy`; every refusal is a diagnostic with its line."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, Literal, TypeVar

from pydantic import TypeAdapter, ValidationError

from pinggu_desk.policy.dates import day_words
from pinggu_desk.policy.errors import Diagnostic
from pinggu_desk.policy.forms import After, Cond, Expr, Name, Path
from pinggu_desk.policy.models import (
    KIND_CODES,
    USUAL_DEED,
    Benefit,
    ClaimOf,
    ContactSpec,
    Deadline,
    Definition,
    General,
    Limit,
    MaterialSpec,
    OtherStart,
    Policy,
    StepSpec,
    Worth,
)
from pinggu_desk.policy.reader import Source
from pinggu_desk.policy.surface import SurfaceError, read_condition, read_quantity
from pinggu_desk.policy.text import Text

_KEYS = {
    "政策", "已知自", "已知说明", "主管", "申请表", "服务对象", "定义", "总则", "事项", "限额", "材料", "材料说明",
    "流程", "咨询", "台账", "提示", "标题印", "核定", "自", "至", "失效自", "间断",
}  # fmt: skip
_BENEFIT_KEYS = {
    "事项", "代号", "依据", "类别", "领取人", "条件", "给予", "时限", "期限", "豁免", "口径", "提示", "说明", "结论", "折算", "核定",
}  # fmt: skip
_PERIODS: dict[str, Literal["月", "年", ""]] = {"每月": "月", "每年": "年", "合计": ""}
_T = TypeVar("_T")


class PolicyBuilder:
    """Builds one policy and collects what is wrong with it."""

    def __init__(self, source: Source, text: Text, basis: str = "") -> None:
        self.source, self.text, self.basis = source, text, basis
        self.found: list[Diagnostic] = []
        self.raw: dict[str, Any] = source.data if isinstance(source.data, dict) else {}

    def refuse(self, code: str, path: Path, sentence: str) -> None:
        """Note one diagnostic at ``path``."""
        self.found.append(self.source.found(code, path, sentence))

    def build(self) -> Policy | None:
        """The policy, or None when its frame cannot be read at all; see ``found``."""
        for key in self.raw:
            if key not in _KEYS:
                self.refuse("unknown-form", (key,), f"政策文件里没有“{key}”这一项。")
        policy_id = self.raw.get("政策")
        if not isinstance(policy_id, str):
            self.refuse("missing-part", (), "政策文件缺“政策”（编号）一项。")
            return None
        since, until = self._day("自"), self._until()
        known = self.raw.get("已知自", since)
        form = self.raw.get("申请表") or {}
        if not isinstance(known, date):
            self.refuse("missing-part", ("已知自",), "“已知自”应写日期，如 2024-02-01。")
            known = date(2024, 2, 1)
        serves = self.raw.get("服务对象", ["企业"])
        return Policy(
            id=policy_id, title=_plain_title(self.text), source=self.text.source, known_from=known,
            known_words=str(self.raw.get("已知说明", "")), department=str(self.raw.get("主管", "")),
            form_title=str(form.get("名", "")), form_clause=str(form.get("依据", "")),
            serves=tuple(serves), text=self.text,
            definitions=self._several("定义", self._definition),
            general=self._several("总则", self._general),
            benefits=self._several("事项", lambda raw, path: self._benefit(policy_id, raw, path)),
            limits=self._several("限额", lambda raw, path: self._limit(policy_id, raw, path)),
            materials=self._models("材料", MaterialSpec), materials_note=str(self.raw.get("材料说明", "")),
            steps=self._models("流程", StepSpec), contacts=self._models("咨询", ContactSpec),
            ledger=self._ledger(), cautions=tuple(self.raw.get("提示", ())),
            headings_hash=str(self.raw.get("标题印", "")), decided=str(self.raw.get("核定", "由主管部门核定")),
            basis=_of_version(self.basis, since, until), since=since, until=until,
            gap=str(self.raw.get("间断", "")), folder=self.source.name.split("/")[1],
            line=self.source.line(("自",) if since else ("至",)),
        )  # fmt: skip

    def _day(self, key: str) -> date | None:
        day = self.raw.get(key)
        if day is not None and not isinstance(day, date):
            self.refuse("bad-entry", (key,), f"“{key}”应写日期，如 2027-01-01。")
            return None
        return day

    def _until(self) -> date | None:
        """The last day (至); 失效自 says the day after it."""
        until, void = self._day("至"), self._day("失效自")
        if until is not None and void is not None:
            self.refuse(
                "bad-entry", ("失效自",), "“至”和“失效自”只写一个：“至”是执行的最后一天，“失效自”是它的后一天。"
            )
        return until or (void - timedelta(days=1) if void is not None else None)

    def _several(self, key: str, read: Callable[[Any, Path], _T]) -> tuple[_T, ...]:
        out: list[_T] = []
        for index, raw in enumerate(self.raw.get(key) or ()):
            try:
                out.append(read(raw, (key, index)))
            except SurfaceError as error:
                self.refuse(error.code, error.path, error.sentence)
        return tuple(out)

    def _models(self, key: str, model: type[_T]) -> tuple[_T, ...]:
        out: list[_T] = []
        for index, raw in enumerate(self.raw.get(key) or ()):
            try:
                out.append(TypeAdapter(model).validate_python(raw))
            except ValidationError as error:
                self.refuse("bad-entry", (key, index, *_place(error)), f"“{key}”第 {index + 1} 项{_why(error)}。")
        return tuple(out)

    def _ledger(self) -> dict[str, ClaimOf]:
        out: dict[str, ClaimOf] = {}
        for clause, raw in (self.raw.get("台账") or {}).items():
            try:
                out[clause] = ClaimOf.model_validate(raw)
            except ValidationError as error:
                self.refuse("bad-entry", ("台账", clause, *_place(error)), f"台账“{clause}”{_why(error)}。")
        return out

    def _head(self, raw: Any, path: Path, name_key: str) -> tuple[str, tuple[str, ...]]:
        if not isinstance(raw, Mapping) or not isinstance(raw.get(name_key), str):
            raise SurfaceError("missing-part", path, f"此处缺“{name_key}”。")
        cite = raw.get("依据")
        if not cite:
            raise SurfaceError("missing-citation", path, f"“{raw[name_key]}”没有写依据的条款。")
        return raw[name_key], (cite,) if isinstance(cite, str) else tuple(cite)

    def _definition(self, raw: Any, path: Path) -> Definition:
        name, cite = self._head(raw, path, "名")
        unknown = set(raw) - {"名", "依据", "条件", "量", "指标"}
        if unknown or ("条件" in raw) == ("量" in raw):
            raise SurfaceError("unknown-form", path, f"定义“{name}”应有且只有“条件”或“量”之一。")
        if "条件" in raw:
            body: Any = read_condition(raw["条件"], cite, (*path, "条件"))
        else:
            body = read_quantity(raw["量"], cite, (*path, "量"))
        return Definition(name, body, "条件" in raw, cite, path, bool(raw.get("指标", False)))

    def _general(self, raw: Any, path: Path) -> General:
        name, cite = self._head(raw, path, "名")
        if set(raw) - {"名", "依据", "条件"}:
            raise SurfaceError("unknown-form", path, f"总则“{name}”只能有名、依据、条件。")
        return General(name, read_condition(raw.get("条件"), cite, (*path, "条件")), cite, path)

    def _benefit(self, policy_id: str, raw: Any, path: Path) -> Benefit:
        title, cite = self._head(raw, path, "事项")
        for key in set(raw) - _BENEFIT_KEYS:
            raise SurfaceError("unknown-form", (*path, key), f"支持事项里没有“{key}”这一项。")
        code, kind = raw.get("代号"), raw.get("类别", "资金")
        if not isinstance(code, str):
            raise SurfaceError("missing-part", path, f"支持事项“{title}”缺代号。")
        if kind not in KIND_CODES:
            raise SurfaceError("unknown-option", (*path, "类别"), f"类别“{kind}”不在{'、'.join(KIND_CODES)}之内。")
        if "给予" not in raw:
            raise SurfaceError("missing-part", path, f"支持事项“{title}”没有写给予什么。")
        condition = read_condition(raw["条件"], cite, (*path, "条件")) if "条件" in raw else None
        notes, notes_when = _notes(raw.get("提示", ()), cite, (*path, "提示"))
        readings, told_when, doubted_when = _readings(raw.get("口径", ()), cite, (*path, "口径"))
        return Benefit(
            id=f"{policy_id}.{code}", title=title, cite=cite, kind=kind, recipient=str(raw.get("领取人", "企业")),
            condition=condition, give=read_quantity(raw["给予"], cite, (*path, "给予")),
            deadline=self._deadline(raw["时限"], cite, (*path, "时限")) if "时限" in raw else None,
            term=str(raw.get("期限", "")), exempt=tuple(raw.get("豁免", ())), readings=readings,
            notes=notes, path=path, about=str(raw.get("说明", "")), told_when=told_when, notes_when=notes_when,
            doubted_when=doubted_when,
            answers=tuple(raw.get("结论", ())),
            worth=self._worth(raw["折算"], cite, (*path, "折算")) if "折算" in raw else None,
            decided=str(raw.get("核定", "")),
        )  # fmt: skip

    def _worth(self, raw: Any, cite: tuple[str, ...], path: Path) -> Worth:
        periods = [key for key in _PERIODS if isinstance(raw, Mapping) and key in raw]
        if len(periods) != 1 or set(raw) - {periods[0], "申领", "已享", "另领"}:
            raise SurfaceError("unknown-form", path, "“折算”应写每月、每年、合计之一，另可写申领、已享、另领。")
        of = raw[periods[0]]
        base = None if of == "给予" else read_quantity(of, cite, (*path, periods[0]))
        asked, had, other = (
            Name(cite, (*path, key), str(raw[key])) if key in raw else None for key in ("申领", "已享", "另领")
        )
        return Worth(_PERIODS[periods[0]], base, asked, had, other)

    def _deadline(self, raw: Any, cite: tuple[str, ...], path: Path) -> Deadline:
        if not isinstance(raw, Mapping) or not {"起", "内", "逾期"} <= set(raw):
            raise SurfaceError("missing-part", path, "“时限”应写明起、内、逾期。")
        if set(raw) - {"起", "内", "办", "逾期", "当", "另起", "依据"}:
            raise SurfaceError("unknown-form", path, "“时限”只能有起、内、办、逾期、当、另起、依据。")
        own = raw.get("依据", cite)
        own = (own,) if isinstance(own, str) else tuple(own)
        deed = str(raw.get("办", USUAL_DEED))
        last = self._last_day(raw["起"], raw["内"], deed, own, path)
        when: Cond | None = read_condition(raw["当"], own, (*path, "当")) if "当" in raw else None
        other = self._other_start(raw["另起"], raw["内"], deed, own, (*path, "另起")) if "另起" in raw else None
        return Deadline(last, raw["起"], raw["内"], str(raw["逾期"]), when, own, other)

    def _last_day(self, start: str, term: str, deed: str, cite: tuple[str, ...], path: Path) -> Expr:
        """The last day of a time limit, and what has to be done by then."""
        last = read_quantity(f"{start} 后 {term}", cite, path)
        return replace(last, deed=deed) if isinstance(last, After) else last

    def _other_start(self, raw: Any, term: str, deed: str, cite: tuple[str, ...], path: Path) -> OtherStart:
        if not isinstance(raw, Mapping) or set(raw) - {"依据"} != {"起", "当", "问", "由"}:
            raise SurfaceError("unknown-form", path, "“另起”应写明起、当、问、由。")
        said = raw.get("依据", cite)
        own = (said,) if isinstance(said, str) else tuple(said)
        last = self._last_day(raw["起"], term, deed, own, path)
        when = read_condition(raw["当"], own, (*path, "当"))
        return OtherStart(last, raw["起"], when, str(raw["由"]), str(raw["问"]), own)

    def _limit(self, policy_id: str, raw: Any, path: Path) -> Limit:
        name, cite = self._head(raw, path, "名")
        if set(raw) - {"另一读法"} != {"名", "依据", "对", "不超过", "已领"}:
            raise SurfaceError("unknown-form", path, f"限额“{name}”应写明对、不超过、已领、依据，另可写另一读法。")
        benefits = tuple(f"{policy_id}.{code}" for code in raw["对"])
        most = read_quantity(raw["不超过"], cite, (*path, "不超过"))
        return Limit(name, benefits, most, str(raw["已领"]), cite, path, str(raw.get("另一读法", "")))


def _notes(raw: Any, cite: tuple[str, ...], path: Path) -> tuple[tuple[str, ...], tuple[tuple[str, Cond], ...]]:
    """提示: sentences, or ``{文, 当}`` for one that is told only where its condition holds."""
    plain: list[str] = []
    when: list[tuple[str, Cond]] = []
    for index, item in enumerate(raw):
        own: Path = (*path, index)
        if not isinstance(item, Mapping):
            plain.append(str(item))
            continue
        if not {"文", "当"} <= set(item) <= {"文", "当", "依据"}:
            raise SurfaceError("unknown-form", own, "“提示”应写一句话，或者写成{文: 一句话, 当: 条件}。")
        said = item.get("依据", cite)
        because = (said,) if isinstance(said, str) else tuple(said)
        when.append((str(item["文"]), read_condition(item["当"], because, (*own, "当"))))
    return tuple(plain), tuple(when)


_Whens = tuple[tuple[str, Cond], ...]


def _readings(raw: Any, cite: tuple[str, ...], path: Path) -> tuple[tuple[str, ...], _Whens, _Whens]:
    """口径: ids of readings, or ``{读法: id, 当: condition}`` for one that can only matter then; 不符合当 for a refusal."""
    ids: list[str] = []
    whens: dict[str, list[tuple[str, Cond]]] = {"当": [], "不符合当": []}
    for index, item in enumerate(raw):
        own: Path = (*path, index)
        if isinstance(item, Mapping):
            if "读法" not in item or not set(whens) & set(item) or set(item) - {"读法", "依据", *whens}:
                why = "“口径”应写读法的编号，或者写{读法: 编号, 当: 条件}，不符合时也要说的另写不符合当。"
                raise SurfaceError("unknown-form", own, why)
            said = item.get("依据", cite)
            because = (said,) if isinstance(said, str) else tuple(said)
            for key in set(whens) & set(item):
                whens[key].append((str(item["读法"]), read_condition(item[key], because, (*own, key))))
        ids.append(str(item["读法"] if isinstance(item, Mapping) else item))
    return tuple(ids), tuple(whens["当"]), tuple(whens["不符合当"])


def _place(error: ValidationError) -> Path:
    return tuple(part for part in error.errors()[0]["loc"])


def _why(error: ValidationError) -> str:
    first = error.errors()[0]
    where = "、".join(str(part) for part in first["loc"])
    words = {"missing": "没有写", "extra_forbidden": "没有这一项", "literal_error": "不在可用的词之内"}
    return f"的“{where}”{words.get(first['type'], '写法不对')}"


def _of_version(basis: str, since: date | None, until: date | None) -> str:
    """Where the text comes from, with the days between which this version is in force where the rules say them."""
    if not basis or (since is None and until is None):
        return basis
    first = f"自{day_words(since)}" if since is not None else ""
    return f"{basis}（{first}{f'至{day_words(until)}' if until is not None else '起'}执行）"


def _plain_title(text: Text) -> str:
    """The title as it is written today, where a sign of it is printed in an old form (辦法)."""
    title = text.title
    for doubt in text.doubts:
        if doubt.printed in title and not any(sign.isdigit() for sign in doubt.printed):
            title = title.replace(doubt.printed, doubt.other)
    return title
