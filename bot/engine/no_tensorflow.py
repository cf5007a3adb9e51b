"""Serving without TensorFlow: 219 MiB instead of 566 MiB a worker, and none of its unpatched CVEs in the process.

`rasa.core.agent` imports TensorFlow only through three modules that a pipeline without DIET and TED never calls. They
are replaced by empty stand-ins, and importing TensorFlow, Keras or JAX afterwards is refused, so that a pipeline which
does need them fails at start instead of quietly tripling the memory. Private names, but Rasa 3.6.21 is the last release
and will not move them; the probe messages at start prove each time that the model works.

Way back: LACHAN_ENGINE_USE_TENSORFLOW=1 in the gateway's environment; the worker then loads everything.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import os
import sys
import types
from collections.abc import Sequence

SWITCH = "LACHAN_ENGINE_USE_TENSORFLOW"

_STAND_INS = {
    "rasa.utils.tensorflow.callback": ("RasaTrainingLogger", "RasaModelCheckpoint"),
    "rasa.utils.tensorflow.data_generator": (
        "RasaBatchDataGenerator",
        "RasaDataGenerator",
        "IncreasingBatchSizeStrategy",
    ),
    # The schema of the *training* graph is resolved on load too and names this class.
    "rasa.graph_components.validators.default_recipe_validator": ("DefaultV1RecipeValidator",),
}
_REFUSED = frozenset({"tensorflow", "tensorflow_addons", "tensorflow_text", "tensorflow_hub", "keras", "jax", "jaxlib"})


class _Refuse(importlib.abc.MetaPathFinder):
    """An import finder that answers "no such module" for the heavy packages."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: types.ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname.partition(".")[0] in _REFUSED:
            raise ModuleNotFoundError(f"{fullname} is not used at serving time ({SWITCH}=1 brings it back)")
        return None


def wanted() -> bool:
    """Whether the switch asks for TensorFlow."""
    return os.environ.get(SWITCH, "") == "1"


def install() -> None:
    """Put the stand-ins in place. Call before Rasa is imported. Does nothing when the switch is set."""
    if wanted():
        return
    for name, classes in _STAND_INS.items():
        module = types.ModuleType(name)
        for cls in classes:
            setattr(module, cls, type(cls, (), {}))
        sys.modules[name] = module
    sys.meta_path.insert(0, _Refuse())
    from rasa.engine.graph import GraphComponent

    validators = sys.modules["rasa.graph_components.validators.default_recipe_validator"]
    base = GraphComponent  # the loader checks that every node of a graph is one
    validators.DefaultV1RecipeValidator = type(  # type: ignore[attr-defined]
        "DefaultV1RecipeValidator", (base,), {"create": classmethod(lambda cls, *_args, **_kwargs: cls())}
    )
