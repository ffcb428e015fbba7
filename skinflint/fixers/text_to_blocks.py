"""Turn a text with a data URL in it into blocks, the bytes an image or a document."""

from __future__ import annotations

import ast

from skinflint.fixers.code import Code
from skinflint.fixers.declined import Declined
from skinflint.linter.findings import Edit, TextToBlocks


def edits(op: TextToBlocks, code: Code) -> list[Edit]:
    """The edit that writes the blocks in the place of the text. Raises Declined."""
    node = code.expression(op.text)
    if not isinstance(node, ast.JoinedStr):
        raise Declined("the text is not written out where it is sent")
    pieces = code.source.slice(op.text)
    if "\n" in pieces or len(node.values) > 8 or _is_joined(code, node):
        raise Declined("the text is written in several pieces")
    head = f"data:{op.media};base64,"
    start, end = code.range(node)
    outer = code.indent_at(start)
    indent, unit = outer + code.indent_unit, code.indent_unit
    blocks: list[str] = []
    text: list[ast.expr] = []
    found = False
    for value in node.values:
        last = text[-1] if text else None
        if isinstance(value, ast.FormattedValue) and isinstance(last, ast.Constant):
            if str(last.value).endswith(head):
                text[-1] = ast.Constant(str(last.value)[: -len(head)])
                blocks += _text(text)
                source = f'{{"type": "base64", "media_type": "{op.media}", "data": {_data(value)}}}'
                lines = (f'"type": "{op.kind}",', f'"source": {source},')
                inner = "".join(f"\n{indent}{unit}{line}" for line in lines)
                blocks.append(f"{{{inner}\n{indent}}}")
                text, found = [], True
                continue
        text.append(value)
    if not found:
        raise Declined("there is no data URL in it any more")
    blocks += _text(text)
    listed = "".join(f"\n{indent}{block}," for block in blocks)
    return [code.edit(start, end, f"[{listed}\n{outer}]")]


def _data(value: ast.FormattedValue) -> str:
    if value.conversion == -1 and value.format_spec is None:
        return ast.unparse(value.value)
    return _written([value])


def _is_joined(code: Code, node: ast.JoinedStr) -> bool:
    start, end = code.range(node)
    written = code.text[start:end]
    return written[0] not in "fF" or written.startswith(('f"""', "f'''", 'F"""', "F'''"))


def _text(parts: list[ast.expr]) -> list[str]:
    """A text block of these parts, none where it would be blank."""
    literal = "".join(str(part.value) for part in parts if isinstance(part, ast.Constant))
    if not literal.strip():
        if any(isinstance(part, ast.FormattedValue) for part in parts):
            raise Declined("a block of its text may be empty")
        return []
    return [f'{{"type": "text", "text": {_written(parts)}}}']


def _written(parts: list[ast.expr]) -> str:
    if all(isinstance(part, ast.Constant) for part in parts):
        text = "".join(str(part.value) for part in parts if isinstance(part, ast.Constant))
        return _quoted(ast.unparse(ast.Constant(text)))
    return _quoted(ast.unparse(ast.JoinedStr(parts)))


def _quoted(written: str) -> str:
    """The literal in double quotes where nothing in it is against that."""
    prefix = "f" if written.startswith("f") else ""
    body = written.removeprefix("f")
    if body[:1] == "'" and '"' not in body and "\\'" not in body and body[:3] != "'''":
        return f'{prefix}"{body[1:-1]}"'
    return written
