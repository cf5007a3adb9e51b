"""The acts on a campaign. Each is one transaction, checked by the rules in bot.core.campaigns and written to the audit log."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlmodel import Session, col

from bot.core.campaigns import params as params_module
from bot.core.campaigns import rules, states
from bot.core.campaigns.params import Params, digest
from bot.core.campaigns.schedule import MOST_AHEAD, VIETNAM
from bot.core.campaigns.states import Act, State
from bot.core.errors import InvalidInput, NotAllowed
from bot.services import audit
from bot.services.campaigns import reach, subscribers
from bot.services.campaigns.words import TAP, Sources, content_problem, freeze, messages, thaw
from bot.settings import Settings
from bot.storage.database import changed
from bot.storage.tables import Audit, Campaign, CampaignTest, Delivery

MOST_ID = 2**31 - 1  # what an id can be in every database


@dataclass(frozen=True)
class Desk:
    """What the acts need beside the session.

    on: channels that can be sent on here and now. province_of: a commune's code to the code of its province.
    """

    sources: Sources
    on: tuple[str, ...]
    now: float
    province_of: Callable[[str], str]


def channels_on(settings: Settings) -> tuple[str, ...]:
    """Channels with a token."""
    found = {
        "telegram": settings.telegram.token, "zalo_oa": settings.zalo_oa.app_id, "zalo_bot": settings.zalo_bot.token,
    }  # fmt: skip
    return tuple(channel for channel, token in found.items() if token)


def get(session: Session, campaign_id: int) -> Campaign:
    """Raises NotAllowed when there is none."""
    row = session.get(Campaign, campaign_id) if campaign_id <= MOST_ID else None
    if row is None:
        raise NotAllowed("campaign")
    return row


def _hold(session: Session, campaign_id: int) -> Campaign:
    """The campaign as it is now, held until the transaction ends: nobody changes between our reading and our step.

    Raises NotAllowed when there is none.
    """
    row = get(session, campaign_id)
    session.refresh(row, with_for_update=True)
    return row


def listing(session: Session, limit: int = 200) -> list[Campaign]:
    """The newest first."""
    return list(session.execute(select(Campaign).order_by(col(Campaign.id).desc()).limit(limit)).scalars())


def params_of(campaign: Campaign) -> Params:
    """The campaign's parameters."""
    return Params.from_json(campaign.params)


def create(session: Session, desk: Desk, params: Params, by: str) -> Campaign:
    """A draft. Raises InvalidInput for parameters that cannot be used at all."""
    checked = params_module.check(params)
    row = Campaign(
        title=checked.title, params=checked.to_json(), created_by=by, created_at=desk.now, start_at=checked.start_at
    )
    session.add(row)
    session.flush()
    audit.record(session, desk.now, by, "campaign_created", str(row.id), f"source={checked.source_id}")
    return row


def edit(session: Session, desk: Desk, campaign_id: int, params: Params, by: str) -> Campaign:
    """Change a draft. Raises InvalidInput('act_not_possible') for anything else: an approval is for what was read."""
    row, checked = _hold(session, campaign_id), params_module.check(params)
    _move(session, row, Act.EDIT)
    row.title, row.params, row.start_at, row.created_by = checked.title, checked.to_json(), checked.start_at, by
    row.frozen = row.digest = row.approved_digest = ""
    session.add(row)
    audit.record(session, desk.now, by, "campaign_edited", str(row.id))
    return row


def problems(session: Session, desk: Desk, params: Params) -> list[str]:
    """Why a campaign with these parameters could not be sent as things are; empty when it can."""
    people = sum(subscribers.count(session, params.audience, desk.on).values())
    off = tuple(channel for channel in params.audience.channels if channel not in desk.on)
    if not desk.on and not params.dry_run:
        off = off or ("all",)
    return rules.problems(params, rules.Facts(desk.now, people, off, _content(desk, params)))


def _content(desk: Desk, params: Params) -> str:
    """What is wrong with the words until the last minute over which the sending is stretched, or ''."""
    last = min(max(params.start_at, desk.now) + params.spread * 60.0, desk.now + 2 * MOST_AHEAD)
    return content_problem(desk.sources, params, datetime.fromtimestamp(last, VIETNAM).date())


def submit(session: Session, desk: Desk, campaign_id: int, by: str) -> Campaign:
    """Freeze words and parameters and ask for a second person. Raises InvalidInput naming the first thing wrong."""
    row = _hold(session, campaign_id)
    params = params_of(row)
    if found := problems(session, desk, params):
        raise InvalidInput(found[0])
    _move(session, row, Act.SUBMIT)
    row.frozen = freeze(messages(desk.sources, params, campaign_id))
    row.digest, row.submitted_by, row.reason = digest(row.params, row.frozen), by, ""
    if params.dry_run:  # nothing leaves the house, so nobody has to agree
        row.state, row.approved_by, row.approved_at = State.APPROVED.value, "", 0.0
    session.add(row)
    audit.record(session, desk.now, by, "campaign_submitted", str(row.id), row.digest[:16])
    return row


def approve(session: Session, desk: Desk, campaign_id: int, by: str, shown: str) -> Campaign:
    """A second person agrees to what they were shown (`shown` is its digest).

    One of the two, who submits or who agrees, must answer for everybody it can reach.

    Raises InvalidInput('not_submitted' | 'own_campaign' | 'changed' | 'beyond_reach' | what is wrong by now).
    """
    row = _hold(session, campaign_id)
    authors = frozenset({row.created_by, row.submitted_by, *_writers(session, campaign_id)})
    if refused := rules.approval_problem(row.state, authors, by, shown, row.params, row.frozen):
        raise InvalidInput(refused)
    if beyond_reach(session, desk, row, by):
        raise InvalidInput("beyond_reach")
    if found := problems(session, desk, params_of(row)):
        raise InvalidInput(found[0])
    _move(session, row, Act.APPROVE)
    row.approved_by, row.approved_at, row.approved_digest = by, desk.now, shown
    session.add(row)
    audit.record(session, desk.now, by, "campaign_approved", str(row.id), shown[:16])
    return row


def beyond_reach(session: Session, desk: Desk, row: Campaign, by: str) -> bool:
    """Whether neither who submitted it nor `by` answers for all the places it goes to."""
    audience = params_of(row).audience
    return not reach.covered(session, audience, {row.submitted_by, by}, desk.province_of)


def _writers(session: Session, campaign_id: int) -> set[str]:
    """Everybody who ever wrote on it, by the audit log: who edited first is an author even if others edited later."""
    query = select(col(Audit.actor)).where(
        col(Audit.action).in_(["campaign_created", "campaign_edited", "campaign_submitted"]),
        col(Audit.subject) == str(campaign_id),
    )
    return set(session.execute(query).scalars())


def act(session: Session, campaign_id: int, what: Act, by: str, now: float, reason: str = "") -> Campaign:
    """Withdraw, pause, resume or stop. Raises InvalidInput('act_not_possible')."""
    if what not in {Act.WITHDRAW, Act.PAUSE, Act.RESUME, Act.STOP}:
        raise InvalidInput("act_not_possible")
    row = get(session, campaign_id)
    if what is Act.WITHDRAW and row.started_at:
        raise InvalidInput("act_not_possible")  # some people have it already
    _move(session, row, what)
    row.reason = reason
    if what is Act.WITHDRAW:
        row.frozen = row.digest = row.approved_digest = row.approved_by = row.submitted_by = ""
        row.approved_at = 0.0
    if what is Act.STOP:
        row.ended_at = now
    session.add(row)
    audit.record(session, now, by, f"campaign_{what.value}", str(row.id), reason)
    return row


def start(session: Session, desk: Desk, row: Campaign) -> bool:
    """Let a campaign run whose time has come; one that may not is paused with the reason. Returns whether it runs."""
    params = params_of(row)
    refused = rules.start_refusal(params, row.params, row.frozen, row.approved_digest, row.approved_by)
    if not refused and not row.started_at:
        found = [code for code in problems(session, desk, params) if code not in {"past", "night"}]
        refused = found[0] if found else ""
    elif not refused:  # it goes on: some have it, the rest must not get words that expired in the meantime
        refused = content_problem(desk.sources, params, datetime.fromtimestamp(desk.now, VIETNAM).date())
    if refused:
        act(session, row.id, Act.PAUSE, "system", desk.now, refused)
        return False
    _move(session, row, Act.START)
    row.reason, row.started_at = "", row.started_at or desk.now
    session.add(row)
    audit.record(session, desk.now, "system", "campaign_started", str(row.id))
    return True


def finish(session: Session, row: Campaign, now: float, summary: str) -> None:
    """Everybody has a result."""
    _move(session, row, Act.FINISH)
    row.ended_at, row.summary = now, summary
    session.add(row)
    audit.record(session, now, "system", "campaign_done", str(row.id), f"total={row.total}")


def in_state(session: Session, wanted: Sequence[State], due_at: float | None = None) -> list[Campaign]:
    """Campaigns in any of these states, the oldest first; with `due_at` only those whose start has come."""
    query = select(Campaign).where(col(Campaign.state).in_([state.value for state in wanted]))
    if due_at is not None:
        query = query.where(col(Campaign.start_at) <= due_at)
    return list(session.execute(query.order_by(col(Campaign.id))).scalars())


def ask_test(session: Session, campaign_id: int, officer_id: str, now: float) -> None:
    """Send the message to the officer who asks, on the channel of their notices. The jobs process does it."""
    row = get(session, campaign_id)
    session.add(CampaignTest(campaign_id=row.id, officer_id=officer_id, created_at=now))
    audit.record(session, now, officer_id, "campaign_test", str(row.id))


def tapped(session: Session, campaign_id: int, choice: str, conversation_id: str) -> None:
    """Count a tap on a campaign's button by somebody it was sent to. What was never one of its buttons is not counted."""
    got = select(col(Delivery.id)).where(
        col(Delivery.conversation_id) == conversation_id, col(Delivery.campaign_id) == campaign_id
    )
    if session.execute(got).first() is None:
        return
    row = session.get(Campaign, campaign_id)
    offered = (
        {button.id for message in thaw(row.frozen).values() for button in message.choices}
        if row and row.frozen
        else set()
    )
    if f"{TAP}:{campaign_id}:{choice}" not in offered:
        return
    subscribers.count_tap(session, campaign_id, choice)


def _move(session: Session, row: Campaign, what: Act) -> None:
    """Take the step only if the state is still the one that was read."""
    before, to = State(row.state), states.after(State(row.state), what)
    done = changed(
        session,
        update(Campaign)
        .where(col(Campaign.id) == row.id, col(Campaign.state) == before.value)
        .values(state=to.value)
        .execution_options(synchronize_session=False),
    )
    if done != 1:
        raise InvalidInput("act_not_possible")
    row.state = to.value
