"""Every public method of the register and who may call it, whole: nothing of another role's is open, and no way is forgotten.

What is for some roles refuses the others before it reads or writes anything; what everybody may call changes no row but the trail's.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pinggu_desk.register import Register, errors
from pinggu_desk.register.issuing import Standing
from pinggu_desk.register.roles import ROLES, Act, Role, may

from .conftest import PASSWORD, Clock
from .townships import visit

#: methods by what they take; whoever may not do that is refused by each
TAKES: dict[Act, tuple[str, ...]] = {
    Act.WORK: (
        "add_applicant", "add_award", "at_once", "close_case", "decide", "export_since", "join", "join_visit", "keep_list_shape",
        "merge", "note_handed_out", "note_joined", "open_case", "open_listed", "own_file", "put_by", "receipt_file",
        "receiving_key_file", "record_document", "redo", "remember", "remove_award", "reopen_case", "sealed_bundle", "send_again",
        "set_answer", "set_applicant", "set_judged_on", "set_material", "set_pack_version", "share_paper", "take_aside", "undo",
        "update_applicant",
    ),
    Act.PARAMETERS: ("add_parameter", "end_parameter", "take_parameters", "withdraw_parameter"),
    Act.READINGS: ("add_correction", "take_corrections", "withdraw_correction"),
    Act.CLERKS: (
        "add_clerk", "give_password", "new_recovery_code", "remove_clerk", "rename_clerk", "set_role", "take_standby",
    ),
    Act.TRAIL: ("audit_rows", "trail", "trail_clerks", "trail_events"),
    Act.BACKUP_RESTORE: ("accept_head", "agree_to_machine", "keep_backups", "rehearse", "restore"),
    Act.RETENTION: ("forget", "lengthen", "past_term", "remove_old_backups"),
    Act.TRUST: ("distrust_key", "trust_key"),
    Act.UNMASK: ("note_list_shown", "note_numbers_shown"),
    Act.IMPORT: ("import_list", "note_import_seen"),
}  # fmt: skip
#: a session's own, which end it, begin it or say what it is
SESSION = {
    "change_password", "clerk", "clerks_of", "close", "create", "exists", "lock", "may", "open", "practice", "require",
    "reset_password",
}  # fmt: skip
#: a bundle, a receipt, a key of another office: what is read is in the bytes that are given
GIVEN = {"fork_of", "opened_bundle", "read_receipt", "read_receiving_key"}
#: what everybody may call, and how: ``case`` is a colleague's, of applicant 1, with one paper
OPEN: dict[str, Callable[[Register, int, Path], object]] = {
    "alike": lambda r, case, at: r.alike("示例公司"),
    "all_in_hand": lambda r, case, at: r.all_in_hand(1, 2026),
    "anchor": lambda r, case, at: r.anchor(),
    "answers": lambda r, case, at: r.answers(case),
    "aside_refused": lambda r, case, at: r.aside_refused(),
    "aside_words": lambda r, case, at: r.aside_words(),
    "awards": lambda r, case, at: r.awards(1),
    "backup": lambda r, case, at: r.backup(at / r.clerk.no),
    "backups_before_forgetting": lambda r, case, at: r.backups_before_forgetting([at]),
    "bearers": lambda r, case, at: r.bearers(),
    "brought": lambda r, case, at: r.brought(case, "以前的来访"),
    "brought_back": lambda r, case, at: r.brought_back(),
    "case": lambda r, case, at: r.case(case),
    "case_events": lambda r, case, at: r.case_events(r.case(case).number),
    "case_total": lambda r, case, at: r.case_total(),
    "cases_of": lambda r, case, at: r.cases_of(1),
    "cases_of_visit": lambda r, case, at: r.cases_of_visit(case),
    "check": lambda r, case, at: r.check(),
    "clerk_name": lambda r, case, at: r.clerk_name("01"),
    "colleagues": lambda r, case, at: r.colleagues(),
    "conflicts": lambda r, case, at: r.conflicts(),
    "corrections": lambda r, case, at: r.corrections(),
    "count_cases": lambda r, case, at: r.count_cases(),
    "documents": lambda r, case, at: r.documents(case),
    "forgotten_at": lambda r, case, at: r.forgotten_at(),
    "left_before_forgetting": lambda r, case, at: r.left_before_forgetting(),
    "doubt": lambda r, case, at: r.doubt(),
    "elsewhere": lambda r, case, at: r.elsewhere(),
    "get": lambda r, case, at: r.get(1),
    "glance": lambda r, case, at: r.glance(1),
    "history": lambda r, case, at: r.history(case),
    "in_hand": lambda r, case, at: r.in_hand(1, "ss.2.1", 2026),
    "join_aside": lambda r, case, at: r.join_aside(),
    "join_standby": lambda r, case, at: r.join_standby(),
    "keep_closed": lambda r, case, at: r.keep_closed(),
    "keep_end": lambda r, case, at: r.keep_end(),
    "keep_head": lambda r, case, at: r.keep_head(),
    "known_facts": lambda r, case, at: r.known_facts(1),
    "last_edit": lambda r, case, at: r.last_edit(case),
    "leave_looking": lambda r, case, at: r.leave_looking(),
    "list_shape": lambda r, case, at: r.list_shape("ab"),
    "listed": lambda r, case, at: r.listed([case]),
    "listed_awards": lambda r, case, at: r.listed_awards(),
    "look": lambda r, case, at: r.look(case),
    "look_at": lambda r, case, at: r.look_at(case),
    "look_up": lambda r, case, at: r.look_up(1),
    "looks_for_all": lambda r, case, at: r.looks_for_all(),
    "material_marks": lambda r, case, at: r.material_marks(case),
    "materials": lambda r, case, at: r.materials(case),
    "next_serial": lambda r, case, at: r.next_serial(case),
    "note_backup": lambda r, case, at: None,  # by `backup`
    "note_locked": lambda r, case, at: r.note_locked(),
    "note_pack": lambda r, case, at: r.note_pack(f"示例-{r.clerk.no}"),
    "noted": lambda r, case, at: r.noted(1),
    "numbered": lambda r, case, at: r.numbered(r.case(case).number),
    "office_key": lambda r, case, at: r.office_key(),
    "open_cases": lambda r, case, at: r.open_cases(),
    "origins": lambda r, case, at: r.origins(case),
    "paper_basis": lambda r, case, at: r.paper_basis(r.documents(case)[0].serial),
    "paper_content": lambda r, case, at: r.paper_content(r.documents(case)[0].serial),
    "paper_counts": lambda r, case, at: r.paper_counts([case]),
    "paper_file": lambda r, case, at: r.paper_file(r.documents(case)[0].serial),
    "which": lambda r, case, at: r.which(),
    "one_of": lambda r, case, at: r.one_of(1),
    "removed_awards": lambda r, case, at: r.removed_awards(1),
    "papers_with_basis": lambda r, case, at: r.papers_with_basis(),
    "papers_without_basis": lambda r, case, at: r.papers_without_basis(),
    "parameters": lambda r, case, at: r.parameters(),
    "passwords_set_at": lambda r, case, at: r.passwords_set_at(),
    "prepare_statistics": lambda r, case, at: r.prepare_statistics(),
    "names": lambda r, case, at: r.names(),
    "recent": lambda r, case, at: r.recent(),
    "record_event": lambda r, case, at: r.record_event("核验登记库", "登记库"),
    "refuse_unseen": lambda r, case, at: r.refuse_unseen(case, Standing(None, None)),
    "saw": lambda r, case, at: r.saw(case, 1),
    "search": lambda r, case, at: r.search("示例"),
    "seconds_to_remove": lambda r, case, at: r.seconds_to_remove(),
    "sweep": lambda r, case, at: r.sweep(),
    "terms": lambda r, case, at: r.terms(),
    "tidy": lambda r, case, at: r.tidy(),
    "trusted_keys": lambda r, case, at: r.trusted_keys(),
    "undoable": lambda r, case, at: r.undoable(case),
    "unheard": lambda r, case, at: r.unheard(),
    "verify": lambda r, case, at: r.verify(),
    "verify_audit": lambda r, case, at: r.verify_audit(),
    "verify_password": lambda r, case, at: r.verify_password(PASSWORD),
    "visit_of": lambda r, case, at: r.visit_of(case),
}
#: keeps nothing where somebody only looks
FOR_WHO_WORKS = {"set_position": lambda r, case, at: r.set_position(case, "填报", "投资额")}


def callables() -> set[str]:
    """The names of all that can be called on a register; plain values that it shows are not among them."""
    names = (name for name in dir(Register) if not name.startswith("_"))
    found = {name: inspect.getattr_static(Register, name) for name in names}
    return {name for name, one in found.items() if callable(one) or isinstance(one, (classmethod, staticmethod))}


def called(method: Callable[..., Any]) -> None:
    """Call it with nothing that it could work with: who may not is told so before that matters."""
    wanted = [one for one in inspect.signature(method).parameters.values() if one.default is one.empty]
    given = [None for one in wanted if one.kind is one.POSITIONAL_OR_KEYWORD]
    done = method(*given, **{one.name: None for one in wanted if one.kind is one.KEYWORD_ONLY})
    done.__enter__()  # `at_once` is a step that is begun


@pytest.fixture(params=ROLES)
def colleague(register: Register, folder: Path, clock: Clock, request: pytest.FixtureRequest) -> Iterator[Register]:
    """A window of somebody of each role, on a register with a case that is another's."""
    role: Role = request.param
    visit(register)
    register.add_parameter("LPR", "3.1%", date(2026, 1, 1), "示例公告")
    register.add_clerk("02", "示例乙", PASSWORD, "04", role)
    other = Register.open(folder, clerk_no="02", password=PASSWORD, now=clock)
    yield other
    other.close()


def test_every_method_has_its_place_in_the_table() -> None:
    listed = [name for names in TAKES.values() for name in names] + [*SESSION, *GIVEN, *OPEN, *FOR_WHO_WORKS]
    assert sorted(listed) == sorted(set(listed)), "each once"
    assert callables() <= set(listed), f"nobody said who may: {sorted(callables() - set(listed))}"
    assert set(listed) <= set(dir(Register)), f"no such method: {sorted(set(listed) - set(dir(Register)))}"


def test_what_is_another_role_s_is_refused_before_anything_is_read_or_written(colleague: Register) -> None:
    role, refused = colleague.clerk.role, 0
    before = colleague._db.tallies.end()[0]
    for act, names in TAKES.items():
        for name in names if not may(role, act) else ():
            with pytest.raises(errors.NotAllowed, match=f"“{act.value}”由"):
                called(getattr(colleague, name))
            refused += 1
    assert colleague._db.tallies.end()[0] == before, "a refusal writes nothing"
    assert refused >= {"负责人": 0, "经办人": 23, "审计员": 50}[role]


def test_what_everybody_may_call_changes_no_row_but_the_trail_s(colleague: Register, tmp_path: Path) -> None:
    case = colleague.cases_of(1)[0].id
    calls = OPEN if may(colleague.clerk.role, Act.WORK) else OPEN | FOR_WHO_WORKS
    for name, call in calls.items():
        before = colleague._db.tallies.sums()
        call(colleague, case, tmp_path)
        assert colleague._db.tallies.sums() == before, name
    assert colleague.check() == []


def test_somebody_may_do_each_thing() -> None:
    """What refused everybody would pass the tests above."""
    assert all(may("负责人", act) for act in TAKES) and set(TAKES) | {Act.SEE_ALL, Act.PACKS, Act.FORKS} == set(Act)
