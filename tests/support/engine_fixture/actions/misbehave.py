"""Actions that do what no action may, to show that the worker stands it and says nothing."""

from __future__ import annotations

import logging
import os
import socket
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import FollowupAction
from rasa_sdk.executor import CollectingDispatcher

from actions.turn import current
from bot.dialogue.says import say
from tests.support import wall_attacks


class Raise(Action):
    def name(self) -> str:
        return "action_test_raise"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[Any]:
        raise RuntimeError(f"could not handle {current().text} {tracker.latest_message}")


class Silent(Action):
    def name(self) -> str:
        return "action_test_silent"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[Any]:
        return []


class Plain(Action):
    """Utters words of its own instead of naming a content item."""

    def name(self) -> str:
        return "action_test_plain"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[Any]:
        dispatcher.utter_message(text="words")
        return []


class Stuck(Action):
    """What `core_fallback_action_name: utter_xxx` does to a stock bot: it never comes to rest."""

    def name(self) -> str:
        return "action_test_stuck"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[Any]:
        dispatcher.utter_message(json_message=say("again"))
        return [FollowupAction("action_test_stuck")]


class Hang(Action):
    def name(self) -> str:
        return "action_test_hang"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[Any]:
        time.sleep(120)
        return []


class Slow(Action):
    def name(self) -> str:
        return "action_test_slow"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[Any]:
        time.sleep(0.5)
        dispatcher.utter_message(json_message=say("slow", worker=os.getpid()))
        return []


class Noise(Action):
    """Everything a careless developer leaves behind while searching for an error."""

    def name(self) -> str:
        return "action_test_noise"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[Any]:
        text = current().text
        print(text)
        print(text, file=sys.stderr)
        os.write(1, text.encode())
        os.write(2, text.encode())
        warnings.warn(text, stacklevel=1)
        for name in ("", "rasa", "rasa.core.processor", "new"):
            logging.getLogger(name).critical("saw %s", text)
        dispatcher.utter_message(json_message=say("quiet"))
        return []


class Wall(Action):
    """Tries every way out and reports the ones that worked: Python's own, or those of native code (context: attack)."""

    def name(self) -> str:
        return "action_test_wall"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[Any]:
        if "attack" in current().context:
            found = wall_attacks.open_ways(current().context["attack"])
            dispatcher.utter_message(json_message=say("ways_out", open=found))
            return []
        folder = Path(current().context["folder"])
        port = current().context["port"]
        ways: dict[str, Callable[[], Any]] = {
            "tcp": lambda: socket.create_connection(("127.0.0.1", port), timeout=1),
            "name": lambda: socket.getaddrinfo("localhost", 80),
            "file": lambda: (folder / "left.txt").write_text("x"),
            "append": lambda: os.open(folder / "left2.txt", os.O_CREAT | os.O_WRONLY),
            "temp": lambda: tempfile.mkstemp(),
            "process": lambda: subprocess.run(["true"], check=True),
            "shell": lambda: os.system("true"),
        }
        dispatcher.utter_message(json_message=say("ways_out", open=[name for name, way in ways.items() if works(way)]))
        return []


def works(way: Callable[[], Any]) -> bool:
    try:
        way()
    except Exception:
        return False
    return True


class Echo(Action):
    """Shows what an action sees."""

    def name(self) -> str:
        return "action_test_echo"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[Any]:
        turn = current()
        seen = tracker.latest_message
        dispatcher.utter_message(
            json_message=say(
                "echo",
                text=turn.text,
                choice=turn.choice,
                context=turn.context,
                tracker_text=seen.get("text"),
                sender=tracker.sender_id,
                tensorflow="tensorflow" in sys.modules,
                umask=oct(os.umask(0o077)),
                streams=[os.fstat(fd).st_rdev for fd in (0, 1, 2)],
                environment=sorted(os.environ),
                telemetry=os.environ.get("RASA_TELEMETRY_ENABLED"),
            )
        )
        return []


class Draft(Action):
    """Leaves something in the draft that is no JSON."""

    def name(self) -> str:
        return "action_test_draft"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[Any]:
        current().draft["odd"] = object()
        dispatcher.utter_message(json_message=say("ok"))
        return []
