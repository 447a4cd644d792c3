"""FOUND 64: passwords that somebody would try first are refused, and long ones need no kinds of character."""

from __future__ import annotations

import pytest

from pinggu_desk.register.errors import WeakPassword
from pinggu_desk.register.records import Clerk
from pinggu_desk.register.strength import RULE, check_password

CLERK = Clerk("70531964", "张伟国")


@pytest.mark.parametrize(
    "weak",
    [
        "Password1", "P@ssw0rd", "P@ssw0rd2024", "Aa123456", "Pinggu2024", "pinggu@2024", "Pinggu2024!", "Beijing2008!",
        "PingGu-Zhengwu", "Chuangkou01!", "Qwerty123!", "1qaz2wsx", "1qaz@WSX3edc", "1Q2w3e4r5t", "Qazwsx123", "Asdf1234!",
        "Abcd1234!", "Aa12345678", "Admin@123", "Admin888!", "Welcome2024", "Woaini1314", "Zhongguo@1949", "Huiqi-2026",
        "Aaaa1111!", "Abc!Abc!Abc!", "123456789012345678", "Zhangweiguo1990", "Weiguozhang!1", "A70531964!", "Dragon2023!",
        "Zhangsan2024", "Wangwei123!", "LiuYang@123", "zhangwei19900101", "Lihua520!", "Chenjing1314", "Pgkxj@2024", "Zwfw@2024",
        "Rsj@2024", "Kxj@123456", "Bjpg@2024", "Wxm19900101", "Woaini@520", "Qiye@2024", "User@1234", "@Baobao888", "Pinggujiqi1",
        "Pinggu-desk-2026", "hello-world-2026", "A1b2c3d4e5f6", "Gov@2026Pg", "一二三四五六七八九十十一",
        "Ｐａｓｓｗｏｒｄ１", "Iloveyou1314!", "Taohua2024#", "passwordpassword", "qwertyuiopasdfghjkl",
    ],
)  # fmt: skip
def test_what_is_tried_first_is_refused_in_one_sentence_that_says_what_would_be_right(weak: str) -> None:
    with pytest.raises(WeakPassword) as refusal:
        check_password(weak, CLERK)
    sentence = refusal.value.sentence
    assert sentence.endswith(f"{RULE}。") and sentence.count("。") == 1 and weak not in sentence


@pytest.mark.parametrize(
    "good",
    [
        "Sample-2024", "Yanlian-Sample-2026", "New-pass-1", "Ceshi-2024", "chaguan houmian you wu ke shu", "月亮湖边的第三棵柳树呀呀",
        "gT7-mkQ2", "lanseyizi sitiaotui", "Zhangweiguo-lv-yizi", "correct horse battery",
        "Guihua73915", "Maple#73915", "Lanseyizi42", "Yueliang-4-deng", "Xk92mf81", "Zhuozi&Deng71",
    ],
)  # fmt: skip
def test_what_nobody_guesses_is_taken_and_length_counts_before_kinds(good: str) -> None:
    check_password(good, CLERK)


def test_his_own_number_and_name_are_refused_to_him_alone() -> None:
    for text in ("Zhangweiguo-9", "X70531964-9", "Weiguozhang-9"):
        with pytest.raises(WeakPassword, match="姓名拼音"):
            check_password(text, CLERK)
        check_password(text, Clerk("02", "示例乙"))


@pytest.mark.parametrize(
    ("text", "why"),
    [("Ab1-xyz", "现有 7 位"), ("abcdefgh1", "现有 9 位、2 类字符"), ("", "现有 0 位"), ("90817263544553", "全是数字")],
)
def test_what_is_wrong_is_said(text: str, why: str) -> None:
    with pytest.raises(WeakPassword, match=why):
        check_password(text)
