"""Answers, undo and redo against a plain model, across restarts."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import bindparam, select

from pinggu_desk.register import Register, errors, passwords
from pinggu_desk.register.tables import edits

from .conftest import PASSWORD, Clock

_JOURNAL = select(edits.c.kind, edits.c.after).where(edits.c.case_id == bindparam("whose")).order_by(edits.c.seq)
FACTS = st.sampled_from(["投资额", "所属产业", "备注"])
TEXTS = st.one_of(st.none(), st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12))


class Answers(RuleBasedStateMachine):
    """The register beside a dictionary with two stacks."""

    def __init__(self) -> None:
        super().__init__()
        self.cost, passwords.COST = passwords.COST, (1, 8, 1)
        self.register = self.begin()
        self.case = self.register.open_case("tztc", "1").id
        self.other = self.register.open_case("ss", "1").id
        self.register.set_answer(self.other, "投资额", "别的办件")
        self.now: dict[str, str] = {}
        self.done: list[tuple[str, str | None, str | None]] = []
        self.undone: list[tuple[str, str | None, str | None]] = []
        self.rows = 0

    def begin(self) -> Register:
        """The register that is walked on."""
        self.folder = Path(tempfile.mkdtemp())
        made, _ = Register.create(self.folder, clerk_no="01", clerk_name="示例经办", password=PASSWORD)
        return made

    def clear(self) -> None:
        """Nothing of it is left."""
        shutil.rmtree(self.folder)

    def put(self, fact: str, text: str | None) -> None:
        self.rows += 1
        self.now.pop(fact, None)
        if text is not None:
            self.now[fact] = text

    @rule(fact=FACTS, text=TEXTS)
    def type(self, fact: str, text: str | None) -> None:
        before = self.now.get(fact)
        if before != text:
            self.put(fact, text)
            self.done.append((fact, before, text))
            self.undone.clear()
        assert self.register.set_answer(self.case, fact, text) == self.rows

    @rule()
    def undo(self) -> None:
        taken = self.register.undo(self.case)
        if not self.done:
            assert taken is None
            return
        fact, before, _ = edit = self.done.pop()
        self.put(fact, before)
        self.undone.append(edit)
        assert taken == (fact, before)

    @rule()
    def redo(self) -> None:
        taken = self.register.redo(self.case)
        if not self.undone:
            assert taken is None
            return
        fact, _, after = edit = self.undone.pop()
        self.put(fact, after)
        self.done.append(edit)
        assert taken == (fact, after)

    @rule()
    def restart(self) -> None:
        self.register.close()
        self.register = Register.open(self.folder, clerk_no="01", password=PASSWORD)

    @invariant()
    def same(self) -> None:
        assert self.register.answers(self.case) == self.now
        assert self.register.answers(self.other) == {"投资额": "别的办件"}
        assert self.register.undoable(self.case) == (bool(self.done), bool(self.undone))

    def teardown(self) -> None:
        assert self.register.check() == []
        self.register.close()
        self.clear()
        passwords.COST = self.cost


SETTINGS = settings(
    max_examples=25, stateful_step_count=25, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
Answers.TestCase.settings = SETTINGS
TestAnswers = Answers.TestCase


@pytest.fixture
def register(on_each: Register) -> Register:
    return on_each


def test_on_a_server_answers_undo_and_redo_are_the_model_s_too(shared: Register, folder: Path) -> None:
    """The same walk as in a file: each of its lives begins two cases of its own in the one register that there is."""

    class OnServer(Answers):
        def begin(self) -> Register:
            self.folder = folder
            return Register.open(folder, clerk_no="01", password=PASSWORD)

        def clear(self) -> None:
            pass

    assert shared.check() == []
    run_state_machine_as_test(OnServer, settings=settings(SETTINGS, max_examples=2, stateful_step_count=15))


def test_text_is_kept_exactly_as_typed(register: Register) -> None:
    case = register.open_case("tztc", "1").id
    typed = [
        "",
        " 800 万 ",
        "８００万元",
        "不是数字",
        "㛃𬭎𡌶",
        "第一行\r\n第二行",
        "x" * 100_000,
        "é e\u0301",
    ]
    for at, text in enumerate(typed):
        register.set_answer(case, f"事项{at}", text)
    assert register.answers(case) == {f"事项{at}": text for at, text in enumerate(typed)}


def test_threads_share_one_register(register: Register) -> None:
    case = register.open_case("tztc", "1").id
    with ThreadPoolExecutor(4) as pool:
        numbers = list(pool.map(lambda k: register.set_answer(case, f"事项{k % 5}", str(k)), range(200)))
    assert sorted(numbers) == list(range(1, 201))
    assert register.check() == []


def test_half_a_character_is_refused_and_nothing_changes(register: Register) -> None:
    case = register.open_case("tztc", "1").id
    register.set_answer(case, "备注", "原文")
    with pytest.raises(errors.InvalidEntry, match="不完整的字符"):
        register.set_answer(case, "备注", "坏\ud83d字")
    assert register.answers(case) == {"备注": "原文"}
    assert register.set_answer(case, "备注", "新文") == 2


def test_a_text_with_nul_is_refused_alike_by_both_engines(on_each: Register) -> None:
    """A file would take it and a server not: what is kept must be able to move from one to the other."""
    firm = on_each.add_applicant("企业", "示例公司")
    case = on_each.open_case("tztc", "1", applicant_id=firm.id).id
    on_each.set_answer(case, "备注", "原文\\u0000")  # what only looks like it is a text like any other
    calls: tuple[Callable[[], object], ...] = (
        lambda: on_each.set_answer(case, "备注", "坏\0字"),
        lambda: on_each.set_material(case, "营业执照\0", "已收"),
        lambda: on_each.add_award(firm.id, "ss", "ss.2.1", 1, date(2026, 3, 2), "\0"),
        lambda: on_each.remember(firm.id, "备注", "\0", date(2026, 3, 2)),
        lambda: on_each.record_event("演示", "\0"),
    )
    for call in calls:
        with pytest.raises(
            errors.InvalidEntry, match=r"^填写的内容中有看不见的控制字符，没有保存；请删掉该字符重新输入。$"
        ):
            call()
    assert on_each.answers(case) == {"备注": "原文\\u0000"} and on_each.verify().faults == ()
    assert on_each.add_applicant("企业", "示例\0公司").name == firm.name, "particulars are cleaned as they always were"


def test_a_new_edit_drops_what_could_be_redone_but_keeps_the_journal(register: Register) -> None:
    case = register.open_case("tztc", "1").id
    for text in ("一", "二", "三"):
        register.set_answer(case, "备注", text)
    register.undo(case)
    register.undo(case)
    register.set_answer(case, "备注", "四")
    assert register.redo(case) is None
    journal = register._db.rows(_JOURNAL, whose=case)
    assert journal == [
        *(("edit", "一"), ("edit", "二"), ("edit", "三")),
        *(("undo", "二"), ("undo", "一"), ("edit", "四")),
    ]
    assert register.undo(case) == ("备注", "一")
    assert register.redo(case) == ("备注", "四")


@pytest.mark.parametrize("on_each", ["sqlcipher"], indirect=True)  # a server folds its own
def test_the_log_is_folded_in_a_quiet_moment_and_not_by_an_edit(
    register: Register, folder: Path, tmp_path: Path, clock: Clock
) -> None:
    """Issue 11: an edit waits for its own two pages, not for those of a hundred before it."""
    case = register.open_case("tztc", "test")

    def folded(name: str) -> dict[str, str]:
        """What the database holds without its log."""
        beside = tmp_path / name
        beside.mkdir()
        for file in ("register.db", "register.keys"):
            shutil.copy(folder / file, beside / file)
        with contextlib.closing(Register.open(beside, clerk_no="01", password=PASSWORD, now=clock)) as opened:
            return opened.answers(case.id) if case in opened.recent() else {}

    for turn in range(150):  # what the log may hold of single edits before one of them has to fold it in
        register.set_answer(case.id, "职工人数", str(turn))
    assert folded("before").get("职工人数") is None
    register.tidy()
    assert folded("after") == {"职工人数": "149"}
    register.set_answer(case.id, "职工人数", "150")
    register.tidy()  # one edit is not worth it
    assert folded("once more") == {"职工人数": "149"}
