"""What an office needs to put its own application form (申请表表样) in place of ours: whose it is, and what is said of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pinggu_desk.places import data_home
from pinggu_desk.policy.errors import BadInput

if TYPE_CHECKING:
    from pinggu_desk.documents.sheet.forms import FormReport
    from pinggu_desk.documents.sheet.mapping import Draft
    from pinggu_desk.policy.models import Pack


@dataclass(frozen=True, slots=True)
class OwnForm:
    """A form in the office's own folder: whose it is (empty where that can't be told), and what ``forms check`` says of it.

    ``ok`` says that it is used in place of ours; ``sentences`` what is wrong with it, or only worth knowing.
    """

    policy: str
    path: Path
    ok: bool
    sentences: tuple[str, ...]


def forms_folder(home: Path | None = None) -> Path:
    """Where an office's own forms lie: ``forms`` beside the data, each named after its policy's id (ss.xlsx)."""
    return (home or data_home()) / "forms"


def own_forms(folder: Path, pack: Pack) -> tuple[OwnForm, ...]:
    """Every workbook of the folder with whose form it is and whether it can be used; empty where there is none."""
    try:
        paths = sorted(path for path in folder.iterdir() if _is_form(path))
    except OSError:
        return ()
    return tuple(_own_form(path, pack) for path in paths)


#: a form is a workbook or a workbook's template; what else people save a form as is told, since it would not be used
_FORMS = (".xlsx", ".xltx")
_NOT_FORMS = (
    ".xls",
    ".xlt",
    ".et",
    ".ett",
    ".xlsm",
    ".xltm",
    ".xlsb",
    ".ods",
    ".ots",
    ".doc",
    ".docx",
    ".wps",
    ".pdf",
    ".csv",
)


def own_path(folder: Path, policy_id: str) -> Path | None:
    """The office's own form of a policy in ``folder``, .xlsx before .xltx however they are spelt; None where there is none."""
    try:
        names = {path.name.lower(): path for path in sorted(folder.iterdir(), reverse=True) if path.is_file()}
    except OSError:
        return None
    return next((names[name] for ending in _FORMS if (name := f"{policy_id}{ending}") in names), None)


def _is_form(path: Path) -> bool:
    """Whether a file is meant as a form: no lock file of an office program, nothing hidden."""
    endings = (*_FORMS, *_NOT_FORMS)
    return path.suffix.lower() in endings and not path.name.startswith(("~$", ".")) and path.is_file()


def _own_form(path: Path, pack: Pack) -> OwnForm:
    if path.suffix.lower() in _NOT_FORMS:
        what = f"“{path.name}”不是 .xlsx 工作簿，不会被用到，请用电子表格软件另存为 .xlsx。"
        return OwnForm(path.stem if path.stem in pack.policies else "", path, False, (what,))
    if path.stem in pack.policies and own_path(path.parent, path.stem) not in (path, None):
        return OwnForm(
            path.stem, path, False, (f"同一项政策已有“{path.stem}.xlsx”，“{path.name}”不会被用到，请只留一份。",)
        )
    if path.stem not in pack.policies:
        return OwnForm(
            "", path, False, (f"“{path.name}”没有用政策编号命名，请改名，如 {next(iter(pack.policies))}.xlsx。",)
        )
    try:
        state = path.stat()
        return _checked(path, state.st_mtime_ns, state.st_size, _Pack(pack))
    except OSError:
        return OwnForm(path.stem, path, False, (f"表样“{path.name}”读不出来，请检查权限和磁盘。",))


class _Pack:
    """A pack as a key: the same version is the same pack."""

    def __init__(self, pack: Pack) -> None:
        self.pack = pack

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Pack) and other.pack.version == self.pack.version

    def __hash__(self) -> int:
        return hash(self.pack.version)


@lru_cache(maxsize=64)
def _checked(path: Path, _changed: int, _size: int, key: _Pack) -> OwnForm:
    """One form checked; the same file is not checked again at each visit."""
    from pinggu_desk.documents.sheet.forms import check_form

    try:
        report = check_form(path, key.pack, path.stem)
    except BadInput as error:
        return OwnForm(path.stem, path, False, (error.sentence,))
    lost = f"填表时保不住：{'、'.join(report.lost)}。" if report.lost else ""
    told = dict.fromkeys((*report.harm, *report.sentences, *filter(None, (lost,))))
    return OwnForm(path.stem, path, report.usable, tuple(told))


def form_for(policy_id: str, pack: Pack, folder: Path | None = None) -> OwnForm | None:
    """The office's own form of a policy, usable or not; None where it has none and ours is used.

    A broken one (figures in the wrong unit, cells that can't be filled) is never filled: ours is printed and whoever prints
    it is told, since a visitor who has come with his papers is not sent away for a fault in the office's file.
    """
    path = own_path(folder or forms_folder(), policy_id)
    return _own_form(path, pack) if path is not None else None


def chosen_form(policy_id: str, pack: Pack, folder: Path | None) -> tuple[Path | None, str]:
    """The form to fill (None: ours) and what is told of it. Raises BadInput for a folder that was named and isn't there."""
    if folder is not None and not folder.is_dir():
        raise BadInput(f"没有表样目录“{folder}”，请核对 --forms。")
    own = form_for(policy_id, pack, folder)
    return (None, "") if own is None else (own.path if own.ok else None, told_of(own))


def told_of(form: OwnForm) -> str:
    """What is told where a form is printed, in one sentence; empty where there is nothing to tell."""
    if not form.ok:
        return f"单位自己的表样“{form.path.name}”没有采用，用了随附的表样：{form.sentences[0]}"
    if form.sentences:
        return f"单位自己的表样“{form.path.name}”有 {len(form.sentences)} 处可以改进，已照用：{form.sentences[0]}"
    return ""


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
    return [(_own_line(form, pack), form.ok) for form in own_forms(folder, pack)]


def _own_line(form: OwnForm, pack: Pack) -> str:
    if not form.policy and form.path.suffix.lower() in _FORMS:
        return f"{form.path.name}：文件名应是政策编号，如 {next(iter(pack.policies))}.xlsx；这个文件不会被用到。"
    told = "；".join(sentence.rstrip("。") for sentence in form.sentences[:3])
    if form.ok:
        told = f"可以使用。{f'还可以改进：{told}。' if told else ''}"
    whose = f"（{pack.policies[form.policy].title}）" if form.policy else ""
    return f"{form.path.name}{whose}：{told}"


def check_lines(path: Path, report: FormReport) -> Iterable[str]:
    """What ``forms check`` says, a line each."""
    yield f"“{path.name}”（{report.policy}）认得 {len(report.bound)} 个名称。"
    yield from report.sentences
    yield from unit_lines(report)
    if report.lost:
        yield f"填表时保不住：{'、'.join(report.lost)}。"
    if report.unasked:
        yield f"以下填报项没有单元格，不妨碍使用，内容不会印在表上：{'、'.join(report.unasked)}。"
    yield "可以使用。" if report.ok else f"有 {len(report.sentences)} 处要改。"


def unit_lines(report: FormReport) -> Iterable[str]:
    """In which unit the cell of each figure is filled, a line each; what is refused has been told by itself."""
    right = [unit for unit in report.units if not unit.wrong]
    if right:
        yield "各数按下列单位填："
        yield from (f"  {unit.sentence}" for unit in right)


def check_json(report: FormReport) -> dict[str, Any]:
    """The report as JSON."""
    return {
        "policy": report.policy, "ok": report.ok, "bound": list(report.bound), "missing": list(report.missing),
        "misspelt": [{"name": one.name, "meant": one.meant} for one in report.misspelt],
        "problems": list(report.problems), "unasked": list(report.unasked),
        "units": [
            {"name": u.name, "cell": u.place, "unit": u.unit.word, "told": u.told, "ok": not u.wrong} for u in report.units
        ],
        "lost": list(report.lost),
    }  # fmt: skip


def map_lines(draft: Draft, report: FormReport) -> Iterable[str]:
    """What ``forms map`` says: each name drafted, what a person still has to name."""
    for one in draft.drafted:
        yield f"{one.name}  {one.place}（标签“{one.label}”）"
    if draft.unknown:
        yield f"以下标签旁有空格，没有找到对应的名称，由人填写或者自行命名：{'、'.join(dict.fromkeys(draft.unknown))}。"
    yield from report.sentences
    yield from unit_lines(report)
    yield f"拟了 {len(draft.drafted)} 个名称，请在“名称管理器”里核对。"


def draw_forms(pack: Pack, policies: Iterable[str], folder: str | None = None) -> Iterator[Path]:
    """Draw the forms of policies (all, in every version, where none is named) and yield what was written.

    They go into ``folder``, or into the ``forms`` of the pack in use. Raises BadInput for a policy that the pack doesn't have.
    A version is named as its folder is (``xx@2027-01-01``).
    """
    from pinggu_desk.documents.pdf.pdfdoc import save
    from pinggu_desk.documents.sheet.draw.form import draw
    from pinggu_desk.policy.resources import forms_root, pack_root, resource_root

    versions = {policy.folder: (era, policy.id) for era in pack.every() for policy in era.policies.values()}
    wanted = list(policies) or list(versions)
    for name in wanted:
        if name not in versions:
            raise BadInput(f"没有编号为“{name}”的政策，可写{'、'.join(versions)}。")
    if folder is not None:
        out = Path(folder)
        if not out.is_dir():
            raise BadInput(f"目录“{folder}”不存在，请先建好或换一个目录。")
    else:
        out = forms_root() if pack_root() == resource_root() else pack_root() / "forms"
        out.mkdir(exist_ok=True)
    for name in wanted:
        path = out / f"{name}.xlsx"
        save(draw(*versions[name]), path)
        yield path
