"""Custom actions inside the engine process: no action server, no HTTP, no copy of the conversation on a wire."""

from __future__ import annotations

import importlib
import pkgutil
from typing import Any

import jsonschema
from rasa.core.actions.action import ActionExecutionRejection, RemoteAction
from rasa.shared.core.domain import Domain
from rasa.utils.endpoints import EndpointConfig
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection as SdkRejection

from bot.engine.store import record


class ActionFailed(Exception):
    """An action raised. Names the action only; what it raised may quote the citizen."""


def _import_all(package: str) -> None:
    """Import a package and everything below it, so that a broken module stops the start with its own error."""
    module = importlib.import_module(package)
    for info in pkgutil.walk_packages(getattr(module, "__path__", []), package + "."):
        importlib.import_module(info.name)


class InProcessActions(EndpointConfig):
    """Stands where Rasa expects the address of an action server and runs the action instead.

    An exception in an action is noted in the turn's record and raised again without its message: stock Rasa prints the
    whole conversation in that case and goes on as if the action had run.
    """

    def __init__(self, package: str) -> None:
        # selective_domain: Rasa would otherwise build the domain's dictionary anew for every call.
        super().__init__(url="inprocess:", selective_domain=True)
        self._executor = ActionExecutor()
        self._domain: dict[str, Any] = {}
        _import_all(package)
        self._executor.register_package(package)

    @property
    def names(self) -> frozenset[str]:
        """Names of the registered actions."""
        return frozenset(self._executor.actions)

    def attach(self, domain: Domain) -> None:
        """Give actions the domain of the loaded model (form validation reads it)."""
        self._domain = domain.as_dict()

    async def request(self, *_args: Any, **kwargs: Any) -> dict[str, Any]:
        """Run `kwargs["json"]["next_action"]`. Raises Rasa's ActionExecutionRejection, or ActionFailed."""
        call = {"domain": self._domain, **kwargs["json"]}
        name = str(call.get("next_action"))
        rejected = False
        try:
            result = await self._executor.run(call)
        except SdkRejection:
            rejected = True
        except Exception:  # whatever it was, only the action's name may leave
            record.get().failed = name
        else:
            return result or {"events": [], "responses": []}
        # Outside the handler, so that the original exception is not carried along as context.
        raise ActionExecutionRejection(name) if rejected else ActionFailed(name)


def cache_validator() -> None:
    """Build Rasa's response validator once. Stock re-checks the schema itself on every action: 30 of 35 ms a form turn.

    https://github.com/RasaHQ/rasa/issues/11717
    """
    schema = RemoteAction.action_response_format_spec()
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)

    def validate(self: RemoteAction, result: dict[str, Any]) -> bool:
        if not validator.is_valid(result):
            record.get().failed = self.name()
            raise ActionFailed(self.name())
        return True

    RemoteAction._validate_action_result = validate
