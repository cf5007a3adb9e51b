"""One loaded model as a pure function: `(state, message, context) -> (state', replies, commands)`."""

from __future__ import annotations

import gc
import re
import tempfile
import time
import unicodedata
from pathlib import Path
from typing import Any

from rasa.core.actions.action import Action, ActionExecutionRejection
from rasa.core.agent import Agent
from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.core.processor import MessageProcessor
from rasa.core.tracker_store import TrackerStore
from rasa.engine import loader
from rasa.engine.runner.interface import GraphRunner
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.storage import ModelMetadata
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker

from actions import turn as turns
from bot.core.text import excerpt, nfc
from bot.engine import protocol, state
from bot.engine.inproc import ActionFailed, InProcessActions, cache_validator
from bot.engine.runner import PlainGraphRunner
from bot.engine.store import TurnStore, record, turn_record

# The model reads 1,000 characters of a message, the beginning and the end: longer text makes a classifier sure of
# nonsense and blocks the worker. Turn.text keeps all of it.
NLU_HEAD, NLU_TAIL = 700, 299
RANKING = 5

# What Rasa's tracker holds instead of the citizen's words, so that neither a slot filled `from_text` nor an exception
# nor an event can contain them. Actions read `actions.turn.current().text`.
TEXT_REFERENCE = "@text"
CHOICE_REFERENCE = "@choice"
CHOOSE = "choose"  # intent of a tapped button that names none
NOT_UNDERSTOOD = "nlu_fallback"

_CONVERSATION = "conversation"  # one name for all: nothing in the engine may tell conversations apart


_COMMAND_PREFIX = re.compile(r"^[\s/]+")


class TurnError(Exception):
    """The turn has no effect. `code` is one of those in bot.engine.protocol."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class _Output(OutputChannel):
    """Collects what say() and command() made, in order."""

    def __init__(self) -> None:
        self.replies: list[dict[str, Any]] = []
        self.commands: list[dict[str, Any]] = []
        self.unusable = False

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        custom = message.get("custom")
        args = (custom.get("args") or {}) if isinstance(custom, dict) else None
        if isinstance(custom, dict) and isinstance(custom.get("say"), str) and isinstance(args, dict):
            self.replies.append({"say": custom["say"], "args": args})
        elif isinstance(custom, dict) and isinstance(custom.get("command"), str) and isinstance(args, dict):
            self.commands.append({"command": custom["command"], "args": args, "after": len(self.replies)})
        else:
            self.unusable = True


class _Strict:
    """An action whose exception ends the turn. Stock Rasa logs it with the conversation and goes on without events."""

    def __init__(self, action: Action) -> None:
        self._action = action

    def __getattr__(self, name: str) -> Any:
        return getattr(self._action, name)

    async def run(self, *args: Any, **kwargs: Any) -> Any:
        try:
            return await self._action.run(*args, **kwargs)
        except ActionExecutionRejection:
            raise  # a form saying "this is not for me": part of the dialogue
        except Exception:  # only the name may leave
            record.get().failed = record.get().failed or self._action.name()
        return []


class _Processor(MessageProcessor):
    """Stops a turn at the first failed action, and runs the graph without a scheduler."""

    @staticmethod
    def _load_model(model_path: str | Path) -> tuple[str, ModelMetadata, GraphRunner]:
        with tempfile.TemporaryDirectory() as folder:
            metadata, runner = loader.load_predict_graph_runner(
                Path(folder), Path(model_path), LocalModelStorage, PlainGraphRunner
            )
        return Path(model_path).name, metadata, runner

    async def _run_action(self, action: Action, *args: Any, **kwargs: Any) -> bool:
        go_on = await super()._run_action(_Strict(action), *args, **kwargs)
        failed = record.get().failed
        if failed:
            raise ActionFailed(failed)
        return go_on


class _Agent(Agent):
    """Rasa's agent without the wrapper that turns a failing tracker store into silent amnesia."""

    @staticmethod
    def _create_tracker_store(store: TrackerStore | None, domain: Domain) -> TrackerStore:
        if store is None:
            raise TypeError("a tracker store is required")
        store.domain = domain
        return store

    def load_model(self, model_path: str | Path, fingerprint: str | None = None) -> None:
        self.processor = _Processor(
            model_path=model_path,
            tracker_store=self.tracker_store,
            lock_store=self.lock_store,
            action_endpoint=self.action_endpoint,
            generator=self.nlg,
        )
        self.domain = self.processor.domain
        self._set_fingerprint(fingerprint)
        self.tracker_store.domain = self.domain
        self.nlg.responses = self.domain.responses


def nlu_text(text: str) -> str:
    """What the model reads: NFC, no control or broken characters, no command prefix, at most 1,000 characters.

    Rasa takes text starting with "/" as an intent typed by a developer: it would bypass the model and print the text.
    """
    text = excerpt(nfc(text), NLU_HEAD, NLU_TAIL)
    # A line break stays: people who write in pieces end each with one, and what a piece tells is read by itself.
    text = "".join(" " if c != "\n" and unicodedata.category(c) in {"Cc", "Cs"} else c for c in text)
    return _COMMAND_PREFIX.sub("", text).rstrip()


class Engine:
    """A loaded model with its actions. Not thread-safe: one turn at a time."""

    def __init__(self, agent: Agent, model: str) -> None:
        self._processor = agent.processor
        self._domain: Domain = agent.domain
        self.model = model
        self._slots = frozenset(s.name for s in self._domain.slots)
        self._loops = frozenset(self._domain.form_names)
        session = self._domain.session_config
        self._expiry = session.session_expiration_time * 60 if session.are_sessions_enabled() else float("inf")

    @classmethod
    def load(cls, archive: Path, model: str, actions: str = "actions") -> Engine:
        """Load the model archive and the action package. Raises what Rasa or an import raises; no citizen is near."""
        endpoint = InProcessActions(actions)
        cache_validator()
        agent = _Agent(tracker_store=TurnStore(None), action_endpoint=endpoint)
        agent.load_model(str(archive))
        if not isinstance(agent.tracker_store, TurnStore) or agent.processor.tracker_store is not agent.tracker_store:
            raise RuntimeError("Rasa did not keep the tracker store it was given")
        if agent.domain.session_config.carry_over_slots:
            raise RuntimeError("the domain must set session_config.carry_over_slots_to_new_session: false")
        absent = [a for a in agent.domain.user_actions if not a.startswith("utter_") and a not in endpoint.names]
        if absent:
            raise RuntimeError(f"the domain names actions that do not exist: {', '.join(sorted(absent))}")
        endpoint.attach(agent.domain)
        gc.collect()
        gc.freeze()  # thousands of module objects out of every later collection: no more pauses of half a second
        return cls(agent, model)

    async def parse(self, text: str) -> dict[str, Any]:
        """What the model understands: {"intent", "confidence", "emergency", "ranking": [[name, p], ...], "clauses"}.

        clauses: [{"text", "kinds": [[kind, p], ...]}, ...], what each piece of the message tells. They go back to whoever
        sent the words, and with them into the sealed state of the conversation; nothing here logs them.
        """
        words = nlu_text(text)
        data: dict[str, Any] = {}
        if words:
            tracker = DialogueStateTracker.from_events(_CONVERSATION, [])
            data = await self._processor.parse_message(UserMessage(words, _Output(), _CONVERSATION), tracker)
        intent = data.get("intent") or {}
        ranking = [[r.get("name"), round(float(r.get("confidence", 0)), 4)] for r in data.get("intent_ranking") or []]
        return {
            "intent": intent.get("name") or NOT_UNDERSTOOD,
            "confidence": round(float(intent.get("confidence") or 0.0), 4),
            "emergency": bool(data.get("emergency", False)),
            "ranking": ranking[:RANKING],
            "clauses": [
                {"text": e["value"], "kinds": e["kinds"]} for e in data.get("entities") or [] if e.get("kinds")
            ],
        }

    def _open(self, given: dict[str, Any] | None) -> tuple[list[state.EventDict], dict[str, Any]]:
        """Events and draft of a state; empty ones for none, an expired one, or one of another version."""
        if given is None or given.get("v") != state.VERSION:
            return [], {}
        events, draft = list(given.get("events") or []), dict(given.get("draft") or {})
        last = state.last_user_time(events)
        if last is not None and time.time() - last > self._expiry:
            return [], {}
        if given.get("model") != self.model:
            events = state.carry_over(events, self._slots, self._loops)
        return events, draft

    async def turn(self, request: dict[str, Any]) -> dict[str, Any]:
        """Answer one message (see protocol.py). Raises TurnError; then nothing has changed anywhere."""
        text, choice, intent = request["text"], request["choice"], request["intent"]
        tapped = bool(choice or intent)
        if tapped:
            name = intent or CHOOSE
            nlu = {"intent": name, "confidence": 1.0, "emergency": False, "ranking": [[name, 1.0]]}
            if intent and text:  # what the gateway knows the message to be may tell things all the same
                nlu["clauses"] = (await self.parse(text))["clauses"]
        else:
            nlu = await self.parse(text)
        events, draft = self._open(request["state"])
        now = turn_record(events)
        turn = turns.Turn(text=text, choice=choice, context=request["context"] | {"nlu": nlu}, draft=draft)
        turns.begin(turn)
        output = _Output()
        message = UserMessage(
            CHOICE_REFERENCE if tapped else TEXT_REFERENCE,
            output,
            _CONVERSATION,
            parse_data={
                "text": CHOICE_REFERENCE if tapped else TEXT_REFERENCE,
                "intent": {"name": nlu["intent"], "confidence": nlu["confidence"]},
                "entities": [],
                "intent_ranking": [{"name": n, "confidence": p} for n, p in nlu["ranking"]],
            },
        )
        try:
            await self._processor.handle_message(message)
        except ActionFailed:
            raise TurnError(protocol.ACTION_FAILED) from None
        _check(now.failed, now.listening, output)
        after = {"v": state.VERSION, "model": self.model, "events": now.after, "draft": turn.draft}
        return {"state": after, "replies": output.replies, "commands": output.commands, "nlu": nlu}


def _check(failed: str, listening: bool, output: _Output) -> None:
    """The guards. Each stands for a conversation that stock Rasa would leave silent or stuck."""
    if failed:  # swallowed by Rasa outside of _run_action, for instance while filling slots
        raise TurnError(protocol.ACTION_FAILED)
    if not listening:
        raise TurnError(protocol.NOT_LISTENING)
    if output.unusable:
        raise TurnError(protocol.BAD_REPLY)
    if not output.replies and not output.commands:
        raise TurnError(protocol.NO_REPLY)
