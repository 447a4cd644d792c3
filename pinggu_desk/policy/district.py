"""The district (本区) whose pack this is: everything that the program says of a place and that no rule says (``district.yaml``).

No code names a district, its departments, its policies or their facts: another district's pack brings its own file. A pack
made before there was one has :data:`NEUTRAL`, which names none.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, ValidationError

from pinggu_desk.policy.errors import Diagnostic
from pinggu_desk.policy.facts import Strict
from pinggu_desk.policy.reader import DAMAGE, Source
from pinggu_desk.policy.resources import DISTRICT, pack_root, product_name

#: a sum or a day in YAML is a number or a date; what a person would type is text
Typed = Annotated[str, BeforeValidator(lambda value: value.isoformat() if isinstance(value, date) else str(value))]


class SourceOf(Strict):
    """来源: one document that texts are taken from, as their heads name it, and how papers name it (``依据2024年2月《…》``)."""

    printed: str = Field(alias="原文", min_length=2)
    words: str = Field(alias="称", min_length=2)


class Sample(Strict):
    """A sample applicant of practice (演练), plainly invented."""

    kind: Literal["企业", "机构", "个人"] = Field(alias="类型")
    name: str = Field(alias="名称", pattern="示例")
    code: str = Field(alias="代码", default="")
    contact: str = Field(alias="联系人", default="")
    phone: str = Field(alias="电话", default="")
    address: str = Field(alias="地址", default="")
    lasting: dict[str, Typed] = Field(alias="长期", default_factory=dict)


class Practice(Strict):
    """演练: the sample applicants, and the sample list (a head, then a row an applicant)."""

    applicants: tuple[Sample, ...] = Field(alias="申请人", default=())
    list_rows: tuple[tuple[Typed, ...], ...] = Field(alias="名单", default=())


class Walk(Strict):
    """走查: the visit that ``make run`` walks: who by pinyin initials, which policy, what is answered.

    A day may be written as so many days ago (``21天前``). ``shown`` are the answers of which a picture is kept.
    """

    applicant: str = Field(alias="申请人")
    policy: str = Field(alias="政策")
    answers: dict[str, Typed] = Field(alias="填报")
    shown: tuple[str, ...] = Field(alias="留影", default=())


class SelfTest(Strict):
    """自检: one case whose figure is known, tried on the spot by ``--self-test``."""

    policy: str = Field(alias="政策")
    on: date = Field(alias="判断日")
    facts: dict[str, Typed] = Field(alias="填报")
    benefit: str = Field(alias="事项")
    amount: str = Field(alias="金额")


class District(Strict):
    """The district, its program's name, its sources, departments, titles and numbers; see the fields.

    ``here`` (本地登记) names, by kind of applicant, the fact that says that it is registered here: a licence whose address is
    in the district offers it. ``either`` (单位个人均可) are recipients that may be a person or an organisation.
    """

    name: str = Field(alias="名称", default="本区")
    short: tuple[str, ...] = Field(alias="简称", default=())
    province: str = Field(alias="省市", default="")
    #: the program as papers and files name their maker, and as screens name it
    program: str = Field(alias="程序", default="惠企窗口")
    product: str = Field(alias="程序全名", default="惠企政策窗口")
    #: the edition of the rules as encoded; the digest of the files follows it in ``Pack.version``
    edition: str = Field(alias="版次", default="1", pattern=r"^[0-9A-Za-z.-]{1,20}$")
    #: what stands where a visit to one policy names it, for a visit to all of them
    whole: str = Field(alias="政策总称", default="惠企助企政策")
    case_prefix: str = Field(alias="办件号", default="BJ", pattern="^[A-Z]{1,6}$")
    code_mark: str = Field(alias="验真码", default="HQZ1", pattern="^[A-Z]{2,6}1$")
    sources: tuple[SourceOf, ...] = Field(alias="来源", default=())
    departments: tuple[str, ...] = Field(alias="部门", default=())
    titles: dict[str, str] = Field(alias="文书题名", default_factory=dict)
    order: tuple[str, ...] = Field(alias="政策顺序", default=())
    here: dict[str, str] = Field(alias="本地登记", default_factory=dict)
    either: frozenset[str] = Field(alias="单位个人均可", default=frozenset())
    practice: Practice = Field(alias="演练", default_factory=Practice)
    walk: Walk | None = Field(alias="走查", default=None)
    self_test: SelfTest | None = Field(alias="自检", default=None)

    def is_here(self, address: str) -> bool:
        """Whether an address says that it lies in the district."""
        return self.name in address

    def basis(self, printed: str) -> str:
        """How papers name a source (``依据2024年2月《…汇编（简版）》``), by what the head of a text says."""
        for source in self.sources:
            if source.printed == printed:
                return source.words
        title, _, edition = printed.partition("，")
        return f"依据{edition}《{title}》"

    def title(self, paper: str) -> str:
        """What the district prints over a kind of paper."""
        return self.titles.get(paper, paper)


#: what stands where a pack says nothing of its district
NEUTRAL = District()
#: by folder of a pack, the time of its file and what it says
_known: dict[Path, tuple[int, District]] = {}


def here() -> District:
    """The district of the pack in use; :data:`NEUTRAL` where it says nothing that can be read."""
    root = pack_root()
    stamp = _stamp(root)
    known = _known.get(root)
    if known is None or known[0] != stamp:
        try:
            known = (stamp, read_district(root, []))
        except DAMAGE:
            known = (stamp, NEUTRAL)
        _known[root] = known
    return known[1]


def remember(root: Path, district: District) -> None:
    """What :func:`here` would read, from a pack that has it already."""
    _known[root] = (_stamp(root), district)


def _stamp(root: Path) -> int:
    try:
        return (root / DISTRICT).stat().st_mtime_ns
    except OSError:
        return 0


def read_district(root: Path, found: list[Diagnostic]) -> District:
    """``district.yaml`` of a pack; what is wrong with it goes to ``found``."""
    try:
        source = Source(root, DISTRICT)
    except OSError:
        return NEUTRAL
    if wrong := source.read():
        found.extend(wrong)
        return NEUTRAL
    try:
        district = District.model_validate(source.data)
    except ValidationError as error:
        first = error.errors()[0]
        words = {"missing": "没有写", "extra_forbidden": "没有这一项", "string_type": "应是文字，数字请加引号"}.get(
            first["type"], "写法不对"
        )
        where = "、".join(str(part) for part in first["loc"])
        found.append(source.found("bad-entry", tuple(first["loc"]), f"本区说明的“{where}”{words}。"))
        return NEUTRAL
    if product_name(root) != district.product:
        found.append(source.found("bad-entry", ("程序全名",), "“程序全名”应单独写成一行，不加引号和注释。"))
    return district


def check_district(
    district: District, policies: Mapping[str, tuple[str, str]], facts: Mapping[str, object], root: Path
) -> list[Diagnostic]:
    """What a district's file says of policies and facts that are not there.

    ``policies`` gives source and department by policy id. A pack without the file is left alone.
    """
    try:
        source = Source(root, DISTRICT)
    except OSError:
        return []
    source.read()
    out: list[Diagnostic] = []
    for at, policy in enumerate(district.order):
        if policy not in policies:
            out.append(source.found("unknown-name", ("政策顺序", at), f"没有编号为“{policy}”的政策。"))
    known = {one.printed for one in district.sources}
    for policy, (printed, department) in policies.items():
        if printed not in known:
            out.append(source.found("unknown-source", ("来源",), f"“{policy}”的来源“{printed}”没有列在“来源”里。"))
        if department and department not in district.departments:
            sentence = f"“{policy}”的主管“{department}”没有列在“部门”里。"
            out.append(source.found("unknown-department", ("部门",), sentence))
    named: list[tuple[tuple[str, ...], str]] = [(("本地登记", kind), name) for kind, name in district.here.items()]
    for key, case in (("走查", district.walk), ("自检", district.self_test)):
        if case is not None:
            given = case.answers if isinstance(case, Walk) else case.facts
            named += [((key, "填报"), name) for name in given]
    if district.self_test is not None and district.self_test.policy not in policies:
        out.append(source.found("unknown-name", ("自检", "政策"), f"没有编号为“{district.self_test.policy}”的政策。"))
    for path, name in named:
        if name not in facts:
            out.append(source.found("unknown-name", path, f"没有名为“{name}”的填报项。"))
    return out
