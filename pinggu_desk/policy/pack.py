"""Loading a pack (政策包): ``resources/`` in, a checked :class:`Pack` out, or every diagnostic that was found."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path as FilePath
from typing import TypeVar

from pydantic import ValidationError

from pinggu_desk.policy.areas import AreaParameter, spread, with_areas
from pinggu_desk.policy.build import PolicyBuilder, _place, _why
from pinggu_desk.policy.check import check_pack
from pinggu_desk.policy.columns import ColumnWords, read_columns
from pinggu_desk.policy.dates import Calendar
from pinggu_desk.policy.district import NEUTRAL, District, check_district, read_district
from pinggu_desk.policy.errors import BadInput, BadPack, DeskError, Diagnostic
from pinggu_desk.policy.facts import Fact, Strict
from pinggu_desk.policy.forms import Path
from pinggu_desk.policy.matters import FILE_NAME as MATTERS
from pinggu_desk.policy.matters import Matters, read_matters
from pinggu_desk.policy.matters import empty as no_matters
from pinggu_desk.policy.models import Consistency, Pack, Policy
from pinggu_desk.policy.overlaps import Overlap
from pinggu_desk.policy.reader import DAMAGE, Source, read_text
from pinggu_desk.policy.readings import Reading
from pinggu_desk.policy.resources import DISTRICT, pack_root
from pinggu_desk.policy.surface import SurfaceError, read_condition
from pinggu_desk.policy.things import spread_things, with_things
from pinggu_desk.policy.usual import Usual, read_usual, with_usual
from pinggu_desk.policy.versions import Family, Version, check_versions
from pinggu_desk.policy.workdays import read_calendar

_Model = TypeVar("_Model", bound=Strict)
_T = TypeVar("_T")


def load_pack(root: FilePath | None = None) -> Pack:
    """Load and check the pack under ``root`` (default: the pack in use).

    Raises BadPack with every diagnostic (named, with file and line) when anything is wrong with it, BadInput where the
    folder holds no pack.
    """
    root = root or pack_root()
    try:
        pack, found = read_pack(root)
    except OSError as error:
        lacking = FilePath(error.filename or root).name
        raise BadInput(f"“{root}”里没有政策包（读不到“{lacking}”），请选择政策包的 resources 文件夹。") from None
    found = found or cross_check(pack, root)
    if found:
        raise BadPack([diagnostic for diagnostic, _ in zip(found, range(200), strict=False)])
    return pack


def version_of(root: FilePath) -> str:
    """The version of the pack under ``root`` without reading its rules: the edition, and a digest of its files."""
    return f"{read_district(root, []).edition}+{_digest(root)}"


def cross_check(pack: Pack, root: FilePath | None = None) -> list[Diagnostic]:
    """``check_pack``, also over a pack whose parts are of no shape that it knows."""
    found: list[Diagnostic] = []
    found += _guarded("policies", found, lambda: check_pack(pack, root), [])
    if not found:
        policies = {policy.id: (policy.source, policy.department) for policy in pack.all_policies()}
        found += check_district(pack.district, policies, pack.facts, root or pack_root())
    return found


def _guarded(name: str, found: list[Diagnostic], make: Callable[[], _T], empty: _T) -> _T:
    """What ``make`` makes of a file; damage of a kind that nobody thought of is a diagnostic of the file, too."""
    try:
        return make()
    except DeskError as error:
        found.append(Diagnostic("bad-entry", name, 0, error.sentence))
    except DAMAGE:
        found.append(
            Diagnostic(
                "bad-entry", name, 0, "内容的写法不对（少了一层、多了一层或放错了地方），请对照可用的政策包核对。"
            )
        )
    return empty


def read_pack(root: FilePath) -> tuple[Pack, list[Diagnostic]]:
    """Read the files of a pack without cross-checking them; what could not be read is among the diagnostics."""
    found: list[Diagnostic] = []
    names = ("facts", "readings", "parameters", "workdays", "consistency", "overlaps")
    sources = {name: Source(root, f"{name}.yaml") for name in names}
    for source in sources.values():
        found.extend(source.read())

    def models(name: str, model: type[_Model]) -> list[_Model]:
        return _guarded(f"{name}.yaml", found, lambda: _models(sources[name], model, found), [])

    facts = {fact.name: fact for fact in models("facts", Fact)}
    usual: list[Usual] = []
    usual = _guarded("usual.yaml", found, lambda: _usual(root, found), usual)
    facts = _guarded("facts.yaml", found, lambda: with_usual(facts, usual, sources["facts"], found), facts)
    written = facts

    def refuse(path: Path, words: str) -> None:
        found.append(sources["facts"].found("bad-list", path, words))

    facts = _guarded("facts.yaml", found, lambda: spread_things(written, refuse), facts)
    readings = {reading.id: reading for reading in models("readings", Reading)}
    outside = models("parameters", AreaParameter)
    parameters = spread(
        outside, facts, lambda at, words: found.append(sources["parameters"].found("bad-parameter", (at,), words))
    )
    district = _guarded(DISTRICT, found, lambda: read_district(root, found), NEUTRAL)
    versions = [
        replace(version, policy=with_areas(version.policy, outside))
        for version in _versions(root, district, written, found)
    ]
    gone = not versions and not found
    found += check_versions([version.policy for version in versions])
    policies = {version.policy.id: version.policy for version in versions}
    everything = facts | {name: fact for version in versions for name, fact in version.facts.items()}
    consistency: list[Consistency] = []
    consistency = _guarded("consistency.yaml", found, lambda: _consistency(sources["consistency"], found), consistency)
    calendar = _guarded("workdays.yaml", found, lambda: read_calendar(sources["workdays"], found), Calendar(()))
    pack = Pack(
        version=f"{district.edition}+{_digest(root)}", policies=policies, facts=facts, readings=readings, parameters=parameters,
        calendar=calendar, fact_ids={fact.id: fact.name for fact in facts.values()},
        consistency=tuple(consistency), overlaps=tuple(models("overlaps", Overlap)),
        district=district,
        columns=_guarded("columns.yaml", found, lambda: _columns(root, everything, found), ColumnWords()),
        matters=_guarded(MATTERS, found, lambda: _matters(root, everything, [v.policy for v in versions], found), no_matters()),
    )  # fmt: skip
    if gone:  # everything else follows from that
        found = [Diagnostic("no-policy", "policies", 0, "policies 文件夹里没有一项政策，请放进至少一项。")]
    if len(policies) < len(versions):
        by: dict[str, list[Version]] = {}
        for version in versions:
            by.setdefault(version.policy.id, []).append(version)
        pack = Family(pack, by).at(date.today())
    return pack, found


def _models(source: Source, model: type[_Model], found: list[Diagnostic]) -> list[_Model]:
    out: list[_Model] = []
    names: set[str] = set()
    for index, raw in enumerate(source.data or ()):
        try:
            item = model.model_validate(raw)
        except ValidationError as error:
            found.append(source.found("bad-entry", (index, *_place(error)), f"第 {index + 1} 项{_why(error)}。"))
            continue
        for key in {getattr(item, "name", ""), item.id} - {""}:  # type: ignore[attr-defined]
            if key in names:
                found.append(source.found("duplicate-name", (index,), f"名称或代号“{key}”用了两次。"))
            names.add(key)
        out.append(item)
    return out


def _columns(root: FilePath, facts: dict[str, Fact], found: list[Diagnostic]) -> ColumnWords:
    """The words for a list's columns; a pack made before there were any has none."""
    if not (root / "columns.yaml").is_file():
        return ColumnWords()
    source = Source(root, "columns.yaml")
    found.extend(source.read())
    return read_columns(source, facts, found)


def _matters(root: FilePath, facts: dict[str, Fact], policies: list[Policy], found: list[Diagnostic]) -> Matters:
    """The matters of 来访先问; a pack made before there were any has none."""
    if not (root / MATTERS).is_file():
        return no_matters()
    source = Source(root, MATTERS)
    wrong = source.read()
    found.extend(wrong)
    return no_matters() if wrong else read_matters(source, facts, policies, found)


def _usual(root: FilePath, found: list[Diagnostic]) -> list[Usual]:
    """The usual ranges by kind; a pack made before there were any has none."""
    if not (root / "usual.yaml").is_file():
        return []
    source = Source(root, "usual.yaml")
    found.extend(source.read())
    return read_usual(source, found)


def _consistency(source: Source, found: list[Diagnostic]) -> list[Consistency]:
    out: list[Consistency] = []
    for index, raw in enumerate(source.data or ()):
        try:
            cite = tuple(raw["依据"])
            if raw.get("级", "提示") != "提示":
                found.append(source.found("unknown-option", (index, "级"), "校核的“级”只能写“提示”，或者不写。"))
            condition = read_condition(raw["条件"], cite, (index, "条件"))
            out.append(Consistency(raw["名"], tuple(raw["填报项"]), condition, raw["句"], "级" in raw))
        except SurfaceError as error:
            found.append(source.found(error.code, error.path, error.sentence))
        except (KeyError, TypeError):
            found.append(source.found("missing-part", (index,), "校核应写明名、依据、填报项、条件、句。"))
    return out


def _versions(root: FilePath, district: District, written: dict[str, Fact], found: list[Diagnostic]) -> list[Version]:
    """Every version of every policy; most have one, in a folder of the policy's name, others ``<id>@<day>`` beside it."""
    out: list[Version] = []
    folders = sorted(
        (root / "policies").iterdir(), key=lambda p: (_rank(district.order, p.name.partition("@")[0]), p.name)
    )
    for folder in folders:
        if not (folder / "policy.yaml").is_file():
            continue
        source = Source(root, f"policies/{folder.name}/policy.yaml")
        found.extend(source.read())
        text, wrong = read_text(root, f"policies/{folder.name}/text.md")
        found.extend(wrong)
        if source.data is None:
            continue
        builder = PolicyBuilder(source, text, district.basis(text.source))
        policy = _guarded(source.name, found, builder.build, None)
        found.extend(builder.found)
        if policy is not None:
            facts = {fact.name: fact for fact in _own(root, folder.name, "facts", Fact, found)}

            def refuse(path: Path, words: str, source: Source = source) -> None:
                found.append(source.found("bad-list", path, words))

            policy = with_things(policy, written | facts, refuse)
            facts = _spread(facts, f"policies/{folder.name}/facts.yaml", found)
            readings = {one.id: one for one in _own(root, folder.name, "readings", Reading, found)}
            out.append(Version(policy, facts, readings))
    return out


def _spread(facts: dict[str, Fact], file: str, found: list[Diagnostic]) -> dict[str, Fact]:
    return spread_things(facts, lambda _path, words: found.append(Diagnostic("bad-list", file, 0, words)))


def _own(root: FilePath, folder: str, name: str, model: type[_Model], found: list[Diagnostic]) -> list[_Model]:
    """The facts or readings that only one version has, from its own folder."""
    file = f"policies/{folder}/{name}.yaml"
    if not (root / file).is_file():
        return []
    source = Source(root, file)
    found.extend(source.read())
    return _guarded(file, found, lambda: _models(source, model, found), [])


def _rank(order: tuple[str, ...], policy_id: str) -> int:
    """The place of a policy in the district's order; those that it doesn't name follow by name."""
    return order.index(policy_id) if policy_id in order else len(order)


def _digest(root: FilePath) -> str:
    sha = hashlib.sha256()
    for path in sorted(
        [
            *root.glob("*.yaml"),
            *root.glob("policies/*/policy.yaml"),
            *root.glob("policies/*/text.md"),
            *root.glob("policies/*/facts.yaml"),
            *root.glob("policies/*/readings.yaml"),
        ]
    ):
        sha.update(path.relative_to(root).as_posix().encode())
        sha.update(b"\0")
        sha.update(path.read_bytes())
    return sha.hexdigest()[:8]
