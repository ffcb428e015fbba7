"""The command line: thin, and each command imports what it needs when it runs."""

from __future__ import annotations


def main() -> None:
    """The console script: run the command line and leave with its exit code."""
    import gc
    import sys

    from skinflint.cli.main import run

    code = run(sys.argv[1:])
    gc.freeze()  # the process ends: nobody needs the collector to go over all that is left
    sys.exit(code)
