"""What this program is, which version, which pack, whose fonts and libraries."""

from __future__ import annotations

from PySide6.QtCore import qVersion

from pinggu_desk import __version__
from pinggu_desk.desk.kit import Caption, Card, Subtitle, Words
from pinggu_desk.desk.services import Services
from pinggu_desk.policy import say
from pinggu_desk.register.whereabouts import on_server

_FONTS = (
    ("Noto Sans SC、Noto Serif SC", "SIL Open Font License 1.1"),
    ("Desk Kai 窗口楷体（裁自霞鹜文楷）", "SIL Open Font License 1.1"),
    ("HanaMin B 花园明朝", "Hanazono Font License"),
)
_LIBRARIES = ("Qt 与 PySide6：LGPL-3.0", "SQLCipher：BSD", "ReportLab：BSD", "openpyxl：MIT", "pypinyin：MIT")


def about_card(services: Services) -> Card:
    """The card that says so."""
    card = Card()
    card.body.addWidget(Subtitle("关于"))
    card.body.addWidget(Words(f"{services.pack.district.product} {__version__}"))
    card.body.addWidget(Words(f"政策包 {say.edition(services.pack.version)}，{len(services.pack.policies)} 项政策"))
    server = on_server(services.folder)
    lies = f"登记库在服务器上，本机文件夹 {services.folder}" if server else f"登记库在 {services.folder}"
    card.body.addWidget(Words(f"{lies}{'（演练）' if services.practice else ''}"))
    network = "只连登记库服务器，不上网" if server else "不联网"
    card.body.addWidget(
        Caption(f"{network}。测算只是帮助申请人了解政策，以主管部门审核为准；政策是否仍然有效，由主管部门解释。")
    )
    card.body.addWidget(Caption("字体：" + "；".join(f"{name}（{licence}）" for name, licence in _FONTS)))
    card.body.addWidget(Caption(f"组件：Qt {qVersion()}；" + "；".join(_LIBRARIES) + "。许可文本随程序附送。"))
    return card
