"""What a paper says, whenever and under whatever number: two of the same content, on one day, are the same paper twice."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pinggu_desk.documents.matchvisit import MatchVisit
    from pinggu_desk.documents.visit import Visit

#: number, moment and who was at the window say nothing of the matter; a fact's definition is the pack's, which is named
_BESIDE = frozenset({"serial", "replaces", "printed_at", "clerk", "window", "facts", "basis", "anchor"})

#: what papers had no word of at first: without it they are what they were
_SINCE = frozenset({"version", "ahead", "redialled", "lasts"})


def content_digest(paper: str, visit: Visit, *, found: MatchVisit | None = None, form: str = "") -> str:
    """A digest of everything that a paper of this kind is made of; ``form`` is that of the form that a sheet is filled into."""
    said = _said(visit)
    match = None
    if found is not None:  # what is not printed one by one (refusals, the best bundle) follows from these
        match = [found.match.answers, found.match.subject, found.match.mentioned]
    whole = [paper, visit.printed_at.date(), said, match, form]
    return hashlib.sha256(json.dumps(_plain(whole), ensure_ascii=False).encode("utf-8", "replace")).hexdigest()


def _said(visit: Visit) -> dict[str, Any]:
    """A visit's own fields, and of one over several policies (``parts``) those of each."""
    said = {one.name: getattr(visit, one.name) for one in fields(visit) if one.name not in _BESIDE}
    said = {name: value for name, value in said.items() if value or name not in _SINCE}
    return said | {"parts": [_said(part) for part in visit.parts]}


def _plain(value: Any) -> Any:
    """In one form only: records by their fields, sets in order, days as text."""
    if is_dataclass(value) and not isinstance(value, type):
        return {one.name: _plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, Mapping):
        return [[str(key), _plain(one)] for key, one in sorted(value.items(), key=lambda item: str(item[0]))]
    if isinstance(value, (set, frozenset)):
        return sorted(str(_plain(one)) for one in value)
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    if isinstance(value, (date, Decimal)):
        return str(value)
    if value is None or isinstance(value, (str, int, bool)):
        return value
    raise TypeError(f"a paper's content has a {type(value).__name__}, which has no one form")
