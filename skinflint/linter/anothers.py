"""Methods that nobody calls, though one of their name is called: on objects of other classes.

``desk.decide(rows)`` runs what the class of ``desk`` has under that name, and no method of a class
that has nothing to do with it. That is said only where every mention of the name in code is
followed to an object that is made here, and nothing beside the code has the name.
"""

from __future__ import annotations

import ast
import os
import re

from skinflint.linter.activation import ClassHandle, InstanceHandle
from skinflint.linter.callers import Callers
from skinflint.linter.module import FUNCTIONS, FunctionNode, Module, parameters
from skinflint.linter.project import is_test
from skinflint.linter.tree import Tree
from skinflint.linter.values import Object, alternatives

#: Projects of more files are not looked through.
_MOST_FILES = 3_000
#: A name that so many files mention is a plain word.
_MOST_MENTIONS = 12


def is_anothers(function: FunctionNode, module: Module, callers: Callers, tree: Tree) -> bool:
    """Whether all who mention a method by name speak of what other classes have."""
    cls = module.enclosing_class(function)
    there = callers.of(module)
    if cls is None or function.decorator_list or function.name.startswith("__"):
        return False
    if may_be_looked_up(cls, module, callers, tree):
        return False
    if there.sites(function) or there.is_cut(function):
        return False
    name = re.escape(function.name.encode())
    mention = re.compile(rb"(?<![\w])" + name + rb"(?!\w)")
    quoted = re.compile(rb"[\"'.:]" + name + rb"[\"']")
    beside = tree.beside()
    if beside is None or any(mention.search(data) for _, data in beside):
        return False
    said = spoken = 0
    for path in tree.files():
        data = tree.data(path)
        if data is None or not mention.search(data):
            continue
        if is_test(os.path.relpath(path, tree.root)):
            continue
        said += 1
        other = there.ev.project.at(path) if there.ev.project is not None else None
        if other is None or said > _MOST_MENTIONS or quoted.search(data):
            return False
        for load in other.loads.get(function.name, ()):
            if isinstance(load, ast.Attribute):
                if not _is_of_another(load, other, cls, callers):
                    return False
                spoken += 1
    return spoken > 0


def may_be_looked_up(cls: ast.ClassDef, module: Module, callers: Callers, tree: Tree) -> bool:
    """Whether a base that isn't here, or code that makes names up, may find methods of a class."""
    there = callers.of(module)
    handle = ClassHandle(cls, module, there.root)
    if len(there.ev.instances.bases(handle)) <= len(cls.bases):
        return True
    asked = (os.path.abspath(module.path), cls.name)
    if asked not in tree.looked_up:  # each method of it asks
        words = (cls.name.encode(), os.path.basename(module.path).removesuffix(".py").encode())
        tree.looked_up[asked] = len(tree.files()) > _MOST_FILES or any(
            any(word in data for word in words) and bool(_MADE_UP.search(data))
            for data in map(tree.data, tree.files())
            if data is not None
        )
    return tree.looked_up[asked]


#: ``getattr(tasks, name)``: what is read hangs on what the name is.
_MADE_UP = re.compile(rb"\bgetattr\([^,()]+(?:\([^()]*\))?[^,()]*,\s*(?![\"'])|\bgetmembers\(")


def _is_of_another(
    load: ast.Attribute, module: Module, cls: ast.ClassDef, callers: Callers
) -> bool:
    """Whether an attribute is read from an object of a class that is no kin of ``cls``."""
    there = callers.of(module)
    there.ev.root_of(module)
    owner = module.function_around(load)
    value = there.ev.evaluate(load.value, there.plain(load))
    own = module.enclosing_class(owner) if isinstance(owner, FUNCTIONS) else None
    if isinstance(load.value, ast.Name) and own is not None and isinstance(owner, FUNCTIONS):
        first = parameters(owner)[:1]
        if first and first[0].arg == load.value.id and own is not cls:
            return not _is_kin(own, module, cls, callers)
    found = list(alternatives(value))
    for each in found:
        handle = each.handle if isinstance(each, Object) else None
        made = handle.cls if isinstance(handle, InstanceHandle) and handle.call else handle
        if not isinstance(made, ClassHandle) or made.node is cls:
            return False
        if _is_kin(made.node, made.module, cls, callers):
            return False
    return bool(found)


def _is_kin(one: ast.ClassDef, module: Module, cls: ast.ClassDef, callers: Callers) -> bool:
    """Whether a class is another one, derives from it, or has a base in common with it."""
    there = callers.of(module)
    handle = ClassHandle(one, module, there.root)
    named = {ast.unparse(base).rpartition(".")[2] for base in cls.bases} - _PLAIN
    bases = there.ev.instances.bases(handle)
    return any(
        each.node is cls or each.node.name == cls.name or each.node.name in named for each in bases
    ) or bool(named & {ast.unparse(base).rpartition(".")[2] for base in one.bases})


#: Bases that say nothing about what a class is for.
_PLAIN = {"object", "ABC", "BaseModel"}
