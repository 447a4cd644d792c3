"""Answers (填报) of a case: every edit journalled and committed at once; undo and redo that survive a restart.

The journal is only ever added to, and is all there is: a fact's text is what its last row says (one page less to write with
each edit than where the answers were kept beside it). Each row tells the text before and after, and `head`: the edit that the case
stands at once the row is done. An edit's `parent` is the head that it was made on, so undoing goes to the parent,
and redoing to the youngest child; a new edit after an undo becomes the youngest, which drops the old tail
without erasing it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Literal

from sqlalchemy import BindParameter, bindparam, func, insert, select

from pinggu_desk.register import roster
from pinggu_desk.register.colleagues import ColleagueShelf
from pinggu_desk.register.errors import CaseClosed, NotFound, Overtaking
from pinggu_desk.register.overtaking import overtaken
from pinggu_desk.register.records import Edit
from pinggu_desk.register.store import Store
from pinggu_desk.register.tables import cases, edit_origins, edits, meta

_CASE: BindParameter[int] = bindparam("case_id")
_FACT: BindParameter[str] = bindparam("fact")
#: the journal once more, for a fact's last row beside the case's
_now = edits.alias("now").c
_latest = select(func.max(edits.c.seq)).where(edits.c.case_id == _CASE).scalar_subquery()
#: one query for all that an edit needs to know, with who may work at all: each one costs as much as half a page written
_STAND = (
    select(
        *(cases.c.number, cases.c.state, func.coalesce(edits.c.seq, 0), func.coalesce(edits.c.head, 0)),
        *(meta.c.value, meta.c.seal),
        select(_now.after)
        .where(_now.case_id == _CASE, _now.fact == _FACT)
        .order_by(_now.seq.desc())
        .limit(1)
        .scalar_subquery(),
    )
    .select_from(
        cases.outerjoin(edits, (edits.c.case_id == cases.c.id) & (edits.c.seq == _latest)).outerjoin(
            meta, meta.c.name == roster.NAME
        )
    )
    .where(cases.c.id == _CASE)
)
_CHILD = select(func.max(edits.c.seq)).where(
    edits.c.case_id == _CASE, edits.c.kind == "edit", edits.c.parent == bindparam("parent")
)
_EDIT = select(edits.c.fact, edits.c.before, edits.c.after, edits.c.parent, edits.c.clerk_no).where(
    edits.c.case_id == _CASE, edits.c.seq == bindparam("seq")
)
_ADD_EDIT, _ADD_ORIGIN = insert(edits), insert(edit_origins)
_ANSWERS = select(edits.c.fact, edits.c.after).where(edits.c.case_id == _CASE).order_by(edits.c.seq)
_origin_of = (edit_origins.c.case_id == edits.c.case_id) & (edit_origins.c.seq == edits.c.seq)
_ORIGINS = (
    select(edits.c.fact, edits.c.after, edit_origins.c.origin)
    .join(edit_origins, _origin_of)
    .where(edits.c.case_id == _CASE)
    .order_by(edits.c.seq)
)
_e = edits.c
_HISTORY = (
    select(_e.seq, _e.at, _e.clerk_no, _e.kind, _e.fact, _e.before, _e.after, func.coalesce(edit_origins.c.origin, ""))
    .select_from(edits.outerjoin(edit_origins, _origin_of))
    .where(_e.case_id == _CASE)
    .order_by(_e.seq)
)
_SINCE = (
    select(_e.seq, _e.fact, _e.before, _e.after, _e.at, _e.clerk_no)
    .where(_e.case_id == _CASE, _e.seq > bindparam("after"))
    .order_by(_e.seq)
)
_NUMBER = select(cases.c.number).where(cases.c.id == _CASE)
_NUMBERS = select(cases.c.id, cases.c.number)
_JOURNAL = select(_e.case_id, _e.seq, _e.fact, _e.before, _e.after).order_by(_e.case_id, _e.seq)


class EditShelf(ColleagueShelf):
    """The answers' part of the register."""

    def set_answer(
        self, case_id: int, fact_name: str, text: str | None, *, origin: str = "", made_on: int | None = None
    ) -> int:
        """Keep what was typed for a fact, exactly as typed, valid or not; None clears it.

        ``origin`` says where it came from when nobody typed it: an earlier visit's answer, taken by a key. ``made_on`` is the
        edit that the case stood at on the screen it was typed on (`last_edit`); without it, what this session read last counts.

        Returns the number of the edit within its case, once it is on the disk. Text that is there already makes no
        edit; the latest number is returned. Raises `NotFound`, `CaseClosed`, and `Overtaken` where another window has edited
        the case since: then nothing is kept.
        """
        with self._changing(guarded=False):
            last, head, before = self._stand(case_id, fact_name, guarding=True)
            if before == text:
                return last
            self._refuse_overtaken_edit(case_id, last, made_on)
            self._write(case_id, last + 1, "edit", fact_name, before, text, parent=head, head=last + 1)
            if origin:
                seal = self._db.seal("edit_origins", case_id, last + 1, origin)
                self._db.run(_ADD_ORIGIN, case_id=case_id, seq=last + 1, origin=origin, seal=seal)
            return last + 1

    def answers(self, case_id: int) -> dict[str, str]:
        """The current text of each answered fact."""
        self._seen[case_id] = self.last_edit(case_id)  # first: what comes in between is not taken for seen
        return self._texts(case_id)

    def _texts(self, case_id: int) -> dict[str, str]:
        """What a case's journal adds up to, by name: of each fact its last row, but of those that were cleared."""
        last = dict(self._db.rows(_ANSWERS, case_id=case_id))
        return {fact: text for fact, text in sorted(last.items()) if text is not None}

    def origins(self, case_id: int) -> dict[str, str]:
        """Where the current text of each fact came from, of those that were taken over from an earlier visit."""
        taken = self._db.rows(_ORIGINS, case_id=case_id)
        texts = self._texts(case_id) if taken else {}
        return {fact: origin for fact, text, origin in taken if text is not None and text == texts.get(fact)}

    def history(self, case_id: int) -> list[Edit]:
        """Every edit of a case (经过), oldest first: who, when, which fact, from what to what."""
        rows = self._db.rows(_HISTORY, case_id=case_id)
        return [Edit(seq, datetime.fromisoformat(at), *rest) for seq, at, *rest in rows]

    def undo(self, case_id: int, *, made_on: int | None = None) -> tuple[str, str | None] | None:
        """Take back the last edit: the fact and the text that it has again, or None if there is nothing to undo.

        A colleague's edit is not for anybody else to take back (FOUND 65). Raises `Overtaken` as `set_answer`.
        """
        with self._changing():
            last, head, _ = self._stand(case_id)
            edit = self._db.row(_EDIT, case_id=case_id, seq=head)
            self._refuse_overtaken_edit(case_id, last, made_on)
            if edit is None or edit[4] != self._clerk.no:
                return None
            fact, before, after, parent, _ = edit
            self._write(case_id, last + 1, "undo", fact, after, before, parent=head, head=parent)
            return fact, before

    def redo(self, case_id: int, *, made_on: int | None = None) -> tuple[str, str | None] | None:
        """Do the last undone edit again: the fact and its text, or None if there is nothing to redo. Raises as `undo`."""
        with self._changing():
            last, head, _ = self._stand(case_id)
            child = self._db.row(_CHILD, case_id=case_id, parent=head)
            if child is None or child[0] is None:
                return None
            edit = self._db.row(_EDIT, case_id=case_id, seq=child[0])
            assert edit
            self._refuse_overtaken_edit(case_id, last, made_on)
            if edit[4] != self._clerk.no:
                return None
            fact, before, after, _, _ = edit
            self._write(case_id, last + 1, "redo", fact, before, after, parent=head, head=int(child[0]))
            return fact, after

    def undoable(self, case_id: int) -> tuple[bool, bool]:
        """Whether there is something of the clerk's own to undo, and something to redo."""
        _, head, _ = self._stand(case_id)
        child = self._db.row(_CHILD, case_id=case_id, parent=head)
        return self._is_own(case_id, head), self._is_own(case_id, child[0] if child else None)

    def _is_own(self, case_id: int, seq: int | None) -> bool:
        edit = self._db.row(_EDIT, case_id=case_id, seq=seq) if seq else None
        return edit is not None and edit[4] == self._clerk.no

    def _refuse_overtaken_edit(self, case_id: int, last: int, made_on: int | None) -> None:
        """Raise `Overtaken` where others have edited the case since it was seen; what was never looked at can't be."""
        base = made_on if made_on is not None else self._seen.get(case_id, last)
        if base >= last or self._only_ours(edits.name, case_id, base, last):
            return
        others = [
            row
            for row in self._db.rows(_SINCE, case_id=case_id, after=base)
            if (edits.name, case_id, row[0]) not in self._ours
        ]
        changes: dict[str, Overtaking] = {}
        for _, name, before, after, _, _ in others:
            changes[name] = Overtaking(name, changes[name].before if name in changes else before, after)
        number = self._db.row(_NUMBER, case_id=case_id)
        _, _, _, _, at, clerk_no = others[-1]
        what = f"办件 {number[0] if number else case_id}"
        raise overtaken(self._db, what, clerk_no, at, list(changes.values()), last)

    def _stand(self, case_id: int, fact: str = "", *, guarding: bool = False) -> tuple[int, int, str | None]:
        """The number of the last journal row, the edit that the case stands at (0: before any), and a fact's text now.

        ``guarding`` asks first whether the clerk may still change anything.
        """
        row = self._db.row(_STAND, case_id=case_id, fact=fact)
        if guarding:
            self._may_change(row[4:6] if row is not None else (None,))
        if row is None:
            raise NotFound(f"登记库中没有内部编号为 {case_id} 的办件，请从办件列表中重新选择。")
        if row[1] != "办理中":
            raise CaseClosed(f"办件 {row[0]} {row[1]}，不能再改；需要更改请先重新打开该办件，或新开办件。")
        return int(row[2]), int(row[3]), row[6]

    def _write(
        self,
        case_id: int,
        seq: int,
        kind: Literal["edit", "undo", "redo"],
        fact: str,
        before: str | None,
        after: str | None,
        *,
        parent: int,
        head: int,
    ) -> None:
        self._touch(case_id)
        self._we_made(edits.name, case_id, seq)
        at, clerk_no = self._stamp(), self._clerk.no
        self._db.run(
            _ADD_EDIT,
            case_id=case_id, seq=seq, kind=kind, fact=fact, before=before, after=after, parent=parent, head=head, at=at,
            clerk_no=clerk_no,
            seal=self._db.seal("edits", case_id, seq, kind, fact, before, after, parent, head, at, clerk_no),
        )  # fmt: skip


def journal_faults(db: Store) -> Iterator[tuple[int, str]]:
    """Whose journal has a hole or doesn't go on from where it stood, a case and its sentence; none when sound."""
    numbers = dict(db.rows(_NUMBERS))
    holes: set[int] = set()
    at, expected = 0, 0
    texts: dict[str, str | None] = {}  # of one case at a time: an office's journal is hundreds of thousands of rows
    with db.stream(_JOURNAL) as rows:
        for case, seq, fact, before, after in rows:
            if case != at:
                at, expected, texts = case, 0, {}
            expected += 1
            if seq != expected or texts.get(fact) != before:
                holes.add(case)
            texts[fact] = after
    for case in sorted(holes):
        yield case, f"办件 {numbers.get(case, case)} 的修改记录前后接不上，可能被改动或缺失，请与备份核对。"
