"""来访先问: what was not mentioned is neither refused nor answered, and nothing that can be had is hidden."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest
import yaml

from pinggu_desk.assess.engine import Answers, Engine
from pinggu_desk.assess.folds import plain_answers
from pinggu_desk.assess.leading import serves
from pinggu_desk.assess.match.enquiry import Enquiry
from pinggu_desk.assess.match.match import Match
from pinggu_desk.assess.match.triage import check_gates
from pinggu_desk.entry import main
from pinggu_desk.policy.errors import Diagnostic
from pinggu_desk.policy.matters import parts, read_matters
from pinggu_desk.policy.quantity import Dim
from pinggu_desk.policy.reader import Source
from pinggu_desk.policy.resources import resource_root
from tests.assess.generated import engine, pack
from tests.assess.profiles import ON

ALL_IDS = tuple(pack().matters.by_id)


def stated(rnd: random.Random, share: float) -> dict[str, int]:
    """Some answers of some applicant, most of them kind."""
    out = {}
    for fact in pack().facts.values():
        if fact.dim is Dim.TEXT or fact.history or rnd.random() > share:
            continue
        least, most = fact.bounds
        if fact.dim is Dim.TRUTH:
            out[fact.name] = int(rnd.random() < 0.8)
        elif fact.dim is Dim.DATE:
            out[fact.name] = ON.toordinal() - rnd.randint(0, 900)
        else:
            out[fact.name] = rnd.randint(least, min(most, least + 10**9))
    return out


@pytest.mark.parametrize("seed", range(3))
def test_nothing_that_can_be_had_is_hidden_and_nothing_unmentioned_is_refused(seed: int) -> None:
    rnd = random.Random(seed)
    answers = Answers(ON, stated(rnd, (0.05, 0.5, 0.95)[seed % 3]), [])
    full = Match(engine(), answers)
    for count in (0, 1, 3):
        match = Match(engine(), answers, mentioned=rnd.sample(ALL_IDS, count))
        shown = [benefit for ids in match.groups.values() for benefit in ids]
        assert sorted(shown) == sorted(full.rules), "each benefit stands in one group"
        assert set(match.groups["eligible"]) == set(full.groups["eligible"])
        assert set(match.groups["review"]) == set(full.groups["review"])
        not_raised = set(match.groups["not_raised"])
        assert not not_raised & match.raised
        for benefit in match.groups["ineligible"]:
            assert benefit in match.raised or benefit in match.wrong_subject
            assert full.concluded[benefit].status == "ineligible", "no answer turns worse by not being mentioned"
        assert match.bundle.total_fen == full.bundle.total_fen
        if match.question is not None and match.question.fact in pack().facts:
            asking = [i for i in match.live if match.question.fact in match.live[i].needs.asks]
            assert asking or match.question.fact == "以前领过奖励补贴", "only what was raised is asked about"


def test_a_detail_narrows_its_matter_and_the_matter_alone_opens_all() -> None:
    matters = pack().matters
    whole, narrow = matters.raised({"patents"}), matters.raised({"patents", "patents_insurance"})
    assert narrow == {"zscq.insurance"} < whole
    assert matters.raised({"patents", "patents_insurance", "srdi"}) == narrow | matters.raised({"srdi"})


def test_what_a_tick_says_is_an_answer_and_goes_with_it_and_silence_is_none() -> None:
    enquiry = Enquiry(engine(), ON, subject="单位", mentioned=())
    assert enquiry.mention({"patents", "patents_insurance"}) == {"已投保专利保险": "是"}
    assert enquiry.match.answers.values["已投保专利保险"] == 1
    assert enquiry.mention({"patents"}) == {"已投保专利保险": ""}
    assert "已投保专利保险" not in enquiry.match.answers.values
    enquiry.set("已投保专利保险", "否")
    assert enquiry.mention({"patents", "patents_insurance"}) == {}, "what was answered stays as it was answered"
    for one in pack().matters.by_id:
        assert "否" not in Enquiry(engine(), ON, mentioned=()).mention({one}).values()


def test_what_the_visitor_volunteers_is_gone_into_at_once() -> None:
    enquiry = Enquiry(engine(), ON, subject="单位", mentioned={"srdi"})
    assert "zscq.insurance" in enquiry.match.groups["not_raised"]
    enquiry.set("已投保专利保险", "否")
    assert "zscq.insurance" not in enquiry.match.raised, "a No raises nothing"
    enquiry.set("已投保专利保险", "是")
    assert "zscq.insurance" in enquiry.match.raised
    assert "zscq.china_patent" not in enquiry.match.raised


def test_who_the_visitor_is_rules_out_with_its_clause_and_nothing_else_does() -> None:
    match = Match(engine(), Answers(ON, {"本区工商注册": 0, "知识产权质押银行贷款": 0}, []), mentioned={"srdi"})
    assert "wzwm.odi" in match.groups["ineligible"]
    text, clause = match.why_not("wzwm.odi")
    assert text and clause.startswith("wzwm.")
    assert "zscq.pledge" in match.groups["not_raised"], "a No to a main question is not who the visitor is"


def test_one_confirmation_answers_what_most_can_say_yes_to_and_rules_nothing_out() -> None:
    rnd = random.Random(2)
    for _ in range(12):
        enquiry = Enquiry(
            engine(), ON, subject=rnd.choice(("单位", "个人")), mentioned=rnd.sample(ALL_IDS, 3), awards=()
        )
        seen = 0
        while (fold := enquiry.fold) is not None and seen < 20:
            seen += 1
            before = {i for i, c in enquiry.match.live.items() if c.status == "ineligible"}
            for name, plain in fold.facts:
                assert pack().facts[name].dim is Dim.TRUTH
                assert any(plain_answers(engine(), enquiry.match.rules[i], enquiry.match.answers).get(name) == plain
                           for i in enquiry.match.live)  # fmt: skip
                enquiry.set(name, "是" if plain else "否")
            assert {i for i, c in enquiry.match.live.items() if c.status == "ineligible"} <= before
        assert seen < 20


def test_the_count_of_what_is_left_shrinks_to_nothing_as_it_is_answered() -> None:
    enquiry, rnd = Enquiry(engine(), ON, subject="单位", mentioned={"patents", "srdi"}, awards=()), random.Random(4)
    asked = 0
    while (question := enquiry.question) is not None:
        assert enquiry.left > 0
        values = stated(rnd, 1.0)
        enquiry.set(question.fact, pack().facts[question.fact].show(values[question.fact]))
        if enquiry.view(question.fact).error:
            enquiry.pass_over([question.fact])
        asked += 1
        assert asked < 80
    assert enquiry.left == 0


def test_one_paper_that_was_not_brought_puts_off_all_that_it_proves() -> None:
    enquiry = Enquiry(engine(), ON, subject="单位", mentioned={"jr", "finance"})
    proof = next(p for p in (pack().facts[n].proof for n in enquiry.match.needed) if p)
    names = enquiry.waits_for(proof)
    enquiry.pass_over(names)
    assert names and (enquiry.question is None or enquiry.question.fact not in names)
    assert not any(name in enquiry.answers for name in names), "putting off is no answer"


def test_every_word_finds_what_it_names() -> None:
    matters = pack().matters
    for word, name in (("买设备", "equipment"), ("专利", "patents"), ("技改", "equipment"), ("租房", "housing"), ("上市", "listing"),
                       ("招毕业生", "hiring"), ("办展览", "events"), ("专精特新、小巨人", "srdi")):  # fmt: skip
        found = matters.find(word)
        assert found is not None and found.id == name, word
    for matter in matters:
        assert all(matters.find(part) is not None for part in parts(matter.name)), matter.name
    assert matters.find("买火箭") is None and matters.near("买设"), "an unknown word leads to likely ones"


def test_each_matter_serves_somebody() -> None:
    for one in pack().matters.by_id.values():
        rules = [engine().rule(b) for b in one.benefits]
        assert not rules or any(serves(rule, who) for rule in rules for who in ("单位", "个人"))


def _read(tmp_path: Path, change: Any) -> list[str]:
    raw = yaml.safe_load((resource_root() / "matters.yaml").read_text("utf-8"))
    change(raw)
    (tmp_path / "matters.yaml").write_text(yaml.safe_dump(raw, allow_unicode=True), "utf-8")
    source = Source(tmp_path, "matters.yaml")
    found: list[Diagnostic] = []
    source.read()
    read_matters(source, pack().facts, pack().policies.values(), found)
    return [str(one) for one in found]


def test_the_ledger_of_matters_is_closed(tmp_path: Path) -> None:
    def lose(raw: Any) -> None:
        raw["组"][0]["事由"][0]["细"].pop()

    def twice(raw: Any) -> None:
        raw["组"][0]["事由"][1]["名"] = raw["组"][0]["事由"][0]["名"]

    def no(raw: Any) -> None:
        raw["组"][0]["事由"][0]["细"][0]["即"] = {"在平谷举办会议会展": "否"}

    assert any("matter-missing" in one and "wltst.exhibition_firm" in one for one in _read(tmp_path, lose))
    assert any("duplicate-name" in one for one in _read(tmp_path, twice))
    assert any("unknown-option" in one for one in _read(tmp_path, no)), "a tick can't say No"
    assert _read(tmp_path, lambda raw: None) == []
    assert check_gates(pack(), engine().rules, engine()) == []


def test_an_unopened_main_question_is_found() -> None:
    matters = pack().matters
    raw = matters.model_dump(by_alias=True)
    raw["组"][0]["事由"][0]["细"][0]["开"], raw["组"][0]["事由"][0]["细"][0]["即"] = ["会议会展租赁住宿费"], {}
    other = Engine(pack())
    object.__setattr__(other.pack, "matters", type(matters).model_validate(raw))
    try:
        found = check_gates(other.pack, other.rules, other)
    finally:
        object.__setattr__(other.pack, "matters", matters)
    assert any("在平谷举办会议会展" in str(one) for one in found)


def test_match_on_the_command_line_says_what_was_not_gone_into(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    facts = tmp_path / "f.json"
    facts.write_text(json.dumps({"专精特新称号": "专精特新企业"}, ensure_ascii=False), "utf-8")
    assert main(["match", "--facts", str(facts), "--matter", "专精特新", "--matter", "买火箭", "--json"]) == 2
    assert "买火箭" in capsys.readouterr().err
    arguments = [
        "match",
        "--facts",
        str(facts),
        "--matter",
        "专精特新",
        "--matter",
        "买了专利保险",
        "--on",
        "2026-03-02",
    ]
    assert main([*arguments, "--json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert [one["name"] for one in data["matters"]] == ["买了专利保险", "专精特新、小巨人"]
    raised = {row["benefit"] for key, rows in data["groups"].items() if key != "not_raised" for row in rows}
    assert raised == {"zscq.insurance", "zxqy.srdi", "zxqy.giant", "zxqy.giant_moved"}
    assert len(data["groups"]["not_raised"]) == len(engine().rules) - len(raised)
    assert 0 < data["questions_left"] < 30
    assert main(arguments) == 0
    assert "来访未涉及" in capsys.readouterr().out
    assert main(["matters"]) == 0
    assert "买设备、技改、信息化" in capsys.readouterr().out


def test_the_last_option_is_none_only_where_it_says_so_and_a_nought_is_nothing() -> None:
    def raised(**texts: str) -> frozenset[str]:
        enquiry = Enquiry(engine(), ON, subject="单位", mentioned={"lodging"})
        for name, text in texts.items():
            enquiry.set(name, text)
            assert not enquiry.view(name).error
        return enquiry.match.raised

    assert "zxqy.srdi" in raised(专精特新称号="两种称号都有"), "the last of the choices is a title"
    assert "zxqy.srdi" not in raised(专精特新称号="没有")
    assert "zxqy.city_platform" in raised(市级中小企业平台认定="市级平台和基地都有")
    assert "gxjs.trade" in raised(上年度技术交易总额="500万元")
    assert "gxjs.trade" not in raised(上年度技术交易总额="0")


def test_what_is_confirmed_together_rules_nothing_out_jointly() -> None:
    """Each answer alone leaves a flat for the unmarried open, married and the spouse qualifying together do not."""
    enquiry = Enquiry(engine(), ON, subject="个人", mentioned={"housing", "housing_graduate"}, awards=())
    for _ in range(20):
        for fold in enquiry.match.folds_but(enquiry.passed):
            stated = {**enquiry.match.answers.values, **dict(fold.facts)}
            after = enquiry.match.updated(Answers(ON, stated, []))
            was = {i for i, c in enquiry.match.live.items() if c.status == "ineligible"}
            assert {i for i in enquiry.match.live if after.concluded[i].status == "ineligible"} <= was, fold
        question = enquiry.question
        if question is None:
            break
        fact = pack().facts[question.fact]
        enquiry.set(question.fact, fact.show(min(1, fact.bounds[1])))
