"""psycopg as the modules here take it, also in the packaged folder, which carries no TLS of Python's own.

psycopg's library has its own OpenSSL and asks Python for ``ssl`` only to set up one that both might share.
"""

from __future__ import annotations

import sys
from importlib.util import find_spec
from types import ModuleType

if find_spec("_ssl") is None:
    import asyncio  # noqa: F401 - first, since it asks whether there is an ``ssl`` and must hear that there is none

    sys.modules["ssl"] = ModuleType("ssl")
    try:
        import psycopg
    finally:
        del sys.modules["ssl"]
else:
    import psycopg

from psycopg import errors, sql

__all__ = ["errors", "psycopg", "sql"]
