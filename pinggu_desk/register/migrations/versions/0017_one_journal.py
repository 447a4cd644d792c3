"""A case's answers are what its journal adds up to: the table that kept them once more goes, and with it a page of every edit."""

from __future__ import annotations

from alembic import op

revision, down_revision = "0017", "0016"


def upgrade() -> None:
    """Nothing is lost: the journal has been complete since the first release, and a check held the two against each other."""
    op.drop_table("answers")
