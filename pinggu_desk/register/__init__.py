"""The register (登记库): applicants, cases, awards, clerks, keys, audit and backup in one encrypted database.

`Register` is the one door. SQL is written here and nowhere else in the program.
"""

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
