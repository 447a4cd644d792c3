"""Answers (填报) of a case: every edit journalled and committed at once; undo and redo that survive a restart.

The journal is only ever added to. Each row tells the text before and after, and `head`: the edit that the case
stands at once the row is done. An edit's `parent` is the head that it was made on, so undoing goes to the parent,
and redoing to the youngest child; a new edit after an undo becomes the youngest, which drops the old tail
without erasing it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Literal

from pinggu_desk.register.colleagues import ColleagueShelf
from pinggu_desk.register.database import Database
from pinggu_desk.register.errors import CaseClosed, NotFound
from pinggu_desk.register.records import Edit
from pinggu_desk.register.shelf import Row

#: one query for all that an edit needs to know: each one costs as much as half a page written
_STAND = (
    "SELECT number, state, coalesce(seq, 0), coalesce(head, 0),"
    " (SELECT text FROM answers WHERE case_id = ?1 AND fact = ?2) FROM cases LEFT JOIN edits"
    " ON case_id = id AND seq = (SELECT max(seq) FROM edits WHERE case_id = ?1) WHERE id = ?1"
)
_CHILD = "SELECT max(seq) FROM edits WHERE case_id = ? AND kind = 'edit' AND parent = ?"


class EditShelf(ColleagueShelf):
    """The answers' part of the register."""

    def set_answer(self, case_id: int, fact_name: str, text: str | None, *, origin: str = "") -> int:
        """Keep what was typed for a fact, exactly as typed, valid or not; None clears it.

        ``origin`` says where it came from when nobody typed it: an earlier visit's answer, taken by a key.

        Returns the number of the edit within its case, once it is on the disk. Text that is there already makes no
        edit; the latest number is returned. Raises `NotFound`, `CaseClosed`.
        """
        with self._changing():
            last, head, before = self._stand(case_id, fact_name)
            if before == text:
                return last
            self._write(case_id, last + 1, "edit", fact_name, before, text, parent=head, head=last + 1)
            if origin:
                row: Row = (case_id, last + 1, origin)
                self._db.run(
                    "INSERT INTO edit_origins (case_id, seq, origin, seal) VALUES (?,?,?,?)",
                    *(*row, self._db.seal("edit_origins", *row)),
                )
            return last + 1

    def answers(self, case_id: int) -> dict[str, str]:
        """The current text of each answered fact."""
        sql = "SELECT fact, text FROM answers WHERE case_id = ? AND text IS NOT NULL"
        return dict(self._db.rows(sql, case_id))

    def origins(self, case_id: int) -> dict[str, str]:
        """Where the current text of each fact came from, of those that were taken over from an earlier visit."""
        rows = self._db.rows(
            "SELECT a.fact, o.origin FROM answers a JOIN edits e ON e.case_id = a.case_id AND e.fact = a.fact"
            " AND e.after = a.text JOIN edit_origins o ON o.case_id = e.case_id AND o.seq = e.seq"
            " WHERE a.case_id = ? ORDER BY o.seq",
            case_id,
        )
        return dict(rows)

    def history(self, case_id: int) -> list[Edit]:
        """Every edit of a case (经过), oldest first: who, when, which fact, from what to what."""
        rows = self._db.rows(
            "SELECT e.seq, e.at, e.clerk_no, e.kind, e.fact, e.before, e.after, coalesce(o.origin, '') FROM edits e"
            " LEFT JOIN edit_origins o ON o.case_id = e.case_id AND o.seq = e.seq WHERE e.case_id = ? ORDER BY e.seq",
            case_id,
        )
        return [Edit(seq, datetime.fromisoformat(at), *rest) for seq, at, *rest in rows]

    def undo(self, case_id: int) -> tuple[str, str | None] | None:
        """Take back the last edit: the fact and the text that it has again, or None if there is nothing to undo."""
        with self._changing():
            last, head, _ = self._stand(case_id)
            edit = self._db.row(
                "SELECT fact, before, after, parent FROM edits WHERE case_id=? AND seq=?", case_id, head
            )
            if edit is None:
                return None
            fact, before, after, parent = edit
            self._write(case_id, last + 1, "undo", fact, after, before, parent=head, head=parent)
            return fact, before

    def redo(self, case_id: int) -> tuple[str, str | None] | None:
        """Do the last undone edit again: the fact and its text, or None if there is nothing to redo."""
        with self._changing():
            last, head, _ = self._stand(case_id)
            child = self._db.row(_CHILD, case_id, head)
            if child is None or child[0] is None:
                return None
            edit = self._db.row("SELECT fact, before, after FROM edits WHERE case_id=? AND seq=?", case_id, child[0])
            assert edit
            fact, before, after = edit
            self._write(case_id, last + 1, "redo", fact, before, after, parent=head, head=int(child[0]))
            return fact, after

    def undoable(self, case_id: int) -> tuple[bool, bool]:
        """Whether there is something to undo, and something to redo."""
        _, head, _ = self._stand(case_id)
        child = self._db.row(_CHILD, case_id, head)
        return head > 0, child is not None and child[0] is not None

    def _stand(self, case_id: int, fact: str = "") -> tuple[int, int, str | None]:
        """The number of the last journal row, the edit that the case stands at (0: before any), and a fact's text now."""
        row = self._db.row(_STAND, case_id, fact)
        if row is None:
            raise NotFound(f"登记库中没有内部编号为 {case_id} 的办件，请从办件列表中重新选择。")
        if row[1] != "办理中":
            raise CaseClosed(f"办件 {row[0]} {row[1]}，不能再改；需要更改请先重新打开该办件，或新开办件。")
        return int(row[2]), int(row[3]), row[4]

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
        row: Row = (case_id, seq, kind, fact, before, after, parent, head, self._stamp(), self._clerk.no)
        self._db.run(
            "INSERT INTO edits (case_id, seq, kind, fact, before, after, parent, head, at, clerk_no, seal)"
            " VALUES (?,?,?,?,?,?,?,?,?,?,?)",
            *(*row, self._db.seal("edits", *row)),
        )
        answer: Row = (case_id, fact, after, seq)
        self._db.run(
            "INSERT OR REPLACE INTO answers (case_id, fact, text, seq, seal) VALUES (?,?,?,?,?)",
            *(*answer, self._db.seal("answers", *answer)),
        )


def journal_faults(db: Database) -> Iterator[str]:
    """Where the current answers are not what the journal adds up to, one sentence a case; none when sound."""
    numbers = dict(db.rows("SELECT id, number FROM cases"))
    replayed: dict[int, dict[str, tuple[str | None, int]]] = {case: {} for case in numbers}
    holes: set[int] = set()
    expected: dict[int, int] = {}
    with db.stream("SELECT case_id, seq, fact, before, after FROM edits ORDER BY case_id, seq") as rows:
        for case, seq, fact, before, after in rows:
            answers = replayed.setdefault(case, {})
            expected[case] = expected.get(case, 0) + 1
            if seq != expected[case] or answers.get(fact, (None, 0))[0] != before:
                holes.add(case)
            answers[fact] = (after, seq)
    kept: dict[int, dict[str, tuple[str | None, int]]] = {case: {} for case in numbers}
    for case, fact, text, seq in db.rows("SELECT case_id, fact, text, seq FROM answers"):
        kept.setdefault(case, {})[fact] = (text, seq)
    for case in sorted(replayed.keys() | kept.keys()):
        if case in holes or replayed.get(case) != kept.get(case):
            yield f"办件 {numbers.get(case, case)} 的填报内容与修改记录对不上，可能被改动或缺失，请与备份核对。"
