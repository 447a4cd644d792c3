"""Issue 10: a licence's QR text or a pasted line of name, code, address, representative, capital, date splits into its fields."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pinggu_desk.policy.capital import capital
from pinggu_desk.policy.errors import BadAnswer
from pinggu_desk.policy.facts import Fact, read_answer
from pinggu_desk.policy.identity import _ALPHABET, _WEIGHTS, check_credit_code
from pinggu_desk.policy.licence import Licence, read_licence
from pinggu_desk.policy.licence_values import capital_of, day_of, figure_of
from pinggu_desk.policy.quantity import parse_quantity, wan

TODAY = date(2026, 3, 2)


def whole(start: str) -> str:
    """A code of 17 characters with its check character."""
    total = sum(_ALPHABET.index(c) * w for c, w in zip(start, _WEIGHTS, strict=True))
    return start + _ALPHABET[(31 - total % 31) % 31]


CODE = whole("91110117MA01ABCD1")
NAME, PLACE, WHO = "北京示例科技有限公司", "北京市平谷区示例镇兴谷路1号院2号楼301室", "示例人"
ALL = {"代码": CODE, "名称": NAME, "法定代表人": WHO, "注册资本": "500万元", "成立日期": "2019-03-12", "住所": PLACE}
PRINTED = f"""营业执照
（副本）
统一社会信用代码：{CODE}
名　　称：{NAME}
类 型：有限责任公司（自然人投资或控股）
法定代表人：{WHO}
注册资本：伍佰万元整
成立日期：2019年03月12日
住　　所：{PLACE}
经营范围：一般项目：技术服务、技术开发；
许可项目：餐饮服务。
登记机关：北京市平谷区市场监督管理局"""


def read(text: str) -> Licence:
    return read_licence(text, TODAY)


@pytest.mark.parametrize(
    "text",
    [
        PRINTED,
        PRINTED.replace("：", ":").replace("\n", "\r\n"),
        PRINTED.replace("\n", " "),  # as a line makes of it
        PRINTED.replace("\u3000", ""),
        PRINTED.replace("：", "　"),
        PRINTED.replace("统一", "\u200b统一").replace(CODE, f"\ufeff{CODE[:4]} {CODE[4:8]} {CODE[8:12]} {CODE[12:]}"),
        f"{NAME},{CODE},{PLACE},{WHO},500万元,2019-03-12",
        f"{NAME}，{CODE}，{PLACE}，{WHO}，人民币500万元，2019.3.12",
        f"{NAME}\t{CODE}\t{PLACE}\t{WHO}\t5,000,000元\t20190312",
        f"{WHO} 2019年3月12日 {CODE.lower()} {NAME} 500万元整 {PLACE}",
        f"统一社会信用代码\t名称\t法定代表人\t注册资本（万元）\t成立日期\t住所\n{CODE}\t{NAME}\t{WHO}\t500\t2019/3/12\t{PLACE}",
        f"名称：{NAME}统一社会信用代码：{CODE}法定代表人：{WHO}注册资本：500万元整成立日期：2019年3月12日住所：{PLACE}",
    ],
    ids=[
        "printed", "half width", "one line", "no wide spaces", "no colons", "unseen signs", "commas", "wide commas",
        "tabs", "any order", "rows", "nothing between",
    ],
)  # fmt: skip
def test_each_shape_gives_the_same_fields(text: str) -> None:
    found = read(text)
    assert {part: found.parts.get(part) for part in ALL} == ALL, found
    assert found.unread == (), found.unread
    assert (found.what, found.kind, found.in_district, found.several) == ("企业", "企业", True, True)


@pytest.mark.parametrize(
    ("start", "what", "kind"),
    [
        ("91110117MA01ABCD1", "企业", "企业"), ("92110117MA01ABCD1", "个体工商户", "企业"),
        ("93110117MA01ABCD1", "农民专业合作社", "机构"), ("N2110117MF0123456", "农村集体经济组织", "机构"),
        ("12110117400000001", "事业单位", "机构"), ("52110117400000001", "民办非企业单位（社会服务机构）", "机构"),
    ],
)  # fmt: skip
def test_the_code_tells_what_it_is(start: str, what: str, kind: str) -> None:
    found = read(f"{whole(start)} 示例镇示例村股份经济合作社")
    assert (found.what, found.kind) == (what, kind)
    assert f"代码以 {start[:2]} 开头，是{what}，申请人类型按“{kind}”填" in found.told


def test_what_contradicts_the_code_is_said() -> None:
    found = read(f"统一社会信用代码：{CODE}\n类型：农民专业合作社")
    assert "两者不一致" in found.told


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("https://www.example.cn/wap/show?id=3fa9", "只是一个网址"),
        ("", "没有看懂"),
        ("注册资本：500\n名称：" + NAME, "没有写单位"),
        ("注册资本：100万美元\n名称：" + NAME, "外币"),
        (f"统一社会信用代码：110117199003070011\n名称：{NAME}", "身份证"),
        (f"注册号 110117001234567\n代码：110117001234567\n名称：{NAME}", "旧注册号"),
        (f"名称：{NAME}\n名称：北京示例二号有限公司", "没有看懂、没有填的：“北京示例二号有限公司”"),
        (f"{NAME} {CODE} 示例甲 示例乙", "“示例甲”、“示例乙”"),
        (f"{NAME} {CODE} 示例甲", "“示例甲”没有写明身份，按法定代表人填，请核对"),
        (f"{NAME} {CODE} 500", "“500”"),
        (PRINTED.split("\n经营范围", maxsplit=1)[0] + "\n13900000001 xyz 500", "“xyz”、“500”"),
        (f"成立日期：2019年2月30日\n名称：{NAME}", "“2019年2月30日”"),
        (f"名称\t代码\n{NAME}\t{CODE}\n北京示例二号有限公司\t{whole('91110117MA01ABCD2')}", "粘贴了 2 行，只取第一行"),
        (f"{NAME} {CODE[:-1]}{'0' if CODE[-1] != '0' else '1'}", "末位校验不符"),
    ],
)  # fmt: skip
def test_what_is_not_taken_is_said(text: str, said: str) -> None:
    assert said in read(text).told


def test_a_register_page_gives_its_code_alone() -> None:
    found = read(f"https://www.example.cn/index.html?uniscid={CODE}")
    assert found.parts == {"代码": CODE} and not found.several
    assert "只含统一社会信用代码" in found.told


def test_a_name_or_a_code_alone_is_a_search_and_no_licence() -> None:
    for text in (NAME, CODE, "示例", "技改", f"{NAME} 技改"):
        assert not read(text).several, text


@given(st.text(max_size=200))
def test_nothing_that_is_pasted_breaks_it(text: str) -> None:
    assert read(text).told.endswith("。")


PARTS = st.permutations(["代码", "名称", "法定代表人", "注册资本", "成立日期", "住所"])


@given(PARTS, st.sampled_from(["\n", "  ", "，", "；", "\t"]), st.sampled_from(["：", ":", " : "]), st.integers(0, 5))
def test_labels_in_any_order_between_any_signs(order: list[str], between: str, colon: str, leave: int) -> None:
    kept = order[leave:]
    found = read(between.join(f"{part}{colon}{ALL[part]}" for part in kept))
    assert found.parts == {part: ALL[part] for part in kept} and found.unread == ()


@given(st.integers(min_value=100, max_value=10**13))
def test_a_sum_in_capitals_is_the_sum_in_figures(fen: int) -> None:
    assert capital_of(capital(fen)) == (fen, "") == capital_of(wan(fen))
    again = parse_quantity(wan(fen))
    assert again is not None and again.value == fen


@given(st.dates(date(1949, 1, 1), date(2199, 12, 31)))
def test_days_are_read_however_they_are_written(day: date) -> None:
    wide = f"{day.year}年{day.month:02d}月{day.day:02d}日".translate({ord("0") + i: ord("０") + i for i in range(10)})
    for text in (f"{day:%Y%m%d}", wide, f"{day.year}/{day.month}/{day.day}", f"{day} 00:00:00"):
        assert day_of(text) == day.isoformat()


def test_chinese_figures() -> None:
    for text, number in (
        ("伍佰", 500),
        ("一千零五十", 1050),
        ("十二", 12),
        ("叁仟万", 30_000_000),
        ("一亿零五百万", 105_000_000),
    ):
        assert figure_of(text) == number
    for text in ("万万", "五五", "百", "千百"):
        assert figure_of(text) is None, text
    assert day_of("二〇一九年三月十二日") == "2019-03-12"
    assert check_credit_code(CODE).ok


@pytest.mark.parametrize("words", [
    "20190312", "2019.3.12", "2019年3月12号", "2019-03-12 08:30", "2019-03-12T08:30:00", "2019年3月12日（星期二）", "2019。3。12",
    "2019·3·12", "2019 3 12", "2019—03—12", "２０１９年３月１２日 上午10时30分", "二〇一九年三月十二日",
    "2019-02-30", "2019年3月12日（星期三）", "2019-03", "2019", "3月12日", "12/03/2019", "2019-3-12+08:00", "",
])  # fmt: skip
def test_a_licence_reads_days_as_every_answer_does(words: str) -> None:
    """It had patterns of its own: a day that a field takes was left out of a pasted licence."""
    fact = Fact.model_validate({"名": "成立日期", "代号": "founded", "类": "日期", "问": "成立日期"})
    try:
        taken = date.fromordinal(int(read_answer(fact, words))).isoformat()
    except BadAnswer:
        taken = ""
    assert day_of(words) == taken
