"""Issue 13: a paper that was issued comes out again byte for byte by the pack, figures and corrections that stood then."""

from __future__ import annotations

import io
import json
import shutil
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest

from pinggu_desk.assess.basis import Basis, bases_text, basis_of, read_bases
from pinggu_desk.assess.determine import determine
from pinggu_desk.assess.engine import Answers, Engine, read_answers
from pinggu_desk.assess.examples import answers_of
from pinggu_desk.assess.interview import Interview
from pinggu_desk.assess.match.match import Match
from pinggu_desk.commands.cli import run
from pinggu_desk.documents.assemble import assemble
from pinggu_desk.documents.matchvisit import match_visit
from pinggu_desk.documents.visit import Party, Visit
from pinggu_desk.policy.cases import load_cases
from pinggu_desk.policy.corrections import Correction
from pinggu_desk.policy.pack import load_pack
from pinggu_desk.policy.parameters import ParameterValue
from pinggu_desk.policy.resources import choose_pack, resource_root
from pinggu_desk.register import Register
from pinggu_desk.work.packs.build import build
from pinggu_desk.work.packs.replay import Engines, replay
from pinggu_desk.work.packs.store import PackStore
from tests import bundled
from tests.work.packs.samples import folder, sample, store, written

NOW = datetime(2026, 3, 2, 10, 0)
PARTY = Party("示例装备制造有限公司")


def stated(visit: Visit) -> tuple[str, str]:
    """What goes on record of a paper: its determinations, and what they stood on."""
    return json.dumps([d.to_json() for d in visit.determinations], ensure_ascii=False), bases_text(visit.basis)


def visit_by(engine: Engine, policy: str, facts: dict[str, str], on: date) -> Visit:
    interview = Interview(engine, policy, on, answers=facts)
    return assemble(
        engine, interview, PARTY, printed_at=NOW, serial=None, clerk="", window="", office="", practice=False
    )


def three(tmp: Path, packs: PackStore) -> list[Engine]:
    """Three packs that give 30, 50 and 25万元 at most, installed one after the other."""
    engines = []
    for at, most in enumerate(("30万元", "50万元", "25万元")):
        packs.install(sample(tmp, f"p{at}", most, date(2026 + at, 1, 1)))
        engines.append(Engine(load_pack(tmp / f"p{at}")))
    return engines


@pytest.fixture(autouse=True)
def _no_built_in(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(PackStore, "_keep_built_in", lambda self: None)
    yield
    choose_pack(None)


def test_papers_over_three_packs_come_out_again_byte_for_byte(tmp_path: Path) -> None:
    packs = store(tmp_path)
    kept = []
    for at, engine in enumerate(three(tmp_path, packs)):
        for amount in range(100, 700, 50):
            visit = visit_by(engine, "xx", {"投资额": f"{amount}万元"}, date(2026 + at, 3, 2))
            kept.append((f"{at}-{amount}", *stated(visit)))
    found = replay(iter(kept), Engines(packs))
    assert found.wrong == [] and found.same == 36
    altered = [(serial, words.replace('"300000.00"', '"310000.00"'), basis) for serial, words, basis in kept]
    wrong = {serial for serial, _ in replay(iter(altered), Engines(packs)).wrong}
    assert wrong == {f"0-{n}" for n in range(300, 700, 50)} | {"1-300"}, "whoever altered a figure is named"


def test_a_pack_that_is_not_kept_is_told(tmp_path: Path) -> None:
    engine = Engine(load_pack(folder(tmp_path / "gone", "77万元")))
    kept = [("一", *stated(visit_by(engine, "xx", {"投资额": "100万元"}, date(2026, 3, 2))))]
    found = replay(iter(kept), Engines(store(tmp_path)))
    assert found.same == 0 and "不在本机" in found.wrong[0][1]


def test_figures_and_corrections_that_stood_then_stand_again(tmp_path: Path) -> None:
    """What was entered or settled since moves nothing of a paper that was issued before."""
    pack = bundled.pack()
    engine = Engine(pack)
    figure = ParameterValue.model_validate({"自": date(2026, 1, 1), "值": "3.1%", "来源": "示例公报"})
    settled = Correction(
        "读法", "general.at_least", "另", date(2026, 1, 1), "示例局", "示例〔2026〕1号", date(2026, 1, 5), "0001"
    )
    engine.enter({"贷款市场报价利率": (figure,)}, [settled])
    on = date(2026, 3, 2)
    match = Match(engine, Answers(on, read_answers(pack, {"职工人数": "12"})))
    at_bound = visit_by(engine, "zxqy", {"专精特新称号": "专精特新企业", "技改固定资产投资": "300万元"}, on)
    papers = [("一", *stated(at_bound)), ("二", *stated(match_visit(match, PARTY, printed_at=NOW).visit))]
    engine.enter({})
    found = replay(iter(papers), Engines(store(tmp_path), pack))
    assert found.wrong == [] and found.same == 2
    (basis,) = read_bases(papers[0][2])
    assert basis.corrections == (settled,) and basis.figures == {"贷款市场报价利率": (figure,)}


def test_what_an_answer_stood_on_reads_back_as_it_was() -> None:
    basis = Basis("1+0", date(2026, 1, 1), date(2026, 1, 2), "xx", {"投资额": 5, "名": "示例"}, None)
    assert read_bases(bases_text([basis])) == (basis,)
    assert read_bases("") == () == read_bases("[]") == read_bases('{"bases": [{}]}')


def test_the_command_makes_a_registers_papers_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """From a register on the disk, in its own words: 0 where all come out, 1 with the paper named where one does not."""
    home = tmp_path / "home"
    monkeypatch.setenv("PINGGU_DESK_HOME", str(home))
    password = "Gu7-kanban-lian"  # noqa: S105 - a sample
    register, _ = Register.create(home / "register", clerk_no="0001", clerk_name="示例", password=password)
    engine = bundled.engine()
    case = register.open_case("zxqy", engine.pack.version, on=date(2026, 3, 2))
    words, basis = stated(visit_by(engine, "zxqy", {}, date(2026, 3, 2)))
    register.record_document(case.id, "政策符合性告知书", "a.pdf", "0" * 64, words, basis=basis)

    def command() -> int:
        monkeypatch.setattr("sys.stdin", io.StringIO(f"{password}\n"))
        return run(["replay", "--register", str(home / "register")])

    register.close()
    assert command() == 0 and "1 份文书重算后与出具时逐字节相同" in capsys.readouterr().out
    register = Register.open(home / "register", clerk_no="0001", password=password)
    serial = register.record_document(
        case.id, "政策符合性告知书", "b.pdf", "0" * 64, words.replace("万元", "亿元"), basis=basis
    )
    register.close()
    assert command() == 1 and serial in capsys.readouterr().out


def test_a_township_s_papers_come_out_again_at_the_district_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Issue 12: any case. What a paper's answers stood on goes along in the bundle; one of before is told, not passed over."""
    home = tmp_path / "home"
    monkeypatch.setenv("PINGGU_DESK_HOME", str(home))
    password = "Gu7-kanban-lian"  # noqa: S105 - a sample
    hub, town = (
        Register.create(folder, clerk_no="0001", clerk_name="示例", password=password, window=window)[0]
        for folder, window in ((home / "register", "03"), (tmp_path / "镇里", "T1"))
    )
    hub.trust_key(town.office_key().public, "示例镇")
    engine = bundled.engine()
    case = town.open_case("zxqy", engine.pack.version, on=date(2026, 3, 2))
    words, basis = stated(visit_by(engine, "zxqy", {}, date(2026, 3, 2)))
    serial = town.record_document(case.id, "政策符合性告知书", "a.pdf", "0" * 64, words, basis=basis)
    of_before = town.record_document(case.id, "政策符合性告知书", "b.pdf", "1" * 64, words)
    (parcel,) = town.export_since(hub.register_id)
    assert '"basis"' not in next(p for p in parcel.cases[0].papers if p.serial == of_before).model_dump_json(), (
        "a paper without reads as before there was one"
    )
    hub.join(parcel, "示例镇")
    assert hub.paper_basis(serial) == basis and hub.check() == [] and hub.papers_without_basis() == 1
    town.close()
    hub.close()
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{password}\n"))
    assert run(["replay"]) == 0
    out = capsys.readouterr().out
    assert "1 份文书重算后与出具时逐字节相同" in out and "另有 1 份" in out and "不能重算" in out


SETTLED = "  定: {采: 另, 单位: 示例局, 文件: 示例〔2026〕1号, 日期: 2026-01-05}\n"


def real(tmp: Path, name: str, edition: str, *readings: str) -> Path:
    """The program's own pack as a later edition, with some of its readings settled the other way.

    The worked examples, which were worked by the readings as they are taken, are left out.
    """
    root = tmp / name
    shutil.copytree(
        resource_root(),
        root,
        ignore=shutil.ignore_patterns("fonts", "icons", "style", "colour", "pack.bin*", "cases.yaml"),
    )
    shutil.copytree(resource_root().parent / "forms", root / "forms")
    path = root / "district.yaml"
    own = bundled.pack().version.split("+", maxsplit=1)[0]
    path.write_text(path.read_text("utf-8").replace(f"版次: {own}", f"版次: {edition}"), "utf-8")
    path = root / "readings.yaml"
    words = path.read_text("utf-8")
    for reading in readings:
        head = f"- 编号: {reading}\n"
        words = words.replace(head, head + SETTLED)
    path.write_text(words, "utf-8")
    return root


@pytest.mark.exhaustive
def test_five_hundred_papers_over_three_real_packs(tmp_path: Path) -> None:
    """The worked examples as stored cases, by the program's pack and two later ones in which readings are settled."""
    packs = store(tmp_path)
    kept: list[tuple[str, str, str]] = []
    editions = (
        ("2025.01-1", ()),
        ("2026.01-1", ("general.at_least",)),
        ("2027.01-1", ("general.at_least", "wzwm.annual_cap")),
    )
    for at, (edition, readings) in enumerate(editions):
        root = real(tmp_path, f"real{at}", edition, *readings)
        pack = load_pack(root)
        packs.install(written(tmp_path / f"real{at}.pack", build(root, day=date(2025 + at, 1, 1), pack=pack)))
        engine = Engine(pack)
        cases = [
            case for policy in pack.policies for case in load_cases(bundled.pack(), policy).cases if not case.parameters
        ]
        for number, case in enumerate(cases[at :: len(cases) // 170]):
            answers, policy = answers_of(pack, case), case.clause.split(".", 1)[0]
            made = determine(engine, answers, [policy])
            words = json.dumps([d.to_json() for d in made], ensure_ascii=False)
            kept.append((f"{at}-{number}", words, bases_text([basis_of(engine, answers, case.on, policy)])))
    assert len(kept) >= 500
    found = replay(iter(kept), Engines(packs))
    assert found.wrong == [] and found.same == len(kept)
