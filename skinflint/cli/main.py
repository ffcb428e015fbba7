"""The group of commands, and what every command does the same: exit codes, pipes, Ctrl-C."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

import click

from skinflint import __version__
from skinflint.cli.output import CLEAN, COULD_NOT, INTERRUPTED, Output

#: Command -> (its module, its line in --help). A module is imported when its command is asked for.
COMMANDS = {
    "check": ("skinflint.cli.check", "Find what makes Claude requests cost more; --fix mends it."),
    "prove": (
        "skinflint.cli.prove",
        "Run a program against a simulated Claude; tell what its prompts cost.",
    ),
    "requests": ("skinflint.cli.requests", "List every Claude request and what is known of it."),
    "rule": ("skinflint.cli.rule", "Explain a rule, or all of them."),
}


class _Lazy(click.Group):
    """A group that knows the names of its commands without importing them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        from importlib import import_module

        command = import_module(COMMANDS[cmd_name][0]).command
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0]
        if name not in COMMANDS and not name.startswith("-"):
            from difflib import get_close_matches

            near = get_close_matches(name, COMMANDS, n=1)
            if near:
                advice = f"did you mean '{near[0]}'?"
            elif os.path.exists(name):
                advice = f"to check a path: skinflint check {name}"
            else:
                advice = f"there are {', '.join(sorted(COMMANDS))}"
            raise click.UsageError(f"no command {name!r}; {advice}", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name][1]) for name in sorted(COMMANDS)])


@click.command(
    cls=_Lazy,
    no_args_is_help=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, "-V", "--version", message="%(prog)s %(version)s")
def group() -> None:
    """Finds and mends what makes Claude requests cost more than they should."""


def run(arguments: Sequence[str]) -> int:
    """Run one command line; the exit code (docs/cli.md)."""
    out = Output()
    code = _run(arguments, out)
    return code if out.close() else COULD_NOT


def _run(arguments: Sequence[str], out: Output) -> int:
    try:
        code = group.main(
            args=list(arguments), prog_name="skinflint", standalone_mode=False, obj=out
        )
        return code if isinstance(code, int) else CLEAN
    except click.exceptions.Exit as done:
        return done.exit_code
    except click.UsageError as error:
        _usage(out, error)
    except click.ClickException as error:
        out.error(error.format_message())
    except (KeyboardInterrupt, click.Abort):
        out.error("interrupted; nothing more was checked or written")
        return INTERRUPTED
    except BrokenPipeError:
        return CLEAN  # only --help and --version write past Output
    except OSError as error:
        what = f"{error.filename}: " if error.filename else "the output could not be written: "
        out.error(f"{what}{error.strerror or error}")
    except Exception as error:
        _crashed(out, error)
    return COULD_NOT


def _crashed(out: Output, error: Exception) -> None:
    """Anything else is a defect of skinflint, which must not look like findings (exit code 1)."""
    if os.environ.get("SKINFLINT_DEBUG") == "1":
        import traceback

        traceback.print_exc()
    out.error(
        f"{type(error).__name__}: {error}; this is a defect of skinflint, please report it "
        "(SKINFLINT_DEBUG=1 shows the traceback)"
    )


def _usage(out: Output, error: click.UsageError) -> None:
    """One line: what is wrong with the command line, and where to read on."""
    command = error.ctx.command_path if error.ctx else "skinflint"
    message = error.format_message()
    if not message.endswith(" ."):  # a path, not the end of a sentence
        message = message.removesuffix(".")
    message = message[:1].lower() + message[1:]
    out.error(f"{message}; see {command} --help")


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
