"""The office's key: one a register, kept in it, brought along by backups and upgrades; other offices' keys by name."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from pinggu_desk.register import Register, errors
from pinggu_desk.register.signing import PUBLIC_FILE

from .conftest import PASSWORD, Clock

OTHER = bytes(range(32))


def reopened(folder: Path, clock: Clock) -> Register:
    return Register.open(folder, clerk_no="01", password=PASSWORD, now=clock)


def published(folder: Path) -> bytes:
    key = load_pem_public_key((folder / PUBLIC_FILE).read_bytes())
    assert isinstance(key, Ed25519PublicKey)
    return key.public_bytes_raw()


def test_the_key_is_made_with_the_register_and_stays(register: Register, folder: Path, clock: Clock) -> None:
    key = register.office_key()
    Ed25519PublicKey.from_public_bytes(key.public).verify(key.sign(b"x"), b"x")
    register.close()
    again = reopened(folder, clock)
    assert again.office_key().public == key.public == published(folder)
    assert again.office_key().sign(b"x") == key.sign(b"x")
    again.close()


def test_the_private_half_is_nowhere_in_the_clear(register: Register, folder: Path) -> None:
    row = register._db.row("SELECT private FROM signing_keys")
    assert row is not None and len(row[0]) == 32
    for path in folder.iterdir():
        data = path.read_bytes()
        assert bytes(row[0]) not in data and bytes(row[0]).hex().encode() not in data, path.name


def test_two_registers_have_two_keys(register: Register, tmp_path: Path) -> None:
    other, _ = Register.create(tmp_path / "另一处", clerk_no="01", clerk_name="示例经办", password=PASSWORD)
    assert other.office_key().public != register.office_key().public
    other.close()


def test_the_public_half_is_laid_out_again_when_it_is_lost_or_changed(
    register: Register, folder: Path, clock: Clock
) -> None:
    public = register.office_key().public
    register.close()
    for spoil in (lambda: (folder / PUBLIC_FILE).unlink(), lambda: (folder / PUBLIC_FILE).write_text("别的")):
        spoil()
        reopened(folder, clock).close()
        assert published(folder) == public


def test_a_backup_signs_with_the_same_key(register: Register, tmp_path: Path, clock: Clock) -> None:
    (tmp_path / "盘").mkdir()
    copy = reopened(register.backup(tmp_path / "盘"), clock)
    assert copy.office_key().public == register.office_key().public
    copy.close()


def test_a_changed_key_signs_nothing_and_is_found(register: Register) -> None:
    with register._db.transaction():
        register._db.run("UPDATE signing_keys SET private = ?", OTHER)
    with pytest.raises(errors.RegisterDamaged, match="签发密钥缺失或被改动"):
        register.office_key()
    assert any("签发密钥“1”的内容与校验码不符" in fault for fault in register.check())


def test_other_offices_keys_are_trusted_by_name_until_they_are_not(register: Register, clock: Clock) -> None:
    register.trust_key(OTHER, " 另一示例中心 ")
    (key,) = register.trusted_keys()
    assert (key.public, key.office, key.added_at) == (OTHER, "另一示例中心", clock.at)
    register.distrust_key(OTHER)
    assert register.trusted_keys() == []
    register.trust_key(OTHER, "又一示例中心")
    assert [key.office for key in register.trusted_keys()] == ["又一示例中心"]
    events = [row.event for row in register.audit_rows()]
    assert events.count("添加可信公钥") == 2 and events.count("移除可信公钥") == 1
    assert register.check() == []


@pytest.mark.parametrize(
    ("public", "office", "words"),
    [
        (OTHER, "  ", "没有写明公钥属于哪个单位"),
        (b"short", "示例", "应为 32 字节"),
        (OTHER, "第二次", "已以“示例甲”的名义添加过"),
    ],
)
def test_what_cannot_be_trusted_is_refused(register: Register, public: bytes, office: str, words: str) -> None:
    register.trust_key(OTHER, "示例甲")
    with pytest.raises(errors.InvalidEntry, match=words):
        register.trust_key(public, office)
    with pytest.raises(errors.InvalidEntry, match="自己的公钥"):
        register.trust_key(register.office_key().public, "自己")
    with pytest.raises(errors.NotFound, match="没有这一个"):
        register.distrust_key(b"x" * 32)


def test_a_changed_trusted_key_is_found(register: Register) -> None:
    register.trust_key(OTHER, "示例甲")
    with register._db.transaction():
        register._db.run("UPDATE trusted_keys SET office = '示例乙'")
    assert any("可信公钥“1”的内容与校验码不符" in fault for fault in register.check())
