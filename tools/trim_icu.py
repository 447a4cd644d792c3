"""Make Qt's ICU data small enough to carry: what Chinese and English need of it, not every language's names for everything.

Qt's Linux libraries link to ``libicudata``, 31 MB of tables of which a Chinese desk can reach a tenth. This writes a library of the
same name with fewer tables. ICU looks a table up by its name and does without one that is not there, as it does on any system whose
data was built for fewer languages. Called by ``build.spec``; needs ``as``, ``ld`` and ``nm`` (binutils, which PyInstaller needs as well).

The format is ICU's own for common data (``CmnD``): a header, then a table of contents with offsets of names and of items, both counted
from the start of that table, sorted by name.
"""

from __future__ import annotations

import ctypes
import re
import struct
import subprocess
import sys
from pathlib import Path

#: The tables to keep, by name after ``icudt73l/``. Converters: Chinese ones. Locales: the root's, Chinese and English.
KEPT = re.compile(
    r"""(?:coll/|curr/|lang/|region/|zone/|unit/)?(?:root|res_index|pool|zh|zh_Hans|zh_Hans_CN|zh_CN|en|en_US)\.res
      | coll/ucadata\.icu
      | (?:cnvalias|pnames|uemoji|ulayout)\.icu
      | (?:gb18030|ibm-1386_P100-2001|ibm-5478_P100-1995|ibm-1383_P110-1999|ibm-1370_P100-1999|windows-936-2000)\.cnv
      | (?:uts46|nfkc|nfkc_cf|nfc)\.nrm
      | (?:supplementalData|likelySubtags|keyTypeData|timezoneTypes|zoneinfo64|metaZones|windowsZones|icustd|icuver
          |numberingSystems|currencyNumericCodes|metadata|plurals|dayPeriods|genderList|grammaticalFeatures)\.res
      | brkitr/(?:root|res_index|zh|en|en_US)\.res
      | brkitr/(?:char|word|line|line_cj|line_normal|line_normal_cj|sent|title)\.brk
    """,
    re.VERBOSE,
)


def symbol(library: Path) -> tuple[str, int]:
    """The name of the data in ``library`` (``icudt73_dat``) and its size in bytes."""
    told = subprocess.run(["nm", "-D", "-S", str(library)], capture_output=True, text=True, check=True).stdout
    found = re.search(r"^[0-9a-f]+ ([0-9a-f]+) R (icudt\d+_dat)$", told, re.MULTILINE)
    if found is None:
        raise ValueError(f"{library}: no ICU data in it")
    return found[2], int(found[1], 16)


def items(data: bytes) -> tuple[bytes, list[tuple[bytes, bytes]]]:
    """The header of common data and its items, name and bytes, in order."""
    (start,) = struct.unpack_from("<H", data)
    if data[2:4] != b"\xda\x27" or data[12:16] != b"CmnD":
        raise ValueError("not ICU common data")
    (count,) = struct.unpack_from("<I", data, start)
    entries = [struct.unpack_from("<II", data, start + 4 + 8 * n) for n in range(count)]
    ends = [start + offset for _, offset in entries[1:]] + [len(data)]
    names = [data[start + name : data.index(b"\0", start + name)] for name, _ in entries]
    return data[:start], [
        (name, data[start + at : end]) for name, (_, at), end in zip(names, entries, ends, strict=True)
    ]


def common_data(header: bytes, kept: list[tuple[bytes, bytes]]) -> bytes:
    """Common data made of ``header`` and the items, each on a boundary of sixteen bytes."""
    names = bytearray()
    name_at = []
    base = 4 + 8 * len(kept)
    for name, _ in kept:
        name_at.append(base + len(names))
        names += name + b"\0"
    body = bytearray()
    body_at = []
    first = base + len(names)
    first += -(len(header) + first) % 16
    for _, item in kept:
        body_at.append(first + len(body))
        body += item + bytes(-len(item) % 16)
    contents = struct.pack("<I", len(kept)) + b"".join(
        struct.pack("<II", *at) for at in zip(name_at, body_at, strict=True)
    )
    return header + (contents + names).ljust(first, b"\0") + body


def trim(library: Path, target: Path) -> None:
    """Write at ``target`` a library that stands in for ``library`` with the tables of :data:`KEPT` alone."""
    name, size = symbol(library)
    data = (ctypes.c_char * size).in_dll(ctypes.CDLL(str(library)), name).raw
    header, every = items(data)
    kept = [item for item in every if KEPT.fullmatch(item[0].decode("ascii").split("/", 1)[1])]
    target.parent.mkdir(parents=True, exist_ok=True)
    raw, source, compiled = (target.with_name(f"{name}{suffix}") for suffix in (".dat", ".s", ".o"))
    raw.write_bytes(common_data(header, kept))
    source.write_text(
        f'.section .rodata\n.balign 16\n.globl {name}\n.type {name}, %object\n{name}: .incbin "{raw}"\n'
        f'.size {name}, .-{name}\n.section .note.GNU-stack,"",%progbits\n',
        encoding="ascii",
    )
    subprocess.run(["as", "-o", str(compiled), str(source)], check=True)
    subprocess.run(
        ["ld", "-shared", "-soname", library.name, "-z", "noexecstack", "-o", str(target), str(compiled)], check=True
    )


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("usage: trim_icu.py LIBICUDATA SMALLER")
    trim(Path(sys.argv[1]), Path(sys.argv[2]))
