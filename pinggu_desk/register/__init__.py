"""The register (登记库): applicants, cases, awards, clerks, keys, audit and backup in one encrypted database.

`Register` is the one door. SQL is written here and nowhere else in the program. It comes when it is first asked for: the
cipher, the database and the facts take longer to load than the whole door, which asks only whether there is a register.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pinggu_desk.register.errors import RegisterError
    from pinggu_desk.register.records import (
        Applicant,
        AuditRow,
        Award,
        Case,
        Clerk,
        IssuedDocument,
        KeptParameter,
        KnownFact,
    )
    from pinggu_desk.register.register import Register
    from pinggu_desk.register.signing import OfficeKey, TrustedKey

__all__ = [
    "Applicant",
    "AuditRow",
    "Award",
    "Case",
    "Clerk",
    "IssuedDocument",
    "KeptParameter",
    "KnownFact",
    "OfficeKey",
    "Register",
    "RegisterError",
    "TrustedKey",
]

#: where each name lives that is not a record
_ELSEWHERE = {"RegisterError": "errors", "Register": "register", "OfficeKey": "signing", "TrustedKey": "signing"}


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_ELSEWHERE.get(name, 'records')}"), name)
