"""What a thief does with a copy of the database, with or without the server's keys, to learn who told a tip and what it says."""

from __future__ import annotations

import contextlib
import re
import shutil
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.server_keys import Keys
from bot.storage import sealing
from bot.storage.sealing import CannotOpen
from bot.storage.vault import outbound_place

# Every key the server derives for a purpose, by which of its keys it comes from: bot/storage/vault.py and marks.py.
_PURPOSES = {
    "server": ("conversation-names", "message-ids", "conversation-states", "inbox-outbox", "staff-secrets",
               "password-pepper", "known-devices", "fingerprint", "public-key-marks"),
    "vault": ("contacts", "channel-tokens"),
}  # fmt: skip
_MINUTE = 60.0
_MOMENTS = ("received_at", "next_at", "due_at")  # of a message


@dataclass(frozen=True)
class Loot:
    """A copy of everything that lies on the disk. rows: by table, each with its columns' names."""

    raw: bytes
    rows: Mapping[str, list[dict[str, Any]]]


def steal(folder: Path, database: Path, blobs: Path) -> Loot:
    """Copy the database with its journal, and the files beside it, as a thief of the disk does."""
    folder.mkdir(parents=True)
    for path in database.parent.glob(f"{database.name}*"):
        shutil.copy2(path, folder / path.name)
    raw = b"".join(path.read_bytes() for path in sorted(folder.iterdir()))
    raw += b"".join(path.read_bytes() for path in sorted(blobs.iterdir())) if blobs.is_dir() else b""
    connection = sqlite3.connect(folder / database.name)
    connection.row_factory = sqlite3.Row
    try:
        tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        # The place of a row in its table tells in which order rows were written.
        rows = {
            name: [dict(row) for row in connection.execute(f'SELECT rowid AS "rowid ", * FROM "{name}"')]
            for name in tables
        }
    finally:
        connection.close()
    return Loot(raw, rows)


def opened(loot: Loot, keys: Keys) -> list[tuple[str, dict[str, Any], str]]:
    """(table, row, text) of everything in the database that any key of the server opens, whatever it was bound to."""
    made = [sealing.subkey(getattr(keys, name), use) for name, uses in _PURPOSES.items() for use in uses]
    made += [keys.server, keys.vault]
    found = []
    for table, rows in loot.rows.items():
        for row in rows:
            for value in row.values():
                if isinstance(value, bytes) and len(value) > 40:
                    found += [(table, row, text) for text in _tries(value, made, list(_contexts(row)))]
    return found


def _contexts(row: Mapping[str, Any]) -> Iterator[str]:
    """What a sealed value may be bound to: a word for its kind, and any name that stands in its row."""
    names = {str(value) for value in row.values() if isinstance(value, str | int) and len(str(value)) < 120}
    for kind in ("state", "inbox", "outbox", "contact", "token", "notice", "totp", "email", "channel", "tip", "entry",
                 "people", "reason", "officer", "session", "invite", "recovery"):  # fmt: skip
        for name in names:
            yield f"{kind}:{name}"
    if "dedupe" in row:
        yield outbound_place(row["conversation_id"], row["channel"], row["dedupe"])


def _tries(value: bytes, keys: list[bytes], contexts: list[str]) -> Iterator[str]:
    for key in keys:
        with contextlib.suppress(CannotOpen):
            yield sealing.open_sealed(key, value).decode(errors="replace")
        for context in contexts:
            try:
                yield sealing.unseal(key, value, context).decode(errors="replace")
            except CannotOpen:
                continue


def named(loot: Loot, keys: Keys | None) -> dict[str, str]:
    """Conversations whose person the thief can name: the id on the platform, by the conversation's id."""
    if keys is None:
        return {}
    return {
        row["conversation_id"]: text
        for table, row, text in opened(loot, keys)
        if table == "contact" and "sender" in text
    }


def signs(loot: Loot, conversations: list[str]) -> dict[str, dict[str, Any]]:
    """Everything in the database that stands in a row with a conversation's id, or counts such rows, by name of the sign.

    A row that names another row, as an answer names the message it is to, leads to what stands there.
    """
    found: dict[str, dict[str, Any]] = defaultdict(lambda: dict.fromkeys(conversations))
    for table, rows in loot.rows.items():
        of: dict[str, list[dict[str, Any]]] = {one: [] for one in conversations}
        for row in rows:
            for one in conversations:
                if any(isinstance(value, str) and one in value for value in row.values()):
                    of[one].append(row)
        for one, its in of.items():
            found[f"{table}: rows"][one] = len(its)
            its = [row | _followed(loot, row) for row in its]
            for name in its[0] if its else ():
                values = [row[name] for row in its]
                if isinstance(values[0], bytes):
                    found[f"{table}.{name}: length"][one] = max(len(value or b"") for value in values)
                elif not isinstance(values[0], str):
                    found[f"{table}.{name}"][one] = max((value for value in values if value is not None), default=None)
    return found


def _followed(loot: Loot, row: dict[str, Any]) -> dict[str, Any]:
    number = row.get("inbox_id")
    found = next((one for one in loot.rows["inbox"] if number and one["id"] == number), None)
    return {f"inbox_id -> {name}": found[name] for name in _MOMENTS} if found else dict.fromkeys(
        (f"inbox_id -> {name}" for name in _MOMENTS) if "inbox_id" in row else ()
    )  # fmt: skip


def by_time(loot: Loot, conversations: list[str], at: float) -> set[str]:
    """Who is left when each time that stands beside a conversation is laid beside the minute of a tip.

    A time that fits some and not others rules the others out; the code is typed back and thanks are said within some minutes.
    """
    left = set(conversations)
    for values in signs(loot, conversations).values():
        times = {one: value for one, value in values.items() if isinstance(value, float) and value > 1e9}
        fit = {one for one, value in times.items() if at - _MINUTE <= value <= at + 4 * _MINUTE}
        if fit:
            left &= fit
    return left


def apart(loot: Loot, tellers: set[str], others: set[str]) -> list[str]:
    """The signs by which a thief could tell all who told from all who did not, whatever the sign means."""
    found = []
    for name, values in signs(loot, sorted(tellers | others)).items():
        if name.endswith((".rowid ", ".id")):
            continue  # an order of first words; shuffled by the test's own people
        if {values[one] for one in tellers}.isdisjoint({values[one] for one in others}):
            found.append(name)
    return found


def page_table(text: str, title: str) -> list[dict[str, str]]:
    """The rows of the table below a heading, by the names of its columns."""
    section = text.split(f"### {title}\n", 1)[1]
    lines = re.split(r"\n#", section, maxsplit=1)[0].splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")]
    return [dict(zip(rows[0], row, strict=True)) for row in rows[2:]]


def memory_of(pid: int, wanted: Callable[[bytes], None]) -> None:
    """Hand every readable page of a process to `wanted`, as whoever owns the machine can."""
    with open(f"/proc/{pid}/maps", encoding="ascii") as maps, open(f"/proc/{pid}/mem", "rb", 0) as memory:
        for line in maps:
            span, rights, *_ = line.split()
            start, end = (int(part, 16) for part in span.split("-"))
            if not rights.startswith("r") or "[vvar" in line or "[vsyscall]" in line or "[vdso]" in line:
                continue
            try:
                memory.seek(start)
                wanted(memory.read(end - start))
            except OSError:
                continue
