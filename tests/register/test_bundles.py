"""Bundles: a township's register is joined to the office's, any number of times, in any order, and nothing is guessed."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pinggu_desk.register import Register, errors
from pinggu_desk.register.bundles import sealed
from pinggu_desk.register.bundles.join import Joined
from pinggu_desk.register.bundles.records import Parcel
from tests.conftest import Counted

from .conftest import PASSWORD, Clock

CODE = "91110117MA0000000X"
OTHER_CODE = "91110117MA1111111X"
DAY = date(2026, 3, 2)
PHRASE, OTHER_PHRASE, WEAK_PHRASE = "Sample-Stick-2026", "Another-2026", "123456"


def office(folder: Path, clock: Clock, window: str) -> Register:
    made, _ = Register.create(folder, clerk_no="01", clerk_name="示例经办", password=PASSWORD, window=window, now=clock)
    return made


@pytest.fixture
def hub(tmp_path: Path, clock: Clock) -> Iterator[Register]:
    made = office(tmp_path / "区里", clock, "03")
    yield made
    made.close()


@pytest.fixture
def town(tmp_path: Path, clock: Clock, hub: Register) -> Iterator[Register]:
    made = office(tmp_path / "镇里", clock, "T1")
    hub.trust_key(made.office_key().public, "示例镇")
    made.trust_key(hub.office_key().public, "示例区")
    yield made
    made.close()


def paper(register: Register, case_id: int, text: str) -> str:
    data = f"%PDF-1.7 {text}".encode()
    return register.record_document(
        case_id, "告知书", "a.pdf", hashlib.sha256(data).hexdigest(), "[]", data, content=text, how="打印"
    )


def visit(register: Register, name: str = "示例公司", code: str = CODE) -> int:
    """A case with all that a case has; its id."""
    who = register.add_applicant("企业", name, code=code, phone="示例电话")
    case = register.open_case("tztc", "1", applicant_id=who.id, on=DAY)
    register.set_answer(case.id, "投资额", "500万元")
    register.set_answer(case.id, "投资额", "600万元", origin="以前的来访")
    register.undo(case.id)
    register.set_material(case.id, "营业执照", "已收")
    register.remember(who.id, "注册资本", "500万元", DAY, case.id)
    register.add_award(who.id, "ss", "ss.2.1", 100_00, date(2025, 5, 1), "上市")
    paper(register, case.id, "第一份")
    return case.id


def everything(register: Register) -> Any:
    """What a register shows, whatever numbers its rows have."""
    seen = []
    for who in register.search("示例", 100):
        cases = []
        for case in register.cases_of(who.id):
            papers = [
                (d.sha256, register.paper_file(d.serial), register.paper_content(d.serial))
                for d in register.documents(case.id)
            ]
            history = [(e.seq, e.at, e.kind, e.fact, e.before, e.after, e.origin) for e in register.history(case.id)]
            cases.append(
                (
                    case.number,
                    case.state,
                    case.on,
                    register.answers(case.id),
                    history,
                    register.materials(case.id),
                    sorted(papers),
                )
            )
        awards = [(a.benefit_id, a.amount_fen, a.on, a.matter) for a in register.awards(who.id)]
        known = {fact: known.value_text for fact, known in register.known_facts(who.id).items()}
        seen.append((replace(who, id=0), sorted(cases), awards, known))
    return sorted(seen, key=repr)


def rows(register: Register) -> dict[str, list[Any]]:
    """Every row of every table, as it lies there."""
    from pinggu_desk.register.tables import metadata

    return {name: register._db.rows(table.select()) for name, table in metadata.tables.items()}


def joined(hub: Register, town: Register) -> Joined:
    (parcel,) = town.export_since(hub.register_id)
    return hub.join(parcel, "示例镇")


def test_a_township_s_work_is_all_there_once_it_is_joined(hub: Register, town: Register) -> None:
    visit(town)
    done = joined(hub, town)
    assert (done.counts["申请人"], done.counts["办件"], done.counts["文书"], done.conflicts) == (1, 1, 1, 0)
    assert everything(hub) == everything(town) != []
    assert hub.check() == [] and town.check() == []
    (case,) = hub.recent()
    assert case.clerk_no == "01@示例镇", "it is not the clerk here who has the same number"
    assert hub.documents(case.id)[0].serial == town.documents(1)[0].serial


def test_joined_twice_changes_nothing_the_second_time(hub: Register, town: Register) -> None:
    visit(town)
    (parcel,) = town.export_since(hub.register_id)
    hub.join(parcel, "示例镇")
    before = rows(hub)
    again = hub.join(parcel, "示例镇")
    assert again.again
    assert rows(hub) == before, "not one row, not even of the trail"


def test_the_next_bundle_holds_what_came_since_the_last_one_that_was_joined(hub: Register, town: Register) -> None:
    first = visit(town)
    done = joined(hub, town)
    town.note_joined(done.receipt)
    second = visit(town, "示例二厂", OTHER_CODE)
    (parcel,) = town.export_since(hub.register_id)
    assert [case.ref.id for case in parcel.cases] == [second]
    assert [who.who.name for who in parcel.applicants] == ["示例二厂"]
    assert parcel.trail[0].id > 1
    hub.join(parcel, "示例镇")
    town.set_answer(first, "投资额", "700万元")
    town.close_case(first)
    (parcel,) = town.export_since(hub.register_id)
    assert {case.ref.id for case in parcel.cases} == {first, second}, "the second was not confirmed"
    hub.join(parcel, "示例镇")
    assert everything(hub) == everything(town)
    assert hub.check() == []


def test_nothing_new_makes_no_bundle(hub: Register, town: Register) -> None:
    visit(town)
    town.note_joined(joined(hub, town).receipt)
    parcels = town.export_since(hub.register_id)
    assert [len(parcel.cases) + len(parcel.applicants) for parcel in parcels] == [0], (
        "what the trail tells of the first one"
    )


def test_any_order_and_any_repetition_come_to_the_same_end(
    tmp_path: Path, clock: Clock, town: Register, counted: Counted
) -> None:
    """Forty orders of the bundles of a township's day, some joined several times: one end state."""
    chance = random.Random(12)
    elsewhere = "0" * 64
    parcels: list[Parcel] = []
    ids: list[int] = []
    for turn in range(6):
        clock.forward(minutes=10)
        if turn in (0, 2, 3):
            ids.append(visit(town, f"示例{turn}厂", f"91110117MA000000{turn}X"))
        case = chance.choice(ids)
        if town.case(case).state != "办理中":
            town.reopen_case(case)
        town.set_answer(case, f"事项{turn}", f"第{turn}步")
        town.set_material(case, "营业执照", f"第{turn}步")
        paper(town, case, f"第{turn}份")
        whose = town.search("示例")[0]
        town.update_applicant(replace(whose, phone=f"示例{turn}"))
        if turn == 4:
            town.remove_award(town.awards(whose.id)[0].id)
            town.close_case(case)
        parcels += town.export_since(elsewhere)
    ends = []
    for order in range(40):
        hub = office(tmp_path / f"区里{order}", clock, "03")
        some = [chance.choice(parcels) for _ in range(chance.randrange(8))] if order else []
        for parcel in chance.sample(parcels, len(parcels)) + some if order else parcels:
            hub.join(parcel, "示例镇")
        assert hub.check() == [] and hub.conflicts() == []
        ends.append(everything(hub))
        hub.close()
    assert ends[0] == everything(town)
    assert all(end == ends[0] for end in ends)
    counted("orders of bundles", orders=40, same_end_states=40)


def test_an_applicant_of_both_is_one_and_what_is_said_differently_waits_for_a_clerk(
    hub: Register, town: Register
) -> None:
    mine = hub.add_applicant("企业", "示例公司", code=CODE, phone="区里的电话", address="")
    his = town.add_applicant("企业", "示例公司", code=CODE, phone="镇里的电话", address="示例路")
    assert joined(hub, town).conflicts == 1
    assert hub.search("示例") == [replace(mine, address="示例路")], "filled in where nothing was; nothing written over"
    (conflict,) = hub.conflicts()
    assert (conflict.kind, conflict.office) == ("applicant", "示例镇")
    assert [(d.called, d.ours, d.theirs) for d in conflict.differences] == [("电话", "区里的电话", "镇里的电话")]
    hub.decide(conflict.id, {"phone"})
    assert hub.get(mine.id).phone == "镇里的电话"
    assert hub.conflicts() == []
    town.update_applicant(replace(his, contact="示例联系人"))
    assert joined(hub, town).conflicts == 0, "what was decided is not asked again"
    assert hub.get(mine.id).contact == "示例联系人"
    with pytest.raises(errors.NotFound, match="已经有人裁定"):
        hub.decide(conflict.id, set())


def test_a_code_under_another_name_is_never_made_one_by_itself(hub: Register, town: Register) -> None:
    mine = hub.add_applicant("企业", "示例公司", code=CODE)
    visit(town, "示例乡厂")
    assert joined(hub, town).conflicts == 1
    (conflict,) = hub.conflicts()
    assert (conflict.kind, conflict.holder_id, conflict.title) == ("code", mine.id, "示例乡厂")
    assert ("名称", "示例公司", "示例乡厂") in [(d.called, d.ours, d.theirs) for d in conflict.differences]
    assert len(hub.cases_of(conflict.local_id)) == 1 and hub.cases_of(mine.id) == [], "kept, and kept apart"
    hub.decide(conflict.id, {"name"})
    (one,) = hub.search(CODE)
    assert (one.id, one.name) == (mine.id, "示例乡厂")
    assert len(hub.cases_of(mine.id)) == 1 and hub.check() == []


def test_two_that_are_not_one_stay_two(hub: Register, town: Register) -> None:
    mine = hub.add_applicant("企业", "示例公司", code=CODE)
    visit(town, "示例乡厂")
    joined(hub, town)
    (conflict,) = hub.conflicts()
    hub.decide(conflict.id, set(), same=False)
    assert hub.conflicts() == []
    assert [(a.name, a.code) for a in hub.search("示例乡厂")] == [("示例乡厂", "")]
    assert hub.get(mine.id).name == "示例公司"


def both_sides(hub: Register, town: Register) -> tuple[int, int]:
    """One case, joined and then changed on both sides; its number there and here."""
    there = visit(town)
    joined(hub, town)
    here = hub.recent()[0].id
    town.set_answer(there, "投资额", "镇里改的")
    town.set_answer(there, "备注", "镇里写的")
    hub.set_answer(here, "投资额", "区里改的")
    return there, here


def test_a_case_changed_on_both_sides_is_shown_side_by_side(hub: Register, town: Register) -> None:
    there, here = both_sides(hub, town)
    late = paper(town, there, "镇里又出的")
    assert joined(hub, town).conflicts == 1
    assert hub.answers(here)["投资额"] == "区里改的", "ours stands"
    assert late in [d.serial for d in hub.documents(here)], "a paper that was issued is here, however it is decided"
    (conflict,) = hub.conflicts()
    assert conflict.kind == "case"
    assert [(d.key, d.ours, d.theirs) for d in conflict.differences] == [
        ("备注", None, "镇里写的"), ("投资额", "区里改的", "镇里改的"),
    ]  # fmt: skip
    hub.decide(conflict.id, {"备注"})
    assert hub.answers(here) == {"投资额": "区里改的", "备注": "镇里写的"}
    assert hub.history(here)[-1].origin == "并入：示例镇"
    assert hub.check() == []
    assert hub.join(town.export_since(hub.register_id)[0], "示例镇").conflicts == 0


def test_a_case_that_comes_back_to_where_it_was_opened_is_that_case(
    hub: Register, town: Register, clock: Clock
) -> None:
    """How work that was done while the server was away is joined: the outbox had the case from it."""
    here = visit(hub)
    (parcel,) = hub.export_since(town.register_id)
    town.join(parcel, "示例区", same_clerks=True)
    there = town.recent()[0]
    assert there.clerk_no == "01"
    town.set_answer(there.id, "投资额", "离线时改的")
    clock.forward(minutes=1)
    fresh = town.open_case("tztc", "1", applicant_id=there.applicant_id, on=DAY)
    town.set_answer(fresh.id, "投资额", "离线时新办的")
    town.close_case(there.id)
    for parcel in town.export_since(hub.register_id):
        town.note_joined(hub.join(parcel, "本机", same_clerks=True).receipt)
    assert hub.conflicts() == []
    assert (hub.answers(here)["投资额"], hub.case(here).state) == ("离线时改的", "已出具")
    assert len(hub.recent()) == 2 and everything(hub) == everything(town)
    assert hub.check() == []


def test_two_registers_that_gave_one_number_keep_both_cases(hub: Register, tmp_path: Path, clock: Clock) -> None:
    town = office(tmp_path / "镇里", clock, "03")
    mine, his = visit(hub), visit(town, "示例二厂", OTHER_CODE)
    assert hub.case(mine).number == town.case(his).number
    hub.join(town.export_since(hub.register_id)[0], "示例镇")
    assert len({case.number for case in hub.recent()}) == 2
    both = [d.serial for case in hub.recent() for d in hub.documents(case.id)]
    assert len(set(both)) == 2 and hub.check() == []
    town.close()


def test_a_trail_that_is_no_more_what_it_was_is_refused(hub: Register, town: Register) -> None:
    """A township that put yesterday's file back: what it says now does not follow on what it said."""
    visit(town)
    (parcel,) = town.export_since(hub.register_id)
    hub.join(parcel, "示例镇")
    forged = parcel.trail[3].model_copy(update={"hash": "0" * 64})
    other = parcel.model_copy(update={"number": 9, "trail": [forged]})
    before = rows(hub)
    with pytest.raises(errors.InvalidEntry, match=r"审计记录第 4 条.*对不上"):
        hub.join(other, "示例镇")
    assert rows(hub) == before


def test_practice_and_work_are_never_mixed(hub: Register, tmp_path: Path, clock: Clock) -> None:
    practice, _ = Register.create(
        tmp_path / "演练", clerk_no="01", clerk_name="示例经办", password=PASSWORD, practice=True, now=clock
    )
    visit(practice)
    with pytest.raises(errors.InvalidEntry, match="这是演练登记库的数据包，本登记库是正式的"):
        hub.join(practice.export_since(hub.register_id)[0], "示例镇")
    assert hub.recent() == []
    practice.close()


# --- the file


def test_a_bundle_goes_by_a_stick_and_its_receipt_comes_back(hub: Register, town: Register) -> None:
    visit(town)
    receiver = town.read_receiving_key(hub.receiving_key_file(), "收件公钥.json")
    assert (receiver.register_id, receiver.office) == (hub.register_id, "示例区")
    (parcel,) = town.export_since(receiver.register_id)
    data = town.sealed_bundle(parcel, receiver=receiver)
    for secret in ("示例公司", CODE, "示例电话", "500万元"):
        for coding in ("utf-8", "utf-16-le", "gbk"):
            assert secret.encode(coding) not in data
    opened = hub.opened_bundle(data, "示例.pgdata")
    assert (opened.parcel, opened.office) == (parcel, "示例镇")
    done = hub.join(opened.parcel, opened.office)
    town.note_joined(town.read_receipt(hub.receipt_file(done.receipt), "回执.json"))
    assert everything(hub) == everything(town)


def test_a_bundle_under_a_passphrase_of_its_own(hub: Register, town: Register) -> None:
    visit(town)
    (parcel,) = town.export_since(hub.register_id)
    with pytest.raises(errors.WeakPassword):
        town.sealed_bundle(parcel, passphrase=WEAK_PHRASE)
    data = town.sealed_bundle(parcel, passphrase=PHRASE)
    assert sealed.needs_passphrase(data, "包")
    with pytest.raises(errors.BundleRefused, match="请输入对方告知的数据包口令"):
        hub.opened_bundle(data, "包")
    with pytest.raises(errors.BundleRefused, match="口令不对"):
        hub.opened_bundle(data, "包", passphrase=OTHER_PHRASE)
    assert hub.opened_bundle(data, "包", passphrase=PHRASE).parcel == parcel


def test_every_byte_that_is_changed_or_missing_is_noticed(hub: Register, town: Register, counted: Counted) -> None:
    visit(town)
    receiver = town.read_receiving_key(hub.receiving_key_file(), "收件公钥.json")
    data = town.sealed_bundle(town.export_since(receiver.register_id)[0], receiver=receiver)
    chance, before = random.Random(7), rows(hub)
    for turn in range(200):
        at = chance.randrange(len(data)) if turn > 60 else turn * 5
        spoilt = data[:at] + bytes([data[at] ^ chance.randrange(1, 256)]) + data[at + 1 :]
        if turn % 3 == 2:
            spoilt = data[: chance.randrange(len(data))]
        with pytest.raises(errors.BundleRefused, match=r"^“示例包”[^\n]*。$"):
            hub.opened_bundle(spoilt, "示例包")
    assert rows(hub) == before
    counted("spoilt bundles", tried=200, refused_with_a_sentence=200)


def test_bundles_that_are_not_for_us_or_from_nobody_we_know(
    hub: Register, town: Register, tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    visit(town)
    stranger = office(tmp_path / "别处", clock, "09")
    stranger.trust_key(hub.office_key().public, "示例区")
    receiver = stranger.read_receiving_key(hub.receiving_key_file(), "键")
    (parcel,) = stranger.export_since(hub.register_id)
    with pytest.raises(errors.BundleRefused, match=r"不认识的单位签发.*可信公钥"):
        hub.opened_bundle(stranger.sealed_bundle(parcel, receiver=receiver), "包")
    hub.trust_key(stranger.office_key().public, "示例别处")
    stranger.trust_key(town.office_key().public, "示例镇")
    to_town = stranger.sealed_bundle(parcel, receiver=stranger.read_receiving_key(town.receiving_key_file(), "键"))
    with pytest.raises(errors.BundleRefused, match="不是发给本登记库的"):
        hub.opened_bundle(to_town, "包")
    (his,) = town.export_since(hub.register_id)
    with pytest.raises(errors.BundleRefused, match="里外写的单位不一样"):
        hub.opened_bundle(resigned(his, stranger, receiver.exchange, monkeypatch), "包")
    with pytest.raises(errors.BundleRefused, match="不是数据包"):
        hub.opened_bundle(b"PK\x03\x04", "照片.zip")
    with pytest.raises(errors.InvalidEntry, match="自己导出的数据包"):
        hub.join(hub.export_since(town.register_id)[0], "自己")
    monkeypatch.setattr(sealed, "FORMAT", 2)
    newer = town.sealed_bundle(his, receiver=receiver)
    monkeypatch.setattr(sealed, "FORMAT", 1)
    with pytest.raises(errors.BundleRefused, match="更新版本的程序导出（格式 2"):
        hub.opened_bundle(newer, "包")
    stranger.close()


def resigned(parcel: Parcel, thief: Register, exchange: bytes, monkeypatch: pytest.MonkeyPatch) -> bytes:
    """Another office's parcel, put under one's own head and signature."""
    lines = list(sealed._lines(parcel))
    with monkeypatch.context() as patched:
        patched.setattr(sealed, "_lines", lambda _parcel: iter(lines))
        own = parcel.model_copy(update={"sender": thief.register_id})
        return sealed.seal_bundle(own, thief.office_key(), receiver=exchange)


def test_a_bundle_that_swells_beyond_measure_is_refused(
    hub: Register, town: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = visit(town)
    town.set_answer(case, "备注", "字" * 1_000_000)
    data = town.sealed_bundle(town.export_since(hub.register_id)[0], passphrase=PHRASE)
    assert len(data) < 100_000
    monkeypatch.setattr(sealed, "MOST_PLAIN", 1_000_000)
    with pytest.raises(errors.BundleRefused, match="展开后超过"):
        hub.opened_bundle(data, "包", passphrase=PHRASE)
    monkeypatch.setattr(sealed, "MOST_FILE", 1000)
    with pytest.raises(errors.BundleRefused, match="超过 0 MB"):
        hub.opened_bundle(data, "包", passphrase=PHRASE)


def test_a_spoilt_receipt_or_receiving_key_is_refused(hub: Register, town: Register) -> None:
    visit(town)
    receipt = hub.receipt_file(joined(hub, town).receipt)
    key = hub.receiving_key_file()
    for data, read in ((receipt, town.read_receipt), (key, town.read_receiving_key)):
        for spoilt in (
            data[:-9],
            data.replace(hub.register_id.encode(), town.register_id.encode()),
            b"{}",
            b"[" * 60_000,
        ):
            with pytest.raises(errors.BundleRefused, match=r"^“文件”[^\n]*。$"):
                read(spoilt, "文件")
    assert town.read_receipt(receipt, "文件").number == 1


def test_a_township_s_file_is_joined_to_a_register_on_a_server(shared: Register, town: Register) -> None:
    visit(town)
    shared.trust_key(town.office_key().public, "示例镇")
    mine = shared.add_applicant("企业", "示例公司", code=CODE, phone="区里的电话")
    (parcel,) = town.export_since(shared.register_id)
    assert shared.join(parcel, "示例镇").conflicts == 1
    before = rows(shared)
    assert shared.join(parcel, "示例镇").again and rows(shared) == before
    (conflict,) = shared.conflicts()
    shared.decide(conflict.id, {"phone"})
    assert shared.get(mine.id).phone == "示例电话"
    assert everything(shared) == everything(town)
    assert shared.check() == []
