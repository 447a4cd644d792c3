"""Starting the application: what must be set before Qt starts, the services, and what happens when we fail."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from pinggu_desk.desk.settings import SettingsStore
from pinggu_desk.desk.shell import MainWindow
from pinggu_desk.desk.theme import STYLE_ARGUMENTS, STYLED
from pinggu_desk.desk.threshold import Threshold
from pinggu_desk.places import fault_sentence, own_forms_of, packs_of
from pinggu_desk.policy.resources import product_name
from pinggu_desk.register import entrance

if TYPE_CHECKING:
    from types import TracebackType

    from PySide6.QtCore import QEvent

    from pinggu_desk.assess.engine import Engine
    from pinggu_desk.desk.operations import Operations
    from pinggu_desk.desk.page import Page
    from pinggu_desk.desk.services import Services
    from pinggu_desk.policy.models import Pack
    from pinggu_desk.register.records import Case

_FLUSH_SECONDS = 3.0


def load() -> tuple[Pack, Engine]:
    """The pack and its engine. Raises BadPack."""
    from pinggu_desk.assess.engine import Engine
    from pinggu_desk.policy.compiled import load_bundled

    try:
        pack = load_bundled()
        engine = Engine(pack)
    finally:
        gc.freeze()  # all this stays to the end: a look for garbage over it takes longer than a key may
    return pack, engine


def make_wizard(services: Services, case: Case) -> Page:
    """The wizard page of a case."""
    from pinggu_desk.desk.wizard.page import WizardPage

    return WizardPage(services, case)


def make_application(arguments: list[str]) -> QApplication:
    """The one QApplication, speaking Chinese."""
    app = bare_application(arguments)
    speak_chinese(app)
    return app


def bare_application(arguments: list[str]) -> QApplication:
    """The one QApplication, with what the first page needs of it."""
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        from pinggu_desk.desk import inputmethod

        found = inputmethod.choose(os.environ)  # Qt reads it when it starts
        app = QApplication([*arguments[:1], *STYLE_ARGUMENTS, *arguments[1:]])
        app.setProperty(STYLED, True)
        inputmethod.attach(app, os.environ, found)
    QGuiApplication.setApplicationDisplayName(product_name())
    app.setApplicationName("pinggu-desk")
    return app


def speak_chinese(app: QApplication) -> None:
    """Let Qt's own words and figures be Chinese."""
    from PySide6.QtCore import QLibraryInfo, QLocale, QTranslator

    QLocale.setDefault(QLocale(QLocale.Language.Chinese, QLocale.Country.China))
    words = QTranslator(app)
    if words.load("qtbase_zh_CN", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
        app.installTranslator(words)


def make_services(folder: Path, *, practice: bool, settings: SettingsStore | None = None) -> Services:
    """Everything that pages are given."""
    from pinggu_desk.desk.operations import Operations
    from pinggu_desk.desk.services import Services
    from pinggu_desk.work.papers import Papers

    folder.mkdir(parents=True, exist_ok=True)
    papers = Papers(own_forms_of(folder))
    services = Services(
        operations=Operations(), settings=settings or SettingsStore(folder), folder=folder, practice=practice, load=load,
        make_wizard=make_wizard, papers=papers,
    )  # fmt: skip
    papers.pack_of = services.kept_pack
    return services


def unusable(folder: Path) -> str:
    """The one sentence for a data folder that can't be used; empty when it can."""
    import tempfile

    from pinggu_desk.register.errors import RegisterError
    from pinggu_desk.register.location import refuse_unfit

    try:
        refuse_unfit(folder)
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
        next(folder.iterdir(), None)
    except RegisterError as error:
        return error.sentence
    except (OSError, ValueError) as error:
        from pinggu_desk.policy.characters import brief
        from pinggu_desk.policy.errors import reason_of

        why = reason_of(error) if isinstance(error, OSError) else "路径不合规则"
        return f"数据目录“{brief(folder, 120)}”不能用（{why}）；请检查这个位置是不是文件夹、能不能读写，或用 --data 另指一个本机文件夹。"
    return ""


def open_desk(folder: Path, *, practice: bool, close_after_paint: bool) -> int:
    """Open the window and run until it is closed; the exit code (2 for an unusable folder, 70 after a fault of ours).

    Only what the first page needs is done before it is painted; services, register and pack come after.
    """
    gc.disable()  # until the pack is there: what is made on the way to it stays
    app = bare_application([sys.argv[0]])
    if sentence := unusable(folder):
        print(sentence, file=sys.stderr)  # noqa: T201 - whoever started it from a terminal
        if QGuiApplication.platformName() != "offscreen":
            _tell(sentence)
        return 2
    told: list[str] = []
    served = ""
    if (home := packs_of(folder)).is_dir():  # where no pack was ever installed, nothing is loaded for it
        from pinggu_desk.work.packs.serving import serve

        served = serve(home, told.append)
    window = MainWindow(SettingsStore(folder), in_practice=practice)
    guard = FaultGuard(hand_over=window.hand_over)

    def furnish() -> None:
        speak_chinese(app)
        services = make_services(folder, practice=practice, settings=window.settings)
        services.told_of_pack, services.served = told, served
        guard.operations = services.operations
        window.furnish(services)

    window.welcome(entrance.clerks(folder) if entrance.exists(folder) else (), furnish)
    watch = PaintWatch(window) if close_after_paint else None
    if watch is not None:
        window.keeps_place = False
        (window.threshold or app).installEventFilter(watch)
    window.place()
    code = app.exec()
    guard.leave()
    if window.furnished and window.services.keeper is not None:
        window.services.keeper.wait_out()
    return guard.code or code


class FaultGuard(QObject):
    """A fault of ours keeps what was typed, tells the person in one sentence what became of it, and ends the desk.

    ``hand_over`` sends what the open page still holds to the register; there are ``operations`` once the window is furnished.
    """

    def __init__(self, operations: Operations | None = None, hand_over: Callable[[], None] = lambda: None) -> None:
        super().__init__()
        self.operations, self._hand_over, self._before = operations, hand_over, sys.excepthook
        self.code = 0
        sys.excepthook = self._fault

    def leave(self) -> None:
        """Put back what was there before."""
        sys.excepthook = self._before

    def _fault(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            QApplication.quit()
            return
        first, self.code = not self.code, 70
        sentence = fault_sentence(error.with_traceback(trace))
        kept = self._kept() if first else ""
        print(sentence, file=sys.stderr)  # noqa: T201 - whoever started it from a terminal
        if first and QGuiApplication.platformName() != "offscreen":
            _tell(f"{sentence}\n{kept}")
        QApplication.exit(70)

    def _kept(self) -> str:
        """Write what there is, and say what is true of it."""
        try:
            self._hand_over()
            handed = True
        except Exception:  # noqa: BLE001 - the page may be what failed
            handed = False
        if self.operations is None:
            return kept_words(handed, 0)
        finished = self.operations.flush(_FLUSH_SECONDS)
        return kept_words(handed and finished, self.operations.unsaved_count)


def kept_words(everything: bool, unsaved: int) -> str:
    """What became of what was typed: all of it is on the disk, or how much is not."""
    if everything and not unsaved:
        return "已填的内容都已保存，重新打开后接着办。"
    some = f"有 {unsaved} 处改动" if unsaved else "最后填的内容可能"
    return f"{some}没有写入登记库，重新打开后请对照申请人的材料核对补填。"


def _tell(sentence: str) -> None:
    from PySide6.QtWidgets import QMessageBox

    from pinggu_desk.desk.curtain import OVER_THE_LOCK

    box = QMessageBox(QMessageBox.Icon.Critical, product_name(), sentence)
    box.setProperty(OVER_THE_LOCK, True)
    box.exec()


class PaintWatch(QObject):
    """Closes the window once the threshold, or a form of the door, was painted: to see that it opens at all."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window, self._seen = window, False

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """See the first paint."""
        if not self._seen and event.type().name == "Paint" and (isinstance(watched, Threshold) or _is_form(watched)):
            self._seen = True
            QTimer.singleShot(0, self._window.close)
        return False


def _is_form(watched: QObject) -> bool:
    from pinggu_desk.desk.kit import CentredForm
    from pinggu_desk.desk.login import WaitPage

    form: QObject | None = watched  # what is inside a form is painted; the form itself need not be
    while form is not None and not isinstance(form, CentredForm):
        form = form.parent()
    return form is not None and not isinstance(form, WaitPage)
