"""A library that the folder carries does what the whole one does, and holds nothing that isn't loaded."""

from __future__ import annotations

import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from tools.slim_elf import slim, slimmed

PACKAGES = Path(sysconfig.get_path("purelib"))
ASK = """
import importlib.util, sys
spec = importlib.util.spec_from_file_location(sys.argv[1], sys.argv[2])
module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
"""
CIPHER = """
base = module.connect(":memory:")
base.execute("PRAGMA key = 'k'")
print(base.execute("SELECT group_concat(value) FROM json_each('[1,2,3]')").fetchone()[0])
print(base.execute("PRAGMA cipher_version").fetchone()[0])
"""
IMAGE = """
core = module.fill("RGB", (9, 9), (200, 10, 10)).convert("L", 0)
print(core.getpixel((3, 3)), module.jpeglib_version, module.zlib_version)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere libraries are no ELF files")
@pytest.mark.parametrize(
    ("name", "pattern", "beside", "then"),
    [
        ("sqlcipher3._sqlite3", "sqlcipher3/_sqlite3.*.so", "", CIPHER),
        ("PIL._imaging", "PIL/_imaging.*.so", "pillow.libs", IMAGE),  # rewritten after it was linked, with a hole
    ],
)
def test_the_slim_library_answers_as_the_whole_one(
    name: str, pattern: str, beside: str, then: str, tmp_path: Path
) -> None:
    (whole,) = PACKAGES.glob(pattern)
    copy = tmp_path / whole.relative_to(PACKAGES)
    copy.parent.mkdir()
    slim(whole, copy)
    if beside:
        (tmp_path / beside).mkdir()
        for library in (PACKAGES / beside).iterdir():
            slim(library, tmp_path / beside / library.name)
    told = [
        subprocess.run([sys.executable, "-c", ASK + then, name, str(path)], capture_output=True, text=True, check=True)
        for path in (whole, copy)
    ]
    assert told[0].stdout == told[1].stdout != ""
    assert copy.stat().st_size < whole.stat().st_size / 2
    assert slimmed(copy.read_bytes()) == copy.read_bytes()


def test_what_is_no_library_is_said_to_be_none() -> None:
    with pytest.raises(ValueError, match="ELF"):
        slimmed(b"MZ\x90\x00" * 20)
