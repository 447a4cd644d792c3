"""Offline proof: what an office signed holds on any machine with its public key, and nothing else does."""

from __future__ import annotations

import hashlib
import json
import random
import re
import zlib
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st

from pinggu_desk.documents.papers.letter import LETTER_TITLE, letter_bytes
from pinggu_desk.documents.papers.notice import notice_bytes
from pinggu_desk.documents.pdf.fonts import bundled
from pinggu_desk.documents.proof.check import REFUSED, check_bytes, check_code, check_file, read_code
from pinggu_desk.documents.proof.keys import PublicKey, key_file, read_key
from pinggu_desk.documents.proof.record import CLOSING, OPENING, canonical, proof_of
from pinggu_desk.policy.errors import BadInput
from pinggu_desk.work.papers import PDF_PAPERS
from tests.documents.paper_reader import Paper
from tests.documents.paper_samples import SHORT, TYPICAL
from tests.documents.signers import OURS, THEIRS

KEYS = [THEIRS.key, OURS.key]


def code_of(data: bytes) -> str:
    """The code as a scanner reads it from the printed page."""
    document = pypdfium2.PdfDocument(data)
    image = document[0].render(scale=150 / 72).to_pil().convert("L")
    document.close()
    (found,) = zxingcpp.read_barcodes(image)
    return str(found.text)


@pytest.fixture(scope="module")
def signed() -> bytes:
    return letter_bytes(TYPICAL, bundled(), OURS)


@pytest.fixture(scope="module")
def code(signed: bytes) -> str:
    return code_of(signed)


def test_a_signed_letter_holds_and_says_what_it_vouches_for(signed: bytes) -> None:
    found = check_bytes(signed, KEYS)
    assert found.ok, found
    assert "示例街道政务服务中心" in found.sentence and "没有改动" in found.sentence
    assert found.serial == TYPICAL.serial
    assert "申请人：示例桃源科技有限公司" in found.lines
    assert "沪深交易所主板上市奖励：可申请，1,000.00 万元" in found.lines
    assert "日期：2026年11月24日" in found.lines


def test_a_signed_notice_holds_too() -> None:
    data = notice_bytes(TYPICAL, bundled(), signer=OURS)
    assert check_bytes(data, KEYS).ok
    assert "文书：一次性告知书" in check_bytes(data, KEYS).lines


def test_the_same_visit_and_key_give_the_same_bytes(signed: bytes) -> None:
    assert letter_bytes(TYPICAL, bundled(), OURS) == signed
    assert letter_bytes(TYPICAL, bundled(), THEIRS) != signed


def test_one_altered_byte_anywhere_makes_it_fail(signed: bytes) -> None:
    start, end = signed.index(OPENING), signed.index(CLOSING) + len(CLOSING)
    dice = random.Random(5)
    places = {
        *dice.sample(range(len(signed)), 150),
        *dice.sample(range(start, end), 250),
        0,
        9,
        len(signed) - 1,
        end - 1,
    }
    for at in places:
        altered = bytearray(signed)
        altered[at] ^= 1 << dice.randrange(8)
        found = check_bytes(bytes(altered), KEYS)
        assert not found.ok, at
        assert found.sentence.startswith(REFUSED) and found.sentence.endswith("。"), at
        assert found.lines == (), "FOUND 53: nothing of an altered paper is shown as vouched for"


@pytest.mark.parametrize("end", [b"\n", b"%", b"\n%%EOF\n"])
def test_bytes_added_or_cut_make_it_fail(signed: bytes, end: bytes) -> None:
    assert "被改动" in check_bytes(signed + end, KEYS).sentence
    assert "被改动" in check_bytes(signed[: -len(end)], KEYS).sentence
    assert "被改动" in check_bytes(signed[:5000] + end + signed[5000:], KEYS).sentence


def saved_anew(data: bytes, *, pack: bool) -> bytes:
    """The file as another program saves it: every object written again, packed or not."""
    from pypdf import PdfWriter

    writer: Any = PdfWriter(clone_from=BytesIO(data))
    if pack:
        private = writer.root_object["/PieceInfo"]["/pinggu_desk"]["/Private"].get_object()
        writer._replace_object(
            writer.root_object["/PieceInfo"]["/pinggu_desk"].raw_get("/Private"), private.flate_encode()
        )
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


@pytest.mark.parametrize("pack", [False, True])
def test_a_file_saved_anew_is_told_from_one_whose_words_were_changed(signed: bytes, pack: bool) -> None:
    """FOUND 71: what a person can use is said, not that fonts and lengths differ."""
    found = check_bytes(saved_anew(signed, pack=pack), KEYS)
    assert not found.ok and found.sentence.startswith(REFUSED)
    assert "各页文字同签发时一样" in found.sentence
    assert "字体" not in found.sentence and "长度" not in found.sentence

    at, size, text = page_stream(signed, 1)
    packed = zlib.compress(re.sub(r"<[0-9a-f]{2,24}> Tj", "<20> Tj", text, count=1).encode("latin-1"), 9)
    altered = signed[:at] + packed.ljust(size, b"\n") + signed[at + size :]
    found = check_bytes(saved_anew(altered, pack=pack), KEYS)
    assert "附页第 1 页被改动，文字与签发时不同" in found.sentence and "正页" not in found.sentence


def test_no_stream_s_end_can_be_taken_for_its_last_byte(signed: bytes) -> None:
    """FOUND 54: a reader that takes the line end off finds just as many bytes as the length says."""
    for at in re.finditer(rb"/Length (\d+)\n?>>\nstream\n", signed):
        end = signed.index(b"endstream", at.end() + int(at[1]))
        body = signed[at.end() : end]
        assert body.endswith(b"\r\n") and len(body) - 2 == int(at[1])


def test_it_is_printed_as_large_as_it_is(signed: bytes) -> None:
    """FOUND 54: viewers that fit a page to the printer's margins are told not to."""
    root: Any = Paper(signed).pdf.trailer["/Root"]
    assert root["/ViewerPreferences"]["/PrintScaling"] == "/None"


def page_stream(data: bytes, number: int) -> tuple[int, int, str]:
    """Where a page's content stream stands, and what it draws."""
    pages = []
    for m in re.finditer(rb"/Length (\d+)\n?>>\nstream\n", data):
        raw = data[m.end() : m.end() + int(m[1])]
        try:
            text = zlib.decompress(raw).decode("latin-1")
        except zlib.error:
            continue
        if text.rstrip().endswith("ET") and " Tf" in text:
            pages.append((m.end(), len(raw), text))
    return pages[number]


def test_an_altered_figure_is_named_by_page_and_words(signed: bytes) -> None:
    """Somebody draws the sum again as another one, with the file otherwise whole."""
    at, size, text = page_stream(signed, 0)
    figure = re.findall(r"<[0-9a-f]{2,24}> Tj", text)
    packed = b""
    for drawn in figure:
        packed = zlib.compress(text.replace(drawn, "<20> Tj").encode("latin-1"), 9)
        altered = signed[:at] + packed.ljust(size, b"\n") + signed[at + size :]
        sentence = check_bytes(altered, KEYS).sentence
        assert sentence.startswith("验真未通过，请勿采信：正页第 1 页被改动")
        if "“1,000.00 万元”" in sentence and "在页面上已找不到" in sentence:
            return
    raise AssertionError("no alteration was named by its words")


def forged(data: bytes, change: Callable[[dict[str, object]], None]) -> bytes:
    """The file with its record changed and its old signature left."""
    start, end = data.index(OPENING) + len(OPENING), data.index(CLOSING)
    text, rest = data[start:end].split(b"\n", 1)
    record = json.loads(text)
    change(record)
    filled = canonical(record) + b"\n" + rest.rstrip(b" ")
    return data[:start] + filled.ljust(end - start)[: end - start] + data[end:]


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (lambda record: record.update(serial="PG-3-20261124-0009"), "编号"),
        (lambda record: record.update(date="2026-11-25"), "日期"),
        (lambda record: record.update(pack="2024.02-4"), "政策包版本"),
        (lambda record: record["content"]["found"][0].__setitem__(3, "9,000.00 万元"), "陈述与结论"),
        (lambda record: record.update(office="另一中心"), "被改动，签名不符"),
        (lambda record: record.update(practice=True), "被改动，签名不符"),
    ],
)
def test_an_altered_record_is_named_by_field(
    signed: bytes, change: Callable[[dict[str, object]], None], named: str
) -> None:
    found = check_bytes(forged(signed, change), KEYS)
    assert not found.ok
    assert named in found.sentence


def test_a_stranger_s_key_is_not_ours(signed: bytes, code: str) -> None:
    for found in (check_bytes(signed, [THEIRS.key]), check_code(code, [THEIRS.key]), check_bytes(signed, [])):
        assert not found.ok
        assert OURS.key.fingerprint in found.sentence and "不在可信公钥之中" in found.sentence


def test_a_record_moved_to_another_letter_fails(signed: bytes) -> None:
    other = letter_bytes(replace(TYPICAL, serial="PG-3-20261124-0002"), bundled(), OURS)
    record = signed[signed.index(OPENING) : signed.index(CLOSING)]
    start, end = other.index(OPENING), other.index(CLOSING)
    assert len(record) == end - start
    assert not check_bytes(other[:start] + record + other[end:], KEYS).ok


def test_two_records_in_one_file_fail(signed: bytes) -> None:
    assert "没有完整的验真记录" in check_bytes(signed + OPENING + b"{}" + CLOSING, KEYS).sentence


def test_papers_made_without_the_register_are_unsigned_and_say_so() -> None:
    for data in (letter_bytes(SHORT, bundled(), OURS), letter_bytes(TYPICAL, bundled())):
        found = check_bytes(data, KEYS)
        assert not found.ok
        assert "未登记" in found.sentence and "没有签名" in found.sentence


def test_a_practice_paper_is_told_apart() -> None:
    data = letter_bytes(replace(TYPICAL, practice=True), bundled(), OURS)
    for found in (check_bytes(data, KEYS), check_code(code_of(data), KEYS)):
        assert not found.ok
        assert "演练" in found.sentence and "不作数" in found.sentence


# --- the code


def test_the_printed_code_scans_and_holds(code: str) -> None:
    found = check_code(code, KEYS)
    assert found.ok, found
    assert found.lines == (
        "文书：政策符合性告知书", "编号：PG-3-20261124-0001", "日期：2026年11月24日", "政策包：2024.02-3",
    )  # fmt: skip


def test_the_code_has_no_personal_data_and_nothing_to_guess_from(code: str) -> None:
    assert code.isascii()
    content = {"policy": "ss", "on": "2026-11-24", "applicant": TYPICAL.applicant.name}
    assert read_code(code).digest not in {hashlib.sha256(canonical(content)).hexdigest()}
    one = proof_of(TYPICAL, LETTER_TITLE, OURS)
    other = proof_of(replace(TYPICAL, serial="PG-3-20261124-0002"), LETTER_TITLE, OURS)
    assert one is not None and other is not None
    assert one.record["content"]["stated"] == other.record["content"]["stated"]
    assert read_code(one.code).digest != read_code(other.code).digest  # the same case, yet no two digests alike


@pytest.mark.parametrize("title", PDF_PAPERS)
def test_every_paper_s_code_says_what_kind_of_paper_it_is_of(title: str) -> None:
    proof = proof_of(TYPICAL, title, OURS)
    assert proof is not None
    assert check_code(proof.code, KEYS).lines[0] == f"文书：{title}"


def test_what_was_found_is_in_the_digest(code: str) -> None:
    other = proof_of(replace(TYPICAL, determinations=TYPICAL.determinations[1:]), LETTER_TITLE, OURS)
    assert other is not None
    assert read_code(other.code).digest != read_code(code).digest


def test_a_scanner_s_case_width_and_line_ends_do_not_matter(code: str) -> None:
    full = code.replace(":", "：").replace(".", "。")
    for typed in (code.lower(), full, f" {code[:50]}\r\n{code[50:]} \n"):
        assert check_code(typed, KEYS).ok


def holds(text: str) -> bool:
    try:
        return check_code(text, KEYS).ok
    except BadInput:
        return False


def test_one_altered_letter_of_the_code_makes_it_fail(code: str) -> None:
    dice = random.Random(7)
    for at in range(len(code)):
        letter = dice.choice([c for c in "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567" if c != code[at]])
        assert not holds(code[:at] + letter + code[at + 1 :]), at


def test_a_print_and_a_file_that_do_not_belong_together(signed: bytes, code: str) -> None:
    assert check_bytes(signed, KEYS, code).ok
    other = letter_bytes(replace(TYPICAL, serial="PG-3-20261124-0002"), bundled(), OURS)
    found = check_bytes(other, KEYS, code)
    assert not found.ok
    assert "PG-3-20261124-0001" in found.sentence and "PG-3-20261124-0002" in found.sentence


@settings(max_examples=200, deadline=None)
@given(st.one_of(st.text(max_size=300), st.text("PGZ1:LABC234567", max_size=300)))
def test_any_text_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(BadInput, match=r"。$"):
        check_code(text, KEYS)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400))
def test_any_record_is_refused_in_a_sentence(filled: bytes) -> None:
    for inside in (filled, b'{"kind":' + filled, canonical({"kind": "x", "parts": [[1]]}) + filled):
        found = check_bytes(b"%PDF-1.7" + OPENING + inside + CLOSING, KEYS)
        assert not found.ok
        assert found.sentence.endswith("。")


# --- files and keys


def test_what_is_no_pdf_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("不是")
    for name, words in (("a.txt", "不是 PDF"), ("没有.pdf", "找不到"), (".", "读不出来")):
        with pytest.raises(BadInput, match=words):
            check_file(tmp_path / name, KEYS)


def test_a_key_file_is_read_back_and_readable_by_others() -> None:
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    text = key_file(OURS.key)
    assert read_key(text, "x") == OURS.key
    assert OURS.key.fingerprint in text
    assert load_pem_public_key(text[text.index("-----BEGIN") :].encode())
    assert read_key(text[text.index("-----BEGIN") :], "x") == PublicKey(OURS.public)


@pytest.mark.parametrize("text", ["", "单位：示例", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----"])
def test_a_bad_key_file_is_named(text: str) -> None:
    with pytest.raises(BadInput, match="“某文件”不是验真公钥文件"):
        read_key(text, "某文件")
