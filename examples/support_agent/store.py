"""Where the shop keeps what the agent asks about: one SQLite database."""

from __future__ import annotations

import sqlite3
from typing import Any

SCHEMA = """
CREATE TABLE customers (id TEXT PRIMARY KEY, first TEXT NOT NULL, profile TEXT NOT NULL);
CREATE TABLE orders (id TEXT PRIMARY KEY, customer TEXT NOT NULL, state TEXT NOT NULL);
CREATE TABLE tickets (id INTEGER PRIMARY KEY, body TEXT NOT NULL, tag TEXT, line TEXT);
CREATE TABLE terms (shop TEXT PRIMARY KEY, body TEXT NOT NULL);
CREATE TABLE handbook (page INTEGER PRIMARY KEY, body TEXT NOT NULL);
"""


class Store:
    """The database, opened from a path (":memory:" for a scratch one)."""

    def __init__(self, path: str = ":memory:") -> None:
        # The web server answers in threads of its own; it takes one request at a time.
        self._db = sqlite3.connect(path, check_same_thread=False)
        self._db.row_factory = sqlite3.Row
        if not self._db.execute("SELECT 1 FROM sqlite_master WHERE name = 'tickets'").fetchone():
            self._db.executescript(SCHEMA)

    def add(self, table: str, **values: Any) -> None:
        """Put one row into ``table``."""
        names = ", ".join(values)
        marks = ", ".join("?" * len(values))
        self._db.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", tuple(values.values()))

    def customer(self, customer_id: str) -> tuple[str, str]:
        """First name and profile of a customer; empty strings for a guest."""
        row = self._db.execute(
            "SELECT first, profile FROM customers WHERE id = ?", (customer_id,)
        ).fetchone()
        return (row["first"], row["profile"]) if row else ("", "")

    def order_state(self, order_id: str) -> str:
        """How far an order is, in words."""
        row = self._db.execute("SELECT state FROM orders WHERE id = ?", (order_id,)).fetchone()
        return row["state"] if row else "not found"

    def open_tickets(self) -> list[tuple[int, str]]:
        """Number and text of each ticket without a tag, oldest first."""
        rows = self._db.execute("SELECT id, body FROM tickets WHERE tag IS NULL ORDER BY id")
        return [(row["id"], row["body"]) for row in rows]

    def open_ticket(self, body: str) -> int:
        """Open a repair ticket and return its number."""
        number = self._db.execute("INSERT INTO tickets (body) VALUES (?)", (body,)).lastrowid
        return int(number or 0)

    def save(self, ticket: int, tag: str, line: str) -> None:
        """Keep what the nightly job found out about a ticket."""
        self._db.execute("UPDATE tickets SET tag = ?, line = ? WHERE id = ?", (tag, line, ticket))

    def lines(self) -> list[str]:
        """The digest's lines, by ticket."""
        rows = self._db.execute("SELECT id, line FROM tickets WHERE line IS NOT NULL ORDER BY id")
        return [f"{row['id']}: {row['line']}" for row in rows]

    def terms(self, shop: str) -> str:
        """The terms of a shop, as the JSON text that the website's editor saved."""
        row = self._db.execute("SELECT body FROM terms WHERE shop = ?", (shop,)).fetchone()
        return row["body"] if row else "{}"

    def handbook(self) -> list[str]:
        """The staff handbook, page by page."""
        return [row["body"] for row in self._db.execute("SELECT body FROM handbook ORDER BY page")]
