"""Runs the model's graph node after node. Rasa hands it to dask, which plans and schedules it anew for every message.

Three runs a turn over some fifteen small nodes: dask's planning was a sixth of a turn. The nodes, their order and what
each is given stay the same; the plan is made once for each set of targets.
"""

from __future__ import annotations

from typing import Any

from rasa.engine.exceptions import GraphRunError
from rasa.engine.runner.dask import DaskGraphRunner


class PlainGraphRunner(DaskGraphRunner):
    """A GraphRunner without a scheduler; see the base class for the arguments."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._plans: dict[tuple[str, ...], list[tuple[str, tuple[str, ...]]]] = {}

    def _plan(self, targets: tuple[str, ...]) -> list[tuple[str, tuple[str, ...]]]:
        """Nodes that lead to `targets`, parents first, each with the names of what it needs."""
        nodes = self._graph_schema.minimal_graph_schema(list(targets)).nodes
        needs = {name: tuple(node.needs.values()) for name, node in nodes.items()}
        order: list[str] = []
        while len(order) < len(needs):
            ready = [n for n in needs if n not in order and all(p in order or p not in needs for p in needs[n])]
            if not ready:
                raise GraphRunError("the graph has a cycle")
            order += ready
        return [(name, needs[name]) for name in order]

    def run(self, inputs: dict[str, Any] | None = None, targets: list[str] | None = None) -> dict[str, Any]:
        """Output of each target. Raises what a node raises."""
        wanted = tuple(targets or self._graph_schema.target_names)
        plan = self._plans.get(wanted)
        if plan is None:
            plan = self._plans[wanted] = self._plan(wanted)
        done: dict[str, Any] = {name: (name, value) for name, value in (inputs or {}).items()}
        for name, needs in plan:
            done[name] = self._instantiated_nodes[name](*(done[need] for need in needs))
        return {name: done[name][1] for name in wanted}
