"""How long the texts are that a project reads from its own files."""

from __future__ import annotations

from pathlib import Path

import pytest
from trees import plant, requests_of

from skinflint.linter.request import Place

GUIDE = "  You sort letters of a bicycle shop.\n"
BARE = len(GUIDE.strip())

#: What is read, with what stands above it.
READ = {
    "beside the module": 'Path(__file__).parent / "texts" / "guide.md"',
    "below the root": 'ROOT / "texts/guide.md"',
    "in a folder that another module names": 'TEXTS / "guide.md"',
    "by a name that is handed in": 'TEXTS / f"{named}.md"',
    "by os.path": 'os.path.join(os.path.dirname(os.path.abspath(__file__)), "texts", "guide.md")',
}
#: The same where nothing is said of its length.
NOT_SAID = {
    "by several names": 'TEXTS / f"{other}.md"',
    "where it is started": 'Path("texts/guide.md")',
    "not there": 'TEXTS / "guides.md"',
    "bound twice": 'TWICE / "guide.md"',
    "outside of the project": 'ROOT.parent / "guide.md"',
    "no text": 'TEXTS / "picture.bin"',
    "of somebody else": 'ROOT / "venv" / "guide.md"',
}


def sizes(root: Path, how: str, more: str = "") -> tuple[int, int | None]:
    plant(
        root,
        f"""
        ## places.py
        from pathlib import Path
        HERE = Path(__file__).resolve().parent
        TEXTS = HERE / "texts"
        ## app.py
        import os
        from pathlib import Path
        from places import HERE as ROOT, TEXTS
        TWICE = ROOT
        TWICE = ROOT / "texts"

        def ask(named, other):
            SEND({how})

        ask("guide", input())
        {more}
        """,
    )
    for name, text in (("texts/guide.md", GUIDE), ("venv/guide.md", GUIDE)):
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text(text, "utf-8")
    (root / "texts" / "picture.bin").write_bytes(b"\xff\xfe\xfa")
    (root.parent / "guide.md").write_text(GUIDE, "utf-8")
    [request] = requests_of(root)
    return request.size(Place.SYSTEM).size


@pytest.mark.parametrize("path", READ.values(), ids=list(READ))
def test_a_file_that_lies_there_has_a_length(tmp_path: Path, path: str) -> None:
    assert sizes(tmp_path, f'Path({path}).read_text(encoding="utf-8")') == (BARE, len(GUIDE))


@pytest.mark.parametrize("path", NOT_SAID.values(), ids=list(NOT_SAID))
def test_a_file_of_no_known_length(tmp_path: Path, path: str) -> None:
    assert sizes(tmp_path, f"({path}).read_text()") == (0, None)


def test_an_opened_file(tmp_path: Path) -> None:
    path = READ["beside the module"]
    assert sizes(tmp_path, f"open({path}).read().strip()") == (BARE, len(GUIDE))
    assert sizes(tmp_path, f"open({path}).read().upper()[:9]")[0] == 0


@pytest.mark.parametrize(
    ("more", "known"),
    [
        ('(TEXTS / "guide.md").write_text("New.")', False),
        ('open(TEXTS / "guide.md", "w").write("New.")', False),
        ('open(TEXTS / "guide.md", mode="a").write("More.")', False),
        ('open(TEXTS / "notes.md", "w").write("New.")', True),
        ('open(TEXTS / "guide.md", "rb")', True),
    ],
)
def test_a_file_that_is_written_has_no_length(tmp_path: Path, more: str, known: bool) -> None:
    found = sizes(tmp_path, f"Path({READ['below the root']}).read_text()", more)
    assert found == ((BARE, len(GUIDE)) if known else (0, None))
