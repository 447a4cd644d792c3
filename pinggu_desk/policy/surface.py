"""From the Chinese surface of ``policy.yaml`` to rule forms; refuses every word and form it does not know."""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping, Sequence
from typing import Any, get_args

from pinggu_desk.policy import forms as f
from pinggu_desk.policy.forms import Cond, Expr, Path
from pinggu_desk.policy.quantity import UNITS, Dim, Quantity, parse_quantity
from pinggu_desk.policy.shapes import CONDITIONS, QUANTITIES, Shape

_NAME = re.compile(r"^[\u3400-\u9fffA-Za-z0-9·]+$")
_SHARE = re.compile(r"^(?P<base>\S+) 的 (?P<rate>\S+)$")
_PER = re.compile(r"^(?P<base>\S+) 每(?P<whole>整)?(?P<step>\S+) (?P<each>\S+)$")
_AFTER = re.compile(r"^(?P<base>\S+) 后 (?P<term>\S+)$")
_LIST = re.compile(r"^\[(?P<items>[^\]]*)\] ?(?P<unit>\S+)$")
_RANGE = re.compile(r"^(?P<low>[^（）至]+)（(?P<li>含|不含)）至(?P<high>[^（）]+)（(?P<hi>含|不含)）$")
_ABOVE = re.compile(r"^(?P<low>[^（）]+)（(?P<li>含|不含)）以上$")
_BELOW = re.compile(r"^(?P<high>[^（）]+)（(?P<hi>含|不含)）以下$")
_WORDS: dict[str, f.Comparison] = {word: word for word in get_args(f.Comparison)}
_LONGEST_TERM = {Dim.MONTHS: 1_200, Dim.DAYS: 36_525, Dim.WORKDAYS: 25_000}
_WAYS: dict[str, f.Rounding] = {way: way for way in get_args(f.Rounding)}

#: The reading behind the word 以上 where the text does not print （含）: inclusive, by 民法典第1259条.
AT_LEAST = "general.at_least"


class SurfaceError(Exception):
    """A piece of rule that cannot be read: the diagnostic's code, its place, and one Chinese sentence."""

    def __init__(self, code: str, path: Path, sentence: str) -> None:
        super().__init__(sentence)
        self.code, self.path, self.sentence = code, path, sentence


def _cite(data: Mapping[str, Any], inherited: tuple[str, ...], path: Path) -> tuple[str, ...]:
    if "依据" not in data:
        return inherited
    cite = data["依据"]
    if isinstance(cite, str):
        return (cite,)
    if isinstance(cite, list) and all(isinstance(item, str) for item in cite):
        return tuple(cite)
    raise SurfaceError("missing-citation", (*path, "依据"), "“依据”应写条款编号或条款编号的列表。")


def _only(data: Mapping[str, Any], shape: Shape, path: Path) -> None:
    """Refuse every key that the form doesn't have, saying which it has."""
    for key in data:
        if key not in shape.keys and key != "依据":
            known = "、".join(shape.keys)
            raise SurfaceError(
                "unknown-form", (*path, key), f"规则里没有“{key}”这个写法，“{next(iter(shape.keys))}”里可写{known}。"
            )


# --- conditions -----------------------------------------------------------------------------------------------


def read_condition(data: Any, cite: tuple[str, ...], path: Path) -> Cond:
    """Read a condition block (条件): a mapping whose every line holds, or a list of such blocks."""
    if isinstance(data, list):
        return f.All(cite, path, tuple(read_condition(item, cite, (*path, i)) for i, item in enumerate(data)))
    if not isinstance(data, Mapping) or not data:
        raise SurfaceError("unknown-form", path, "条件应写成“填报项: 判断词 对照”的若干行。")
    cite = _cite(data, cite, path)
    if "人工认定" in data:
        return _verdict(data, cite, path, truth=True)
    if "按读法" in data:
        return _by_reading(data, cite, path, read_condition)
    if "比" in data:
        return _expression(data, cite, path)
    if "至少" in data:
        return _at_least(data, cite, path)
    parts = [_line(key, value, cite, (*path, key)) for key, value in data.items() if key != "依据"]
    if not parts:
        raise SurfaceError("unknown-form", path, "条件里只有依据，没有判断。")
    return parts[0] if len(parts) == 1 else f.All(cite, path, tuple(parts))


def _expression(data: Mapping[str, Any], cite: tuple[str, ...], path: Path) -> Cond:
    """``{比: 量, 不超过: 量}``: a comparison whose left side is more than a name."""
    words = [key for key in data if key not in ("比", "依据")]
    if len(words) != 1 or words[0] not in (*_WORDS, "以上"):
        raise SurfaceError("unknown-form", path, "“比”应写成{比: 量, 判断词: 量}。")
    left = read_quantity(data["比"], cite, (*path, "比"))
    return _compared(left, words[0], read_quantity(data[words[0]], cite, (*path, words[0])), cite, path)


def _at_least(data: Mapping[str, Any], cite: tuple[str, ...], path: Path) -> Cond:
    """``{至少: 2项, 其中: [条件, …]}``: so many of them; one is 任一 and all are 全部, so neither is written so."""
    _only(data, CONDITIONS["至少"], path)
    parts = data.get("其中")
    if not isinstance(parts, list) or len(parts) < 3:
        raise SurfaceError("unknown-form", path, "“至少”应写成{至少: 2项, 其中: [三个以上的条件]}。")
    number = _quantity(str(data["至少"]), (*path, "至少"))
    if number.dim is not Dim.COUNT:
        raise SurfaceError("mixed-units", (*path, "至少"), f"“至少”后面应是项数，如“2项”，“{data['至少']}”不是。")
    if not 1 < number.value < len(parts):
        other = "任一" if number.value <= 1 else "全部"
        raise SurfaceError(
            "unknown-form", (*path, "至少"), f"{len(parts)}项中至少{number.value}项，应改写为“{other}”，或核对项数。"
        )
    return f.AtLeast(
        cite, path, number, tuple(read_condition(p, cite, (*path, "其中", i)) for i, p in enumerate(parts))
    )


def _compared(left: Expr, word: str, right: Expr, cite: tuple[str, ...], path: Path) -> Cond:
    """A comparison by its word; 以上 is the reading that it includes the bound."""
    if word == "以上":
        taken, other = (f.Compare(cite, path, left, _WORDS[w], right) for w in ("不低于", "超过"))
        return f.ByReading(cite, path, AT_LEAST, taken, other)
    return f.Compare(cite, path, left, _WORDS[word], right)


def _line(key: str, value: Any, cite: tuple[str, ...], path: Path) -> Cond:
    if key in ("任一", "全部"):
        if not isinstance(value, list) or not value:
            raise SurfaceError("unknown-form", path, f"“{key}”下面应是条件的列表。")
        parts = tuple(read_condition(item, cite, (*path, i)) for i, item in enumerate(value))
        return f.AnyOf(cite, path, parts) if key == "任一" else f.All(cite, path, parts)
    if key == "非":
        return f.Not(cite, path, read_condition(value, cite, path))
    if key == "凡":
        if not isinstance(value, Mapping) or set(value) - {"依据"} != {"当", "须"}:
            raise SurfaceError("unknown-form", path, "“凡”下面应有“当”和“须”两项。")
        own = _cite(value, cite, path)
        when = read_condition(value["当"], own, (*path, "当"))
        return f.AnyOf(own, path, (f.Not(own, path, when), read_condition(value["须"], own, (*path, "须"))))
    return _atoms(key, value, cite, path)


def _atoms(key: str, value: Any, cite: tuple[str, ...], path: Path) -> Cond:
    if not _NAME.match(key):
        raise SurfaceError("unknown-form", path, f"规则里没有“{key}”这个写法。")
    if isinstance(value, list):
        return f.All(cite, path, tuple(_atom(key, item, cite, (*path, i)) for i, item in enumerate(value)))
    return _atom(key, value, cite, path)


def _atom(name: str, value: Any, cite: tuple[str, ...], path: Path) -> Cond:
    left = f.Name(cite, path, name)
    if isinstance(value, bool):  # YAML 1.1 would read a bare yes/no so; our words are 是 and 否
        raise SurfaceError("unknown-form", path, f"“{name}”应写“是”或“否”。")
    if value in ("是", "否"):
        return f.IsOne(cite, path, left, (value,))
    if isinstance(value, Mapping):
        own = _cite(value, cite, path)
        words = [key for key in value if key != "依据"]
        if len(words) == 1 and words[0] in _WORDS and words[0] != "为":
            return f.Compare(own, path, left, _WORDS[words[0]], read_quantity(value[words[0]], own, (*path, words[0])))
        if len(words) == 1 and words[0] == "判断":
            return _atom(name, value["判断"], own, path)
    if not isinstance(value, str) or " " not in value:
        raise SurfaceError("unknown-form", path, f"“{name}: {value}”不是判断，应写如“不低于 300万元”。")
    word, rest = value.split(" ", 1)
    if word == "满":
        return f.Since(cite, path, left, _term(rest, path))
    if word == "以上":
        return _compared(left, word, read_quantity(rest, cite, path), cite, path)
    if word not in (*_WORDS, "默认为"):
        raise SurfaceError("unknown-form", path, f"没有“{word}”这个判断词，可用{'、'.join(_WORDS)}、满、以上、是、否。")
    if word == "默认为" or (word == "为" and parse_quantity(rest) is None):
        return f.IsOne(cite, path, left, tuple(rest.split("、")), presumed=word == "默认为")
    return f.Compare(cite, path, left, _WORDS[word], read_quantity(rest, cite, path))


# --- quantities -----------------------------------------------------------------------------------------------


def read_quantity(data: Any, cite: tuple[str, ...], path: Path) -> Expr:
    """Read a quantity (量): a typed figure, a name, a phrase such as ``投资额 的 5%``, or one of the forms."""
    if isinstance(data, str):
        return _phrase(data, cite, path)
    if not isinstance(data, Mapping):
        raise SurfaceError("unknown-form", path, f"“{data}”不是量，应写带单位的量（如“10万元”）、名称或规则形式。")
    cite = _cite(data, cite, path)
    for key, reader in _FORMS.items():
        if key in data:
            read: Expr = reader(data, cite, path)
            return read
    raise SurfaceError("unknown-form", path, f"规则里没有“{'、'.join(map(str, data))}”这个写法。")


def _quantity(text: str, path: Path) -> Quantity:
    quantity = parse_quantity(text)
    if quantity is None:
        raise SurfaceError("unknown-form", path, f"“{text}”不是带单位的量，应写如“10万元”“5%”“2年”。")
    return quantity


def _term(text: str, path: Path) -> Quantity:
    """A term (期限) of at most a hundred years: what is longer is a slip, and leaves the calendar."""
    if (term := _quantity(text, path)).value > _LONGEST_TERM.get(term.dim, term.value):
        raise SurfaceError("too-large", path, f"期限“{text}”太长，最长 100 年，请核对。")
    return term


def _step(text: str, path: Path) -> Quantity:
    """``每100万美元`` or, for one unit, ``每亩``."""
    if text in UNITS:
        return Quantity((one := _quantity(f"1{text}", path)).value, one.dim, text)
    return _quantity(text, path)


def _phrase(text: str, cite: tuple[str, ...], path: Path) -> Expr:
    if text == "待定":
        return f.Undetermined(cite, path)
    if text == "不予":
        return f.Nothing(cite, path)
    if (quantity := parse_quantity(text)) is not None:
        return f.Lit(cite, path, quantity)
    if match := _SHARE.match(text):
        rate = _quantity(match["rate"], path)
        if rate.dim is not Dim.RATE:
            raise SurfaceError("mixed-units", path, f"“的”后面应是比例或倍数，“{match['rate']}”不是。")
        return f.Share(cite, path, _phrase(match["base"], cite, path), rate)
    if match := _PER.match(text):
        step, each = _step(match["step"], path), _quantity(match["each"], path)
        return f.Per(cite, path, _phrase(match["base"], cite, path), step, each, bool(match["whole"]))
    if match := _AFTER.match(text):
        return f.After(cite, path, _phrase(match["base"], cite, path), _term(match["term"], path))
    if _NAME.match(text):
        return f.Name(cite, path, text)
    raise SurfaceError("unknown-form", path, f"“{text}”读不懂，应写带单位的量、名称或“名称 的 比例”。")


def _by(data: Mapping[str, Any], cite: tuple[str, ...], path: Path) -> Expr:
    """``{按: 量, 乘, 扣减, 取整, 保底, 封顶}``: done in this order, whatever the order of the lines."""
    _only(data, QUANTITIES["按"], path)
    of = read_quantity(data["按"], cite, (*path, "按"))
    if "乘" in data:
        of = f.Times(cite, path, of, read_quantity(data["乘"], cite, (*path, "乘")))
    if "扣减" in data:
        of = f.Less(cite, path, of, read_quantity(data["扣减"], cite, (*path, "扣减")))
    if "取整" in data:
        of = _rounded(of, data["取整"], cite, (*path, "取整"))
    if "保底" in data:
        of = f.Choose(cite, path, (of, read_quantity(data["保底"], cite, (*path, "保底"))), True)
    if "封顶" in data:
        of = f.Cap(cite, path, of, read_quantity(data["封顶"], cite, (*path, "封顶")))
    return of


def _rounded(of: Expr, data: Any, cite: tuple[str, ...], path: Path) -> Expr:
    step, _, way = data.partition(" ") if isinstance(data, str) else ("", "", "")
    if way not in _WAYS:
        raise SurfaceError("unknown-form", path, f"“取整”应写单位和办法，如“1万元 {'”“1万元 '.join(_WAYS)}”。")
    return f.Rounded(cite, path, of, _step(step, path), _WAYS[way])


def _between(data: Mapping[str, Any], cite: tuple[str, ...], path: Path) -> Expr:
    _only(data, QUANTITIES["自"], path)
    if set(data) - {"依据"} != {"自", "至", "计"} or data["计"] not in ("天数", "月数"):
        raise SurfaceError(
            "unknown-form", path, "两日之间应写成{自: 日期, 至: 日期, 计: 天数}，按整月计的写“计: 月数”。"
        )
    start, end = (read_quantity(data[key], cite, (*path, key)) for key in ("自", "至"))
    return f.Between(cite, path, start, end, data["计"] == "月数")


def _each(data: Mapping[str, Any], cite: tuple[str, ...], path: Path) -> Expr:
    _only(data, QUANTITIES["逐项"], path)
    if set(data) - {"依据"} != {"逐项", "合计"}:
        raise SurfaceError("unknown-form", path, "“逐项”应写成{逐项: 有几项, 合计: 每一项的量}。")
    body = read_quantity(data["合计"], cite, (*path, "合计"))
    return f.Each(cite, path, (body,), f.Name(cite, path, str(data["逐项"])), body)


def _growth(data: Mapping[str, Any], cite: tuple[str, ...], path: Path) -> Expr:
    parts = _several(data, "同比", cite, path)
    if len(parts) != 2:
        raise SurfaceError("unknown-form", (*path, "同比"), "“同比”应写两个量：[本期, 上期]。")
    return f.Growth(cite, path, *parts)


def _up_to(data: Mapping[str, Any], cite: tuple[str, ...], path: Path) -> Expr:
    _only(data, QUANTITIES["不高于"], path)
    low = read_quantity(data["不低于"], cite, (*path, "不低于")) if "不低于" in data else None
    return f.UpTo(cite, path, low, read_quantity(data["不高于"], cite, (*path, "不高于")))


def _several(data: Mapping[str, Any], key: str, cite: tuple[str, ...], path: Path) -> tuple[Expr, ...]:
    _only(data, QUANTITIES[key], path)
    if not isinstance(data[key], list) or len(data[key]) < 2:
        raise SurfaceError("unknown-form", (*path, key), f"“{key}”下面应是两个以上的量。")
    return tuple(read_quantity(item, cite, (*path, key, i)) for i, item in enumerate(data[key]))


def _bands(data: Mapping[str, Any], cite: tuple[str, ...], path: Path) -> Expr:
    _only(data, QUANTITIES["分档"], path)
    on, table = data["分档"], data.get("各档")
    if not isinstance(on, str) or not isinstance(table, Mapping) or not table:
        raise SurfaceError("unknown-form", path, "“分档”应写填报项的名称，“各档”应写各档的表。")
    rows = tuple(_row(str(label), value, cite, (*path, "各档", label)) for label, value in table.items())
    rest = read_quantity(data["其余"], cite, (*path, "其余")) if "其余" in data else None
    return f.Bands(cite, path, f.Name(cite, path, on), rows, rest)


def _row(label: str, value: Any, cite: tuple[str, ...], path: Path) -> f.Row:
    given = read_quantity(value, cite, path)
    low = high = None
    low_in = high_in = False
    options: tuple[str, ...] = ()
    if match := _RANGE.match(label):
        low, high = _quantity(match["low"], path), _quantity(match["high"], path)
        low_in, high_in = match["li"] == "含", match["hi"] == "含"
    elif match := _ABOVE.match(label):
        low, low_in = _quantity(match["low"], path), match["li"] == "含"
    elif match := _BELOW.match(label):
        high, high_in = _quantity(match["high"], path), match["hi"] == "含"
    else:
        options = tuple(label.split("、"))
    return f.Row(label, low, low_in, high, high_in, options, given, path)


def _steps(data: Mapping[str, Any], cite: tuple[str, ...], path: Path) -> Expr:
    _only(data, QUANTITIES["阶梯"], path)
    at, give = _figures(data.get("界"), (*path, "界")), _figures(data.get("得"), (*path, "得"))
    if len(give) != len(at) + 1:
        raise SurfaceError("gap", path, f"阶梯有 {len(at)} 个界，应有 {len(at) + 1} 个得数，现有 {len(give)} 个。")
    if any(a.value >= b.value for a, b in itertools.pairwise(at)):
        raise SurfaceError("overlap", (*path, "界"), "阶梯的界应从小到大，且不重复。")
    return f.Steps(cite, path, f.Name(cite, path, str(data["阶梯"])), at, give)


def _figures(text: Any, path: Path) -> tuple[Quantity, ...]:
    match = _LIST.match(text) if isinstance(text, str) else None
    if match is None:
        raise SurfaceError("unknown-form", path, "阶梯的界和得应写如“[10, 30, 50] 吨标煤”。")
    return tuple(_quantity(item.strip() + match["unit"], path) for item in match["items"].split(","))


def _if(data: Mapping[str, Any], cite: tuple[str, ...], path: Path) -> Expr:
    _only(data, QUANTITIES["若"], path)
    if set(data) - {"依据"} != {"若", "则", "否则"}:
        raise SurfaceError("gap", path, "“若”应同时写明“则”和“否则”。")
    parts = (read_quantity(data[key], cite, (*path, key)) for key in ("则", "否则"))
    return f.If(cite, path, read_condition(data["若"], cite, (*path, "若")), *parts)


def _verdict(data: Mapping[str, Any], cite: tuple[str, ...], path: Path, *, truth: bool = False) -> f.Verdict:
    _only(data, (CONDITIONS if truth else QUANTITIES)["人工认定"], path)
    if not isinstance(data.get("由"), str):
        raise SurfaceError("unknown-form", path, "“人工认定”应写明由谁认定（由）。")
    possible = data.get("可能", [])
    if not isinstance(possible, Sequence) or isinstance(possible, str):
        raise SurfaceError("unknown-form", (*path, "可能"), "“可能”下面应是量的列表。")
    answers = tuple(read_quantity(item, cite, (*path, "可能", i)) for i, item in enumerate(possible))
    return f.Verdict(cite, path, data["由"], str(data["人工认定"]), answers, truth)


def _by_reading(data: Mapping[str, Any], cite: tuple[str, ...], path: Path, read: Any) -> f.ByReading:
    _only(data, QUANTITIES["按读法"], path)
    if set(data) - {"依据"} != {"按读法", "取", "另"}:
        raise SurfaceError("gap", path, "“按读法”应同时写明“取”和“另”。")
    branches = (read(data[key], cite, (*path, key)) for key in ("取", "另"))
    return f.ByReading(cite, path, str(data["按读法"]), *branches)


def _in_kind(data: Mapping[str, Any], cite: tuple[str, ...], path: Path) -> Expr:
    _only(data, QUANTITIES["实物"], path)
    services = data["实物"]
    if not isinstance(services, list) or not services:
        raise SurfaceError("unknown-form", (*path, "实物"), "“实物”下面应是服务内容的列表。")
    each = [_service(item, cite, (*path, "实物", i)) for i, item in enumerate(services)]
    cites = tuple(own for _, own in each)
    rests = dict.fromkeys((*(cite if "依据" in data else ()), *(clause for own in cites for clause in own)))
    return f.InKind(tuple(rests), path, tuple(words for words, _ in each), cites)


def _service(item: Any, cite: tuple[str, ...], path: Path) -> tuple[str, tuple[str, ...]]:
    """One service: words alone, or ``{文, 依据}`` where it rests on a sentence of its own."""
    if isinstance(item, str):
        return item, cite
    if not isinstance(item, Mapping) or set(item) != {"文", "依据"} or not isinstance(item["文"], str):
        raise SurfaceError("unknown-form", path, "一项服务应写成文字，或者写成{文: 文字, 依据: 条款}。")
    return item["文"], _cite(item, cite, path)


_FORMS: dict[str, Any] = {
    "人工认定": _verdict,
    "按读法": lambda data, cite, path: _by_reading(data, cite, path, read_quantity),
    "若": _if,
    "分档": _bands,
    "阶梯": _steps,
    "按": _by,
    "不高于": _up_to,
    "自": _between,
    "同比": _growth,
    "逐项": _each,
    "合计": lambda data, cite, path: f.Sum(cite, path, _several(data, "合计", cite, path)),
    "较高": lambda data, cite, path: f.Choose(cite, path, _several(data, "较高", cite, path), True),
    "较低": lambda data, cite, path: f.Choose(cite, path, _several(data, "较低", cite, path), False),
    "实物": _in_kind,
}
