"""``--self-test``: what a copied folder must be able to do, tried on the spot and told line by line in Chinese."""

from __future__ import annotations

import importlib
import pkgutil
import secrets
import tempfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pinggu_desk
from pinggu_desk.places import fault_sentence
from pinggu_desk.policy.district import here
from pinggu_desk.policy.errors import DeskError
from pinggu_desk.policy.resources import forms_root, resource_root

if TYPE_CHECKING:
    from pinggu_desk.documents.visit import Visit

#: Modules that start the program when they are imported.
_STARTERS = {"pinggu_desk.__main__"}
_FONTS = (
    "NotoSansSC-Regular", "NotoSansSC-Bold", "NotoSerifSC-Regular", "NotoSerifSC-Black", "DeskKai-Regular", "HanaMinB",
)  # fmt: skip

#: signs that only the font for rare ones has, what is kept in the register that is tried, and the fact that names an applicant
_RARE, _KEPT, NAMED = "㛃𬭎𡌶", "填报一项", "申请人名称"


def self_test(say: Callable[[str], None]) -> int:
    """Try everything; 0 when all is well, 1 when something is not."""
    checks: tuple[tuple[str, Callable[[], str]], ...] = (
        ("程序模块", _modules), ("字体", _fonts), ("政策包", _pack), ("表样", _forms), ("加密登记库", _register),
        ("测算和文书", _papers), ("验真", _proof),
    )  # fmt: skip
    wrong = 0
    for name, check in checks:
        try:
            say(f"{name}：{check()}")
        except DeskError as error:
            wrong += 1
            say(f"{name}：不正常，{error.sentence}")
        except Exception as error:  # noqa: BLE001 - whatever fails, the others are still tried
            wrong += 1
            say(f"{name}：不正常，{fault_sentence(error)}")
    say("自检通过。" if not wrong else f"自检发现 {wrong} 处不正常。")
    return 1 if wrong else 0


def _modules() -> str:
    names = [m.name for m in pkgutil.walk_packages(pinggu_desk.__path__, "pinggu_desk.") if m.name not in _STARTERS]
    for name in names:
        importlib.import_module(name)
    return f"{len(names)} 个都能装入"


def _fonts() -> str:
    from pinggu_desk.documents.pdf.fonts import missing_glyphs, warm_up

    for name in _FONTS:
        if not (resource_root() / "fonts" / f"{name}.ttf").is_file():
            raise DeskError(f"缺字体文件 {name}.ttf，请重新安装。")
    warm_up()
    lacking = missing_glyphs([here().name, _RARE])
    if lacking:
        raise DeskError(f"字体缺字 {'、'.join(lacking)}，请重新安装。")
    return f"{len(_FONTS)} 种都在，生僻字可用"


def _pack() -> str:
    from pinggu_desk.work.checking import check_everything

    report = check_everything()
    if report.findings:
        raise DeskError(f"有 {len(report.findings)} 处问题，第一处：{report.findings[0]}")
    return f"{report.pack.version}，{report.counts()['policies']} 项政策，检查无误"


def _forms() -> str:
    from pinggu_desk.policy.pack import load_pack

    names = [policy_id for policy_id in load_pack().policies if not (forms_root() / f"{policy_id}.xlsx").is_file()]
    if names:
        raise DeskError(f"缺 {'、'.join(names)} 的申请表表样，请重新安装。")
    return "每项政策都有"


def _register() -> str:
    from pinggu_desk.register import Register

    with tempfile.TemporaryDirectory() as folder:
        password = secrets.token_urlsafe(16)  # opens only what is deleted at once
        register, _ = Register.create(Path(folder), clerk_no="0000", clerk_name="自检", password=password)
        case = register.open_case("self-test", "自检", on=date(2026, 4, 1))
        register.set_answer(case.id, _KEPT, "100")
        register.close()
        again = Register.open(Path(folder), clerk_no="0000", password=password)
        kept = again.answers(case.id)
        again.close()
        plain = _KEPT.encode() in (Path(folder) / "register.db").read_bytes()
    if kept != {_KEPT: "100"} or plain:
        raise DeskError("登记库没有保住填报值或没有加密，请联系维护人员。")
    return "建立、写入、重新打开都正常"


def _sample_visit() -> Visit:
    from pinggu_desk.assess.engine import Engine
    from pinggu_desk.assess.interview import Interview
    from pinggu_desk.documents.assemble import assemble
    from pinggu_desk.documents.visit import Party
    from pinggu_desk.policy.pack import load_pack
    from pinggu_desk.policy.quantity import parse_quantity

    engine = Engine(load_pack())
    tried = engine.pack.district.self_test
    if tried is None:
        raise DeskError("政策包的 district.yaml 没有写“自检”，不能试算，请补上。")
    interview = Interview(engine, tried.policy, tried.on, answers=tried.facts, awards=())
    found = {d.benefit: d.amount_fen for d in interview.determinations}
    asked = parse_quantity(tried.amount)
    if asked is None or found.get(tried.benefit) != asked.value:
        raise DeskError("测算结果同样例不符，请重新安装。")
    name = tried.facts.get(NAMED, "自检")
    return assemble(
        engine, interview, Party(name), printed_at=datetime(2026, 4, 1, 9, 0), serial=None,
        clerk="自检", window="", office="", practice=True,
    )  # fmt: skip


def _papers() -> str:
    from pinggu_desk.documents.papers.letter import make_letter
    from pinggu_desk.documents.sheet.fill import make_sheet

    visit = _sample_visit()
    with tempfile.TemporaryDirectory() as folder:
        letter, sheet = Path(folder) / "letter.pdf", Path(folder) / "sheet.xlsx"
        make_letter(visit, letter)
        make_sheet(visit, sheet)
        sizes = letter.stat().st_size, sheet.stat().st_size
    return f"告知书 {sizes[0] // 1024} KB，申请表 {sizes[1] // 1024} KB"


def _proof() -> str:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from pinggu_desk.documents.papers.letter import letter_bytes
    from pinggu_desk.documents.proof.check import check_bytes
    from pinggu_desk.documents.proof.keys import PublicKey
    from pinggu_desk.register import OfficeKey

    signer = OfficeKey(Ed25519PrivateKey.generate())
    keys = [PublicKey(signer.public, "自检")]
    data = letter_bytes(
        replace(_sample_visit(), serial=f"{here().case_prefix}-0-20260401-0001-01", practice=False), signer=signer
    )
    if not check_bytes(data, keys).ok or check_bytes(data[:-1] + b"x", keys).ok:
        raise DeskError("签发或者验真不正常，请重新安装。")
    return "签发、核对、认出改动都正常"
