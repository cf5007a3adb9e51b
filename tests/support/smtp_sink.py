"""An SMTP server on a free loopback port that keeps what it is sent, and answers as it is told."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage

_QUICK = {"EHLO": b"250 sink", "HELO": b"250 sink", "MAIL": b"250 ok", "RSET": b"250 ok", "NOOP": b"250 ok"}


@dataclass
class Sink:
    """mails: (recipient, raw message) in order. The hooks may be changed while it runs."""

    port: int = 0
    mails: list[tuple[str, bytes]] = field(default_factory=list)
    refuse_rcpt: dict[str, bytes] = field(default_factory=dict)  # recipient -> reply
    refuse_data: bytes = b""  # reply instead of taking a message
    drop_after_data: bool = False  # take the message and hang up without a word
    delay: float = 0.0  # seconds before the answer to a message

    def parsed(self) -> list[EmailMessage]:
        return [message_from_bytes(raw, policy=policy.default) for _, raw in self.mails]

    def texts(self) -> list[str]:
        return [message.get_content() for message in self.parsed()]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        recipient = ""

        def say(line: bytes) -> None:
            writer.write(line + b"\r\n")

        say(b"220 sink")
        while line := await reader.readline():
            verb = line[:4].upper().decode().strip()
            if verb in _QUICK:
                say(_QUICK[verb])
            elif verb == "RCPT":
                recipient = line.decode().partition("<")[2].partition(">")[0]
                say(self.refuse_rcpt.get(recipient, b"250 ok"))
            elif verb == "DATA":
                say(b"354 go on")
                await writer.drain()
                raw = (await reader.readuntil(b"\r\n.\r\n"))[:-5]
                await asyncio.sleep(self.delay)
                if self.refuse_data:
                    say(self.refuse_data)
                    continue
                self.mails.append((recipient, raw))
                if self.drop_after_data:
                    break
                say(b"250 taken")
            elif verb == "QUIT":
                say(b"221 bye")
                break
            else:
                say(b"502 unknown")
        writer.close()


@contextmanager
def smtp_sink() -> Iterator[Sink]:
    """A running sink, on a thread of its own."""
    sink, loop = Sink(), asyncio.new_event_loop()
    listener = socket.create_server(("127.0.0.1", 0))
    sink.port = listener.getsockname()[1]

    async def guarded(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await sink.serve(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            writer.close()  # the other side was killed

    loop.run_until_complete(asyncio.start_server(guarded, sock=listener))
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield sink
    finally:
        time.sleep(0)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(5)
        listener.close()
