"""Issue 13: what a stick may bring. Each bad pack file is refused with one sentence, and nothing of it is ever unpacked."""

from __future__ import annotations

import io
import json
import random
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pinggu_desk.policy.errors import BadInput
from pinggu_desk.policy.packfile import (
    MANIFEST,
    MOST_BYTES,
    PackFile,
    make_pack_file,
    name_fault,
    read_pack_file,
    signed,
    signer_of,
)
from tests.work.packs.samples import OURS, THEIRS, folder, pack_of

DAY = date(2026, 1, 1)


def small(**contents: str) -> PackFile:
    parts = {f"{name}.yaml": words.encode() for name, words in contents.items()} or {"facts.yaml": b"[]\n"}
    return make_pack_file(
        parts,
        district="示例区",
        title="示例",
        version="2026.01-1+0a1b2c3d",
        edition="2026.01-1",
        day=DAY,
        needs="0.1.0",
    )


def ours(pack: PackFile) -> bytes:
    return signed(pack, OURS.public, OURS.sign).to_bytes()


def refused(raw: bytes) -> str:
    """The one sentence that a file is refused in."""
    with pytest.raises(BadInput) as caught:
        signer_of(read_pack_file(raw, "U盘/包.pack"), [OURS.public], "U盘/包.pack")
    sentence = caught.value.sentence
    assert sentence.endswith("。") and "\n" not in sentence and "U盘/包.pack" in sentence
    return sentence


def test_the_same_parts_give_the_same_bytes_and_read_back_as_they_were(tmp_path: Path) -> None:
    pack = pack_of(folder(tmp_path / "r"), DAY)
    again = pack_of(folder(tmp_path / "again"), DAY)
    assert ours(pack) == ours(again)
    read = read_pack_file(ours(pack), "包")
    assert read.manifest == pack.manifest and read.contents == dict(pack.contents)
    assert signer_of(read, [OURS.public], "包") == OURS.public


def test_any_flipped_bit_is_refused() -> None:
    """Every byte of a small file, one bit of each: not one gets by, wherever in the zip it lies."""
    raw = ours(small())
    dice = random.Random(13)
    for at in range(len(raw)):
        flipped = bytearray(raw)
        flipped[at] ^= 1 << dice.randrange(8)
        refused(bytes(flipped))


def test_any_cut_is_refused() -> None:
    raw = ours(small())
    for end in range(0, len(raw), 7):
        refused(raw[:end])
    assert "没有拷完" in refused(raw[:-40])
    assert "没有拷完" in refused(raw + b"more")


def test_unsigned_and_signed_by_another_are_refused() -> None:
    assert "没有签名" in refused(small().to_bytes())
    assert "别的密钥" in refused(signed(small(), THEIRS.public, THEIRS.sign).to_bytes())
    assert "签名不对" in refused(signed(small(), OURS.public, THEIRS.sign).to_bytes())
    other = signed(small(facts="- 另一个"), OURS.public, OURS.sign).signature  # a signature from another pack
    assert "签名不对" in refused(PackFile(small().manifest, small().contents, other).to_bytes())


def zipped(*entries: tuple[str, bytes], how: int = zipfile.ZIP_STORED, mode: int = 0o100644) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", how) as archive:
        for name, data in entries:
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.create_system, info.external_attr, info.compress_type = 3, mode << 16, how
            archive.writestr(info, data)
    return out.getvalue()


@pytest.mark.parametrize("name", [
    "../facts.yaml", "/etc/facts.yaml", "policies/../../x.yaml", "C:/facts.yaml", "policies\\xx\\policy.yaml",
    "policies/con/policy.yaml", "forms/nul.xlsx", "policies/xx/rule.py", "pack.bin", "policies/xx/", "facts.yaml\x00.py",
    "Facts.yaml", "policies/" + "a" * 300 + "/policy.yaml", "forms/事项.xlsx",
])  # fmt: skip
def test_names_that_lead_elsewhere_are_refused(name: str) -> None:
    refused(zipped((MANIFEST, b"{}"), (name, b"x")))
    if "\x00" not in name and not name.endswith("/"):
        with pytest.raises(BadInput):
            make_pack_file({name: b"x"}, district="", title="", version="1", edition="1", day=DAY, needs="0.1")


def test_links_bombs_doubles_and_crowds_are_refused() -> None:
    assert "链接" in refused(zipped(("facts.yaml", b"/etc/passwd"), mode=0o120777))
    assert "压缩" in refused(zipped(("facts.yaml", b"0" * 20_000_000), how=zipfile.ZIP_DEFLATED))
    with pytest.warns(UserWarning, match="Duplicate"):
        double = zipped(("facts.yaml", b"1"), ("facts.yaml", b"2"))
    assert "有两个" in refused(double)
    assert "目录不对" in refused(zipped(*((f"policies/p{n}/policy.yaml", b"") for n in range(3000))))
    assert "太大" in refused(b"PK\x03\x04" + b"0" * MOST_BYTES)
    overlapping = bytearray(zipped(("facts.yaml", b"1" * 100_000), ("usual.yaml", b"")))
    directory = overlapping.rindex(b"PK\x01\x02", 0, overlapping.rindex(b"PK\x01\x02"))
    second = overlapping.rindex(b"PK\x01\x02")
    overlapping[second + 16 : second + 28] = overlapping[directory + 16 : directory + 28]
    assert "重叠" in refused(bytes(overlapping))


def remade(change: Any) -> bytes:
    """A file whose manifest was changed by somebody who wrote the zip in our own form, and did not sign."""
    pack = small()
    said = json.loads(pack.manifest.to_bytes())
    change(said)
    return zipped(
        (MANIFEST, (json.dumps(said, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()),
        *((name, data) for name, data in sorted(pack.contents.items())),
    )  # fmt: skip


@pytest.mark.parametrize("change", [
    lambda m: m.update(format=2), lambda m: m.update(day="2026-13-01"), lambda m: m.update(version="../../x"),
    lambda m: m["files"].pop(), lambda m: m["files"].append({"name": "usual.yaml", "size": 1, "sha256": "00"}),
    lambda m: m["files"][0].update(sha256="0" * 64), lambda m: m["files"][0].update(size=1), lambda m: m.update(extra=1),
    lambda m: m.update(files="x"), lambda m: m.update(needs=["0"]), lambda m: m.update(kind="程序"), lambda m: m.pop("day"),
    lambda m: m.update(title="x" * 5000), lambda m: m["files"][0].update(name="../x"), lambda m: m.update(edition={}),
])  # fmt: skip
def test_a_manifest_of_another_shape_is_refused(change: Any) -> None:
    refused(remade(change))


def test_a_manifest_that_nests_without_end_is_refused() -> None:
    refused(zipped((MANIFEST, b"[" * 200_000), ("facts.yaml", b"[]")))
    refused(zipped((MANIFEST, b"\xff\xfe"), ("facts.yaml", b"[]")))


def test_what_a_pack_holds_is_allowed_by_name() -> None:
    for name in (
        "district.yaml",
        "policies/zxqy/text.md",
        "policies/zxqy/signed.yaml",
        "policies/zxqy/2027/policy.yaml",
        "forms/zxqy.xlsx",
    ):
        assert name_fault(name) == ""
