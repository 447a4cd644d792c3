"""Cross-checks of a loaded pack: names, units, citations, tables, limits; each finding a named diagnostic.

The ledger between rules and text is in ``policy.ledger``; checks that need the evaluator are in ``assess.soundness``.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path as FilePath
from typing import TYPE_CHECKING

from pinggu_desk.policy import forms as f
from pinggu_desk.policy.earlier import classified
from pinggu_desk.policy.errors import Diagnostic
from pinggu_desk.policy.facts import PRIOR, Fact
from pinggu_desk.policy.forms import Cond, Expr, Path
from pinggu_desk.policy.ledger import check_ledger
from pinggu_desk.policy.lines import Lines
from pinggu_desk.policy.models import Definition, Limit, Pack, Policy
from pinggu_desk.policy.outside import check_parameters
from pinggu_desk.policy.quantity import Dim, parse_quantity
from pinggu_desk.policy.readings import swapped
from pinggu_desk.policy.roots import only_taken_off, roots
from pinggu_desk.policy.scope import Scope, ScopeError

if TYPE_CHECKING:
    from pinggu_desk.policy.reader import Source


class Findings:
    """Collects diagnostics for one policy's file; lines are looked up only when something is found."""

    def __init__(self, root: FilePath, folder: str) -> None:
        self._root, self._name = root, f"policies/{folder}/policy.yaml"
        self._source: Source | None = None
        self.items: list[Diagnostic] = []

    def add(self, code: str, path: Path, sentence: str) -> None:
        """Note a finding at a place of ``policy.yaml``."""
        if self._source is None:
            from pinggu_desk.policy.reader import Source

            self._source = Source(self._root, self._name)
        self.items.append(self._source.found(code, path, sentence))

    def add_text(self, code: str, line: int, sentence: str) -> None:
        """Note a finding at a line of ``text.md``."""
        self.items.append(Diagnostic(code, self._name.replace("policy.yaml", "text.md"), line, sentence))


def check_pack(pack: Pack, root: FilePath | None = None) -> list[Diagnostic]:
    """Everything that is wrong with a pack that could be read, in file order."""
    from pinggu_desk.policy.resources import pack_root

    root = root or pack_root()
    out: list[Diagnostic] = []
    eras = pack.every()
    for era, policy in _each(eras):
        findings = Findings(root, policy.folder)
        _check_policy(era, policy, findings)
        out.extend(findings.items)
        if not findings.items:
            check_ledger(policy, era, findings)
            out.extend(findings.items)
    if not out:
        lines = Lines(root)
        out.extend(_unused(eras, lines))
        out.extend(swapped(pack.readings.values(), lines))
        out.extend(_histories(pack, lines))
        out.extend(check_parameters(pack.parameters.values(), lines))
        out.extend(one for one in dict.fromkeys(found for era in eras for found in _overlaps(era, lines)))
    if not out:
        out.extend(classified({fact.name: fact for era in eras for fact in era.facts.values()}.values()))
    return out


def _check_policy(pack: Pack, policy: Policy, findings: Findings) -> None:
    scope = Scope(pack, policy)
    if _circular(scope, findings):
        return
    for root, is_condition, path in roots(policy):
        for node in f.walk(root):
            try:
                _check_node(scope, node, findings)
            except ScopeError as error:
                findings.add(error.code, error.node.path or path, error.sentence)
        _joint_choices(pack, root, findings)
        try:
            if is_condition and scope.dim(root) is not Dim.TRUTH:
                findings.add("mixed-units", path, "此处应是条件，写成了量。")
        except ScopeError as error:
            findings.add(error.code, error.node.path or path, error.sentence)
    _citations(policy, findings)
    _references(pack, policy, findings)


def _circular(scope: Scope, findings: Findings) -> bool:
    bodies = {definition.name: definition for definition in scope.policy.definitions}
    state: dict[str, int] = {}

    def visit(definition: Definition) -> bool:
        state[definition.name] = 1
        for node in f.walk(definition.body):
            if not isinstance(node, f.Name) or node.name not in bodies:
                continue
            if state.get(node.name) == 1 or (node.name not in state and visit(bodies[node.name])):
                findings.add("circular", definition.path, f"定义“{definition.name}”绕了一圈又用到自己。")
                return True
        state[definition.name] = 2
        return False

    return any(visit(definition) for definition in bodies.values() if definition.name not in state)


def _check_node(scope: Scope, node: Expr | Cond, findings: Findings) -> None:
    if not node.cite:
        findings.add("missing-citation", node.path, "这一条规则没有写依据的条款。")
    match node:
        case f.Compare():
            left, right = scope.dim(node.left), scope.dim(node.right)
            if left is not right:
                findings.add("mixed-units", node.path, f"{left}不能与{right}比较。")
        case f.IsOne():
            _options(scope, node.left, node.options, node.path, findings)
        case f.Since():
            if scope.dim(node.left) is not Dim.DATE or node.term.dim is not Dim.MONTHS:
                findings.add("mixed-units", node.path, "“满”只用于日期，期限应以年或月计。")
        case f.Bands():
            _bands(scope, node, findings)
        case f.ByReading():
            if node.reading not in scope.pack.readings:
                findings.add("unknown-reading", (*node.path, "按读法"), f"读法“{node.reading}”不在 readings.yaml 里。")
        case f.Name():
            scope.lookup(node)
        case _:
            scope.dim(node)


def _options(scope: Scope, name: f.Name, options: Iterable[str], path: Path, findings: Findings) -> None:
    found = scope.lookup(name)
    dim = scope.dim(name)
    if dim is Dim.TRUTH:
        known = ["是", "否"]
    elif isinstance(found, Fact) and dim is Dim.OPTION:
        known = [option.name for option in found.options]
    else:
        findings.add("mixed-units", path, f"“{name.name}”不是选项，不能用“为”。")
        return
    for option in options:
        if option not in known:
            findings.add("unknown-option", path, f"“{name.name}”没有“{option}”这一选项，只有{'、'.join(known)}。")


def _joint_choices(pack: Pack, root: Expr | Cond, findings: Findings) -> None:
    """Who chose both (并) has each of them: a rule that asks for one and nowhere for both would refuse whoever has more."""
    asked = [node for node in f.walk(root) if isinstance(node, f.IsOne)]
    for node in asked:
        fact = pack.facts.get(node.left.name)
        named = {option for other in asked if other.left.name == node.left.name for option in other.options}
        for joint in fact.options if fact else ():
            if joint.name not in named and set(joint.both) & set(node.options):
                findings.add("split-choice", node.path, f"“{node.left.name}”选“{joint.name}”的也算，这里漏写了它。")


def _bands(scope: Scope, node: f.Bands, findings: Findings) -> None:
    if scope.dim(node.on) is Dim.OPTION:
        named = [option for row in node.rows for option in row.options]
        _options(scope, node.on, named, node.path, findings)
        found = scope.lookup(node.on)
        known = {option.name for option in found.options} if isinstance(found, Fact) else set()
        if len(named) != len(set(named)):
            findings.add("overlap", node.path, f"“{node.on.name}”的分档里有选项出现了两次。")
        _rest(node, bool(known - set(named)), findings)
        return
    for row in node.rows:
        for end in (row.low, row.high):
            if row.options or (end is not None and end.dim is not scope.dim(node.on)):
                findings.add("mixed-units", row.path, f"“{row.label}”不是“{node.on.name}”可用的档。")
                return
    spans = sorted((_ends(row) for row in node.rows), key=lambda span: span[0])
    for (_, last), (first, _) in itertools.pairwise(spans):
        if first <= last:
            findings.add("overlap", node.path, f"“{node.on.name}”的分档有重叠。")
        elif first > last + 1:
            findings.add("gap", node.path, f"“{node.on.name}”的分档中间有空档。")
    least, most = _fact_bounds(scope, node.on)
    _rest(node, spans[0][0] > least or spans[-1][1] < most, findings)


def _rest(node: f.Bands, needed: bool, findings: Findings) -> None:
    if needed and node.otherwise is None:
        findings.add("gap", node.path, f"“{node.on.name}”的分档没有覆盖全部情形，请写明“其余”。")
    if not needed and node.otherwise is not None:
        findings.add("useless-rest", node.path, f"“{node.on.name}”的分档已覆盖全部情形，“其余”用不上。")


def _ends(row: f.Row) -> tuple[int, int]:
    low = -1 if row.low is None else row.low.value + (not row.low_in)
    high = 10**15 if row.high is None else row.high.value - (not row.high_in)
    return low, high


def _fact_bounds(scope: Scope, name: f.Name) -> tuple[int, int]:
    found = scope.lookup(name)
    return found.bounds if isinstance(found, Fact) else (0, 10**14)


def _citations(policy: Policy, findings: Findings) -> None:
    """Each clause that is cited and that the text has not, where it is first cited: outside before inside."""
    told: set[str] = set()

    def check(clause: str, path: Path) -> None:
        if clause and clause not in told and not policy.text.find(clause):
            told.add(clause)
            findings.add("unknown-clause", (*path, "依据"), f"原文里没有“{clause}”这一条款。")

    named = [*((d.cite, d.path) for d in policy.definitions), *((g.cite, g.path) for g in policy.general)]
    named += [*((b.cite, b.path) for b in policy.benefits), *((limit.cite, limit.path) for limit in policy.limits)]
    for cite, path in named:
        for clause in cite:
            check(clause, path)
    for root, _, path in roots(policy):
        for node in f.walk(root):
            for clause in node.cite:
                check(clause, node.path or path)
    cited = {
        "材料": [item.clause for item in policy.materials],
        "流程": [item.clause for item in policy.steps],
        "咨询": [item.clause for item in policy.contacts],
    }
    for kind, clauses in cited.items():
        for index, clause in enumerate(clauses):
            check(clause, (kind, index))
    check(policy.form_clause, ("申请表",))


def _from_awards(scope: Scope, limit: Limit) -> bool:
    """Whether the register knows what was received of a limit, for some applicants at least (a definition may say for whom)."""
    names = scope.facts_of(f.Name(limit.cite, limit.path, limit.received))
    return any(scope.pack.facts[name].history is not None for name in names)


def _references(pack: Pack, policy: Policy, findings: Findings) -> None:
    general = {item.name for item in policy.general}
    codes = {benefit.id for benefit in policy.benefits}
    if len(codes) != len(policy.benefits):
        findings.add("duplicate-name", ("事项",), "有两个支持事项用了同一个代号。")
    for benefit in policy.benefits:
        for name in benefit.exempt:
            if name not in general:
                findings.add("unknown-name", (*benefit.path, "豁免"), f"总则里没有“{name}”，不能豁免。")
        for reading in benefit.readings:
            if reading not in pack.readings:
                findings.add("unknown-reading", (*benefit.path, "口径"), f"读法“{reading}”不在 readings.yaml 里。")
        if benefit.term and parse_quantity(benefit.term) is None:
            findings.add("unknown-form", (*benefit.path, "期限"), f"期限“{benefit.term}”应写如“2年”。")
    for limit in policy.limits:
        for code in limit.benefits:
            if code not in codes:
                findings.add("unknown-name", limit.path, f"限额所对的事项“{code}”不存在。")
        if limit.reading and limit.reading not in pack.readings:
            findings.add("unknown-reading", limit.path, f"读法“{limit.reading}”不在 readings.yaml 里。")
        fact = pack.facts.get(limit.received)
        asked = fact is not None and fact.dim is Dim.MONEY and only_taken_off(policy, fact.name)
        if not asked and not _from_awards(Scope(pack, policy), limit):
            told = "应是由登记簿得出的填报项（或者用到它的定义），或者是只用来扣减的、要问的金额（连同别处得的）"
            findings.add("unknown-name", limit.path, f"限额的“已领”写的“{limit.received}”{told}。")
    for index, material in enumerate(policy.materials):
        for code in material.benefits:
            if f"{policy.id}.{code}" not in codes:
                findings.add("unknown-name", ("材料", index), f"材料所用于的事项“{code}”不存在。")


def _unused(eras: Sequence[Pack], lines: Lines) -> list[Diagnostic]:
    """What no version of any policy uses; a definition belongs to one version alone."""
    names: set[str] = set()
    readings: set[str] = set()
    defined: list[Diagnostic] = []
    for pack, policy in _each(eras):
        own: set[str] = set()
        scope = Scope(pack, policy)
        for root, _, _ in roots(policy):
            for node in scope.reach(root):
                if isinstance(node, f.Name):
                    own.add(node.name)
                if isinstance(node, f.ByReading):
                    readings.add(node.reading)
        own |= {limit.received for limit in policy.limits}
        names |= own
        defined += [
            Diagnostic("unused-definition", f"policies/{policy.folder}/policy.yaml", 0, f"定义“{d.name}”没有用到。")
            for d in policy.definitions
            if d.name not in own
        ]
        readings |= {reading for benefit in policy.benefits for reading in benefit.readings}
        readings |= {limit.reading for limit in policy.limits}
    names |= {overlap.same for pack in eras for overlap in pack.overlaps}
    facts = {fact.name: fact for pack in eras for fact in pack.facts.values()}
    out = [
        Diagnostic(
            "unused-fact", "facts.yaml", lines.of("facts.yaml", fact.name), f"填报项“{fact.name}”没有任何规则用到。"
        )
        for fact in facts.values()
        if fact.name not in (*names, PRIOR) and not fact.party and fact.dim is not Dim.TEXT
    ]
    out += defined
    out += [
        Diagnostic(
            "unused-reading", "readings.yaml", lines.of("readings.yaml", reading), f"读法“{reading}”没有任何事项用到。"
        )
        for reading in {reading: None for pack in eras for reading in pack.readings}
        if reading not in readings
    ]
    out += [
        Diagnostic(
            "unused-parameter",
            "parameters.yaml",
            lines.of("parameters.yaml", parameter),
            f"参数“{parameter}”没有任何规则用到。",
        )
        for parameter in eras[0].parameters
        if parameter not in names and not eras[0].parameters[parameter].clauses
    ]
    return out


def _each(eras: Sequence[Pack]) -> Iterator[tuple[Pack, Policy]]:
    """Every version of every policy once, with a pack that it stands in."""
    done: set[str] = set()
    for pack in eras:
        for policy in pack.policies.values():
            if policy.folder not in done:
                done.add(policy.folder)
                yield pack, policy


def _histories(pack: Pack, lines: Lines) -> list[Diagnostic]:
    known = {benefit.id for policy in pack.all_policies() for benefit in policy.benefits}
    out = []
    for fact in pack.facts.values():
        for benefit in fact.history.benefits if fact.history else ():
            if benefit not in known:
                out.append(
                    Diagnostic(
                        "unknown-name",
                        "facts.yaml",
                        lines.of("facts.yaml", fact.name),
                        f"“{fact.name}”所对的事项“{benefit}”不存在。",
                    )
                )
    return out


def _is_choice(fact: Fact) -> bool:
    return fact.dim in (Dim.TRUTH, Dim.OPTION)


def _overlaps(pack: Pack, lines: Lines) -> list[Diagnostic]:
    """竞合 names benefits and clauses that exist, prefers only its own; limits over several benefits don't cross."""
    out = []
    known = {benefit.id for policy in pack.policies.values() for benefit in policy.benefits}
    for overlap in pack.overlaps:
        line = lines.of("overlaps.yaml", overlap.id)
        for benefit in (*overlap.benefits, *overlap.prefer):
            if benefit not in known:
                out.append(
                    Diagnostic(
                        "unknown-name",
                        "overlaps.yaml",
                        line,
                        f"竞合“{overlap.matter}”的“{benefit}”不存在。",
                    )
                )
        if len(set(overlap.benefits)) < len(overlap.benefits) or not set(overlap.prefer) <= set(overlap.benefits):
            out.append(
                Diagnostic(
                    "bad-overlap",
                    "overlaps.yaml",
                    line,
                    f"竞合“{overlap.matter}”的事项重复，或“优先”不在其中。",
                )
            )
        for name, words in overlap.when.items():
            fact = pack.facts.get(name)
            known_answers = {fact.show(i) for i in range(fact.bounds[1] + 1)} if fact and _is_choice(fact) else set()
            if not set(words.split("、")) <= known_answers:
                sentence = f"竞合“{overlap.matter}”的“当”应写选择项或是否项和它的答案，“{name}: {words}”不是。"
                out.append(Diagnostic("bad-overlap", "overlaps.yaml", line, sentence))
        asked = pack.facts.get(overlap.same)
        if overlap.same and (asked is None or asked.dim is not Dim.TRUTH):
            sentence = f"竞合“{overlap.matter}”的“同一”应写一个是否项，“{overlap.same}”不是。"
            out.append(Diagnostic("bad-overlap", "overlaps.yaml", line, sentence))
        if overlap.rule and not pack.clause_words(overlap.rule):
            out.append(
                Diagnostic(
                    "unknown-clause", "overlaps.yaml", 0, f"竞合“{overlap.matter}”的条款“{overlap.rule}”不存在。"
                )
            )
    for policy in pack.policies.values():
        shared = [limit for limit in policy.binding if len(limit.benefits) > 1]
        for one, other in itertools.combinations(shared, 2):
            if set(one.benefits) & set(other.benefits):
                words = f"限额“{one.name}”和“{other.name}”管到同一事项，最优组合无法求解，请合并或拆开。"
                out.append(Diagnostic("crossing-limits", f"policies/{policy.id}/policy.yaml", 0, words))
    return out
