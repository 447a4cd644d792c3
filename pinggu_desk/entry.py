"""The one way in: no command opens the desk (importing no command-line code), anything else goes to ``cli``."""

from __future__ import annotations

from collections.abc import Sequence

#: Options that belong to the desk itself, not to a command.
DESK_OPTIONS = ("--practice", "--close-after-paint", "--data")


def main(arguments: Sequence[str]) -> int:
    """Run the program; the exit code (0 done, 1 the answer is no, 2 bad input, 70 a fault of ours)."""
    from pinggu_desk.places import uncored

    uncored()
    if not arguments or arguments[0].split("=", 1)[0] in DESK_OPTIONS:
        from pinggu_desk.app import run_desk

        return run_desk(list(arguments))
    if arguments[0] == "officer":
        from pinggu_desk.app import run_officer

        return run_officer(list(arguments[1:]))
    if arguments[0] == "--read-list":  # a helper that the program itself has started (``documents.books.apart``)
        from pinggu_desk.documents.books.apart import serve

        return serve()
    from pinggu_desk.commands.cli import run

    return run(list(arguments))


def console() -> None:
    """Entry point of the installed ``pinggu-desk`` script."""
    import sys

    sys.exit(main(sys.argv[1:]))
