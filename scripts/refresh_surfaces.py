"""Write skinflint/catalog/data/surfaces.toml from the installed anthropic SDK.

    python scripts/refresh_surfaces.py [--history DIR] [--check]

Clients, methods, resources and typed parameters come from the classes of the installed SDK. With
``--history DIR``, a folder of unpacked older SDKs named by version (``DIR/0.42.0/anthropic/...``),
the tables of what came and went between SDKs are made anew from their syntax; without it they
are taken over from the file as it stands. ``--check`` writes nothing and exits 1 if it is stale.
"""

from __future__ import annotations

import argparse
import ast
import importlib
import inspect
import pkgutil
import re
import sys
import types
import typing
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import anthropic
import typing_extensions

from skinflint.catalog.surfaces import module_of

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

TARGET = Path(__file__).resolve().parent.parent / "skinflint/catalog/data/surfaces.toml"
HEADER = """\
# Written by scripts/refresh_surfaces.py from the installed anthropic SDK; don't edit by hand.
# What signatures can't say stands in wild.toml. A trailing * marks what is required.
"""
VERBS = ("create", "stream", "parse", "count_tokens", "tool_runner", "thread", "send")
COMMON = ("extra_headers", "extra_query", "extra_body", "timeout")


# --- the installed SDK --------------------------------------------------------------------------


def client_classes() -> dict[str, type]:
    """Canonical name -> class, of every client exported by the package (aliases left out)."""
    found = {}
    for name in sorted(vars(anthropic)):
        value = getattr(anthropic, name)
        if inspect.isclass(value) and value.__name__ == name and hasattr(value, "with_options"):
            found[name] = value
    for name in anthropic.__all__:
        value = getattr(anthropic, name, None)
        if inspect.isclass(value) and hasattr(value, "with_options"):
            found.setdefault(value.__name__, value)
    return dict(sorted(found.items()))


def modules() -> list[types.ModuleType]:
    """Every importable module of the SDK, by name; those with missing extras are left out."""
    found = [anthropic]
    for info in pkgutil.walk_packages(anthropic.__path__, "anthropic."):
        try:
            found.append(importlib.import_module(info.name))
        except ImportError:
            continue
    return sorted(found, key=lambda module: module.__name__)


def import_paths(
    classes: dict[str, type], searched: Iterable[types.ModuleType]
) -> dict[str, list[str]]:
    """Canonical name -> every public or defining path the class can be imported from."""
    names = {value: name for name, value in classes.items()}
    paths: dict[str, set[str]] = {name: set() for name in classes}
    for module in searched:
        for attribute, value in vars(module).items():
            if attribute.startswith("_") or not inspect.isclass(value) or value not in names:
                continue
            exports = module.__name__ in ("anthropic", "anthropic._client", value.__module__)
            if not exports and not value.__module__.startswith(module.__name__ + "."):
                continue
            paths[names[value]].add(f"{module.__name__}.{attribute}")
    return {name: sorted(found) for name, found in paths.items()}


def parameters(function: Any) -> list[str]:
    """Keyword parameters in order, ``Unpack[TypedDict]`` spread out; a star marks required ones."""
    words = []
    for parameter in inspect.signature(function).parameters.values():
        if parameter.name == "self" or parameter.kind is parameter.VAR_POSITIONAL:
            continue
        if parameter.kind is parameter.VAR_KEYWORD:
            hints = typing_extensions.get_type_hints(
                function, globalns=_namespace(function), include_extras=True
            )
            words.extend(typed_fields(hints[parameter.name].__args__[0]))
        elif parameter.name not in COMMON:
            words.append(
                parameter.name + ("*" if parameter.default is inspect.Parameter.empty else "")
            )
    return sorted(set(words))


def _namespace(function: Any) -> dict[str, Any]:
    inner = inspect.unwrap(getattr(function, "__func__", function))
    namespace = dict(vars(sys.modules[inner.__module__]))
    for name in ("BetaToolRunner", "BetaStreamingToolRunner", "BetaMessageThread"):
        namespace.setdefault(name, Any)
    return namespace


def resources_of(client: Any) -> Iterator[tuple[str, Any]]:
    """``(path, resource)`` of the client's resources that build message requests."""
    for path in ("messages", "messages.batches", "beta.messages", "beta.messages.batches"):
        value = client
        for part in path.split("."):
            value = getattr(value, part)
        yield path, value


def method_table(client: Any) -> dict[str, list[str]]:
    """Method path -> keyword parameters."""
    table = {}
    for path, resource in resources_of(client):
        for verb in VERBS:
            if callable(getattr(resource, verb, None)):
                table[f"{path}.{verb}"] = parameters(getattr(resource, verb))
    from anthropic.lib.threads._beta_threads import BetaMessageThread

    for verb in VERBS:
        if hasattr(BetaMessageThread, verb):
            table[f"beta.messages.thread.{verb}"] = parameters(getattr(BetaMessageThread, verb))
    return table


def resource_table(clients: Iterable[Any]) -> dict[str, list[str]]:
    """Resource path -> names of its classes under their public import paths."""
    table: dict[str, set[str]] = {}
    for client in clients:
        for path, resource in (*resources_of(client), ("beta", client.beta)):
            cls = type(resource)
            module = cls.__module__
            names = {f"{module}.{cls.__name__}"}
            for package in _parents(module):
                exported = getattr(sys.modules.get(package), cls.__name__, None)
                if exported is cls:
                    names.add(f"{package}.{cls.__name__}")
            table.setdefault(path, set()).update(names)
    return {path: sorted(names) for path, names in sorted(table.items())}


def _parents(module: str) -> Iterator[str]:
    while "." in module:
        module = module.rpartition(".")[0]
        yield module


def typed_fields(cls: Any) -> list[str]:
    """Fields of a TypedDict in order of name, required ones starred."""
    hints = typing_extensions.get_type_hints(cls, include_extras=True)
    return sorted(name + ("*" if _is_required(hint) else "") for name, hint in hints.items())


def _is_required(hint: Any) -> bool:
    return typing_extensions.get_origin(hint) in _REQUIRED


#: ``Required`` in its two homes; before Python 3.11 typing has none.
_REQUIRED = (getattr(typing, "Required", typing_extensions.Required), typing_extensions.Required)


#: Field of a request -> what the TypedDicts below it are.
CATEGORIES = {
    "messages": "message",
    "system": "block",
    "tools": "tool",
    "cache_control": "cache_control",
    "thinking": "thinking",
    "tool_choice": "tool_choice",
    "output_config": "output_config",
    "context_management": "context_management",
    "edits": "context_edit",
    "metadata": "metadata",
    "mcp_servers": "mcp_server",
    "params": "request_params",
}
#: Fields below which nothing matters for a request's cost: switches of single tools of a toolset.
IGNORED = ("configs", "default_config")


def typed_classes() -> dict[type, str]:
    """TypedDict -> category, of everything that a message request can be built from."""
    from anthropic.types import message_count_tokens_params, message_create_params
    from anthropic.types.beta import message_count_tokens_params as beta_count_params
    from anthropic.types.beta import message_create_params as beta_create_params
    from anthropic.types.beta.messages import batch_create_params as beta_batch_params
    from anthropic.types.messages import batch_create_params

    roots: list[tuple[Any, str]] = [
        (message_create_params.MessageCreateParamsNonStreaming, "request_params"),
        (message_create_params.MessageCreateParamsStreaming, "request_params"),
        (message_count_tokens_params.MessageCountTokensParams, "request_params"),
        (batch_create_params.Request, "batch_request"),
        (batch_create_params.BatchCreateParams, "batch_params"),
        (beta_create_params.MessageCreateParamsNonStreaming, "request_params"),
        (beta_create_params.MessageCreateParamsStreaming, "request_params"),
        (beta_count_params.MessageCountTokensParams, "request_params"),
        (beta_batch_params.Request, "batch_request"),
        (beta_batch_params.BatchCreateParams, "batch_params"),
    ]
    found: dict[type, str] = {}
    queue = roots
    while queue:
        cls, category = queue.pop(0)
        if cls in found:
            continue
        found[cls] = category
        hints = typing_extensions.get_type_hints(cls, include_extras=True)
        for name, hint in sorted(hints.items()):
            if name in IGNORED:
                continue
            for inner in sorted(_typed_dicts(hint), key=lambda c: (c.__module__, c.__name__)):
                queue.append((inner, _category(category, name, inner)))
    return found


def _category(parent: str, field: str, cls: Any) -> str:
    if field == "content" and parent == "message":
        return "block"
    if field == "content" and parent == "block" and "cache_control" in cls.__annotations__:
        return "block"
    if field == "tool_choice" and parent == "request_params":
        return "tool_choice"
    if field in CATEGORIES and (
        parent in ("request_params", "batch_request", "context_management")
        or field == "cache_control"
    ):
        return CATEGORIES[field]
    return "part"


def _typed_dicts(hint: Any) -> set[Any]:
    if typing_extensions.is_typeddict(hint):
        return {hint}
    found: set[Any] = set()
    for argument in typing_extensions.get_args(hint):
        found |= _typed_dicts(argument)
    return found


def literal_of(cls: Any, field: str) -> str:
    """The one value that a Literal field must have, "" if it may have several or any."""
    hint = typing_extensions.get_type_hints(cls, include_extras=True).get(field)
    while typing_extensions.get_origin(hint) in _REQUIRED:
        hint = typing_extensions.get_args(hint)[0]
    values = typing_extensions.get_args(hint)
    is_literal = typing_extensions.get_origin(hint) is typing.Literal
    return str(values[0]) if is_literal and len(values) == 1 else ""


def typed_lines() -> Iterator[str]:
    """``Class|module|category|type|role fields``; the module is left out where it is the usual one.

    A field list that equals that of the twin outside ``beta`` is written as ``=``.
    """
    lines: dict[str, tuple[str, str]] = {}
    for cls, category in typed_classes().items():
        module = cls.__module__.removeprefix("anthropic.types.")
        package, _, own = module.rpartition(".")
        exported = getattr(
            importlib.import_module(f"anthropic.types.{package}".rstrip(".")), cls.__name__, None
        )
        where = "" if own == module_of(cls.__name__) and exported is cls else own
        where = f"{package}{'' if exported is cls else '!'}:{where}"
        head = (
            f"{cls.__name__}|{where}|{category}|{literal_of(cls, 'type')}|{literal_of(cls, 'role')}"
        )
        lines[f"{module}.{cls.__name__}"] = (head, " ".join(typed_fields(cls)))
    fields_of = {head.partition("|")[0]: fields for head, fields in lines.values()}
    for key in sorted(lines):
        head, fields = lines[key]
        name = head.partition("|")[0]
        twin = name.removeprefix("Beta")
        if twin != name and fields_of.get(twin) == fields:
            fields = "="
        yield f"{head} {fields}"


# --- older SDKs ---------------------------------------------------------------------------------


def version_key(version: str) -> tuple[int, ...]:
    """Sort key of a plain release number."""
    return tuple(int(part) for part in version.split("."))


def old_methods(root: Path) -> dict[str, set[str]]:
    """Method path -> keywords, read from the syntax of one unpacked SDK."""
    table: dict[str, set[str]] = {}
    resources = root / "anthropic" / "resources"
    for file in sorted(resources.rglob("*.py")):
        parts = list(file.relative_to(resources).with_suffix("").parts)
        if parts[-1] == "__init__" or parts[-1] not in ("messages", "batches", "completions"):
            continue
        if len(parts) > 1 and parts[-1] == parts[-2]:
            parts.pop()
        if any(part in ("sessions", "agents", "environments") for part in parts):
            continue
        for node in ast.parse(file.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef) and node.name in (
                "Messages",
                "Batches",
                "Completions",
            ):
                for function in node.body:
                    if isinstance(function, ast.FunctionDef) and function.name in VERBS:
                        keywords = {a.arg for a in function.args.kwonlyargs} - set(COMMON)
                        path = ".".join((*parts, function.name))
                        table.setdefault(path, set()).update(keywords)
    return table


def old_clients(root: Path) -> set[str]:
    """The synchronous client classes that one unpacked SDK defines."""
    found: set[str] = set()
    for folder in ("_client.py", "lib"):
        base = root / "anthropic" / folder
        files = [base] if base.is_file() else sorted(base.rglob("*.py"))
        for file in files:
            text = file.read_text("utf-8")
            found |= set(re.findall(r"^class (Anthropic\w*)\(", text, re.M)) & set(client_classes())
    return found


def history_tables(folder: Path) -> tuple[list[str], list[str], str]:
    """Lines of ``since`` and ``old_keywords``, and the versions they were read from."""
    versions = sorted(
        (p.name for p in folder.iterdir() if (p / "anthropic").is_dir()), key=version_key
    )
    spans: dict[str, list[str]] = {}
    keyword_spans: dict[tuple[str, str], list[str]] = {}
    for version in versions:
        methods = old_methods(folder / version)
        present = set(methods) | old_clients(folder / version)
        for name in present:
            spans.setdefault(name, []).append(version)
        for method, keywords in methods.items():
            for keyword in keywords:
                keyword_spans.setdefault((method, keyword), []).append(version)
    since = [
        f"{name} {start or '-'} {end or '-'}"
        for name, seen in sorted(spans.items())
        for start, end in [_bounds(seen, versions)]
        if start or end
    ]
    old: dict[str, list[str]] = {}
    for (method, keyword), seen in sorted(keyword_spans.items()):
        start, end = _bounds(seen, versions)
        whole_start, whole_end = _bounds(spans[method], versions)
        if start != whole_start or end != whole_end:
            old.setdefault(method, []).append(f"{keyword}:{start}:{end}")
    return since, [f"{m} {' '.join(words)}" for m, words in sorted(old.items())], " ".join(versions)


def _bounds(seen: list[str], versions: list[str]) -> tuple[str, str]:
    """First version that has it ("" for the oldest read) and first that has it no more ("")."""
    start = "" if seen[0] == versions[0] else seen[0]
    end = versions.index(seen[-1]) + 1
    return start, versions[end] if end < len(versions) else ""


# --- the file -----------------------------------------------------------------------------------


def render(history: Path | None = None, today: str | None = None) -> str:
    """The whole text of surfaces.toml."""
    before: dict[str, Any] = {}
    if TARGET.exists():
        before = tomllib.loads(TARGET.read_text("utf-8"))
    if history is not None:
        since, old, versions = history_tables(history)
    else:
        since = before.get("since", "").strip().splitlines()
        old = before.get("old_keywords", "").strip().splitlines()
        versions = before.get("history", "")
    classes = client_classes()
    sync = anthropic.Anthropic(api_key="unused")
    clients = [
        sync,
        anthropic.AsyncAnthropic(api_key="unused"),
    ]
    tables = {
        "clients": [f"{n} {' '.join(p)}" for n, p in import_paths(classes, modules()).items()],
        "keywords": [
            f"{name} {' '.join(word.rstrip('*') for word in parameters(cls))} timeout"
            for name, cls in classes.items()
            if not name.startswith("Async")
        ],
        "methods": [f"{n} {' '.join(words)}" for n, words in sorted(method_table(sync).items())],
        "resources": [f"{n} {' '.join(names)}" for n, names in resource_table(clients).items()],
        "since": since,
        "old_keywords": old,
        "typed": list(typed_lines()),
    }
    read_on = today or (
        before["date"] if before.get("sdk") == anthropic.__version__ else date.today().isoformat()
    )
    lines = [
        HEADER,
        f'sdk = "{anthropic.__version__}"',
        f'date = "{read_on}"',
        'source = "signatures of the anthropic package on PyPI"',
        f"history = '{versions}'",
        f"common = '{' '.join(COMMON)}'",
    ]
    for name, rows in tables.items():
        lines += [f"{name} = '''", *rows, "'''"]
    return "\n".join(lines) + "\n"


def main() -> int:
    """Command line; see the module's text."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--history", type=Path, help="folder of unpacked SDKs, named by version")
    parser.add_argument("--check", action="store_true", help="write nothing, exit 1 when stale")
    arguments = parser.parse_args()
    text = render(arguments.history)
    if arguments.check:
        fresh = TARGET.exists() and TARGET.read_text("utf-8") == text
        print("surfaces.toml is up to date" if fresh else "surfaces.toml is stale")
        return 0 if fresh else 1
    TARGET.write_text(text, "utf-8")
    print(f"wrote {TARGET} ({len(text)} characters, anthropic {anthropic.__version__})")
    print("now run scripts/compile_catalog.py")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
