"""What was signed off (已审签): sentence by sentence, who agreed to its rule and when, beside the policy (``signed.yaml``).

Each entry carries the print (印) of what was read: the sentence and what the rules made of it. Another print now means that one of
them was changed since, and the signature stands for it no more.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path as FilePath
from typing import Literal

from pydantic import Field, ValidationError

from pinggu_desk.policy.errors import BadPack, Diagnostic
from pinggu_desk.policy.facts import Strict
from pinggu_desk.policy.reader import Source

FILE_NAME = "signed.yaml"
Opinion = Literal["同意", "不同意"]


class Signature(Strict):
    """One sentence as it was signed: ``words`` are what was written beside it."""

    clause: str = Field(alias="句")
    stamp: str = Field(alias="印", pattern=r"^[0-9a-f]{8}$")
    opinion: Opinion = Field(alias="意见")
    by: str = Field(alias="人", min_length=1)
    on: date = Field(alias="日")
    words: str = Field(alias="话", default="")


@dataclass(frozen=True, slots=True)
class Standing:
    """How a policy stands: sentences agreed to, not agreed to, changed since, and never signed."""

    agreed: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    unsigned: tuple[str, ...] = ()
    told: Mapping[str, Signature] = field(default_factory=dict)

    @property
    def words(self) -> str:
        """``已签 20 句，不同意 1 句（tztc.2b），签后有改动 2 句（…），未签 0 句``."""
        parts = [f"已签 {len(self.agreed)} 句"]
        for name, clauses in (("不同意", self.refused), ("签后有改动", self.changed)):
            parts += [f"{name} {len(clauses)} 句（{'、'.join(clauses)}）"] if clauses else []
        return "，".join([*parts, f"未签 {len(self.unsigned)} 句"])


def read_signatures(root: FilePath, policy: str) -> tuple[Signature, ...]:
    """The signatures of one policy; none where nobody signed yet. Raises BadPack for a file of another shape."""
    name = f"policies/{policy}/{FILE_NAME}"
    if not (root / name).is_file():
        return ()
    source = Source(root, name)
    found = source.read()
    out: list[Signature] = []
    for index, raw in enumerate(source.data if isinstance(source.data, list) else ()):
        try:
            out.append(Signature.model_validate(raw))
        except ValidationError:
            found.append(source.found("bad-entry", (index,), f"第 {index + 1} 条审签应写明句、印、意见、人、日。"))
    if not found and not isinstance(source.data, list):
        found = [Diagnostic("bad-entry", name, 0, "审签应逐句写成列表。")]
    if found:
        raise BadPack(found)
    return tuple(out)


def standing(signatures: Iterable[Signature], now: Mapping[str, str]) -> Standing:
    """How the signatures stand beside the sentences' prints of today (clause to print); a later signature replaces an earlier."""
    last = {one.clause: one for one in sorted(signatures, key=lambda one: one.on)}
    groups: dict[str, list[str]] = {"agreed": [], "refused": [], "changed": [], "unsigned": []}
    for clause, stamp in now.items():
        one = last.get(clause)
        if one is None:
            groups["unsigned"].append(clause)
        elif one.stamp != stamp:
            groups["changed"].append(clause)
        else:
            groups["agreed" if one.opinion == "同意" else "refused"].append(clause)
    return Standing(**{name: tuple(clauses) for name, clauses in groups.items()}, told=last)


def as_yaml(policy: str, signatures: Iterable[Signature]) -> str:
    """The file as a person would write it: one sentence a line."""
    head = f"# {policy} 的审签：逐句由谁在哪天审定；印是当时原文和规则的校验值，与现在的不同即签后有改动。\n"
    lines = (
        f"- {{句: {one.clause}, 印: '{one.stamp}', 意见: {one.opinion}, 人: {_quoted(one.by)}, 日: {one.on.isoformat()}"
        + (f", 话: {_quoted(one.words)}" if one.words else "")
        + "}\n"
        for one in signatures
    )
    return head + "".join(lines)


def _quoted(text: str) -> str:
    """A text as YAML's double-quoted scalar, on one line."""
    plain = " ".join(text.split()).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{plain}"'
