"""What an office needs to put its own application form (申请表表样) in place of ours: whose it is, and what is said of it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pinggu_desk.policy.errors import BadInput

if TYPE_CHECKING:
    from pinggu_desk.documents.sheet.forms import FormReport
    from pinggu_desk.documents.sheet.mapping import Draft
    from pinggu_desk.policy.models import Pack

#: the title of a form stands in one of its first rows
_TITLE_ROWS = 5


def policy_of(path: Path, given: str | None, pack: Pack) -> str:
    """Whose form a workbook is: as told, by its file's name or by its title. Raises BadInput when that can't be told."""
    if given is not None:
        if given not in pack.policies:
            raise BadInput(f"没有编号为“{given}”的政策，可用的有{'、'.join(pack.policies)}。")
        return given
    if path.stem in pack.policies:
        return path.stem
    titles = _first_texts(path)
    found = [policy.id for policy in pack.policies.values() if policy.form_title in titles]
    if len(found) != 1:
        raise BadInput(f"看不出“{path.name}”是哪项政策的申请表，请用 --policy 指明政策编号。")
    return found[0]


def _first_texts(path: Path) -> set[str]:
    from pinggu_desk.documents.sheet.forms import open_form

    rows = open_form(path).worksheets[0].iter_rows(max_row=_TITLE_ROWS, values_only=True)
    return {"".join(str(value).split()) for row in rows for value in row if value is not None}


def own_lines(folder: Path, pack: Pack) -> list[tuple[str, bool]]:
    """Every workbook of an office's own folder with what ``forms check`` says of it, one line each, and whether it may be used."""
    from pinggu_desk.documents.sheet.forms import check_form

    found: list[tuple[str, bool]] = []
    for path in sorted(folder.glob("*.xlsx")) if folder.is_dir() else []:
        if path.name.startswith("~$"):  # an office program's own mark beside an open file
            continue
        policy = pack.policies.get(path.stem)
        if policy is None:
            found.append((f"{path.name}：文件名应是政策编号，如 zxqy.xlsx；这个文件不会被用到。", False))
            continue
        try:
            report = check_form(path, pack, policy.id)
        except BadInput as error:
            found.append((f"{path.name}（{policy.title}）：{error.sentence}", False))
            continue
        told = "可以使用。" if report.ok else f"有 {len(report.sentences)} 处要改：{'；'.join(report.sentences[:3])}"
        found.append((f"{path.name}（{policy.title}）：{told}", report.ok))
    return found


def check_lines(path: Path, report: FormReport) -> Iterable[str]:
    """What ``forms check`` says, a line each."""
    yield f"“{path.name}”（{report.policy}）认得 {len(report.bound)} 个名称。"
    yield from report.sentences
    if report.unasked:
        yield f"以下填报项没有单元格，不妨碍使用，内容不会印在表上：{'、'.join(report.unasked)}。"
    yield "可以使用。" if report.ok else f"有 {len(report.sentences)} 处要改。"


def check_json(report: FormReport) -> dict[str, Any]:
    """The report as JSON."""
    return {
        "policy": report.policy, "ok": report.ok, "bound": list(report.bound), "missing": list(report.missing),
        "misspelt": [{"name": one.name, "meant": one.meant} for one in report.misspelt],
        "problems": list(report.problems), "unasked": list(report.unasked),
    }  # fmt: skip


def map_lines(draft: Draft, report: FormReport) -> Iterable[str]:
    """What ``forms map`` says: each name drafted, what a person still has to name."""
    for one in draft.drafted:
        yield f"{one.name}  {one.place}（标签“{one.label}”）"
    if draft.unknown:
        yield f"以下标签旁有空格，没有找到对应的名称，由人填写或者自行命名：{'、'.join(dict.fromkeys(draft.unknown))}。"
    yield from report.sentences
    yield f"拟了 {len(draft.drafted)} 个名称，请在“名称管理器”里核对。"
