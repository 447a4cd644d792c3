"""Reading what the command line is given: the facts file, dates, output paths; refusals are one Chinese sentence."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pinggu_desk.assess.awards import AMOUNT, AWARDED, Award
from pinggu_desk.assess.engine import read_answers
from pinggu_desk.documents.visit import Party
from pinggu_desk.policy.characters import brief, plain_text
from pinggu_desk.policy.errors import BadAnswer, BadInput
from pinggu_desk.policy.facts import PRIOR, Fact, read_answer
from pinggu_desk.policy.identity import DOCUMENT_TYPES, check_document, document_of, is_identity_number, normal_code
from pinggu_desk.policy.models import Pack
from pinggu_desk.policy.outside import read_figures
from pinggu_desk.policy.parameters import ParameterValue
from pinggu_desk.policy.usual import doubt_of

if TYPE_CHECKING:
    from pinggu_desk.assess.interview import Interview

_PARTY_KINDS = ("企业", "机构", "个人")
#: no applicant's answers and awards come near it
_MOST_BYTES = 16 << 20
_MOST_MATTER = 200
_MOST_AWARDS = 10_000
#: as many past awards are named in one hint, and as many hints given
_MOST_TOLD = 5
_DAY = Fact.model_validate({"名": "判断日", "代号": "judged_on", "类": "日期", "问": "判断日"})


@dataclass(frozen=True)
class FactsFile:
    """A facts file as read: values in smallest units, the same as texts, past awards (None: not stated), what was chosen (ids)."""

    path: str
    values: Mapping[str, int | str]
    texts: Mapping[str, str]
    awards: tuple[Award, ...] | None
    outside: Mapping[str, tuple[ParameterValue, ...]] = field(default_factory=dict)
    choices: tuple[str, ...] = ()


def read_day(text: str | None, option: str = "--on") -> date:
    """A date option; today when it is not given. Raises BadInput."""
    if text is None:
        return date.today()
    try:
        value = read_answer(_DAY, text)
    except BadAnswer as error:
        raise BadInput(f"选项 {option}：{error.sentence}") from None
    assert isinstance(value, int)
    return date.fromordinal(value)


def read_facts_file(path: str, pack: Pack) -> FactsFile:
    """Read ``{fact id or Chinese label: value}`` with past awards under ``awards``, what the applicant chose under ``choices``.

    Raises BadInput naming the place.
    """
    raw = _json(path)
    if not isinstance(raw, dict):
        raise BadInput(f'文件“{path}”的内容应是一个 JSON 对象，如 {{"申请人名称": "示例公司"}}。')
    awards = _awards(raw.pop("awards"), path, pack) if "awards" in raw else None
    choices = read_choices(raw.pop("choices"), f"文件“{path}”的 choices", pack) if "choices" in raw else ()
    try:
        outside = read_figures(pack, raw.pop("parameters"), "填报值文件") if "parameters" in raw else {}
        values = read_answers(pack, raw)
    except BadAnswer as error:
        raise BadInput(f"文件“{path}”：{error.sentence}") from None
    if awards and values.get(PRIOR) == 0:
        raise BadInput(f"文件“{path}”里“{PRIOR}”填的是否，awards 却列有 {len(awards)} 项，请核对后只留对的一处。")
    texts = {}
    for key, value in raw.items():
        fact = pack.fact(key)
        if fact is not None and fact.name in values:
            read = values[fact.name]
            texts[fact.name] = read if isinstance(read, str) else _as_typed(value)
    return FactsFile(path, values, texts, awards, outside, choices)


def read_choices(raw: Any, where: str, pack: Pack) -> tuple[str, ...]:
    """What the applicant chose (申请人选择): ids or titles of benefits, in the order of choosing. Raises BadInput."""
    if not isinstance(raw, list) or not all(isinstance(one, str) for one in raw):
        raise BadInput(f"{where}应是支持事项编号的列表，用 policies 命令可以查到编号。")
    by_name: dict[str, list[str]] = {}
    for policy in pack.policies.values():
        for benefit in policy.benefits:
            by_name.setdefault(benefit.id, []).append(benefit.id)
            by_name.setdefault(benefit.title, []).append(benefit.id)
    out: list[str] = []
    for one in raw:
        found = by_name.get(one.strip(), [])
        if not found:
            raise BadInput(f"{where}：没有“{brief(one)}”这个支持事项，用 policies 命令查看编号。")
        if len(found) > 1:
            raise BadInput(f"{where}：叫“{brief(one)}”的支持事项不止一个，请写编号（{'、'.join(found)}）。")
        out.append(found[0])
    return tuple(out)


def read_parameters(given: Iterable[str], pack: Pack) -> dict[str, tuple[ParameterValue, ...]]:
    """The options ``--parameter 名=值``. Raises BadInput."""
    stated: dict[str, str] = {}
    for one in given:
        name, mark, value = one.replace("＝", "=", 1).partition("=")
        if not mark or not name.strip() or not value.strip():
            raise BadInput(f"选项 --parameter“{one[:80]}”应写成“名=值”，如“贷款市场报价利率=3.1%”。")
        if name.strip() in stated:
            raise BadInput(f"选项 --parameter 里“{name.strip()[:40]}”写了两次，请只留一处。")
        stated[name.strip()] = value.strip()
    try:
        return read_figures(pack, stated, "命令行选项") if stated else {}
    except BadAnswer as error:
        raise BadInput(f"选项 --parameter：{error.sentence}") from None


def _as_typed(value: Any) -> str:
    """A JSON value as a clerk would have typed it."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Decimal):
        return f"{value:f}"
    return str(value)


def _json(path: str) -> Any:
    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        seen: dict[str, Any] = {}
        for key, value in items:
            if key in seen:
                raise BadInput(f"文件“{path}”里“{brief(key)}”写了两次，请只留一处。")
            seen[key] = value
        return seen

    def constant(name: str) -> Any:
        raise BadInput(f"文件“{path}”里有“{name}”，它不是数，请改成数字或去掉。")

    try:
        with Path(path).open("rb") as file:
            raw = file.read(_MOST_BYTES + 1)
        text = raw.decode("utf-8-sig")
    except FileNotFoundError:
        raise BadInput(f"找不到文件“{path}”，请核对路径。") from None
    except IsADirectoryError:
        raise BadInput(f"“{path}”是一个目录，请给出 JSON 文件。") from None
    except UnicodeDecodeError:
        raise BadInput(f"文件“{path}”不是 UTF-8 编码，请另存为 UTF-8。") from None
    except (OSError, ValueError):  # ValueError: a path that no system has
        raise BadInput(f"文件“{path}”读不出来，请检查路径、权限和磁盘。") from None
    if len(raw) > _MOST_BYTES:
        raise BadInput(f"文件“{path}”超过 {_MOST_BYTES >> 20} MB，填报值文件不会这么大，请核对。")
    try:
        value = json.loads(text, parse_float=Decimal, object_pairs_hook=pairs, parse_constant=constant)
        json.dumps(value, ensure_ascii=False, default=str).encode()  # half a character has no bytes
        return value
    except json.JSONDecodeError as error:
        raise BadInput(
            f"文件“{path}”第 {error.lineno} 行第 {error.colno} 列不合 JSON 写法，请检查引号、逗号和括号。"
        ) from None
    except UnicodeEncodeError:
        raise BadInput(f"文件“{path}”里有不完整的字符（\\ud800 至 \\udfff 须成对），请改成完整的字。") from None
    except (RecursionError, ValueError, ArithmeticError):
        raise BadInput(f"文件“{path}”的嵌套过深或数字过长，请改成一层的“填报项: 值”。") from None


def _awards(raw: Any, path: str, pack: Pack) -> tuple[Award, ...]:
    if not isinstance(raw, list):
        raise BadInput(f"文件“{path}”的 awards 应是列表，没有以往奖励就写 []。")
    if len(raw) > _MOST_AWARDS:
        raise BadInput(f"文件“{path}”的 awards 有 {len(raw):,} 项，一个申请人不会有这么多，请核对。")
    ids = {benefit.id for policy in pack.all_policies() for benefit in policy.benefits}
    return tuple(_award(item, f"文件“{path}”的 awards 第 {i} 项", pack, ids) for i, item in enumerate(raw, 1))


def _award(item: Any, where: str, pack: Pack, ids: Collection[str]) -> Award:
    if not isinstance(item, dict) or not {"policy", "benefit", "amount", "date"} <= set(item):
        raise BadInput(f"{where}应写明 policy、benefit、amount、date。")
    named, wanted = brief(item["policy"]), brief(item["benefit"])
    policy = pack.policies.get(named)
    benefit = wanted.removeprefix(f"{named}.")
    if policy is None or f"{policy.id}.{benefit}" not in ids:
        raise BadInput(f"{where}：没有“{named}.{benefit}”这个支持事项，用 policies 命令查看编号。")
    matter = item.get("matter", "")
    if not isinstance(matter, str) or len(matter) > _MOST_MATTER:
        raise BadInput(f"{where}的 matter 应为不超过 {_MOST_MATTER} 个字的文字。")
    try:
        amount, day = read_answer(AMOUNT, item["amount"]), read_answer(AWARDED, item["date"])
    except BadAnswer as error:
        raise BadInput(f"{where}：{error.sentence}") from None
    assert isinstance(amount, int) and isinstance(day, int)
    return Award(policy.id, benefit, amount, date.fromordinal(day), plain_text(matter))


def pack_folder(text: str) -> Path:
    """The folder of another pack. Raises BadInput where it is none."""
    root = Path(text)
    if not (root / "policies").is_dir():
        raise BadInput(f"“{text}”不是政策包目录（其中应有 policies 子目录），请核对路径。")
    return root


def award_doubts(given: FactsFile, on: date) -> list[str]:
    """The past awards worth a second look: far from what one usually comes to, of a day that is still to come, or told twice."""
    said: dict[str, list[int]] = {}
    first: dict[Award, int] = {}
    for number, award in enumerate(given.awards or (), 1):
        if (same := first.setdefault(award, number)) != number:
            words = f"同第 {same} 项完全一样，各算了一次，请核对是不是写了两遍。"
            said.setdefault(words, []).append(number)
        for fact, value in ((AMOUNT, award.amount_fen), (AWARDED, award.on.toordinal())):
            if sentence := doubt_of(fact, value, on):
                said.setdefault(sentence, []).append(number)
    told = [f"以往奖励第 {_numbers(numbers)}：{words}" for words, numbers in list(said.items())[:_MOST_TOLD]]
    more = len(said) - len(told)
    return [*told, f"以往奖励另有 {more:,} 条类似的提示没有列出，请逐项核对。"] if more else told


def _numbers(numbers: Sequence[int]) -> str:
    """``2、3 项``; of many the first."""
    more = f" 项等 {len(numbers):,} 项" if len(numbers) > _MOST_TOLD else " 项"
    return "、".join(map(str, numbers[:_MOST_TOLD])) + more


def party_of(given: FactsFile, facts: Mapping[str, Fact], serves: Collection[str] = ()) -> Party:
    """The applicant as a facts file names it; what it doesn't say is empty.

    Whether it is a person is said by 申请人类型, else by a person's document or number, else by whom the policy serves; where
    it serves persons among others, by whether what was stated can be told of a person alone (归属) or of an organisation.
    Raises BadInput where the number is not one of the document that is named (证件类型), unless 证号登记说明 says why it is.
    """
    text = given.texts.get
    number, code = text("证件号码", ""), text("统一社会信用代码", "")
    index, stated = given.values.get("申请人类型"), given.values.get("证件类型")
    if isinstance(index, int):
        kind = _PARTY_KINDS[index]
    elif number or stated is not None or is_identity_number(code) or _is_told_of_a_person(given, facts, code, serves):
        kind = "个人"
    else:
        kind = "企业"
    code = normal_code(number or code) if kind == "个人" else code
    document = ""
    if kind == "个人" and code:
        document = DOCUMENT_TYPES[stated] if isinstance(stated, int) else document_of(code, date.today()) or ""
    finding = check_document(document, code, date.today()) if isinstance(stated, int) and document else None
    if finding is not None and not finding.ok and not text("证号登记说明", ""):
        raise BadInput(f"文件“{given.path}”的证件号码与证件类型（{document}）不符：{finding.sentence}")
    return Party(
        name=text("申请人名称", ""), code=code, kind=kind, contact=text("联系人", ""),
        phone=text("联系电话", ""), address=text("地址", ""), document=document,
    )  # fmt: skip


def _is_told_of_a_person(given: FactsFile, facts: Mapping[str, Fact], code: str, serves: Collection[str]) -> bool:
    owners = {facts[name].owner for name in given.values if name in facts and not facts[name].party}
    alone = "个人" in owners and not code and owners.isdisjoint({"企业", "机构"})
    return set(serves) == {"个人"} or ("个人" in serves and alone)


def take_received(interviews: Sequence[Interview], names: Iterable[str]) -> None:
    """Tick materials as received (已收) by name, in every case that asks for them.

    Raises BadInput naming the one that isn't among the materials of any.
    """
    listed = [(note.name, note.key, interview) for interview in interviews for note in interview.material_list]
    for name in names:
        found = [(key, interview) for known, key, interview in listed if known == name.strip()]
        if not found:
            every = dict.fromkeys(known for known, _, _ in listed)
            known = f"应为{'、'.join(f'“{one}”' for one in every)}之一" if every else "本次没有列明的材料"
            raise BadInput(f"材料“{name}”不在本次的材料清单里，{known}，请核对。")
        for key, interview in found:
            interview.set_material(key, "已收")
