"""`lachan model`: train the engine's model and sign it; say whose model this machine trusts."""

from __future__ import annotations

import hashlib
import json
import subprocess
from pathlib import Path
from typing import Annotated

import typer

from bot.commands import offer_training
from bot.content.documents import CONTENT_ROOT, Problem
from bot.content.offers import MODEL, read_signal_book
from bot.core.errors import ConfigError
from bot.core.offers.model import UNTRAINED
from bot.engine_client import trust
from bot.engine_client.trust import ModelKey, ModelRefused, Place
from bot.settings import ROOT, ModelPlace, model_place

app = typer.Typer(add_completion=False, help=__doc__, no_args_is_help=True)


def place_of(settings: ModelPlace) -> Place:
    """Where these settings say model and key lie."""
    return Place(settings.models_dir.resolve(), settings.model_key_file, settings.model_public_key)


@app.command()
def train() -> None:
    """Train if the inputs changed, or if the model there is not one this machine trusts; then sign it."""
    settings = model_place()
    place = place_of(settings)
    known = trust.trusted(place)
    # A model that nobody here signed is made anew, unless the key is kept elsewhere and could not sign the new one either.
    able = known is not None and (bool(known.secret) or not place.public_key)
    foreign = known is not None and able and _there(place) and trust.signer(place.models) != known.public
    if foreign:
        typer.echo("▸ mô hình đang có không mang chữ ký máy này tin: huấn luyện lại")
    before = _digest(place)
    command = [str(settings.engine_python), "-m", "bot.engine.trainer", "--models", str(place.models)]
    if subprocess.run([*command, *(["--force"] if foreign else [])], cwd=ROOT, check=False).returncode != 0:
        raise typer.Exit(1)
    _sign(place, known, trained=foreign or _digest(place) != before)


def _sign(place: Place, known: ModelKey | None, *, trained: bool) -> None:
    """Leave a model that this machine trusts: signed by the key it has, or by one made now."""
    signed_by = trust.signer(place.models)
    if signed_by is not None and (known is None or signed_by == known.public):
        trust.verified(place)  # the first model of an empty data directory: its signer is trusted from now on
        return
    if not trained and known is not None:
        raise ModelRefused(trust.FOREIGN)
    if place.public_key and known is not None and not known.secret:
        raise ModelRefused(
            "Mô hình vừa huấn luyện phải được ký ở nơi giữ khóa của LACHAN_MODEL_PUBLIC_KEY: `lachan model sign --key TỆP`. "
            "(Sign the model where the secret key is kept.)"
        )
    if known is None or not known.secret:  # trained here, just now, by whoever owns this data directory
        known = trust.new_key()
        trust.keep(place, known)
        typer.echo(f"▸ khóa ký mô hình: {place.key_file} ({trust.fingerprint(known.public)})")
    trust.sign(place.models, known)
    typer.echo("▸ mô hình đã được ký")


@app.command()
def offers(
    unseen: Annotated[
        bool, typer.Option("--unseen", help="Also measure each hand with the others alone (minutes).")
    ] = False,
) -> None:
    """Make the offer check's model anew from the written texts: content/offers/model.json, to be looked at and committed."""
    settings = model_place()
    problems: list[Problem] = []
    book = read_signal_book(CONTENT_ROOT, problems, UNTRAINED)
    if book is None:
        raise ConfigError(str(problems[0]))
    model, measured = offer_training.train(ROOT, settings.engine_python, book, unseen)
    (CONTENT_ROOT / MODEL).write_text(offer_training.written(model), encoding="utf-8")
    for row in measured:
        typer.echo(json.dumps(row))


@app.command()
def verify() -> None:
    """Whether the engine would be given the model that is there; status 1 when not."""
    place = place_of(model_place())
    trust.verified(place)
    known = trust.trusted(place)
    assert known is not None
    typer.echo(f"Mô hình đúng là mô hình đã ký; khóa {trust.fingerprint(known.public)}")


@app.command(name="trust")
def accept() -> None:
    """Trust whoever signed the model that is there, from now on. Compare the digits with whoever sent it first."""
    place = place_of(model_place())
    signed_by = trust.signer(place.models)
    if signed_by is None:
        raise ModelRefused("Mô hình chưa được ký, hoặc chữ ký hỏng. (There is no good signature.)")
    if place.public_key:
        raise ModelRefused("LACHAN_MODEL_PUBLIC_KEY quyết định; sửa ở đó. (The setting decides.)")
    typer.echo(f"Khóa đã ký: {trust.fingerprint(signed_by)}")
    if typer.confirm("Đúng là khóa của nơi gửi mô hình?"):
        trust.keep(place, ModelKey(signed_by))


@app.command()
def sign(
    key: Annotated[Path, typer.Option("--key", help="File with both halves, kept apart from the server.")],
) -> None:
    """Sign the model that is there with a key of your own; a file that is not there yet gets a new key."""
    place = place_of(model_place())
    apart = Place(place.models, key)
    held = trust.trusted(apart)
    if held is None:
        held = trust.new_key()
        trust.keep(apart, held)
    trust.sign(place.models, held)
    typer.echo(f"LACHAN_MODEL_PUBLIC_KEY={trust.public_text(held)}   ({trust.fingerprint(held.public)})")


def _there(place: Place) -> bool:
    return (place.models / "manifest.json").exists()


def _digest(place: Place) -> str:
    path = place.models / "manifest.json"
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else ""
