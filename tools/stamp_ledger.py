"""Stamp the ledger (台账) of a policy: write each sentence's hash (印) after it was read against the rules.

usage: python tools/stamp_ledger.py POLICY...   Only for someone who has just read every changed sentence: the hash says so.

A version is named as its folder is (``xx@2027-01-01``); the variable PINGGU_DESK_PACK names another pack's folder.
``readings`` stamps the words of the readings that rules switch on.
"""

from __future__ import annotations

import sys
from pathlib import Path


def main() -> int:
    """Stamp each that is named; 2 where one is not there."""
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # run as a script, from wherever
    from pinggu_desk.policy.resources import pack_root
    from pinggu_desk.policy.stamp import stamp, stamp_readings

    for name in sys.argv[1:]:
        try:
            print(name, stamp_readings(pack_root()) if name == "readings" else stamp(pack_root(), name))
        except OSError:
            print(f"“{pack_root()}”里没有“{name}”这项政策，请核对编号。", file=sys.stderr)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
