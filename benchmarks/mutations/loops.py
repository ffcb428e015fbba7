"""K5: what went out as one batch is sent record by record."""

from __future__ import annotations

import ast
import posixpath
import re
from random import Random

from mutations.drafts import HERE, Draft, NotHere, filled, fresh, shifted
from mutations.trees import Function, Site

RULES = ["SKF501"]


def _params(site: Site) -> list[tuple[str, str]]:
    """The arguments of the request that mean the same outside of its function."""
    module = site.module
    found = []
    for name, slot in site.slots.items():
        if name in ("messages", "stream", "extra_headers", "timeout", "cache_control"):
            continue
        if name in ("temperature", "top_p", "top_k"):
            continue  # no argument of the library any more
        free = {
            node.id
            for node in ast.walk(slot.value)
            if isinstance(node, ast.Name) and node.id not in ("self",)
        }
        if all(known in module.bound and not _bound_inside(site, known) for known in free):
            found.append((name, module.segment(slot.value)))
        elif name == "model":
            found.append((name, '"claude-sonnet-5-5"'))
        elif name == "max_tokens":
            found.append((name, "1000"))
    if {"model", "max_tokens"} - {name for name, _ in found}:
        raise NotHere("model or max_tokens are given elsewhere")
    if any("cache_control" in text for _, text in found):
        raise NotHere("a marked prefix is no case for a batch")
    return found


def _bound_inside(site: Site, name: str) -> bool:
    return any(
        (isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Store))
        or (isinstance(node, ast.arg) and node.arg == name)
        for function in site.functions
        for node in ast.walk(function)
    )


#: Clients of services that take no batches.
_WITHOUT_BATCHES = re.compile(r"(Bedrock|BedrockMantle|Vertex|Foundry)$")


def _takes_batches(site: Site) -> None:
    """Raises NotHere for a client of a service that has no batches."""
    attribute = site.client.rpartition(".")[2]
    for node in ast.walk(site.module.tree):
        if isinstance(node, (ast.Assign, ast.AnnAssign)) and isinstance(node.value, ast.Call):
            named = {ast.unparse(target).rpartition(".")[2] for target in _targets(node)}
            if attribute in named and _WITHOUT_BATCHES.search(ast.unparse(node.value.func)):
                raise NotHere("the service takes no batches")


def _client(site: Site) -> str:
    """The client, if it is called the same outside of the function."""
    text = site.client
    if text.startswith("self.") and text.count(".") == 1:
        if _is_made_later(site, text):
            raise NotHere("another method makes the client")
        return text
    if text.isidentifier() and text in site.module.bound and not _bound_inside(site, text):
        return text
    raise NotHere("the client belongs to the function")


def _is_made_later(site: Site, client: str) -> bool:
    """Whether an object begins without its client: whoever only makes the object can't send."""
    return any(
        isinstance(node, (ast.Assign, ast.AnnAssign))
        and isinstance(node.value, ast.Constant)
        and any(
            ast.unparse(target) in (client, client.removeprefix("self."))
            for target in _targets(node)
        )
        for part in (site.owner.body if site.owner is not None else ())
        if not isinstance(part, (ast.FunctionDef, ast.AsyncFunctionDef)) or part.name == "__init__"
        for node in ast.walk(part)
    )


def _targets(node: ast.AST) -> list[ast.expr]:
    if isinstance(node, ast.AnnAssign):
        return [node.target]
    return node.targets if isinstance(node, ast.Assign) else []


def _asynchronous(site: Site) -> bool:
    return site.waits or isinstance(site.statement, ast.AsyncWith)


_ONE_BY_ONE = (
    """
    @head@
        replies = []
        for text in texts:@here@
            reply = @wait@@client@.messages.create(@here@
                @given@
                messages=[{"role": "user", "content": text}],
            )
            replies.append(reply.content[0].text)
        return replies
    """,
    """
    @head@
        replies = {}
        for number, text in enumerate(texts):@here@
            reply = @wait@@client@.messages.create(@here@
                @given@
                messages=[{"role": "user", "content": text}],
            )
            replies[number] = reply.content[0].text
        return replies
    """,
    """
    @head@
        replies = []
        for text in texts:@here@
            try:
                reply = @wait@@client@.messages.create(@here@
                    @given@
                    messages=[{"role": "user", "content": text}],
                )
                replies.append(reply.content[0].text)
            except Exception as error:
                replies.append(str(error))
        return replies
    """,
)
_IN_ONE_BATCH = """
    @head@
        batch = @wait@@client@.messages.batches.create(
            requests=[
                {
                    "custom_id": f"text-{number}",
                    "params": {
                        @params@
                        "messages": [{"role": "user", "content": text}],
                    },
                }
                for number, text in enumerate(texts)
            ]
        )
        return batch.id
"""


def unrolled_here(site: Site, pick: Random, broken: bool) -> Draft:
    """A function next to the one that sends takes a list of texts, and a script calls it."""
    if not site.functions or (site.owner and not _plain_owner(site)):
        raise NotHere("it is sent at module level")
    _takes_batches(site)
    draft = Draft(site.tree)
    method = site.owner is not None and site.client.startswith("self.")
    wait = "await " if _asynchronous(site) else ""
    name = fresh(site.module, "send_all")
    params = _params(site)
    style = pick.randrange(len(_ONE_BY_ONE))
    code = filled(
        _ONE_BY_ONE[style] if broken else _IN_ONE_BATCH,
        head=f"{'async ' if wait else ''}def {name}({'self, ' if method else ''}texts):",
        wait=wait,
        client=_client(site),
        given="\n".join(f"{key}={text}," for key, text in params),
        params="\n".join(f'"{key}": {text},' for key, text in params),
        here=HERE,
    )
    if method:
        outer = site.functions[-1]
        first = min([outer.lineno, *(d.lineno for d in outer.decorator_list)])
        start = site.module.line_start(first)
        draft.insert(site.module, start, shifted(code, site.module.indent(outer)) + "\n")
    else:
        draft.append(site.path, code)
    work = "replies = @wait@@call@(texts)".replace("@wait@", wait)
    _script(draft, site, f"{_maker(site)}." if method else "", name, bool(wait), work, "texts")
    return draft


def own_function(site: Site, pick: Random, broken: bool) -> Draft:
    """A script calls the project's own function for each record of a file."""
    if len(site.functions) != 1 or site.streams or not _ends(site):
        raise NotHere("no function of its own that ends with a request")
    function = site.functions[0]
    if site.owner is not None and not _plain_owner(site):
        raise NotHere("a class in a class")
    if function.name.startswith("__") or any(_is_decorated(function)):
        raise NotHere("the function is decorated")
    given = function.args
    plain = [arg.arg for arg in (*given.posonlyargs, *given.args)]
    needed = [name for name in plain[: len(plain) - len(given.defaults)] if name != "self"]
    if not needed or any(default is None for default in given.kw_defaults):
        raise NotHere("the function takes nothing")
    if any(
        name in ("client", "session", "db", "channel", "messages", "msg_history") for name in needed
    ):
        raise NotHere("the function needs more than a record")
    if not all(_plain(function, name) for name in needed):
        raise NotHere("the function takes more than texts and numbers")
    if _is_chosen(site, function):
        raise NotHere("what the script doesn't hand in decides whether it is sent there")
    if any(_reads_clock(node) for node in ast.walk(function)):
        raise NotHere("how long each reply takes is measured: in a batch it can't be")
    _takes_batches(site)
    made = site.client in (ast.unparse(t) for n in ast.walk(function) for t in _targets(n))
    if site.client.startswith("self.") and not made and _is_made_later(site, site.client):
        raise NotHere("another method makes the client")
    draft = Draft(site.tree)
    wait = isinstance(function, ast.AsyncFunctionDef)
    if broken:
        arguments = ", ".join(f'row["{name}"]' for name in needed)
        work = filled(
            pick.choice(_OVER_ROWS),
            each=f"{'await ' if wait else ''}@call@({arguments})",
            here=HERE,
        )
        maker = f"{_maker(site)}." if site.owner else ""
        _script(draft, site, maker, function.name, wait, work, "rows")
        _, end = site.module.range(site.call.func)
        draft.insert(site.module, end + 1, HERE)
        return draft
    params = dict(p for p in _params(site) if "self." not in p[1] and "\n" not in p[1])
    params.setdefault("model", '"claude-sonnet-5-5"')
    params.setdefault("max_tokens", "1000")
    names = {
        node.id
        for text in params.values()
        for node in ast.walk(ast.parse(text, mode="eval"))
        if isinstance(node, ast.Name)
    }
    base, dotted = site.tree.dotted(site.path)
    wanted = sorted(name for name in names if name in site.module.bound)
    code = filled(
        _BATCH_SCRIPT,
        own=f"from {dotted} import {', '.join(wanted)}" if wanted else "",
        params="\n".join(f'"{key}": {text},' for key, text in params.items()),
    )
    draft.create(posixpath.join(base, "work_through.py"), code)
    return draft


_OVER_ROWS = (
    """
    replies = []
    for row in rows:@here@
        replies.append(@each@)@here@
    """,
    """
    replies = [@each@ for row in rows]@here@
    """,
    """
    replies = []
    for row in rows:@here@
        try:
            reply = @each@@here@
        except Exception as error:
            print("failed", error)
            continue
        replies.append({**row, "reply": reply})
    """,
)
_BATCH_SCRIPT = """
import json
import sys

import anthropic

@own@


def main(path):
    with open(path) as file:
        rows = [json.loads(line) for line in file]
    batch = anthropic.Anthropic().messages.batches.create(
        requests=[
            {
                "custom_id": f"row-{number}",
                "params": {
                    @params@
                    "messages": [{"role": "user", "content": json.dumps(row)}],
                },
            }
            for number, row in enumerate(rows)
        ]
    )
    print(batch.id)


if __name__ == "__main__":
    main(sys.argv[1])
"""
_SCRIPT = """
@asyncio@
import json
import sys

from @module@ import @name@


@head@
    with open(path) as file:
        @read@
    @made@
    @work@
    with open("replies.json", "w") as file:
        json.dump(replies, file, default=str)


if __name__ == "__main__":
    @run@
"""


_PLAIN = {"str", "int", "float", "bool", "dict", "list", "Dict", "List", "Any", "Optional", "None"}
_CLOCKS = {"time.time", "time.monotonic", "time.perf_counter", "perf_counter", "monotonic"}
_OF_PLAIN = {name for kind in (str, dict, list) for name in dir(kind)}


def _plain(function: Function, name: str) -> bool:
    """Whether a parameter is something that a record of JSON can hold."""
    given = function.args
    for arg in (*given.posonlyargs, *given.args, *given.kwonlyargs):
        if arg.arg == name and arg.annotation is not None:
            words = {n.id for n in ast.walk(arg.annotation) if isinstance(n, ast.Name)}
            return words <= _PLAIN and not any(
                isinstance(n, ast.Attribute) for n in ast.walk(arg.annotation)
            )
    for node in ast.walk(function):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            if node.value.id == name and node.attr not in _OF_PLAIN:
                return False
        elif isinstance(node, ast.Call) and not isinstance(node.func, ast.Attribute):
            # what another function makes of it doesn't show here
            if any(isinstance(arg, ast.Name) and arg.id == name for arg in node.args):
                return False
    return True


def _is_chosen(site: Site, function: Function) -> bool:
    """Whether a parameter that has a default decides whether it comes to the call.

    With ``stream=True`` the branch for ``stream=False`` is left out.
    """
    given = function.args
    plain = [*given.posonlyargs, *given.args]
    optional = {arg.arg for arg in plain[len(plain) - len(given.defaults) :]}
    optional |= {arg.arg for arg in given.kwonlyargs}
    node: ast.AST = site.call
    while node is not function:
        around = site.module.parents[node]
        if isinstance(around, (ast.If, ast.IfExp)) and node is not around.test:
            if any(isinstance(n, ast.Name) and n.id in optional for n in ast.walk(around.test)):
                return True
        node = around
    return False


def _reads_clock(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and ast.unparse(node.func) in _CLOCKS


def _is_decorated(function: Function) -> list[bool]:
    return [
        not (isinstance(each, ast.Name) and each.id in ("staticmethod", "classmethod"))
        for each in function.decorator_list
    ]


def _plain_owner(site: Site) -> bool:
    return site.owner is not None and site.owner in site.module.tree.body


def _ends(site: Site) -> bool:
    """Whether no loop stands around the call in its function."""
    node: ast.AST | None = site.call
    while node is not None and node is not site.functions[0]:
        if isinstance(node, (ast.For, ast.While, ast.AsyncFor, ast.comprehension)):
            return False
        node = site.module.parents.get(node)
    return True


def _maker(site: Site) -> str:
    """``Class(...).``: an object with what its constructor asks for."""
    assert site.owner is not None
    init = next(
        (n for n in site.owner.body if isinstance(n, ast.FunctionDef) and n.name == "__init__"),
        None,
    )
    if init is None:
        return f"{site.owner.name}()"
    given = init.args
    plain = [arg.arg for arg in (*given.posonlyargs, *given.args)][1:]
    needed = plain[: max(len(plain) - len(given.defaults), 0)]
    needed += [
        arg.arg for arg, d in zip(given.kwonlyargs, given.kw_defaults, strict=True) if d is None
    ]
    return f"{site.owner.name}({', '.join(f'{n}=settings[{n!r}]' for n in needed)})"


def _script(
    draft: Draft, site: Site, maker: str, function: str, wait: bool, work: str, read: str
) -> None:
    """A script that reads records from a file, has them worked on and writes what came of it."""
    base, dotted = site.tree.dotted(site.path)
    made = f"worker = {maker.removesuffix('.')}" if maker else ""
    if "settings[" in made:
        made = f'with open("settings.json") as file:\n    settings = json.load(file)\n{made}'
    each = "json.loads(line)" if read == "rows" else 'json.loads(line)["text"]'
    code = filled(
        _SCRIPT,
        asyncio="import asyncio" if wait else "",
        module=dotted,
        name=maker.partition("(")[0] or function,
        head=f"{'async ' if wait else ''}def main(path):",
        read=f"{read} = [{each} for line in file]",
        made=made,
        work=work.replace("@call@", f"worker.{function}" if maker else function).strip("\n"),
        run="asyncio.run(main(sys.argv[1]))" if wait else "main(sys.argv[1])",
    )
    draft.create(posixpath.join(base, "work_through.py"), code)


MUTATIONS = (unrolled_here, own_function)
