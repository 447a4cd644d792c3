"""The rows of a list of applicants as they may go into the register: checked as the desk's own form checks them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from pinggu_desk.documents.books.applicants import EnterpriseList
from pinggu_desk.documents.books.chosen import Said, shape_of
from pinggu_desk.documents.books.csvlist import CsvBook
from pinggu_desk.documents.books.grid import column_letters
from pinggu_desk.documents.books.package import MOST_PACKED
from pinggu_desk.documents.books.rows import Listed
from pinggu_desk.documents.books.xlsx import Book
from pinggu_desk.policy.errors import BadInput
from pinggu_desk.policy.facts import Fact
from pinggu_desk.policy.identity import (
    check_credit_code,
    check_document,
    check_particular,
    check_phone,
    document_of,
    hidden,
    is_identity_number,
    normal_code,
    shown,
)
from pinggu_desk.policy.models import Pack
from pinggu_desk.register.records import Applicant
from pinggu_desk.work.importing.items import Unread
from pinggu_desk.work.kinds import kind_of

_CHUNK = 4096
#: more applicants than this are no list that a person has looked through
MOST = 20_000
_DOCUMENT = "居民身份证"


@dataclass(frozen=True, slots=True)
class ListedWho:
    """One row: who it speaks of, and what it states of him as read values. ``assumed`` is what was taken for granted.

    ``kind_said`` tells that the list itself names the kind of applicant.
    """

    row: int
    who: Applicant
    facts: Mapping[str, int | str]
    assumed: str = ""
    kind_said: bool = False


@dataclass(slots=True)
class ReadList:
    """A list read for the register: its rows, its facts, what could not be taken, how it was read."""

    rows: list[ListedWho]
    facts: dict[str, Fact]
    unread: list[Unread] = field(default_factory=list)
    unread_count: int = 0
    told: tuple[str, ...] = ()
    claimed: int = 0


def digest_of(path: str) -> str:
    """The SHA-256 of a file, in hexadecimal. Raises BadInput where it can't be read."""
    try:
        with Path(path).open("rb") as file:
            if file.seek(0, 2) > MOST_PACKED:  # nothing so large is looked through: it is refused by its size
                raise BadInput(f"文件“{path}”大得不像一份名单，请分成几份，或删去内容以外的行、列和图再试。")
            file.seek(0)
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        why = "没有这个文件" if isinstance(error, FileNotFoundError) else "没有权限或磁盘出错"
        raise BadInput(f"文件“{path}”读不出来（{why}），请检查文件后重试。") from None


def shape_here(pack: Pack, path: str, sheet: str | None = None, said: Said | None = None) -> str:
    """By what a list's columns are remembered. Raises BadInput where it has no head."""
    with EnterpriseList(path, pack, sheet, said=said) as listed:
        return shape_of(listed.head)


def read_applicants(
    pack: Pack, path: str, today: date, *, sheet: str | None = None, said: Said | None = None,
    opened: Book | CsvBook | None = None, sample: bool = False, stop: Callable[[], bool] = lambda: False,
) -> ReadList:  # fmt: skip
    """Read the list. Raises BadInput where nothing in it can be taken, or where it is longer than anybody can look through."""
    with EnterpriseList(path, pack, sheet, opened, whole=True, said=said) as listed:
        if not any(fact.party == "名称" for fact in listed.facts):
            raise BadInput(f"文件“{path}”没有申请人名称这一列，请补上列名，或指定哪一列是申请人名称。")
        reader = _Reader(listed, today, sample=sample)
        found: list[ListedWho] = []
        for chunk in listed.chunks(_CHUNK):
            found += [one for row in chunk if (one := reader.read(row)) is not None]
            if len(found) > MOST:
                raise BadInput(f"文件“{path}”超过 {MOST:,} 个申请人，一次看不过来，请分成几份导入。")
            if stop():
                break
        unread = [*reader.unread, *(Unread(listed.place(bad), bad.sentence) for bad in listed.bad)]
        if not found and not unread:
            raise BadInput(f"文件“{path}”除列名外没有一行内容，请至少填一个申请人。")
        told = [*listed.told()]
        if reader.worked_out:
            told.append(f"{'、'.join(reader.worked_out)}由以往奖励得出，没有导入；以往奖励请另选“以往奖励”导入。")
        return ReadList(
            found, {fact.name: fact for fact in listed.facts}, unread, len(reader.unread) + listed.bad_count, tuple(told),
            listed.claimed,
        )  # fmt: skip


class _Reader:
    def __init__(self, listed: EnterpriseList, today: date, *, sample: bool) -> None:
        self._listed, self._today, self._sample = listed, today, sample
        self._own = [(at, fact) for at, fact in enumerate(listed.facts) if fact.party not in ("", "长期")]
        self._told = [(at, fact) for at, fact in enumerate(listed.facts) if fact.party in ("", "长期")]
        self.worked_out = [fact.name for _, fact in self._told if fact.history is not None]
        self.unread: list[Unread] = []
        codes = {fact.name for _, fact in self._own if fact.party == "代码"}
        #: of whom a list speaks that asks for a person's number and for no unit's
        self._asked_of = {"个人"} if codes == {"证件号码"} else set[str]()

    def read(self, row: Listed) -> ListedWho | None:
        """What a row states, as far as it can be kept; None where its applicant can't be."""
        parts: dict[str, str] = {}
        for at, fact in self._own:
            value = row.values[at]
            if value is not None and value != "":
                parts.setdefault(fact.party, fact.show(value) if isinstance(value, int) else value)
        facts = {
            fact.name: value
            for at, fact in self._told
            if fact.history is None and (value := row.values[at]) not in (None, "")
        }
        owners = {fact.owner for _, fact in self._told if fact.name in facts} | self._asked_of
        code = normal_code(parts.get("代码", ""))
        kind, assumed = kind_of(parts.get("类型", ""), code, owners)
        document = parts.get("证件类型") or (document_of(code, self._today) or _DOCUMENT if code else "")
        who = Applicant(
            0, kind, parts["名称"], code, parts.get("联系人", ""), parts.get("电话", ""), parts.get("地址", ""), self._sample,
            document if kind == "个人" and code else "", parts.get("证号说明", ""),
        )  # fmt: skip
        if not self._is_fit(row, who):
            return None
        if who.phone and not (finding := check_phone(who.phone)).ok:
            self._refuse(row, "电话", f"{finding.sentence.rstrip('。')}；电话没有导入。")
            who = replace(who, phone="")
        checked = {name: value for name, value in facts.items() if self._is_particular(row, name, value)}
        return ListedWho(row.row, who, checked, assumed, "类型" in parts)

    def _is_fit(self, row: Listed, who: Applicant) -> bool:
        """Whether the number is one that may be kept: its check holds, or the list says why it doesn't."""
        if not who.code:
            return True
        if who.kind == "个人":
            finding = check_document(who.document, who.code, self._today)
        elif is_identity_number(who.code, self._today, unit=True):
            self._refuse(
                row,
                "代码",
                f"类型是{who.kind}，号码（{hidden(who.code)}）却是个人的证件号码，这一行没有导入；请核对类型和号码。",
            )
            return False
        else:
            finding = check_credit_code(who.code)
        if finding.ok or who.reason:
            return True
        why = finding.sentence.rstrip("。").replace(who.code, shown(who.code, who.kind))
        self._refuse(row, "代码", f"{why}；这一行没有导入，请更正号码，确实如此的补一列“证号登记说明”写明原因。")
        return False

    def _is_particular(self, row: Listed, name: str, value: int | str) -> bool:
        fact = self._listed.facts[next(at for at, fact in self._told if fact.name == name)]
        if not fact.standing or not isinstance(value, str):
            return True
        finding = check_particular(name, value, self._today)
        if not finding.ok:
            self._refuse(row, name, f"{finding.sentence.rstrip('。')}；这一格没有导入。")
        return finding.ok

    def _refuse(self, row: Listed, what: str, sentence: str) -> None:
        columns = [c for c in self._listed.head.columns if what in (c.fact.party, c.fact.name)]
        letters = column_letters(columns[0].number) if columns else ""
        place = f"工作表“{self._listed.sheet}”{letters}{row.row}" if letters else f"第 {row.row} 行"
        self.unread.append(Unread(place, sentence))
