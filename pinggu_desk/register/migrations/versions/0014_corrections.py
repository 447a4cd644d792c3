"""Small corrections to the pack that serves, and what the determinations of each paper stood on."""

from __future__ import annotations

from alembic import op
from sqlalchemy import BigInteger, Column, ForeignKey, Integer, LargeBinary, Text

revision, down_revision = "0014", "0015"


def upgrade() -> None:
    """Papers of before have no basis; they can't be made again, only read."""
    number = BigInteger().with_variant(Integer(), "sqlite")
    op.create_table(
        "corrections",
        Column("id", number, primary_key=True, autoincrement=False),
        *(Column(name, Text, nullable=False) for name in ("kind", "subject", "value", "since", "office", "document")),
        Column("dated", Text),
        *(Column(name, Text, nullable=False) for name in ("origin", "entered_at", "clerk_no")),
        Column("removed_at", Text),
        Column("seal", LargeBinary, nullable=False),
    )
    op.create_index("corrections_by_subject", "corrections", ["kind", "subject", "since"])
    op.create_table(
        "paper_bases",
        Column("serial", Text, ForeignKey("documents.serial"), primary_key=True),
        Column("basis", Text, nullable=False),
        Column("seal", LargeBinary, nullable=False),
        sqlite_with_rowid=False,
    )
