"""Writes resources/colour/sRGB.icc, the colour profile that every PDF names as its output intent.

LittleCMS (in Pillow) computes it from the standard's primaries; date and version are fixed, so that it is the same
file whenever it is made, and one that PDF 1.7 knows (ICC 4.2).
"""

from __future__ import annotations

from pathlib import Path

from PIL import ImageCms

_VERSION, _DATE = slice(8, 12), slice(24, 36)


def profile() -> bytes:
    """The profile's bytes."""
    data = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    data[_VERSION] = bytes((4, 0x20, 0, 0))
    data[_DATE] = b"".join(part.to_bytes(2, "big") for part in (2026, 1, 1, 0, 0, 0))
    return bytes(data)


if __name__ == "__main__":
    (Path(__file__).parents[1] / "resources" / "colour" / "sRGB.icc").write_bytes(profile())
