"""How often each table's sum was changed: an earlier sum that is copied back with its rows is known by that.

Nought is one of before; its seal is without the version, that of every later one with it.
"""

from __future__ import annotations

from alembic import op
from sqlalchemy import BigInteger, Column, Integer

revision, down_revision = "0018", "0017"


def upgrade() -> None:
    """Each counts from its next change on."""
    kind = BigInteger().with_variant(Integer(), "sqlite")
    op.add_column("tallies", Column("version", kind, nullable=False, server_default="0"))
