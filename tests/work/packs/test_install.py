"""Issue 13: installing from a stick. Each bad one is refused, the old pack serves on; a kill leaves the old or the new."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from pinggu_desk.policy import compiled
from pinggu_desk.policy.compiled import load_bundled
from pinggu_desk.policy.errors import BadInput, BadPack, DeskError
from pinggu_desk.policy.packfile import PackFile, make_pack_file
from pinggu_desk.policy.resources import choose_pack
from pinggu_desk.work.packs.pointer import read_state
from pinggu_desk.work.packs.serving import serve
from pinggu_desk.work.packs.store import PackStore
from tests.work.packs.samples import OURS, THEIRS, folder, pack_of, sample, store, written

FIRST, SECOND = date(2026, 1, 1), date(2027, 1, 1)


@pytest.fixture(autouse=True)
def _own_pack_again() -> Iterator[None]:
    yield
    choose_pack(None)


@pytest.fixture(autouse=True)
def _no_built_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """The program's own pack weighs 2 MB and is kept beside: once is enough (see `test_the_programs_own_pack_is_kept`)."""
    monkeypatch.setattr(PackStore, "_keep_built_in", lambda self: None)


def capped(home: Path) -> tuple[str, list[str]]:
    """What the pack that serves caps its one award at, and what was told on the way."""
    told: list[str] = []
    choose_pack(None)
    serve(home, told.append)
    pack = load_bundled()
    give = pack.policies["xx"].benefits[0].give
    return str(give.cap.quantity.text), told  # type: ignore[union-attr]


def test_an_installed_pack_serves_and_rollback_brings_the_last_one_back(tmp_path: Path) -> None:
    packs = store(tmp_path)
    packs.install(sample(tmp_path, "a", "30万元", FIRST))
    assert capped(packs.home) == ("30万元", [])
    packs.install(sample(tmp_path, "b", "50万元", SECOND))
    assert capped(packs.home) == ("50万元", [])
    assert len(packs.all()) == 2
    back = packs.rollback()
    assert back is not None and capped(packs.home) == ("30万元", [])
    assert packs.rollback() is None and packs.serving() == ""
    with pytest.raises(BadInput, match="没有可以退回的"):
        packs.rollback()
    assert len(packs.all()) == 2, "what was installed stays for replay"


def bad_ones(tmp: Path) -> Iterator[tuple[str, Path]]:
    good = pack_of(folder(tmp / "good", "50万元"), SECOND)
    yield "没有签名", written(tmp / "unsigned.pack", good, None)
    yield "别的密钥", written(tmp / "theirs.pack", good, THEIRS)
    raw = written(tmp / "ok.pack", good).read_bytes()
    flipped = tmp / "flipped.pack"
    at = len(raw) // 2
    flipped.write_bytes(raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :])
    yield "", flipped
    (tmp / "cut.pack").write_bytes(raw[: len(raw) // 2])
    yield "没有拷完", tmp / "cut.pack"
    yield "旧", written(tmp / "older.pack", pack_of(folder(tmp / "older", "20万元"), date(2025, 1, 1)))
    yield "先升级程序", written(tmp / "newer.pack", pack_of(folder(tmp / "newer", "20万元"), SECOND, needs="99.0"))
    wrong = {**good.contents, "policies/xx/text.md": good.contents["policies/xx/text.md"].replace(b"10%", b"11%")}
    yield "政策包不能使用", written(tmp / "wrong.pack", remade(good, wrong))
    deep = {**good.contents, "facts.yaml": b"[" * 5_000}
    yield "政策包不能使用", written(tmp / "deep.pack", remade(good, deep))
    latin = {**good.contents, "facts.yaml": "名称".encode("gb18030")}
    yield "政策包不能使用", written(tmp / "latin.pack", remade(good, latin))
    bomb = b"a: &a [x, x, x]\n" + b"".join(b"b%d: [*a, *a, *a]\n" % n for n in range(9))
    yield "政策包不能使用", written(tmp / "alias.pack", remade(good, {**good.contents, "usual.yaml": bomb}))
    named = replace(good.manifest, version="2026.01-1+00000000")
    yield "版本", written(tmp / "named.pack", PackFile(named, good.contents, None))
    yield "找不到", tmp / "nowhere.pack"
    yield "不是文件", tmp


def remade(pack: PackFile, contents: dict[str, bytes]) -> PackFile:
    m = pack.manifest
    return make_pack_file(
        contents, district=m.district, title=m.title, version=m.version, edition=m.edition, day=m.day, needs=m.needs
    )


def test_each_bad_pack_is_refused_with_a_sentence_and_the_old_one_serves_on(tmp_path: Path) -> None:
    packs = store(tmp_path)
    packs.install(sample(tmp_path, "a", "30万元", FIRST))
    before = sorted(path.name for path in (packs.home / "installed").iterdir())
    for words, path in bad_ones(tmp_path):
        with pytest.raises(DeskError) as caught:
            packs.install(path)
        assert words in caught.value.sentence, (path.name, caught.value.sentence)
        assert caught.value.sentence.count("\n") == 0
        assert capped(packs.home) == ("30万元", []), path.name
        assert sorted(p.name for p in (packs.home / "installed").iterdir()) == before, "nothing is left behind"


def test_an_older_one_is_installed_with_consent(tmp_path: Path) -> None:
    packs = store(tmp_path)
    packs.install(sample(tmp_path, "b", "50万元", SECOND))
    older = sample(tmp_path, "a", "30万元", FIRST)
    with pytest.raises(BadInput, match="--older"):
        packs.install(older)
    packs.install(older, older=True)
    assert capped(packs.home)[0] == "30万元"


_KILLED = """
import os, sys
from pathlib import Path
from pinggu_desk.work.packs import disk, store
count, at = 0, int(sys.argv[3])
def step(event, args):
    global count
    if event in ("open", "os.rename", "os.mkdir", "os.remove", "os.link") and str(args[0]).startswith(sys.argv[1]):
        count += 1
        if count == at:
            os._exit(9)
store.PackStore._keep_built_in = lambda self: None
if at:
    sys.addaudithook(step)
store.PackStore(Path(sys.argv[1])).install(Path(sys.argv[2]))
print(count)
"""


def test_killed_at_any_moment_the_old_or_the_new_serves_whole(tmp_path: Path) -> None:
    """A process that dies at every ninth of its steps on the disk: never a third thing, never a fault."""
    packs = store(tmp_path)
    packs.install(sample(tmp_path, "a", "30万元", FIRST))
    new = sample(tmp_path, "b", "50万元", SECOND)
    seen: set[str] = set()
    at = 1
    while True:
        done = subprocess.run(
            [sys.executable, "-c", _KILLED, str(packs.home), str(new), str(at)], capture_output=True, text=True, check=False,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        )  # fmt: skip
        assert done.returncode in (0, 9), done.stderr
        cap, told = capped(packs.home)
        assert told == [] and cap in ("30万元", "50万元")
        seen.add(cap)
        if done.returncode == 0:
            break
        at += 9
    assert seen == {"30万元", "50万元"}
    packs.install(new)
    left = [path.name for path in (packs.home / "installed").iterdir() if path.name.startswith(".new-")]
    assert left == [] and capped(packs.home) == ("50万元", [])


def test_a_pack_altered_on_the_disk_is_not_used_and_that_is_told(tmp_path: Path) -> None:
    packs = store(tmp_path)
    packs.install(sample(tmp_path, "a", "30万元", FIRST))
    second = packs.install(sample(tmp_path, "b", "50万元", SECOND))
    path = second.root / "policies" / "xx" / "policy.yaml"
    path.write_text(path.read_text("utf-8").replace("50万元", "90万元"), "utf-8")
    cap, told = capped(packs.home)
    assert cap == "30万元" and len(told) == 1 and "被改动" in told[0] and "现按" in told[0]
    (second.root / "policies" / "yy").mkdir()  # and a policy laid beside the others
    (second.root / "policies" / "yy" / "policy.yaml").write_text("政策: yy\n", "utf-8")
    assert capped(packs.home)[0] == "30万元"


def test_a_compiled_file_from_elsewhere_is_never_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A pickle runs what it says: one that was not sealed by this machine's key is not even looked into."""
    packs = store(tmp_path)
    one = packs.install(sample(tmp_path, "a", "30万元", FIRST))
    kept = one.folder / "compiled.bin"
    assert kept.is_file()
    monkeypatch.setattr(compiled, "_unpickled", lambda data: pytest.fail("read a file that nobody sealed"))
    raw = kept.read_bytes()
    kept.write_bytes(raw[:-1] + bytes([raw[-1] ^ 1]))
    assert capped(packs.home)[0] == "30万元"
    foreign = PackStore(tmp_path / "other")
    foreign.trust(OURS.key)
    theirs = foreign.install(tmp_path / "a.pack")
    kept.write_bytes((theirs.folder / "compiled.bin").read_bytes())
    assert capped(packs.home)[0] == "30万元"


def test_a_damaged_pointer_means_the_programs_own_pack(tmp_path: Path) -> None:
    packs = store(tmp_path)
    packs.install(sample(tmp_path, "a", "30万元", FIRST))
    for words in (
        b"",
        b"{",
        b"[]",
        b'{"serving": "../../x", "before": []}',
        b'{"serving": 1, "before": [2]}',
        b"[" * 99_000,
    ):
        (packs.home / "serving.json").write_bytes(words)
        assert read_state(packs.home).serving == ""


def test_a_failing_pack_leaves_no_doubt_which_serves(tmp_path: Path) -> None:
    """BadPack carries every finding, for the page that shows them."""
    packs = store(tmp_path)
    good = pack_of(folder(tmp_path / "good", "50万元"), SECOND)
    text = good.contents["policies/xx/text.md"].replace(b"10%", b"11%")
    bad = written(tmp_path / "bad.pack", remade(good, {**good.contents, "policies/xx/text.md": text}))
    with pytest.raises(BadPack) as caught:
        packs.install(bad)
    assert any("xx.1" in str(one) for one in caught.value.diagnostics)
