"""一并确认 in the wizard's forms: the plain conditions of a group as one card, then as one line; each may be had by itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget
from typing_extensions import override

from pinggu_desk.assess.folds import FOLD_PLACE, FormFold
from pinggu_desk.assess.views import FieldView
from pinggu_desk.desk.folding import Condition, FoldCard
from pinggu_desk.desk.kit import Caption, QuietButton
from pinggu_desk.desk.theme import look
from pinggu_desk.desk.wizard.session import Session


class FoldPlace(QWidget):
    """Where one question over several conditions stands: the card while one is open, a line once all are confirmed.

    ``confirmed`` carries the answers by fact (empty: not clear), ``opened`` the names that are wanted by themselves.
    """

    confirmed = Signal(dict)
    opened = Signal(list)
    entered = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.fold: FormFold | None = None
        self.card = FoldCard(self, margin=1)
        self.card.confirmed.connect(self.confirmed)
        self.card.opened.connect(lambda name: self.opened.emit([name]))
        self.card.list.installEventFilter(self)
        self.settled = QWidget(self)
        self._words = Caption(parent=self.settled)
        self._each = QuietButton("逐项改", parent=self.settled)
        self._each.clicked.connect(lambda: self.opened.emit(self.names))
        row = QHBoxLayout(self.settled)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(look().scale.grid(1))
        row.addWidget(self._words, 1)
        row.addWidget(self._each)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.card)
        column.addWidget(self.settled)

    @property
    def names(self) -> list[str]:
        """The facts that are put together here."""
        return [name for name, _ in self.fold.facts] if self.fold is not None else []

    def show_fold(self, fold: FormFold, conditions: Sequence[Condition]) -> None:
        """Put these conditions, or say that all are confirmed."""
        self.fold = fold
        if fold.open:
            self.card.show_conditions(conditions, "当面问过，一次确认；确认后才记为申请人陈述。")
        else:
            told = "、".join(f"{one.fact.name}" if one.plain == "是" else f"{one.fact.name}：否" for one in conditions)
            self._words.setText(f"以下 {len(conditions)} 项都已答为符合：{told}。")
            self._each.setAccessibleName(f"逐项改 {told}")
        self.card.setVisible(fold.open)
        self.settled.setVisible(not fold.open)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.FocusIn:
            self.entered.emit()
        return False


class FormFolds:
    """The questions over several conditions that one form puts; what was wanted by itself stays by itself."""

    def __init__(self, session: Session, make: Callable[[], FoldPlace]) -> None:
        self._session, self._make = session, make
        self.apart: set[str] = set()
        self.places: list[FoldPlace] = []

    def arrange(self, folds: tuple[FormFold, ...], views: Mapping[str, FieldView]) -> None:
        """Bring every place up to what is asked now."""
        while len(self.places) < len(folds):
            self.places.append(self._make())
        for place, fold in zip(self.places, folds, strict=False):
            conditions = [self._condition(views[name], plain) for name, plain in fold.facts]
            place.show_fold(fold, conditions)
        for place in self.places[len(folds) :]:
            place.fold = None

    def _condition(self, view: FieldView, plain: int) -> Condition:
        known = ""
        if view.text:
            known = self._session.source_of(view.fact.name, view.source) or "已填"
        elif view.offer is not None:
            known = f"上次 {view.offer.day:%Y-%m-%d} 也是"
        return Condition(view.fact, view.fact.show(plain), known, view.place, view.quote)

    @property
    def live(self) -> list[FoldPlace]:
        """The places that hold a question or its confirmation now."""
        return [place for place in self.places if place.fold is not None]

    @property
    def plan(self) -> list[tuple[str, ...]]:
        """Which facts stand together, place by place."""
        return [tuple(place.names) for place in self.live]

    @property
    def names(self) -> set[str]:
        """The facts that are put together, and so have no field of their own in sight."""
        return {name for place in self.live for name in place.names}

    def here(self) -> FoldPlace | None:
        """The question that has the focus."""
        return next((place for place in self.live if place.card.list.hasFocus()), None)

    @staticmethod
    def position(place: FoldPlace) -> str:
        """What the clerk's place is kept as while such a question has the focus."""
        return f"{FOLD_PLACE}{place.fold.group}" if place.fold is not None else ""
