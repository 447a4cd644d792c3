"""A bundle's file (数据包): for one register only, from an office that is trusted, whole, or refused in one sentence."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from pinggu_desk.register import Register, errors
from pinggu_desk.register.bundles import sealed
from pinggu_desk.register.bundles.records import Parcel
from tests.conftest import Counted

from .conftest import Clock
from .townships import (
    CODE,
    OTHER_PHRASE,
    PHRASE,
    WEAK_PHRASE,
    everything,
    hub,
    joined,
    office,
    rows,
    town,
    visit,
)  # fmt: skip

__all__ = ["hub", "town"]  # fixtures


def test_a_bundle_goes_by_a_stick_and_its_receipt_comes_back(hub: Register, town: Register) -> None:
    visit(town)
    receiver = town.read_receiving_key(hub.receiving_key_file(), "收件公钥.json")
    assert (receiver.register_id, receiver.office) == (hub.register_id, "示例区")
    (parcel,) = town.export_since(receiver.register_id)
    data = town.sealed_bundle(parcel, receiver=receiver)
    for secret in ("示例公司", CODE, "示例电话", "500万元"):
        for coding in ("utf-8", "utf-16-le", "gbk"):
            assert secret.encode(coding) not in data
    opened = hub.opened_bundle(data, "示例.pgdata")
    assert (opened.parcel, opened.office) == (parcel, "示例镇")
    done = hub.join(opened.parcel, opened.office)
    town.note_joined(town.read_receipt(hub.receipt_file(done.receipt), "回执.json"))
    assert everything(hub) == everything(town)


def test_a_bundle_under_a_passphrase_of_its_own(hub: Register, town: Register) -> None:
    visit(town)
    (parcel,) = town.export_since(hub.register_id)
    with pytest.raises(errors.WeakPassword):
        town.sealed_bundle(parcel, passphrase=WEAK_PHRASE)
    data = town.sealed_bundle(parcel, passphrase=PHRASE)
    assert sealed.needs_passphrase(data, "包")
    with pytest.raises(errors.BundleRefused, match="请输入对方告知的数据包口令"):
        hub.opened_bundle(data, "包")
    with pytest.raises(errors.BundleRefused, match="口令不对"):
        hub.opened_bundle(data, "包", passphrase=OTHER_PHRASE)
    assert hub.opened_bundle(data, "包", passphrase=PHRASE).parcel == parcel


def test_every_byte_that_is_changed_or_missing_is_noticed(hub: Register, town: Register, counted: Counted) -> None:
    visit(town)
    receiver = town.read_receiving_key(hub.receiving_key_file(), "收件公钥.json")
    data = town.sealed_bundle(town.export_since(receiver.register_id)[0], receiver=receiver)
    chance, before = random.Random(7), rows(hub)
    for turn in range(200):
        at = chance.randrange(len(data)) if turn > 60 else turn * 5
        spoilt = data[:at] + bytes([data[at] ^ chance.randrange(1, 256)]) + data[at + 1 :]
        if turn % 3 == 2:
            spoilt = data[: chance.randrange(len(data))]
        with pytest.raises(errors.BundleRefused, match=r"^“示例包”[^\n]*。$"):
            hub.opened_bundle(spoilt, "示例包")
    assert rows(hub) == before
    counted("spoilt bundles", tried=200, refused_with_a_sentence=200)


def test_bundles_that_are_not_for_us_or_from_nobody_we_know(
    hub: Register, town: Register, tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    visit(town)
    stranger = office(tmp_path / "别处", clock, "09")
    stranger.trust_key(hub.office_key().public, "示例区")
    receiver = stranger.read_receiving_key(hub.receiving_key_file(), "键")
    (parcel,) = stranger.export_since(hub.register_id)
    with pytest.raises(errors.BundleRefused, match=r"不认识的单位签发.*可信公钥"):
        hub.opened_bundle(stranger.sealed_bundle(parcel, receiver=receiver), "包")
    hub.trust_key(stranger.office_key().public, "示例别处")
    stranger.trust_key(town.office_key().public, "示例镇")
    to_town = stranger.sealed_bundle(parcel, receiver=stranger.read_receiving_key(town.receiving_key_file(), "键"))
    with pytest.raises(errors.BundleRefused, match="不是发给本登记库的"):
        hub.opened_bundle(to_town, "包")
    (his,) = town.export_since(hub.register_id)
    with pytest.raises(errors.BundleRefused, match="里外写的单位不一样"):
        hub.opened_bundle(resigned(his, stranger, receiver.exchange, monkeypatch), "包")
    with pytest.raises(errors.BundleRefused, match="不是数据包"):
        hub.opened_bundle(b"PK\x03\x04", "照片.zip")
    with pytest.raises(errors.InvalidEntry, match="自己导出的数据包"):
        hub.join(hub.export_since(town.register_id)[0], "自己")
    monkeypatch.setattr(sealed, "FORMAT", 2)
    newer = town.sealed_bundle(his, receiver=receiver)
    monkeypatch.setattr(sealed, "FORMAT", 1)
    with pytest.raises(errors.BundleRefused, match="更新版本的程序导出（格式 2"):
        hub.opened_bundle(newer, "包")
    stranger.close()


def resigned(parcel: Parcel, thief: Register, exchange: bytes, monkeypatch: pytest.MonkeyPatch) -> bytes:
    """Another office's parcel, put under one's own head and signature."""
    lines = list(sealed._lines(parcel))
    with monkeypatch.context() as patched:
        patched.setattr(sealed, "_lines", lambda _parcel: iter(lines))
        own = parcel.model_copy(update={"sender": thief.register_id})
        return sealed.seal_bundle(own, thief.office_key(), receiver=exchange)


def test_a_bundle_that_swells_beyond_measure_is_refused(
    hub: Register, town: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = visit(town)
    town.set_answer(case, "备注", "字" * 1_000_000)
    data = town.sealed_bundle(town.export_since(hub.register_id)[0], passphrase=PHRASE)
    assert len(data) < 100_000
    monkeypatch.setattr(sealed, "MOST_PLAIN", 1_000_000)
    with pytest.raises(errors.BundleRefused, match="展开后超过"):
        hub.opened_bundle(data, "包", passphrase=PHRASE)
    monkeypatch.setattr(sealed, "MOST_FILE", 1000)
    with pytest.raises(errors.BundleRefused, match="超过 0 MB"):
        hub.opened_bundle(data, "包", passphrase=PHRASE)


def test_a_spoilt_receipt_or_receiving_key_is_refused(hub: Register, town: Register) -> None:
    visit(town)
    receipt = hub.receipt_file(joined(hub, town).receipt)
    key = hub.receiving_key_file()
    for data, read in ((receipt, town.read_receipt), (key, town.read_receiving_key)):
        for spoilt in (
            data[:-9],
            data.replace(hub.register_id.encode(), town.register_id.encode()),
            b"{}",
            b"[" * 60_000,
        ):
            with pytest.raises(errors.BundleRefused, match=r"^“文件”[^\n]*。$"):
                read(spoilt, "文件")
    assert town.read_receipt(receipt, "文件").number == 1
