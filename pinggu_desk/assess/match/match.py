"""能享受什么: one applicant against every benefit of every policy, sorted, with what to ask next and the best bundle.

One object for one set of answers on one date: everything is derived from the same conclusions that each policy's own
wizard shows, and is worked out when it is first looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from pinggu_desk.assess.ahead import Ahead, changes_ahead
from pinggu_desk.assess.answers import changed
from pinggu_desk.assess.conclude import Conclusion
from pinggu_desk.assess.determination import Determination
from pinggu_desk.assess.engine import standing
from pinggu_desk.assess.folds import Fold
from pinggu_desk.assess.leading import askable, kind_of, serves
from pinggu_desk.assess.match import triage
from pinggu_desk.assess.match.bundle import Bundle, find_bundle
from pinggu_desk.assess.match.gain import Gains
from pinggu_desk.assess.match.index import Index
from pinggu_desk.assess.match.kept import HeldBundle, Kept
from pinggu_desk.assess.match.nearmiss import Change, near_miss, step_up
from pinggu_desk.assess.match.nextask import Question, needed, next_question
from pinggu_desk.assess.nearest import nearest_asks
from pinggu_desk.assess.notes import Elsewhere
from pinggu_desk.assess.overlapping import Beside, same_open
from pinggu_desk.assess.present import not_in_force, outcome_words, present
from pinggu_desk.assess.run import Run
from pinggu_desk.policy.facts import PRIOR

if TYPE_CHECKING:
    from pinggu_desk.assess.engine import Answers, Engine
    from pinggu_desk.assess.rules import Rule

GroupKey = Literal["eligible", "unknown", "near", "review", "ineligible", "not_raised"]
GROUP_WORDS: dict[GroupKey, str] = {
    "eligible": "可申请", "unknown": "需补充信息", "near": "差一点", "review": "需人工认定", "ineligible": "不符合",
    "not_raised": "来访未涉及",
}  # fmt: skip
#: who is asking: an enterprise or institution, a person, or both together
Subject = Literal["单位", "个人", ""]


@dataclass(frozen=True, slots=True)
class Move:
    """What one benefit was and what it is, when something was changed (试算、换日期、换政策包)."""

    benefit: str
    title: str
    before: str
    after: str


class Match:
    """The answer to 能享受什么 for one set of answers.

    ``policies`` limits it to some policies, ``subject`` to what such an asker may receive. Benefits whose text in force
    on the day is not in the pack are named in ``not_in_pack`` and nowhere else. ``mentioned`` are the ids of the matters (事由) that
    the visitor came with: what they don't open is 来访未涉及, neither asked for nor refused. None: nobody was asked, all is gone into.
    ``elsewhere`` are the applicant's other visits, ``choices`` the benefits that the applicant chose where the choice is its own.
    """

    def __init__(
        self, engine: Engine, answers: Answers, *, subject: Subject = "", policies: Sequence[str] | None = None,
        before: Match | None = None, mentioned: Collection[str] | None = None, elsewhere: Sequence[Elsewhere] = (),
        choices: Sequence[str] = (),
    ) -> None:  # fmt: skip
        engine, answers = standing(engine, answers)
        self.engine, self.answers, self.subject, self.elsewhere = engine, answers, subject, elsewhere
        self.choices = tuple(choices)
        self.mentioned = None if mentioned is None else frozenset(mentioned)
        self.run = Run(engine, answers)
        self.rules: dict[str, Rule]
        self.not_in_pack: tuple[Rule, ...]
        self._asked: tuple[str, ...]
        self._of: tuple[object, ...]
        of = engine, answers.on, subject, policies
        self._index: Index
        if before is not None and before._of == of:  # the same rules, of which only the answers are others
            self.rules, self.not_in_pack, self._asked = before.rules, before.not_in_pack, before._asked
            self._index = before._index
        else:
            asked = [rule for rule in engine.chosen(policies) if serves(rule, subject)]
            self.rules = {r.benefit.id: r for r in asked if r.policy.in_force(answers.on)}
            self.not_in_pack = tuple(r for r in asked if r.benefit.id not in self.rules)
            self._asked = tuple(dict.fromkeys(name for rule in self.rules.values() for name in rule.asks))
            self._index = Index(self.rules)
        self._of = of
        self.edition = engine.edition
        if before is not None and (before.edition != self.edition or before.engine is not engine):
            before = None  # other rules, or other outside figures were entered since
        known = _reusable(before, self) if before is not None else {}
        self._kept: Kept = before._kept.after(known, _apart(before, self, known)) if before is not None else Kept()
        self.concluded: dict[str, Conclusion] = {
            i: known[i] if i in known else self.run.conclusion(rule) for i, rule in self.rules.items()
        }
        self._policies = policies
        self._beside = Beside(self.run, elsewhere, self.concluded)
        self._told: dict[str, Determination] = {}
        self._folds: dict[frozenset[str], tuple[Fold, ...]] = {}
        self._questions: dict[frozenset[str], Question | None] = {}

    def updated(self, answers: Answers) -> Match:
        """The match for other answers; what no changed answer can touch is not worked out again."""
        return Match(
            self.engine, answers, subject=self.subject, policies=self._policies, before=self, mentioned=self.mentioned,
            elsewhere=self.elsewhere, choices=self.choices,
        )  # fmt: skip

    @cached_property
    def raised(self) -> frozenset[str]:
        """The benefits that this visit goes into: all, or those that what the visitor said opens (``match.triage``)."""
        if self.mentioned is None:
            return frozenset(self.rules)
        return triage.raised(self.run, self.concluded, self.mentioned)

    @cached_property
    def live(self) -> dict[str, Conclusion]:
        """The conclusions on what this visit goes into, in the texts' order."""
        return {i: c for i, c in self.concluded.items() if i in self.raised}

    def determination(self, benefit: str) -> Determination:
        """The determination of one benefit, with its working; put together when it is first asked for."""
        found = self._told.get(benefit)
        if found is None:
            held = self._kept.shown.get(benefit)
            # what is told of overlaps hangs on others' answers, so it is told anew over what no changed answer touched
            rule = self.rules[benefit]
            found = (
                self._beside.told(held) if held else present(self.run, rule, self.run.conclusion(rule), self._beside)
            )
            self._kept.shown[benefit] = self._told[benefit] = found
        return found

    @cached_property
    def near(self) -> dict[str, Change]:
        """差一点: of the benefits that are ruled out, those that one lawful change would bring back, by benefit."""
        live = self.live.items()
        return {i: change for i, c in live if c.status == "ineligible" and (change := self._change(i)[0]) is not None}

    @cached_property
    def steps(self) -> dict[str, Change]:
        """再进一步: of the eligible benefits, those whose figure jumps at the next bound, by benefit."""
        live = self.live.items()
        return {i: change for i, c in live if c.status == "eligible" and (change := self._change(i)[1]) is not None}

    def _change(self, benefit: str) -> tuple[Change | None, Change | None]:
        """The near miss and the step up of a benefit; at most one of them is there."""
        found = self._kept.changes.get(benefit)
        if found is None:
            rule, now = self.rules[benefit], self.concluded[benefit]
            found = self._kept.changes[benefit] = near_miss(self.run, rule, now), step_up(self.run, rule, now)
        return found

    @cached_property
    def gains(self) -> Gains:
        """What each near miss and step up would add to the bundle."""
        return Gains(self)

    def nearest(self, benefit: str) -> tuple[str, ...]:
        """Of the facts that a benefit lacks, those that are named first: the nearest way's (``assess.nearest``)."""
        found = self._kept.nearest.get(benefit)
        if found is None:
            asks = tuple(self.concluded[benefit].needs.asks)
            found = self._kept.nearest[benefit] = nearest_asks(self.rules[benefit], self.run.env, asks)
        return found

    @cached_property
    def bundle(self) -> Bundle:
        """The best lawful bundle of what is eligible; what it was for the answers before, where nothing that it rests on changed."""
        about = {i: c for i, c in self.live.items() if c.status in ("eligible", "review")}
        held = self._kept.bundle
        if held is None or self.choices or not held.holds(about, self.answers.values):
            found = find_bundle(self.run, self.live, self.choices)
            held = None if self.choices else HeldBundle(about, _asked_by_overlaps(self), found)
            self._kept.bundle = held
            return found
        return held.bundle

    @cached_property
    def same(self) -> dict[str, tuple[str, ...]]:
        """The questions whether it is one and the same thing (同一) that hang on two benefits which both are open, with these."""
        open_ = [i for i, c in self.live.items() if c.status in ("eligible", "review")]
        pack = self.engine.pack
        return same_open(pack, self.answers.values, open_, pack.overlaps)

    @cached_property
    def question(self) -> Question | None:
        """The next question worth asking."""
        return self._once(self._next(()))

    def _next(self, passed: Collection[str]) -> Question | None:
        for fact, benefits in self.same.items():  # both can be had: whether it is one thing changes the total now
            if fact not in passed:
                return Question(fact, len(benefits), 0, 0.0)
        rules = self._served
        aimed = self._aim(passed)
        if aimed:  # the visitor said what it is about: one thing is brought to its end before the next is begun
            found = next_question(self.run, [rules[aimed[0]]], self.live, passed, self.kind, self._kept)
            if found is not None:
                open_ = sum(found.fact in self.live[i].needs.asks for i in self.live)
                return Question(found.fact, open_, found.settles, found.score)
        return next_question(self.run, rules.values(), self.live, passed, self.kind, self._kept)

    @cached_property
    def _served(self) -> dict[str, Rule]:
        """The rules of what this visit goes into and can go to who applies, by benefit."""
        return {i: rule for i in self.live if serves(rule := self.rules[i], self.kind)}

    def _aim(self, passed: Collection[str]) -> tuple[str, ...]:
        """Of what the visitor came with, the benefits in the order in which they are soonest settled; none without triage."""
        if self.mentioned is None:
            return ()
        return triage.soonest(self.run, self._served, self.live, passed, self.kind)

    def folds_but(self, passed: Collection[str]) -> tuple[Fold, ...]:
        """一并确认: what may be asked together now, leaving out what nobody could answer; what most wait for first."""
        key = frozenset(passed)
        if key not in self._folds:
            args = self.run, self._served, self.live, key, self.kind, self._kept.general
            self._folds = {key: tuple(triage.folds(*args))}
        return self._folds[key]

    def fold_but(self, passed: Collection[str]) -> Fold | None:
        """What to ask together next: of the benefit that is soonest settled, so that nothing is asked before its turn."""
        found, aimed = self.folds_but(passed), self._aim(passed)
        if not aimed:
            return next(iter(found), None)
        asks = self.live[aimed[0]].needs.asks
        mine = next((fold for fold in found if any(name in asks for name, _ in fold.facts)), None)
        return mine or (next(iter(found), None) if self.question_but(passed) is None else None)

    def left_but(self, passed: Collection[str]) -> int:
        """How many questions are left at most: what could still move an answer and this applicant can tell, folds as one.

        What waits behind something that could not be answered is not counted: nought when nothing can be asked.
        """
        if self.question_but(passed) is None and not self.folds_but(passed):
            return 0
        facts, kind = self.engine.pack.facts, self.kind
        names = {name for i in self._served for name in askable(facts, self.live[i].needs.asks, kind)} - set(passed)
        history = {name for name in names if facts[name].history is not None}
        if history and self.answers.past is None and PRIOR not in self.answers.values:
            names = (names - history) | {PRIOR}
        folded = [{name for name, _ in fold.facts} & names for fold in self.folds_but(passed)]
        same = len(self.same.keys() - set(passed))
        return (len(names.difference(*folded)) + sum(map(bool, folded)) if names else 0) + same

    @cached_property
    def kind(self) -> Subject:
        """Who applies, as far as it is known: whom the match is for, else the kind of applicant that was stated."""
        return self.subject or kind_of(self.engine.pack.facts, self.answers.values)

    def question_but(self, passed: Collection[str]) -> Question | None:
        """The next question worth asking that is none of those that nobody could answer (暂不清楚)."""
        key = frozenset(passed)
        if key not in self._questions:
            self._questions = {key: self._once(self._next(key), key) if key else self.question}
        return self._questions[key]

    def _once(self, question: Question | None, passed: Collection[str] = ()) -> Question | None:
        """Before any one award is asked for, whether there ever was one (以前领过吗)."""
        facts = self.engine.pack.facts
        if question is None or facts[question.fact].history is None or PRIOR in passed or PRIOR not in facts:
            return question
        if self.answers.past is not None or PRIOR in self.answers.values:
            return question
        open_ = sum(any(facts[name].history for name in c.needs.asks) for c in self.live.values())
        return Question(PRIOR, open_, question.settles, question.score)

    @cached_property
    def needed(self) -> dict[str, int]:
        """还需要: facts that could still move an answer, with how many benefits look at each, most first."""
        count = {**needed(self.live), **{fact: len(benefits) for fact, benefits in self.same.items()}}
        return dict(sorted(count.items(), key=lambda item: -item[1]))

    @cached_property
    def irrelevant(self) -> tuple[str, ...]:
        """已无关: facts that some benefit here asks for, are not answered, and can change no answer any more."""
        facts, known, needed = self.engine.pack.facts, self.answers.values, self.needed
        return tuple(n for n in self._asked if n not in needed and n not in known and not facts[n].decided_by)

    @cached_property
    def groups(self) -> dict[GroupKey, tuple[str, ...]]:
        """The benefits of each group: certain money first, then the nearest to being settled, then the texts' order."""
        out: dict[GroupKey, list[str]] = {key: [] for key in GROUP_WORDS}
        near, raised, wrong = self.near, self.raised, self.wrong_subject
        for benefit, conclusion in self.concluded.items():
            key: GroupKey = "near" if benefit in near else conclusion.status
            if benefit not in raised and benefit not in wrong:
                key = "not_raised"
            out[key].append(benefit)
        ranks: dict[GroupKey, Callable[[str], Any]] = {
            "eligible": self._certain,
            "near": self._gain,
            "unknown": self._weights.__getitem__,
        }
        return {key: tuple(sorted(ids, key=ranks.get(key, self._money))) for key, ids in out.items()}

    @cached_property
    def _weights(self) -> dict[str, tuple[int, int]]:
        """How many facts each benefit lacks, and the most money that it may come to, below nought so that most comes first."""
        known = self._kept.weights
        for benefit in self.concluded.keys() - known:
            conclusion = self.concluded[benefit]
            money = conclusion.high if conclusion.high is not None and conclusion.dim.name == "MONEY" else 0
            known[benefit] = len(conclusion.needs.asks), -money
        return known

    def _money(self, benefit: str) -> int:
        return self._weights[benefit][1]

    def _gain(self, benefit: str) -> int:
        return -(self.near[benefit].gain_fen or 0)

    def _certain(self, benefit: str) -> tuple[int, int]:
        conclusion, money = self.concluded[benefit], self._money(benefit)
        return -(conclusion.low or 0 if conclusion.exact and money else 0), money

    @cached_property
    def wrong_subject(self) -> frozenset[str]:
        """主体不对: of what was not raised, the benefits that who the visitor is rules out by itself."""
        others = {i: rule for i, rule in self.rules.items() if i not in self.raised}
        of, who = (self.edition, self.answers.on), dict(triage.who_is(self.engine, self.answers))
        if self._kept.who != (of, who):
            before_of, before = self._kept.who
            names = {name for name in {*before, *who} if before.get(name) != who.get(name)}
            touched = self._index.askers(names) if of == before_of and before else self._kept.refused.keys()
            self._kept.who = of, who
            self._kept.refused = {i: out for i, out in self._kept.refused.items() if i not in touched}
        return triage.wrong_subject(self.engine, self.answers, others, self._kept.refused) if others else frozenset()

    def why_not(self, benefit: str) -> tuple[str, str]:
        """Why a benefit is ruled out, in one line with the value and the bound, and the clause that says so."""
        d = self.determination(benefit)
        return d.ground_line, d.ground_clauses[0]

    @cached_property
    def ahead(self) -> tuple[Ahead, ...]:
        """What changes after this day (即将变化) of what is not ruled out, and what is new in these policies."""
        told = {i for key in ("eligible", "unknown", "review", "near") for i in self.groups[key]}
        policies = dict.fromkeys(rule.policy.id for rule in (*self.rules.values(), *self.not_in_pack))
        return changes_ahead(self.engine, self.answers, policies, told)

    def absent(self) -> tuple[Determination, ...]:
        """The determinations of what was not in the pack on that day."""
        return tuple(not_in_force(rule, self.answers.on) for rule in self.not_in_pack)


def _reusable(before: Match, now: Match) -> dict[str, Conclusion]:
    """The conclusions that still hold: same day, same past awards, and no fact changed that they look at."""
    if before.answers.on != now.answers.on or before.answers.past != now.answers.past:
        return {}
    touched = now._index.lookers(changed(before.answers, now.answers))
    return {i: c for i, c in before.concluded.items() if i not in touched and i in now.rules}


def _asked_by_overlaps(match: Match) -> dict[str, int | str | None]:
    """What was answered to all that overlaps (竞合) ask."""
    names = {name for one in match.engine.pack.overlaps for name in (one.same, *one.when) if name}
    return {name: match.answers.values.get(name) for name in names}


def _apart(before: Match, now: Match, still: Mapping[str, Conclusion]) -> frozenset[str]:
    """Of what still holds, the benefits whose lawful changes hold as well: no answer changed that bears on one (校核)."""
    beside = now._index.askers(now.engine.checked_with(changed(before.answers, now.answers)))
    return frozenset(still.keys() - beside)


def moved(before: Match, after: Match) -> tuple[Move, ...]:
    """What differs between two answers, of one pack or of two: 试算, another date, another edition of the rules."""
    out = []
    for benefit in dict.fromkeys([*before.rules, *after.rules]):
        one, other = _words(before, benefit), _words(after, benefit)
        if one != other:
            rule = after.rules.get(benefit) or before.rules[benefit]
            out.append(Move(benefit, rule.benefit.title, one, other))
    return tuple(out)


def _words(match: Match, benefit: str) -> str:
    conclusion = match.concluded.get(benefit)
    if conclusion is None:
        return "该日有效的文本不在政策包内" if match.engine.has(benefit) else "没有这个事项"
    return outcome_words(conclusion, match.rules[benefit].decided)
