"""`lachan sandbox`: pretended platforms to try the product on, and to test it with."""

from __future__ import annotations

import typer
import uvicorn

from bot.sandbox.app import create_app
from bot.sandbox.world import Config, World

app = typer.Typer(add_completion=False, help=__doc__, no_args_is_help=True)


@app.callback()
def main() -> None:
    """Pretended platforms; nothing here reaches Zalo."""


@app.command()
def zalo(
    port: int = typer.Option(8100, help="where the sandbox listens, on this machine only"),
    gateway: str = typer.Option("http://127.0.0.1:8000", help="where the product's webhooks are"),
) -> None:
    """A Zalo with one Official Account and one bot, and a page where you chat as a citizen."""
    base = f"http://127.0.0.1:{port}"
    world = World(config=Config(gateway=gateway), base=base)
    world.webhook_url, world.webhook_secret = f"{gateway}/webhooks/zalo-bot", world.config.bot_secret
    print("Start the gateway with these settings, then enter the tokens with `lachan zalo login`:\n")
    for name, value in environment(world).items():
        print(f"  export {name}={value}")
    print(f"\n  access token:  {world.access}\n  refresh token: {world.refresh}\n\n  Chat as a citizen: {base}\n")
    uvicorn.run(create_app(world), host="127.0.0.1", port=port, log_level="warning")


def environment(world: World) -> dict[str, str]:
    """The product's settings for this sandbox."""
    config, host = world.config, world.base.removeprefix("http://")
    return {
        "LACHAN_ZALO_APP_ID": config.app_id, "LACHAN_ZALO_APP_SECRET": config.app_secret,
        "LACHAN_ZALO_OA_ID": config.oa_id, "LACHAN_ZALO_OA_SECRET": config.oa_secret,
        "LACHAN_ZALO_API_BASE": world.base, "LACHAN_ZALO_OAUTH_BASE": world.base, "LACHAN_ZALO_MEDIA_HOSTS": host,
        "LACHAN_ZALO_BOT_TOKEN": config.bot_token, "LACHAN_ZALO_BOT_WEBHOOK_SECRET": config.bot_secret,
        "LACHAN_ZALO_BOT_API_BASE": world.base, "LACHAN_ZALO_BOT_MEDIA_HOSTS": host,
    }  # fmt: skip
