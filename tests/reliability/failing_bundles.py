"""What is done with bundles, for `failing_runs`: into the district's register and out of the township's, receipts, conflicts, again."""

from __future__ import annotations

from pathlib import Path

from pinggu_desk.register import Register
from pinggu_desk.register.bundles.records import Parcel, Receipt

from .failing_operations import DAY, HUB, OPERATIONS, Desk, Operation, case_there
from .writer import PASSWORD

#: what the township sent, by the folder that the runs happen in: made once, for what it comes to is known from one run to the next
_SENT: dict[Path, Parcel] = {}


def township_there(desk: Desk) -> None:
    """A parcel of a township's, which says another telephone of an applicant who is here; and a case of his."""
    case_there(desk)
    if desk.root not in _SENT:
        town, _ = Register.create(
            desk.root.with_name("镇里"), clerk_no="01", clerk_name="示例镇经办", password=PASSWORD, now=desk.clock
        )
        firm = town.add_applicant("企业", "示例甲公司", code="91110117MA01ABCD5U", phone="示例镇的")
        case = town.open_case("ss", "1", applicant_id=firm.id, on=DAY)
        town.set_answer(case.id, "投资额", "500万元")
        town.add_award(firm.id, "ss", "ss.2.1", 300, DAY, "上市")
        (_SENT[desk.root],) = town.export_since(desk.register.register_id)
        town.close()


def joined_there(desk: Desk) -> None:
    township_there(desk)
    join(desk)


def join(desk: Desk) -> object:
    return desk.register.join(_SENT[desk.root], "示例镇")


def sent_there(desk: Desk) -> None:
    """A parcel went out."""
    case_there(desk)
    desk.register.export_since(HUB)


def confirm(desk: Desk) -> None:
    desk.register.note_joined(Receipt(sender=desk.register.register_id, receiver=HUB, number=1))


def confirmed_there(desk: Desk) -> None:
    sent_there(desk)
    confirm(desk)


#: everything that somebody does
EVERY = OPERATIONS | {
    "bundle joined": Operation((join,), township_there),
    "conflict decided": Operation((lambda desk: desk.register.decide(1, {"phone"}),), joined_there),
    "receipt": Operation((confirm,), sent_there),
    "sent again": Operation((lambda desk: desk.register.send_again(HUB, DAY),), confirmed_there),
}
