"""What an editor is told of a pack's files: every file of the pack is right by it, and a slip in one is not."""

from __future__ import annotations

import copy
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from pinggu_desk.policy.build import _BENEFIT_KEYS, _KEYS
from pinggu_desk.policy.resources import resource_root
from pinggu_desk.policy.schema import BENEFIT, POLICY, schemas
from pinggu_desk.policy.shapes import CONDITIONS, QUANTITIES
from pinggu_desk.policy.surface import _FORMS, SurfaceError, read_condition, read_quantity
from tests.bundled import pack


@cache
def validator(name: str) -> Draft202012Validator:
    return Draft202012Validator(schemas(pack())[name])


def _plain(data: Any) -> Any:
    """As an editor sees it: days are text, and keys too."""
    if isinstance(data, dict):
        return {str(key): _plain(value) for key, value in data.items()}
    if isinstance(data, list):
        return [_plain(item) for item in data]
    return data.isoformat() if isinstance(data, date) else data


def _load(path: Path) -> Any:
    return _plain(yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader))


def test_every_file_of_the_pack_is_right_by_its_schema_and_none_is_without_one() -> None:
    root = resource_root()
    files = [*root.glob("*.yaml"), *root.glob("policies/*/policy.yaml"), *root.glob("policies/*/cases.yaml")]
    assert len(files) > 50
    wrong = [
        f"{path.relative_to(root)} {list(error.absolute_path)}: {error.message[:200]}"
        for path in files
        for error in validator(path.name).iter_errors(_load(path))
    ]
    assert wrong == []


def test_schema_and_reader_know_the_same_keys_and_forms() -> None:
    assert (set(POLICY), set(BENEFIT)) == (_KEYS, _BENEFIT_KEYS)
    assert list(QUANTITIES) == list(_FORMS)


@pytest.mark.parametrize("shape", [*QUANTITIES.values(), *CONDITIONS.values()], ids=lambda shape: shape.example[:12])
def test_the_example_of_each_form_is_read_and_right(shape: Any) -> None:
    """The example that an officer sees under the pointer, and in the manual, is one that the reader takes."""
    data, is_condition = yaml.safe_load(shape.example), shape in CONDITIONS.values()
    read = read_condition if is_condition else read_quantity
    read(data, ("xx.1",), ())
    place = {"条件": data, "给予": "10万元"} if is_condition else {"给予": data}
    policy = {"政策": "xx", "已知自": "2026-01-01", "事项": [{"事项": "甲", "代号": "a", "依据": "xx.1", **place}]}
    assert [e.message for e in validator("policy.yaml").iter_errors(policy)] == []
    for key in shape.needs:
        less = {k: v for k, v in data.items() if k != key}
        with pytest.raises(SurfaceError):
            read(less or {"": ""}, ("xx.1",), ())


def _places(data: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Where keys stand that the rules know: in benefits, general conditions and limits, not under free names."""
    if isinstance(data, list):
        return [place for i, item in enumerate(data) for place in _places(item, (*path, i))]
    if not isinstance(data, dict):
        return []
    own = [(*path, key) for key in data if key in BENEFIT or key in POLICY]
    return own + [
        place for key, item in data.items() if key in ("事项", "总则", "限额") for place in _places(item, (*path, key))
    ]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_a_misspelt_key_is_marked_in_the_editor(data: st.DataObject) -> None:
    raw = _load(resource_root() / "policies/zxqy/policy.yaml")
    place = data.draw(st.sampled_from(_places(raw)))
    wrong = copy.deepcopy(raw)
    holder = wrong
    for part in place[:-1]:
        holder = holder[part]
    holder[f"{place[-1]}甲"] = holder.pop(place[-1])
    assert list(validator("policy.yaml").iter_errors(wrong))


def test_names_of_facts_come_with_their_questions() -> None:
    """Completion and hover: a fact's name is offered where a condition's line begins, and its question told."""
    fact = next(iter(pack().facts.values()))
    block = schemas(pack())["policy.yaml"]["$defs"]["条件"]["anyOf"][-1]
    assert block["properties"][fact.name]["description"] == fact.question
    assert "zxqy.2.1" in str(schemas(pack())["policy.yaml"]["$defs"]["依据"])
    assert fact.name not in str(schemas()["policy.yaml"])
