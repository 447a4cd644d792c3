"""JSON Schema for editors (completion, words under the pointer, red lines) of every file of a pack, made of what reads them.

Records come from the models themselves, rule forms from ``policy.shapes``; with a pack at hand, names of facts, clauses and
readings are offered too. The check stays the judge: a schema sees one file, and no text.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import BaseModel, TypeAdapter

from pinggu_desk.policy.areas import AreaParameter
from pinggu_desk.policy.cases import Expected, NoOutcome, PastAward, Refusal, Unreachable
from pinggu_desk.policy.district import District
from pinggu_desk.policy.facts import Fact
from pinggu_desk.policy.matters import Matters
from pinggu_desk.policy.models import (
    KIND_CODES,
    ClaimOf,
    ContactSpec,
    MaterialSpec,
    Pack,
    StepSpec,
)
from pinggu_desk.policy.overlaps import Overlap
from pinggu_desk.policy.readings import Reading
from pinggu_desk.policy.shapes import CONDITIONS, JUDGEMENTS, LINES, QUANTITIES, Shape, Under

Schema = dict[str, Any]
DIALECT = "https://json-schema.org/draft/2020-12/schema"
_TEXT: Schema = {"type": "string"}
_YEARS: Schema = {"type": "integer", "minimum": 1}
_WORDS: Schema = {"type": "array", "items": _TEXT}
_CITE: Schema = {"$ref": "#/$defs/依据"}
_QUANTITY: Schema = {"$ref": "#/$defs/量"}
_CONDITION: Schema = {"$ref": "#/$defs/条件"}
_DAY: Schema = {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}


def _listed(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def _object(properties: Mapping[str, Schema], needs: Iterable[str] = ()) -> Schema:
    return {
        "type": "object",
        "properties": dict(properties),
        "required": list(needs),
        "additionalProperties": False,
    }


# --- rules ------------------------------------------------------------------------------------------------------

_UNDER: dict[Under, Schema] = {
    "quantity": _QUANTITY,
    "condition": _CONDITION,
    "quantities": {**_listed(_QUANTITY), "minItems": 1},
    "conditions": {**_listed(_CONDITION), "minItems": 1},
    "either": _object({"当": _CONDITION, "须": _CONDITION, "依据": _CITE}, ("当", "须")),
    "words": _TEXT,
    "name": _TEXT,
    "term": _TEXT,
    "table": {"type": "object", "additionalProperties": _QUANTITY, "minProperties": 1},
    "figures": {"type": "string", "pattern": r"^\[[^\]]+\] ?\S+$"},
    "services": _listed({"anyOf": [_TEXT, _object({"文": _TEXT, "依据": _CITE}, ("文", "依据"))]}),
}


def _form(shape: Shape) -> Schema:
    made = _object({**{key: _UNDER[under] for key, under in shape.keys.items()}, "依据": _CITE}, shape.needs)
    return {**made, "description": f"{shape.says}。例：{shape.example}"}


def _quantity() -> Schema:
    phrase = {
        **_TEXT,
        "description": "带单位的量（500万元、5%、60个工作日）、名称、待定、不予，或如“投资额 的 5%”"
        "“外资 每100万美元 2万元”“上市日 后 60个工作日”",
    }
    return {"anyOf": [phrase, *map(_form, QUANTITIES.values())]}


def _condition(names: Mapping[str, str]) -> Schema:
    """A block of lines, or one of the forms that make a block of their own; ``names`` are facts with their questions."""
    judged: Schema = {
        "anyOf": [{**_TEXT, "examples": list(JUDGEMENTS)}, {"type": "object"}, {"type": "array"}],
        "description": f"判断词 对照，如 {'、'.join(JUDGEMENTS)}",
    }
    lines = {key: {**_UNDER[under], "description": says} for key, (under, says) in LINES.items()}
    block: Schema = {
        "type": "object",
        "properties": {
            **{name: {**judged, "description": says} for name, says in names.items()},
            **lines,
            "依据": _CITE,
        },
        "patternProperties": {r"^[\u3400-\u9fffA-Za-z0-9·]+$": judged},
        "additionalProperties": False,
        "not": {"anyOf": [{"required": [key]} for key in CONDITIONS]},
    }
    return {"anyOf": [_listed(_CONDITION), *map(_form, CONDITIONS.values()), block]}


_HEAD: dict[str, Schema] = {"名": _TEXT, "依据": _CITE}
_DEADLINE = _object(
    {
        "起": _TEXT,
        "内": _TEXT,
        "办": _TEXT,
        "逾期": _TEXT,
        "当": _CONDITION,
        "依据": _CITE,
        "另起": _object(
            {"起": _TEXT, "当": _CONDITION, "问": _TEXT, "由": _TEXT, "依据": _CITE}, ("起", "当", "问", "由")
        ),
    },
    ("起", "内", "逾期"),
)
_TOLD = {"anyOf": [_TEXT, _object({"文": _TEXT, "当": _CONDITION, "依据": _CITE}, ("文", "当"))]}
_READ = {"anyOf": [_TEXT, _object({"读法": _TEXT, "当": _CONDITION, "不符合当": _CONDITION, "依据": _CITE}, ("读法",))]}
_WORTH = _object(
    {
        **{key: {"anyOf": [{"const": "给予"}, _QUANTITY]} for key in ("每月", "每年", "合计")},
        **dict.fromkeys(("申领", "已享", "另领"), _TEXT),
    }
)

#: the keys of a benefit (支持事项): what stands under each, and what is said of it
BENEFIT: dict[str, tuple[Schema, str]] = {
    "事项": (_TEXT, "名称，印在文书上"),
    "代号": ({"type": "string", "pattern": "^[a-z][a-z0-9_]*$"}, "小写字母；一经使用不再改"),
    "依据": (_CITE, "条款编号，或条款编号的列表"),
    "类别": ({"enum": list(KIND_CODES)}, "不写为“资金”"),
    "领取人": (_TEXT, "不写为“企业”"),
    "条件": (_CONDITION, "各行都须成立"),
    "给予": (_QUANTITY, "给多少；不是钱的写“实物”"),
    "时限": (_DEADLINE, "期限：起、内、办（不写的是提出申请）、逾期"),
    "期限": (_TEXT, "最长给多久，如“3年”"),
    "豁免": (_WORDS, "不受哪几条总则约束"),
    "口径": (
        _listed(_READ),
        "结论所依的读法（readings.yaml 的编号）；带“当”的只在条件成立时说，带“不符合当”的条件成立时在不符合旁也说",
    ),
    "提示": (_listed(_TOLD), "随结论说的话；带“当”的只在条件成立时说"),
    "说明": (_TEXT, "给经办人看的一句话"),
    "结论": (_WORDS, "核对类事项的两种结论，如 [是, 否]"),
    "折算": (_WORTH, "按月、按年给的，合计是多少"),
    "核定": (_TEXT, "金额由谁核定"),
}
#: the keys of ``policy.yaml``
POLICY: dict[str, tuple[Schema, str]] = {
    "政策": (
        {"type": "string", "pattern": "^[a-z][a-z0-9]*$"},
        "编号，与文件夹同名；后来的版本另放文件夹“编号@执行日”，编号不变",
    ),
    "自": (_DAY, "这个版本从哪天起执行；写了就可以不写已知自"),
    "至": (_DAY, "这个版本执行的最后一天"),
    "失效自": (_DAY, "至的后一天，两个只写一个"),
    "间断": (_TEXT, "同前一个版本之间没有接上的，原因"),
    "已知自": (_DAY, "从哪天起知道有这一文本"),
    "已知说明": (_TEXT, "这一天从何而来"),
    "主管": (_TEXT, "主管部门"),
    "申请表": (_object({"名": _TEXT, "依据": _TEXT}), "申请表的名称和条款"),
    "服务对象": (_WORDS, "企业、机构、个人"),
    "定义": (
        _listed(_object({**_HEAD, "条件": _CONDITION, "量": _QUANTITY, "指标": {"type": "boolean"}}, ("名", "依据"))),
        "本政策里有名字的条件或量",
    ),
    "总则": (_listed(_object({**_HEAD, "条件": _CONDITION}, ("名", "依据", "条件"))), "各事项共同的条件"),
    "事项": ({"$ref": "#/$defs/事项"}, "支持事项，按原文的顺序"),
    "限额": (
        _listed(
            _object(
                {**_HEAD, "对": _WORDS, "不超过": _QUANTITY, "已领": _TEXT, "另一读法": _TEXT},
                ("名", "依据", "对", "不超过", "已领"),
            )
        ),
        "几个事项合起来的上限",
    ),
    "材料": ({"$ref": "#/$defs/材料"}, "申报材料"),
    "材料说明": (_TEXT, "对材料总的说明"),
    "流程": ({"$ref": "#/$defs/流程"}, "申报流程，按原文的顺序"),
    "咨询": ({"$ref": "#/$defs/咨询"}, "咨询方式"),
    "台账": ({"$ref": "#/$defs/台账"}, "原文每一句的着落"),
    "提示": (_WORDS, "每份结论都要说的话"),
    "标题印": (_TEXT, "标题的校验值，由 tools/stamp_ledger.py 写"),
    "核定": (_TEXT, "金额未公布时由谁核定"),
}


def _described(keys: Mapping[str, tuple[Schema, str]], needs: Iterable[str]) -> Schema:
    return _object({key: {**schema, "description": says} for key, (schema, says) in keys.items()}, needs)


def _of(model: type[BaseModel]) -> Schema:
    """A record's own schema, definitions inlined under ``$defs`` of the file."""
    return TypeAdapter(model).json_schema(by_alias=True, ref_template="#/$defs/{model}")


def _file(title: str, body: Schema, models: Mapping[str, type[BaseModel]], defs: Mapping[str, Schema]) -> Schema:
    made: dict[str, Schema] = dict(defs)
    for name, model in models.items():
        schema = _of(model)
        made.update(schema.pop("$defs", {}))
        made[name] = schema
    return {"$schema": DIALECT, "title": title, **body, "$defs": _loose(made)}


def _loose(schema: Any) -> Any:
    """Days may be typed bare in YAML: an editor reads 2024-02-01 as text, with or without a format; nothing else is changed."""
    if isinstance(schema, dict):
        return {key: _loose(value) for key, value in schema.items() if not (key == "format" and value == "date")}
    return [_loose(item) for item in schema] if isinstance(schema, list) else schema


def _policy(names: Mapping[str, str], cite: Schema) -> Schema:
    defs: dict[str, Schema] = {
        "依据": {"anyOf": [cite, _listed(cite)], "description": "条款编号，如 xx.2.1；几条的写成列表"},
        "量": _quantity(),
        "条件": _condition(names),
        "事项": _listed(_described(BENEFIT, ("事项", "代号", "依据", "给予"))),
        **{key: _listed({"$ref": f"#/$defs/{model}"}) for key, model in _PARTS.items()},
        "台账": {"type": "object", "additionalProperties": {"$ref": "#/$defs/ClaimOf"}},
    }
    models = {m.__name__: m for m in (MaterialSpec, StepSpec, ContactSpec, ClaimOf)}
    return _file("政策的规则", _described(POLICY, ("政策",)), models, defs)


_PARTS = {"材料": "MaterialSpec", "流程": "StepSpec", "咨询": "ContactSpec"}


def _cases(names: Mapping[str, str]) -> Schema:
    facts: Schema = {
        "type": "object",
        "properties": {name: {"description": says} for name, says in names.items()},
        "description": "填报项: 值；null 为不填",
    }
    short: dict[str, Schema] = {
        "用": {**_TEXT, "description": "以哪一组基础为底"},
        "列": _WORDS,
        "行": _listed({"type": "array"}),
        "逐一不填": _WORDS,
        "逐一改为": {"type": "object"},
        "判断日": _DAY,
        "事实": facts,
        "说": _TEXT,
    }
    example = _object(
        {
            **short,
            "依据": _TEXT,
            "以往奖励": {"anyOf": [_TEXT, _listed({"$ref": "#/$defs/PastAward"})]},
            "参数": {"type": "object"},
            "应得": {"type": "object", "additionalProperties": {"$ref": "#/$defs/Expected"}},
        },
        ("说", "依据", "应得"),
    )
    expected = _of(Expected)
    expected["required"] = []  # a table's rows and a shorthand may say the rest
    body = _object(
        {
            "判断日": _DAY,
            "基础": {"type": "object", "additionalProperties": facts},
            "用例": _listed(example),
            "拒收": _listed(_object({**short, "拒": _TEXT}, ("说",))),
            "走不到": _listed({"$ref": "#/$defs/Unreachable"}),
            "无此结论": _listed({"$ref": "#/$defs/NoOutcome"}),
        }
    )
    models = {m.__name__: m for m in (PastAward, Refusal, Unreachable, NoOutcome)}
    return _file("样例", body, models, {"Expected": expected})


def _list_of(title: str, model: type[BaseModel]) -> Schema:
    return _file(title, _listed({"$ref": f"#/$defs/{model.__name__}"}), {model.__name__: model}, {})


def _days() -> Schema:
    year = _object(
        {"state": {"enum": ["已公布", "未公布"]}, "document": _TEXT, "off": _listed(_DAY), "work": _listed(_DAY)}
    )
    body = _object(
        {"years": {"type": "object", "additionalProperties": year}, "statutory": {"type": "object"}}, ("years",)
    )
    return _file("放假与调休", body, {}, {})


def _checks(names: Mapping[str, str], cite: Schema) -> Schema:
    item = _object(
        {
            "名": _TEXT,
            "依据": _listed(cite),
            "填报项": _listed({"enum": list(names)} if names else _TEXT),
            "条件": _CONDITION,
            "句": {**_TEXT, "description": "不成立时说的一句话"},
            "级": {"const": "提示"},
        },
        ("名", "依据", "填报项", "条件", "句"),
    )
    return _file(
        "校核",
        _listed(item),
        {},
        {"依据": {"anyOf": [cite, _listed(cite)]}, "量": _quantity(), "条件": _condition(names)},
    )


def _words_by(title: str, keys: str) -> Schema:
    return _file(title, {"type": "object", "additionalProperties": {**_WORDS, "description": keys}}, {}, {})


def schemas(pack: Pack | None = None) -> dict[str, Schema]:
    """A schema for each kind of file, by the name of the file (``policy.yaml``, ``cases.yaml``, ``facts.yaml`` …).

    With ``pack``, its facts, clauses and readings are offered by name.
    """
    names = {fact.name: fact.question for fact in pack.facts.values()} if pack is not None else {}
    clauses = [s.id for p in pack.policies.values() for s in p.text.sentences] if pack is not None else []
    cite: Schema = {"type": "string", "examples": clauses} if clauses else _TEXT
    usual = _object(
        {"类": _TEXT, "名含": _WORDS, "归属": _WORDS, "单位": _WORDS, "平常范围": _WORDS}, ("平常范围",)
    )  # fmt: skip
    kept = _object(
        {"类别": _TEXT, "年": _YEARS, "最少": _YEARS, "起算": _TEXT, "理由": _TEXT},
        ("类别", "年", "最少", "起算", "理由"),
    )
    columns = _object({"别名": {"type": "object", "additionalProperties": _WORDS}, "略过": _WORDS})
    return {
        "policy.yaml": _policy(names, cite),
        "cases.yaml": _cases(names),
        "facts.yaml": _list_of("填报项", Fact),
        "readings.yaml": _list_of("读法", Reading),
        "parameters.yaml": _list_of("外部参数", AreaParameter),
        "overlaps.yaml": _list_of("竞合", Overlap),
        "matters.yaml": _file("事由", {"$ref": "#/$defs/Matters"}, {"Matters": Matters}, {}),
        "district.yaml": _file("区", {"$ref": "#/$defs/District"}, {"District": District}, {}),
        "consistency.yaml": _checks(names, cite),
        "workdays.yaml": _days(),
        "usual.yaml": _file("平常范围", _listed(usual), {}, {}),
        "retention.yaml": _file("保管期限", _listed(kept), {}, {}),
        "columns.yaml": _file("名单的列名", columns, {}, {}),
        "synonyms.yaml": _words_by("口语词", "来访者的说法"),
    }
