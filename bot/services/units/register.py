"""The directory of units in the database: replaced as a whole, exported the same way, read for routing."""

from __future__ import annotations

import time
from collections.abc import Iterable

from sqlalchemy import ColumnElement, and_, exists, select
from sqlmodel import Session, col

from bot.content.places.built import load_gazetteer
from bot.core.units.csv_format import UnitError, parse_units_csv
from bot.core.units.model import Directory, Unit, UnitKind
from bot.services.units import posts
from bot.settings import Settings
from bot.storage import marks, tables
from bot.storage.database import Database


def import_units(settings: Settings, raw: bytes, dry_run: bool) -> tuple[list[Unit], list[UnitError]]:
    """Replace the directory by a CSV file, or report every error and change nothing.

    Units that have a key are kept even when the file leaves them out: tips are sealed to them.
    """
    units, errors = parse_units_csv(raw, load_gazetteer())
    if errors or dry_run:
        return units, errors
    db = Database(settings.database_url, marks.key_for(settings.keys))
    try:
        with db.transaction() as session:
            replace(session, units, time.time())
    finally:
        db.close()
    return units, []


def export_units(settings: Settings) -> list[Unit]:
    """All units, by id."""
    db = Database(settings.database_url)
    try:
        with db.reading() as session:
            return all_units(session)
    finally:
        db.close()


def all_units(session: Session) -> list[Unit]:
    """The directory as it stands in the database, whoever wrote it."""
    return [_plain(row) for row in _rows(session)]


def _rows(session: Session) -> list[tables.Unit]:
    return list(session.execute(select(tables.Unit).order_by(col(tables.Unit.id))).scalars())


def _plain(row: tables.Unit) -> Unit:
    return Unit(
            id=row.id, kind=UnitKind(row.kind), name=row.name, commune_code=row.commune_code, province_code=row.province_code,
            parent_id=row.parent_id, phone=row.phone, remote=row.remote, demo=row.demo,
    )  # fmt: skip


def names(session: Session, ids: Iterable[str]) -> dict[str, str]:
    """The names of some units, by id."""
    query = select(col(tables.Unit.id), col(tables.Unit.name)).where(col(tables.Unit.id).in_(list(ids)))
    return {row.id: row.name for row in session.execute(query)}


def replace(session: Session, units: Iterable[Unit], now: float) -> None:
    """Make the directory say what `units` say, in the caller's transaction, with the server's marks and a line in the log."""
    present = {row.id: row for row in session.execute(select(tables.Unit)).scalars()}
    for unit in units:
        row = present.pop(unit.id, None) or tables.Unit(id=unit.id, kind="", name="")
        row.kind, row.name, row.phone, row.parent_id = unit.kind.value, unit.name, unit.phone, unit.parent_id
        row.commune_code, row.province_code = unit.commune_code, unit.province_code
        row.remote, row.demo = unit.remote, unit.demo
        posts.set_unit(session, row)
        session.add(row)
    for gone in present.values():
        if gone.public_key is None and gone.waiting_key is None:
            session.delete(gone)
    posts.note(session, now, "units_imported")


def directory(session: Session) -> Directory:
    """The directory as routing sees it: what the server itself wrote. A unit counts as enrolled while somebody there can open tips."""
    sound = [_plain(row) for row in _rows(session) if posts.is_unit_sound(session, row)]
    enrolled = set(session.execute(select(col(tables.Unit.id)).where(staffed())).scalars())
    return Directory.of(sound, enrolled & {unit.id for unit in sound})


def staffed() -> ColumnElement[bool]:
    """For queries over Unit: it has a key, and an active officer holds it. What is sealed to others waits unread."""
    officer, key = tables.Officer, tables.UnitKey
    holder = exists().where(
        col(key.unit_id) == col(tables.Unit.id), col(key.officer_id) == col(officer.id), col(officer.active)
    )
    return and_(col(tables.Unit.public_key).is_not(None), holder)
