"""What ``skinflint prove`` does: run a program against the simulator, and tell what it sent."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from skinflint.cli.origin import excerpt, origin
from skinflint.cli.output import CLEAN, COULD_NOT, Output
from skinflint.cli.sites import Site, Sites
from skinflint.reports.proof import Bar, Broken, Place, Proof
from skinflint.simulator import divergence, inject
from skinflint.simulator.core import Simulator
from skinflint.simulator.replies import Agent, Echo, Fixed, Replies, Script
from skinflint.simulator.server import Server

if TYPE_CHECKING:
    import datetime

    from skinflint.simulator.divergence import Break
    from skinflint.simulator.exchange import Exchange

_EXCERPT = 24  # characters shown on either side of a break
_STDERR = 2
_COMMAND = 80  # characters of the command that are shown
_WORTH = 0.02  # share of a place's prompts that a break must have cost to be told
#: Why a prefix that had been written was not read, though nothing in it changed.
_MISSES = {
    "in flight": "{calls} started before the first response had begun, and wrote the prefix too",
    "expired": "{calls} came after the entry had expired",
    "out of reach": "{calls} found no entry within the look-back of a breakpoint",
}
_NOTHING = (
    "the program sent no request to the simulator; nothing was proven "
    "(a client that is given the address of a gateway goes there)"
)


class Arguments(NamedTuple):
    """The command line, parsed."""

    command: tuple[str, ...]
    turns: int = 3
    reply: str = "agent"
    script: str | None = None
    text: str = "ok"
    seed: int = 0
    against: str | None = None
    latency: float = 0.05
    gap: float = 0.0
    as_of: datetime.date | None = None
    html: str | None = None
    output_format: str = "text"


class Failed(Exception):
    """Why nothing could be proven."""


def run(out: Output, arguments: Arguments) -> int:
    """Run, report; the exit code."""
    here = os.getcwd()
    proof_before = None
    try:
        replies = _replies(arguments)
        _say(out, arguments)
        if arguments.against is not None:
            with _revision(arguments.against, here) as (top, there):
                title = arguments.against
                code, proof_before = _prove(arguments, replies, top, there, title)
                if code:
                    out.error(f"at {title} the program ended with exit code {code}")
            replies = _replies(arguments)
        code_now, proof = _prove(arguments, replies, None, here, "the working tree")
    except Failed as failed:
        out.error(str(failed))
        return COULD_NOT
    _report(out, arguments, proof, proof_before)
    if code_now:
        out.error(f"the program ended with exit code {code_now}")
    for each in (proof_before, proof):
        if each is not None and not each.places:
            out.error(_NOTHING)
            return COULD_NOT
    return COULD_NOT if code_now or (proof_before is not None and code) else CLEAN


def _say(out: Output, arguments: Arguments) -> None:
    command = shlex.join(arguments.command)
    if len(command) > _COMMAND:
        command = command[: _COMMAND - 4] + " ..."
    out.note(
        f"this runs your program ({command}): its own code, its tools, its files; only what it "
        "asks of Claude is answered by a simulator on this machine"
    )


def _replies(arguments: Arguments) -> Replies:
    if arguments.script is not None:
        try:
            return Script.read(arguments.script)
        except OSError as error:
            raise Failed(f"{arguments.script}: {error.strerror or error}") from None
        except ValueError as error:
            raise Failed(str(error)) from None
    if arguments.reply == "echo":
        return Echo()
    if arguments.reply == "fixed":
        return Fixed(arguments.text)
    return Agent(arguments.turns, arguments.seed)


def _prove(
    arguments: Arguments, replies: Replies, top: str | None, folder: str, title: str
) -> tuple[int, Proof]:
    """Run the program in ``folder``, which lies in the copy ``top`` of the repository, if any."""
    simulator = Simulator(
        replies, latency=arguments.latency, gap=arguments.gap, as_of=arguments.as_of
    )
    with Server(simulator) as server:
        environment = _environment(server, top, folder)
        quiet = arguments.output_format == "json"
        code = _run(_command(arguments.command, folder), folder, environment, quiet)
    proof = describe(simulator, top or _root(folder, arguments), folder, title)
    if top is not None:
        proof = _leaks(proof, simulator, os.path.realpath(top))
    return code, proof


def _root(folder: str, arguments: Arguments) -> str:
    """Where the project lies: the repository, where there is a reason to ask for one."""
    return folder if arguments.against is None else _git(folder, "rev-parse", "--show-toplevel")


def _run(command: list[str], folder: str, environment: dict[str, str], quiet: bool) -> int:
    """Run the program to its end; Ctrl-C ends it, and what it sent until then is reported."""
    try:
        process = subprocess.Popen(
            command, cwd=folder, env=environment, stdout=_STDERR if quiet else None
        )
    except OSError as error:
        raise Failed(f"{command[0]}: {error.strerror or error}") from None
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            continue  # the program has got it, too


def _environment(server: Server, top: str | None, folder: str) -> dict[str, str]:
    """The program's environment: the way to the simulator, and the frames it is to report."""
    from skinflint.catalog import api
    from skinflint.simulator.exchange import SITE_HEADER

    environment = server.environment(os.environ)
    environment["SKINFLINT_PROVE_URL"] = server.url
    environment["SKINFLINT_PROVE_HOST"] = api.load().access.host
    environment["SKINFLINT_PROVE_HEADER"] = SITE_HEADER
    paths = [inject.FOLDER]
    given = [path for path in os.environ.get("PYTHONPATH", "").split(os.pathsep) if path]
    if top is not None:
        # an installed copy of the project must not stand in front of the revision
        source = os.path.join(top, "src")
        paths += [folder, *([top] if top != folder else [])]
        paths += [source] if os.path.isdir(source) else []
        given = [_moved(path, top) for path in given]
    environment["PYTHONPATH"] = os.pathsep.join([*paths, *given])
    return environment


def _command(command: Sequence[str], folder: str) -> list[str]:
    """The command, with a program that only the working tree has (an environment's Python)."""
    first = command[0]
    if os.sep in first and not os.path.exists(os.path.join(folder, first)):
        first = os.path.abspath(first)
    return [first, *command[1:]]


# ------------------------------------------------------------ another revision


@contextmanager
def _revision(revision: str, here: str) -> Iterator[tuple[str, str]]:
    """A copy of the repository at a revision: its root, and the folder that stands for ``here``."""
    root = _git(here, "rev-parse", "--show-toplevel")
    commit = _git(here, "rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}")
    holder = tempfile.mkdtemp(prefix="skinflint-")
    top = os.path.join(holder, "tree")
    try:
        _git(root, "worktree", "add", "--detach", "--quiet", top, commit)
        inside = os.path.relpath(os.path.realpath(here), os.path.realpath(root))
        folder = os.path.normpath(os.path.join(top, inside))
        if not os.path.isdir(folder):
            raise Failed(f"{revision} has no folder {inside}")
        yield top, folder
    finally:
        subprocess.run(
            ["git", "-C", root, "worktree", "remove", "--force", top],
            capture_output=True,
            check=False,
        )
        shutil.rmtree(holder, ignore_errors=True)


def _git(folder: str, *arguments: str) -> str:
    try:
        done = subprocess.run(
            ["git", "-C", folder, *arguments], capture_output=True, text=True, check=False
        )
    except OSError:
        raise Failed("--against needs git, which could not be run") from None
    if done.returncode:
        said = done.stderr.strip().split("\n")[-1]
        raise Failed(said or f"--against: git {arguments[0]} does not know {arguments[-1]}")
    return done.stdout.strip()


def _moved(path: str, top: str) -> str:
    """A path of the repository as it is in its copy; any other one as it is."""
    root = _git(os.getcwd(), "rev-parse", "--show-toplevel")
    absolute = os.path.realpath(path)
    if absolute == root or absolute.startswith(root + os.sep):
        there = os.path.join(top, os.path.relpath(absolute, root))
        return there if os.path.exists(there) else path
    return path


def _leaks(proof: Proof, simulator: Simulator, top: str) -> Proof:
    """Say so where code of the working tree ran in place of the revision's."""
    root = os.path.realpath(_git(os.getcwd(), "rev-parse", "--show-toplevel"))
    for exchange in simulator.exchanges:
        for caller in exchange.callers:
            path = os.path.realpath(caller.path)
            library = "site-packages" in path
            if path.startswith(root + os.sep) and not library and not path.startswith(top):
                note = f"{os.path.relpath(path, root)} of the working tree ran in place of that of"
                return proof._replace(notes=(*proof.notes, f"{note} {proof.title}"))
    return proof


# ------------------------------------------------------------ what was seen


def describe(simulator: Simulator, root: str, folder: str, title: str) -> Proof:
    """What a simulator saw, per place; paths below ``root`` are shown relative to ``folder``."""
    sites = Sites(root, folder)
    groups: dict[tuple[str, int, str], tuple[Site, list[Exchange]]] = {}
    for exchange in simulator.exchanges:
        if exchange.method.endswith("count_tokens") and not exchange.error:
            continue
        site = sites.of(exchange)
        spot = (site.path, site.line, site.method)
        groups.setdefault(spot, (site, []))[1].append(exchange)
    taken: dict[tuple[str, ...], int] = {}
    places = []
    for _, (site, exchanges) in sorted(groups.items(), key=lambda item: item[0]):
        key = (site.path, site.function, site.method)
        taken[key] = taken.get(key, 0) + 1
        place = _place(site, exchanges, simulator, sites)
        places.append(place._replace(key=(*key, str(taken[key]))))
    notes = [*_lost(places), *_unknown(simulator), *sites.problems]
    return Proof(title, tuple(places), tuple(notes), _dated(simulator))


def _dated(simulator: Simulator) -> str:
    """The oldest day on which a price that counted was read."""
    models = [each.model for each in simulator.exchanges if each.model is not None]
    sources = [source for m in models if (source := m.source("input")) is not None]
    return min((source.date for source in sources), default=simulator.catalog.dated).isoformat()


def _lost(places: Sequence[Place]) -> Iterator[str]:
    if any(place.name.startswith("a place") for place in places):
        yield (
            "some requests did not say where they come from: they were sent by another language "
            "than Python, by a Python that was started without its environment (-I, -E, -S), or "
            "not through httpx"
        )


def _unknown(simulator: Simulator) -> Iterator[str]:
    ids = {e.model_id for e in simulator.exchanges if e.model is None and e.usage is not None}
    for id in sorted(ids):
        yield f"nothing is known of the model {id}: neither its prices nor its minimum"


def _place(site: Site, exchanges: Sequence[Exchange], simulator: Simulator, sites: Sites) -> Place:
    usages = [each.usage for each in exchanges if each.usage is not None]
    costs = [each.usd(simulator.catalog) for each in exchanges]
    return Place(
        name=site.name,
        function=site.function if site.function != "<module>" else "",
        method=site.method,
        models=tuple(dict.fromkeys(each.model_id for each in exchanges)),
        calls=len(exchanges),
        refused=len(exchanges) - len(usages),
        written_5m=sum(usage.write_5m for usage in usages),
        written_1h=sum(usage.write_1h for usage in usages),
        read=sum(usage.read for usage in usages),
        uncached=sum(usage.uncached for usage in usages),
        output=sum(usage.output for usage in usages),
        usd=None if None in costs else sum(cost for cost in costs if cost is not None),
        broken=_broken(site, exchanges, sites),
        bars=tuple(_bar(number, each) for number, each in enumerate(exchanges, start=1)),
        hints=tuple(_hints(exchanges)),
        known=bool(site.requests),
    )


def _hints(exchanges: Sequence[Exchange]) -> Iterator[str]:
    """Why the cache had no part in it, where that is plain."""
    answered = [each for each in exchanges if each.usage is not None]
    if not answered:
        return
    marked = [each for each in answered if each.prompt.marked]
    if not marked:
        yield "no request carries cache_control: nothing is cached"
        return
    for why, calls in sorted(divergence.misses(exchanges).items()):
        yield _MISSES[why].format(calls="1 call" if calls == 1 else f"{calls} calls")
    short = [e for e in marked if divergence.marked_tokens(e) < divergence.least(e)]
    if len(short) == len(marked):
        longest = max(short, key=divergence.marked_tokens)
        yield (
            f"the marked prefix has {divergence.marked_tokens(longest):,} tokens at most; "
            f"{longest.model_id} caches none shorter than {divergence.least(longest):,}"
        )


def _bar(number: int, exchange: Exchange) -> Bar:
    usage = exchange.usage
    if usage is None:
        return Bar(number, 0, 0, 0, 0, exchange.error)
    written = usage.write_5m + usage.write_1h
    return Bar(number, usage.read, written, usage.uncached, usage.output)


def _broken(site: Site, exchanges: Sequence[Exchange], sites: Sites) -> Broken | None:
    """The break that lost most, all calls that were broken in the same piece together."""
    groups: dict[tuple[str, int, int, str], list[Break]] = {}
    for each in divergence.breaks(exchanges):
        piece = each.differing
        groups.setdefault((piece.place, piece.number, piece.part, each.setting), []).append(each)
    if not groups:
        return None
    worst = max(groups.values(), key=lambda group: sum(each.lost for each in group))
    prompts = sum(each.prompt.tokens for each in exchanges)
    if sum(each.lost for each in worst) < _WORTH * prompts:
        return None
    first = min(worst, key=lambda each: each.byte)
    piece = first.differing
    if first.setting:
        return Broken(len(worst), first.byte, f"the parameter {first.setting}", "", "")
    before = first.earlier.prompt.pieces
    old = before[first.piece].text if first.piece < len(before) else ""
    broken = Broken(
        len(worst),
        first.byte,
        f"{piece.place}[{piece.number}]",
        _around(piece.text, first.offset),
        _around(old, first.offset),
    )
    where = origin(site.requests, piece.place, piece.role, piece.number, piece.text, first.offset)
    if where is None:
        return broken
    source = ""
    if where.key is not None:
        span = where.key.span
        source = f"{where.key.name} at {span.path}:{span.line}:{span.column}"
    return broken._replace(
        expression=excerpt(sites.lines(where.span.path), where.span),
        at=f"{where.span.path}:{where.span.line}:{where.span.column}",
        source=source,
    )


def _around(text: str, offset: int) -> str:
    """What stands around a character, in one line."""
    start, end = max(offset - _EXCERPT, 0), offset + _EXCERPT
    shown = " ".join(text[start:end].split())
    return f"{'...' if start else ''}{shown}{'...' if end < len(text) else ''}"


def _report(out: Output, arguments: Arguments, proof: Proof, before: Proof | None) -> None:
    from skinflint.reports import proof as text

    if arguments.html is not None:
        from skinflint.reports import proof_html

        with open(arguments.html, "w", encoding="utf-8") as file:
            file.write(proof_html.render(proof, before))
    if arguments.output_format == "json":
        from skinflint.reports import proof_json

        out.write(proof_json.render(proof, before))
        return
    if not proof.places:
        return
    paint, columns = out.paint(), out.columns()
    if before is not None:
        out.write(text.render_both(before, proof, paint=paint, columns=columns))
    else:
        out.write(text.render(proof, paint=paint, columns=columns))
