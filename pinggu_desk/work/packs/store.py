"""Installed packs (已装政策包) beside the register's data: kept whole, one of them serving, older ones for replay.

Each lies in a folder of its own, named by its version and manifest, and is never changed: what serves is said by one small file
(``serving.json``), which is replaced in one step. So a program killed at any moment finds the old pack serving, or the new one.
What was installed was verified then; a digest under a key that is made here and never leaves this folder (``machine.key``) says
that it is still the same, and that what was compiled from it was compiled here.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import re
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from pinggu_desk import __version__
from pinggu_desk.documents.proof.keys import ENDING as KEY_ENDING
from pinggu_desk.documents.proof.keys import PublicKey, key_file, read_key_file
from pinggu_desk.policy.errors import BadInput, BadPack, DeskError
from pinggu_desk.policy.models import Pack
from pinggu_desk.policy.packfile import (
    MANIFEST,
    SIGNATURE,
    WHOLE,
    Manifest,
    PackFile,
    make_pack_file,
    parse_manifest,
    parse_signature,
    signer_of,
)
from pinggu_desk.register.files import locked, sync_folder, write_whole
from pinggu_desk.work.packs.build import Folder, contents_of, district_words, read_file
from pinggu_desk.work.packs.disk import files_below, is_private, machine_key, own, sync_below, told, user_name
from pinggu_desk.work.packs.pointer import BUILT_IN, FILES, INSTALLED, NAME, POINTER, State, read_state

_NONE_BEFORE = "没有可以退回的政策包：现用的就是最早的一个。"
_LOCK, _LOG = "packs.lock", "installed.log"
_TRUSTED, _STAGING, _SEAL, _COMPILED = "trusted", ".new-", "seal", "compiled.bin"


@dataclass(frozen=True)
class Installed:
    """One pack that was installed: its folder's name, where its files lie, its manifest, and who signed it (None: the program's own)."""

    name: str
    folder: Path
    manifest: Manifest
    signer: bytes | None

    @property
    def root(self) -> Path:
        """The folder of its files, ``forms/`` within."""
        return self.folder / FILES

    @property
    def files(self) -> Folder:
        """The same as whoever checks or compares packs takes them."""
        return Folder(self.root, self.root / "forms")


class UnreadablePackError(BadInput):
    """The disk would not give an installed pack: it may be sound."""


class PackStore:
    """The packs in one folder; nothing is read or written before it is asked for."""

    def __init__(self, home: Path) -> None:
        self.home = home

    # --- whom is trusted

    def trusted(self) -> list[PublicKey]:
        """The keys whose packs are installed here, by file name; a file that is none is passed over."""
        found = []
        for path in sorted((self.home / _TRUSTED).glob(f"*{KEY_ENDING}")):
            with suppress(DeskError):
                found.append(read_key_file(path))
        return found

    def trust(self, key: PublicKey) -> bool:
        """Trust a district's key from now on; False where it was trusted before. Raises BadInput."""
        if key.public in {one.public for one in self.trusted()}:
            return False
        with told(self.home):
            folder = own(self.home / _TRUSTED)
            write_whole(folder / f"{key.fingerprint}{KEY_ENDING}", key_file(key).encode())
            self._log("trust", key.fingerprint)
        return True

    # --- what is there

    def all(self) -> list[Installed]:
        """Every installed pack, oldest first; a folder that is none, or was altered, is passed over."""
        found = []
        for folder in sorted((self.home / INSTALLED).glob("*")):
            with suppress(BadInput):
                found.append(self.verified(folder.name))
        return sorted(found, key=lambda one: (one.manifest.age, one.name))

    def serving(self) -> str:
        """The name of the one that serves; `BUILT_IN` for the program's own."""
        return read_state(self.home).serving

    def of_version(self, version: str) -> Installed | None:
        """The newest of that ``Pack.version``, for a case that was judged by it; None where it isn't kept."""
        return next((one for one in reversed(self.all()) if one.manifest.version == version), None)

    def verified(self, name: str) -> Installed:
        """An installed pack whose every file is as it was when it was installed. Raises BadInput."""
        wrong = BadInput(f"已装的政策包“{name[:80]}”缺文件或被改动，不能使用，请重新安装。")
        if not NAME.fullmatch(name):
            raise wrong
        folder = self.home / INSTALLED / name
        try:
            said = (folder / MANIFEST).read_bytes()
            sealed = (folder / _SEAL).read_bytes()
            signature = (folder / SIGNATURE).read_bytes() if (folder / SIGNATURE).is_file() else None
            if not hmac.compare_digest(sealed, self._seal(said, signature)):
                raise wrong
            manifest = parse_manifest(said, name)
            listed = {part.name: part for part in manifest.parts}
            there = {path.relative_to(folder / FILES).as_posix() for path in files_below(folder / FILES)}
            if there != set(listed):
                raise wrong
            for part in manifest.parts:
                data = (folder / FILES / part.name).read_bytes()
                if len(data) != part.size or hashlib.sha256(data).hexdigest() != part.sha256:
                    raise wrong
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            raise wrong from None
        except OSError as error:
            raise UnreadablePackError(
                f"已装的政策包“{name[:80]}”读不出来（{error.strerror}），请检查磁盘后再试。"
            ) from error
        who = parse_signature(signature, name)
        return Installed(name, folder, manifest, who.public if who is not None else None)

    def read(self, one: Installed) -> PackFile:
        """An installed pack as the file that it came in."""
        contents = {part.name: (one.root / part.name).read_bytes() for part in one.manifest.parts}
        signature = (one.folder / SIGNATURE).read_bytes() if one.signer is not None else None
        return PackFile(one.manifest, contents, parse_signature(signature, one.name))

    def load(self, one: Installed) -> Pack:
        """The pack itself: as compiled here, else from its files, and then compiled. Raises BadPack."""
        from pinggu_desk.policy.compiled import keep_sealed, load_sealed
        from pinggu_desk.policy.pack import load_pack

        path, private = one.folder / _COMPILED, is_private(self.home)
        pack = load_sealed(path, machine_key(self.home), one.root) if private else None
        if pack is None:
            pack = load_pack(one.root)
            if private:
                with suppress(OSError):
                    keep_sealed(path, machine_key(self.home), one.root, pack)
        return pack

    # --- installing

    def refuse(self, pack: PackFile, where: str, *, older: bool = False) -> None:
        """Raise BadInput where a pack file must not be installed here; what `install` asks before it writes anything."""
        signer_of(pack, (key.public for key in self.trusted()), where)
        manifest = pack.manifest
        if manifest.kind != WHOLE:
            raise BadInput(f"“{where}”是更正，不是政策包；请在“更正”中导入。")
        if _numbers(manifest.needs) > _numbers(__version__):
            raise BadInput(
                f"政策包“{where}”需要程序 {manifest.needs} 或更新的版本，本机是 {__version__}，请先升级程序再安装。"
            )
        now = self._now()
        if now is not None and manifest.age < now.manifest.age and not older:
            raise BadInput(
                f"政策包“{where}”（{manifest.edition}，{manifest.day}）比现用的（{now.manifest.edition}，{now.manifest.day}）旧，"
                "确实要装旧的，请加 --older。"
            )

    def install(
        self, path: Path, *, older: bool = False, tell: Callable[[str], None] = lambda _: None, seen: str | None = None
    ) -> Installed:
        """Install a pack file and let it serve. Nothing has changed when it raises BadInput, or BadPack (`check` found something).

        ``tell`` hears what goes on. ``seen`` is the one that served when it was looked at what changes: where another window has let
        another one serve since, it is refused.
        """
        pack = read_file(path)
        self.refuse(pack, str(path), older=older)
        with self._alone():
            self._refuse_unseen(seen)
            self._clean()
            self._keep_built_in()
            tell("正在检查政策包……")
            one = self._put(pack, pack.manifest.version, check=True)
            self._point(one.name)
            self._log("install", one.name)
        return one

    def last(self) -> str:
        """The version that `rollback` would let serve. Raises BadInput where there is none."""
        from pinggu_desk.policy.pack import version_of
        from pinggu_desk.policy.resources import resource_root

        for name in reversed(read_state(self.home).before):
            if name == BUILT_IN:
                return version_of(resource_root())
            with suppress(BadInput):
                return self.verified(name).manifest.version
        raise BadInput(_NONE_BEFORE)

    def rollback(self, *, seen: str | None = None) -> Installed | None:
        """Let the pack serve that served before; None where that is the program's own. Raises BadInput where there is none.

        ``seen`` is the one that is gone back from, as `install` has it.
        """
        with self._alone():
            self._refuse_unseen(seen)
            state = read_state(self.home)
            before = list(state.before)
            while before:
                name = before.pop()
                if name == BUILT_IN:
                    self._write(State(BUILT_IN, tuple(before)))
                    self._log("rollback", "built-in")
                    return None
                try:
                    one = self.verified(name)
                except UnreadablePackError:
                    raise  # nobody can tell that it is bad: an older one in its place would not be what was asked for
                except BadInput:
                    continue
                self._write(State(name, tuple(before)))
                self._log("rollback", name)
                return one
        raise BadInput(_NONE_BEFORE)

    def keep_built_in(self) -> None:
        """Keep the program's own pack for replay, so that an update of the program doesn't take it away. Raises BadInput."""
        with self._alone():
            self._keep_built_in()

    def _keep_built_in(self) -> None:
        from pinggu_desk.policy.pack import version_of
        from pinggu_desk.policy.resources import home, resource_root

        root = resource_root()
        version = version_of(root)
        if any(one.manifest.version == version for one in self.all()):
            return
        contents = contents_of(Folder(root, home() / "forms"))
        said, edition = district_words(contents.get("district.yaml", b"")), version.split("+", 1)[0]
        pack = make_pack_file(
            contents, district=said, title="程序自带", version=version, edition=edition, day=_day_of(edition),
            needs=__version__,
        )  # fmt: skip
        self._put(pack, version, check=False)

    def _put(self, pack: PackFile, version: str, *, check: bool) -> Installed:
        """Write a pack beside the others, check it there, and give it its name in one step."""
        name = f"{pack.manifest.version}.{pack.manifest.digest[:8]}"
        with suppress(BadInput):
            return self.verified(name)
        with told(self.home):
            folder = own(self.home / INSTALLED)
            staged = folder / f"{_STAGING}{os.getpid()}-{secrets.token_hex(4)}"
            try:
                self._write_out(pack, staged)
                if check:
                    _check(staged / FILES, version, pack.manifest.title)
                sync_below(staged)
                final = folder / name
                if final.exists():  # damaged: put out of the way, and cleared when the next one comes
                    final.rename(folder / f"{_STAGING}broken-{secrets.token_hex(4)}")
                staged.rename(final)
                sync_folder(folder)
            finally:
                shutil.rmtree(staged, ignore_errors=True)
        one = self.verified(name)
        self.load(one)
        return one

    def _write_out(self, pack: PackFile, staged: Path) -> None:
        staged.mkdir(mode=0o700)
        said = pack.manifest.to_bytes()
        for part in pack.manifest.parts:
            path = staged / FILES / part.name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(pack.contents[part.name])
        (staged / MANIFEST).write_bytes(said)
        signature = pack.signature.to_bytes() if pack.signature is not None else None
        if signature is not None:
            (staged / SIGNATURE).write_bytes(signature)
        (staged / _SEAL).write_bytes(self._seal(said, signature))

    def _clean(self) -> None:
        for folder in (self.home / INSTALLED).glob(f"{_STAGING}*"):
            shutil.rmtree(folder, ignore_errors=True)

    # --- which one serves

    def now(self) -> Installed | None:
        """The installed pack that serves, or the last good one before it; None for the program's own."""
        state = read_state(self.home)
        for name in (state.serving, *reversed(state.before)):
            if name == BUILT_IN:
                return None
            with suppress(BadInput):
                return self.verified(name)
        return None

    def _now(self) -> Installed | None:
        """What a newer one is held against: what serves, or the program's own where it is kept."""
        from pinggu_desk.policy.pack import version_of
        from pinggu_desk.policy.resources import resource_root

        one = self.now()
        if one is not None:
            return one
        edition = edition_of_version(version_of(resource_root()))
        own = Manifest("", "", edition, edition, _day_of(edition), __version__, "", ())
        return Installed(BUILT_IN, resource_root(), own, None)

    def _refuse_unseen(self, seen: str | None) -> None:
        now = self.serving()
        if seen is not None and now != seen:
            one = self.now()
            called = f"{one.manifest.version}（{one.manifest.title}）" if one is not None and now else "程序自带的"
            raise BadInput(f"另一窗口刚换了政策包，现用的是{called}，不是您看到的那一个；没有改动，请看过现在的再办。")

    def _point(self, name: str) -> None:
        state = read_state(self.home)
        if state.serving != name:
            self._write(State(name, (*state.before, state.serving)))

    def _write(self, state: State) -> None:
        with told(self.home):
            write_whole(own(self.home) / POINTER, state.to_bytes())

    # --- the folder and its key

    def _seal(self, manifest: bytes, signature: bytes | None) -> bytes:
        return hmac.digest(
            machine_key(self.home), b"installed pack\n" + manifest + (signature or b"unsigned"), "sha256"
        )

    @contextmanager
    def _alone(self) -> Iterator[None]:
        with told(self.home):
            own(self.home)
            with locked(self.home / _LOCK):
                yield

    def _log(self, what: str, which: str) -> None:
        """A line for whoever asks later what was done from where; the desk's trail has it from its next log-in."""
        line = {"at": datetime.now().isoformat(timespec="seconds"), "what": what, "which": which, "user": user_name()}
        with suppress(OSError), (self.home / _LOG).open("a", encoding="utf-8") as file:
            file.write(json.dumps(line, ensure_ascii=False) + "\n")


def _check(root: Path, version: str, title: str) -> None:
    """Raise BadPack for what `check` finds, BadInput where the rules are not of the version that the manifest says."""
    from pinggu_desk.work.packs.checking import check_folder

    report = check_folder(Folder(root, root / "forms"))
    if report.findings:
        raise BadPack(list(report.findings))
    if report.pack.version != version:
        raise BadInput(
            f"政策包“{title}”的清单写的版本是 {version}，规则算出来是 {report.pack.version}，请用本程序的“pack build”重做。"
        )


def edition_of_version(version: str) -> str:
    """``2024.02-1`` of ``2024.02-1+9325fa29``."""
    return version.split("+", 1)[0]


def _day_of(edition: str) -> date:
    """The first day of an edition's month: what the program's own pack is as old as."""
    found = re.match(r"([0-9]{4})\.([0-9]{2})", edition)
    try:
        return date(int(found[1]), int(found[2]), 1) if found else date.min
    except ValueError:
        return date.min


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(number) for number in version.split(".") if number.isdigit())
