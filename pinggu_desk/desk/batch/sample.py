"""The sample list (示例名单) of practice: a few plainly invented applicants, some with slips, to try everything on."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from pinggu_desk.policy.district import here
from pinggu_desk.register.files import write_whole

NAME = "示例名单.csv"


def write_sample(folder: Path) -> Path:
    """Write the sample list into a folder, whole; where it is."""
    text = io.StringIO()
    csv.writer(text).writerows(here().practice.list_rows)
    path = folder / NAME
    write_whole(path, text.getvalue().encode("utf-8-sig"))
    return path
