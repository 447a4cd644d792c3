"""个人信息查阅: the paper of everything stored of an applicant, previewed, printed and saved; each of these on the trail."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtWidgets import QWidget

from pinggu_desk.desk.services import Services
from pinggu_desk.desk.shownpaper import ShownPaper
from pinggu_desk.desk.wizard.issue import Issued
from pinggu_desk.register import Register, events


class OwnFileOutput(ShownPaper):
    """Of one applicant."""

    def __init__(self, services: Services, owner: QWidget, applicant_id: int) -> None:
        super().__init__(services, owner)
        self._id = applicant_id

    def preview(self) -> None:
        """Gather everything and show the paper."""
        services, number = self._services, self._id

        def make(register: Register) -> Issued:
            from pinggu_desk.documents.papers.ownfile import own_file_bytes
            from pinggu_desk.work.ownfile import own_file_paper

            made = datetime.now().replace(microsecond=0)
            paper = own_file_paper(register, services.pack, number, made, services.settings.now.office)
            return Issued(paper.title, "", f"{paper.title}_{made:%Y%m%d}.pdf", own_file_bytes(paper), "")

        self.show_made(make, lambda how: (events.OWN_FILE, f"申请人{number}", how))
