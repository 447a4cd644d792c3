"""Issue 12: a change names what was seen. Every write of the register is here: refused where a colleague was quicker, on both engines."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pinggu_desk.policy.corrections import Correction
from pinggu_desk.register import Register, errors
from pinggu_desk.register.issuing import Standing
from pinggu_desk.register.thinning import Keep

from .conftest import PASSWORD, Clock

OTHER, NEXT = "Another-2025", "Yet-Another-2026"
DAY = date(2026, 1, 5)
Two = tuple[Register, Register]


@pytest.fixture(params=["sqlcipher", "postgresql"])
def two(request: pytest.FixtureRequest, folder: Path, clock: Clock) -> Iterator[Two]:
    """Two 负责人 at one register, each in a window of his own; on both engines."""
    if request.param == "postgresql":
        request.getfixturevalue("office")
    first, _ = Register.create(folder, clerk_no="01", clerk_name="示例甲", password=PASSWORD, window="1", now=clock)
    first.add_clerk("02", "示例乙", OTHER, "2", "负责人")
    second = Register.open(folder, clerk_no="02", password=OTHER, now=clock)
    yield first, second
    second.close()
    first.close()


@dataclass
class Change:
    """One change in two windows: what both have seen, what the first does, and the second's change made on what it saw."""

    see: Callable[[Register], Any]
    first: Callable[[Register, Any], Any]
    second: Callable[[Register, Any], Any]
    says: str


def _case(register: Register) -> Any:
    return register.open_case("tztc", "1", on=DAY)


def _later(day: int) -> date:
    return date(2026, 1, day)


def _two_applicants(register: Register) -> Any:
    return register.add_applicant("企业", "示例公司"), register.add_applicant("企业", "示例（公司）")


def _correction(value: str, since: date) -> Correction:
    return Correction("读法", "general.at_least", value, since, "示例部门", "", DAY, "01")


def _colleague(register: Register) -> Any:
    """A third one, as the roster has him now."""
    there = next((one for one in register.colleagues() if one.no == "03"), None)
    return there or register.add_clerk("03", "示例丙", NEXT, "3")


def _figure(register: Register) -> Any:
    """A figure that nobody ended yet, of a name of its own."""
    return register.add_parameter(f"示例参数{len(register.parameters())}", "2000元", DAY, "示例")


CHANGES: dict[str, Change] = {
    "set_answer": Change(
        lambda r: _case(r).id, lambda r, c: r.set_answer(c, "投资额", "1"),
        lambda r, c: r.set_answer(c, "投资额", "2", made_on=0), "投资额现为“1”",
    ),
    "undo": Change(
        lambda r: _case(r).id, lambda r, c: r.set_answer(c, "投资额", "1"), lambda r, c: r.undo(c, made_on=0), "投资额"
    ),
    "redo": Change(
        _case, lambda r, c: (r.set_answer(c.id, "投资额", "1"), r.undo(c.id)), lambda r, c: r.redo(c.id, made_on=0), "投资额"
    ),
    "set_judged_on": Change(
        _case, lambda r, c: r.set_judged_on(c.id, _later(6)),
        lambda r, c: r.set_judged_on(c.id, _later(7), made_on=c.version), "判断日 2026年1月6日",
    ),
    "set_applicant": Change(
        lambda r: (_case(r), *_two_applicants(r)), lambda r, s: r.set_applicant(s[0].id, s[1].id),
        lambda r, s: r.set_applicant(s[0].id, s[2].id, made_on=s[0].version), "申请人",
    ),
    "set_pack_version": Change(
        _case, lambda r, c: r.set_judged_on(c.id, _later(6)),
        lambda r, c: r.set_pack_version(c.id, "2", made_on=c.version), "判断日 2026年1月6日",
    ),
    "close_case": Change(
        _case, lambda r, c: r.close_case(c.id, "已撤销"), lambda r, c: r.close_case(c.id, made_on=c.version), "已撤销"
    ),
    "reopen_case": Change(
        lambda r: r.close_case(_case(r).id), lambda r, c: r.reopen_case(c.id),
        lambda r, c: r.reopen_case(c.id, made_on=c.version), "办理中",
    ),
    "set_material": Change(
        lambda r: _case(r).id, lambda r, c: r.set_material(c, "营业执照", "不适用"),
        lambda r, c: r.set_material(c, "营业执照", "已收", seen=""), "材料“营业执照”现为“不适用”",
    ),
    "update_applicant": Change(
        lambda r: r.add_applicant("企业", "示例公司", phone="1"), lambda r, a: r.update_applicant(replace(a, phone="13800000002")),
        lambda r, a: r.update_applicant(replace(a, phone="3")), "电话现为“138****0002”",
    ),
    "remember": Change(
        lambda r: r.add_applicant("企业", "示例公司").id, lambda r, a: r.remember(a, "开户银行", "甲", DAY),
        lambda r, a: r.remember(a, "开户银行", "乙", DAY, seen=""), "开户银行现为“甲”",
    ),
    "add_award": Change(
        lambda r: r.add_applicant("企业", "示例公司").id, lambda r, a: r.add_award(a, "ss", "ss.1a", 100_00, DAY),
        lambda r, a: r.add_award(a, "ss", "ss.1a", 100_00, DAY, seen=[]), "ss.1a 100元",
    ),
    "merge": Change(
        _two_applicants, lambda r, s: r.update_applicant(replace(s[1], contact="示例")),
        lambda r, s: r.merge(s[0].id, s[1].id, made_on=(s[0].version, s[1].version)), "联系人",
    ),
    "end_parameter": Change(
        _figure, lambda r, p: r.end_parameter(p.id, _later(20)),
        lambda r, p: r.end_parameter(p.id, _later(10), made_on=p.version), "执行到 2026-01-20",
    ),
    "add_parameter": Change(
        _figure, lambda r, p: r.end_parameter(p.id, _later(20)),
        lambda r, p: r.add_parameter(p.name, "3", _later(10), "示例", replaces=p.id, made_on=p.version), "2026-01-20",
    ),
    "withdraw_parameter": Change(
        _figure, lambda r, p: r.end_parameter(p.id, _later(20)),
        lambda r, p: r.withdraw_parameter(p.id, made_on=p.version), "2026-01-20",
    ),
    "add_correction": Change(
        lambda r: [], lambda r, _: r.add_correction(_correction("取", DAY)),
        lambda r, seen: r.add_correction(_correction("另", _later(9)), seen=seen), "取（自2026-01-05起）",
    ),
    "lengthen": Change(
        lambda r: r.terms()["已享受支持"], lambda r, _: r.lengthen("已享受支持", 40),
        lambda r, years: r.lengthen("已享受支持", 45, seen=years), "保管年限现为“40 年”",
    ),
    "keep_backups": Change(
        lambda r: Keep(), lambda r, _: r.keep_backups(Keep(8, 5, 12)),
        lambda r, seen: r.keep_backups(Keep(9, 5, 12), seen=seen), "保留现为“8 天、5 周、12 个月”",
    ),
    "set_role": Change(
        _colleague, lambda r, c: r.rename_clerk("03", c.name, "9"), lambda r, c: r.set_role("03", "负责人", seen=c), "窗口号现为“9”"
    ),
    "rename_clerk": Change(
        _colleague, lambda r, c: r.set_role("03", "审计员"), lambda r, c: r.rename_clerk("03", "示例丁", "", seen=c), "角色现为“审计员”"
    ),
    "remove_clerk": Change(
        _colleague, lambda r, c: r.set_role("03", "经办人"), lambda r, c: r.remove_clerk("03", seen=c), "角色现为“经办人”"
    ),
    "give_password": Change(
        lambda r: (_colleague(r), r.passwords_set_at()["03"])[1], lambda r, _: r.give_password("03", "Given-First-77"),
        lambda r, at: r.give_password("03", "Given-Second-88", made_on=at), "口令",
    ),
    "refuse_unseen": Change(
        _case, lambda r, c: r.set_judged_on(c.id, _later(6)),
        lambda r, c: r.refuse_unseen(c.id, Standing(c.version, 0)), "判断日 2026年1月6日",
    ),
}  # fmt: skip
CHANGES["issuing"] = Change(
    CHANGES["set_answer"].see, CHANGES["set_answer"].first, lambda r, c: _issue(r, c), "投资额现为“1”"
)

#: writes in which nobody can be written over unseen, and why
NEEDS_NONE = {
    "added to, never changed": (
        "add_applicant", "open_case", "open_listed", "join_visit", "share_paper", "record_document", "record_event",
        "note_handed_out", "note_joined", "note_locked", "note_numbers_shown", "note_pack", "note_backup", "export_since",
        "note_list_shown", "add_clerk", "trust_key", "take_corrections", "take_parameters",
        "look_at", "look_up", "get", "own_file", "backup", "prepare_statistics",
    ),
    "taken back once, by its number; what it says never changes": ("remove_award", "withdraw_correction", "distrust_key"),
    "names what was listed, each with its last day": ("forget", "remove_old_backups"),
    "one's own": ("change_password", "verify_password"),
    "a new one takes the old one's place on purpose": ("new_recovery_code", "accept_head"),
    "agrees to what the trail tells by then; twice is once": ("agree_to_machine",),
    "only where somebody stands, or how a list's columns were read last": ("set_position", "keep_list_shape"),
    "conflicts of bundles are found by what each side started from": ("join", "join_aside"),
    "the session itself": ("create", "open", "reset_password", "close", "lock", "tidy", "keep_head", "sweep"),
    "names the differences that were seen (test_bundles)": ("decide",),
    "only looks, and takes back what it put down for that, or tells what it found": ("fork_of", "look"),
    "the receiver has asked for it; twice is once": ("send_again",),
    "agreed to after a rehearsal": ("restore",),
    "names what the preview found of each, which it looks up again (test_importing)": ("import_list", "note_import_seen"),
    "a step of others": ("at_once",),
    "what could not be joined, let count or rest by whoever has read why": ("take_aside", "put_by"),
}  # fmt: skip


def _issue(register: Register, case_id: int) -> None:
    with register.at_once("出具文书"):
        register.refuse_unseen(case_id, Standing(1, 0))
        register.record_document(case_id, "政策符合性告知书", "a.pdf", "0" * 64, "[]")


def test_a_change_made_on_what_was_there_before_is_refused_and_says_what_is_there_now(two: Two, clock: Clock) -> None:
    """One pair of windows for all of them: what one leaves behind is nobody else's."""
    first, second = two
    for name, change in CHANGES.items():
        seen = change.see(first)
        clock.forward(minutes=5)
        change.first(first, seen)
        before = _all_of(first)
        with pytest.raises(errors.Overtaken) as told:
            change.second(second, seen)
        sentence = told.value.sentence
        assert change.says in sentence and "没有保存" in sentence, (name, sentence)
        assert name == "remember" or "示例甲（工号 01" in sentence, (name, "and who it was", sentence)
        assert _all_of(first) == before, (name, "nothing of it was kept")
    assert first.check() == []


def _all_of(register: Register) -> object:
    cases = register.recent(9)
    return (
        [(c, c.version, register.answers(c.id), register.materials(c.id), register.documents(c.id)) for c in cases],
        [(a, a.version, register.known_facts(a.id), register.awards(a.id)) for a in register.search("示例公司")],
        register.parameters(), register.corrections(), register.terms(), register.colleagues(),
        register.passwords_set_at(),
    )  # fmt: skip


def test_one_s_own_changes_overtake_nobody(two: Two) -> None:
    first, _ = two
    case = first.open_case("tztc", "1", on=DAY)
    first.set_answer(case.id, "投资额", "1")
    first.set_judged_on(case.id, _later(6), made_on=case.version)
    first.set_judged_on(case.id, _later(7), made_on=case.version)
    first.refuse_unseen(case.id, Standing(case.version, 0))
    _issue(first, case.id)
    assert len(first.documents(case.id)) == 1


def test_the_same_is_no_conflict(two: Two) -> None:
    first, second = two
    case = first.open_case("tztc", "1").id
    first.set_material(case, "营业执照", "已收")
    second.set_material(case, "营业执照", "已收", seen="")
    second.set_material(case, "营业执照", "待补", seen="已收")
    assert first.materials(case) == {"营业执照": "待补"}


def _writes() -> set[str]:
    """Every public method of the register that writes, by what its source does."""
    marks = (
        "transaction()",
        "_changing(",
        "self._change(",
        "record_event(",
        "_keys.",
        "_or_aside(",
        "settle",
        "VACUUM",
    )
    found = set()
    for name, method in inspect.getmembers(Register, callable):
        if not name.startswith("_") and any(mark in inspect.getsource(inspect.unwrap(method)) for mark in marks):
            found.add(name)
    return found - {"clerks_of", "exists", "passwords_set_at", "password_set_at", "colleagues"}


def test_every_write_of_the_register_names_what_was_seen_or_says_why_it_need_not() -> None:
    excused = {name for names in NEEDS_NONE.values() for name in names}
    assert _writes() - excused - set(CHANGES) == set()
    for name in set(CHANGES) - {
        "refuse_unseen",
        "issuing",
        "update_applicant",
    }:  # these carry it in what they are given
        assert {"made_on", "seen"} & set(inspect.signature(getattr(Register, name)).parameters), name


def test_the_desk_names_it_wherever_it_changes_something() -> None:
    """A keyword with a default can be left out; what a clerk does at a screen may not."""
    root = Path(inspect.getfile(Register)).parents[1]
    journal = {"set_answer", "undo", "redo"}  # `Journal` says `saw` first
    named = set(CHANGES) - journal - {"refuse_unseen", "issuing", "update_applicant"} | {"decide"}
    missing = []
    for path in sorted((root / "desk").rglob("*.py")):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                not isinstance(call, ast.Call)
                or not isinstance(call.func, ast.Attribute)
                or call.func.attr not in named
            ):
                continue
            whose = call.func.value
            if not (isinstance(whose, ast.Name) and whose.id == "register"):
                continue
            given = {keyword.arg for keyword in call.keywords}
            noted_in_case = call.func.attr == "remember" and len(call.args) == 5  # behind what was noted, never over it
            if not given & {"made_on", "seen"} and not noted_in_case and path.name != "practice.py":
                missing.append(f"{path.name}:{call.lineno} {call.func.attr}")
    assert missing == []


def test_a_case_that_went_along_with_a_merge_is_told_by_whom_and_as_what(two: Two) -> None:
    """No entry of the case says so: nobody else, and least of all whoever opened it, is named for it."""
    first, second = two
    kept, double = first.add_applicant("企业", "示例甲公司"), first.add_applicant("企业", "示例甲（公司）")
    case = first.open_case("ss", "v", applicant_id=double.id, on=DAY)
    first.look_at(case.id)
    second.merge(kept.id, double.id)
    with pytest.raises(errors.HeadOvertaken) as told:
        first.close_case(case.id, made_on=case.version)
    said = told.value.sentence
    assert "示例乙（工号 02，窗口 2）" in said and "合并" in said and "示例甲（工号" not in said
    assert f"办件 {case.number} 在您看到之后" in said and "申请人示例甲公司，判断日 2026年1月5日" in said
    assert said.endswith("请看清现在的，要改再做一次。")
