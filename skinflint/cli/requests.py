"""``skinflint requests``: its options. What it does is in :mod:`skinflint.cli.listing`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from skinflint.cli.output import Output

if TYPE_CHECKING:
    from skinflint.cli.explaining import Place


@click.command()
@click.argument("paths", nargs=-1, metavar="[PATHS]...")
@click.option(
    "--output-format",
    type=click.Choice(("text", "json")),
    default="text",
    show_default=True,
    help="How requests are printed.",
)
@click.option(
    "--explain",
    metavar="PATH:LINE",
    help="How each part of this one request was found, and why each rule stayed silent.",
)
@click.option(
    "--as-of",
    metavar="DATE",
    help="With --explain: judge models as of this day.  [default: today]",
)
@click.option("--no-prefilter", is_flag=True, help="Parse every file, not only likely ones.")
@click.option("--config", metavar="FILE", help="Use this configuration everywhere.")
@click.option("--isolated", is_flag=True, help="Use no configuration file.")
@click.option("--force-exclude", is_flag=True, help="Excludes hold for files that are named, too.")
@click.option(
    "--stdin-filename", metavar="FILE", help="With the path -: what standard input is the text of."
)
@click.pass_obj
def command(out: Output, /, **options: Any) -> int:
    """List every Claude request that files and directories send, and what is known of each.

    PATHS default to the working directory; - is standard input. Exit codes: 0 all of it was read,
    2 something could not be.
    """
    paths: tuple[str, ...] = options.pop("paths")
    output_format: str = options.pop("output_format")
    explain: str | None = options.pop("explain")
    if options["config"] is not None and options["isolated"]:
        raise click.UsageError("--config and --isolated exclude each other")
    if "-" in paths and len(paths) > 1:
        raise click.UsageError("- (standard input) is read alone")
    if options["stdin_filename"] is not None and paths != ("-",):
        raise click.UsageError("--stdin-filename needs the path -")
    if explain is not None and output_format == "json":
        raise click.UsageError("--explain and --output-format json exclude each other")

    from skinflint.cli.check import date_of
    from skinflint.cli.run import Arguments
    from skinflint.cli.selection import Asked

    options["as_of"] = date_of(options["as_of"])
    if explain is not None:
        from skinflint.cli.explaining import explain as explain_

        place = _place(explain)
        arguments = Arguments(paths=paths or (place.path,), asked=Asked(), **options)
        return explain_(out, arguments, place)
    from skinflint.cli.listing import show

    return show(out, Arguments(paths=paths or (".",), asked=Asked(), **options), output_format)


def _place(text: str) -> Place:
    """``PATH:LINE``, or ``PATH:cell N:LINE`` as it is printed for a notebook."""
    import re

    from skinflint.cli.explaining import Place

    found = re.fullmatch(r"(.+?)(?::cell ([1-9]\d*))?:([1-9]\d*)", text)
    if found is None:
        raise click.UsageError(f"--explain takes PATH:LINE such as app.py:12, not {text!r}")
    path, cell, line = found.groups()
    return Place(path, int(line), int(cell) if cell else None)
