"""Which files of a project become part of a package that others install, and so may be used there.

Told by what builds it: setuptools, poetry, hatchling and flit. What can't be told is packed. Not
all that is packed is for others: who installs a command, or starts a server, runs it, and no page
tells to import it. Nobody else can import a package that calls itself `src`.
Sources: the setuptools user guide, "Package Discovery and Package Data" (80.9); Poetry,
"The pyproject.toml file" (2.2); Hatch, "Build configuration" (1.14); flit, "The pyproject.toml
config file" (3.12); read 2026-11-26.
"""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, TypeAlias

from skinflint.linter.config import ConfigError, parsed
from skinflint.linter.project import is_test
from skinflint.linter.source import SourceError, from_bytes, read_bytes
from skinflint.linter.tree import DESCRIBES, INSTALLED, Tree, goes_by

#: Directories (relative to the root) whose files are packed; None: nobody knows which.
_Packed: TypeAlias = "tuple[str, ...] | None"

#: Top-level directories that setuptools leaves out where it finds the packages by itself.
_LEFT_OUT = frozenset(
    (
        *("ci", "bin", "debian", "doc", "docs", "documentation", "manpages", "news"),
        *("newsfragments", "changelog", "test", "tests", "unit_test", "unit_tests", "example"),
        *("examples", "scripts", "tools", "util", "utils", "python", "build", "benchmark"),
        *("benchmarks", "exercise", "exercises", "htmlcov", "node_modules", "tasks"),
        *("fabfile", "site_scons"),
    )
)
_BACKENDS = {
    "setuptools": "setuptools",
    "poetry.core": "poetry",
    "poetry": "poetry",
    "hatchling": "hatch",
    "flit_core": "flit",
}


#: Tables and files that say which commands a package brings.
_COMMANDS = re.compile(rb"^\s*\[(?:project|tool\.poetry)\.scripts\]|console_scripts", re.MULTILINE)
_SAYS_COMMANDS = ("pyproject.toml", "setup.py", "setup.cfg", "entry_points.txt")
#: What starts a server of the project: `uvicorn letters.api:app`, `streamlit run desk/app.py`.
_SERVES = re.compile(
    rb"""\b(?:uvicorn|gunicorn|hypercorn|daphne|streamlit["',\s]+run|chainlit["',\s]+run)"""
    rb"""(?:[^\n]{0,60}?)["',\s](?!examples?\b|docs?\b|tests?\b|demos?\b)"""
    rb"""[\w./]*\w(?::\w|\.py\b)"""
)
#: Packages of a program: by such a name nobody else would import one.
_ITS_OWN = frozenset(
    (
        *("app", "apps", "api", "backend", "bot", "bots", "cogs", "commands", "config", "core"),
        *("handlers", "helpers", "lib", "models", "routers", "routes", "scripts"),
        *("server", "services", "tasks", "tools", "utils", "web"),
    )
)
#: Those of them that packages of others bring along, mostly without knowing. With any other one,
#: such as `config`, what is packed is a program as a whole.
_ALONG = frozenset(("commands", "core", "helpers", "lib", "models", "scripts", "tools", "utils"))
#: Where notebooks show others how something is used.
SHOWN = re.compile(r"examples?|docs?|tutorials?|cookbooks?|guides?|demos?", re.IGNORECASE)
#: Where a project keeps what it tells those who work on it, and how such pages are called.
_INSIDE = re.compile(r"specs?|plans?|adrs?|prompts?|notes|memory-bank|\..+", re.IGNORECASE)
_TOLD = re.compile(
    r"(?:CLAUDE|AGENTS?|GEMINI|CONTRIBUTING)\b|(?:.*[-_ ])?(?:architecture|design|implementation"
    r"|migration|plans?|prd|refactoring|report|roadmap|specs?|specification|summary|todo)\b",
    re.IGNORECASE,
)
#: Files that a package is built by.
_BUILDS = ("pyproject.toml", "setup.py", "setup.cfg")
#: Pages that tell how something is used.
_PAGES = (".md", ".rst", ".txt", *DESCRIBES)
#: How a plain word stands where it is the name of something: in code, or behind what shows code.
_IN_CODE = (
    rb"[.`]%b\b|\b%b\s*\(|\bimport\b(?:[^\n]{0,400}|\s*\([^)]{0,2000})\b%b\b|\bauto\w+::\s*(?:[\w.]+\.)?%b\b"
    rb"|^(?: {4}|\t)[^\n]*\b%b\b"
)
#: Projects of more files are not looked through.
_MOST_FILES = 3_000
#: Bytes of pages that tell how something is used; of less they tell nothing.
_LEAST_TOLD = 1_000


def is_for_others(path: str, tree: Tree) -> bool:
    """Whether somebody who isn't here may import the file at ``path``, absolute."""
    if not is_packed(path, tree.root) and not _is_installed(tree.root):
        return False
    inside = os.path.relpath(path, tree.root)
    if _is_built_alone(inside, tree.root):
        return True
    if inside.startswith(f"src{os.sep}") and tree.is_imported(b"src"):
        return False
    top = inside.removeprefix(f"src{os.sep}").split(os.sep)[0]
    if top not in tree.programs:  # each request asks, and the answer takes all that is written
        tree.programs[top] = _is_program(top, tree)
    return not tree.programs[top]


def _is_built_alone(inside: str, root: str) -> bool:
    """Whether a directory below the root that a file lies in is a project of its own."""
    directory = os.path.dirname(inside)
    while directory:
        if any(os.path.isfile(os.path.join(root, directory, name)) for name in _BUILDS):
            return True
        directory = os.path.dirname(directory)
    return False


def _is_installed(root: str) -> bool:
    return any(name.endswith(INSTALLED) for name in _listed(root))


def _is_program(top: str, tree: Tree) -> bool:
    """Whether a package is there to be started: its page, which it has, imports nothing of it."""
    name = top.removesuffix(".py")
    used = re.compile(rb"\b(?:from|import)\s+" + re.escape(name.encode()) + rb"\b")
    together = {part.removeprefix("src/").split("/")[0] for part in _packed(tree.root) or ()}
    own = name in _ITS_OWN or not together.isdisjoint(_ITS_OWN - _ALONG)
    return _is_started(tree, used, own=own)


def is_for_its_command(tree: Tree, name: str) -> bool:
    """Whether a package is there to be started, and no page makes a ``name``, a class of it."""
    return _is_started(tree, re.compile(rb"\b" + re.escape(name.encode()) + rb"\s*\("), own=False)


def may_be_used_elsewhere(path: str, tree: Tree | None, name: str) -> bool:
    """Whether somebody who isn't here may use a ``name`` of the file at ``path``.

    Of a package that is there to be started that is what a page makes or speaks of, and what the
    package hands on.
    """
    if tree is None:
        return True
    if (path, name) not in tree.elsewhere:  # asked for each request, and several times
        tree.elsewhere[path, name] = is_for_others(path, tree) and not (
            is_for_its_command(tree, name) or is_left_to_itself(path, tree, name)
        )
    return tree.elsewhere[path, name]


def is_spoken_of(path: str, tree: Tree | None, name: str) -> bool:
    """Whether somebody who isn't here may use a ``name``, and a page of the project has it."""
    if tree is None:
        return True
    if not may_be_used_elsewhere(path, tree, name):
        return False
    if (path, name) not in tree.spoken_of:
        word = re.compile(rb"\b%b\b" % re.escape(name.encode()))
        tree.spoken_of[path, name] = any(map(word.search, _pages_of(tree)))
    return tree.spoken_of[path, name]


def is_left_to_itself(path: str, tree: Tree, name: str) -> bool:
    """Whether a package that others may import is a program, and nothing tells them of a name."""
    if (path, name) not in tree.left:
        tree.left[path, name] = _is_left_to_itself(path, tree, name)
    return tree.left[path, name]


def _is_left_to_itself(path: str, tree: Tree, name: str) -> bool:
    inside = os.path.relpath(path, tree.root)
    if len(tree.files()) > _MOST_FILES or _is_built_alone(inside, tree.root):
        return False
    if tree.beside() is None:
        return False
    program = has_programs(path, tree)
    if not program and not is_described(tree):
        return False
    base, places = _package_of(path, tree.root)
    if not places:
        return False  # a module by itself: all it has is handed on
    word = re.compile(rb"\b" + re.escape(name.encode()) + rb"\b")
    stem = os.path.basename(path).removesuffix(".py")
    whole = re.compile(rb"\bfrom\s+[\w.]*\b" + re.escape(stem.encode()) + rb"\s+import\s+\*")
    # of a program, what the packages below it hand on is for the package itself
    for depth in range(1, 2 if program else len(places) + 1):
        init = os.path.join(base, *places[:depth], "__init__.py")
        handed_on = tree.data(init) or b""
        if init != path and (word.search(handed_on) or whole.search(handed_on)):
            return False
    module = ".".join([*places, stem]).removesuffix(".__init__").encode()
    if name.isalpha() and name.islower():  # a word that sentences have as well
        word = re.compile(_IN_CODE % ((re.escape(name.encode()),) * 5), re.MULTILINE | re.DOTALL)
    return not any(
        module in data or (name.encode() in data and word.search(data)) for data in _pages_of(tree)
    )


def _package_of(path: str, root: str) -> tuple[str, list[str]]:
    """Where the package lies that a file is in, and the packages down to it: ``src``, ``desk``."""
    places = os.path.relpath(path, root).split(os.sep)[:-1]
    packed = [
        os.path.isfile(os.path.join(root, *places[: n + 1], "__init__.py"))
        for n in range(len(places))
    ]
    first = packed.index(True) if True in packed else int(places[:1] == ["src"])
    return os.path.join(root, *places[:first]), places[first:]


def is_described(tree: Tree) -> bool:
    """Whether the pages of a project tell those who use it something of it."""
    return sum(map(len, _pages_of(tree))) >= _LEAST_TOLD


def _pages_of(tree: Tree) -> list[bytes]:
    """The pages that may tell others how a project is used."""
    if tree.pages is None:  # each name asks
        beside = tree.beside() or ()
        tree.pages = [data for place, data in beside if _is_page(place, tree.root)]
    return tree.pages


def is_plugged_in(path: str, tree: Tree) -> bool:
    """Whether a table of entry points names a module for other programs to load.

    What they call in it goes by names that are agreed on, not written here.
    """
    if tree.plugged_in is None:
        tree.plugged_in = frozenset(_plugged_in(tree))
    return any(goes_by(path, name) for name in tree.plugged_in)


def _plugged_in(tree: Tree) -> Iterator[str]:
    """The modules that tables of entry points name, but for those of commands."""
    for place, data in tree.beside() or ():
        last = os.path.basename(place)
        if last == "pyproject.toml":
            tables = _tables_of(place, data)
        elif last in ("setup.cfg", "entry_points.txt"):
            tables = _sections_of(place, data)
        else:
            continue
        for group, entries in tables:
            if group not in ("console_scripts", "gui_scripts"):
                yield from (each.partition(":")[0].strip() for each in entries)


def _tables_of(place: str, data: bytes) -> Iterator[tuple[str, list[str]]]:
    try:
        said = parsed(place, data)
        project = said.get("project", {}).get("entry-points", {})
        poetry = said.get("tool", {}).get("poetry", {}).get("plugins", {})
        for group, entries in (*project.items(), *poetry.items()):
            yield group, [each for each in entries.values() if isinstance(each, str)]
    except (AttributeError, ConfigError):
        return  # what builds it refuses it


def _sections_of(place: str, data: bytes) -> Iterator[tuple[str, list[str]]]:
    import configparser  # the linter starts without it

    parser = configparser.ConfigParser(interpolation=None, delimiters=("=",), strict=False)
    try:
        parser.read_string(data.decode("utf-8", "replace"))
    except configparser.Error:
        return
    if place.endswith("setup.cfg"):
        table = "options.entry_points"
        for group, entries in parser[table].items() if parser.has_section(table) else ():
            yield group, [line.partition("=")[2] for line in entries.splitlines() if "=" in line]
        return
    for group in parser.sections():
        yield group, list(parser[group].values())


def has_programs(path: str, tree: Tree) -> bool:
    """Whether another file than that at ``path`` starts something."""
    if tree.starting is None:
        reach = tree.reach()
        tree.starting = frozenset(
            file
            for file in tree.files()
            if not is_test(os.path.relpath(file, tree.root)) and reach.starts(file)
        )
    return bool(tree.starting - {path})


def _is_started(tree: Tree, used: re.Pattern[bytes], own: bool) -> bool:
    """Whether something starts a package that has a page for people, and none has ``used``.

    ``own`` says that it calls itself as nobody's package is called.
    """
    beside = tree.beside()
    if beside is None:
        return False
    own = own and not tree.is_installed()
    described, started = False, own
    for place, data in beside:
        last = os.path.basename(place)
        readme = last.lower().startswith("readme") or last in DESCRIBES
        described = described or readme
        if last in _SAYS_COMMANDS and _COMMANDS.search(data):
            started = True
        elif not last.endswith(".ipynb"):
            started = started or bool(_SERVES.search(data))
        if (readme or (_is_page(place, tree.root) and not own)) and used.search(data):
            return False
    setup = os.path.join(tree.root, "setup.py")
    started = started or bool(_COMMANDS.search(tree.data(setup) or b""))
    return started and described


def _is_page(path: str, root: str) -> bool:
    """Whether a file may tell others how something is used."""
    *places, name = os.path.relpath(path, root).split(os.sep)
    if path.endswith(".ipynb"):
        return any(map(SHOWN.fullmatch, places))
    if any(map(_INSIDE.fullmatch, places)) or _TOLD.match(name):
        return False
    return path.endswith(_PAGES)


def _listed(directory: str) -> list[str]:
    try:
        return os.listdir(directory)
    except OSError:
        return []


def is_packed(path: str, root: str) -> bool:
    """Whether the file at ``path`` is, or may be, part of a package that is made of a project."""
    parts = _packed(root)
    if parts is None:
        return True
    inside = os.path.relpath(path, root).replace(os.sep, "/")
    return any(inside == part or part == "." or inside.startswith(f"{part}/") for part in parts)


@lru_cache(maxsize=64)
def _packed(root: str) -> _Packed:
    pyproject = os.path.join(root, "pyproject.toml")
    try:
        data = parsed(pyproject, read_bytes(pyproject)) if os.path.isfile(pyproject) else {}
        return _of(data, root)
    except (ConfigError, SourceError):
        return None
    except (AttributeError, TypeError, ValueError):
        return None  # a table that is none: what builds it refuses it


def _of(data: dict[str, Any], root: str) -> _Packed:
    if "build-system" not in data:
        setup = any(os.path.isfile(os.path.join(root, name)) for name in ("setup.py", "setup.cfg"))
        return _of_setuptools({}, root) if setup else ()
    backend = data["build-system"].get("build-backend", "setuptools")
    kind = next((k for name, k in _BACKENDS.items() if backend.startswith(name)), None)
    tool = data.get("tool", {})
    name = data.get("project", {}).get("name") or tool.get("poetry", {}).get("name") or ""
    if kind == "setuptools":
        return _of_setuptools(tool.get("setuptools", {}), root)
    if kind == "poetry":
        return _of_poetry(tool.get("poetry", {}), name, root)
    if kind == "hatch":
        return _of_hatch(tool.get("hatch", {}), name, root)
    if kind == "flit":
        return _named(tool.get("flit", {}).get("module", {}).get("name") or name, root)
    return None


# -- setuptools --------------------------------------------------------------------------------


def _of_setuptools(tool: dict[str, Any], root: str) -> _Packed:
    found = _of_setup_py(os.path.join(root, "setup.py"))
    if found is None:
        found = _of_setup_cfg(os.path.join(root, "setup.cfg"))
    if found is None:
        found = _of_tool(tool)
    if found is not None:
        return tuple(found)
    return _discovered(root)


def _of_tool(tool: dict[str, Any]) -> list[str] | None:
    places = tool.get("package-dir") or {}
    listed = tool.get("packages")
    modules = [f"{name}.py" for name in tool.get("py-modules") or ()]
    if isinstance(listed, list):
        return [_placed(str(name), places) for name in listed] + modules
    find = listed.get("find", listed.get("find_namespace")) if isinstance(listed, dict) else None
    if find is not None:
        return _below([str(each) for each in find.get("where") or ["."]], find.get("include"))
    if "py-modules" in tool:
        return modules
    return [str(places[""])] if "" in places else None


def _placed(name: str, places: dict[str, Any]) -> str:
    top, _, rest = name.partition(".")
    base = places.get(top)
    if base is None:
        base = "/".join(part for part in (str(places.get("", "")).strip("./"), top) if part)
    return "/".join(part for part in (str(base), rest.replace(".", "/")) if part)


def _below(where: list[str], include: Any) -> list[str]:
    """The directories that packages are looked for in, or of them those that are asked for."""
    found = []
    for place in where:
        base = place.strip("/").removeprefix("./") or "."
        names = [str(each).split(".")[0].rstrip("*") for each in include or ()]
        if not names or not all(names) or any("*" in name for name in names):
            found.append(base)
        else:
            found += [name if base == "." else f"{base}/{name}" for name in names]
    return found


def _of_setup_py(path: str) -> list[str] | None:
    """What a setup.py asks for, None where it leaves that to others. All of it if it is code."""
    if not os.path.isfile(path):
        return None
    try:
        tree = ast.parse(from_bytes(path, read_bytes(path)).text)
    except (SourceError, SyntaxError, ValueError):
        return ["."]
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("setup"):
            given = {each.arg: each.value for each in node.keywords}
            if None in given:
                return ["."]
            if "packages" in given:
                return _asked(given["packages"], given.get("package_dir"))
            if "py_modules" in given:
                modules = _literal(given["py_modules"])
                return [f"{name}.py" for name in modules] if modules is not None else ["."]
    return None


def _asked(packages: ast.expr, places: ast.expr | None) -> list[str]:
    base = _literal(places) if places is not None else {}
    listed = _literal(packages)
    if isinstance(listed, list) and isinstance(base, dict):
        return [_placed(str(name), base) for name in listed]
    if isinstance(packages, ast.Call) and "find" in ast.unparse(packages.func):
        given = {each.arg: _literal(each.value) for each in packages.keywords}
        where = _literal(packages.args[0]) if packages.args else given.get("where", ".")
        if isinstance(where, str):
            return _below([where], given.get("include"))
    return ["."]


def _literal(node: ast.expr) -> Any:
    try:
        return ast.literal_eval(node)
    except ValueError:
        return None


def _of_setup_cfg(path: str) -> list[str] | None:
    if not os.path.isfile(path):
        return None
    import configparser  # the linter starts without it

    parser = configparser.ConfigParser(interpolation=None)
    try:
        parser.read_string(from_bytes(path, read_bytes(path)).text)
    except (SourceError, configparser.Error):
        return ["."]
    packages = parser.get("options", "packages", fallback=None)
    if packages is None:
        return None
    if packages.strip().startswith("find"):
        find = dict(parser["options.packages.find"]) if "options.packages.find" in parser else {}
        return _below([find.get("where", ".")], find.get("include", "").split())
    return [_placed(name, {}) for name in packages.split()]


def _discovered(root: str) -> tuple[str, ...]:
    """What setuptools packs by itself: all below ``src``, or the one package that is there."""
    if os.path.isdir(os.path.join(root, "src")):
        return ("src",)
    found = [
        name
        for name in sorted(os.listdir(root))
        if name.isidentifier()
        and name.lower() not in _LEFT_OUT
        and any(each.endswith(".py") for each in _names_in(os.path.join(root, name)))
    ]
    if found:
        return (found[0],) if len(found) == 1 else ()  # of several it refuses to choose
    modules = [name for name in os.listdir(root) if name.endswith(".py") and name != "setup.py"]
    return tuple(modules) if len(modules) == 1 else ()


def _names_in(directory: str) -> Iterator[str]:
    if os.path.isdir(directory):
        for _, _, names in os.walk(directory):
            yield from names


# -- the others --------------------------------------------------------------------------------


def _of_poetry(tool: dict[str, Any], name: str, root: str) -> _Packed:
    if tool.get("package-mode") is False:
        return ()
    listed = tool.get("packages")
    if not listed:
        return _named(name, root)
    return tuple(
        "/".join(part for part in (each.get("from", ""), each["include"].rstrip("/*")) if part)
        for each in listed
    )


def _of_hatch(tool: dict[str, Any], name: str, root: str) -> _Packed:
    wheel = tool.get("build", {}).get("targets", {}).get("wheel", {})
    for key in ("packages", "only-include"):
        if wheel.get(key):
            return tuple(str(each).strip("/").removeprefix("./") for each in wheel[key])
    if wheel or set(tool.get("build", {})) - {"targets"}:
        return None
    return _named(name, root)


def _named(name: str, root: str) -> _Packed:
    """The package that is called as the project is; nothing where none is: it can't be built."""
    plain = re.sub(r"[-_.]+", "_", name)
    for base in ("", "src"):
        for called in dict.fromkeys((plain, plain.lower())):
            for found in (called, f"{called}.py"):
                if called and os.path.exists(os.path.join(root, base, found)):
                    return (f"{base}/{found}".strip("/"),)
    return () if name else None
