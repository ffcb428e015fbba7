"""``skinflint check``: its options. What it does is in :mod:`skinflint.cli.run`."""

from __future__ import annotations

from typing import Any

import click

from skinflint.cli.output import Output

_RULES = "ID,..."


@click.command()
@click.argument("paths", nargs=-1, metavar="[PATHS]...")
@click.option("--fix", is_flag=True, help="Apply the fixes that can't make anything worse.")
@click.option(
    "--unsafe-fixes",
    is_flag=True,
    help="With --fix or --diff: also those that change bytes, order, model or timing.",
)
@click.option("--diff", is_flag=True, help="Print what --fix would change; write nothing.")
@click.option(
    "--select", multiple=True, metavar=_RULES, help="Run these rules: ids, names, prefixes, ALL."
)
@click.option("--ignore", multiple=True, metavar=_RULES, help="Don't run these rules.")
@click.option("--extend-select", multiple=True, metavar=_RULES, help="Run these rules as well.")
@click.option(
    "--preview", is_flag=True, help="Run preview rules too, and tell what others are less sure of."
)
@click.option(
    "--as-of",
    metavar="DATE",
    help="Judge models as of this day, such as 2026-01-31.  [default: today]",
)
@click.option(
    "--calls",
    type=click.IntRange(min=1),
    metavar="N",
    help="Assume N calls within one lifetime of the cache in ratios.  [default: 10]",
)
@click.option(
    "--output-format",
    type=click.Choice(("full", "concise", "json")),
    help="How findings are printed.  [default: full]",
)
@click.option("--statistics", is_flag=True, help="Print counts per rule, not each finding.")
@click.option("--exit-zero", is_flag=True, help="Exit 0 even with findings.")
@click.option("--exit-non-zero-on-fix", is_flag=True, help="Exit 1 if anything was fixed.")
@click.option("--no-ignores", is_flag=True, help="Report what suppression comments hide.")
@click.option("--no-prefilter", is_flag=True, help="Parse every file, not only likely ones.")
@click.option("--config", metavar="FILE", help="Use this configuration everywhere.")
@click.option("--isolated", is_flag=True, help="Use no configuration file.")
@click.option("--force-exclude", is_flag=True, help="Excludes hold for files that are named, too.")
@click.option(
    "--stdin-filename", metavar="FILE", help="With the path -: what standard input is the text of."
)
@click.pass_obj
def command(out: Output, /, **options: Any) -> int:
    """Find what makes Claude requests cost more than they should, in files and directories.

    PATHS default to the working directory; - is standard input. Exit codes: 0 clean or all fixed,
    1 findings left, 2 something could not be checked.
    """
    paths: tuple[str, ...] = options.pop("paths")
    if options["config"] is not None and options["isolated"]:
        raise click.UsageError("--config and --isolated exclude each other")
    if options["output_format"] == "json":
        for other in ("statistics", "diff"):
            if options[other]:
                raise click.UsageError(f"--{other} and --output-format json exclude each other")
    if "-" in paths and len(paths) > 1:
        raise click.UsageError("- (standard input) is checked alone")
    if options["stdin_filename"] is not None and paths != ("-",):
        raise click.UsageError("--stdin-filename needs the path -")
    options["as_of"] = date_of(options["as_of"])

    from skinflint.cli.run import Arguments, run
    from skinflint.cli.selection import Asked, split

    selectors = {}
    for name in ("select", "extend_select", "ignore"):
        given = options.pop(name)
        selectors[name] = split(given)
        if given and not selectors[name]:
            raise click.UsageError(f"--{name.replace('_', '-')} names no rule")
    asked = Asked(**selectors, preview=options.pop("preview"))
    return run(out, Arguments(paths=paths or (".",), asked=asked, **options))


def date_of(text: str | None) -> Any:
    """The day that ``--as-of`` names, None where it is not given."""
    if text is None:
        return None
    from datetime import date

    try:
        if len(text) != 10:  # from Python 3.11 on 20260131 and 2026-W05-6 are read as well
            raise ValueError
        return date.fromisoformat(text)
    except ValueError:
        raise click.UsageError(f"--as-of takes a date such as 2026-01-31, not {text!r}") from None
