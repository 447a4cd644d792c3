"""The bundled pack and its engine, read once a process and shared by every test: neither is ever written to."""

from __future__ import annotations

from functools import cache

from pinggu_desk.assess.engine import Engine
from pinggu_desk.policy.models import Pack
from pinggu_desk.policy.pack import load_pack


@cache
def pack() -> Pack:
    """The pack, from its sources."""
    return load_pack()


@cache
def engine() -> Engine:
    """Its engine; whatever it learns while it works is the same for every test."""
    return Engine(pack())
