"""设置: packs (政策包): what is installed, installing one from a stick after reading what changes, going back to the one before."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from pinggu_desk.desk import dialogs
from pinggu_desk.desk.kit import Caption, Words
from pinggu_desk.desk.operations import sentence_of
from pinggu_desk.desk.pages.answers import answering, buttons
from pinggu_desk.desk.pages.readfirst import ReadFirst
from pinggu_desk.desk.services import Services
from pinggu_desk.places import packs_of
from pinggu_desk.register import events
from pinggu_desk.register.roles import Act, may

if TYPE_CHECKING:
    from pinggu_desk.assess.engine import Engine
    from pinggu_desk.policy.models import Pack
    from pinggu_desk.register import Register
    from pinggu_desk.work.packs.diff import Changes

_PACKS, _KEYS = "政策包 (*.pack)", "公钥文件 (*.pub)"
_MOST_CASES = 300
_INSTALL, _BACK = "看过了，安装并重新登录", "看过了，退回并重新登录"
#: what is told once another pack serves: what is open goes on by the one it was begun with
AFTER = "重新登录后就按它作答，回到原来的栏目，所填都已保存；未办结的办件打开时会说明有什么不同。"


@dataclass(frozen=True, slots=True)
class Looked:
    """What was found of a file before anything is installed: its name, and what changes, in lines.

    ``path`` is None for the pack that served before.
    """

    path: Path | None
    title: str
    lines: list[str]
    serving: str = ""


class PackCard:
    """Lists what is installed; looks a file through, shows what changes, and installs it when that was read."""

    def __init__(self, services: Services, page: QWidget) -> None:
        self._services, self._page = services, page
        self.home = packs_of(services.folder)
        self.card, self.answer = answering("政策包")
        self.card.body.addWidget(
            Caption(
                "新一年的政策由本区发布成政策包文件：先看会变什么，再安装。只装由本区密钥签名的；旧的留着，可以退回。由负责人办理。"
            )
        )
        self._list = QVBoxLayout()
        self.card.body.addLayout(self._list)
        self.tools = QWidget()
        row = QVBoxLayout(self.tools)
        row.setContentsMargins(0, 0, 0, 0)
        row.addLayout(
            buttons(("安装政策包", self._choose), ("退回上一个", self.look_back), ("信任一个公钥", self._choose_key))
        )
        self.card.body.addWidget(self.tools)
        self._looked: Looked | None = None
        self.preview = ReadFirst(_INSTALL, "不了", self._taken, self._over)
        self.told, self.sure = self.preview.told, self.preview.sure
        self._serving: str | None = None  # which one serves by what is shown
        self.card.body.addWidget(self.preview)

    def read(self) -> None:
        """Show what is installed."""
        self.tools.setVisible(may(self._services.clerk.role, Act.PACKS) and not self.preview.isVisible())
        home, version = self.home, self._services.pack.version
        self._services.operations.without_register(
            lambda: _serving_and_listed(home, version), self._show, self._refused
        )

    def _show(self, found: tuple[str, list[str]]) -> None:
        self._serving, lines = found
        while item := self._list.takeAt(0):
            if widget := item.widget():
                widget.hide()
                widget.deleteLater()
        for line in lines:
            self._list.addWidget(Words(line))

    def lines(self) -> list[str]:
        """What is listed."""
        widgets = (self._list.itemAt(at).widget() for at in range(self._list.count()))
        return [widget.text() for widget in widgets if isinstance(widget, Words)]

    # --- a key

    def _choose_key(self) -> None:
        path = dialogs.ask_open(self._page, "选择公钥文件", _KEYS)
        if path is not None:
            self.trust(path)

    def trust(self, path: Path) -> None:
        """Trust a district's key from its file."""
        home = self.home

        def work(register: Register) -> str:
            from pinggu_desk.documents.proof.keys import read_key_file
            from pinggu_desk.work.packs.store import PackStore

            register.require(Act.PACKS)
            key = read_key_file(path)
            PackStore(home).trust(key)
            register.record_event(events.KEY_TRUSTED, "政策包", key.words)
            return key.words

        self._services.operations.run(
            work, lambda words: self.answer.show_words(f"已信任{words}发布的政策包，请务必打电话核对指纹。", "good"),
            self._refused, writes=True,
        )  # fmt: skip

    # --- installing

    def _choose(self) -> None:
        path = dialogs.ask_open(self._page, "选择政策包", _PACKS)
        if path is not None:
            self.look_at(path)

    def look_at(self, path: Path) -> None:
        """Look a file through and show what it changes; nothing is installed yet."""
        self.answer.show_words("正在核对签名、检查政策包、比较两版……", "info")
        home, engine = self.home, self._services.engine

        def work(register: Register) -> Looked:
            register.require(Act.PACKS)
            return looked_at(home, path, lambda new: open_changed(register, engine, new))

        self._services.operations.run(work, self._seen, self._refused)

    def look_back(self) -> None:
        """Show what going back to the pack before changes; nothing has changed yet."""
        self.answer.show_words("正在比较两版……", "info")
        home, engine = self.home, self._services.engine

        def work(register: Register) -> Looked:
            register.require(Act.PACKS)
            return looked_back(home, lambda old: open_changed(register, engine, old))

        self._services.operations.run(work, self._seen, self._refused)

    def _seen(self, found: Looked) -> None:
        self._looked = found
        told = "退回后会变的如下，看过再退回。" if found.path is None else "签名无误。会变的如下，看过再安装。"
        self.answer.show_words(f"{found.title}：{told}", "info")
        self.sure.setText(_BACK if found.path is None else _INSTALL)
        self.tools.hide()
        self.preview.show_lines(found.lines, "见 pack diff")

    def _over(self) -> None:
        self.preview.hide()
        self.tools.show()

    def _taken(self) -> None:
        """What is shown was read, and agreed to."""
        found = self._looked
        if found is None:
            return
        self.sure.setEnabled(False)
        if found.path is None:
            self.roll_back()
        else:
            self._install(found.path)

    def _seen_serving(self) -> str | None:
        """Which one served when what changes was shown."""
        return self._looked.serving if self._looked is not None else self._serving

    def _install(self, path: Path) -> None:
        home, seen = self.home, self._seen_serving()
        self.answer.show_words("正在检查和安装，请稍候……", "info")

        def work(register: Register) -> str:
            from pinggu_desk.work.packs.store import PackStore

            register.require(Act.PACKS)
            one = PackStore(home).install(path, seen=seen)
            register.record_event(events.PACK_SERVES, "政策包", f"安装 {one.manifest.version}（{one.manifest.title}）")
            return one.manifest.version

        self._services.operations.run(work, self._installed, self._refused, writes=True)

    def _installed(self, version: str) -> None:
        self.sure.setEnabled(True)
        self._over()
        self._serve(f"已安装政策包 {version}，")

    def _serve(self, told: str) -> None:
        """Go on by it: back to the door, unless something is not on the disk yet."""
        self.answer.show_words(f"{told}{AFTER}", "good")
        self.read()
        if unsaved := self._services.operations.unsaved_count:
            self.answer.show_words(
                f"{told}有 {unsaved} 处改动还没有写入登记库，写入以后请锁定、换人登录来启用。", "warn"
            )
            return
        self._services.pack_changed(f"{told}登录后按它作答。")

    def roll_back(self) -> None:
        """Let the pack serve again that served before."""
        home, seen = self.home, self._seen_serving()

        def work(register: Register) -> str:
            from pinggu_desk.work.packs.store import PackStore

            register.require(Act.PACKS)
            one = PackStore(home).rollback(seen=seen)
            told = one.manifest.version if one is not None else "程序自带的"
            register.record_event(events.PACK_SERVES, "政策包", f"退回 {told}")
            return told

        def done(told: str) -> None:
            self._serve(f"已退回政策包 {told}，")

        self._services.operations.run(work, done, self._refused, writes=True)

    def _refused(self, error: Exception) -> None:
        self.sure.setEnabled(True)
        self.answer.show_words(f"{sentence_of(error)}现用的政策包照常使用。", "bad")
        self.read()


def _serving_and_listed(home: Path, working: str) -> tuple[str, list[str]]:
    from pinggu_desk.work.packs.pointer import read_state

    return read_state(home).serving, listed(home, working)


def listed(home: Path, working: str) -> list[str]:
    """The installed packs as lines: which serves, who signed it; and by which the window answers (``working``), if by another."""
    from pinggu_desk.work.packs.listing import pack_rows
    from pinggu_desk.work.packs.store import PackStore

    rows = pack_rows(PackStore(home))
    now = next((row["version"] for row in rows if row["serves"]), working)
    first = f"本窗口现按政策包 {working} 作答" + ("。" if now == working else f"；已装的 {now} 在重新登录后启用。")
    return [
        first,
        *(
            f"{'现用　' if row['serves'] else ''}{row['version']}　{row['day']}　{row['title']}　{row['signed']}"
            for row in rows
        ),
    ]


def looked_at(home: Path, path: Path, cases: Callable[[Pack], list[str]] = lambda _: []) -> Looked:
    """Verify a file and compare it with what serves; ``cases`` tells of open cases by the new pack. Raises DeskError with one sentence."""
    from pinggu_desk.work.packs.build import read_file
    from pinggu_desk.work.packs.checking import side_of
    from pinggu_desk.work.packs.diff import compare
    from pinggu_desk.work.packs.store import PackStore

    store, file = PackStore(home), read_file(path)
    serving = store.serving()
    store.refuse(file, path.name)
    with side_of("", store) as old, side_of(str(path), store) as new:
        changes = compare(old, new)
        return Looked(path, file.manifest.title, _in_turn(changes, cases(new.pack)), serving)


def looked_back(home: Path, cases: Callable[[Pack], list[str]] = lambda _: []) -> Looked:
    """Compare what served before with what serves. Raises DeskError with one sentence."""
    from pinggu_desk.work.packs.checking import side_of
    from pinggu_desk.work.packs.diff import compare
    from pinggu_desk.work.packs.store import PackStore

    store = PackStore(home)
    serving, version = store.serving(), store.last()
    with side_of("", store) as now, side_of(version, store) as before:
        changes = compare(now, before)
        return Looked(None, f"政策包 {version}", _in_turn(changes, cases(before.pack)), serving)


def _in_turn(changes: Changes, cases: list[str]) -> list[str]:
    """What a head reads before he agrees: by policy and benefit, the open cases, then every change."""
    return [changes.head, *changes.summary(), *cases, *changes.lines()[1:]]


def open_changed(register: Register, engine: Engine, new: Pack) -> list[str]:
    """For which open cases the new pack gives another answer, a line each, as they stand now."""
    from pinggu_desk.assess.engine import Engine as Made
    from pinggu_desk.desk.wizard.record import interview_of, read_case
    from pinggu_desk.work.packs.changed import differences

    other = Made(new)
    other.enter(engine.figures, engine.corrections)
    lines, looked = [], 0
    for case in register.open_cases()[:_MOST_CASES]:
        if case.policy_id not in engine.pack.policies:
            continue
        looked += 1
        record = read_case(register, case.id)
        before = interview_of(engine, record).determinations
        after = interview_of(other, record).determinations if case.policy_id in new.policies else ()
        if told := differences(before, after):
            lines.append(
                f"    办件 {case.number}：{'；'.join(told[:3])}"
                + (f"；另有 {len(told) - 3} 项" if len(told) > 3 else "")
            )
    return [f"【未办结的办件】看了 {looked} 件，{len(lines)} 件结论不同", *lines]
