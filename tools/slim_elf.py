"""A shared library with nothing in it but what is loaded: no symbols for a debugger, no holes that patching left.

``strip`` breaks libraries whose names and paths were rewritten after they were linked (those beside a ``*.libs`` folder): it moves what
a segment holds. Here each segment stays whole, byte for byte, at the address that it is loaded to; it only lies closer to the one before
it in the file. The section table, which no loader reads, goes.
"""

from __future__ import annotations

import struct
from pathlib import Path

_HEADER = struct.Struct("<16sHHIQQQIHHHHHH")  # Elf64_Ehdr, little-endian
_SEGMENT = struct.Struct(
    "<IIQQQQQQ"
)  # Elf64_Phdr: type, flags, offset, address, physical, size in file, in memory, alignment
_LOADED = 1
_LARGEST_PAGE = 1 << 16  # of the kernels that the program meets; old linkers aligned to 2 MiB


def slimmed(data: bytes) -> bytes:
    """The library's bytes without what isn't loaded. Raises ValueError for what is no 64-bit little-endian ELF file."""
    if data[:6] != b"\x7fELF\x02\x01":
        raise ValueError("no 64-bit little-endian ELF file")
    header = list(_HEADER.unpack_from(data))
    table, entry, count = header[5], header[9], header[10]
    segments = [list(_SEGMENT.unpack_from(data, table + at * entry)) for at in range(count)]
    whole = bytearray()
    moved: list[tuple[int, int, int]] = []  # from, to (in the old file), by how much
    for segment in sorted((s for s in segments if s[0] == _LOADED), key=lambda s: s[2]):
        _, _, offset, address, _, size, _, align = segment
        segment[7] = align = min(align, _LARGEST_PAGE)
        place = offset if not moved else _fitting(len(whole), address, align)
        whole += bytes(place - len(whole)) + data[offset : offset + size]
        moved.append((offset, offset + size, place - offset))
    place = _new_place(table, moved)
    for at, segment in enumerate(segments):
        if segment[5]:
            segment[2] = _new_place(segment[2], moved)
        _SEGMENT.pack_into(whole, place + at * entry, *segment)
    header[5], header[6], header[11:] = place, 0, [0, 0, 0]
    _HEADER.pack_into(whole, 0, *header)
    return bytes(whole)


def _fitting(end: int, address: int, align: int) -> int:
    """The first place in the file from ``end`` on that may be mapped to the address."""
    return end + (address - end) % max(align, 1)


def _new_place(offset: int, moved: list[tuple[int, int, int]]) -> int:
    for start, end, by in moved:
        if start <= offset < end:
            return offset + by
    raise ValueError(f"nothing that is loaded holds what lies at {offset}")


def slim(source: Path, target: Path) -> None:
    """Write the slim copy of a library."""
    target.write_bytes(slimmed(source.read_bytes()))
    target.chmod(source.stat().st_mode)
