"""Of whom a row speaks: by his number, and by his name alone only when somebody has said so."""

from __future__ import annotations

from collections.abc import Mapping

from pinggu_desk.policy.characters import plain_name
from pinggu_desk.policy.identity import shown
from pinggu_desk.register.importing import Bearers
from pinggu_desk.register.records import Applicant
from pinggu_desk.work.importing.items import Item, Option, Question

SKIP = Option("这一位先不导入", "skip")
NEW = Option("是另一位，新登记", "new")
_MOST_ALIKE = 5


#: of a person whom a list names once with a number and once without: which of two he is, nobody can tell
NAMESAKE = "名单里有同名而写了号码的，这一行没有写号码，看不出是不是同一位，没有导入；请在名单里补上号码"


def ask(item: Item, question: Question, given: Mapping[str, Option]) -> Option | None:
    """The answer, where one was given that the question still has and that lets the item go on."""
    before = given.get(question.kind)
    question.chosen = next(
        (one for one in question.options if before is not None and (one.act, one.value) == (before.act, before.value)),
        None,
    )
    item.questions.append(question)
    if question.chosen is None:
        item.state = "要先定"
        return None
    if question.chosen.act == "skip":
        item.state, item.told = "不导入", ["您定为先不导入"]
        return None
    return question.chosen


def whom(
    bearers: Bearers, item: Item, who: Applicant, given: Mapping[str, Option], *, fills: bool = True
) -> tuple[bool, Applicant | None, bool]:  # fmt: skip
    """Whether it is sure who that is, the applicant where he is registered, and whether he takes the list's name.

    ``fills`` says that what the list has of him would be written, his number too.
    """
    everyone = bearers.everyone
    if (number := bearers.codes.get(who.code) if who.code else None) is not None:
        known = everyone[number]
        if plain_name(known.name) == plain_name(who.name):
            return True, known, False
        words = f"号码 {item.number} 在登记库里是“{known.name}”，名单写的是“{who.name}”。是改了名，还是号码写错了？"
        if others := [everyone[i] for i in sorted(bearers.alike(who.name, "") - {number})]:
            words += f"登记库里叫“{others[0].name}”的是另一位（{_several(others)}）。"
        options = (
            *([Option("是同一位，改用名单的名称", "rename", number)] if fills else ()),
            Option("是同一位，名称不改", "same", number),
            SKIP,
        )
        chosen = ask(item, Question("renamed", words, options), given)
        return chosen is not None, known, chosen is not None and chosen.act == "rename"
    person = who.kind == "个人"
    called = [everyone[i] for i in sorted(bearers.alike(who.name, "")) if (everyone[i].kind == "个人") == person]
    if not called:
        return True, None, False
    words = f"登记库里已有同名的“{called[0].name}”（{_several(called)}），名单上的{_number_words(item.number)}。是不是同一位？"
    same = [
        Option(f"就是登记库里的那位（{_about(one)}）{_becomes(one, item.number) if fills else ''}", "same", one.id)
        for one in called[:_MOST_ALIKE]
    ]
    kind = f"named:{bool(who.code)}:{any(one.code for one in called)}"
    chosen = ask(item, Question(kind, words, (*same, NEW, SKIP)), given)
    known_one = everyone[chosen.value] if chosen is not None and chosen.act == "same" else None
    return chosen is not None, known_one, False


def _several(called: list[Applicant]) -> str:
    told = "、".join(_about(one) for one in called[:_MOST_ALIKE])
    return told + (f"等 {len(called)} 位" if len(called) > _MOST_ALIKE else "")


def _about(who: Applicant) -> str:
    return shown(who.code, who.kind) or "没有登记号码"


def _number_words(number: str) -> str:
    return f"号码是 {number}" if number else "没有写号码"


def _becomes(known: Applicant, number: str) -> str:
    if not number or shown(known.code, known.kind) == number:
        return ""
    return f"，号码改为 {number}" if known.code else f"，补上号码 {number}"
