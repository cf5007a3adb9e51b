"""`make sbom`: what both Pythons are built of, as CycloneDX 1.6 JSON, from the lock files alone.

    .venv/bin/python scripts/sbom.py [FOLDER]      default: build/sbom

Names, versions, package URLs, SHA-256 of every file that may be installed, and who needs whom. The same lock files give
the same bytes, on any machine: the time is that of nothing and the serial number is made of the lock file.
"""

from __future__ import annotations

import hashlib
import re
import sys
import uuid
from dataclasses import dataclass, field
from pathlib import Path

import tomllib
from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL

ROOT = Path(__file__).resolve().parents[1]
PARTS = {"lachan": ROOT, "lachan-engine": ROOT / "bot" / "engine"}
_PACKAGE = re.compile(r"^([a-z0-9][\w.-]*)==([^\s;\\]+)")
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")
_VIA = re.compile(r"^\s+#\s+(?:via\s+)?([a-z0-9][\w.-]*)(?: \(.*\))?$")


@dataclass
class Locked:
    """One package of a lock file."""

    name: str
    version: str
    hashes: list[str] = field(default_factory=list)
    needed_by: list[str] = field(default_factory=list)


def read(lock: str) -> list[Locked]:
    """The packages of a lock file as uv writes it."""
    found: list[Locked] = []
    for line in lock.splitlines():
        if start := _PACKAGE.match(line):
            found.append(Locked(start[1], start[2]))
        elif found and (digest := _HASH.search(line)):
            found[-1].hashes.append(digest[1])
        elif found and (via := _VIA.match(line)) and via[1] != "via":
            found[-1].needed_by.append(via[1])
    return found


def bill(part: str, folder: Path) -> str:
    """The bill of one Python, as JSON."""
    project = tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    text = (folder / "requirements.lock").read_text(encoding="utf-8")
    packages = read(text)
    own = Component(name=part, version=project["version"], type=ComponentType.APPLICATION, bom_ref=part)
    components = {package.name: _component(package) for package in packages}
    bom = Bom(components=components.values(), serial_number=uuid.UUID(hashlib.sha256(text.encode()).hexdigest()[:32]))
    bom.metadata.component = own
    needs: dict[str, list[Component]] = {}
    for package in packages:
        for name in package.needed_by:
            needs.setdefault(name, []).append(components[package.name])
    for name, component in [(part, own), *components.items()]:
        bom.register_dependency(component, needs.get(name, []))
    written = JsonV1Dot6(bom).output_as_string(indent=1)
    return re.sub(r',\s*"timestamp": "[^"]*"|"timestamp": "[^"]*",\s*', "", written) + "\n"


def _component(package: Locked) -> Component:
    return Component(
        name=package.name,
        version=package.version,
        type=ComponentType.LIBRARY,
        bom_ref=f"{package.name}=={package.version}",
        purl=PackageURL("pypi", None, package.name.lower().replace("_", "-"), package.version),
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=digest) for digest in package.hashes],
    )


def main(target: Path) -> None:
    target.mkdir(parents=True, exist_ok=True)
    for part, folder in PARTS.items():
        path = target / f"{part}.cdx.json"
        path.write_text(bill(part, folder), encoding="utf-8")
        print(f"▸ {path}")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "build" / "sbom")
