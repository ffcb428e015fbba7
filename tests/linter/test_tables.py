"""Conversations that live in a database: which table they are, what adds rows, what bounds them."""

from __future__ import annotations

from pathlib import Path

import pytest
from trees import plant, requests_of

from skinflint.linter.request import Conversation, Home

#: Sends what ``load(talk)`` yields, once what was said is stored by ``keep(talk, who, text)``.
APP = """
## app.py
from fastapi import FastAPI
from store import keep, load

app = FastAPI()

@app.post("/say/{talk}")
def say(talk: str, text: str):
    keep(talk, "user", text)
    reply = client.messages.create(
        model="claude-opus-5-5", max_tokens=9, messages=load(talk)
    )
    keep(talk, "assistant", reply.content[0].text)
    return reply.content[0].text

"""
CLASSES = """
class Said(Base):
    __tablename__ = "said"
    id = Column(Integer, primary_key=True)
    talk_id = Column(String, ForeignKey("talk.id"))
    role = Column(String)
    content = Column(Text)
    done = Column(Boolean)

class Talk(Base):
    __tablename__ = "talk"
    id = Column(String, primary_key=True)
    said = relationship("Said", back_populates="talk", order_by="Said.id")

def keep(talk, role, content):
    with Session() as db:
        db.add(Said(talk_id=talk, role=role, content=content))
        db.commit()

def as_messages(rows):
    return [{"role": row.role, "content": row.content} for row in rows]

"""
MAPPER = """
from sqlalchemy import Column, ForeignKey, Integer, String, Text, delete, select
from sqlalchemy.orm import relationship
from base import Base, Session
"""
SQLITE = """
import sqlite3

def keep(talk, role, content):
    with sqlite3.connect("talks.db") as db:
        db.execute("INSERT INTO said (talk, role, content) VALUES (?, ?, ?)", (talk, role, content))

"""


def conversation(root: Path, store: str, app: str = APP) -> Conversation:
    plant(root, app + "## store.py\n" + store)
    (request,) = requests_of(root, "app.py")
    assert request.conversation is not None
    return request.conversation


def is_unbounded(found: Conversation) -> bool:
    return (
        found.home is Home.DATABASE and bool(found.lasting) and found.certain and not found.bounded
    )


MAPPED = """
def load(talk):
    db = Session()
    return as_messages({})
"""
TOLD = """
def load(talk):
    db = sqlite3.connect("talks.db")
    {}
    return [{{"role": role, "content": content}} for role, content in rows]
"""


@pytest.mark.parametrize(
    "query",
    [
        "db.query(Said).filter(Said.talk_id == talk).order_by(Said.id).all()",
        "db.query(Said).filter_by(talk_id=talk).all()",
        "db.query(Said.role, Said.content).filter(Said.talk_id == talk)",
        "db.execute(select(Said).where(Said.talk_id == talk)).scalars().all()",
        "db.scalars(select(Said).where(Said.talk_id == talk).order_by(Said.id.asc()))",
        "list(db.scalars(select(Said).filter_by(talk_id=talk)))",
        "Said.query.filter_by(talk_id=talk).order_by(Said.id).all()",
    ],
)
def test_rows_of_a_mapper_that_are_all_sent(tmp_path: Path, query: str) -> None:
    load = MAPPED.format(query)
    assert is_unbounded(conversation(tmp_path, MAPPER + CLASSES + load))


@pytest.mark.parametrize(
    "talk",
    [
        "db.query(Talk).filter(Talk.id == talk).first()",
        "db.get(Talk, talk)",
        "db.scalars(select(Talk).where(Talk.id == talk)).one()",
        "found(db, talk)",
    ],
)
def test_rows_that_belong_to_another_one(tmp_path: Path, talk: str) -> None:
    load = f"""
def found(db, talk):
    return db.query(Talk).filter_by(id=talk).first()

def load(talk):
    db = Session()
    row = {talk}
    return as_messages(row.said)
"""
    assert is_unbounded(conversation(tmp_path, MAPPER + CLASSES + load))
    assert not is_unbounded(
        conversation(tmp_path, MAPPER + CLASSES + load.replace("row.said", "row.said[-20:]"))
    )


def test_a_method_of_a_row(tmp_path: Path) -> None:
    told = """
    def told(self):
        return as_messages(Session().query(Said).filter_by(talk_id=self.id).all())

def keep("""
    store = MAPPER + CLASSES.replace("\ndef keep(", told, 1)
    store += "\ndef load(talk):\n    return Session().get(Talk, talk).told()\n"
    assert is_unbounded(conversation(tmp_path, store))


@pytest.mark.parametrize(
    "query",
    [
        "db.query(Said).filter(Said.talk_id == talk).order_by(Said.id.desc()).limit(20).all()",
        "db.query(Said).filter(Said.talk_id == talk).all()[-20:]",
        "db.query(Said).filter(Said.talk_id == talk, Said.id > 40).all()",
        "db.query(Said).filter(Said.talk_id == talk, Said.done.is_(False)).all()",
        "db.query(Said).filter_by(talk_id=talk, done=False).all()",
        "db.scalars(select(Said).where(Said.talk_id == talk).limit(30)).all()",
        "only_the_last(db.query(Said).filter_by(talk_id=talk).all())",
    ],
)
def test_rows_of_a_mapper_of_which_a_part_is_sent(tmp_path: Path, query: str) -> None:
    store = MAPPER + "from recent import only_the_last\n" + CLASSES + MAPPED.format(query)
    assert not is_unbounded(conversation(tmp_path, store))


def test_a_query_that_has_a_name_and_a_limit_that_nobody_gives(tmp_path: Path) -> None:
    load = """
def of(talk, most=None):
    query = Session().query(Said).filter_by(talk_id=talk)
    if most:
        query = query.limit(most)
    return query

def load(talk):
    return as_messages(of(talk{}))
"""
    assert is_unbounded(conversation(tmp_path, MAPPER + CLASSES + load.format("")))
    found = conversation(tmp_path, MAPPER + CLASSES + load.format(", 40"))
    assert not is_unbounded(found)


@pytest.mark.parametrize(
    "read",
    [
        'rows = db.execute("SELECT role, content FROM said WHERE talk = ?", (talk,)).fetchall()',
        'rows = db.execute("SELECT role, content FROM said WHERE talk = ? ORDER BY id", (talk,))',
        'cursor = db.cursor()\n    cursor.execute("select role, content from said")\n'
        "    rows = cursor.fetchall()",
        "cursor = db.execute(f\"SELECT role, content FROM said WHERE talk = '{talk}'\")\n"
        "    rows = cursor.fetchall()",
    ],
)
def test_a_statement_that_reads_all_rows(tmp_path: Path, read: str) -> None:
    assert is_unbounded(conversation(tmp_path, SQLITE + TOLD.format(read)))


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT role, content FROM said WHERE talk = ? ORDER BY id DESC LIMIT 20",
        "SELECT * FROM (SELECT role, content FROM said WHERE talk = ? ORDER BY id DESC LIMIT 9)",
        "SELECT role, content FROM said WHERE talk = ? AND at > date('now', '-1 day')",
        "SELECT role, content FROM said WHERE talk = ? AND told = 0",
        "SELECT role, content FROM said WHERE talk = ? AND date(at) = ?",
        "SELECT role, content FROM other WHERE talk = ?",
        "SELECT role, MAX(content) FROM said WHERE talk = ?",
    ],
)
def test_a_statement_that_reads_some_rows(tmp_path: Path, statement: str) -> None:
    read = f'rows = db.execute("{statement}", (talk,)).fetchall()'
    assert not is_unbounded(conversation(tmp_path, SQLITE + TOLD.format(read)))


@pytest.mark.parametrize(
    ("more", "unbounded"),
    [
        ("DELETE FROM said WHERE talk = ?", True),
        ("DELETE FROM said WHERE at < ?", False),
        ("DELETE FROM said WHERE id NOT IN (SELECT id FROM said ORDER BY id DESC LIMIT 50)", False),
        ("DELETE FROM other WHERE at < ?", True),
    ],
)
def test_rows_that_are_deleted(tmp_path: Path, more: str, unbounded: bool) -> None:
    read = 'rows = db.execute("SELECT role, content FROM said WHERE talk = ?", (talk,)).fetchall()'
    store = SQLITE + TOLD.format(read)
    store += f'\ndef clean(db, value):\n    db.execute("{more}", (value,))\n'
    assert is_unbounded(conversation(tmp_path, store)) is unbounded


DJANGO = """
from django.db import models

class Talk(models.Model):
    title = models.CharField(max_length=99)

class Said(models.Model):
    talk = models.ForeignKey(Talk, on_delete=models.CASCADE, related_name="turns")
    role = models.CharField(max_length=9)
    content = models.TextField()

def keep(talk, role, content):
    Said.objects.create(talk=Talk.objects.get(pk=talk), role=role, content=content)

def load(pk):
    talk = Talk.objects.get(pk=pk)
    rows = {}
    return [{{"role": row.role, "content": row.content}} for row in rows]
"""


@pytest.mark.parametrize(
    ("query", "unbounded"),
    [
        ('Said.objects.filter(talk=talk).order_by("id")', True),
        ("Said.objects.filter(talk=talk)", True),
        ("talk.turns.all()", True),
        ('talk.turns.order_by("id")', True),
        ('talk.turns.order_by("-id")[:20]', False),
        ("talk.turns.filter(at__gte=yesterday())", False),
        ("talk.others.all()", False),
    ],
)
def test_rows_of_django(tmp_path: Path, query: str, unbounded: bool) -> None:
    assert is_unbounded(conversation(tmp_path, DJANGO.format(query))) is unbounded


DOCUMENTS = """
from pymongo import MongoClient

db = MongoClient()["talks"]
said = db["said"]

def keep(talk, role, content):
    said.insert_one({{"talk": talk, "role": role, "content": content}})

def load(talk):
    return [{{"role": d["role"], "content": d["content"]}} for d in {}]
"""


@pytest.mark.parametrize(
    ("query", "unbounded"),
    [
        ('said.find({"talk": talk})', True),
        ('said.find({"talk": talk}).sort("at", 1)', True),
        ('db.said.find({"talk": talk})', True),
        ('said.find({"talk": talk}).sort("at", -1).limit(20)', False),
        ('said.find({"talk": talk, "at": {"$gte": 4}})', False),
        ('db.other.find({"talk": talk})', False),
    ],
)
def test_documents_of_a_collection(tmp_path: Path, query: str, unbounded: bool) -> None:
    assert is_unbounded(conversation(tmp_path, DOCUMENTS.format(query))) is unbounded


SUPABASE = """
from supabase import create_client

db = create_client("url", "key")

def keep(talk, role, content):
    db.table("said").insert({{"talk": talk, "role": role, "content": content}}).execute()

def load(talk):
    found = {}.execute()
    return [{{"role": d["role"], "content": d["content"]}} for d in found.data]
"""


@pytest.mark.parametrize(
    ("query", "unbounded"),
    [
        ('db.table("said").select("*").eq("talk", talk).order("at")', True),
        ('db.table("said").select("*").eq("talk", talk).order("at").limit(10)', False),
        ('db.table("said").select("*").eq("talk", talk).gte("at", 4)', False),
        ('db.table("other").select("*").eq("talk", talk)', False),
    ],
)
def test_a_table_that_is_reached_by_its_name(tmp_path: Path, query: str, unbounded: bool) -> None:
    assert is_unbounded(conversation(tmp_path, SUPABASE.format(query))) is unbounded


def test_what_is_stored_and_not_read_or_read_and_not_stored(tmp_path: Path) -> None:
    read = 'rows = db.execute("SELECT role, content FROM said WHERE talk = ?", (talk,)).fetchall()'
    store = SQLITE.replace("INTO said", "INTO other") + TOLD.format(read)
    assert not is_unbounded(conversation(tmp_path, store))


def test_rows_that_the_request_does_not_lead_to(tmp_path: Path) -> None:
    read = 'rows = db.execute("SELECT role, content FROM said WHERE talk = ?", (talk,)).fetchall()'
    app = "\n".join(line for line in APP.splitlines() if "keep(" not in line)
    store = SQLITE + TOLD.format(read)
    assert not is_unbounded(conversation(tmp_path, store, app))


def test_a_talk_that_is_begun_each_day(tmp_path: Path) -> None:
    store = SQLITE.replace("import sqlite3", "import sqlite3\nfrom datetime import date")
    load = """
def load(talk):
    today = f"{talk}-{date.today()}"
    db = sqlite3.connect("talks.db")
    rows = db.execute("SELECT role, content FROM said WHERE talk = ?", (DAY,)).fetchall()
    return [{"role": role, "content": content} for role, content in rows]
"""
    assert is_unbounded(conversation(tmp_path, store + load.replace("DAY", "talk")))
    assert not is_unbounded(conversation(tmp_path, store + load.replace("DAY", "today")))


def test_a_talk_that_is_begun_in_each_run(tmp_path: Path) -> None:
    read = 'rows = db.execute("SELECT role, content FROM said WHERE talk = ?", (talk,)).fetchall()'
    app = APP.replace(
        "def say(talk: str, text: str):\n", "def say(text: str):\n    talk = uuid4()\n"
    )
    app = app.replace("from fastapi", "from uuid import uuid4\nfrom fastapi")
    found = conversation(tmp_path, SQLITE + TOLD.format(read), app)
    assert not is_unbounded(found)
    assert "fresh-list" in [each.how for each in found.bounded_by]


@pytest.mark.parametrize(
    ("ahead", "behind"),
    [
        ('if found(talk)["settled"]:', 'settle("UPDATE talks SET settled = 1 WHERE id = ?", talk)'),
        ("if found(talk).settled:", "found(talk).settled = True"),
    ],
)
def test_a_talk_that_a_reply_settles(tmp_path: Path, ahead: str, behind: str) -> None:
    read = 'rows = db.execute("SELECT role, content FROM said WHERE talk = ?", (talk,)).fetchall()'
    app = APP.replace(
        "def say(talk: str, text: str):\n",
        f"def say(talk: str, text: str):\n    {ahead}\n        return None\n",
    )
    assert is_unbounded(conversation(tmp_path, SQLITE + TOLD.format(read), app))
    settled = app.replace("    return reply", f"    {behind}\n    return reply")
    found = conversation(tmp_path, SQLITE + TOLD.format(read), settled)
    assert "finished" in [each.how for each in found.bounded_by]


def test_rows_that_are_counted(tmp_path: Path) -> None:
    read = 'rows = db.execute("SELECT role, content FROM said WHERE talk = ?", (talk,)).fetchall()'
    count = """
    answers = sum(1 for role, _ in rows if role == "assistant")
    COUNTED
    return ["""
    store = SQLITE + TOLD.format(read).replace("\n    return [", count)
    assert is_unbounded(conversation(tmp_path, store.replace("COUNTED", "print(answers)")))
    assert not is_unbounded(conversation(tmp_path, store.replace("COUNTED", "last = answers >= 4")))


def test_a_list_that_rows_are_put_in(tmp_path: Path) -> None:
    load = """
def load(talk):
    rows = Session().query(Said).filter_by(talk_id=talk).all()
    rows.insert(0, Said)
    return as_messages(rows)
"""
    classes = CLASSES.replace("Said(talk_id=talk, role=role, content=content)", "talk")
    assert not is_unbounded(conversation(tmp_path, MAPPER + classes + load))


def test_a_session_of_its_own_for_each_key(tmp_path: Path) -> None:
    page = """
## page.py
import streamlit as st

def talk(case):
    key = f"talk_{case}"
    if key not in st.session_state:
        st.session_state[key] = []
    text = st.chat_input("?")
    if text:
        st.session_state[key].append({"role": "user", "content": text})
        client.messages.create(
            model="claude-opus-5-5", max_tokens=9, messages=st.session_state[key]%s
        )

talk(st.query_params["case"])
"""
    for cut, bounded in (("", False), ("[-20:]", True)):
        plant(tmp_path, page % cut)
        (request,) = requests_of(tmp_path, "page.py")
        assert request.conversation is not None
        assert request.conversation.home is Home.SESSION
        assert request.conversation.bounded is bounded
        assert [each.where for each in request.conversation.lasting] == ["session"]


@pytest.mark.parametrize(
    ("count", "unbounded"),
    [
        ("db.query(Said).filter(Said.talk_id == talk).count()", False),
        ("db.query(Said).filter(Said.at > today()).count()", True),  # begins again each day
        ("db.query(Talk).count()", True),  # of something else
        ("int(text)", True),
    ],
)
def test_rows_that_are_counted_before_the_next_is_added(
    tmp_path: Path, count: str, unbounded: bool
) -> None:
    app = APP.replace("keep, load", "Said, Session, Talk, as_messages, keep").replace(
        '    keep(talk, "user", text)\n',
        f"""\
    db = Session()
    many = {count}
    if many >= 15:
        raise ValueError("a talk ends at 15 messages")
    keep(talk, "user", text)
    rows = db.query(Said).filter(Said.talk_id == talk).all()
""",
    )
    app = app.replace("load(talk)", "as_messages(rows)")
    assert is_unbounded(conversation(tmp_path, MAPPER + CLASSES, app)) is unbounded
