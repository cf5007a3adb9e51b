"""An entry of the audit log in plain Vietnamese: its codes are names of units, reasons, results."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from bot.presentation.words import when, words


def plain(detail: str, units: Mapping[str, str], officers: Mapping[str, str], number: Callable[[str], str]) -> str:
    """A detail ("referral=… unit=… reason=…") in words; a code that nobody named stands as it is.

    units, officers: names by id. number: of a referral, as officers see it.
    """
    return "; ".join(filter(None, (_part(part, units, officers, number) for part in detail.split())))


def _part(part: str, units: Mapping[str, str], officers: Mapping[str, str], number: Callable[[str], str]) -> str:
    table = words()
    name, sign, value = part.partition("=")
    label = table["audit_detail"].get(name)
    if not sign or label is None:
        return part
    if name == "referral":
        return f"{label} {number(value)}"
    if name == "told" and value.replace(".", "", 1).isdigit():
        return f"{label} {when(float(value))}"
    if name == "told":  # of an escalation: to which units
        label = table["audit_detail"]["told_to"]
    named = {
        "unit": units, "told": units, "holders": units, "was": units, "now": units, "to": {**officers, "nobody": "không ai"}, "for": officers,
        "reason": {**table["keeping"], **table["copy_reasons"], **table["reasons"]}, "role": table["roles"],
        "result": table["findings"], "basis": table["bases"], "decision": table["decisions"], "channel": table["channels"],
        "parts": table["parts"], "consent": table["consent"], "why": table["erased_why"],
    }.get(name, {})  # fmt: skip
    said = ", ".join(str(named.get(one, one)) for one in value.split(","))
    return f"{label}: {said}"


def cell(text: str) -> str:
    """A cell of a CSV that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t", "\r"} else text


def actor(actor_id: str, officers: Mapping[str, str]) -> str:
    """Who did it: an officer's name, the reporter, the system, or the beginning of an id that is no account any more."""
    known: dict[str, Any] = words()["actors"]
    return str(officers.get(actor_id) or known.get(actor_id) or actor_id[:8])
