"""Why the system refused is said in Chinese: its own words are in English."""

from __future__ import annotations

import errno

from pinggu_desk.policy.errors import reason_of


def test_no_reason_is_in_english() -> None:
    reasons = {reason_of(OSError(number, "No such thing")) for number in errno.errorcode}
    assert {"文件夹不存在", "没有写入权限", "磁盘空间不足"} <= reasons
    assert all("No such" not in reason and reason[0] > "一" for reason in reasons)
    assert reason_of(OSError("no number")) == "系统错误 OSError"
