"""``pack check``: everything that is held against a pack before it may serve, wherever it comes from."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from pinggu_desk.policy.errors import BadInput
from pinggu_desk.policy.pack import version_of
from pinggu_desk.policy.resources import forms_of, resource_root
from pinggu_desk.work.checking import Report, check_everything, with_examples
from pinggu_desk.work.packs.build import Folder, folder_of, read_file
from pinggu_desk.work.packs.diff import Side
from pinggu_desk.work.packs.store import PackStore


def check_folder(folder: Folder) -> Report:
    """The report on a pack: rules, ledger, soundness, synonyms, worked examples and, where it has any, its forms."""
    report = with_examples(check_everything(folder.root), folder.root)
    if report.findings or not folder.forms.is_dir():
        return report
    from pinggu_desk.documents.sheet.forms import check_forms

    return replace(report, findings=tuple(check_forms(report.pack, folder.forms)))


@contextmanager
def unpacked(path: Path) -> Iterator[Folder]:
    """The files of a pack, be it a folder or a pack file; those of a file are gone afterwards. Raises BadInput."""
    if path.is_dir():
        yield folder_of(path)
        return
    pack = read_file(path)
    with TemporaryDirectory(prefix="pinggu-pack-") as name:
        root = Path(name)
        for part, data in pack.contents.items():
            place = root / part
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(data)
        yield Folder(root, root / "forms")


@contextmanager
def side_of(where: str, store: PackStore) -> Iterator[Side]:
    """One of two packs that are held against each other: a folder, a file, an installed version, or (empty) what serves.

    Raises BadInput where it is none of these, BadPack where its rules can't be read.
    """
    installed = store.now() if not where else store.of_version(where) if not Path(where).exists() else None
    if installed is not None:
        yield Side(store.load(installed), installed.files)
    elif not where or where == version_of(resource_root()):
        from pinggu_desk.policy.pack import load_pack

        root = resource_root()
        yield Side(load_pack(root), Folder(root, forms_of(root)))
    elif Path(where).exists():
        from pinggu_desk.policy.pack import load_pack

        with unpacked(Path(where)) as folder:
            yield Side(load_pack(folder.root), folder)
    else:
        raise BadInput(f"没有“{where}”这个政策包文件、目录或已装的版本，用 pack list 查看已装的版本。")
