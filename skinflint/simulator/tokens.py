"""How many tokens something is: an estimate, with the factors of the catalogue.

The real tokenizers are not public. Text counts by its characters, images by their size, documents
by their pages; a model's own factor is put on top of text.
"""

from __future__ import annotations

import base64
import binascii
import json
import math
import re
import struct
from collections.abc import Mapping
from typing import Any

from skinflint.catalog import api
from skinflint.catalog.models import Catalog, Model, load


def of_text(text: str, model: Model | None = None, catalog: Catalog | None = None) -> int:
    """The estimate for a text; at least one token unless it is empty.

    Without a model, that of the models that are sold today.
    """
    if not text:
        return 0
    facts = api.load()
    foreign = 0 if text.isascii() else len(text) - len(text.encode("ascii", "ignore"))
    count = (len(text) - foreign) / facts.chars + foreign / facts.dense
    return max(1, round(count * _factor(model, catalog)))


def of_image(source: Mapping[str, Any], model: Model | None = None) -> int:
    """The estimate for the ``source`` of an image block."""
    facts = api.load().images
    size = _size(source)
    if size is None:
        return facts.unseen
    late = 1 if model is None or model.tokenizer_factor > 1 else 0
    width, height = size
    shrink = min(1.0, facts.edge[late] / max(width, height, 1))
    patches = math.ceil(width * shrink / facts.patch) * math.ceil(height * shrink / facts.patch)
    return max(1, min(patches, facts.tokens[late]))


def of_document(block: Mapping[str, Any], model: Model | None = None) -> int:
    """The estimate for a document block: its text, or the pages of its PDF."""
    source = block.get("source") or {}
    facts = api.load()
    if source.get("type") == "text":
        return of_text(str(source.get("data", "")), model)
    if source.get("type") == "content":
        return of_text(json.dumps(source.get("content"), ensure_ascii=False), model)
    if source.get("type") == "base64":
        pages = len(re.findall(rb"/Type\s*/Page[^s]", _bytes(source)))
        return facts.page * max(pages, 1)
    return facts.page * facts.unseen_pages


def _factor(model: Model | None, catalog: Catalog | None) -> float:
    if model is not None:
        return model.tokenizer_factor
    return max(each.tokenizer_factor for each in (catalog or load()).models.values())


def _bytes(source: Mapping[str, Any]) -> bytes:
    try:
        return base64.b64decode(str(source.get("data", "")))
    except (binascii.Error, ValueError):
        return b""


def _size(source: Mapping[str, Any]) -> tuple[int, int] | None:
    """Width and height in pixels of an image that is sent along, None if it can't be told."""
    if source.get("type") != "base64":
        return None
    data = _bytes(source)
    if data.startswith(b"\x89PNG") and len(data) >= 24:
        width, height = struct.unpack(">II", data[16:24])
        return width, height
    if data.startswith(b"GIF8") and len(data) >= 10:
        width, height = struct.unpack("<HH", data[6:10])
        return width, height
    if data.startswith(b"\xff\xd8"):
        return _jpeg(data)
    return None


def _jpeg(data: bytes) -> tuple[int, int] | None:
    at = 2
    while at + 9 <= len(data) and data[at] == 0xFF:
        kind = data[at + 1]
        if 0xC0 <= kind <= 0xCF and kind not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            return width, height
        at += 2 + struct.unpack(">H", data[at + 2 : at + 4])[0]
    return None
