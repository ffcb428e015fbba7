"""The command line: thin, and each command imports what it needs when it runs."""

from __future__ import annotations


def main() -> None:
    """The console script: run the command line and leave with its exit code."""
    import sys

    from skinflint.cli.main import run

    sys.exit(run(sys.argv[1:]))
