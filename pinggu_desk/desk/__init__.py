"""The desk (窗口): Qt, and only here."""

import sys
from importlib import import_module


def _read_no_sources() -> None:
    """Keep PySide from reading the source of every module imported from now on.

    It looks for its own name in each, to know where its optional spelling of names (``from __feature__ import …``) might
    be wanted: about 0.5 ms a module, a quarter of a start. Nothing here asks for that spelling, so the answer is known.
    """
    import_module("PySide6.QtCore")
    feature = sys.modules.get("shibokensupport.feature")
    if feature is not None and "_mod_uses_pyside" in vars(feature):
        vars(feature)["_mod_uses_pyside"] = lambda _module: False


_read_no_sources()
