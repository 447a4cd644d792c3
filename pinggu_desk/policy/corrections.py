"""Small corrections (更正) to a pack that serves: a settled reading, a holiday year, a telephone number, an everyday word.

Each counts from a day on and says by whose word it does; a case judged as of an earlier day is judged without it. An outside
figure has always been dated and entered by itself (``policy.outside``); it travels with these.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from pinggu_desk.policy.characters import brief, plain_text
from pinggu_desk.policy.dates import Calendar, Year, day_words
from pinggu_desk.policy.errors import BadAnswer
from pinggu_desk.policy.models import ContactSpec, Pack, Policy
from pinggu_desk.policy.readings import Settled, by_word_of

Kind = Literal["读法", "放假", "电话", "口语词"]
KINDS: tuple[Kind, ...] = ("读法", "放假", "电话", "口语词")
TAKEN, OTHER = "取", "另"
_YEAR = re.compile(r"(20[0-9]{2})年?")
_ARRANGED = re.compile(r"休：(?P<off>[^；]*)(?:；班：(?P<work>[^；]*))?")
_PHONE = re.compile(r"[0-9]{3}")
_MOST_WORDS, _FEWEST_OFF, _MOST_OFF, _MOST_WORKED = 100, 11, 60, 20
_WEEKEND = (5, 6)


@dataclass(frozen=True, slots=True)
class Correction:
    """One correction: of what kind, of what (``subject``: a reading's id, a year, ``政策/项``, a benefit), to what.

    ``value`` is 取 or 另; days as ``休：2027-01-01、…；班：2027-01-09``; a telephone number; a word. ``since`` is the day from
    which it counts, ``office``, ``document`` and ``dated`` say by whose word, ``by`` is the clerk who entered it.
    """

    kind: Kind
    subject: str
    value: str
    since: date
    office: str
    document: str = ""
    dated: date | None = None
    by: str = ""

    @property
    def words(self) -> str:
        """By whose word: ``按示例局2026年3月2日答复（示例〔2026〕3号）``; what is no answer to a question was made known (公布)."""
        return by_word_of(self.office, self.dated, self.document, "答复" if self.kind == "读法" else "公布")

    def as_settled(self, branch: str) -> Settled:
        """As the settling of a reading."""
        return Settled.model_validate({
            "采": branch, "单位": self.office, "文件": self.document, "日期": self.dated, "自": self.since,
        })  # fmt: skip


def check_correction(pack: Pack, one: Correction) -> Correction:
    """The correction with its value in its one form. Raises BadAnswer: nothing of that name, or a value that can't be meant."""
    office, document = plain_text(one.office), plain_text(one.document)
    if not office:
        raise BadAnswer("更正没有写明是哪个单位答复或公布的，请填写单位。")
    if one.kind not in KINDS or max(len(office), len(document)) > _MOST_WORDS:
        raise BadAnswer(f"更正的种类应为{'、'.join(KINDS)}之一，单位和文件各不超过 {_MOST_WORDS} 个字。")
    value = _CHECKS[one.kind](pack, one.subject, plain_text(one.value))
    return replace(one, value=value, office=office, document=document)


def _reading(pack: Pack, subject: str, value: str) -> str:
    if subject not in pack.readings:
        raise BadAnswer(f"政策包里没有编号为“{brief(subject)}”的读法，请从列表中选择。")
    if value not in (TAKEN, OTHER):
        raise BadAnswer(f"读法“{subject}”应定为“{TAKEN}”或“{OTHER}”，不能是“{brief(value)}”。")
    return value


def _holidays(pack: Pack, subject: str, value: str) -> str:
    year, off, worked = read_arrangement(subject, value)
    known = sorted(one.number for one in pack.calendar.years if one.published)
    if known and not known[0] <= year <= known[-1] + 1:
        raise BadAnswer(f"{year}年的放假安排与已有的（{known[0]}至{known[-1]}年）不相接，请先录入{known[-1] + 1}年的。")
    if not _FEWEST_OFF <= len(off) <= _MOST_OFF or len(worked) > _MOST_WORKED:
        raise BadAnswer(f"{year}年写了放假 {len(off)} 天、调休上班 {len(worked)} 天，与通知相差太多，请逐日核对。")
    return f"休：{'、'.join(map(str, sorted(off)))}；班：{'、'.join(map(str, sorted(worked)))}"


def read_arrangement(subject: str, value: str) -> tuple[int, frozenset[date], frozenset[date]]:
    """A year's arrangement: the year, its days off, its weekend days that are worked. Raises BadAnswer."""
    named = _YEAR.fullmatch(subject)
    found = _ARRANGED.fullmatch(value)
    if named is None or found is None:
        raise BadAnswer("放假安排应写明年份，和“休：2027-01-01、2027-01-02；班：2027-01-09”这样的日期。")
    year = int(named[1])
    off, worked = (frozenset(_day(text, year) for text in re.split("[、，, ]+", part or "") if text)
                   for part in (found["off"], found["work"]))  # fmt: skip
    for day in sorted(worked):
        if day.weekday() not in _WEEKEND:
            raise BadAnswer(f"调休上班日 {day} 不是周六或周日，请对照通知核对。")
        if day in off:
            raise BadAnswer(f"{day} 既写了放假，又写了上班，请对照通知核对。")
    return year, off, worked


def _day(text: str, year: int) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise BadAnswer(f"放假安排里的“{brief(text)}”不是日期，请写成如 {year}-01-01。") from None
    if day.year != year:
        raise BadAnswer(f"放假安排里的 {day} 不在{year}年，请核对。")
    return day


def _phone(pack: Pack, subject: str, value: str) -> str:
    policy, _, role = subject.partition("/")
    roles = [one.role for one in pack.policies[policy].contacts] if policy in pack.policies else []
    if role not in roles:
        raise BadAnswer(f"政策包里没有“{brief(subject)}”这一项咨询方式，请从列表中选择。")
    if not _PHONE.search(value) or len(value) > _MOST_WORDS:
        raise BadAnswer(f"咨询方式“{brief(value)}”里没有电话号码，请核对。")
    return value


def _word(pack: Pack, subject: str, value: str) -> str:
    known = {policy.id for policy in pack.policies.values()}
    known |= {benefit.id for policy in pack.policies.values() for benefit in policy.benefits}
    if subject not in known:
        raise BadAnswer(f"政策包里没有“{brief(subject)}”这项政策或支持事项，请从列表中选择。")
    if not 1 < len(value) <= 12:
        raise BadAnswer(f"口语词“{brief(value)}”应为 2 至 12 个字。")
    return value


_CHECKS = {"读法": _reading, "放假": _holidays, "电话": _phone, "口语词": _word}


# --- at work


def settled_by(pack: Pack, corrections: Iterable[Correction]) -> dict[str, list[Settled]]:
    """By reading, how it is settled, the latest first: what the pack itself says, and what was entered (which comes before)."""
    out: dict[str, list[Settled]] = {}
    for one in corrections:
        if one.kind == "读法" and one.subject in pack.readings:
            out.setdefault(one.subject, []).append(one.as_settled(one.value))
    for reading in pack.readings.values():
        if reading.settled is not None:
            out.setdefault(reading.id, []).append(reading.settled)
    return {key: sorted(each, key=lambda one: one.since or date.min, reverse=True) for key, each in out.items()}


def standing_on(corrections: Iterable[Correction], on: date) -> list[Correction]:
    """Those that count for a case judged as of a day: begun by then, and no later one of the same thing begun either."""
    begun = sorted((one for one in corrections if one.since <= on), key=lambda one: one.since)
    last = {(one.kind, one.subject, one.value if one.kind == "口语词" else ""): one for one in begun}
    return list(last.values())


def calendars_by(pack: Pack, corrections: Iterable[Correction]) -> list[tuple[date, Calendar]]:
    """The calendars in force from a day on, the latest first; before all of them the pack's own."""
    out: list[tuple[date, Calendar]] = []
    calendar = pack.calendar
    for one in sorted((one for one in corrections if one.kind == "放假"), key=lambda one: one.since):
        number, off, worked = read_arrangement(one.subject, one.value)
        others = [year for year in calendar.years if year.number != number]
        years = sorted([*others, Year(number, True, off, worked)], key=lambda year: year.number)
        calendar = replace(calendar, years=tuple(years))
        out.insert(0, (one.since, calendar))
    return out


def arranged_by(corrections: Iterable[Correction], on: date, first: int, last: int) -> str:
    """By whose word the holidays of the years from ``first`` to ``last`` are those that were entered; empty where none were."""
    by = {
        read_arrangement(one.subject, one.value)[0]: one for one in standing_on(corrections, on) if one.kind == "放假"
    }
    return "；".join(f"{year}年放假安排{by[year].words}" for year in sorted(by) if first <= year <= last)


class CorrectedContact(ContactSpec):
    """A telephone number that was corrected, or is going to be: ``note`` says by whose word and from which day on."""

    note: str


def contact_note(contact: ContactSpec) -> str:
    """By whose word a telephone number is another than the text's, and what it becomes from which day on; empty for the text's."""
    return contact.note if isinstance(contact, CorrectedContact) else ""


def contact_line(contact: ContactSpec) -> str:
    """``咨询专线 010-…``, with what is to be said of a corrected number in brackets."""
    note = contact_note(contact)
    return f"{contact.role} {contact.text}" + (f"（{note}）" if note else "")


def policy_on(policy: Policy, corrections: Iterable[Correction], on: date) -> Policy:
    """The policy with the telephone numbers of a day, the policy itself where none was corrected.

    A number counts from its day on like every correction. One that begins later is told beside it, with its day: whoever holds
    the paper by then must not dial the dead one.
    """
    by: dict[str, list[Correction]] = {}
    for one in sorted(corrections, key=lambda one: one.since):
        if one.kind == "电话" and one.subject.partition("/")[0] == policy.id:
            by.setdefault(one.subject.partition("/")[2], []).append(one)
    if not by:
        return policy
    return replace(policy, contacts=tuple(_called(spec, by.get(spec.role, ()), on) for spec in policy.contacts))


def _called(spec: ContactSpec, ones: Sequence[Correction], on: date) -> ContactSpec:
    now = next((one for one in reversed(ones) if one.since <= on), None)
    later = next((one for one in ones if one.since > on), None)
    said = [f"自{day_words(now.since)}起，{now.words}"] if now is not None else []
    said += [f"自{day_words(later.since)}起改为 {later.value}，{later.words}"] if later is not None else []
    if not said:
        return spec
    text = now.value if now is not None else spec.text
    return CorrectedContact.model_validate(
        {"项": spec.role, "文": text, "依据": spec.clause, "note": "；".join(said)}
    )  # fmt: skip
