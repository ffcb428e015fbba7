"""Messages that go through filters and copies, and callers that know no more than a base class."""

from __future__ import annotations

from pathlib import Path

import pytest
from reading import written
from trees import model, plant, requests_of, system

from skinflint.linter.request import Place, Request, parts_of

_HEAD = (
    "## app.py\nimport litellm\nfrom datetime import datetime\n"
    "KEPT = frozenset({'role', 'content'})\n"
)
_SENDS = "    litellm.completion(model='claude-opus-5-5', messages=clean(mark(messages)))\n"
_ASKS = (
    "def ask(question):\n"
    "    send([{'role': 'system', 'content': f'You sort. It is {datetime.now()}.', 'id': 1},\n"
    "          {'role': 'user', 'content': question, 'id': 2}])\n"
)
_MARKS = (
    "def mark(messages):\n    new = []\n    for m in messages:\n"
    "        if m.get('role') == 'system':\n"
    "            block = {'type': 'text', 'text': m['content'], 'cache_control': {'type': 'e'}}\n"
    "            new.append({**m, 'content': [block]})\n"
    "        else:\n            new.append(m)\n    return new\n"
)
_COMPREHENSION = "    kept = {k: v for k, v in m.items() if k in KEPT}\n"


def _sent(clean: str) -> str:
    body = "".join(f"    {line}\n" for line in clean.splitlines())
    loop = f"    out = []\n    for m in messages:\n{body}    return out\n"
    sends = f"def send(messages):\n{_SENDS}"
    return f"{_HEAD}{_MARKS}def clean(messages):\n{loop}{sends}{_ASKS}"


CLEANED = {
    "a dict comprehension with a filter": f"{_COMPREHENSION}    out.append(kept)",
    "without one": "    out.append({k: v for k, v in m.items()})",
    "dict()": "    kept = dict(m)\n    out.append(kept)",
    "a spread": "    out.append({**m})",
    "what is set for another kind": (
        f"{_COMPREHENSION}    if kept.get('role') == 'assistant':\n"
        "        kept['content'] = None\n    out.append(kept)"
    ),
    "what is set where there is none": (
        f"{_COMPREHENSION}    if 'content' not in kept:\n        kept['content'] = ''\n"
        "    out.append(kept)"
    ),
    "what is set in place of an empty text": (
        "    content = m.get('content')\n    if isinstance(content, str) and not content:\n"
        "        kept = dict(m)\n        kept['content'] = '(empty)'\n"
        "        out.append(kept)\n        continue\n    out.append(m)"
    ),
}


def _blocks(request: Request) -> list[str]:
    return [written(block.value) for block in request.blocks if block.place is Place.SYSTEM]


@pytest.mark.parametrize("name", CLEANED)
def test_a_filter_keeps_what_it_copies(tmp_path: Path, name: str) -> None:
    plant(tmp_path, _sent(CLEANED[name]))
    (request,) = requests_of(tmp_path)
    assert _blocks(request) == ["'You sort. It is ' + ? + '.'"]
    assert [point.block for point in request.breakpoints] == [0]
    (point,) = request.breakpoints
    assert not request.blocks[point.block].repeated


def test_what_a_filter_leaves_out_is_gone(tmp_path: Path) -> None:
    plant(
        tmp_path,
        "## app.py\ndef send(m):\n    kept = {k: v for k, v in m.items() if k != 'secret'}\n"
        "    SEND(f'{sorted(kept)[0]}' if 'secret' in kept else 'none')\n"
        "send({'secret': 'a', 'text': 'b'})",
    )
    assert [system(request) for request in requests_of(tmp_path)] == ["known 'none'"]


def test_a_condition_that_is_open_leaves_an_entry_optional(tmp_path: Path) -> None:
    plant(
        tmp_path,
        "## app.py\nfrom elsewhere import wanted\ndef send(m):\n"
        "    kept = {k: v for k, v in m.items() if wanted(k)}\n"
        "    SEND('-' + kept.get('text', 'none'))\nsend({'text': 'b'})",
    )
    assert [system(request) for request in requests_of(tmp_path)] == ["known '-' + <'b' | 'none'>"]


def test_a_dict_that_cannot_be_seen_stays_so(tmp_path: Path) -> None:
    plant(
        tmp_path,
        "## app.py\nfrom elsewhere import load\nm = load()\n"
        "kept = {k: v for k, v in m.items() if k in ('text',)}\nSEND(kept['text'])",
    )
    (request,) = requests_of(tmp_path)
    assert system(request).startswith("unknown") or system(request).startswith("partial")


ASKED = {
    "a text that is put together": ("f'a {q}'", "str", "yes"),
    "a list": ("['a', q]", "str", "no"),
    "one of two": ("{'a': q}", "(dict, list)", "yes"),
    "neither of two": ("('a', q)", "(dict, list)", "no"),
    "a constant is no list": ("'a'", "list", "no"),
    "a constant may be a member of an enumeration": ("'a'", "str", "either"),
    "what is handed in": ("q", "str", "either"),
    "a class of the project": ("['a']", "Mine", "either"),
}


def _either(told: str) -> str:
    return f"known '-{told}'" if told in ("yes", "no") else "known '-' + <'yes' | 'no'>"


@pytest.mark.parametrize("name", ASKED)
def test_which_type_the_text_of_a_message_is_of(tmp_path: Path, name: str) -> None:
    value, kind, told = ASKED[name]
    plant(
        tmp_path,
        f"## app.py\nclass Mine:\n    pass\ndef send(q):\n    out = []\n"
        f"    for m in [{{'content': {value}}}]:\n        x = m['content']\n"
        f"        said = '-' + ('yes' if isinstance(x, {kind}) else 'no')\n"
        f"        out.append({{**m, 'said': said}})\n    SEND(out[0]['said'])",
    )
    assert [system(request) for request in requests_of(tmp_path)] == [_either(told)]


WITHIN = {
    "a constant": ("'a' in ('a', 'b')", "yes"),
    "another one": ("'c' in ['a', 'b']", "no"),
    "not in": ("'c' not in {'a', 'b'}", "yes"),
    "a key": ("'a' in {'a': q}", "yes"),
    "a key that is none": ("'c' in {'a': q}", "no"),
    "a key that may be there": ("'a' in ({'a': q} if q else {})", "either"),
    "what is handed in": ("q in ('a', 'b')", "either"),
    "a list with something handed in": ("'a' in ['b', q]", "either"),
}


@pytest.mark.parametrize("name", WITHIN)
def test_whether_something_is_in_a_container(tmp_path: Path, name: str) -> None:
    test, told = WITHIN[name]
    plant(tmp_path, f"## app.py\ndef send(q):\n    SEND('-' + ('yes' if {test} else 'no'))")
    assert [system(request) for request in requests_of(tmp_path)] == [_either(told)]


_PREFIXES = (
    "## app.py\ndef name(q, kind):\n    if kind == 'a':\n        return q.a\n"
    "    if kind == 'b':\n        return q.b\n    if kind == 'c':\n        return q.c\n"
    "    if kind == 'd':\n        return q.d\n    if kind == 'e':\n        return q.e\n"
    "    if kind == 'f':\n        return q.f\n    if kind == 'g':\n        return q.g\n"
    "    if kind == 'h':\n        return q.h\n    return 'claude-opus-5-5'\n"
    "def send(q, kind):\n    CALL(model=name(q, kind), system='You sort.')"
)


def test_many_alternatives_keep_those_that_are_seen(tmp_path: Path) -> None:
    plant(tmp_path, _PREFIXES)
    (request,) = requests_of(tmp_path)
    assert [ref.id for ref in request.models] == ["claude-opus-5-5"]
    assert model(request).startswith("traced")


_BASE = (
    "## base.py\nclass Provider:\n    def chat(self, messages):\n        pass\n"
    "## mine.py\nfrom base import Provider\nclass Mine(Provider):\n"
    "    def chat(self, messages):\n"
    "        return client.messages.create(model='claude-opus-5-5', max_tokens=9,"
    " system=messages[0], messages=messages[1:])\n"
    "## make.py\ndef make():\n    from mine import Mine\n    return Mine()\n"
)


def test_whoever_knows_only_the_base_calls_what_overrides_it(tmp_path: Path) -> None:
    plant(
        tmp_path,
        _BASE + "## loop.py\nfrom base import Provider\nclass Loop:\n"
        "    def __init__(self, provider: Provider):\n        self.provider = provider\n"
        "    def run(self):\n        self.provider.chat(['You sort.', 'hi'])\n",
    )
    text = (tmp_path / "mine.py").read_text(encoding="utf-8")
    (tmp_path / "mine.py").write_text(f"import anthropic\nclient = anthropic.Anthropic()\n{text}")
    (request,) = requests_of(tmp_path, "mine.py")
    assert system(request) == "known 'You sort.'"
    assert [step.span.path for step in request.chain] == ["loop.py"]


def test_a_method_of_the_same_name_of_something_else_is_no_caller(tmp_path: Path) -> None:
    plant(
        tmp_path,
        _BASE + "## loop.py\nfrom base import Provider\nfrom elsewhere import Room\nclass Loop:\n"
        "    def __init__(self, room: Room):\n        self.room = room\n"
        "    def run(self):\n        self.room.chat(['You sort.', 'hi'])\n",
    )
    text = (tmp_path / "mine.py").read_text(encoding="utf-8")
    (tmp_path / "mine.py").write_text(f"import anthropic\nclient = anthropic.Anthropic()\n{text}")
    (request,) = requests_of(tmp_path, "mine.py")
    assert request.chain == ()


_STAMPED = (
    "## app.py\nfrom datetime import datetime\nfrom elsewhere import load\n"
    "def read(name):\n    kept = load(name)\n"
    "    kept.append({'text': name, 'at': datetime.now()})\n    return kept\n"
    'def send(name):\n    m = [x for x in read(name)][0]\n    SEND(f"You sort {PART}.")'
)


def _sources(request: Request) -> set[str]:
    return {
        key.source.value
        for block in request.blocks
        if block.place is Place.SYSTEM
        for _, keys in parts_of(block.value)
        for key in keys
    }


def test_the_time_at_which_a_record_was_made_need_not_show_in_its_text(tmp_path: Path) -> None:
    plant(tmp_path, _STAMPED.replace("PART", "m['text']"))
    (request,) = requests_of(tmp_path)
    assert "clock" not in _sources(request)


def test_an_entry_is_looked_up_in_what_is_no_none(tmp_path: Path) -> None:
    plant(
        tmp_path,
        "## app.py\nALL = {'a': {'says': 'one'}, 'b': {'says': 'one'}}\n"
        "def send(q):\n    it = ALL.get(q)\n    SEND('-' + it['says'])",
    )
    assert [system(request) for request in requests_of(tmp_path)] == ["known '-one'"]


@pytest.mark.parametrize(
    ("value", "most"),
    [
        ("{'a': 1, 'b': [2, 'three']}", True),
        ("{'a': q}", False),
        ("[*q]", False),
    ],
)
def test_how_long_a_container_is_when_it_is_written_out(
    tmp_path: Path, value: str, most: bool
) -> None:
    plant(tmp_path, f"## app.py\ndef send(q):\n    SEND('-' + str({value}))")
    (request,) = requests_of(tmp_path)
    high = request.size(Place.SYSTEM).high
    assert (high is not None) is most
    if high is not None:
        assert len("-{'a': 1, 'b': [2, 'three']}") <= high < 100


def test_a_dict_of_many_forms_that_is_too_large_becomes_one(tmp_path: Path) -> None:
    options = "".join(
        f"    if q.has{n}:\n        kwargs['metadata'] = {{'user_id': q.id{n}}}\n" for n in range(3)
    )
    turns = ", ".join("{'role': 'user', 'content': f'{q} and {q}'}" for _ in range(150))
    plant(
        tmp_path,
        f"## app.py\nimport anthropic\nclient = anthropic.Anthropic()\ndef send(q):\n"
        f"    kwargs = {{'model': 'claude-opus-5-5', 'max_tokens': 9, 'system': 'You sort.',"
        f" 'messages': [{turns}]}}\n{options}    client.messages.create(**kwargs)",
    )
    (request,) = requests_of(tmp_path)
    assert system(request) == "known 'You sort.'"
    assert model(request) == "known claude-opus-5-5"
