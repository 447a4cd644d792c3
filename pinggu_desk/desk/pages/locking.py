"""How long nobody may have touched anything before the desk is locked (自动锁定)."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from pinggu_desk.desk.kit import Caption, Card, FocusChain, LineField
from pinggu_desk.desk.pages.answers import answering
from pinggu_desk.desk.services import Services
from pinggu_desk.desk.settings import LEAST_LOCK, MOST_LOCK
from pinggu_desk.register import RegisterError


def lock_card(services: Services, page: QWidget) -> tuple[Card, LineField]:
    """The card, and the field of the minutes: kept as soon as it is left."""
    card, answer = answering("自动锁定")
    card.body.addWidget(
        Caption(
            "没有人动键盘和鼠标这么久就锁定，也可随时按 Ctrl+L；锁定时登记库关上，内存里不留口令和密钥，解锁后从原处接着办。"
        )
    )
    field = LineField("多少分钟", f"多少分钟后锁定（{LEAST_LOCK} 至 {MOST_LOCK}）", chars=6)
    field.set_text(str(services.settings.now.lock_minutes))

    def keep() -> None:
        typed = field.text().strip()
        if not (typed.isascii() and typed.isdigit() and LEAST_LOCK <= int(typed[:4]) <= MOST_LOCK):
            field.set_error(f"“{typed[:20]}”不合要求，应为 {LEAST_LOCK} 至 {MOST_LOCK} 的整数分钟。")
            return
        field.set_error("")
        if int(typed) == services.settings.now.lock_minutes:
            return  # whoever only went through has set nothing
        try:
            services.settings.change(lock_minutes=int(typed))
        except RegisterError as error:
            answer.show_words(error.sentence, "bad")
            return
        answer.show_words(f"已设为 {int(typed)} 分钟后锁定。", "good")

    field.left.connect(keep)
    chain = FocusChain(page)
    chain.set_fields([field])
    chain.finished.connect(keep)
    card.body.addWidget(field)
    return card, field
