"""A version of each row that two windows may change, so that the later change is not made on what nobody has seen.

Nought is a row of before; its seal is without the version, that of every later one with it.
"""

from __future__ import annotations

from alembic import op
from sqlalchemy import BigInteger, Column, Integer

revision, down_revision = "0009", "0008"


def upgrade() -> None:
    """Nobody has changed them yet."""
    for table in ("cases", "applicants", "awards", "parameters"):
        kind = BigInteger().with_variant(Integer(), "sqlite")
        op.add_column(table, Column("version", kind, nullable=False, server_default="0"))
