"""``pinggu-desk sign-off``: the sign-off (审签稿) of one policy or of all, as workbook and page; and what comes back filled."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import cast

from pinggu_desk.assess.engine import Engine
from pinggu_desk.assess.examples import wrong_examples
from pinggu_desk.assess.signoff import SignOff, gather
from pinggu_desk.documents.books.signoff import make_signoff_book, read_filled
from pinggu_desk.documents.papers.signoff import make_annex_pages, make_signoff_pages
from pinggu_desk.documents.pdf.pdfdoc import save
from pinggu_desk.policy.cases import load_cases
from pinggu_desk.policy.errors import BadInput
from pinggu_desk.policy.models import Pack
from pinggu_desk.policy.resources import pack_root
from pinggu_desk.policy.signed import (
    FILE_NAME,
    Opinion,
    Signature,
    Standing,
    as_yaml,
    read_signatures,
    standing,
)
from pinggu_desk.work.outputs import own_folder, writable

_Maker = Callable[[SignOff, Path, datetime], None]
_MAKERS: dict[str, _Maker] = {".xlsx": make_signoff_book, ".pdf": make_signoff_pages}
#: what the file of all examples is called, behind the page's own name
ANNEX = "附样例"


def sign_off(pack: Pack, policies: Sequence[str], out: str, made: datetime) -> Iterator[Path]:
    """Write the sign-off of each policy and yield what was written; a page has its examples in a second file (附样例).

    ``out`` is a file ending in .xlsx or .pdf for one policy, or a folder that gets both kinds of each. Raises BadInput
    for anything else, and where a worked example (样例) doesn't come out as it says: nobody signs what the rules don't give;
    DeskError when a file cannot be written.
    """
    engine = Engine(pack)
    target = Path(out)
    if target.suffix.lower() in _MAKERS and not target.is_dir():
        if len(policies) != 1:
            raise BadInput(f"“{out}”是一个文件，只能装一项政策，请用 --policy 指明，或给出一个文件夹。")
        files = [(policies[0], writable(out))]
    else:
        files = [(policy, _folder(target) / f"{policy}{suffix}") for policy in policies for suffix in _MAKERS]
    for policy, path in files:
        era, name = pack.folders()[policy]
        cases = load_cases(era, name)
        if wrong := wrong_examples(engine.at(era.since), cases):
            raise BadInput(f"“{policy}”有 {len(wrong)} 处样例与规则算出来的不同，改好再出审签稿：{wrong[0].sentence}")
        told = gather(era, name, cases)
        _MAKERS[path.suffix.lower()](told, path, made)
        yield path
        if path.suffix.lower() == ".pdf":
            annex = path.with_name(f"{path.stem}{ANNEX}{path.suffix}")
            make_annex_pages(told, annex, made)
            yield annex


@dataclass(frozen=True, slots=True)
class Taken:
    """What was read in: the policy, the signatures that stand now, and the sentences that have changed since they were read."""

    policy: str
    signed: tuple[Signature, ...]
    outdated: tuple[str, ...]

    @property
    def words(self) -> str:
        """What is said to whoever read it in."""
        refused = [
            f"{one.clause}{f'（{one.words}）' if one.words else ''}" for one in self.signed if one.opinion == "不同意"
        ]
        agreed = len(self.signed) - len(refused)
        parts = [
            f"已记入 {self.policy}：同意 {agreed} 句，不同意 {len(refused)} 句"
            + (f"：{'、'.join(refused)}" if refused else "")
        ]
        if self.outdated:
            parts.append(
                f"审签之后原文或规则已经改动、没有记入的 {len(self.outdated)} 句：{'、'.join(self.outdated)}，请重新送审"
            )
        return "；".join(parts) + "。"


def take_in(pack: Pack, path: Path, root: Path | None = None) -> Taken:
    """Read a filled sign-off into ``signed.yaml`` of its policy, beside what stands there.

    Raises BadInput where the file is no sign-off, is of a policy that the pack doesn't have, or says nothing.
    """
    root = root or pack_root()
    filled = read_filled(path)
    if filled.policy not in pack.folders():
        raise BadInput(f"“{path.name}”是“{filled.policy}”的审签稿，政策包里没有这项政策，请核对。")
    now, new, outdated = stamps(pack, filled.policy, root), list[Signature](), list[str]()
    for clause, stamp, opinion, words in filled.opinions:
        if now.get(clause) != stamp:
            outdated.append(clause)
            continue
        new.append(
            Signature.model_validate(
                {
                    "句": clause,
                    "印": stamp,
                    "意见": cast(Opinion, opinion),
                    "人": filled.by,
                    "日": filled.on,
                    "话": words,
                }
            )
        )
    if not new and not outdated:
        raise BadInput(f"“{path.name}”里没有一句写了意见，请在“逐句对照”页的“意见”列选同意或不同意。")
    if new:
        fresh = {one.clause for one in new}
        kept = [one for one in read_signatures(root, filled.policy) if one.clause not in fresh]
        order = list(now)
        all_of = sorted([*kept, *new], key=lambda one: order.index(one.clause) if one.clause in order else len(order))
        save(as_yaml(filled.policy, all_of).encode(), root / "policies" / filled.policy / FILE_NAME)
    return Taken(filled.policy, tuple(new), tuple(outdated))


def stamps(pack: Pack, policy: str, root: Path | None = None) -> dict[str, str]:
    """The print of each sentence with what the rules make of it today, in the text's order."""
    era, name = pack.folders()[policy]
    told = gather(era, name, load_cases(era, name, root))
    return {row.clause: row.stamp for row in told.rows if not row.heading}


def standings(pack: Pack, root: Path | None = None) -> dict[str, Standing]:
    """How each policy that anybody signed stands; those that nobody did are not among them."""
    root = root or pack_root()
    signed = {folder: read_signatures(root, folder) for folder in pack.folders()}
    return {policy: standing(ones, stamps(pack, policy, root)) for policy, ones in signed.items() if ones}


def _folder(path: Path) -> Path:
    if path.suffix or (path.exists() and not path.is_dir()):
        raise BadInput(f"“{path}”应以 .xlsx 或 .pdf 结尾，或者是一个文件夹。")
    return own_folder(path)
