"""Does the gazetteer hold what it must? Counts, known facts, and that every edge leads somewhere."""

from __future__ import annotations

from bot.core.places.gazetteer import Gazetteer

EXPECTED = {"provinces": 34, "communes": 3321, "old_provinces": 63, "old_districts": 696, "old_communes": 10035}
_FACTS = {  # spot checks: code -> name, province
    "10645": ("Xã An Phú", "31"),
    "11692": ("Phường Dương Kinh", "31"),
    "03390": ("Xã Bình Lư", "12"),
    "03408": ("Phường Tân Phong", "12"),
    "06970": ("Xã Ba Chẽ", "22"),
    "23938": ("Xã Ia Mơ", "52"),
}


def problems(gazetteer: Gazetteer) -> list[str]:
    """What is wrong, one sentence each; empty when all is well."""
    found = [
        f"{name}: {gazetteer.counts.get(name)} instead of {wanted}"
        for name, wanted in EXPECTED.items()
        if gazetteer.counts.get(name) != wanted
    ]
    for code, (name, province) in _FACTS.items():
        commune = gazetteer.communes.get(code)
        if commune is None or (commune.full_name, commune.province) != (name, province):
            found.append(f"commune {code} is not {name} of province {province}")
    led_to = {target for *_, leads in gazetteer.old_communes.values() for target in leads.split()}
    led_to |= {code for entry in gazetteer.index.values() for e in entry if e.kind.value == "D" for code in e.codes}
    missing = sorted(set(gazetteer.communes) - led_to)
    if missing:
        found.append(f"no former unit leads to {len(missing)} communes, the first is {missing[0]}")
    for commune in gazetteer.communes.values():
        if not (6.0 < commune.lat < 23.6 and 102.0 < commune.lon < 117.5):
            found.append(f"commune {commune.code} has a point outside the country")
    return found
