"""Each policy's text.md says what the compendium (汇编) prints, character for character.

The stretches of the compendium stand verbatim in tests/data/source-<policy>.txt. White space is not compared: pages
break lines inside sentences. Everything else must agree, once the recorded cleanings are taken back.
"""

import re
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
TEXTS = sorted((ROOT / "resources" / "policies").glob("*/text.md"))
POLICIES = [path.parent.name for path in TEXTS]
LINE = re.compile(r"(?P<mark>#{1,4}|-) (?P<id>[a-z]+(?:\.[0-9A-Za-z]+)*) (?P<words>\S.*\S)")
ID = re.compile(r"[a-z]+(\.(\d+[a-zA-Z]{0,2}|[nsxh]\d?[a-z]?))*")
COMPENDIUM = "平谷区推动高质量发展惠企助企政策汇编（简版），2024年2月"
SOURCES = {"hgjh": "平谷区高质量发展人才汇聚计划（汇谷计划）实施办法，京平发〔2021〕12号"}
#: Texts whose items are cited by their bare number (rcst.1 for 第一条), their printed sections being s1, s2, s3; and one
#: whose （一）（二） are cited as letters (anju.2a), with numbers that begin again in each.
BARE_ITEMS, LETTERED = {"rcst", "bsh", "bys"}, {"anju"}
REGULAR = [policy for policy in POLICIES if policy not in BARE_ITEMS | LETTERED]
#: A note (注) or footnote of its own, and the exemption that wltst.3 prints in brackets: they stand outside the count.
ASIDE = re.compile(r"\.n\d?[a-z]?$|\dx$")
HAN_NUMBERS = "一二三四五六七八九十"
MARKERS = (
    re.compile(rf"(?P<han>[{HAN_NUMBERS}])、"),
    re.compile(rf"（(?P<han>[{HAN_NUMBERS}])）"),
    re.compile(r"(?P<figure>\d+)\. "),
    re.compile(r"（(?P<figure>\d+)）"),
)


@dataclass(frozen=True)
class Line:
    """One line of a text: its mark (`#` to `###`, or `-`), its clause id and its words."""

    mark: str
    id: str
    words: str


def read(policy: str) -> tuple[dict[str, Any], list[Line]]:
    """The front matter and the lines of a policy's text; a line of any other shape fails the test."""
    whole = (ROOT / "resources" / "policies" / policy / "text.md").read_text(encoding="utf-8")
    _, front, body = whole.split("---\n", 2)
    lines = []
    for raw in body.splitlines():
        match = LINE.fullmatch(raw)
        assert match, f"{policy}: not a heading or a sentence: {raw!r}"
        lines.append(Line(match["mark"], match["id"], match["words"]))
    return yaml.safe_load(front), lines


def bare(words: str) -> str:
    """Words without white space, the bars between a table's cells (the source has none of its own) and Markdown's marks."""
    return re.sub(r"[\s|*#]", "", words)


def as_printed(front: dict[str, Any], lines: list[Line]) -> str:
    """The whole text as the compendium prints it: cleanings taken back, white space left out."""
    printed = {line.id: bare(line.words) for line in lines}
    for cleaning in front["cleanings"]:
        words, kept = printed[cleaning["at"]], bare(cleaning["kept"])
        assert words.count(kept) == 1, f"{cleaning['at']}: 「{kept}」 must stand there once"
        printed[cleaning["at"]] = words.replace(kept, bare(cleaning["printed"]))
    moves = front.get("moves", [])
    moved = {move["at"]: printed.pop(move["at"]) for move in moves}
    whole = "".join(printed.values())
    for move in moves:
        before = bare(move["printed_after"])
        assert whole.count(before) == 1, f"{move['at']}: 「{before}」 must stand there once"
        whole = whole.replace(before, before + moved[move["at"]])
    return whole


def source(policy: str) -> str:
    return (ROOT / "tests" / "data" / f"source-{policy}.txt").read_text(encoding="utf-8")


def number_of(clause: str) -> int | None:
    """The last section number of a clause id: 3 for ss.2.2.3b, None for a policy's title."""
    numbers = re.findall(r"\.(\d+)", clause)
    return int(numbers[-1]) if numbers else None


def test_every_text_has_its_source_and_every_source_its_text() -> None:
    sources = {path.stem.removeprefix("source-") for path in (ROOT / "tests" / "data").glob("source-*.txt")}
    assert set(POLICIES) == sources
    assert {"ss", "tztc", "yl", "zxqy"} <= sources


@pytest.mark.parametrize("policy", POLICIES)
def test_text_is_the_source_character_for_character(policy: str) -> None:
    assert "|" not in source(policy)
    front, lines = read(policy)
    ours, theirs = as_printed(front, lines), bare(source(policy))
    for at, (mine, printed) in enumerate(zip(ours, theirs, strict=False)):
        assert mine == printed, (
            f"{policy}: …{ours[max(0, at - 12) : at + 6]}… is printed …{theirs[max(0, at - 12) : at + 6]}…"
        )
    assert len(ours) == len(theirs), f"{policy}: one of the two goes on: {(ours[len(theirs) :], theirs[len(ours) :])}"


@pytest.mark.parametrize("policy", POLICIES)
def test_text_begins_with_its_title_and_ids_are_its_own(policy: str) -> None:
    front, lines = read(policy)
    assert front["policy"] == policy
    assert front["source"] == SOURCES.get(policy, COMPENDIUM)
    assert (lines[0].mark, lines[0].id) == ("#", policy)
    ids = [line.id for line in lines]
    assert len(ids) == len(set(ids))
    for clause in ids:
        assert ID.fullmatch(clause), clause
        assert clause.split(".")[0] == policy


@pytest.mark.parametrize("policy", REGULAR)
def test_every_sentence_stands_under_the_heading_that_its_id_names(policy: str) -> None:
    above: dict[int, str] = {}
    for line in read(policy)[1]:
        if ASIDE.search(line.id):
            continue
        if line.mark == "-":
            nearest = above[max(above)]
            assert line.id.startswith(nearest), f"{line.id} stands under {nearest}"
            continue
        depth = len(line.mark)
        assert line.id.count(".") == depth - 1, f"{line.id} is no heading of depth {depth}"
        above = {level: clause for level, clause in above.items() if level < depth}
        assert depth == 1 or line.id.startswith(above[depth - 1] + "."), f"{line.id} stands under {above}"
        above[depth] = line.id


@pytest.mark.parametrize("policy", REGULAR)
def test_a_printed_number_is_the_number_in_the_id(policy: str) -> None:
    for line in read(policy)[1]:
        for marker in MARKERS:
            if match := marker.match(line.words):
                found = match.groupdict()
                printed = int(found["figure"]) if found.get("figure") else HAN_NUMBERS.index(found["han"]) + 1
                assert number_of(line.id) == printed, f"{line.id} is printed {match[0]}"
                assert not line.id[-1].isalpha() or line.id.endswith("a"), f"{line.id}: a clause begins at its letter a"


@pytest.mark.parametrize("policy", REGULAR)
def test_clauses_are_numbered_in_order_without_a_gap(policy: str) -> None:
    numbers: list[tuple[int, ...]] = []
    for line in read(policy)[1]:
        clause = tuple(int(n) for n in re.findall(r"\.(\d+)", line.id))
        # a sentence that closes a clause may follow the clause's own list (wzwm.2.2.2c after its .2)
        closes = line.mark == "-" and bool(numbers) and numbers[-1][: len(clause)] == clause
        if not closes and not ASIDE.search(line.id) and clause:
            numbers.append(clause)
    assert numbers == sorted(numbers)
    below: dict[tuple[int, ...], set[int]] = {}
    for clause in numbers:
        below.setdefault(clause[:-1], set()).add(clause[-1])
    for clause, last in below.items():
        # A sentence that leads in to a numbered list has the number 0.
        assert last - {0} == set(range(1, max(last) + 1)), f"{policy}{clause}: {sorted(last)}"


@pytest.mark.parametrize("policy", REGULAR)
def test_letters_of_a_clause_run_without_a_gap(policy: str) -> None:
    letters: dict[str, str] = {}
    for line in read(policy)[1]:
        # A table's rows carry the letters of their measures or of their heads instead.
        if line.mark == "-" and line.id[-1].isalpha() and " | " not in line.words and not ASIDE.search(line.id):
            letters[line.id[:-1]] = letters.get(line.id[:-1], "") + line.id[-1]
    for clause, run in letters.items():
        assert run == "abcdefghij"[: len(run)], f"{clause}: {run}"


@pytest.mark.parametrize("policy", POLICIES)
def test_one_sentence_a_line_without_the_scan_s_spaces(policy: str) -> None:
    for line in read(policy)[1]:
        assert "。" not in line.words[:-1], f"{line.id}: two sentences"
        # Cells keep their spaces; in sentences the scan's spaces around figures (300 万) would only trip the reader.
        assert not re.search(r"[\u4e00-\u9fff] \d|\d [\u4e00-\u9fff%]", line.words), f"{line.id}: {line.words}"


@pytest.mark.parametrize("policy", POLICIES)
def test_cleanings_and_doubts_point_at_words_that_stand_there(policy: str) -> None:
    front, lines = read(policy)
    words = {line.id: line.words for line in lines}
    for cleaning in front["cleanings"]:
        assert set(cleaning) == {"at", "printed", "kept", "why"}
        assert cleaning["printed"] != cleaning["kept"]
        assert cleaning["why"]
        assert bare(cleaning["printed"]) in bare(source(policy))
    for doubt in front["doubts"]:
        assert set(doubt) == {"at", "printed", "other", "why"}
        assert doubt["printed"] in words[doubt["at"]], f"{doubt['at']}: {doubt['printed']} does not stand there"
        assert doubt["other"] not in ("", doubt["printed"])
        assert doubt["why"]


def test_clauses_that_the_readings_cite_are_there() -> None:
    cited = {
        "ss": ("1b", "2.2", "2.2.3b", "3.1"),
        "zxqy": ("2.1", "2.3", "2.4", "2.5", "2.6", "2.7", "3.1", "3.3"),
        "tztc": ("1", "2", "3", "3.1", "4"),
    }
    for policy, clauses in cited.items():
        ids = {line.id for line in read(policy)[1]}
        for clause in clauses:
            # A clause whose parts are all lettered has no line of its own: its letters are the clause.
            assert {f"{policy}.{clause}", f"{policy}.{clause}a"} & ids, f"{policy}.{clause}"


def test_tztc_cleaned_inequalities_say_what_the_scan_s_marks_say() -> None:
    """The tables' LaTeX marks came from the scan; the plain signs kept instead must mean the same, row by row."""
    front, lines = read("tztc")
    assert [c["at"] for c in front["cleanings"]] == [f"tztc.3.{row}" for row in ("1A", "1B", "1C", "1D", "2s", "2t")]
    for cleaning in front["cleanings"]:
        plain = cleaning["printed"].replace("$", "").replace(r"\leq", "≤").replace(r"\geq", "≥")
        assert cleaning["kept"] == plain
    assert not [line.id for line in lines if "$" in line.words or "\\" in line.words]


def test_tztc_bands_meet_and_each_has_its_score_or_sum() -> None:
    """A band of the tables begins where the one before it ends, so no enterprise falls between two rows."""
    words = {line.id: line.words.split(" | ") for line in read("tztc")[1]}
    for head, row in (("1h", "1A"), ("1h", "1B"), ("1k", "1C"), ("1k", "1D"), ("2m", "2s"), ("2n", "2t")):
        values, bands = words[f"tztc.3.{head}"], words[f"tztc.3.{row}"]
        assert len(values) == len(bands)
        cells = [cell for cell in bands if re.search("[<≤≥=]", cell)]
        assert all(value.isdecimal() for value in values[-len(cells) :])
        for lower, upper in pairwise(cells):
            ends, begins = re.findall(r"\d+", lower)[-1], re.findall(r"\d+", upper)[0]
            assert ends == begins, f"tztc.3.{row}: {lower} {upper}"
