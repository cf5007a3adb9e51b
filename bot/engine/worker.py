"""The engine worker: a model behind a Unix socket. `python -m bot.engine.worker --socket PATH --models DIR`

Started by bot/engine_client/pool.py from the repository's root. Holds nothing between turns, opens no connection,
writes no file, prints nothing once it serves. The socket appears when the worker is ready. Exit codes say why a start
failed; a reason is printed on stderr before any citizen's word has been seen.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.engine import manifest, no_tensorflow, protocol, quiet, wall

if TYPE_CHECKING:
    from bot.engine.runtime import Engine

EXIT_MODEL = 10  # no model, or not the one of the manifest
EXIT_LOAD = 11  # the model or the actions cannot be loaded
EXIT_PROBES = 12  # the model does not understand its probe messages

_PARENT_POLL = 0.5  # seconds


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bot.engine.worker", description=__doc__)
    way = parser.add_mutually_exclusive_group(required=True)
    way.add_argument("--socket", help="path of the Unix socket to create")
    way.add_argument("--check", action="store_true", help="load, ask the probe messages, and end")
    parser.add_argument("--models", required=True, type=Path, help="folder with manifest.json")
    parser.add_argument("--parent", type=int, default=os.getppid(), help="process to end with; default: the parent")
    parser.add_argument("--actions", default="actions", help="package of rasa-sdk actions")
    return parser.parse_args()


def _follow_parent(parent: int, path: str | None) -> None:
    """End with the gateway, even when the gateway is killed. A thread, so that a busy turn cannot delay it for long.

    The gateway says who it is: had it died before we could look, our parent would already be another.
    """

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(_PARENT_POLL)
        if path is not None:
            with contextlib.suppress(OSError):  # no socket yet, or the last worker will remove the folder
                os.unlink(path)
                os.rmdir(os.path.dirname(path))
        os._exit(0)

    threading.Thread(target=watch, name="parent", daemon=True).start()


def _memory() -> int:
    """Resident memory, bytes."""
    with open("/proc/self/statm", encoding="ascii") as statm:
        return int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def _turn_request(message: dict[str, Any]) -> dict[str, Any]:
    """The fields of a turn, checked. Raises protocol.ProtocolError."""
    request = {
        "text": message.get("text", ""),
        "choice": message.get("choice", ""),
        "intent": message.get("intent", ""),
        "context": message.get("context") or {},
        "state": message.get("state"),
    }
    texts = all(isinstance(request[k], str) for k in ("text", "choice", "intent"))
    if not texts or not isinstance(request["context"], dict) or not isinstance(request["state"], (dict, type(None))):
        raise protocol.ProtocolError("wrong types")
    return request


def _texts(message: dict[str, Any]) -> list[str]:
    texts = message.get("texts")
    if not isinstance(texts, list) or len(texts) > protocol.MAX_BATCH or not all(isinstance(t, str) for t in texts):
        raise protocol.ProtocolError("wrong types")
    return texts


class Server:
    """Answers requests in the order they arrive; the model works on one at a time."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._order = asyncio.Lock()

    async def answer(self, message: dict[str, Any]) -> dict[str, Any]:
        """The answer to one request, errors included. Never raises."""
        from bot.engine.runtime import TurnError

        try:
            async with self._order:
                return {"id": message.get("id"), "ok": True} | await self._do(message)
        except protocol.ProtocolError:
            code = protocol.BAD_REQUEST
        except TurnError as error:
            code = error.code
        except Exception:  # the exception may quote the citizen; only a code leaves
            code = protocol.ENGINE_ERROR
        return {"id": message.get("id"), "ok": False, "error": code}

    async def _do(self, message: dict[str, Any]) -> dict[str, Any]:
        op = message.get("op")
        if op == "turn":
            return await self._engine.turn(_turn_request(message))
        if op == "parse":
            return {"results": [await self._engine.parse(text) for text in _texts(message)]}
        if op == "ping":
            return {"ready": True, "model": self._engine.model, "rss": _memory()}
        raise protocol.ProtocolError("unknown operation")

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection: the gateway's."""

        async def respond(line: bytes) -> None:
            try:
                message = protocol.decode(line)
            except protocol.ProtocolError:
                answer: dict[str, Any] = {"id": None, "ok": False, "error": protocol.BAD_REQUEST}
            else:
                answer = await self.answer(message)
            try:
                data = protocol.encode(answer)
            except (
                TypeError,
                ValueError,
                RecursionError,
            ):  # an action put something into draft or args that is no JSON
                data = protocol.encode({"id": answer.get("id"), "ok": False, "error": protocol.ACTION_FAILED})
            writer.write(data)

        tasks: set[asyncio.Task[None]] = set()
        try:
            while line := await reader.readline():
                task = asyncio.ensure_future(respond(line))
                tasks.add(task)
                task.add_done_callback(tasks.discard)
        except (ValueError, ConnectionError):  # a line beyond the limit, or the gateway went away
            pass
        finally:
            for task in tasks:
                task.cancel()
            writer.close()


async def _serve(engine: Engine, path: str) -> None:
    quiet.mute_loop(asyncio.get_running_loop())
    server = Server(engine)
    # Bound under another name and renamed when everything is in place: a socket that exists is a worker that is ready.
    listener = await asyncio.start_unix_server(server.serve, path + ".new", limit=protocol.MAX_LINE)
    os.chmod(path + ".new", 0o600)
    os.replace(path + ".new", path)
    quiet.mute_streams()
    wall.raise_wall()
    async with listener:
        await listener.serve_forever()


def _load(args: argparse.Namespace) -> Engine:
    """The engine, checked; exits with a code and a reason otherwise."""
    try:
        served = manifest.read(args.models)
        archive = manifest.verified_archive(args.models, served)
    except manifest.ManifestError as error:
        _fail(EXIT_MODEL, str(error))
    try:
        no_tensorflow.install()
        from bot.engine import probes
        from bot.engine.runtime import Engine

        quiet.after_import()
        engine = Engine.load(archive, served.hash, args.actions)
    except Exception as error:  # nothing was said yet; a developer needs the reason
        _fail(EXIT_LOAD, f"{type(error).__name__}: {error}")
    result = asyncio.run(probes.run(served.probes, engine.parse))
    if not result.ok:
        _fail(EXIT_PROBES, str(result))
    return engine


def _fail(code: int, reason: str) -> Any:
    print(f"engine: {reason}", file=sys.stderr, flush=True)
    raise SystemExit(code)


def main() -> None:
    """Load, check, serve in silence."""
    args = _arguments()
    quiet.before_import()
    _follow_parent(args.parent, args.socket)
    engine = _load(args)
    if args.check:
        return
    asyncio.run(_serve(engine, args.socket))


if __name__ == "__main__":
    main()
