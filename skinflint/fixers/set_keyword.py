"""Set one keyword of a call to a literal."""

from __future__ import annotations

import ast

from skinflint.fixers.code import Code
from skinflint.fixers.declined import Declined
from skinflint.linter.findings import Edit, SetKeyword


def edits(op: SetKeyword, code: Code) -> list[Edit]:
    """The edits that set the keyword. Raises Declined."""
    call = code.expression(op.call)
    if not isinstance(call, ast.Call):
        raise Declined("there is no call any more where the keyword belongs")
    for keyword in call.keywords:
        if keyword.arg is None:
            raise Declined(f"`**` may set `{op.name}` already")
        if keyword.arg == op.name:
            if not isinstance(keyword.value, ast.Constant | ast.Name):
                raise Declined(f"`{op.name}` is computed")
            return [code.edit(*code.range(keyword.value), op.value)]
    new = f"{op.name}={op.value}"
    if not call.args and not call.keywords:
        end = code.range(call)[1] - 1
        return [code.edit(end, end, new)]
    items: list[tuple[int, ast.expr]] = [(code.range(arg)[0], arg) for arg in call.args]
    items += [(code.range(keyword)[0], keyword.value) for keyword in call.keywords]
    start, last = max(items, key=lambda item: item[0])
    if isinstance(last, ast.GeneratorExp) and code.range(last)[1] == code.range(call)[1]:
        raise Declined("the call's only argument is a generator without parentheses of its own")
    return code.insert_item(last, new, own_line=code.begins_line(start))
