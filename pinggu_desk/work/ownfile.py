"""个人信息查阅: from what the register gathers to the paper, in the words of the pack."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import TYPE_CHECKING

from pinggu_desk.assess.awards import title_of
from pinggu_desk.assess.materials import material_titles
from pinggu_desk.documents.papers.ownfile import OwnFilePaper, Part
from pinggu_desk.policy.identity import shown
from pinggu_desk.policy.quantity import wan
from pinggu_desk.register.records import MATCHING, MATCHING_TITLE
from pinggu_desk.work.importing.applicants import PARTICULARS
from pinggu_desk.work.origins import award_origin, fact_origin

#: as `register.papers` notes an award on the trail
_OF_AWARD = re.compile(r"[0-9]+：.* ([0-9]+)分 ([0-9-]+)")

if TYPE_CHECKING:
    from pinggu_desk.policy.models import Pack
    from pinggu_desk.register import Register
    from pinggu_desk.register.ownfile import OwnFile
    from pinggu_desk.register.records import Award, Case


def own_file_paper(
    register: Register, pack: Pack, applicant_id: int, made: datetime, office: str = ""
) -> OwnFilePaper:  # fmt: skip
    """Gather and lay out everything stored of one applicant; on the trail thereby. Raises RegisterError."""
    file, clerk = register.own_file(applicant_id), register.clerk
    terms = "，".join(f"{kind} {years} 年" for kind, years in register.terms().items())
    return OwnFilePaper(
        file.applicant.name, file.applicant.kind == "个人", office, f"经办人 {clerk.name}（工号 {clerk.no}）", made,
        _parts(file, pack), terms, register.practice,
    )  # fmt: skip


def _parts(file: OwnFile, pack: Pack) -> tuple[Part, ...]:
    titles = {policy.id: policy.title for policy in pack.policies.values()} | {MATCHING: MATCHING_TITLE}
    who = file.applicant
    pairs = [
        ("类型", who.kind), ("名称", who.name), ("证件类型", who.document), ("号码", shown(who.code, who.kind)),
        ("仍要登记的原因", who.reason), ("联系人", who.contact), ("电话", who.phone), ("地址", who.address),
        *((f"合并进来的登记（{_day(at.date())}）", f"{name}　{shown(code, who.kind)}") for name, code, at in file.merged),
    ]  # fmt: skip
    edits = [(case, edit) for case, journal, _papers in file.cases for edit in journal]
    papers = {paper.serial: paper for _case, _journal, papers in file.cases for paper in papers}
    return (
        Part("登记的资料", ("项目", "内容"), (46.0, 110.0), tuple(pair for pair in pairs if pair[1])),
        Part(
            "填报过的情况", ("情况", "内容", "日期", "来自"), (44.0, 44.0, 24.0, 44.0),
            tuple((one.fact, one.text, _day(one.on), fact_origin(one)) for one in file.noted),
        ),
        Part(
            "办件", ("办件编号", "政策", "开办", "判断日", "状态", "工号"), (42.0, 38.0, 24.0, 24.0, 16.0, 12.0),
            tuple(
                (
                    case.number, titles.get(case.policy_id, case.policy_id), _day(case.opened_at.date()), _day(case.on),
                    case.state, case.clerk_no,
                )
                for case, _journal, _papers in file.cases
            ),
        ),
        Part(
            "收到的材料", ("办件编号", "材料", "情况"), (44.0, 88.0, 24.0),
            tuple((case.number, name, state) for case, name, state in _brought(file, pack)),
        ),
        Part(
            "每一步填写", ("办件编号", "时间", "填报项", "由", "改为", "工号"), (42.0, 36.0, 28.0, 19.0, 19.0, 12.0),
            tuple(
                (
                    case.number, _moment(edit.at), edit.fact + (f"（{edit.origin}）" if edit.origin else ""),
                    edit.before or "（空）", edit.after or "（空）", edit.clerk_no,
                )
                for case, edit in edits
            ),
        ),
        Part(
            "出具的文书", ("文书编号", "名称", "时间", "工号"), (54.0, 50.0, 36.0, 16.0),
            tuple((paper.serial, paper.kind, _moment(paper.issued_at), paper.clerk_no) for paper in papers.values()),
        ),
        Part(
            "已享受支持", ("事项", "金额", "日期", "来源"), (56.0, 30.0, 24.0, 46.0),
            tuple(
                (
                    _benefit(pack, award), wan(award.amount_fen), _day(award.on),
                    "，".join(filter(None, (award.source, award_origin(award)))),
                )
                for award in file.awards
            )
            + tuple(
                (
                    _benefit(pack, award), wan(award.amount_fen), _day(award.on),
                    f"{_moment(at)} 已撤销，不再计算，记录还在",
                )
                for award, at in file.removed
            ),
        ),
        Part(
            "别处登记库并来的不同说法", ("项目", "内容", "并入", "处理"), (36.0, 54.0, 36.0, 30.0),
            tuple(
                (_called(name), shown(text, who.kind) if name == "code" else text, _moment(one.at), one.decision or "等待裁定")
                for one in file.elsewhere
                for name, text in one.said.items()
            ),
        ),
        Part(
            "谁在什么时候查阅、办理过", ("时间", "工号", "事项", "对象", "说明"), (36.0, 12.0, 32.0, 44.0, 32.0),
            tuple((_moment(row.at), row.clerk_no, row.event, row.subject, _told(row.detail)) for row in file.trail),
        ),
    )  # fmt: skip


def _brought(file: OwnFile, pack: Pack) -> Iterator[tuple[Case, str, str]]:
    for case, marks in file.brought:
        policy = pack.policies.get(case.policy_id)
        titles = material_titles(policy) if policy is not None else {}
        for key, state in marks.items():
            yield case, titles.get(key, key), state


def _told(detail: str) -> str:
    """What an entry says of an award, in money as a person reads it; which one it was stands above, by its title."""
    found = _OF_AWARD.fullmatch(detail)
    return f"{wan(int(found[1]))}，{found[2]}" if found else detail


def _called(name: str) -> str:
    """What an item of another register's is called: of who he is as on the form, of a case by the fact's own name."""
    return PARTICULARS.get(name, name)


def _benefit(pack: Pack, award: Award) -> str:
    title = title_of(pack, award.policy_id, award.benefit_id, award.title)
    return f"{title}（{award.matter}）" if award.matter else title


def _day(on: date) -> str:
    return f"{on.year}-{on.month:02d}-{on.day:02d}"


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M}"
