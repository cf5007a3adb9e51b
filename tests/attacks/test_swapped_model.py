"""Somebody can write to models/ and nowhere else: a model of theirs is code in the engine, unless nobody loads it."""

from __future__ import annotations

import asyncio
import hashlib
import json
import shutil
import stat
import subprocess
import time
from pathlib import Path

import httpx
import pytest

from bot.engine_client import trust
from bot.engine_client.pool import EnginePool, PoolConfig
from bot.engine_client.trust import ModelRefused, Place
from tests.support.engine_worker import ACTIONS, ROOT, command, trained
from tests.support.product import product
from tests.support.world import environment

PYTHON = ROOT / ".venv" / "bin" / "python"


def write_model(models: Path, archive: bytes) -> None:
    """A model as the trainer leaves it, but for what is in it."""
    models.mkdir(exist_ok=True)
    (models / "engine-1.tar.gz").write_bytes(archive)
    body = {
        "v": 1,
        "model": "engine-1.tar.gz",
        "hash": "1",
        "sha256": hashlib.sha256(archive).hexdigest(),
        "probes": {},
    }
    (models / "manifest.json").write_text(json.dumps(body))


def swap(models: Path) -> None:
    """The attacker's: archive, manifest and a signature that fits, by a key of their own."""
    write_model(models, b"another model")
    trust.sign(models, trust.new_key())


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """A signed model, and an installation that made the key."""
    made = Place(tmp_path / "models", tmp_path / "data" / "model-key.json")
    write_model(made.models, b"the model")
    key = trust.new_key()
    trust.keep(made, key)
    trust.sign(made.models, key)
    return made


def test_the_signed_model_is_the_one(place: Place) -> None:
    assert trust.verified(place) == hashlib.sha256((place.models / "manifest.json").read_bytes()).hexdigest()


def test_model_and_manifest_swapped_together_are_refused(place: Place) -> None:
    swap(place.models)
    with pytest.raises(ModelRefused, match=r"bị tráo.*swapped"):
        trust.verified(place)


def test_a_swapped_model_under_the_old_signature_is_refused(place: Place) -> None:
    write_model(place.models, b"another model")
    with pytest.raises(ModelRefused, match="swapped"):
        trust.verified(place)


def test_an_archive_swapped_alone_is_refused(place: Place) -> None:
    (place.models / "engine-1.tar.gz").write_bytes(b"another model")
    with pytest.raises(ModelRefused, match="swapped"):
        trust.verified(place)


def test_a_manifest_that_points_out_of_its_folder_is_refused(place: Place, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").write_bytes(b"another model")
    said = json.loads((place.models / "manifest.json").read_text())
    said |= {"model": "../elsewhere", "sha256": hashlib.sha256(b"another model").hexdigest()}
    (place.models / "manifest.json").write_text(json.dumps(said))
    with pytest.raises(ModelRefused):
        trust.verified(place)


@pytest.mark.parametrize("spoiled", ["", "{", "[]", '{"key": "AAAA", "signature": "AAAA"}', '{"key": 1}'])
def test_a_broken_or_missing_signature_is_refused(place: Place, spoiled: str) -> None:
    (place.models / "manifest.sig").write_text(spoiled)
    with pytest.raises(ModelRefused):
        trust.verified(place)
    (place.models / "manifest.sig").unlink()
    with pytest.raises(ModelRefused, match="make train"):
        trust.verified(place)


def test_an_empty_data_directory_trusts_the_signer_it_meets_first_and_nobody_after(
    place: Place, tmp_path: Path
) -> None:
    fresh = Place(place.models, tmp_path / "fresh" / "model-key.json")
    trust.verified(fresh)
    kept = trust.trusted(fresh)
    assert kept is not None
    assert kept.public == trust.signer(place.models)
    assert kept.secret == b"", "it can check, not sign"
    assert stat.S_IMODE(fresh.key_file.stat().st_mode) == 0o600
    swap(place.models)
    with pytest.raises(ModelRefused, match="swapped"):
        trust.verified(fresh)


def test_the_operators_public_key_wins_over_the_file(place: Place) -> None:
    known = trust.trusted(place)
    assert known is not None
    assert trust.verified(Place(place.models, place.key_file, trust.public_text(known)))
    other = Place(place.models, place.key_file, trust.public_text(trust.new_key()))
    with pytest.raises(ModelRefused, match="swapped"):
        trust.verified(other)


def test_a_damaged_key_file_is_named_and_replaces_nothing(place: Place) -> None:
    place.key_file.write_text("{")
    with pytest.raises(ModelRefused, match=r"model-key\.json"):
        trust.verified(place)


def test_the_worker_loads_only_the_manifest_that_was_checked(tmp_path: Path) -> None:
    """Swapped between the gateway's look and the worker's start."""
    models = trained()
    late = [*command(tmp_path / "s", models), "--manifest", "0" * 64]
    done = subprocess.run(late, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 10
    assert "signature" in done.stderr


def test_the_pool_starts_no_worker_for_a_swapped_model(place: Place, caplog: pytest.LogCaptureFixture) -> None:
    swap(place.models)
    config = PoolConfig(models=place.models, workers=1, actions=ACTIONS, trust=place, first_backoff=0.05)

    async def run() -> None:
        async with EnginePool(config) as pool:
            with pytest.raises(Exception, match="no worker"):
                await pool.wait_ready(30)

    asyncio.run(run())
    assert "engine_model_refused" in {record.msg for record in caplog.records}


def test_the_product_says_so_and_gives_out_the_hotline_card_only(tmp_path: Path) -> None:
    models = Path(shutil.copytree(ROOT / "models", tmp_path / "models"))
    with product(
        tmp_path, LACHAN_MODELS_DIR=str(models), LACHAN_ENGINE_WORKERS="1", LACHAN_ENGINE_TIMEOUT="1"
    ) as running:
        assert "✓ Mô hình" in checked(running.env)
        write_model(models, b"another model")
        trust.sign(models, trust.new_key())
        assert "✗ Mô hình" in checked(running.env)
        running.start("gateway")
        said = ""
        while "engine_model_refused" not in said:
            assert running.processes["gateway"].poll() is None, said
            time.sleep(0.2)
            said = running.log.read_text()
        assert "bị tráo" in said
        with httpx.Client(base_url=running.url, headers={"Origin": running.url}, timeout=60) as web:
            while True:
                try:
                    ready = web.get("/readyz")
                    break
                except httpx.TransportError:
                    time.sleep(0.2)
            assert ready.status_code == 503
            assert web.get("/").status_code == 200, "the page with the numbers is there all the same"


def checked(env: dict[str, str]) -> str:
    done = subprocess.run(
        [str(PYTHON), "-m", "bot.cli", "check", "--offline"], cwd=ROOT, env=env, capture_output=True, text=True, check=False
    )  # fmt: skip
    return done.stdout


# `lachan model`, with a trainer that only writes a model


TRAINER = """#!/bin/sh
# arguments: -m bot.engine.trainer --models FOLDER [--force]
[ -f "$4/manifest.json" ] && [ "$5" != "--force" ] && [ -z "$LACHAN_TEST_CHANGED" ] && exit 0
mkdir -p "$4"
date +%N > "$4/engine-1.tar.gz"
printf '{"v":1,"model":"engine-1.tar.gz","hash":"1","sha256":"%s","probes":{}}' "$(sha256sum "$4/engine-1.tar.gz" | cut -c1-64)" \
  > "$4/manifest.json"
"""


class House:
    """An installation with a data directory of its own over a folder of models."""

    def __init__(self, folder: Path, models: Path, **more: str) -> None:
        folder.mkdir()
        stub = folder / "python"
        stub.write_text(TRAINER)
        stub.chmod(0o755)
        self.place = Place(models, folder / "data" / "model-key.json", more.get("LACHAN_MODEL_PUBLIC_KEY", ""))
        self.env = environment(folder / "data", LACHAN_MODELS_DIR=str(models), LACHAN_ENGINE_PYTHON=str(stub), **more)

    def model(self, *arguments: str, status: int = 0, changed: bool = False) -> str:
        env = {"PATH": "/usr/bin:/bin", **self.env, **({"LACHAN_TEST_CHANGED": "1"} if changed else {})}
        done = subprocess.run(
            [str(PYTHON), "-m", "bot.cli", "model", *arguments], cwd=ROOT, env=env, capture_output=True, text=True,
            check=False,
        )  # fmt: skip
        assert done.returncode == status, done.stdout + done.stderr
        return done.stdout + done.stderr


def test_the_first_training_makes_a_key_apart_from_the_models(tmp_path: Path) -> None:
    house = House(tmp_path / "a", tmp_path / "models")
    house.model("train")
    assert {path.name for path in house.place.models.iterdir()} == {"engine-1.tar.gz", "manifest.json", "manifest.sig"}
    first = trust.trusted(house.place)
    assert first is not None
    assert first.secret
    house.model("train", changed=True)
    assert trust.trusted(house.place) == first, "the key stays"
    house.model("verify")


def test_training_never_signs_what_it_did_not_train(tmp_path: Path) -> None:
    house = House(tmp_path / "a", tmp_path / "models")
    house.model("train")
    swap(house.place.models)
    assert "swapped" in house.model("verify", status=1)
    assert "huấn luyện lại" in house.model("train")
    assert (house.place.models / "engine-1.tar.gz").read_bytes() != b"another model"
    house.model("verify")


def test_two_data_directories_over_one_folder_of_models(tmp_path: Path) -> None:
    """A developer's `make run` in an empty directory asks nothing, and after a training either has its own key."""
    one, two = House(tmp_path / "one", tmp_path / "models"), House(tmp_path / "two", tmp_path / "models")
    one.model("train")
    two.model("train")
    two.model("verify")
    two.model("train", changed=True)
    two.model("verify")
    one.model("verify", status=1)
    one.model("train")
    one.model("verify")


def test_an_operator_signs_elsewhere(tmp_path: Path) -> None:
    maker = House(tmp_path / "maker", tmp_path / "models")
    maker.model("train")
    printed = maker.model("sign", "--key", str(tmp_path / "safe" / "key.json"))
    public = printed.partition("LACHAN_MODEL_PUBLIC_KEY=")[2].split()[0]
    server = House(tmp_path / "server", tmp_path / "models", LACHAN_MODEL_PUBLIC_KEY=public)
    server.model("verify")
    assert "model sign" in server.model("train", changed=True, status=1), "trained here, signed where the key is"
    maker.model("sign", "--key", str(tmp_path / "safe" / "key.json"))
    server.model("verify")
    swap(server.place.models)
    assert "swapped" in server.model("train", status=1)
