"""``skinflint prove``: its options. What it does is in :mod:`skinflint.cli.proving`."""

from __future__ import annotations

from typing import Any

import click

from skinflint.cli.output import COULD_NOT, Output


@click.command(context_settings={"ignore_unknown_options": False})
@click.argument("command", nargs=-1, required=True, metavar="-- COMMAND...")
@click.option(
    "--turns",
    type=click.IntRange(0, 1000),
    default=3,
    show_default=True,
    help="Rounds in which the simulated model uses tools before it ends its turn.",
)
@click.option(
    "--reply",
    type=click.Choice(("agent", "echo", "fixed")),
    default="agent",
    show_default=True,
    help="What the model says: uses tools, repeats the user, says --text.",
)
@click.option("--text", default="ok", show_default=True, help="What --reply fixed says.")
@click.option("--script", metavar="FILE", help="Replies out of a JSON file (docs/prove.md).")
@click.option("--seed", type=int, default=0, show_default=True, help="Other tools and inputs.")
@click.option("--against", metavar="REF", help="Also run it at this git revision; show both.")
@click.option(
    "--latency",
    type=click.FloatRange(0, 60),
    default=0.05,
    show_default=True,
    help="Seconds until a response begins; what it writes can be read from then on.",
)
@click.option(
    "--gap",
    type=click.FloatRange(0),
    default=0.0,
    show_default=True,
    help="Seconds that pass on the cache's clock in front of every request.",
)
@click.option(
    "--as-of", metavar="DATE", help="Serve the models of this day, such as 2026-01-31.  [today]"
)
@click.option("--html", metavar="FILE", help="Also write the report as an HTML page.")
@click.option(
    "--output-format",
    type=click.Choice(("text", "json")),
    default="text",
    show_default=True,
    help="With json the program's standard output goes to standard error.",
)
@click.pass_obj
def command(out: Output, /, **options: Any) -> int:
    """Run a program against a simulated Claude, and tell what its prompts would cost.

    This executes COMMAND: your program, its tools and whatever they do (check never runs anything).
    Only the Messages API is simulated, on this machine, without a key. The report tells for each
    place of a request what was written to the prompt cache, read from it, and neither; and the
    first byte at which a cached prefix broke. Exit codes: 0 reported, 2 the program failed or
    sent nothing.
    """
    try:
        from skinflint.cli.proving import Arguments, run
    except ModuleNotFoundError as missing:
        if missing.name not in ("starlette", "uvicorn"):
            raise
        out.error(f"prove needs {missing.name}: pip install 'skinflint[prove]'")
        return COULD_NOT
    from skinflint.cli.check import date_of

    options["as_of"] = date_of(options["as_of"])
    return run(out, Arguments(**options))
