"""The papers of a visit by name, so that a window can offer them without loading paper libraries until one is wanted."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pinggu_desk.documents.matchvisit import MatchVisit
    from pinggu_desk.documents.proof import Signer
    from pinggu_desk.documents.visit import Visit


class Papers:
    """Makes papers (文书) as bytes; the same bytes are previewed, saved and printed."""

    def letter_bytes(self, visit: Visit, signer: Signer | None = None) -> bytes:
        """政策符合性告知书, PDF, signed where there is a signer and a serial."""
        from pinggu_desk.documents.letter import letter_bytes

        return letter_bytes(visit, signer=signer)

    def notice_bytes(self, visit: Visit, signer: Signer | None = None) -> bytes:
        """一次性告知书, PDF, signed likewise."""
        from pinggu_desk.documents.notice import notice_bytes

        return notice_bytes(visit, signer=signer)

    def sheet_bytes(self, visit: Visit) -> bytes:
        """申请表, xlsx."""
        from pinggu_desk.documents.sheet import sheet_bytes

        return sheet_bytes(visit)

    def match_list_bytes(self, found: MatchVisit, signer: Signer | None = None) -> bytes:
        """政策匹配清单, PDF, signed likewise."""
        from pinggu_desk.documents.matchlist import match_list_bytes

        return match_list_bytes(found, signer=signer)

    def match_book_bytes(self, found: MatchVisit) -> bytes:
        """政策匹配清单, xlsx."""
        from pinggu_desk.documents.matchbook import match_book_bytes

        return match_book_bytes(found)

    def missing_glyphs(self, texts: Iterable[str]) -> list[str]:
        """Characters that no font of the chain has, each named with its code point."""
        from pinggu_desk.documents.fonts import missing_glyphs

        return missing_glyphs(texts)

    def warm_up(self) -> None:
        """Load the paper fonts ahead, unseen."""
        from pinggu_desk.documents.fonts import warm_up

        warm_up()
