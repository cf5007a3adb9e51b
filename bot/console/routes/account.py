"""One's own account: enrolment by a one-time link, and later another password, device, or place to be told."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable
from typing import Any

import segno
from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.console.guard import EVERYONE, PUBLIC, page, site
from bot.console.routes.sign_in import passkey_of, slow
from bot.console.views import render
from bot.core.errors import InvalidInput
from bot.services import audit
from bot.services.units import enrolment, officer_address, own_account, passkeys, signin, unit_keys
from bot.storage.tables import Officer


@page("/enrol/{token}", roles=PUBLIC)
async def show(request: Request) -> Response:
    core, token = request.app.state.core, request.path_params["token"]
    name = await core.db.read(lambda s: enrolment.invited_name(s, token, core.now()))
    return render(request, "enrol.html", {"name": name, "problem": ""})


@page("/enrol/{token}", roles=PUBLIC, method="POST")
async def submit(request: Request) -> Response:
    core, token, form = request.app.state.core, request.path_params["token"], await request.form()
    first, second = str(form.get("password", "")), str(form.get("again", ""))
    name = await core.db.read(lambda s: enrolment.invited_name(s, token, core.now()))
    if first != second:
        return render(request, "enrol.html", {"name": name, "problem": "not_equal"}, 400)
    try:
        done = await core.db.run(lambda s: enrolment.enrol(s, core.vault, token, first, core.now()))
    except InvalidInput as error:
        return render(request, "enrol.html", {"name": name, "problem": error.code}, 400)
    proof = own_account.Proof(
        "", done.login, done.totp_secret, core.now() + own_account.PROOF_LIFETIME, done.recovery_key or "", True
    )
    return _device_page(request, proof)


@page("/enrolled", roles=PUBLIC, method="POST")
async def enrolled(request: Request) -> Response:
    """The six digits of the new device. Until they are right, the page stays: a scan that failed can be repeated."""
    core, form = request.app.state.core, await request.form()
    proof = own_account.open_proof(core.vault, str(form.get("proof", "")), core.now())
    if not own_account.is_right(proof, _digits(form.get("code")), core.now()):
        return _device_page(request, proof, "wrong_code")
    return RedirectResponse("/sign-in", 303)


def _digits(value: object) -> str:
    return str(value or "").replace(" ", "")[:12]


def _device_page(request: Request, proof: own_account.Proof, problem: str = "") -> Response:
    """A secret as picture and letters, with a form that asks for the six digits. `proof` travels sealed in that form."""
    uri = f"otpauth://totp/La%20Chan:{proof.login}?secret={proof.secret}&issuer=La%20Chan"
    drawn = io.BytesIO()
    segno.make(uri).save(drawn, kind="png", scale=5)
    picture = "data:image/png;base64," + base64.b64encode(drawn.getvalue()).decode()
    sealed = own_account.seal_proof(request.app.state.core.vault, proof)
    context = {"done": proof, "picture": picture, "proof": sealed, "problem": problem}
    return render(request, "enrolled.html", context, 400 if problem else 200)


_DONE = frozenset({"password", "device", "sessions", "passkey_added", "passkey_named", "passkey_removed"})


async def own_page(request: Request, problem: str = "", status: int = 200) -> Response:
    """The officer's own account, with what is wrong at its top. problem: a code of the words."""
    core, officer = request.app.state.core, request.state.officer

    def look(session: Session) -> dict[str, Any]:
        row = session.get_one(Officer, officer.officer_id)
        return {
            "found": officer_address.addresses(core.vault, row),
            "sessions": own_account.sessions(session, officer, core.now()),
            "most_sessions": signin.MOST_SESSIONS,
            "passkeys": passkeys.of(session, officer.officer_id),
            "doubtful": unit_keys.doubtful(session, officer),
        }

    weak = request.query_params.get("weak") == "1"
    done = request.query_params.get("done", "")
    context = await core.db.read(look) | {
        "problem": problem, "weak": weak, "done": done if done in _DONE else "", "possible": site(request) is not None,
        "most_passkeys": passkeys.MOST,
    }  # fmt: skip
    return render(request, "me.html", context, status)


async def proven(request: Request, form: Any, work: Callable[[Session, Officer], None] | None = None) -> Officer:
    """The officer, after the old password and the six digits or a passkey; `work` is done in the same transaction.

    Raises InvalidInput('wrong_password' | 'too_many_tries').
    """
    core, officer = request.app.state.core, request.state.officer
    tried = await core.db.read(lambda s: own_account.find(s, core.vault, officer, core.now()))
    unlocked = await slow(core, tried, str(form.get("password", ""))[:200])
    code, instead = _digits(form.get("code")), passkey_of(request, form, "prove", officer.session_id)

    def check(session: Session) -> Officer | None:
        row = own_account.prove(session, core.vault, officer, unlocked, code, core.now(), instead)
        if row is not None and work is not None:
            work(session, row)
        return row

    proven = await core.db.run(check)
    if proven is None:
        raise InvalidInput("wrong_password")
    return proven


@page("/me/password", roles=EVERYONE, method="POST")
async def change_password(request: Request) -> Response:
    """Another password, after the old one and the six digits. Old tips stay readable; sessions elsewhere end."""
    core, officer, form = request.app.state.core, request.state.officer, await request.form()
    new, again = str(form.get("new", ""))[:1000], str(form.get("again", ""))[:1000]

    def work(session: Session, row: Officer) -> None:
        own_account.change_password(session, core.vault, officer, row, new, core.now())

    old = str(form.get("password", ""))
    try:
        await core.db.read(lambda s: own_account.check_new(s, officer, old, new, again))
        await proven(request, form, work)
    except InvalidInput as error:
        return await own_page(request, error.code, 400)
    return RedirectResponse("/me?done=password", 303)


@page("/me/device", roles=EVERYONE, method="POST")
async def new_device(request: Request) -> Response:
    """A new authenticator: first the password and the old one's six digits, then the new one's."""
    core, form = request.app.state.core, await request.form()
    try:
        row = await proven(request, form)
    except InvalidInput as error:
        return await own_page(request, error.code, 400)
    return _device_page(request, own_account.new_proof(row, core.now()))


@page("/me/device/try", roles=EVERYONE, method="POST")
async def try_device(request: Request) -> Response:
    """The new authenticator's six digits: from now on it counts, and the old one no more."""
    core, officer, form = request.app.state.core, request.state.officer, await request.form()
    proof = own_account.open_proof(core.vault, str(form.get("proof", "")), core.now())
    if not own_account.is_right(proof, _digits(form.get("code")), core.now()):
        return _device_page(request, proof, "wrong_code")
    await core.db.run(lambda s: own_account.change_device(s, core.vault, officer, proof, core.now()))
    return RedirectResponse("/me?done=device", 303)


@page("/me/sessions", roles=EVERYONE, method="POST")
async def end_others(request: Request) -> Response:
    """Sign out everywhere but here."""
    core, officer = request.app.state.core, request.state.officer
    await core.db.run(lambda s: own_account.end_others(s, officer, core.now()))
    return RedirectResponse("/me?done=sessions", 303)


@page("/me", roles=EVERYONE)
async def own(request: Request) -> Response:
    """One's own password, device and sessions, and where one is told that work waits."""
    return await own_page(request)


@page("/me", roles=EVERYONE, method="POST")
async def set_own(request: Request) -> Response:
    core, officer, form = request.app.state.core, request.state.officer, await request.form()
    email, channel, address = (str(form.get(name, "")) for name in ("email", "channel", "address"))

    def work(session: Session) -> None:
        row = session.get_one(Officer, officer.officer_id)
        officer_address.set_email(core.vault, row, email)
        officer_address.set_channel(core.vault, row, channel, address)
        audit.record(session, core.now(), officer.officer_id, "address_set", officer.officer_id)

    await core.db.run(work)
    return RedirectResponse("/me", 303)
