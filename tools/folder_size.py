"""Print what a folder weighs, and say no if it is over its budget. usage: folder_size.py FOLDER MIB"""

from __future__ import annotations

import sys
from pathlib import Path


def weigh(folder: Path) -> dict[str, int]:
    """Bytes under each entry of ``folder`` and, for the folder that PyInstaller fills, under each entry of that."""
    sizes: dict[str, int] = {}
    for path in folder.rglob("*"):
        if path.is_file() and not path.is_symlink():
            parts = path.relative_to(folder).parts
            name = "/".join(parts[: 2 if parts[0] == "_internal" else 1])
            sizes[name] = sizes.get(name, 0) + path.stat().st_size
    return sizes


def main() -> None:
    """Print the ten heaviest entries and the sum; exit 1 over the budget."""
    folder, budget = Path(sys.argv[1]), float(sys.argv[2])
    sizes = weigh(folder)
    mib = 1 << 20
    for name, size in sorted(sizes.items(), key=lambda item: -item[1])[:10]:
        print(f"{size / mib:8.1f} MiB  {name}")
    total = sum(sizes.values()) / mib
    print(f"{total:8.1f} MiB  {folder} (budget {budget:g})")
    if total > budget:
        sys.exit(f"{folder} is over its budget of {budget:g} MiB")


if __name__ == "__main__":
    main()
