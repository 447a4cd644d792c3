"""The sign-off (审签稿) of each of the policies, reopened: nothing of text, rules or examples is left out, and it can be read."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from datetime import datetime
from functools import cache
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest

from pinggu_desk.assess.signoff import SignOff, gather
from pinggu_desk.commands.cli import run
from pinggu_desk.documents.books.signoff import signoff_xlsx
from pinggu_desk.documents.papers.signoff import annex_pdf, signoff_pdf
from pinggu_desk.policy.cases import load_cases
from pinggu_desk.policy.models import Pack
from pinggu_desk.policy.pack import load_pack, read_pack
from pinggu_desk.policy.resources import pack_root
from pinggu_desk.policy.signed import read_signatures
from pinggu_desk.work import signoffs
from tests import bundled
from tests.documents.paper_reader import Paper

MADE = datetime(2026, 4, 1, 9, 30)


@cache
def pack() -> Pack:
    return bundled.pack()


@cache
def told(policy: str) -> SignOff:
    return gather(pack(), policy, load_cases(pack(), policy))


EVERY = sorted(pack().policies)


def has(text: str, name: str) -> bool:
    """Whether an id stands in the text as a whole, not as the beginning of a longer one."""
    return re.search(rf"(?<![a-z0-9_.]){re.escape(name)}(?![A-Za-z0-9_]|\.[A-Za-z0-9])", text) is not None


@cache
def book_of(policy: str) -> openpyxl.Workbook:
    return openpyxl.load_workbook(BytesIO(signoff_xlsx(told(policy), MADE)))


@pytest.mark.parametrize("policy", EVERY)
def test_the_workbook_has_every_sentence_benefit_and_example(policy: str) -> None:
    ruled, book = pack().policies[policy], book_of(policy)
    rows = list(book["逐句对照"].iter_rows(min_row=2, values_only=True))
    clauses = [row[0] for row in rows if row[0] and not str(row[0]).endswith("（续）")]
    assert clauses[: len(ruled.sentences)] == [sentence.id for sentence in ruled.sentences]
    assert all(str(clause).startswith("竞合") for clause in clauses[len(ruled.sentences) :])
    words = {row[0]: str(row[2]) for row in rows}
    for sentence in ruled.sentences:
        if "|" in sentence.words:  # a row of a table reads as words, not as bars
            assert all(cell.strip() in words[sentence.id] for cell in sentence.words.split("|")), sentence.id
        elif "$" not in sentence.words:
            assert words[sentence.id].startswith(sentence.words)
    middle = "\n".join(str(row[3]) for row in rows)
    for benefit in ruled.benefits:
        assert middle.count(f"【支持事项：{benefit.title}（{benefit.id}）】") == 1
    examples = "\n".join(str(row[4]) for row in rows)
    numbers = [int(number) for number in re.findall(r"^例(\d+)　", examples, re.M)]
    assert numbers == list(range(1, len(load_cases(pack(), policy).cases) + 1))


@pytest.mark.parametrize("policy", EVERY)
def test_the_page_has_every_sentence_and_benefit_and_no_text_leaves_it(policy: str) -> None:
    paper = Paper(signoff_pdf(told(policy), MADE))
    ruled = pack().policies[policy]
    text = "\n".join(paper.pages)
    for sentence in ruled.sentences:
        assert sentence.heading or has(text, sentence.id), sentence.id
    for benefit in ruled.benefits:
        assert has(text, benefit.id), benefit.id
    assert "审核人" in paper.text and "日期" in paper.text and "审核意见" in paper.text
    assert pack().version in paper.text
    width, height = (float(side) for side in paper.pdf.pages[0].mediabox[2:])
    assert width > height
    for char in (char for chars in paper.chars for char in chars):
        assert char.left > 36 and char.right < width - 36, char
        assert char.bottom > 15 and char.top < height - 40, char


@pytest.mark.parametrize("policy", EVERY)
def test_nothing_in_the_workbook_is_a_formula_or_too_tall_to_be_shown(policy: str) -> None:
    for sheet in book_of(policy).worksheets:
        assert all(cell.data_type in ("s", "n") for row in sheet.iter_rows() for cell in row)
        assert all((row.height or 0) <= 409 for row in sheet.row_dimensions.values())


@pytest.mark.parametrize("policy", EVERY)
def test_the_reading_is_chinese_and_names_no_part_of_the_program(policy: str) -> None:
    for row in told(policy).rows:
        for block in row.blocks:
            for line in block.lines:
                assert "None" not in line.words and "Quantity" not in line.words
                assert line.words.count("〔") == line.words.count("〕")
                assert line.words.count("（") == line.words.count("）")


def test_a_condition_with_alternatives_is_set_out_in_numbered_lines() -> None:
    (row,) = (row for row in told("gjj").rows if row.clause == "gjj.1a")
    (block,) = (block for block in row.blocks if block.title == "定义·科技创新支持对象")
    assert [(line.level, line.words) for line in block.lines] == [
        (0, "须同时符合："),
        (1, "1. 申请人类型为企业"),
        (1, "2. 符合以下任一："),
        (2, "（1）口径待主管部门确认："),
        (3, "取：列入十大高精尖产业目录"),
        (3, "另：列入十大高精尖产业目录，且科技创新工业企业"),
        (2, "（2）科技创新工业企业，且获批科技创新称号"),
    ]


def test_a_benefit_says_what_it_gives_to_whom_until_when_on_what_papers() -> None:
    (row,) = (row for row in told("ss").rows if row.clause == "ss.2.2.3a")
    (benefit,) = (block for block in row.blocks if "（ss.neeq）" in block.title)
    words = "\n".join(line.words for line in benefit.lines)
    assert "类别：资金；领取人：企业" in words
    assert "总则：服务对象、上市企业来源" in words
    assert "100万元" in words
    assert "时限：上市挂牌日后60个工作日内，逾期视为自动放弃；" in words
    assert "也可能从迁入本区日起算，由区财政局（金融办）认定" in words
    assert "上市、挂牌企业营业执照副本" in words


def test_an_example_is_facts_and_what_they_come_to() -> None:
    (row,) = (row for row in told("ss").rows if row.clause == "ss.2.2.1")
    first = row.examples[0].words
    assert "上市挂牌板块 沪深交易所主板" in first and "上市企业来源 本区企业" in first
    assert "→ 企业上市奖励：可申请，1000万元，按条款计算" in first
    assert "只是上市挂牌板块：北交所 → 企业上市奖励：可申请，800万元" in row.examples[1].words


def test_a_parameter_without_a_value_says_that_the_answer_stays_open() -> None:
    words = "\n".join(line.words for row in told("gzjzz").rows for block in row.blocks for line in block.lines)
    assert "参数“上一年度北京市全社会职工平均工资”" in words and "没有值" in words


def test_each_overlap_is_a_sentence_of_its_own_to_agree_to() -> None:
    """Issue 13, left by an officer alone: nothing that was signed said of which benefits only one is had, and which."""
    standing = [one for one in pack().overlaps if any(benefit.startswith("ss.") for benefit in one.benefits)]
    rows = {row.clause: row for row in told("ss").rows if row.clause.startswith("竞合.")}
    assert [*rows] == [f"竞合.{one.id}" for one in standing] and len(rows) == 2
    row = rows["竞合.neeq"]
    assert "奖励资助不重复" in row.words and "hgjh.9c" in row.words, "the very words on which it stands"
    said = "\n".join(line.words for block in row.blocks for line in block.lines)
    assert "新三板创新层挂牌奖励（ss.neeq）" in said and "（hgjh.listing）" in said
    assert "只取一项" in said and "不比高低" in said and "答“否”的可以分别申请" in said
    open_one = next(one for one in pack().overlaps if not one.rule)
    (other,) = (row for row in told(open_one.benefits[0].split(".")[0]).rows if row.clause == f"竞合.{open_one.id}")
    assert "原文没有写" in other.words
    paper = Paper(signoff_pdf(told("ss"), MADE)).text
    assert "竞合.neeq" in paper and "就高" not in paper, "a special measure goes by itself, whatever is higher"


def test_a_signed_overlap_stands_no_more_once_it_decides_otherwise(own_pack: Path, tmp_path: Path) -> None:
    out = tmp_path / "ss.xlsx"
    assert run(["sign-off", "--pack", str(own_pack), "--policy", "ss", "-o", str(out)]) == 0
    fill(out, {"竞合.neeq": ("同意", ""), "竞合.listing": ("不同意", "应取高的")})
    assert run(["sign-off", "--pack", str(own_pack), "--read", str(out)]) == 0
    assert [(one.clause, one.opinion) for one in read_signatures(own_pack, "ss")] == [
        ("竞合.listing", "不同意"),
        ("竞合.neeq", "同意"),
    ]
    shared = own_pack / "overlaps.yaml"
    before = shared.read_text(encoding="utf-8")
    at = before.index("- 编号: neeq")
    shared.write_text(before[:at] + before[at:].replace("  优先: [ss.neeq]\n", "", 1), encoding="utf-8")
    now = signoffs.standings(load_pack(own_pack), own_pack)["ss"]
    assert now.changed == ("竞合.neeq",) and now.refused == ("竞合.listing",)


def test_the_same_day_gives_the_same_bytes() -> None:
    assert signoff_pdf(told("ss"), MADE) == signoff_pdf(told("ss"), MADE)
    assert signoff_xlsx(told("ss"), MADE) == signoff_xlsx(told("ss"), MADE)


#: pages that the sign-off took before it had an annex, and half of them is what it may take now (rounded down)
#: of the layout that told every example beside its sentence
PAGES_BEFORE = {"tztc": 19, "yl": 9, "ss": 22, "jr": 22, "hs": 19}


@pytest.mark.parametrize("policy", PAGES_BEFORE)
def test_an_officer_signs_on_page_one_and_reads_half_as_many_pages(policy: str) -> None:
    paper = Paper(signoff_pdf(told(policy), MADE))
    assert len(paper.pages) <= PAGES_BEFORE[policy] / 2
    first = paper.pages[0]
    assert all(word in first for word in ("审核意见", "审核人", "日期"))
    sentences = [row for row in told(policy).rows if not row.heading]
    assert paper.text.count("□同意") == paper.text.count("□不同意") == len(sentences)


def test_one_example_at_each_bound_stands_beside_its_sentence_the_rest_in_the_annex() -> None:
    (row,) = (row for row in told("tztc").rows if row.clause == "tztc.3.1A")
    beside = [one.short for one in row.examples if one.beside]
    for bound in ("10吨标煤", "30吨标煤", "50吨标煤", "100吨标煤", "200吨标煤", "500吨标煤"):
        assert sum(f"能源节约量 {bound} →" in one for one in beside) == 1, bound
    assert not any("9.999" in one for one in beside) and any("9.999" in one.words for one in row.examples)
    annex = Paper(annex_pdf(told("tztc"), MADE)).text
    numbers = [int(n) for n in re.findall(r"例(\d+)", annex)]
    assert set(range(1, len(load_cases(pack(), "tztc").cases) + 1)) <= set(numbers)
    assert "应当拒收" in annex


# --- what comes back ------------------------------------------------------------------------------------------------


@pytest.fixture
def own_pack(tmp_path: Path) -> Path:
    root = tmp_path / "resources"
    shutil.copytree(pack_root(), root, ignore=shutil.ignore_patterns("fonts", "icons", "colour", "pack.bin"))
    return root


def fill(path: Path, opinions: dict[str, tuple[str, str]], by: str = "示例科长", on: object = "2026年3月2日") -> None:
    book = openpyxl.load_workbook(path)
    for row in book["审签"].iter_rows(min_col=1, max_col=2):
        if row[0].value in ("审核人", "日期"):
            row[1].value = by if row[0].value == "审核人" else on  # type: ignore[assignment]
    head = [cell.value for cell in book["逐句对照"][1]]
    at, words = head.index("意见"), head.index("说明")
    for row in book["逐句对照"].iter_rows(min_row=2):
        if row[0].value in opinions:
            row[at].value, row[words].value = opinions[str(row[0].value)]
    book.save(path)


def signed_off(root: Path, tmp_path: Path) -> Path:
    out = tmp_path / "tztc.xlsx"
    assert run(["sign-off", "--pack", str(root), "--policy", "tztc", "-o", str(out)]) == 0
    return out


def test_a_filled_sign_off_is_read_in_and_check_knows_what_changed_since(
    own_pack: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = signed_off(own_pack, tmp_path)
    fill(out, {"tztc.1a": ("同意", ""), "tztc.2b": ("不同意", "应按三项"), "tztc.2a": ("同意", "")})
    capsys.readouterr()
    assert run(["sign-off", "--pack", str(own_pack), "--read", str(out)]) == 0
    assert "同意 2 句，不同意 1 句：tztc.2b（应按三项）" in capsys.readouterr().out
    kept = read_signatures(own_pack, "tztc")
    assert [(one.clause, one.opinion, one.by, one.on.isoformat()) for one in kept] == [
        ("tztc.1a", "同意", "示例科长", "2026-03-02"),
        ("tztc.2a", "同意", "示例科长", "2026-03-02"),
        ("tztc.2b", "不同意", "示例科长", "2026-03-02"),
    ]
    was = signoffs.standings(load_pack(own_pack), own_pack)["tztc"]
    assert was.words == "已签 2 句，不同意 1 句（tztc.2b），未签 18 句"
    policy = own_pack / "policies/tztc/policy.yaml"
    rules = policy.read_text(encoding="utf-8")
    assert "封顶: 300万元" in rules
    policy.write_text(rules.replace("封顶: 300万元", "封顶: 310万元"), encoding="utf-8")
    changed, _ = read_pack(own_pack)
    now = signoffs.standings(changed, own_pack)["tztc"]
    assert (now.agreed, now.refused, now.changed) == (("tztc.1a",), ("tztc.2b",), ("tztc.2a",))


def test_what_was_changed_after_it_was_printed_is_not_taken_as_signed(own_pack: Path, tmp_path: Path) -> None:
    out = signed_off(own_pack, tmp_path)
    fill(out, {"tztc.1a": ("同意", ""), "tztc.2c": ("同意", "")})
    book = openpyxl.load_workbook(out)
    stamp = [cell.value for cell in book["逐句对照"][1]].index("印")
    for row in book["逐句对照"].iter_rows(min_row=2):
        if row[0].value == "tztc.1a":
            row[stamp].value = "00000000"
    book.save(out)
    taken = signoffs.take_in(load_pack(own_pack), out, own_pack)
    assert (taken.outdated, [one.clause for one in taken.signed]) == (("tztc.1a",), ["tztc.2c"])
    assert "请重新送审" in taken.words


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda path: fill(path, {"tztc.1a": ("同意", "")}, by=""), "审核人"),
        (lambda path: fill(path, {"tztc.1a": ("同意", "")}, on="三月"), "日期"),
        (lambda path: fill(path, {"tztc.1a": ("可以", "")}), "应为同意或不同意"),
        (lambda path: fill(path, {}), "没有一句写了意见"),
        (lambda path: path.write_bytes(b"PK"), ""),
        (lambda path: openpyxl.Workbook().save(path), "不是本程序出的审签稿"),
    ],
)
def test_a_sign_off_that_cannot_be_read_in_is_refused_in_one_sentence(
    own_pack: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], spoil: Callable[[Path], None], says: str
) -> None:
    out = signed_off(own_pack, tmp_path)
    spoil(out)
    capsys.readouterr()
    assert run(["sign-off", "--pack", str(own_pack), "--read", str(out)]) == 2
    error = capsys.readouterr().err
    assert says in error and error.count("\n") == 1
    assert not (own_pack / "policies/tztc/signed.yaml").exists()


# --- on the command line --------------------------------------------------------------------------------------------


def test_one_policy_to_a_file_of_either_kind(tmp_path: Path) -> None:
    for name, magic in (("审签.xlsx", b"PK"), ("审签.pdf", b"%PDF")):
        assert run(["sign-off", "--policy", "ss", "-o", str(tmp_path / name)]) == 0
        assert (tmp_path / name).read_bytes().startswith(magic)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["审签.pdf", "审签.xlsx", "审签附样例.pdf"]


@pytest.mark.parametrize("real", [False, pytest.param(True, marks=pytest.mark.exhaustive)])
def test_all_policies_to_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, real: bool) -> None:
    if not real:  # each policy gets its two files; what is in them is what one policy at a time has
        for suffix in signoffs._MAKERS:
            monkeypatch.setitem(signoffs._MAKERS, suffix, lambda told, path, made: path.touch())
        monkeypatch.setattr(signoffs, "make_annex_pages", lambda told, path, made: path.touch())
    assert run(["sign-off", "-o", str(tmp_path / "all")]) == 0
    assert sorted(path.name for path in (tmp_path / "all").iterdir()) == sorted(
        f"{policy}{suffix}" for policy in EVERY for suffix in (".pdf", ".xlsx", f"{signoffs.ANNEX}.pdf")
    )


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["-o", "x.pdf"], "只能装一项政策"),
        (["--policy", "ss", "-o", "x.docx"], "应以 .xlsx 或 .pdf 结尾"),
        (["--policy", "sss", "-o", "x.pdf"], "没有编号为“sss”的政策"),
        (["--policy", "ss", "-o", "nowhere/x.pdf"], "不存在"),
    ],
)
def test_what_cannot_be_written_is_refused_in_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], arguments: list[str], says: str
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["sign-off", *arguments]) == 2
    assert says in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
