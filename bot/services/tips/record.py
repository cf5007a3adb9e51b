"""A tip is made: sealed to those who may read it, referred to the unit that is responsible. One transaction.

`prepare` does the slow and secret part before the transaction: it makes the receipt code, derives the reporter's key
and encrypts. After it the server keeps nothing that could open the tip again.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from bot.core.clocks import Clocks, receive_deadline
from bot.core.referrals.states import State
from bot.core.tips import receipt
from bot.core.units.routing import Route
from bot.services import audit
from bot.services.minutes import minute
from bot.services.tips import binding, files, router
from bot.services.units import holders, public_keys
from bot.storage import sealing
from bot.storage.sealing import KeyPair
from bot.storage.tables import Referral, Tip, TipEntry, TipKey, TipNotice, Unit
from bot.storage.vault import Vault


@dataclass(frozen=True)
class PreparedTip:
    """A sealed tip that is not stored yet. `code` goes to the reporter and nowhere else."""

    id: str
    code: str
    lookup: str
    receipt_public: bytes
    receipt_sealed_key: bytes
    body: bytes
    key: bytes  # forgotten as soon as the units' copies are sealed
    contact: bytes | None
    contact_key: bytes
    draft: dict[str, Any]


def prepare(vault: Vault, draft: dict[str, Any], tip_id: str = "") -> PreparedTip:
    """Make the code and seal the words. Slow on purpose (Argon2id). tip_id: 32 hex digits, made here where none are given."""
    code = receipt.new_code(secrets.randbelow)
    keys = vault.receipt_keys(code)
    tip_id, key = tip_id or secrets.token_hex(16), sealing.new_key()
    contact = draft.get("contact")
    words = {name: value for name, value in draft.items() if name not in {"contact", "files", "notices", "reply"}}
    contact_key = sealing.new_key()
    return PreparedTip(
        id=tip_id,
        code=code,
        lookup=keys.lookup,
        receipt_public=keys.pair.public,
        receipt_sealed_key=sealing.seal_to(keys.pair.public, key),
        body=sealing.seal_json(key, {"words": words}, f"tip:{tip_id}"),
        key=key,
        contact=sealing.seal(contact_key, str(contact).encode(), f"contact:{tip_id}") if contact else None,
        contact_key=contact_key,
        draft=draft,
    )


@dataclass(frozen=True)
class Created:
    """tip_id, the unit's name for the reporter, the hours its clock allows, and whether it is urgent."""

    tip_id: str
    unit_name: str
    hours: int
    urgent: bool


def create(
    session: Session,
    vault: Vault,
    prepared: PreparedTip,
    *,
    to: Route,
    category: str,
    urgent: bool,
    channel: str,
    language: str,
    clocks: Clocks,
    now: float,
    notify_conversation: str = "",
    told_at: float = 0.0,
) -> Created:
    """Store the tip, its keys and its referral; the unit's notice is the caller's next line in the same transaction.

    to: decided in this transaction, by router.decide. told_at: when it was told, where that was before `now`: the clocks count
    from there. Raises LookupError where nobody could ever open the tip.
    """
    readers = router.opened_by(session, to.readers, to.doubtful, now)
    if not readers:
        raise LookupError("no unit has a key: enrol an officer of the central desk first")
    unit = readers[0]
    created = minute(told_at or now)
    where = prepared.draft.get("where") or {}
    tip = Tip(
        id=prepared.id, lookup=prepared.lookup, receipt_key=prepared.receipt_public, body=prepared.body,
        contact=prepared.contact, category=category, commune_code=str(where.get("code") or ""),
        province_code=str(where.get("province") or ""), urgency="urgent" if urgent else "normal",
        child=bool(prepared.draft.get("child")), channel=channel, language=language, created_at=created,
    )  # fmt: skip
    bound = binding.bind(session, tip)
    session.add(tip)
    if notify_conversation:
        session.add(TipNotice(tip_id=tip.id, pointer=vault.seal_pointer(tip.id, notify_conversation)))
    files.attach(
        session, tip.id, OpenTip(tip.id, prepared.key).seal, list(prepared.draft.get("files") or ()), "reporter", now
    )
    deadline = receive_deadline(clocks, urgent=urgent, remote=unit.remote, escalation=0)
    referral = Referral(
        id=secrets.token_hex(16), tip_id=tip.id, unit_id=unit.id, state=State.NEW.value, route_reason=to.reason.value,
        created_at=created, next_clock_at=created + deadline,
    )  # fmt: skip
    binding.bind_desk(session, referral)
    session.add(referral)
    session.add(TipKey(tip_id=tip.id, holder="receipt", sealed=prepared.receipt_sealed_key))
    give_keys(session, tip.id, "unit", prepared.key, readers)
    if prepared.contact:
        give_keys(session, tip.id, "contact", prepared.contact_key, readers)
    audit.record(
        session,
        minute(now),
        "system",
        "tip_created",
        tip.id,
        f"unit={unit.id} reason={to.reason.value} {tip.urgency}{bound}",
    )
    return Created(tip.id, unit.name, round(deadline / 3600), urgent)


def give_keys(session: Session, tip_id: str, kind: str, key: bytes, readers: Sequence[Unit]) -> None:
    """Seal a key of the tip, which is on its desk already, to each of these units. kind: of TIP_KEYS."""
    for reader in readers:
        row = TipKey(tip_id=tip_id, holder=f"{kind}:{reader.id}", sealed=sealing.seal_to(public_keys.of(reader), key))
        holders.mark(session, row)
        session.add(row)


@dataclass(frozen=True)
class OpenTip:
    """A tip opened with its receipt code: valid while the reporter keeps it open."""

    tip_id: str
    key: bytes

    def seal(self, value: Any, context: str) -> bytes:
        """A JSON value, sealed for the tip's readers."""
        return sealing.seal_json(self.key, value, context)


@dataclass(frozen=True)
class ToAdd:
    """A tip to which more can be added, and of which nothing can be read. adding: see `sealing.adding_half`."""

    tip_id: str
    adding: bytes

    def seal(self, value: Any, context: str) -> bytes:
        """A JSON value, sealed for the tip's readers."""
        return sealing.seal_added(self.adding, value, context)


def open_with_receipt(session: Session, vault: Vault, lookup: str, pair: KeyPair) -> OpenTip | None:
    """The tip that belongs to a derived receipt, or None: wrong code and erased tip look the same."""
    tip = session.execute(select(Tip).where(col(Tip.lookup) == lookup)).scalars().first()
    if tip is None:
        return None
    row = (
        session.execute(select(TipKey).where(col(TipKey.tip_id) == tip.id, col(TipKey.holder) == "receipt"))
        .scalars()
        .first()
    )
    if row is None:
        return None
    return OpenTip(tip.id, sealing.open_sealed(pair.private, row.sealed))


def words(session: Session, opened: OpenTip) -> dict[str, Any] | None:
    """The draft of an opened tip as it was sent, without its contact; None where it was erased since."""
    body = session.execute(select(col(Tip.body)).where(col(Tip.id) == opened.tip_id)).scalar_one_or_none()
    return dict(sealing.unseal_json(opened.key, body, f"tip:{opened.tip_id}")["words"]) if body else None


def entries(session: Session, opened: OpenTip) -> list[dict[str, Any]]:
    """The dialogue of an opened tip, oldest first: {"author", "at", "text", "files"}, and of an addition "question" and "facts".

    See `add_entry`. "doubtful": who wrote it, when, or its place among the others was changed behind the product's back; a line
    whose words cannot be opened has none.
    """
    query = select(TipEntry).where(col(TipEntry.tip_id) == opened.tip_id).order_by(col(TipEntry.id))
    rows = session.execute(query).scalars().all()
    found = []
    for row, sound in zip(rows, binding.check(session, opened.tip_id, rows).lines, strict=True):
        try:
            body = sealing.unseal_either(opened.key, row.body, f"entry:{opened.tip_id}")
        except sealing.CannotOpen:
            body, sound = {"text": "", "files": []}, False
        found.append({"author": row.author, "at": row.created_at, **body, **({} if sound else {"doubtful": True})})
    return found


def add_entry(
    session: Session,
    opened: OpenTip | ToAdd,
    author: str,
    text: str,
    now: float,
    files: tuple[str, ...] = (),
    *,
    question: str = "",
    facts: Mapping[str, Any] | None = None,
) -> None:
    """Add a line to the dialogue, sealed for the tip's readers.

    question, facts: of an answer the reporter gave after sending, see bot.dialogue.interview.afterwards.
    """
    said: dict[str, Any] = {"text": text, "files": list(files)}
    if question:
        said["question"] = question
    if facts:
        said["facts"] = dict(facts)
    body = opened.seal(said, f"entry:{opened.tip_id}")
    binding.add_line(session, TipEntry(tip_id=opened.tip_id, author=author, body=body, created_at=minute(now)))


def current_referral(session: Session, tip_id: str) -> Referral | None:
    """The referral that is on a desk now: the newest one."""
    rows = session.execute(
        select(Referral).where(col(Referral.tip_id) == tip_id).order_by(col(Referral.created_at).desc())
    )
    candidates = list(rows.scalars())
    open_ones = [r for r in candidates if r.state != State.TRANSFERRED.value]
    return (open_ones or candidates or [None])[0]
