"""``pinggu-desk check``: the packs, the ledger between text and rules, the rules' soundness, and the forms' names."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from pinggu_desk.policy import matters, synonyms
from pinggu_desk.policy.errors import BadInput, BadPack, Diagnostic
from pinggu_desk.policy.ledger import numbers_in
from pinggu_desk.policy.lines import folded
from pinggu_desk.policy.models import Pack
from pinggu_desk.policy.pack import cross_check, read_pack
from pinggu_desk.policy.resources import pack_root
from pinggu_desk.policy.signed import Standing
from pinggu_desk.policy.unfinished import unfinished
from pinggu_desk.work.signoffs import standings

#: the day behind a version's folder
_FOLDER = re.compile(r"@[0-9-]+(?=/)")


@dataclass(frozen=True)
class Report:
    """What was checked and what was found."""

    pack: Pack
    findings: tuple[Diagnostic, ...]
    #: how the policies that anybody signed off stand
    signed: Mapping[str, Standing] = field(default_factory=dict)
    #: how many worked examples were worked out again; None where none was looked at
    examples: int | None = None
    #: what is still to be written or settled (未完成): no fault, but nothing is built from it
    unfinished: tuple[Diagnostic, ...] = ()

    @property
    def hindrances(self) -> tuple[Diagnostic, ...]:
        """All that keeps the pack from being built.

        A later version without examples of its own is told and built, where the policy has some: a district may have to put out the
        one figure that changes before anybody has worked them out anew.
        """
        lacking = {one.file for one in self.unfinished if one.code == "missing-cases"}
        later = {name for name in lacking if (first := _FOLDER.sub("", name)) != name and first not in lacking}
        return (*self.findings, *(one for one in self.unfinished if one.file not in later))

    def counts(self) -> dict[str, int]:
        """How much was checked: policies, benefits, sentences, numbers, facts."""
        policies = self.pack.policies.values()
        sentences = [s for policy in policies for s in policy.sentences if not s.heading]
        return {
            "policies": len(self.pack.policies), "benefits": sum(len(p.benefits) for p in policies),
            "sentences": len(sentences), "numbers": sum(len(numbers_in(s.words)) for s in sentences),
            "facts": len(self.pack.facts), "readings": len(self.pack.readings), "matters": len(self.pack.matters.by_id),
        }  # fmt: skip

    def lines(self) -> list[str]:
        """The report for a person."""
        n = self.counts()
        head = (
            f"政策包 {self.pack.version}：{n['policies']} 项政策，{n['benefits']} 个支持事项，"
            f"原文 {n['sentences']} 句、数字 {n['numbers']} 个，填报项 {n['facts']} 个，读法 {n['readings']} 条，事由 {n['matters']} 个"
        )
        told = [*map(str, self.findings)]
        if self.unfinished:
            told += [f"还没有完成的 {len(self.unfinished)} 处：", *map(str, self.unfinished)]
        if self.findings:
            verdict = (
                f"发现 {len(self.findings)} 处问题；方括号里的名称是什么意思、怎样改，见《政策维护手册》的“诊断”。"
            )
        elif self.hindrances:
            verdict = f"已写的没有发现问题；还有 {len(self.hindrances)} 处没有完成，完成以后才能打包。"
        elif self.unfinished:
            verdict = (
                f"没有发现问题，可以打包；新版本还没有自己的样例（{len(self.unfinished)} 处），请尽快照新条款补上。"
            )
        else:
            verdict = "逐句有着落，逐数有出处，没有发现问题。"
        examples = [] if self.examples is None else [f"样例 {self.examples} 个，逐个重算过。"]
        signed = [f"审签 {policy}：{one.words}。" for policy, one in self.signed.items()]
        return [head, *examples, *signed, *told, verdict]

    def to_json(self) -> dict[str, Any]:
        """The report as JSON."""
        return {
            "pack": self.pack.version, "ok": not self.findings, **self.counts(), "examples": self.examples,
            "signed": {
                policy: {"agreed": list(one.agreed), "refused": list(one.refused), "changed": list(one.changed),
                         "unsigned": list(one.unsigned)} for policy, one in self.signed.items()},
            "findings": [_as_json(one) for one in self.findings], "unfinished": [_as_json(one) for one in self.unfinished],
        }  # fmt: skip


def _as_json(one: Diagnostic) -> dict[str, Any]:
    return {"code": one.code, "file": one.file, "line": one.line, "sentence": one.sentence}


def _quiet(_done: int, _every: int) -> None:
    """Nobody waits."""


def check_everything(root: Path | None = None) -> Report:
    """Check a pack (default: the bundled one, with its forms); nothing is raised for what is wrong with it."""
    try:
        pack, found = read_pack(root or pack_root())
    except OSError as error:
        lacking = Path(error.filename or "").name
        raise BadInput(f"“{root}”不是完整的政策包（读不到“{lacking}”），请选择政策包的 resources 文件夹。") from None
    found = found or cross_check(pack, root)
    if not found:
        from pinggu_desk.assess.soundness import check_soundness

        found = check_soundness(pack, root)
    if not found and (root is None or (root / matters.FILE_NAME).is_file()):
        from pinggu_desk.assess.engine import Engine
        from pinggu_desk.assess.match.triage import check_gates

        engines = [Engine(pack).at(era.since) for era in pack.every()]
        found = [*dict.fromkeys(one for engine in engines for one in check_gates(engine.pack, engine.rules, engine))]
    if not found and (root is None or (root / synonyms.FILE_NAME).is_file()):
        found = synonyms.check_synonyms(pack, root)
    if not found and root is None:
        from pinggu_desk.documents.sheet.forms import check_forms

        found = check_forms(pack)
    signed: dict[str, Standing] = {}
    if not found:
        try:
            signed = standings(pack, root)
        except BadPack as error:
            found = error.diagnostics
    open_still = unfinished(root or pack_root(), pack.folders(), signed)
    return Report(pack, tuple(folded(found)), signed, unfinished=tuple(folded(open_still)))


def with_examples(report: Report, root: Path | None = None, tell: Callable[[int, int], None] = _quiet) -> Report:
    """The report with every worked example (样例) worked out again, where nothing else was found.

    ``tell`` is told after each policy how many of how many are done.
    """
    from pinggu_desk.assess.engine import Engine
    from pinggu_desk.assess.examples import wrong_examples
    from pinggu_desk.policy.cases import load_cases

    if report.findings:
        return report
    found, count, place = list[Diagnostic](), 0, root or pack_root()
    engine, folders = Engine(report.pack), report.pack.folders()
    for done, (folder, (era, policy_id)) in enumerate(folders.items(), 1):
        if (place / "policies" / folder / "cases.yaml").is_file():
            try:
                cases = load_cases(era, policy_id, place)
            except BadPack as error:
                found += error.diagnostics
                continue
            count += len(cases.cases) + len(cases.refusals)
            found += wrong_examples(engine.at(era.since), cases)
        tell(done, len(folders))
    return replace(report, findings=tuple(folded(found)), examples=count)
