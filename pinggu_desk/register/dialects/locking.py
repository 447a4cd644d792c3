"""How writers wait for each other on PostgreSQL (a SQLCipher file has one writer at a time by itself)."""

from __future__ import annotations

from sqlalchemy import BindParameter, bindparam, func, select

#: the lock of whoever writes, and that of whoever changes the tables or the key slots: any numbers, but always these
WRITER, KEEPER, UPGRADER, MAKER, PRESENT, LOOKER = 7093011, 7093012, 7093013, 7093014, 7093015, 7093016
#: what each connection is told: a COMMIT waits for the disk; nobody waits for ever, nor holds the others up; tables are those that were
#: made ready, whatever schema the account or the database has been told to look into first
SETTINGS = (
    "-c synchronous_commit=on -c lock_timeout=5s -c statement_timeout=60s -c idle_in_transaction_session_timeout=30s"
    " -c default_transaction_isolation=read\\ committed -c timezone=UTC -c search_path=public"
)
BEGIN = f"BEGIN; SELECT pg_advisory_xact_lock({WRITER})"
BEGIN_UPGRADE = f"BEGIN; SELECT pg_advisory_xact_lock({UPGRADER})"
SNAPSHOT = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
HOLD_KEYS, LET_KEYS_GO = f"SELECT pg_advisory_lock({KEEPER})", f"SELECT pg_advisory_unlock({KEEPER})"
HOLD_PLACE, LEAVE_PLACE = f"SELECT pg_advisory_lock({MAKER})", f"SELECT pg_advisory_unlock({MAKER})"
#: each open window holds a share of this lock: whoever could have it whole is the only one
ALONE, PRESENCE = f"SELECT pg_try_advisory_lock({PRESENT})", f"SELECT pg_advisory_lock_shared({PRESENT})"
NOT_ALONE = f"SELECT pg_advisory_unlock({PRESENT})"
#: of a window that closes: its share and its turns are free before it is gone, not when the server has noticed
LEAVE_ALL = "SELECT pg_advisory_unlock_all()"
#: the window that looks the whole register over for all of them
LOOK, LEAVE_LOOKING = f"SELECT pg_try_advisory_lock({LOOKER})", f"SELECT pg_advisory_unlock({LOOKER})"
#: of a transaction that takes or brings a whole register: it may take as long as it does
UNHURRIED = "SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0"
#: what the server's clock says, in seconds since 1970
CLOCK = "SELECT extract(epoch FROM clock_timestamp())::float8"
_NAME: BindParameter[str] = bindparam("name")
#: wait for whoever asked for the same name first, until this transaction's end
WAIT = select(func.pg_advisory_xact_lock(func.hashtextextended(_NAME, 0)))
