"""ICU's data as the folder carries it answers for Chinese as the whole data does."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import PySide6
import pytest

from tools.trim_icu import trim

ASK = """
import functools
from PySide6.QtCore import QByteArray, QCollator, QDate, QLocale, QStringDecoder, QTimeZone
chinese = QLocale("zh_CN")
order = QCollator(chinese)
order.setNumericMode(True)
names = ["平谷", "北京", "阿里", "张三", "峪口", "Zoo", "apple", "王五", "马坊10", "马坊2", "㛃", "𬭎"]
print(sorted(names, key=functools.cmp_to_key(order.compare)))
print([QStringDecoder(name).isValid() for name in ("GB18030", "GBK", "GB2312", "UTF-16")])
print(chinese.toString(QDate(2024, 3, 12), QLocale.FormatType.LongFormat), chinese.toCurrencyString(12.5), chinese.toUpper("ß"))
zone = QTimeZone(QByteArray(b"Asia/Shanghai"))
print(zone.displayName(QTimeZone.TimeType.StandardTime, QTimeZone.NameType.LongName, chinese))
print(next(line.split()[-1] for line in open("/proc/self/maps") if "icudata" in line))
"""


def answers(folder: Path) -> list[str]:
    """What Qt says when it finds ICU's data in ``folder``."""
    env = os.environ | {"LD_LIBRARY_PATH": str(folder), "LANG": "C.UTF-8"}
    done = subprocess.run([sys.executable, "-c", ASK], env=env, capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere Qt uses the system's ICU")
def test_chinese_answers_are_those_of_the_whole_data(tmp_path: Path) -> None:
    folder = Path(PySide6.__path__[0]) / "Qt" / "lib"
    (whole,) = folder.glob("libicudata.so.*")
    small = tmp_path / whole.name
    trim(whole, small)
    *before, used_before = answers(folder)
    *after, used_after = answers(tmp_path)
    assert (Path(used_before), Path(used_after)) == (whole.resolve(), small.resolve())
    assert after == before
    assert (
        before[0] == "['阿里', '北京', '𬭎', '㛃', '马坊2', '马坊10', '平谷', '王五', '峪口', '张三', 'apple', 'Zoo']"
    )
    assert small.stat().st_size < whole.stat().st_size / 5
