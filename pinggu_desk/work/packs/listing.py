"""``pack list``: what is installed, which one serves, and who signed it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pinggu_desk.work.packs.store import PackStore


def pack_rows(store: PackStore) -> list[dict[str, Any]]:
    """A row a pack, the program's own first: version, edition, day, title, by whom it is signed, whether it serves."""
    from pinggu_desk.documents.proof.keys import PublicKey
    from pinggu_desk.policy.pack import version_of
    from pinggu_desk.policy.resources import resource_root

    known = {key.public: key for key in store.trusted()}
    now = store.now()
    built_in = version_of(resource_root())
    rows: list[dict[str, Any]] = [
        {"version": built_in, "edition": built_in.split("+", 1)[0], "day": "", "title": "程序自带", "signed": "随程序",
         "name": "", "serves": now is None}
    ]  # fmt: skip
    for one in store.all():
        if one.signer is None and one.manifest.version == built_in:
            continue
        signed = known.get(one.signer, PublicKey(one.signer)).words if one.signer is not None else "随以前的程序"
        rows.append({
            "version": one.manifest.version, "edition": one.manifest.edition, "day": one.manifest.day.isoformat(),
            "title": one.manifest.title, "signed": signed, "name": one.name,
            "serves": now is not None and now.name == one.name,
        })  # fmt: skip
    return rows
