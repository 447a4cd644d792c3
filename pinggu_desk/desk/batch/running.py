"""运行: how far it is, how long it will take, and the way out."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QProgressBar

from pinggu_desk.desk.kit import Caption, Card, ScrollColumn, Subtitle, Words

_WHILE = (
    "测算的时候可以去别的栏目接着办事，按 Alt+6 回来；锁定也不影响。取消（Esc）或关闭窗口就停止，不留下任何结果，"
    "原来打开的不变。"
)


def left_words(seconds: float) -> str:
    """``约还要 12 秒``, ``约还要 3 分钟``."""
    if seconds < 1:
        return "马上就好"
    return f"约还要 {seconds:.0f} 秒" if seconds < 90 else f"约还要 {seconds / 60:.0f} 分钟"


class RunPanel(ScrollColumn):
    """Shown while a list is read or run."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        super().__init__()
        self.setAccessibleName("正在测算")
        self._clock, self._since, self._done = clock, 0.0, "已测算"
        self.head = Subtitle("正在测算")
        self.bar = QProgressBar()
        self.bar.setAccessibleName("测算进度")
        self.bar.setTextVisible(False)
        self.words = Words("正在打开名单…")
        self.note = Caption(_WHILE)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        card = Card(spacing=2)
        for widget in (self.head, self.bar, self.words, self.note):
            card.body.addWidget(widget)
        self.body.addWidget(card)
        self.body.addStretch(1)

    def begin(self, what: str, name: str, done: str = "已测算") -> None:
        """Begin to show the progress of something; ``done`` is what the applicants are by then."""
        self._since, self._done = self._clock(), done
        self.head.setText(f"{what}：{name}")
        self.note.setVisible(what == "正在测算")
        self.bar.setRange(0, 0)
        self.words.setText("正在打开名单…")
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_progress(self, done: int, claimed: int) -> None:
        """Say how far it is; a list may turn out to hold fewer than it claimed, and never more."""
        if not claimed:
            self.words.setText(f"{self._done} {done:,} 个申请人")
            return
        claimed = max(done, claimed)
        self.bar.setRange(0, claimed)
        self.bar.setValue(done)
        left = (self._clock() - self._since) / max(done, 1) * (claimed - done)
        self.words.setText(f"{self._done} {done:,} / {claimed:,} 个申请人，{left_words(left)}")
