"""The engine worker: a model behind a Unix socket. `python -m bot.engine.worker --socket PATH --models DIR`

Started by bot/engine_client/pool.py from the repository's root. Holds nothing between turns, opens no connection,
writes no file, prints nothing once it serves (bot/engine/wall.py). The socket appears when the worker is ready. Exit codes say why a start
failed; a reason is printed on stderr before any citizen's word has been seen.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.engine import manifest, no_tensorflow, protocol, quiet, wall

if TYPE_CHECKING:
    from bot.engine.runtime import Engine

EXIT_MODEL = 10  # no model, or not the one of the manifest
EXIT_LOAD = 11  # the model or the actions cannot be loaded
EXIT_PROBES = 12  # the model does not understand its probe messages
EXIT_WALL = 13  # --wall required, and the kernel does not offer all of it

_PARENT_POLL = 0.5  # seconds


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bot.engine.worker", description=__doc__)
    way = parser.add_mutually_exclusive_group(required=True)
    way.add_argument("--socket", help="path of the Unix socket to create")
    way.add_argument("--check", action="store_true", help="load, ask the probe messages, and end")
    parser.add_argument("--models", required=True, type=Path, help="folder with manifest.json")
    parser.add_argument("--parent", type=int, default=os.getppid(), help="process to end with; default: the parent")
    parser.add_argument("--actions", default="actions", help="package of rasa-sdk actions")
    parser.add_argument("--manifest", default="", help="SHA-256 of the manifest whose signature the gateway checked")
    parser.add_argument("--wall", choices=("best", "required"), default="best", help="required: all of it, or no start")
    return parser.parse_args()


class _Parent:
    """Ends the worker with the gateway, even when the gateway is killed.

    A thread, so that a busy turn cannot delay it for long. The gateway says who it is: had it died before we could look,
    our parent would already be another. A socket that stays behind is swept up by the next gateway.
    """

    def __init__(self, parent: int) -> None:
        self._parent = parent
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="parent", daemon=True)

    def _watch(self) -> None:
        while os.getppid() == self._parent:
            if self._stopped.wait(_PARENT_POLL):
                return
        os._exit(0)

    def follow(self) -> None:
        """From now on."""
        self._thread.start()

    def inside_the_wall(self, raise_wall: Callable[[], tuple[str, ...]]) -> tuple[str, ...]:
        """Raise the wall while this thread rests: only threads started behind it stand behind it."""
        self._stopped.set()
        self._thread.join()
        missing = raise_wall()
        _Parent(self._parent).follow()
        return missing


class _Memory:
    """Resident memory. The file is opened before the wall closes and read anew each time."""

    def __init__(self) -> None:
        self._statm = os.open("/proc/self/statm", os.O_RDONLY | os.O_CLOEXEC)

    def bytes(self) -> int:
        return int(os.pread(self._statm, 256, 0).split()[1]) * os.sysconf("SC_PAGE_SIZE")


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
        self._memory = _Memory()
        self.wall: tuple[str, ...] = ()  # parts of the wall that are missing

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
            return {"ready": True, "model": self._engine.model, "rss": self._memory.bytes(), "wall": self.wall}
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


async def _serve(engine: Engine, args: argparse.Namespace, parent: _Parent) -> None:
    path = args.socket
    quiet.mute_loop(asyncio.get_running_loop())
    server = Server(engine)
    # Bound under another name and renamed when everything is in place: a socket that exists is a worker that is ready.
    listener = await asyncio.start_unix_server(server.serve, path + ".new", limit=protocol.MAX_LINE)
    os.chmod(path + ".new", 0o600)
    os.replace(path + ".new", path)
    quiet.mute_streams()
    server.wall = parent.inside_the_wall(lambda: wall.raise_wall(args.actions))
    if server.wall and args.wall == "required":
        os._exit(EXIT_WALL)
    async with listener:
        await listener.serve_forever()


def _load(args: argparse.Namespace) -> Engine:
    """The engine, checked; exits with a code and a reason otherwise."""
    private = tempfile.TemporaryDirectory()
    try:
        served = manifest.read(args.models, args.manifest)
        archive = manifest.private_copy(args.models, served, Path(private.name))
    except manifest.ManifestError as error:
        private.cleanup()
        _fail(EXIT_MODEL, str(error))
    try:
        no_tensorflow.install()
        from bot.engine import probes
        from bot.engine.runtime import Engine

        quiet.after_import()
        engine = Engine.load(archive, served.hash, args.actions)
    except Exception as error:  # nothing was said yet; a developer needs the reason
        _fail(EXIT_LOAD, f"{type(error).__name__}: {error}")
    finally:
        private.cleanup()
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
    wall.before_import()
    parent = _Parent(args.parent)
    parent.follow()
    if args.wall == "required" and wall.lacking():
        _fail(EXIT_WALL, f"this kernel does not offer {', '.join(wall.lacking())}, and LACHAN_ENGINE_WALL=required")
    engine = _load(args)
    if args.check:
        return
    # Rasa's web server chose uvloop, which talks to the kernel through an io_uring: one way more through the wall.
    asyncio.set_event_loop_policy(asyncio.DefaultEventLoopPolicy())
    asyncio.run(_serve(engine, args, parent))


if __name__ == "__main__":
    main()
