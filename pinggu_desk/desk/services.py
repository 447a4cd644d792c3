"""What pages are given: the pack, the engine, the register's door, the settings, and how papers and wizards are made."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pinggu_desk.desk.operations import Operations
from pinggu_desk.desk.settings import SettingsStore
from pinggu_desk.register.records import MATCHING, MATCHING_TITLE, Case, Clerk, KeptParameter

if TYPE_CHECKING:  # loaded after the first page was painted
    from pinggu_desk.assess.engine import Engine
    from pinggu_desk.desk.page import Page
    from pinggu_desk.desk.search import Passage
    from pinggu_desk.policy.corrections import Correction
    from pinggu_desk.policy.models import Pack
    from pinggu_desk.policy.parameters import ParameterValue
    from pinggu_desk.register.corrections import KeptCorrection
    from pinggu_desk.work.packs.replay import Engines, KeptPack


@dataclass
class Services:
    """Built once by the composition root; each page takes what it needs from it.

    ``load`` gives the pack and its engine, and is first called after the first page was painted. ``make_wizard``
    makes the wizard page of a case; ``papers`` is the wizard's own. ``clerk`` is who is logged in, set by the window
    at each login.
    """

    operations: Operations
    settings: SettingsStore
    folder: Path
    practice: bool
    load: Callable[[], tuple[Pack, Engine]]
    make_wizard: Callable[[Services, Case], Page]
    papers: Any = None
    today: Callable[[], date] = date.today
    clerk: Clerk = field(default_factory=lambda: Clerk("", ""))
    #: the list at work (批量), which outlives its page; None until there is one
    lists: Any = None
    #: the list that is being imported (从名单导入), likewise
    imports: Any = None
    #: what backs up and looks the register over by itself (`desk.keeper`); None where no window does
    keeper: Any = None
    #: closes the register and goes back to the door, which says the sentence; set by the window
    leave: Callable[[str], None] = lambda _sentence: None
    #: set while the desk is locked: nothing is printed, saved or put on record for a person then
    locked: bool = False
    _figures: dict[str, list[ParameterValue]] = field(default_factory=dict)
    _corrections: tuple[Correction, ...] = ()
    #: what the search knows, and of which day
    _found: tuple[date, tuple[Passage, ...]] | None = None
    #: what is told of the pack that serves, once: that another had to stand in for it
    told_of_pack: list[str] = field(default_factory=list)
    #: the name of the installed pack by which this window answers; empty for the program's own
    served: str = ""
    #: goes back to the door, where the pack that is installed now is taken up, and says the sentence; set by the window
    pack_changed: Callable[[str], None] = lambda _sentence: None

    @cached_property
    def _loaded(self) -> tuple[Pack, Engine]:
        pack, engine = self.load()
        engine.write_in_pauses()
        return pack, engine

    def work_ahead(self) -> bool:
        """In a pause: make one thing ready that answers will want, so that no key waits for it; whether there was any."""
        return "_loaded" in self.__dict__ and self._loaded[1].write_one()

    @property
    def pack(self) -> Pack:
        """The pack (政策包) in force, as it stands today."""
        return self._loaded[0].at(self.today())

    @property
    def engine(self) -> Engine:
        """The engine compiled from the pack, of the rules that are in force today."""
        return self._loaded[1].at(self.today())

    def engine_of(self, version: str) -> Engine | None:
        """The engine of the pack that a case was judged by, with what was entered here; None where that pack isn't kept."""
        if version == self.pack.version:
            return self.engine
        engine = self._kept_engines(version)
        if engine is not None and (engine.figures, engine.corrections) != (
            self.engine.figures,
            self.engine.corrections,
        ):
            engine.enter(self.engine.figures, self.engine.corrections)
        return engine

    def kept_pack(self, version: str) -> KeptPack | None:
        """The pack that a case was judged by with its own forms, where another one serves; None for the one that serves."""
        return None if version == self.pack.version else self._kept_engines.kept(version)

    @cached_property
    def _kept_engines(self) -> Engines:
        from pinggu_desk.places import packs_of
        from pinggu_desk.work.packs.replay import Engines
        from pinggu_desk.work.packs.store import PackStore

        return Engines(PackStore(packs_of(self.folder)))

    def take_up_pack(self) -> bool:
        """Answer from now on by the pack that is installed now; whether that is another. Only while nobody is logged in."""
        from pinggu_desk.places import packs_of
        from pinggu_desk.policy.resources import choose_pack
        from pinggu_desk.work.packs.serving import serve, wanted

        home = packs_of(self.folder)
        if wanted(home) == self.served:
            return False
        choose_pack(None)
        self.told_of_pack.clear()
        self.served = serve(home, self.told_of_pack.append)
        self._found = None
        for name in ("_loaded", "titles", "_kept_engines"):
            self.__dict__.pop(name, None)
        gc.unfreeze()  # the engine that goes was kept out of the way of every look for garbage
        return True

    def take_parameters(self, kept: Iterable[KeptParameter]) -> None:
        """Let the engine answer with the outside figures (外部参数) that the register has; a name that is gone is passed over."""
        from pinggu_desk.register.outside import figures_of

        self._figures = figures_of(kept)
        self._enter()

    def take_corrections(self, kept: Iterable[KeptCorrection]) -> None:
        """Let the engine answer with the corrections (更正) that the register has, each from its day on."""
        self._corrections = tuple(one.correction for one in kept)
        self._found = None  # an everyday word may be among them
        self._enter()

    def _enter(self) -> None:
        if self._figures or self._corrections or "_loaded" in self.__dict__:  # nothing to enter loads nothing
            self.engine.enter(self._figures, self._corrections)

    def stop_work(self) -> None:
        """End what goes on off the screen's thread: the window closes, or another clerk comes."""
        if self.lists is not None:
            self.lists.stop()
            self.lists = None
        if self.imports is not None:
            self.imports.stop()
            self.imports = None
        if self.keeper is not None:
            self.keeper.stop()

    def policy_title(self, policy_id: str) -> str:
        """The title of a policy; its id when the pack has none such (a case of an older pack)."""
        return self.titles.get(policy_id, policy_id)

    @property
    def passages(self) -> tuple[Passage, ...]:
        """The places in the texts that the search knows today; put together at the first search of a day."""
        today = self.today()
        if self._found is None or self._found[0] != today:
            self._found = today, self._passages(today)
        return self._found[1]

    def _passages(self, today: date) -> tuple[Passage, ...]:
        from pinggu_desk.desk.search import passages_of
        from pinggu_desk.policy.corrections import standing_on
        from pinggu_desk.policy.synonyms import load_synonyms

        words = {key: [*each] for key, each in load_synonyms().items()}
        for one in standing_on(self._corrections, today):
            if one.kind == "口语词":
                words.setdefault(one.subject, []).append(one.value)
        return passages_of(self.pack, {key: tuple(each) for key, each in words.items()})

    @cached_property
    def titles(self) -> dict[str, str]:
        """What each case may be about, by policy id: the pack's policies, and 政策匹配 over all of them."""
        return {policy.id: policy.title for policy in self.pack.policies.values()} | {MATCHING: MATCHING_TITLE}
