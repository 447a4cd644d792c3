"""The desk itself: rail, top, foot, and the page that is open between them."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QApplication, QGridLayout, QStackedWidget, QWidget
from shiboken6 import isValid
from typing_extensions import override

from pinggu_desk.desk.allowed import may_work, only
from pinggu_desk.desk.batch.page import BatchPage
from pinggu_desk.desk.frame import PLACES, FootBar, Notice, Rail, TopBar
from pinggu_desk.desk.importing.page import ImportPage
from pinggu_desk.desk.kit import Banner
from pinggu_desk.desk.match.page import MatchPage
from pinggu_desk.desk.outage import Opening, aside_words, left_words, told_at_opening
from pinggu_desk.desk.page import Page
from pinggu_desk.desk.pages.audit import AuditPage
from pinggu_desk.desk.pages.bundles import BundlesPage
from pinggu_desk.desk.pages.enterprise import EnterprisePage
from pinggu_desk.desk.pages.history import HistoryPage
from pinggu_desk.desk.pages.home import HomePage
from pinggu_desk.desk.pages.ledger import LedgerPage
from pinggu_desk.desk.pages.manual import ManualPage
from pinggu_desk.desk.pages.new_case import NewCasePage
from pinggu_desk.desk.pages.policy import PolicyPage
from pinggu_desk.desk.pages.server import TITLE, ServerPage
from pinggu_desk.desk.pages.settings import SettingsPage
from pinggu_desk.desk.pages.verify import VerifyPage
from pinggu_desk.desk.search import Hit, ResultList, Searching
from pinggu_desk.desk.services import Services
from pinggu_desk.desk.statistics.page import StatisticsPage
from pinggu_desk.desk.theme import look
from pinggu_desk.policy.licence import Licence
from pinggu_desk.register.records import MATCHING, Case
from pinggu_desk.register.roles import Act

_PAGES: dict[str, Callable[[Services], Page]] = {
    "受理": HomePage, "匹配": MatchPage, "政策": PolicyPage, "台账": LedgerPage, "企业": EnterprisePage, "批量": BatchPage,
    "设置": SettingsPage, "新办": NewCasePage, "验真": VerifyPage, "手册": ManualPage, "经过": HistoryPage,
    "统计": StatisticsPage, "数据包": BundlesPage, "审计": AuditPage, "导入": ImportPage, TITLE: ServerPage,
}  # fmt: skip
#: which place of the rail a page without one of its own belongs to
_BELONGS = {
    "新办": "受理", "办理": "受理", "验真": "台账", "手册": "受理", "经过": "台账", "数据包": "设置", "审计": "台账", "导入": "企业",
    TITLE: "设置",
}  # fmt: skip
_WORKING = ("匹配", "批量")  # whoever only looks has nothing to do there
#: pages that are only read: Esc goes back to where they were opened from
_READ = (PolicyPage, ManualPage, HistoryPage)


class DeskFrame(QWidget):
    """Opens pages, each made when it is first wanted, and carries their wishes to one another."""

    lock_wanted = Signal()

    def __init__(self, services: Services) -> None:
        super().__init__()
        self.services = services
        self.pages: dict[str, Page] = {}
        self.wizard: Page | None = None
        self.rail = Rail()
        self.top = TopBar(f"{services.clerk.name}（{services.clerk.no}）", practice=services.practice)
        self.foot = FootBar(services.pack.version)
        self.stack = QStackedWidget()
        self.notice = Notice()
        #: what the opening of the register found: it stays until the window is closed
        self.alarm = Banner("", "bad")
        self.alarm.hide()
        self._altered = self._standing = ""
        self._left = left_words(services.operations.left_count)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(0)
        grid.addWidget(self.rail, 0, 0, 5, 1)
        for row, widget in enumerate((self.top, self.alarm, self.notice, self.stack, self.foot)):
            grid.addWidget(widget, row, 1)
        grid.setColumnStretch(1, 1)
        grid.setRowStretch(3, 1)
        self.results = ResultList(self)
        self.results.hide()
        self.searching = Searching(
            self.top.line, self.results, services.operations, services.titles, passages=lambda: services.passages
        )
        self._again: dict[str, Callable[[Page], None] | None] = {}
        self._focus_before_lock: QWidget | None = None
        self._page_before_clause: Page | None = None
        self._from_list = False  # whether the enquiry that is open was opened from 批量: Esc goes back there
        self._shortcuts: list[QShortcut] = []
        self._join()
        services.operations.run(told_at_opening, self._show_warnings)
        if services.settings.problem:
            self.notice.tell(services.settings.problem, "warn")

    def _join(self) -> None:
        operations = self.services.operations
        only(self.services, Act.WORK, *(self.rail.buttons[name] for name in _WORKING))
        operations.saved.connect(self.foot.show_saved)
        operations.saved.connect(self.notice.saved)
        operations.unsaved.connect(self._show_unsaved)
        operations.put_aside.connect(self._show_aside)
        operations.alarmed.connect(self._show_altered)
        operations.left_over.connect(self._show_left)
        operations.pending.connect(self.foot.show_pending)
        operations.failed.connect(self._show_failure)
        operations.unread.connect(self._tell_failure)
        self.rail.chosen.connect(self.open_place)
        self.top.lock_wanted.connect(self.lock_wanted)
        self.searching.taken.connect(self._take)
        self.searching.shown.connect(self._place_results)
        for key, act in (
            ("Ctrl+K", self._search), ("F1", self._clause), ("F2", lambda: self.begin_case(None, "")), ("Escape", self._back),
        ):  # fmt: skip
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.activated.connect(act)
            self._shortcuts.append(shortcut)
        for number in set(range(10)) - {place.number for place in PLACES}:  # a key of the rail types nothing, ever
            free = QShortcut(QKeySequence(f"Alt+{number}"), self)
            free.activated.connect(lambda number=number: self.foot.say(f"Alt+{number} 没有对应的栏目。"))

    def _show_warnings(self, told: Opening) -> None:
        self.foot.show_lies(told.lies)
        self._altered, self._standing = told.alarm, told.standing
        self._show_alarm()
        if told.news:
            self.notice.tell(told.news, "good")

    def _show_altered(self, words: str) -> None:
        self._altered = words
        self._show_alarm()

    def _show_left(self, left: int) -> None:
        """What was typed while the server was away and was not taken: it is told until it was seen to."""
        self._left = left_words(left)
        if left:
            self.notice.show_words("")
            self.foot.show_left(left)
        self._show_alarm()

    def _show_alarm(self) -> None:
        """What is found altered, what holds while the window is open, what is left over: none of them takes another's place."""
        words = self._altered + self._standing + self._left
        self.alarm.show_words(words, "bad" if self._altered else "warn")

    # --- pages

    def open_place(self, name: str) -> None:
        """Open a place of the rail."""
        if name in _WORKING and not may_work(self.services, self.foot.say):
            return
        self.show_page(self.page(name))

    def page(self, name: str) -> Page:
        """The page of a name, made when it is first wanted."""
        if name not in self.pages:
            page = self.pages[name] = self._adopt(_PAGES[name](self.services))
            if (again := self._again.pop(name, None)) is not None:
                again(page)
        return self.pages[name]

    def current(self) -> Page | None:
        """The page that is open."""
        page = self.stack.currentWidget()
        return page if isinstance(page, Page) else None

    def show_page(self, page: Page) -> None:
        """Bring a page to the front."""
        before = self.current()
        if before is not None and before is not page:
            before.leave()
        self.stack.setCurrentWidget(page)
        self.rail.show_place(_BELONGS.get(page.title, page.title))
        self.foot.say("")
        self._show_foot()
        page.enter()

    def _adopt(self, page: Page) -> Page:
        self.stack.addWidget(page)
        page.case_wanted.connect(self.open_case)
        page.applicant_wanted.connect(self.open_applicant)
        page.clause_wanted.connect(self.open_clause)
        page.new_case_wanted.connect(self.begin_case)
        page.place_wanted.connect(self.open_place)
        page.match_wanted.connect(self.open_match)
        page.history_wanted.connect(self.open_history)
        page.said.connect(self.foot.say)
        if isinstance(page, StatisticsPage):
            page.cases_wanted.connect(self.open_cases)
        page.foot_changed.connect(self._show_foot)
        return page

    def _show_foot(self) -> None:
        page = self.current()
        buttons = page.foot() if page is not None else []
        self.foot.show_buttons(buttons)
        taken = {button.shortcut() for button in buttons}
        for shortcut in self._shortcuts:  # a key that a page's button answers to is the page's: two would cancel out
            shortcut.setEnabled(shortcut.key() not in taken)

    # --- what pages ask for

    def open_case(self, case_id: int) -> None:
        """Open the wizard of a case, made anew so that it stands where the register says; an enquiry on its own page."""
        self.services.operations.run(lambda register: register.case(case_id), self._show_case)

    def _show_case(self, case: Case) -> None:
        before, old = self.current(), self.wizard
        self._from_list = isinstance(before, BatchPage)
        if before is not None:
            before.leave()  # what it still held is written before the new page reads
        if case.policy_id == MATCHING:
            self._show_match(
                lambda page: page.want_case(case.id), before.opened_words if isinstance(before, BatchPage) else ""
            )
            return
        self.wizard = self._adopt(self.services.make_wizard(self.services, case))
        self.show_page(self.wizard)
        if old is not None:
            self._drop(old)

    def _drop(self, page: Page) -> None:
        """Let go of a case's page: all that it held is in the register."""
        if self._page_before_clause is page:
            self._page_before_clause = None
        for button in page.foot():
            button.deleteLater()
        self.stack.removeWidget(page)
        page.deleteLater()

    def shed(self) -> None:
        """Let go of every page that is not in sight, before another look is put on.

        Dressing all that was ever opened takes seconds; a page that is made anew is dressed at once, and measured in
        the new sizes. What was typed is in the register; an enquiry and a text are found again where they were left.
        """
        self.services.operations.flush()
        here = self.current()
        if here is not None:
            here.shed()
        keep = (here, self._page_before_clause if isinstance(here, _READ) else None)  # Esc goes back from a text only
        for name, page in list(self.pages.items()):
            if page in keep:
                continue
            del self.pages[name]
            self._again[name] = page.again()
            self._drop_now(page)
        if self.wizard is not None and self.wizard not in keep:
            self._drop_now(self.wizard)
            self.wizard = None

    def _drop_now(self, page: Page) -> None:
        self._drop(page)
        QApplication.sendPostedEvents(page, QEvent.Type.DeferredDelete.value)

    def open_applicant(self, applicant_id: int) -> None:
        """Open an applicant's dossier."""
        page = self.page("企业")
        if isinstance(page, EnterprisePage):
            page.want(applicant_id)
        self.show_page(page)

    def open_cases(self, case_ids: tuple[int, ...], words: str) -> None:
        """Open the ledger with these cases only; ``words`` say which they are."""
        page = self.page("台账")
        if isinstance(page, LedgerPage):
            page.want(case_ids, words)
        self.show_page(page)

    def open_match(self, applicant_id: int) -> None:
        """Ask what an applicant could have (能享受什么)."""
        if may_work(self.services, self.foot.say):
            self._show_match(lambda page: page.want_applicant(applicant_id))

    def _show_match(self, want: Callable[[MatchPage], None], told: str = "") -> None:
        page = self.page("匹配")
        if isinstance(page, MatchPage):
            want(page)
        self.show_page(page)
        if isinstance(page, MatchPage) and told:  # the foot forgets what it said with the first thing that is kept
            page.told.show_words(told, "info")

    def open_history(self, case_id: int) -> None:
        """Show what happened in a case; Esc comes back."""
        page = self.page("经过")
        self._page_before_clause = self.current()
        if isinstance(page, HistoryPage):
            page.want(case_id)
        self.show_page(page)

    def open_clause(self, clause: str) -> None:
        """Open a policy's text at a clause; Esc comes back."""
        page = self.page("政策")
        before = self.current()
        self._page_before_clause = before if before is not page else self._page_before_clause
        if isinstance(page, PolicyPage):
            self.stack.setCurrentWidget(page)
            page.open_at(clause)
        self.show_page(page)

    def begin_case(self, applicant_id: int | None, policy_id: str) -> None:
        """Begin a new case; a licence that was pasted into a search which found nobody is taken along."""
        if not may_work(self.services, self.foot.say):
            return
        licence = self._pasted_licence() if applicant_id is None else None
        page = self.page("新办")
        self.show_page(page)
        if isinstance(page, NewCasePage):
            page.start(applicant_id, policy_id, licence)

    def _take(self, hit: Hit) -> None:
        if hit.kind == "申请人":
            self.open_applicant(int(hit.key))
        elif hit.kind == "办件":
            self.open_case(int(hit.key))
        else:
            self.open_clause(str(hit.key))

    # --- keys

    def _search(self) -> None:
        self.top.line.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.top.line.selectAll()

    def _clause(self) -> None:
        page = self.current()
        clause = page.clause_here() if page is not None else ""
        if clause:
            self.open_clause(clause)
        elif page is not None and not isinstance(page, _READ if self._page_before_clause else ManualPage):
            self._page_before_clause = page
            self.open_place("手册")
            if isinstance(manual := self.current(), ManualPage):
                manual.read_about(page.title)

    def _pasted_licence(self) -> Licence | None:
        """The licence whose words stand in the search at the top, or in the desk's own."""
        home = self.current()
        searches = (self.searching, *([home.searching] if isinstance(home, HomePage) else []))
        found = next((one for one in searches if one.licence is not None and not one.results.hits()), None)
        licence = found.licence if found is not None else None
        if found is not None:
            found.close()
        return licence

    def _back(self) -> None:
        """Back to where the text was opened from; else out of the search, to the page."""
        page, before = self.current(), self._page_before_clause
        if isinstance(page, _READ) and before is not None:
            self._page_before_clause = None
            last = before.focusWidget()
            self.stack.setCurrentWidget(before)
            self.rail.show_place(_BELONGS.get(before.title, before.title))
            self._show_foot()
            (last or before).setFocus(Qt.FocusReason.OtherFocusReason)
        elif isinstance(page, MatchPage) and self._from_list and not self.top.line.hasFocus():
            self.open_place("批量")
        elif self.top.line.hasFocus() and page is not None:
            page.enter()
        elif page is not None:
            page.back()

    # --- leaving and coming back

    def leave(self) -> None:
        """Before the lock and before the end: nothing typed may be pending in a page."""
        self._focus_before_lock = QApplication.focusWidget()
        page = self.current()
        if page is not None:
            page.leave()

    def take_focus_back(self) -> None:
        """After the lock: to where one was."""
        last, self._focus_before_lock = self._focus_before_lock, None
        page = self.current()
        if last is not None and isValid(last) and self.isAncestorOf(last) and last.isVisible():
            last.setFocus(Qt.FocusReason.OtherFocusReason)
        elif page is not None:  # it was in a dialog that is gone, or its page was made anew meanwhile
            page.enter()

    # --- telling

    def _show_unsaved(self, count: int, why: str) -> None:
        self.foot.show_unsaved(count)
        if count:
            self.notice.show_words(
                f"有 {count} 处改动还没有写入登记库：{why}已填的都留在本窗口里，会自动再写；写入之前请不要关闭程序。",
                "bad",
            )

    def _show_aside(self, count: int) -> None:
        if count:
            typed = self.services.operations.typed_aside
            self.foot.show_aside(typed)
            self.notice.read.then(lambda: self.notice.show_words(aside_words(typed), "warn"))

    def _show_failure(self, sentence: str) -> None:
        """Something was not done: what was typed before is kept on this machine meanwhile, and is not called unsaved."""
        if not self.services.operations.aside_count:
            self.foot.show_failure("")
        self._tell_failure(sentence)

    def _tell_failure(self, sentence: str) -> None:
        typed = self.services.operations.typed_aside
        kept = f"前面填的 {typed} 处在本机，没有丢，连上后自动并入。" if typed else ""
        self.notice.tell(sentence + kept, "bad")

    def _place_results(self, shown: bool) -> None:
        self.results.setVisible(shown)
        if not shown:
            return
        line = self.top.line
        corner = line.mapTo(self, line.rect().bottomLeft())
        width = max(line.width(), look().scale.body * 32)
        self.results.resize(min(width, self.width() - corner.x() - 8), self.height())
        self.results.doItemsLayout()  # rows wrap to the width, and only then have their heights
        self.results.resize(self.results.width(), min(self.results.wanted_height(), round(self.height() * 0.7)))
        self.results.move(corner.x(), corner.y() + 4)
        self.results.raise_()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_results(not self.results.isHidden())
