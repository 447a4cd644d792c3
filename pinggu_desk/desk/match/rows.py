"""The benefits of a match as one long list: a model that works out a row when it is looked at."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable
from dataclasses import dataclass
from operator import is_not
from typing import Any, Literal, NamedTuple

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from pinggu_desk.assess.conclude import Conclusion
from pinggu_desk.assess.match.match import GROUP_WORDS, GroupKey, Match
from pinggu_desk.desk.kit import Kind
from pinggu_desk.policy import say
from pinggu_desk.policy.models import KIND_CODES
from pinggu_desk.policy.quantity import headline_sum

Index = QModelIndex | QPersistentModelIndex
#: the groups in the order in which they are listed: what can be had, what is close, what is open, what is not to be had
ORDER: tuple[GroupKey, ...] = ("eligible", "near", "review", "unknown", "ineligible", "not_raised")
GROUP_KINDS: dict[GroupKey, Kind] = {
    "eligible": "good", "near": "info", "review": "info", "unknown": "warn", "ineligible": "plain",
    "not_raised": "plain",
}  # fmt: skip
#: what a new match may change of the list
Change = Literal["rows", "heights", "words"]
BENEFIT = Qt.ItemDataRole.UserRole
_TOP = QModelIndex()
#: kinds whose figure is no money received: said beside it, so that nobody takes it for a grant
_NOT_MONEY = frozenset({"loan", "subsidy_rate", "price_preference"})
_NAMED = 3
#: groups whose rows are as high whatever they say
_PLAIN: tuple[GroupKey, ...] = ("ineligible", "not_raised")


class Row(NamedTuple):
    """One line: a benefit in its group, or (``benefit`` empty) the head of a group with how many it has (``number``)."""

    group: GroupKey
    benefit: str = ""
    number: int = 0


@dataclass(frozen=True, slots=True)
class RowWords:
    """What a row says: ``title``, where it stands (``place``), what more there is to say, the figure and what it means.

    ``figure`` and ``meaning`` stand at the right, in large and in small type.
    """

    title: str
    place: str
    detail: str
    figure: str
    meaning: str
    badge: str
    kind: Kind
    moved: bool


class MatchModel(QAbstractListModel):
    """The rows of a match, all groups or one of them."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._match: Match | None = None
        self._rows: list[Row] = []
        self._rows_of: dict[GroupKey, dict[str, Row]] = {key: {} for key in ORDER}
        self._folded = True
        self._moved: Collection[str] = ()
        self._words: dict[str, RowWords] = {}
        self._said: dict[
            str, tuple[tuple[object, ...], RowWords]
        ] = {}  # of what a row was put into words, and the words
        self._measures: list[Hashable] = []
        # what a benefit lacks, in words, of which conclusion, and all that its row's height hangs on: the same while that is so
        self._open: dict[str, tuple[Conclusion, str, Hashable]] = {}
        self._places: dict[str, str] = {}  # these are the pack's, and stay

    def show(self, match: Match, only: Collection[GroupKey], moved: Collection[str] = ()) -> Change:
        """Show these groups of a match; says whether the rows are others, as many but of other heights, or neither."""
        self._match, self._moved, self._words = match, moved, {}
        self._folded = len(only) > 1
        rows: list[Row] = []
        before, self._measures = self._measures, []
        for key in ORDER:
            listed = match.groups[key]
            if key not in only or not listed:
                continue
            rows.append(Row(key, number=len(listed)))
            self._measures.append("")
            if key == "not_raised" and self._folded:  # its counter opens it
                continue
            known = self._rows_of[key]
            rows += [known[benefit] if benefit in known else self._row_of(key, benefit) for benefit in listed]
            self._measures += [""] * len(listed) if key in _PLAIN else self._measured(key, listed)
        if rows == self._rows:
            self.dataChanged.emit(self.index(0), self.index(max(len(rows) - 1, 0)))
            return "words" if before == self._measures else "heights"
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()
        return "rows"

    def row_at(self, index: Index) -> Row | None:
        """The row that an index means."""
        return self._rows[index.row()] if index.isValid() and index.row() < len(self._rows) else None

    def row(self, at: int) -> Row:
        """The row at a place."""
        return self._rows[at]

    def head(self, row: Row) -> str:
        """What the head of a group says."""
        folded = row.group == "not_raised" and self._folded
        more = "（没有提到，未作测算；点上面的“来访未涉及”逐项看）" if folded else ""
        return f"{GROUP_WORDS[row.group]}　{row.number} 项{more}"

    def find(self, benefit: str) -> QModelIndex:
        """Where a benefit is listed; invalid where it is not."""
        at = (i for i, row in enumerate(self._rows) if benefit and row.benefit == benefit)
        return next((self.index(i) for i in at), QModelIndex())

    def first(self) -> QModelIndex:
        """The first benefit listed."""
        return self.index(1) if len(self._rows) > 1 else QModelIndex()

    def last(self) -> QModelIndex:
        """The last benefit listed."""
        return self.index(len(self._rows) - 1) if len(self._rows) > 1 else QModelIndex()

    def listed(self) -> list[str]:
        """The benefits in the order in which they stand."""
        return [row.benefit for row in self._rows if row.benefit]

    # --- what a row says

    def words(self, benefit: str, group: GroupKey) -> RowWords:
        """All that a benefit's row says; its determination is worked out now if it was not yet."""
        found = self._words.get(benefit)
        if found is None:
            of, said = self._of(benefit, group), self._said.get(benefit)
            # what no answer touched is the very same as before, and so are its words
            if said is None or any(map(is_not, said[0], of)):
                said = self._said[benefit] = of, self._put(benefit, group)
            found = self._words[benefit] = said[1]
        return found

    def _of(self, benefit: str, group: GroupKey) -> tuple[object, ...]:
        """All that a row's words come from; of its determination they tell only what hangs on its own conclusion."""
        match = self._match
        assert match is not None
        change = (
            match.near.get(benefit) if group == "near" else match.steps.get(benefit) if group == "eligible" else None
        )
        gain = match.gains.of(benefit) if change is not None else None  # others' answers bear on it, too
        return group, match.engine, match.rules[benefit], match.concluded[benefit], change, gain, benefit in self._moved

    def _put(self, benefit: str, group: GroupKey) -> RowWords:
        figure, meaning = self._figure(benefit, group)
        return RowWords(
            self.title(benefit), self.place(benefit), self.detail(benefit, group), figure, meaning, GROUP_WORDS[group],
            GROUP_KINDS[group], benefit in self._moved,
        )  # fmt: skip

    def place(self, benefit: str) -> str:
        """Which policy a benefit is of, and where its clause is found. Needs no determination."""
        found = self._places.get(benefit)
        if found is None:
            assert self._match is not None
            rule = self._match.rules[benefit]
            found = self._places[benefit] = f"{rule.policy.title}　{rule.policy.place(rule.benefit.clause)}"
        return found

    def title(self, benefit: str) -> str:
        """The benefit's title. Needs no determination."""
        assert self._match is not None
        return self._match.rules[benefit].benefit.title

    def detail(self, benefit: str, group: GroupKey) -> str:
        """One more line: the change that is lacking, the facts that are, the step up, why not."""
        match = self._match
        assert match is not None
        if group == "near":
            return match.near[benefit].words
        if group == "ineligible":
            return match.why_not(benefit)[0]
        if group == "not_raised":
            return f"没有提到“{match.engine.pack.matters.opening(benefit).name}”，回车补问"
        conclusion = match.concluded[benefit]
        if conclusion.needs.asks:
            found = self._open.get(benefit)
            if found is None or found[0] is not conclusion:
                asks = tuple(conclusion.needs.asks)
                words = say.still_asked(say.asked_in_a_row(match.nearest(benefit), asks, _NAMED))
                measure: Hashable = (words, conclusion.figure, conclusion.gap, conclusion.low, conclusion.high)
                measure = found[2] if found is not None and found[2] == measure else measure
                found = self._open[benefit] = conclusion, words, measure
            return found[1]
        step = match.steps.get(benefit)
        return f"再进一步：{step.words}，{match.gains.of(benefit).words}" if step is not None else ""

    def expected(self, benefit: str) -> tuple[str, str] | None:
        """The longest figure and meaning that an open benefit's row may show, told from its conclusion alone; None: can't be told."""
        assert self._match is not None
        rule, conclusion = self._match.rules[benefit], self._match.concluded[benefit]
        if rule.benefit.worth is not None:
            return None
        figure, kind = conclusion.figure, rule.benefit.kind
        meaning = rule.figure_meaning(figure, gap=conclusion.gap) if figure else ""
        words = "，".join(part for part in (kind if KIND_CODES[kind] in _NOT_MONEY else "", meaning) if part)
        said = rule.decided if figure == "by_review" else ""
        if figure == "range" and conclusion.low is not None and conclusion.high is not None:
            said = f"{headline_sum(conclusion.low)}至 {headline_sum(conclusion.high)}"
        return said, f"{words}\n口径待主管部门确认".strip()

    def meaning_lines(self, benefit: str) -> int:
        """How many lines the meaning of a figure may take at the right of a row, whatever the figure comes to."""
        assert self._match is not None
        rule = self._match.rules[benefit]
        if "by_review" in rule.kinds:  # who decides, in the policy's own words, in the figure and in its meaning
            return 5
        return 4 if {"range", "up_to"} & set(rule.kinds) else 3 if KIND_CODES[rule.benefit.kind] in _NOT_MONEY else 2

    def measured(self) -> Iterable[tuple[Row, Hashable]]:
        """Every row, with all that its height depends on beside its title and place; the very same while it is as it was."""
        return zip(self._rows, self._measures, strict=True)

    def _measured(self, group: GroupKey, benefits: Iterable[str]) -> list[Hashable]:
        """Of the many, nothing that takes a determination."""
        assert self._match is not None
        if group != "unknown":
            return [self.words(benefit, group) for benefit in benefits]
        known, concluded = self._open, self._match.concluded
        out: list[Hashable] = []
        for i in benefits:
            if (found := known.get(i)) is None or found[0] is not concluded[i]:
                words = self.detail(i, group)
                found = known.get(i)
                out.append(found[2] if found is not None and found[0] is concluded[i] else words)
            else:
                out.append(found[2])
        return out

    def _row_of(self, group: GroupKey, benefit: str) -> Row:
        row = self._rows_of[group][benefit] = Row(group, benefit)
        return row

    def _figure(self, benefit: str, group: GroupKey) -> tuple[str, str]:
        """The figure and what it means; only where it can be had now is its determination worked out for it."""
        assert self._match is not None
        if group == "near":
            gain = self._match.gains.of(benefit)
            told = gain.note or ("达到后可得" if gain.fen else "")
            return headline_sum(gain.fen) if gain.fen else "", f"{told}，以审核为准" if told else "达到后可以申请"
        if group in ("ineligible", "not_raised"):
            return "", ""
        d, kind = self._match.determination(benefit), self._match.rules[benefit].benefit.kind
        meaning = "，".join(part for part in (kind if KIND_CODES[kind] in _NOT_MONEY else "", d.figure_words) if part)
        return d.headline, "\n".join(part for part in (meaning, d.reading_words) if part)

    # --- for the view

    def rowCount(self, parent: Index = _TOP) -> int:
        """How many rows there are."""
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The words of a row, for readers of the screen too."""
        row = self.row_at(index)
        if row is None:
            return None
        if role == BENEFIT:
            return row.benefit
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            return None
        if not row.benefit:
            return self.head(row)
        words = self.words(row.benefit, row.group)
        if role == Qt.ItemDataRole.ToolTipRole:
            return words.detail
        said = (
            words.title, words.badge, "有变化" if words.moved else "", words.figure,
            words.meaning.replace("\n", "，"), words.detail, words.place,
        )  # fmt: skip
        return "，".join(part for part in said if part)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """A head can't be stood on."""
        row = self.row_at(index)
        if row is None or not row.benefit:
            return Qt.ItemFlag.ItemNeverHasChildren
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren
