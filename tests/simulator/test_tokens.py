"""The estimate of tokens: within the bounds of the catalogue, by the size of images."""

from __future__ import annotations

import base64
import struct
from typing import Any

import pytest

from skinflint.catalog.models import load
from skinflint.simulator import tokens

PROSE = "The shop opens at eight, and whoever comes later finds the door open as well. " * 20


@pytest.mark.parametrize(
    "text", [PROSE, '{"a": [1, 2, {"b": null}]}' * 30, "店は八時に開きます。" * 30, "x"]
)
@pytest.mark.parametrize("model", ["claude-sonnet-5-5", "claude-sonnet-4-5", None])
def test_an_estimate_lies_between_the_bounds(text: str, model: str | None) -> None:
    catalog = load()
    known = catalog.ids[model] if model else None
    low, high = catalog.tokens(len(text), len(text), known, dense=catalog.dense(text))
    assert high is not None
    assert low <= tokens.of_text(text, known) <= max(high, 1)


def test_newer_models_count_more() -> None:
    models = load().ids
    old = tokens.of_text(PROSE, models["claude-sonnet-4-5"])
    assert tokens.of_text(PROSE, models["claude-sonnet-5-5"]) == pytest.approx(old * 1.3, rel=0.01)
    assert tokens.of_text("", models["claude-sonnet-5-5"]) == 0


def image(data: bytes) -> dict[str, Any]:
    return {"type": "base64", "data": base64.b64encode(data).decode()}


def png(width: int, height: int) -> dict[str, Any]:
    return image(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">II", width, height))


def test_an_image_counts_by_its_patches() -> None:
    assert tokens.of_image(png(28, 28)) == 1
    assert tokens.of_image(png(1000, 1000)) == 36 * 36
    old, new = (load().ids[name] for name in ("claude-sonnet-4-6", "claude-opus-4-8"))
    assert tokens.of_image(png(5000, 5000), old) == 1600
    assert tokens.of_image(png(5000, 5000), new) == 4784


def test_other_formats_and_what_can_not_be_seen() -> None:
    gif = image(b"GIF89a" + struct.pack("<HH", 280, 56))
    jpeg = image(
        b"\xff\xd8\xff\xe0\x00\x04ab\xff\xc0\x00\x11\x08" + struct.pack(">HH", 56, 280) + b"\0" * 8
    )
    assert tokens.of_image(gif) == tokens.of_image(jpeg) == 20
    for source in ({"type": "url", "url": "x"}, image(b"RIFF"), {"type": "base64", "data": "%"}):
        assert tokens.of_image(source) == 1600


def test_a_document_counts_by_its_text_or_its_pages() -> None:
    plain = {"source": {"type": "text", "data": PROSE}}
    assert tokens.of_document(plain) == tokens.of_text(PROSE)
    pages = image(b"%PDF /Type /Pages /Type /Page \n /Type/Page\n")
    one = tokens.of_document({"source": image(b"%PDF")})
    assert tokens.of_document({"source": pages}) == 2 * one
    assert tokens.of_document({"source": {"type": "url"}}) == 10 * one
