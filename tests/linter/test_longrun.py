"""Loops over stored records that take long: where the records come from, and what shows it."""

from __future__ import annotations

import datetime
from pathlib import Path
from textwrap import indent

import pytest

from skinflint.linter import config, engine
from skinflint.linter.source import from_bytes
from skinflint.rules.base import Context
from skinflint.rules.batchable_loop import BatchableLoop

AS_OF = datetime.date(2026, 11, 26)
HEAD = """\
import csv
import glob
import json
import os
import time
from pathlib import Path

import anthropic
import pandas as pd
from tqdm import tqdm

client = anthropic.Anthropic()


def ask(text):
    reply = client.messages.create(
        model="claude-haiku-5-5",
        max_tokens=200,
        messages=[{"role": "user", "content": f"Name the plant in this note: {text}"}],
    )
    return reply.content[0].text


def rows_of(path):
    with open(path, newline="") as file:
        return list(csv.DictReader(file))


"""
MAIN = '\n\nif __name__ == "__main__":\n    main()\n'
PAUSED = """\
for row in RECORDS:
    names.append(ask(row))
    time.sleep(1)
"""


def told(body: str, head: str = HEAD, *, preview: bool = False) -> int:
    text = f"{head}def main():\n    names = []\n{indent(body, '    ')}{MAIN}"
    result = engine.check(
        [from_bytes("notes.py", text.encode())],
        [BatchableLoop()],
        config.load(None, None, isolated=True),
        Context(as_of=AS_OF, preview=preview),
    )
    assert result.problems == ()
    return len(result.findings)


@pytest.mark.parametrize(
    "records",
    [
        "rows_of('notes.csv')",
        "sorted(Path('notes').glob('*.txt'))",
        "os.listdir('notes')",
        "json.load(open('notes.json'))['notes']",
        "pd.read_csv('notes.csv')['note'].dropna().tolist()",
        "[each['note'] for each in rows_of('notes.csv') if each['note']]",
        "rows_of('notes.csv')[:500]",
        "rows_of('notes.csv')[1:]",
        "tqdm(range(400))",
        "db.execute('SELECT note FROM notes').fetchall()",
        "table('notes').select('*').execute().data",
    ],
)
def test_stored_records_with_a_pause(records: str) -> None:
    assert told(PAUSED.replace("RECORDS", records)) == 1


@pytest.mark.parametrize(
    "records",
    [
        "rows_of('notes.csv')[:20]",
        "pd.read_csv('notes.csv').head(5)",
        "tqdm(range(12))",
        "todays_notes()",
        "db.execute('SELECT note FROM notes LIMIT 10').fetchall()",
        "table('notes').limit(5).execute().data",
        "newest(rows_of('notes.csv'), limit=3)[:3]",
    ],
)
def test_few_or_unknown_records_are_told_of_in_preview_alone(records: str) -> None:
    body = PAUSED.replace("RECORDS", records)
    assert told(body) == 0


def test_preview_tells_of_them() -> None:
    body = PAUSED.replace("RECORDS", "rows_of('notes.csv')[:20]")
    assert (told(body), told(body, preview=True)) == (0, 1)


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("for row in tqdm(rows_of('n.csv')):\n    names.append(ask(row))\n", 1),
        ("bar = tqdm(rows_of('n.csv'))\nfor row in bar:\n    names.append(ask(row))\n", 1),
        # what an earlier run has done is passed over
        (
            "for path in glob.glob('notes/*.txt'):\n"
            "    if os.path.exists(path + '.name'):\n"
            "        continue\n"
            "    Path(path + '.name').write_text(ask(path))\n",
            1,
        ),
        (
            "done = set(os.listdir('names'))\n"
            "for path in os.listdir('notes'):\n"
            "    if path in done:\n"
            "        continue\n"
            "    Path('names', path).write_text(ask(path))\n",
            1,
        ),
        # a file that isn't there can't be read: nothing was done before
        (
            "for path in glob.glob('notes/*.txt'):\n"
            "    if not os.path.exists(path):\n"
            "        continue\n"
            "    names.append(ask(path))\n",
            0,
        ),
        # nothing shows how long it takes
        ("for row in rows_of('n.csv'):\n    names.append(ask(row))\n", 0),
        # a pause after a failure says nothing of the others
        (
            "for row in rows_of('n.csv'):\n"
            "    try:\n"
            "        names.append(ask(row))\n"
            "    except anthropic.RateLimitError:\n"
            "        time.sleep(60)\n",
            0,
        ),
        # page after page until there is none
        (
            "page = 0\n"
            "while True:\n"
            "    rows = fetch(page)\n"
            "    if not rows:\n"
            "        break\n"
            "    for row in rows:\n"
            "        names.append(ask(row))\n"
            "        time.sleep(0.2)\n"
            "    page += 1\n",
            1,
        ),
        # piece by piece, in the end all of them
        (
            "rows = rows_of('n.csv')\n"
            "for start in range(0, len(rows), 20):\n"
            "    for row in rows[start : start + 20]:\n"
            "        names.append(ask(row))\n"
            "        time.sleep(0.2)\n",
            1,
        ),
        # several at once: few requests are left
        (
            "rows = rows_of('n.csv')\n"
            "for start in range(0, len(rows), 20):\n"
            "    names.append(ask(rows[start : start + 20]))\n"
            "    time.sleep(0.2)\n",
            0,
        ),
        (
            "for number, rows in enumerate(batched(rows_of('n.csv'), 20)):\n"
            "    names.append(ask(rows))\n"
            "    time.sleep(0.2)\n",
            0,
        ),
        # a pause after each piece
        (
            "rows = rows_of('n.csv')\n"
            "for start in range(0, len(rows), 20):\n"
            "    batches = rows[start : start + 20]\n"
            "    for row in batches:\n"
            "        names.append(ask(row))\n"
            "    time.sleep(5)\n",
            1,
        ),
        # a pause until there is more to do
        (
            "while True:\n"
            "    for path in glob.glob('new/*.txt'):\n"
            "        names.append(ask(path))\n"
            "        os.remove(path)\n"
            "    time.sleep(5)\n",
            0,
        ),
        # what sets the program up is no heap of records
        (
            "settings = json.load(open('settings.json'))\n"
            "for row in settings['topics']:\n"
            "    names.append(ask(row))\n"
            "    time.sleep(1)\n",
            0,
        ),
        # only who asks for it gets a part
        (
            "rows = rows_of('n.csv')\n"
            "limit = os.environ.get('LIMIT')\n"
            "if limit:\n"
            "    rows = rows[:limit]\n"
            "for row in rows:\n"
            "    names.append(ask(row))\n"
            "    time.sleep(0.2)\n",
            1,
        ),
    ],
)
def test_what_shows_that_it_takes_long(body: str, found: int) -> None:
    assert told(body) == found


def test_a_constant_says_how_many() -> None:
    body = "rows = rows_of('n.csv')[:MOST]\n" + PAUSED.replace("RECORDS", "rows")
    assert told(body, f"{HEAD}MOST = 1000\n\n\n") == 1
    assert told(body, f"{HEAD}MOST = 10\n\n\n") == 0


def test_the_way_back_from_a_batch_is_none() -> None:
    sends = "def send(all):\n    return client.messages.batches.create(requests=all)\n\n\n"
    assert told(PAUSED.replace("RECORDS", "rows_of('n.csv')"), HEAD + sends) == 0


KEPT = "with open('names.txt', 'w') as file:\n    file.write(str(names))\n"
COUNTED = """\
rows = rows_of('n.csv')
for i, row in enumerate(rows, 1):
    print(f"{i} of {len(rows)}")
    names.append(ask(row))
"""
POOL = """\
with ThreadPoolExecutor(4) as pool:
    jobs = [pool.submit(ask, row) for row in RECORDS]
    names = [job.result() for job in jobs]
"""
WHOLE = "for row in rows_of('n.csv'):\n    names.append(ask(row))\n"
LINES = ("rows_of('n.csv')", "open('n.txt').readlines()")
FILES = """\
for path in glob.glob('n/*'):
    for line in open(path):
        names.append(ask(line))
"""
ATTEMPTS = """\
for row in rows_of('n.csv'):
    for attempt in range(3):
        name = ask(row)
        if name.isalpha():
            names.append(name)
            break
"""
SEVERAL = "names = [ask(row) for row in rows_of('n.csv')[:80]]\n"


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (COUNTED + KEPT, 1),
        (COUNTED + "db.executemany('INSERT INTO names VALUES (?)', names)\n", 1),
        (COUNTED + "db.execute('  insert into names values (?)', names)\n", 1),
        (COUNTED + "table('names').insert(names).execute()\n", 1),
        (COUNTED + "store(names)\n", 1),  # a helper writes it down
        # somebody may read what is shown
        (COUNTED, 0),
        (COUNTED + "print(names)\n", 0),
        (COUNTED + "names.insert(0, 'names')\n", 0),
        (COUNTED + "json.load(open('names.json', 'r'))\n", 0),
        (COUNTED + "db.execute('SELECT name FROM names')\n", 0),
        # nothing tells how far it is, and it may be a short file
        (COUNTED.replace("{i} of {len(rows)}", "{row}").replace(*LINES) + KEPT, 0),
        (COUNTED.replace("{i} of {len(rows)}", "{i}").replace(*LINES) + KEPT, 0),
        # a whole table, or folder
        (COUNTED.replace("{i} of {len(rows)}", "{i}") + KEPT, 1),
        (WHOLE + KEPT, 1),
        (WHOLE.replace("rows_of('n.csv')", "pd.read_csv('n.csv').iterrows()") + KEPT, 1),
        (WHOLE.replace("rows_of('n.csv')", "sorted(Path('n').glob('*.txt'))") + KEPT, 1),
        (WHOLE.replace("rows_of('n.csv')", "rows_of('n.csv')[:20]") + KEPT, 0),
        (WHOLE.replace("rows_of('n.csv')", "json.load(open('n.json'))") + KEPT, 0),
        (WHOLE, 0),
        # each line of all files
        (FILES + KEPT, 1),
        (FILES.replace("glob.glob('n/*')", "NAMES") + KEPT, 0),
        (COUNTED.replace("rows_of('n.csv')", "todays_notes()") + KEPT, 0),
        (COUNTED.replace("rows_of('n.csv')", "rows_of('n.csv')[:20]") + KEPT, 0),
        # side by side
        (POOL.replace("RECORDS", "rows_of('n.csv')") + KEPT, 1),
        (POOL.replace("RECORDS", "rows_of('n.csv')"), 0),
        (POOL.replace("RECORDS", "rows_of('n.csv')[:20]") + KEPT, 0),
        (POOL.replace("RECORDS", "todays_notes()") + KEPT, 0),
    ],
)
def test_other_signs_count_where_what_comes_out_is_kept(body: str, found: int) -> None:
    head = HEAD + (
        "def store(names):\n    pd.DataFrame(names).to_csv('names.csv')\n\n\n"
        "from concurrent.futures import ThreadPoolExecutor\n\n\n"
    )
    assert told(body, head) == found


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (ATTEMPTS, 1),
        # each round takes up what the one before has said
        (ATTEMPTS.replace("attempt", "part").replace("ask(row)", "ask(f'{row} {names}')"), 0),
    ],
)
def test_attempts_at_one_reply_are_made_in_the_next_batch(body: str, found: int) -> None:
    assert told(body + KEPT) == found


@pytest.mark.parametrize(
    ("amount", "found"),
    [("60", 1), ("min(60, len(rows))", 1), ("most", 1), ("8", 0), ("fewer", 0), ("whole()", 0)],
)
def test_a_large_number_that_is_written_out(amount: str, found: int) -> None:
    head = (
        f"{HEAD}import random\n\n\ndef names_of(rows, most, fewer=5):\n"
        f"    return [ask(row) for row in random.sample(rows, AMOUNT)]\n\n\n"
    ).replace("AMOUNT", amount)
    body = "names = names_of(rows_of('n.csv'), 100)\n" + KEPT
    head = head.replace("random.sample", "random.choices")
    assert told(body, head) == found


@pytest.mark.parametrize(
    ("asking", "found"),
    [
        (HEAD, 1),
        # the same loop may run on another maker's model
        (f"import openai\n\n{HEAD}", 0),
        (f"import google.generativeai as genai\n\n{HEAD}", 0),
    ],
)
def test_the_request_may_stand_in_another_file(
    asking: str, found: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = PAUSED.replace("RECORDS", "rows_of('n.csv')") + KEPT
    script = "import time\n\nfrom asking import ask, rows_of\n\n\ndef main():\n    names = []\n"
    (tmp_path / "asking.py").write_text(asking)
    (tmp_path / "script.py").write_text(f"{script}{indent(body, '    ')}{MAIN}")
    monkeypatch.chdir(tmp_path)
    assert _found("asking.py", "script.py") == found
    assert _found("asking.py", "script.py", preview=True) == 1
    (tmp_path / "script.py").write_text(f"{script}{indent(body.removesuffix(KEPT), '    ')}{MAIN}")
    assert _found("asking.py", "script.py") == 0, "nothing is kept"


@pytest.mark.parametrize(
    ("script", "found"),
    [
        ("eval_names.py", 0),
        ("evals/run.py", 0),
        ("name.py", 1),
        ("retrieval/run.py", 1),
        ("essays/grade_essays.py", 1),
    ],
)
def test_cases_on_which_a_program_is_tried_are_few(
    script: str, found: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = PAUSED.replace("RECORDS", "rows_of('n.csv')")
    path = tmp_path / script
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"{HEAD}def main():\n    names = []\n{indent(body, '    ')}{MAIN}")
    monkeypatch.chdir(tmp_path)
    assert _found(script) == found
    assert _found(script, preview=True) == 1


CLASS = """\
class Namer(BASES):
    def name(self, text):
        return client.messages.create(
            model="claude-haiku-5-5",
            max_tokens=200,
            messages=[{"role": "user", "content": f"Name the plant in this note: {text}"}],
        )


"""


@pytest.mark.parametrize(("bases", "found"), [("", 1), ("object", 1), ("Model", 0)])
def test_what_one_of_several_classes_sends_may_be_sent_by_another(bases: str, found: int) -> None:
    body = "namer = Namer()\n" + PAUSED.replace("RECORDS", "rows_of('n.csv')")
    head = f"{HEAD}class Model:\n    pass\n\n\n{CLASS.replace('BASES', bases)}"
    assert told(body.replace("ask(row)", "namer.name(row)"), head) == found


PAGES = """\
from fastapi import BackgroundTasks, FastAPI

from notes import ask

app = FastAPI()


def remember(text):
    print(ask(text))


@app.post("/notes")
def note(text: str, tasks: BackgroundTasks) -> None:
    CALL
"""


@pytest.mark.parametrize("call", ["remember(text)", "tasks.add_task(remember, text)"])
def test_what_a_page_sends_as_well_is_told_of_in_preview_alone(
    call: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = indent(PAUSED.replace("RECORDS", "rows_of('n.csv')"), "    ")
    (tmp_path / "notes.py").write_text(f"{HEAD}def main():\n    names = []\n{body}{MAIN}")
    monkeypatch.chdir(tmp_path)
    assert _found("notes.py") == 1
    (tmp_path / "pages.py").write_text(PAGES.replace("CALL", call))
    assert _found("notes.py", "pages.py") == 0
    assert _found("notes.py", "pages.py", preview=True) == 1


WORKFLOW = """\
on:
  schedule:
    - cron: "HOURS"
jobs:
  notes:
    steps:
      - run: python jobs/notes.py
"""
FETCHED = COUNTED.replace("rows_of('n.csv')", "fetched()")


@pytest.mark.parametrize(
    ("path", "text", "body", "found"),
    [
        (".github/workflows/notes.yml", WORKFLOW.replace("HOURS", "0 6 * * *"), FETCHED + KEPT, 1),
        ("README.md", "    30 4,16 * * 1-5 cd notes && python jobs/notes.py\n", FETCHED + KEPT, 1),
        # the next time is soon
        (
            ".github/workflows/notes.yml",
            WORKFLOW.replace("HOURS", "*/5 * * * *"),
            FETCHED + KEPT,
            0,
        ),
        # another program
        ("README.md", "    30 4 * * * python jobs/other.py\n", FETCHED + KEPT, 0),
        ("README.md", "Run python jobs/notes.py every day.\n", FETCHED + KEPT, 0),
        # how many come isn't told, or few
        (
            ".github/workflows/notes.yml",
            WORKFLOW.replace("HOURS", "0 6 * * *"),
            FETCHED.replace("{i} of {len(rows)}", "on") + KEPT,
            0,
        ),
        (
            ".github/workflows/notes.yml",
            WORKFLOW.replace("HOURS", "0 6 * * *"),
            FETCHED.replace("fetched()", "fetched()[:5]") + KEPT,
            0,
        ),
        (".github/workflows/notes.yml", WORKFLOW.replace("HOURS", "0 6 * * *"), FETCHED, 0),
    ],
)
def test_what_a_schedule_starts(
    path: str, text: str, body: str, found: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "requirements.txt").write_text("anthropic\n")
    (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / path).write_text(text)
    (tmp_path / "jobs").mkdir()
    text = f"{HEAD}def main():\n    names = []\n{indent(body, '    ')}{MAIN}"
    (tmp_path / "jobs" / "notes.py").write_text(text)
    monkeypatch.chdir(tmp_path)
    assert _found("jobs/notes.py") == found


def _found(*files: str, preview: bool = False) -> int:
    result = engine.check(
        list(files),
        [BatchableLoop()],
        config.load(None, None, isolated=True),
        Context(as_of=AS_OF, preview=preview),
    )
    assert result.problems == ()
    return len(result.findings)


@pytest.mark.parametrize(
    ("other", "found"),
    [
        ("import notes\n\nprint(notes.client)\n", 1),
        ("import notes\n\nnotes.main()\n", 0),
        ("import notes\n\nif __name__ == '__main__':\n    notes.main()\n", 0),
        ("print('Now run jobs/notes.py')\n", 1),
        ("import subprocess\n\nsubprocess.run(['python', 'notes.py'], timeout=600)\n", 0),
        ("import subprocess\n\nsubprocess.run(['python', 'my_notes.py'], timeout=600)\n", 1),
    ],
)
def test_a_loop_that_another_module_runs_as_well(
    other: str, found: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = indent(PAUSED.replace("RECORDS", "rows_of('n.csv')"), "    ")
    (tmp_path / "notes.py").write_text(f"{HEAD}def main():\n    names = []\n{body}{MAIN}")
    (tmp_path / "other.py").write_text(other)
    monkeypatch.chdir(tmp_path)
    settings = config.load(None, None, isolated=True)
    result = engine.check(
        ["notes.py", "other.py"], [BatchableLoop()], settings, Context(as_of=AS_OF)
    )
    assert len(result.findings) == found


def test_what_a_lambda_hands_in_is_followed() -> None:
    look = indent(PAUSED.replace("RECORDS", "sorted(folder.glob('*.txt'))"), "    ")
    head = f"{HEAD}def look(folder):\n    names = []\n{look}\n\n"
    assert told("where = Path('notes')\nrun(lambda: look(where))\nlook(where)\n", head) == 1


KEEPER = """\
class Notes:
    def __init__(self, rows, names):
        self.rows = rows
        self.names = names

    def work(self):
        for row in self.WHICH:
            print(ask(row))
            time.sleep(1)


"""


@pytest.mark.parametrize(("which", "found"), [("rows", 1), ("names", 0)])
def test_what_an_object_is_made_with_is_followed(which: str, found: int) -> None:
    body = "Notes(json.load(open('notes.json')), todays_names()).work()\n"
    assert told(body, HEAD + KEEPER.replace("WHICH", which)) == found


@pytest.mark.parametrize(
    ("files", "found"),
    [
        ({}, 0),
        ({"README.md": "Once a month: `python notes.py`\n"}, 1),
        ({"Dockerfile": "FROM python\nCMD python serve.py && python notes.py\n"}, 1),
        ({"Dockerfile": "# nothing is deployed\n"}, 1),
    ],
)
def test_a_script_that_a_deployed_project_says_nothing_of(
    tmp_path: Path, files: dict[str, str], found: int
) -> None:
    loop = "for row in rows_of('notes.csv'):\n    names.append(ask(row))\n    time.sleep(1)\n"
    text = f"{HEAD}def main():\n    names = []\n{indent(loop, '    ')}{MAIN}"
    around = {
        "requirements.txt": "anthropic\n",
        "Dockerfile": "FROM python\nCMD python serve.py\n",
        "serve.py": "print('serves')\n",
        "notes.py": text,
    }
    for name, said in {**around, **files}.items():
        (tmp_path / name).write_text(said)
    for preview in (False, True):
        result = engine.check(
            [from_bytes(str(tmp_path / "notes.py"), text.encode())],
            [BatchableLoop()],
            config.load(None, None, isolated=True),
            Context(as_of=AS_OF, preview=preview),
        )
        assert len(result.findings) == (1 if preview else found)


WATCHES = """\
while running:
    try:
        for row in rows_of('new.csv'):
            names.append(ask(row))
            time.sleep(1)
        open('names.json', 'w').write(json.dumps(names))
    except KeyboardInterrupt:
        break
    time.sleep(60)
"""


def test_a_loop_that_watches_for_what_comes_is_waited_for() -> None:
    assert told(WATCHES) == 0
    ends = WATCHES.replace(
        "    time.sleep(60)", "    if not names:\n        break\n    time.sleep(60)"
    )
    assert told(ends) == 1
    inner = indent(WATCHES.split("try:\n")[1].split("    except")[0], "    ").replace(
        " " * 12, " " * 8
    )
    helper = f"{HEAD}def each(names):\n{indent(inner, '    ').replace(' ' * 12, ' ' * 4)}\n\n"
    assert told("while running:\n    each(names)\n    time.sleep(60)\n", helper) == 0
    assert told("each(names)\n", helper) == 1
