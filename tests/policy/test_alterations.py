"""One small alteration in a copy of the pack, for each policy: of its text, of a bound, of a citation; the check goes red and says where.

The places are chosen by the pack itself, always the same ones, so that a new policy is held to this without a line here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from pinggu_desk.policy import forms as f
from pinggu_desk.policy.errors import Diagnostic
from pinggu_desk.policy.models import Pack, Policy
from pinggu_desk.policy.quantity import Quantity
from pinggu_desk.policy.reader import Source
from pinggu_desk.policy.resources import resource_root
from pinggu_desk.policy.roots import roots
from pinggu_desk.work.checking import check_everything
from tests import bundled


@cache
def pack() -> Pack:
    return bundled.pack()


EVERY = sorted(pack().policies)


def altered(tmp_path: Path, name: str, content: str) -> list[Diagnostic]:
    """What the check finds in the pack with one file's content replaced; all else is the pack's own files."""
    root = tmp_path / "pack"
    for path in (*resource_root().glob("*.yaml"), *resource_root().glob("policies/*/*")):
        copy = root / path.relative_to(resource_root())
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.symlink_to(path)
    (root / name).unlink()
    (root / name).write_text(content, encoding="utf-8")
    return list(check_everything(root).findings)


def replaced(content: str, line: int, old: str, new: str) -> str:
    """``content`` with ``old`` replaced once on a line, counted from 1."""
    lines = content.splitlines(keepends=True)
    assert old in lines[line - 1], (line, lines[line - 1], old)
    lines[line - 1] = lines[line - 1].replace(old, new, 1)
    return "".join(lines)


def source_of(policy: str) -> Source:
    source = Source(resource_root(), f"policies/{policy}/policy.yaml")
    assert source.read() == []
    return source


# --- one character of the text --------------------------------------------------------------------------------------


@pytest.mark.parametrize("policy", EVERY)
def test_one_character_of_a_text(tmp_path: Path, policy: str) -> None:
    """A Han character in the middle of the middle sentence becomes another."""
    sentences = [
        s for s in pack().policies[policy].sentences if not s.heading and re.search("[\u4e00-\u9fff]{4}", s.words)
    ]
    sentence = sentences[len(sentences) // 2]
    middle = [m.start() for m in re.finditer("[\u4e00-\u9fff]", sentence.words)]
    at = middle[len(middle) // 2]
    changed = f"{sentence.words[:at]}{'鑫' if sentence.words[at] != '鑫' else '淼'}{sentence.words[at + 1 :]}"
    name = f"policies/{policy}/text.md"
    content = (resource_root() / name).read_text(encoding="utf-8")
    found = altered(tmp_path, name, replaced(content, sentence.line, sentence.words, changed))
    assert [(d.code, d.file, d.line) for d in found] == [("changed-sentence", name, sentence.line)]
    assert f"“{sentence.id}”" in found[0].sentence


# --- one bound of a rule --------------------------------------------------------------------------------------------


def quantities(node: object) -> tuple[Quantity, ...]:
    match node:
        case f.Lit():
            return (node.quantity,)
        case f.Share():
            return (node.rate,)
        case f.Since():
            return (node.term,)
        case _:
            return ()


def bounds(policy: Policy, source: Source) -> Iterator[tuple[int, str]]:
    """The figures that the rules of a policy state, each with its line in policy.yaml.

    Not those that say when a reading is told (口径的当、不符合当): they are of the reading that isn't taken, and stand in no sentence.
    """
    lines = source.text.splitlines()
    told = {id(when) for benefit in policy.benefits for _, when in (*benefit.told_when, *benefit.doubted_when)}
    for root, _, _ in roots(policy):
        if id(root) in told:
            continue
        for node in f.walk(root):
            for quantity in quantities(node):
                line = source.line(node.path)
                if quantity.value and lines[line - 1].count(quantity.text) == 1:
                    yield line, quantity.text


def next_to(text: str) -> str:
    """The same quantity with its first digit one higher: 500万元 → 600万元, 9% → 8%."""
    digit = text[0]
    return f"{'8' if digit == '9' else int(digit) + 1}{text[1:]}"


WITH_BOUNDS = [policy for policy in EVERY if any(True for _ in bounds(pack().policies[policy], source_of(policy)))]


@pytest.mark.parametrize("policy", WITH_BOUNDS)
def test_one_bound_of_a_rule(tmp_path: Path, policy: str) -> None:
    source = source_of(policy)
    every = list(bounds(pack().policies[policy], source))
    line, text = every[len(every) // 2]
    found = altered(tmp_path, source.name, replaced(source.text, line, text, next_to(text)))
    # where the new figure happens to be in the sentence as well, it is the old one that nothing accounts for any more
    old = re.match(r"[0-9.]+", text)
    assert old is not None
    assert any(
        (d.file, d.line) == (source.name, line) or (d.code == "number-unaccounted" and f"“{old[0]}" in d.sentence)
        for d in found
    ), [str(d) for d in found]
    assert all(d.file.startswith(f"policies/{policy}/") for d in found)


@pytest.mark.parametrize("policy", sorted(set(EVERY) - set(WITH_BOUNDS)))
def test_one_character_of_a_condition_where_no_rule_has_a_bound(tmp_path: Path, policy: str) -> None:
    """A policy without figures in its rules: the name of what its first condition looks at loses a character."""
    source, ruled = source_of(policy), pack().policies[policy]
    names = [node for root, is_condition, _ in roots(ruled) if is_condition for node in f.walk(root)
             if isinstance(node, f.Name) and node.name in pack().facts]  # fmt: skip
    node = names[len(names) // 2]
    line = source.line(node.path)
    found = altered(tmp_path, source.name, replaced(source.text, line, node.name, node.name[:-1]))
    named = [d for d in found if f"“{node.name[:-1]}”" in d.sentence]
    assert {(d.code, d.file, d.line) for d in named} == {("unknown-name", source.name, line)}, [str(d) for d in found]


# --- one citation ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("policy", EVERY)
def test_one_citation_that_leads_nowhere(tmp_path: Path, policy: str) -> None:
    source, benefits = source_of(policy), pack().policies[policy].benefits
    benefit = benefits[len(benefits) // 2]
    line = source.line((*benefit.path, "依据"))
    nowhere = f"{policy}.99"
    found = altered(tmp_path, source.name, replaced(source.text, line, benefit.clause, nowhere))
    mine = [d for d in found if d.code == "unknown-clause"]
    assert [(d.file, d.line) for d in mine] == [(source.name, line)], [str(d) for d in found]
    assert f"“{nowhere}”" in mine[0].sentence


@pytest.mark.parametrize("policy", EVERY)
def test_one_citation_of_a_sentence_that_gives_nothing(tmp_path: Path, policy: str) -> None:
    """A benefit cites a sentence that is procedure: it exists, and still the ledger does not close."""
    source, ruled = source_of(policy), pack().policies[policy]
    benefit = ruled.benefits[len(ruled.benefits) // 2]
    other = [clause for clause, claim in ruled.ledger.items() if claim.claim in ("程序", "非窗口")][-1]
    line = source.line((*benefit.path, "依据"))
    found = altered(tmp_path, source.name, replaced(source.text, line, benefit.clause, other))
    named = [d for d in found if f"“{other}”" in d.sentence]
    assert [d.code for d in named] == ["unclaimed-sentence"], [str(d) for d in found]
    assert (named[0].file, named[0].line) == (source.name, source.line(("台账", other)))
