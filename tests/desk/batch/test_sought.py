"""Names among many are found as the register finds them: by characters, initials of any reading, a mix; by whole pinyin where few."""

from __future__ import annotations

from pinggu_desk.desk import pinyin
from pinggu_desk.desk.batch.sought import Names

NAMES = (
    "示例装备制造有限公司",
    "示例重庆单氏食品厂",
    "ABC（北京）科技",
    "示例㛃𬭎𡌶新材料",
    "示例装备（平谷）分公司",
    "",
)
TYPED = (
    "",
    "示例",
    "slzb",
    "slcq",
    "slzq",
    "dsspc",
    "scs",
    "abc",
    "abcbj",
    "北京kj",
    "装b",
    "没有",
    "[",
    "xcl",
    "zhuangbei",
    ".",
)


def test_many_names_are_sought_as_one_is() -> None:
    names = Names(NAMES)
    for typed in TYPED:
        wanted = [pinyin.contains(name, typed) for name in NAMES]
        assert names.fitting(typed).tolist() == wanted, typed
