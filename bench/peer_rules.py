"""Five benefits by other means, on plain dicts of ints: by hand, by NumPy, openfisca-core, zen-engine and CEL.

``python -m bench.peer_rules NAME CASES ROUNDS`` (in the peers' own environment; nothing of ours is imported) reads cases as JSON, one
list of ints a fact, and prints as JSON the answers (fen, nought where nothing is had) and microseconds a case.
The rules are those of tztc.fund, zxqy.upgrade, zxqy.informatisation, gjj.rd_subsidy and gxjs.hitech as this project reads them, for cases
in which everything is known and nothing is left to an authority.
"""

from __future__ import annotations

import json
import sys
import time
from bisect import bisect_right
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

WAN = 1_000_000
#: fact (our name) -> a name that every engine can say
NAMES = {
    "本区正常生产经营实体工业企业": "plant", "列入年度调整退出计划": "leaving", "能源节约量": "energy", "税收贡献": "tax",
    "占地规模": "land", "职工人数": "staff", "位于平谷区内": "here", "申报主体类型": "body", "符合北京市产业政策": "fits",
    "独立法人资格": "legal", "生产经营天数": "days", "财务管理制度健全规范": "books", "生产经营情况良好": "sound",
    "会计信用良好": "credit1", "纳税信用良好": "credit2", "银行信用良好": "credit3", "符合专项资金支持方向": "aim",
    "申请人类型": "who", "技改项目类别": "project", "技改固定资产投资": "invested", "技改设备投资": "plants",
    "技改基建投资": "works", "充分应用新一代信息技术": "modern", "信息化投资总额": "it", "符合高精尖年度支持重点": "focus",
    "无失信行为": "honest", "近三年无财政财务违法处罚": "clean", "列入十大高精尖产业目录": "listed", "围绕主导产业开展研发": "leading",
    "研发项目投资额": "research", "本区工商注册": "registered", "依法经营纳税": "lawful", "高新技术企业证书": "hitech",
    "上年度通过国家高新认定": "passed", "已领高企资助": "had", "按时填报年报和发展报表": "reports",
    "上一年度本区纳税总额": "paid", "同时申报高企和技术交易资助": "both",
}  # fmt: skip
BENEFITS = ("tztc.fund", "zxqy.upgrade", "zxqy.informatisation", "gjj.rd_subsidy", "gxjs.hitech")
STEPS: dict[str, tuple[list[int], list[int]]] = {
    "energy": ([v * 1000 for v in (10, 30, 50, 100, 200, 500)], [3, 5, 10, 15, 20, 25, 30]),
    "tax": ([v * WAN for v in (10, 50, 150, 300, 400, 500)], [3, 5, 10, 15, 20, 25, 30]),
    "land": ([v * 1500 for v in (2000, 10000, 20000, 35000, 60000)], [2, 4, 8, 12, 16, 20]),
    "staff": ([10, 30, 60, 80, 100], [2, 4, 8, 12, 16, 20]),
}
SUMS = ([20, 35, 50, 60, 70, 80, 90, 100], [v * WAN for v in (15, 30, 60, 90, 120, 150, 180, 210, 300)])
_SOUND = "books == 1 {0} sound == 1 {0} credit1 == 1 {0} credit2 == 1 {0} credit3 == 1"
_SME = (
    f"{_SOUND} {{0}} who < 2 {{0}} here == 1 {{0}} body < 2 {{0}} fits == 1 {{0}} legal == 1 {{0}} days >= 730 {{0}} aim == 1"
    " {0} (body == 0 {1} who == 0)"
)
#: conditions in the words that zen-engine and CEL share, but for and ({0}) and or ({1})
WHEN = {
    "tztc.fund": "who == 0 {0} plant == 1 {0} leaving == 1",
    "zxqy.upgrade": f"{_SME} {{0}} project < 3 {{0}} invested >= 300000000 {{0}} plants * 10 >= invested * 7"
    " {0} works * 10 <= invested * 3",
    "zxqy.informatisation": f"{_SME} {{0}} modern == 1 {{0}} it >= 100000000",
    "gjj.rd_subsidy": f"{_SOUND} {{0}} focus == 1 {{0}} honest == 1 {{0}} clean == 1 {{0}} who == 0 {{0}} listed == 1"
    " {0} leading == 1",
    "gxjs.hitech": "who == 0 {0} registered == 1 {0} lawful == 1 {0} hitech == 1 {0} passed == 1 {0} had == 0 {0} reports == 1"
    " {0} paid >= 10000000 {0} both == 0",
}


def ladder(name: str, edges: Sequence[int], give: Sequence[int]) -> str:
    """A table of steps as conditions, one in the other."""
    out = str(give[-1])
    for edge, value in zip(reversed(edges), reversed(give[:-1]), strict=True):
        out = f"({name} < {edge} ? {value} : {out})"
    return out


SCORE = " + ".join(ladder(name, *table) for name, table in STEPS.items())
GIVE = {
    "tztc.fund": ladder("score", *SUMS),
    "zxqy.upgrade": "(invested > 1000000000 ? 100000000 : invested / 10)",
    "zxqy.informatisation": "(it * 3 > 1000000000 ? 100000000 : it * 3 / 10)",
    "gjj.rd_subsidy": "(research < 500000000 ? 0 : (research <= 1000000000 ? (research > 1000000000 ? 50000000 : research / 20)"
    " : (research * 2 > 2500000000 ? 100000000 : research * 2 / 25)))",
    "gxjs.hitech": "10000000",
}
Case = dict[str, int]
Answer = list[int]


def by_hand(c: Case) -> Answer:
    """What a programmer would write."""
    fund = up = info = research = hitech = 0
    if c["who"] == 0 and c["plant"] and c["leaving"]:
        score = sum(give[bisect_right(edges, c[name])] for name, (edges, give) in STEPS.items())
        fund = SUMS[1][bisect_right(SUMS[0], score)]
    sound = c["books"] and c["sound"] and c["credit1"] and c["credit2"] and c["credit3"]
    if sound and c["who"] < 2 and c["here"] and c["body"] < 2 and c["fits"] and c["legal"] and c["days"] >= 730 and (
        c["aim"] and (c["body"] == 0 or c["who"] == 0)
    ):  # fmt: skip
        spent = c["invested"]
        if c["project"] < 3 and spent >= 300 * WAN and c["plants"] * 10 >= spent * 7 and c["works"] * 10 <= spent * 3:
            up = min(spent // 10, 100 * WAN)
        if c["modern"] and c["it"] >= 100 * WAN:
            info = min(c["it"] * 3 // 10, 100 * WAN)
    if sound and c["focus"] and c["honest"] and c["clean"] and c["who"] == 0 and c["listed"] and c["leading"]:
        spent = c["research"]
        if 500 * WAN <= spent <= 1000 * WAN:
            research = min(spent // 20, 50 * WAN)
        elif spent > 1000 * WAN:
            research = min(spent * 2 // 25, 100 * WAN)
    if c["who"] == 0 and c["registered"] and c["lawful"] and c["hitech"] and c["passed"] and not c["had"] and (
        c["reports"] and c["paid"] >= 10 * WAN and not c["both"]
    ):  # fmt: skip
        hitech = 10 * WAN
    return [fund, up, info, research, hitech]


def by_columns(c: Any, np: Any) -> list[Any]:
    """The same over NumPy columns."""
    score = sum(np.asarray(g)[np.searchsorted(e, c[n], side="right")] for n, (e, g) in STEPS.items())
    fund = np.asarray(SUMS[1])[np.searchsorted(SUMS[0], score, side="right")]
    sound = (c["books"] == 1) & (c["sound"] == 1) & (c["credit1"] == 1) & (c["credit2"] == 1) & (c["credit3"] == 1)
    sme = sound & (c["here"] == 1) & (c["body"] < 2) & (c["fits"] == 1) & (c["legal"] == 1) & (c["days"] >= 730) & (
        (c["aim"] == 1) & (c["who"] < 2) & ((c["body"] == 0) | (c["who"] == 0))
    )  # fmt: skip
    spent, it, research = c["invested"], c["it"], c["research"]
    up = (
        sme
        & (c["project"] < 3)
        & (spent >= 300 * WAN)
        & (c["plants"] * 10 >= spent * 7)
        & (c["works"] * 10 <= spent * 3)
    )
    info = sme & (c["modern"] == 1) & (it >= 100 * WAN)
    may = sound & (c["focus"] == 1) & (c["honest"] == 1) & (c["clean"] == 1) & (c["who"] == 0) & (c["listed"] == 1)
    part = np.where(
        research <= 1000 * WAN, np.minimum(research // 20, 50 * WAN), np.minimum(research * 2 // 25, 100 * WAN)
    )
    had = (c["registered"] == 1) & (c["lawful"] == 1) & (c["hitech"] == 1) & (c["passed"] == 1) & (c["had"] == 0) & (
        (c["who"] == 0) & (c["reports"] == 1) & (c["paid"] >= 10 * WAN) & (c["both"] == 0)
    )  # fmt: skip
    return [
        np.where((c["who"] == 0) & (c["plant"] == 1) & (c["leaving"] == 1), fund, 0), np.where(up, np.minimum(spent // 10, 100 * WAN), 0),
        np.where(info, np.minimum(it * 3 // 10, 100 * WAN), 0),
        np.where(may & (c["leading"] == 1) & (research >= 500 * WAN), part, 0), np.where(had, 10 * WAN, 0),
    ]  # fmt: skip


Work = Callable[[], Sequence[Answer]]


def python(cases: list[Case]) -> Work:
    """Case by case."""
    return lambda: [by_hand(case) for case in cases]


def numpy(cases: list[Case]) -> Work:
    """All at once; the columns are there already, as they are for ours."""
    import numpy as np

    columns = {name: np.array([case[name] for case in cases], np.int64) for name in NAMES.values()}
    return lambda: by_columns(columns, np)


def cel(cases: list[Case]) -> Work:
    """An expression a benefit, compiled once; the score is worked out by one of its own."""
    import cel as library

    score = library.compile(SCORE)
    programs = [
        library.compile(f"{WHEN[name].format('&&', '||')} ? {GIVE[name]} : 0") for name in BENEFITS
    ]  # fmt: skip

    def one(case: Case) -> Answer:
        context = library.Context({**case, "score": 0})
        context.add_variable("score", score.execute(context))
        return [program.execute(context) for program in programs]

    return lambda: [one(case) for case in cases]


def zen(cases: list[Case]) -> Work:
    """One decision with one expression node, given whole cases, and read back whole."""
    import zen as library

    whole = [("score", SCORE)] + [
        (name.replace(".", "_"), f"{WHEN[name].format('and', 'or')} ? {GIVE[name].replace('score', '$.score')} : 0")
        for name in BENEFITS
    ]
    nodes = [
        {"id": "in", "type": "inputNode", "name": "in", "position": {"x": 0, "y": 0}},
        {
            "id": "do", "type": "expressionNode", "name": "do", "position": {"x": 1, "y": 0},
            "content": {"expressions": [{"id": key, "key": key, "value": value} for key, value in whole]},
        },
        {"id": "out", "type": "outputNode", "name": "out", "position": {"x": 2, "y": 0}},
    ]  # fmt: skip
    edges = [
        {"id": "1", "type": "edge", "sourceId": "in", "targetId": "do"},
        {"id": "2", "type": "edge", "sourceId": "do", "targetId": "out"},
    ]
    decision = library.ZenEngine().create_decision(json.dumps({"nodes": nodes, "edges": edges}))
    keys = [name.replace(".", "_") for name in BENEFITS]

    def one(case: Case) -> Answer:
        found = decision.evaluate(case)["result"]
        return [int(found[key]) for key in keys]

    return lambda: [one(case) for case in cases]


def openfisca(cases: list[Case], *, together: bool) -> Work:
    """A variable a fact and a benefit; a simulation of all cases, or of one after the other."""
    import numpy as np
    from openfisca_core import periods
    from openfisca_core.entities import build_entity
    from openfisca_core.simulations import SimulationBuilder
    from openfisca_core.taxbenefitsystems import TaxBenefitSystem
    from openfisca_core.variables import Variable

    firm = build_entity(key="firm", plural="firms", label="firm", is_person=True)
    system = TaxBenefitSystem([firm])
    kind = {"entity": firm, "definition_period": periods.DateUnit.YEAR, "value_type": int}

    def formula_of(at: int) -> Callable[..., Any]:
        def formula(population: Any, period: Any, parameters: Any) -> Any:  # noqa: ARG001 - its signature
            class Columns(dict[str, Any]):
                def __missing__(self, name: str) -> Any:
                    self[name] = found = population(name, period).astype(np.int64)
                    return found

            return by_columns(Columns(), np)[at]

        return formula

    for name in NAMES.values():
        system.add_variable(type(name, (Variable,), dict(kind)))
    for at, name in enumerate(BENEFITS):
        system.add_variable(type(name.replace(".", "_"), (Variable,), {**kind, "formula": formula_of(at)}))

    def run(some: Sequence[Case]) -> list[Any]:
        simulation = SimulationBuilder().build_default_simulation(system, count=len(some))
        for name in NAMES.values():
            simulation.set_input(name, "2026", np.array([case[name] for case in some], np.int32))
        return [simulation.calculate(name.replace(".", "_"), "2026") for name in BENEFITS]

    if together:
        return lambda: run(cases)
    return lambda: [[int(found[0]) for found in run([case])] for case in cases]


WORKS: dict[str, Callable[[list[Case]], Work]] = {
    "python": python, "numpy": numpy, "cel": cel, "zen": zen,
    "openfisca": lambda cases: openfisca(cases, together=False),
    "openfisca-columns": lambda cases: openfisca(cases, together=True),
}  # fmt: skip


def main(name: str, path: str, rounds: str) -> None:
    """The answers, and the median of the time that a case takes, wall and processor."""
    columns: dict[str, list[int]] = json.loads(Path(path).read_text(encoding="utf-8"))
    cases = [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]
    work = WORKS[name](cases)
    found = work()
    if name in ("numpy", "openfisca-columns"):
        found = [list(answer) for answer in zip(*found, strict=True)]
    walls, spent = [], []
    for _ in range(int(rounds)):
        start, used = time.perf_counter(), time.process_time()
        work()
        walls.append((time.perf_counter() - start) / len(cases))
        spent.append((time.process_time() - used) / len(cases))
    half = len(walls) // 2
    answers = [[int(value) for value in answer] for answer in found]
    print(json.dumps({"wall": sorted(walls)[half], "cpu": sorted(spent)[half], "answers": answers}))


if __name__ == "__main__":
    main(*sys.argv[1:])
