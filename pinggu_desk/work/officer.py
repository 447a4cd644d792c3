"""The officer's workbench (政策维护): a pack's folder being edited, looked over as it is typed, without a window.

What is typed goes into a draft beside, and only a save writes into the pack; what is written is what was typed, nothing reformatted.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from pinggu_desk.assess.engine import Engine
from pinggu_desk.assess.examples import wrong_examples
from pinggu_desk.assess.signoff import Example, SignOffRow, gather
from pinggu_desk.documents.pdf.pdfdoc import save
from pinggu_desk.policy.cases import Cases, load_cases
from pinggu_desk.policy.diagnostics import CODES
from pinggu_desk.policy.errors import BadInput, BadPack, Diagnostic
from pinggu_desk.policy.models import Pack, Policy
from pinggu_desk.policy.outline import OutlineLine
from pinggu_desk.policy.pack import cross_check, read_pack
from pinggu_desk.policy.reader import Source, digest
from pinggu_desk.policy.reading import pieces_of
from pinggu_desk.policy.stamp import claimed, stamped_headings
from pinggu_desk.policy.text import Sentence
from pinggu_desk.policy.unfinished import unfinished

#: what an officer edits of a policy, in the order in which it is offered
FILES = ("policy.yaml", "text.md", "cases.yaml")
#: and of the pack
SHARED = (
    "facts.yaml", "readings.yaml", "parameters.yaml", "matters.yaml", "synonyms.yaml", "overlaps.yaml", "consistency.yaml",
    "columns.yaml", "usual.yaml", "workdays.yaml", "district.yaml",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shown:
    """One sentence or heading of a text; ``mark`` says what is to be done about it, empty where nothing is."""

    clause: str
    words: str
    heading: bool
    mark: str


@dataclass(frozen=True, slots=True)
class Tried:
    """A worked example with what is wrong with it now; nothing where it comes out as it says."""

    words: str
    wrong: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands beside a sentence: lines of policy.yaml (from 1, its own benefit first), the rule in words, its examples."""

    lines: tuple[int, ...] = ()
    words: tuple[OutlineLine, ...] = ()
    examples: tuple[Tried, ...] = ()


@dataclass(frozen=True)
class Looked:
    """What one look found: the pack as far as it could be read, its findings, the examples' results by policy."""

    pack: Pack
    findings: tuple[Diagnostic, ...]
    cases: Mapping[str, Cases] = field(default_factory=dict)
    wrong: Mapping[str, tuple[Diagnostic, ...]] = field(default_factory=dict)

    def policy(self, folder: str) -> Policy | None:
        """The policy, or the version of one, that lies in a folder; None while it can't be read."""
        era, policy = self.pack.folders().get(folder, (None, ""))
        return era.policies[policy] if era is not None else None


class Workbench:
    """A pack's folder and the draft that is made of it. Raises BadInput where the folder holds no pack."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        if not (folder / "policies").is_dir():
            raise BadInput(f"“{folder}”里没有政策包（应有 policies 目录），请选择政策包的目录，或先用 pack new 起草。")
        self._home = TemporaryDirectory(prefix="pinggu-officer-")
        self.draft = Path(self._home.name) / "pack"
        self._changed: dict[str, None] = {}
        self._told: tuple[Looked, str, tuple[SignOffRow, ...]] | None = None
        try:
            for path in (*folder.glob("*.yaml"), *folder.glob("policies/*/*.yaml"), *folder.glob("policies/*/text.md")):
                place = self.draft / path.relative_to(folder)
                place.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, place)
        except OSError as error:
            raise BadInput(f"“{folder}”读不出来（{error.strerror}），请检查目录和权限。") from None

    def close(self) -> None:
        """Take the draft away."""
        self._home.cleanup()

    # --- files

    def policies(self) -> tuple[str, ...]:
        """The policies' folders by name, versions of one behind it."""
        return tuple(sorted(path.parent.name for path in self.draft.glob("policies/*/policy.yaml")))

    def files(self, policy: str) -> tuple[str, ...]:
        """What can be edited: the policy's own files, then the pack's, as paths in the pack."""
        own = (f"policies/{policy}/{name}" for name in FILES)  # also those that are still to be written
        return (*own, *(name for name in SHARED if (self.draft / name).is_file()))

    def text(self, name: str) -> str:
        """A file's text as it stands in the draft; empty where there is none. Raises BadInput."""
        try:
            return (self.draft / name).read_text(encoding="utf-8")
        except FileNotFoundError:
            return ""
        except (OSError, UnicodeDecodeError):
            raise BadInput(f"“{name}”读不出来，可能不是 UTF-8，请另存为 UTF-8 后再打开。") from None

    def put(self, name: str, text: str) -> None:
        """Keep what was typed, in the draft."""
        if text != self.text(name):
            place = self.draft / name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(text, encoding="utf-8")
            self._changed[name] = None

    @property
    def unsaved(self) -> tuple[str, ...]:
        """The files whose draft is not in the pack yet."""
        return tuple(self._changed)

    def save(self) -> tuple[str, ...]:
        """Write what was changed into the pack, each file in one step, and tell which. Raises DeskError."""
        written = []
        for name in tuple(self._changed):
            save((self.draft / name).read_bytes(), self.folder / name)
            del self._changed[name]
            written.append(name)
        return tuple(written)

    # --- looking

    def look(self, policy: str = "") -> Looked:
        """All that one look finds, the examples of ``policy`` (of all without one) among it; see :meth:`looks`."""
        *_, last = self.looks(policy)
        return last

    def looks(self, policy: str = "") -> Iterator[Looked]:
        """Read the draft and hold it against its text and ledger, then (a second look) its examples against the rules.

        Nothing is raised for what is wrong with the pack, BadInput where a file of it is missing.
        """
        try:
            pack, found = read_pack(self.draft)
        except OSError as error:
            raise BadInput(f"政策包缺文件“{Path(error.filename or '').name}”，请用 pack new 起草的为底。") from None
        found = found or cross_check(pack, self.draft)
        cases, wrong = dict[str, Cases](), dict[str, tuple[Diagnostic, ...]]()
        wanted = {} if found else {one: where for one, where in pack.folders().items() if not policy or one == policy}
        for one, (era, name) in wanted.items():
            try:
                cases[one] = load_cases(era, name, self.draft)
            except BadPack as error:
                found += [d for d in error.diagnostics if d.code != "missing-cases"]
                cases[one] = Cases(policy=name, cases=(), refusals=())  # its rules are read out all the same
        later = unfinished(self.draft, pack.folders(), {})  # opinions are what `check` tells: they take a sign-off each
        yield Looked(pack, (*found, *later), cases)
        if cases:
            engine = Engine(pack)
            for one, of in cases.items():
                wrong[one] = tuple(wrong_examples(engine.at(wanted[one][0].since), of))
                found += wrong[one]
            yield Looked(pack, (*found, *later), cases, wrong)

    def sentences(self, looked: Looked, policy: str) -> tuple[Shown, ...]:
        """The text of a policy, each sentence with what is still to be done about it."""
        read = looked.policy(policy)
        if read is None:
            return ()
        file = f"policies/{policy}/"
        marks: dict[int, str] = {}
        for one in looked.findings:
            if one.file == f"{file}text.md":
                marks.setdefault(one.line, CODES[one.code].means if one.code in CODES else one.sentence)
        out = []
        for sentence in read.sentences:
            mark = marks.get(sentence.line, "")
            if not mark and not sentence.heading:
                mark = self._unclaimed(read, sentence)
            out.append(Shown(sentence.id, sentence.words, sentence.heading, mark))
        return tuple(out)

    @staticmethod
    def _unclaimed(policy: Policy, sentence: Sentence) -> str:
        claim = policy.ledger.get(sentence.id)
        if claim is None:
            return "没有登入台账"
        return "原文改过，印对不上" if claim.hash != digest(sentence.words) else ""

    def beside(self, looked: Looked, policy: str, clause: str) -> Beside:
        """What the rules and the examples make of one sentence."""
        read = looked.policy(policy)
        if read is None or not read.text.find(clause):
            return Beside()
        source = Source(self.draft, f"policies/{policy}/policy.yaml")
        own = [source.line(benefit.path) for benefit in read.benefits if clause in benefit.cite]
        parts = sorted(source.line(piece.node.path) for piece in pieces_of(read, clause))
        lines = tuple(dict.fromkeys(line for line in (*own, *parts, source.line(("台账", clause))) if line))
        if policy not in looked.cases:
            return Beside(lines)
        row = next(row for row in self._rows(looked, policy) if row.clause == clause)
        words = tuple(line for block in row.blocks for line in (OutlineLine(0, f"【{block.title}】"), *block.lines))
        return Beside(lines, words, tuple(self._tried(looked, policy, clause, row.examples)))

    def _rows(self, looked: Looked, policy: str) -> tuple[SignOffRow, ...]:
        """The policy's sentences with what is told beside them; put together once a look."""
        if self._told is None or self._told[0] is not looked or self._told[1] != policy:
            era, name = looked.pack.folders()[policy]
            self._told = looked, policy, gather(era, name, looked.cases[policy]).rows
        return self._told[2]

    @staticmethod
    def _tried(looked: Looked, policy: str, clause: str, told: Sequence[Example]) -> Iterator[Tried]:
        read = looked.policy(policy)
        mine = [c for c in looked.cases[policy].cases if read and read.text.find(c.clause)[0].id == clause]
        wrong = [one.sentence for one in looked.wrong.get(policy, ())]
        for case, example in zip(mine, told, strict=True):
            said = f"样例“{case.says}”"
            yield Tried(example.words, tuple(line for line in wrong if line.startswith(said)))

    # --- what a person would have to work out by hand

    def claimed(self, looked: Looked, policy: str, clause: str) -> str:
        """policy.yaml with the sentence in its ledger: a new line where it had none, else its print as the text is now.

        Only for someone who has just read the sentence against the rules: the print says so. Raises BadInput.
        """
        read = looked.policy(policy)
        found = read.text.find(clause) if read is not None else ()
        if read is None or not found:
            raise BadInput(f"原文里没有“{clause}”这一句，请先在 text.md 里写上。")
        rules = self.text(f"policies/{policy}/policy.yaml")
        if found[0].heading:
            return stamped_headings(rules, read.text)
        return claimed(rules, found[0], [sentence.id for sentence in read.sentences])
