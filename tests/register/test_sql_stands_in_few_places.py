"""Issue 12: statements are SQLAlchemy Core's. SQL as text stands where the engines differ, and in steps of the schema."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pinggu_desk.register

HOUSE = Path(str(pinggu_desk.register.__file__)).parent
#: the engines' own doors (PRAGMA, SHOW, grants), what differs in SQL, steps of the schema, a file that no
#: server has (outbox), and what asks SQLite for the structure it has
ALLOWED = ("dialects/", "engines/", "migrations/", "database.py", "outbox.py", "structure.py")
_SQL = re.compile(
    r"\s*(?:SELECT\s|INSERT\s+(?:OR\s+\w+\s+)?INTO\s|UPDATE\s+\w+\s+SET\s|DELETE\s+FROM\s|CREATE\s+(?:TABLE|INDEX|VIRTUAL)\b)"
)


def texts(path: Path) -> Iterator[tuple[int, str]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.lineno, node.value


def test_sql_as_text_stands_in_few_places() -> None:
    found = [
        f"{path.relative_to(HOUSE)}:{line} {text[:60]}"
        for path in sorted(HOUSE.rglob("*.py"))
        if not str(path.relative_to(HOUSE).as_posix()).startswith(ALLOWED)
        for line, text in texts(path)
        if _SQL.match(text)
    ]
    assert found == []
    differing = sorted(path.name for path in (HOUSE / "dialects").glob("*.py") if path.name != "__init__.py")
    assert differing == ["locking.py", "search.py"], "what the engines say differently lies in two small modules"
