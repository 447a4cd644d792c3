"""What no line that a clerk or an applicant reads may hold: kinds of wording that were seen and mended (FOUND 17, 25–28)."""

from __future__ import annotations

import re
from collections.abc import Iterable

from pinggu_desk.assess.determination import Determination
from pinggu_desk.assess.notes import TraceLine

#: kind of fault -> what it looks like
FAULTS: dict[str, re.Pattern[str]] = {
    "an answer is no demand": re.compile("应为[是否](?![一-鿿])|否至是"),
    "a denial of a quotation": re.compile("并非"),
    "an unknown is no ceiling": re.compile("(?:未填|待定|未录入)是"),
    "nested alternatives": re.compile("（1）.*（1）|之一[：即].*之一即可"),
    "a clause's number in the pack": re.compile(r"(?<![A-Za-z])(?!www)[a-z]{2,5}\.[0-9s][0-9a-zA-Z.]*"),
    "an editor's mark": re.compile(r"存疑|原文印作|原文未写明形式|辦|把握：|\+[0-9a-f]{8}|\$|\\leq"),
    "a table's bars": re.compile(r" \| "),
    "a long row of digits": re.compile(
        r"(?<![0-9A-Za-z,.\-－—])[0-9]{5,}(?:\.[0-9]+)?(?=[万亿]?[元人家个项次名套件]|平方米|万?美元|吨)"
    ),
    "万元 from one 亿 up": re.compile(r"(?<![0-9.,])[0-9]{1,3},?[0-9]{3},?[0-9]{2,}(?:\.[0-9]+)? ?万元"),
    "the most that a field takes, as if it were published": re.compile("（未填） = "),
    "what is not there, for each": re.compile("(?:未录入|待定|未填)/"),
    "a row from a bound to the same bound": re.compile(r"([0-9.,]+[^\d（）]{1,4})（含）至\1（含）"),
    "months beside years in one range": re.compile("[0-9]个月至[0-9]+年|[0-9]年至[0-9]+个月"),
    "the same said twice": re.compile(r"：([^：（）]{4,})（\1"),
    "a sum that is sure of what is open": re.compile("(?:需补充信息|需人工认定)，[0-9][^（至]*（按条款计算"),
    "an English word": re.compile(r"(?<![A-Za-z])(?!LPR|THE|QS|ISO|BP)[A-Za-z]{3,}"),
}
#: a statement of the condition as if it held, where it is said to fail
UNTRUE = re.compile("）(?:不低于|超过|不超过|低于|不晚于|不早于|为)[0-9]")
#: parts of things of which there are no parts, unless what it takes stands beside it
PARTS = re.compile("[0-9]+[.][0-9]+(?:人次|人|家|个|项|次|名|套|件)(?!月|百分点|，至少|，至多)")
#: how the No of a fact reads for which nobody wrote words (否说)
NO_SENTENCE = "”一项为否"
#: what a ground in one line says: what is asked, what the text does not give, or what it comes to
ASKED = re.compile("应|的认定是|本项要求|本项只适用于|本项不给予|本项只有|不予支持|不在给予支持|可得金额为 0元|须")
#: a ground that names one value, one bound and what it comes to takes no more
LONGEST_GROUND = 120
#: alternatives are told the nearest first and the others counted: nobody reads more
LONGEST_LINE = 360
#: where all fail each is a reason that somebody looks for
LONGEST_OF_ALL = 700


def faults(text: str) -> list[str]:
    """The kinds of fault that a text shows."""
    return [kind for kind, pattern in FAULTS.items() if pattern.search(text)]


def faults_of_line(line: TraceLine) -> list[str]:
    """The kinds of fault that a line of the working shows."""
    found = faults(line.text) if not line.text.startswith("提供：") else []
    if line.mark == "fails" and UNTRUE.search(line.text):
        found.append("an untrue statement among what is not met")
    if len(line.text) > {"fails": LONGEST_OF_ALL, "open": LONGEST_LINE}.get(line.mark, len(line.text)):
        found.append("more than anybody reads in one line")
    if NO_SENTENCE in line.text:
        found.append("a No that is no sentence")
    if PARTS.search(line.text):
        found.append("a part of a thing that is counted whole")
    return found


def faults_of(d: Determination) -> Iterable[str]:
    """Every fault of a determination's words, each with the text that shows it."""
    for line in d.trace:
        yield from (f"{fault}: {line.text}" for fault in faults_of_line(line))
    for text in (d.headline, d.figure_words, *(r.effect for r in d.readings), *d.notes, *d.lacking()):
        yield from (f"{fault}: {text}" for fault in faults(text))
        if NO_SENTENCE in text:
            yield f"a No that is no sentence: {text}"
    for i in d.indicators:
        yield from (f"{fault}: {i.name} {text}" for text in (i.value, i.bound, i.result) for fault in faults(text))
        if i.value in ("是", "否") or "〔" in i.bound:
            yield f"an indicator that is no statement: {i.name}：{i.value}，{i.bound}"
    if re.fullmatch(r"[0-9.]+ ?%", d.headline):
        yield f"a bare percentage: {d.title} {d.headline}"
    yield from faults_of_ground(d)
    if d.status == "ineligible" and not any(line.mark == "fails" for line in d.trace):
        yield f"a refusal without its reason: {d.title}"


def faults_of_ground(d: Determination) -> Iterable[str]:
    """What is wrong with the one line that says why something is not given (``Determination.ground_line``)."""
    said = d.ground_line
    if d.status != "ineligible":
        yield from [f"a ground of what is not refused: {said}"] if said else []
        return
    yield from (f"{fault} in a ground: {said}" for fault in faults(said))
    if not ASKED.search(said):
        yield f"a ground that does not say what is asked: {d.title}：{said}"
    if "\n" in said or "（1）" in said or len(said) > LONGEST_GROUND:
        yield f"a ground of more than one line: {said}"
    if UNTRUE.search(said) or said.endswith(("：不符合", "。")) or not d.ground_clauses:
        yield f"an untrue or unended ground: {said}"
    if d.failed[0].brief not in said:
        yield f"a ground that is not the working's own: {said}"
