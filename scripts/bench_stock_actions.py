"""Actions for stock Rasa's own action server, so that `scripts/bench_engine.py` can put it beside the engine.

Our actions read the current turn; the action server knows none. Here each call gets one, with a draft kept by sender.
Run in the engine's Python: LACHAN_BENCH_ACTIONS=<package> python -m rasa_sdk --actions scripts.bench_stock_actions
"""

from __future__ import annotations

import importlib
import os
import pkgutil
from collections import defaultdict
from typing import Any

from rasa_sdk.executor import ActionExecutor

from actions import turn as turns

_package = importlib.import_module(os.environ["LACHAN_BENCH_ACTIONS"])
for _info in pkgutil.walk_packages(_package.__path__, _package.__name__ + "."):
    importlib.import_module(_info.name)

_run = ActionExecutor.run
_drafts: defaultdict[str, dict[str, Any]] = defaultdict(dict)


async def run(self: ActionExecutor, call: dict[str, Any]) -> dict[str, Any] | None:
    """One action call with a turn around it."""
    message = call["tracker"]["latest_message"]
    turns.begin(turns.Turn(text=message.get("text") or "", draft=_drafts[call["sender_id"]]))
    return await _run(self, call)


ActionExecutor.run = run
