"""Changes to a copy of a project, with marks at the lines where a defect is to be found."""

from __future__ import annotations

import ast
import posixpath
from dataclasses import dataclass, field
from textwrap import dedent

from mutations.trees import Module, Tree

#: Stands at the end of what a finding may point at; taken out before anything is written.
HERE = "\ue000"


class NotHere(Exception):
    """A mutation that doesn't fit a site; the text says why."""


@dataclass
class Draft:
    """Edits to some files of a tree."""

    tree: Tree
    edits: dict[str, list[tuple[int, int, str]]] = field(default_factory=dict)
    heads: dict[str, list[str]] = field(default_factory=dict)  # imports, then definitions
    imports: dict[str, list[str]] = field(default_factory=dict)
    tails: dict[str, list[str]] = field(default_factory=dict)
    new: dict[str, str] = field(default_factory=dict)

    def replace(self, module: Module, node: ast.AST, text: str) -> None:
        begin, end = module.range(node)
        self.edits.setdefault(module.path, []).append((begin, end, text))

    def insert(self, module: Module, at: int, text: str) -> None:
        self.edits.setdefault(module.path, []).append((at, at, text))

    def before(self, module: Module, statement: ast.stmt, code: str) -> None:
        """Statements in front of one, at its indentation."""
        indent = module.indent(statement)
        if indent.strip():
            raise NotHere("several statements in one line")
        self.insert(module, module.line_start(statement.lineno), shifted(code, indent))

    def after(self, module: Module, statement: ast.stmt, code: str) -> None:
        indent = module.indent(statement)
        end = module.line_start((statement.end_lineno or statement.lineno) + 1)
        if indent.strip():
            raise NotHere("several statements in one line")
        self.insert(module, min(end, len(module.text)), shifted(code, indent))

    def keyword(self, module: Module, call: ast.Call, name: str, text: str) -> None:
        """One more argument of a call."""
        last = call.keywords[-1].value if call.keywords else None
        if last is None:
            raise NotHere("a call without keywords")
        _, behind = module.range(last)
        self.insert(module, behind, f", {name}={text}")

    def import_(self, path: str, line: str) -> None:
        lines = self.imports.setdefault(path, [])
        if line not in lines:
            lines.append(line)

    def define(self, path: str, code: str) -> None:
        """Code at module level, behind the imports."""
        self.heads.setdefault(path, []).append(code)

    def append(self, path: str, code: str) -> None:
        """Code at the end of a module."""
        self.tails.setdefault(path, []).append(code)

    def create(self, path: str, code: str) -> None:
        if path in self.tree.paths or path in self.new:
            raise NotHere(f"{path} is there already")
        self.new[path] = code

    def rendered(self) -> tuple[dict[str, str], set[tuple[str, int]]]:
        """New texts by path, and the lines that a finding may point at. Raises NotHere."""
        texts = dict(self.new)
        for path in {*self.edits, *self.heads, *self.imports, *self.tails}:
            module = self.tree.module(path)
            if module is None:
                raise NotHere(f"{path} can't be read")
            edits = sorted(self.edits.get(path, []), key=lambda edit: edit[:2])
            head = "".join(f"{line}\n" for line in self.imports.get(path, []))
            head += "".join(f"\n\n{code.strip()}\n" for code in self.heads.get(path, []))
            if self.heads.get(path):
                head += "\n"
            edits.append((module.imports_end, module.imports_end, head))
            edits.sort(key=lambda edit: edit[:2])
            done: list[str] = []
            at = 0
            for begin, end, text in edits:
                if begin < at:
                    raise NotHere("edits that overlap")
                done += [module.text[at:begin], text]
                at = end
            done.append(module.text[at:])
            tail = "".join(f"\n\n{code.strip()}\n" for code in self.tails.get(path, []))
            text = "".join(done)
            texts[path] = text + ("" if text.endswith("\n") or not tail else "\n") + tail
        lines = set()
        for path, text in texts.items():
            for number, line in enumerate(text.split("\n"), start=1):
                if HERE in line:
                    lines.add((path, number))
            texts[path] = text.replace(HERE, "")
            try:
                ast.parse(texts[path])
            except SyntaxError as error:
                raise NotHere(f"no valid code in {path}: {error}") from None
        return texts, lines


def shifted(code: str, indent: str) -> str:
    """Code at an indentation, each line ended."""
    lines = code.strip("\n").split("\n")
    return "".join(f"{indent}{line}\n" if line else "\n" for line in lines)


def filled(template: str, **words: str) -> str:
    """A template with ``@name@`` replaced; one that fills a line keeps its indentation."""
    lines: list[str] = []
    for line in dedent(template).strip("\n").split("\n"):
        bare = line.strip()
        alone = bare.removeprefix("@").removesuffix("@")
        if bare == f"@{alone}@" and alone in words:
            indent = line[: len(line) - len(line.lstrip())]
            given = words[alone].split("\n") if words[alone] else []
            lines += [f"{indent}{each}" if each else "" for each in given]
            continue
        for name, text in words.items():
            line = line.replace(f"@{name}@", text)
        lines.append(line)
    return "\n".join(lines) + "\n"


def fresh(module: Module | None, name: str) -> str:
    """A name that a module doesn't use."""
    while module is not None and name in module.names:
        name += "_"
    return name


def sibling(tree: Tree, path: str, stem: str) -> tuple[str, str]:
    """A new module next to a file: its path, and what stands behind ``from`` in that file."""
    directory = posixpath.dirname(path)
    dots = "." if tree.is_package(directory) and directory else ""
    return posixpath.join(directory, f"{stem}.py"), f"{dots}{stem}"
