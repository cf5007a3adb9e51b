"""A console where more units and officers can be added than the demonstration has."""

from __future__ import annotations

import httpx
from sqlalchemy import select
from sqlmodel import Session

from bot.app import Core
from bot.services.units import demo, enrolment, posts
from bot.storage.tables import Officer, Unit
from tests.support.console import Desk

PASSWORD = "mot cau dai de nho"


class Office(Desk):
    """clients: browsers of those who are signed in, by login."""

    def __init__(self, core: Core) -> None:
        super().__init__(core)
        self.clients: dict[str, httpx.AsyncClient] = {}

    def add_unit(self, unit_id: str, *, parent: str, commune: str = "", province: str = "31") -> str:
        """A unit that nobody uses yet."""
        with self.core.db.transaction() as session:
            unit = Unit(id=unit_id, kind="commune_police", name=f"Công an {unit_id}", commune_code=commune,
                        province_code=province, parent_id=parent)  # fmt: skip
            posts.set_unit(session, unit)
            session.add(unit)
            posts.note(session, self.now, "units_imported")
        return unit_id

    def enrol(self, login: str, unit_id: str, *, role: str = "officer", vouched: bool = False) -> Officer:
        """Invite somebody from the server and redeem the invitation."""
        with self.core.db.transaction() as session:
            token = enrolment.invite(
                session, login=login, name=f"Tên {login}", unit_id=unit_id, role=role, by=None, now=self.now
            )
            return self.redeem(session, token, unit_id, vouched=vouched)

    def redeem(self, session: Session, token: str, unit_id: str, *, vouched: bool = False) -> Officer:
        """Enrol with a token and remember how to sign in."""
        done = enrolment.enrol(session, self.core.vault, token, PASSWORD, self.now, vouched=vouched)
        self.officers[done.login] = demo.DemoOfficer(done.login, PASSWORD, done.totp_secret, unit_id, done.recovery_key)
        return self.account(session, done.login)

    def account(self, session: Session, login: str) -> Officer:
        return session.execute(select(Officer).where(Officer.login == login)).scalar_one()
