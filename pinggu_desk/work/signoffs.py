"""``pinggu-desk sign-off``: the sign-off (审签稿) of one policy or of all, as workbook and page."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path

from pinggu_desk.assess.signoff import SignOff, gather
from pinggu_desk.documents.books.signoff import make_signoff_book
from pinggu_desk.documents.papers.signoff import make_signoff_pages
from pinggu_desk.policy.cases import load_cases
from pinggu_desk.policy.errors import BadInput
from pinggu_desk.policy.models import Pack
from pinggu_desk.work.outputs import writable

_MAKERS: dict[str, Callable[[SignOff, Path, datetime], None]] = {
    ".xlsx": make_signoff_book, ".pdf": make_signoff_pages,
}  # fmt: skip


def sign_off(pack: Pack, policies: Sequence[str], out: str, made: datetime) -> Iterator[Path]:
    """Write the sign-off of each policy and yield what was written.

    ``out`` is a file ending in .xlsx or .pdf for one policy, or a folder that gets both kinds of each. Raises BadInput
    for anything else, DeskError when a file cannot be written.
    """
    target = Path(out)
    if target.suffix.lower() in _MAKERS and not target.is_dir():
        if len(policies) != 1:
            raise BadInput(f"“{out}”是一个文件，只能装一项政策，请用 --policy 指明，或给出一个文件夹。")
        files = [(policies[0], writable(out))]
    else:
        files = [(policy, _folder(target) / f"{policy}{suffix}") for policy in policies for suffix in _MAKERS]
    for policy, path in files:
        _MAKERS[path.suffix.lower()](gather(pack, policy, load_cases(pack, policy)), path, made)
        yield path


def _folder(path: Path) -> Path:
    if path.suffix or (path.exists() and not path.is_dir()):
        raise BadInput(f"“{path}”应以 .xlsx 或 .pdf 结尾，或者是一个文件夹。")
    if not path.parent.is_dir():
        raise BadInput(f"目录“{path.parent}”不存在，请先建好或换一个目录。")
    path.mkdir(exist_ok=True)
    return path
