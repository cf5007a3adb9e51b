"""Attachments as hostile senders make them: refused clearly, or kept sealed and shown only as a clean copy."""

from __future__ import annotations

import io
import socket
import threading
import zipfile
from pathlib import Path

import pytest
from PIL import Image
from PIL.ExifTags import GPS, IFD, Base

from bot.core.errors import InvalidInput, TooLarge
from bot.core.messages import MAX_ATTACHMENT_BYTES
from bot.services import files
from bot.services.files import FileRef


def picture(kind: str = "JPEG", exif: Image.Exif | None = None, size: tuple[int, int] = (64, 48)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, kind, **({"exif": exif} if exif else {}))
    return out.getvalue()


def keep(blobs: Path, data: bytes) -> FileRef:
    return FileRef.unpack(files.keep(blobs, data).ref)


def test_a_picture_is_kept_as_sent_and_shown_without_metadata(tmp_path):
    exif = Image.Exif()
    exif[Base.Make.value] = "CANARYPHONE"
    exif.get_ifd(IFD.GPSInfo)[GPS.GPSLatitude.value] = (21.0, 1.0, 42.0)
    sent = picture(exif=exif)
    ref = keep(tmp_path, sent)
    assert files.fetch(tmp_path, ref) == sent
    clean = files.fetch(tmp_path, ref, view=True)
    assert b"CANARYPHONE" not in clean
    assert not Image.open(io.BytesIO(clean)).getexif()


def test_nothing_readable_touches_the_disk(tmp_path):
    data = picture() + b"CANARYTAIL"
    keep(tmp_path, data)
    written = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"CANARYTAIL" not in written
    assert b"\xff\xd8\xff" not in written[:3]
    assert all(path.stat().st_mode & 0o077 == 0 for path in tmp_path.iterdir())


@pytest.mark.parametrize(
    ("data", "mime"),
    [
        (b"#!AMR\n" + b"\x3c\x91" * 200, "audio/amr"), (b"#!AMR-WB\n" + b"\x3c" * 200, "audio/amr"),
        (b"\xff\xf1\x50\x80\x43\x7f\xfc" + b"\x21\x00" * 300, "audio/aac"),
        (b"OggS\x00\x02" + b"\x00" * 22 + b"\x01\x13OpusHead" + b"\x00" * 50, "audio/ogg"),
        (b"\x00\x00\x00\x18ftypiso5\x00\x00\x02\x00iso5dash" + b"\x00" * 100, "video/mp4"),
        (b"\x00\x00\x00\x18ftypmp41\x00\x00\x00\x00mp41isom" + b"\x00" * 100, "video/mp4"),
        (b"\x00\x00\x00\x18ftypM4A \x00\x00\x00\x00M4A mp42" + b"\x00" * 100, "audio/mp4"),
    ],
    ids=["Zalo account's voice", "wide band", "Zalo bot's voice", "Telegram's voice", "film", "old film", "iPhone's memo"],
)  # fmt: skip
def test_recordings_as_the_platforms_send_them_are_kept(tmp_path, data, mime):
    assert keep(tmp_path, data).mime == mime


def test_a_polyglot_shows_only_its_picture(tmp_path):
    hidden = io.BytesIO()
    with zipfile.ZipFile(hidden, "w") as archive:
        archive.writestr("evil.html", "<script>alert(1)</script>")
    ref = keep(tmp_path, picture() + hidden.getvalue())
    assert ref.kind == "image"
    assert b"PK" not in files.fetch(tmp_path, ref, view=True)


def zip_bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros", b"\0" * 50_000_000)
    return out.getvalue()


@pytest.mark.parametrize(
    "data",
    [zip_bomb(), b"MZ\x90\x00" + b"\0" * 200, b"#!/bin/sh\nrm -rf /\n", b"<html><script>1</script></html>", b"just words",
     b"\x7fELF" + b"\0" * 100, b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"],
)  # fmt: skip
def test_what_is_no_picture_recording_or_pdf_is_refused_whatever_its_name(tmp_path, data):
    with pytest.raises(InvalidInput):
        files.keep(tmp_path, data)
    assert list(tmp_path.iterdir()) == []


def test_a_broken_picture_is_refused_and_leaves_nothing(tmp_path):
    with pytest.raises(InvalidInput) as refused:
        files.keep(tmp_path, picture()[:60] + b"\0" * 500)
    assert refused.value.code == "file_broken"
    assert list(tmp_path.iterdir()) == []


def test_a_picture_of_too_many_pixels_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "MAX_PIXELS", 1000)
    with pytest.raises(TooLarge):
        files.keep(tmp_path, picture())


def test_more_than_twenty_megabytes_are_refused(tmp_path):
    with pytest.raises(TooLarge):
        files.keep(tmp_path, b"%PDF-1.7\n" + b"0" * MAX_ATTACHMENT_BYTES)


def test_a_moved_or_changed_blob_does_not_open(tmp_path):
    from bot.storage.sealing import CannotOpen

    first, second = keep(tmp_path, picture()), keep(tmp_path, picture("PNG"))
    (tmp_path / first.id).write_bytes((tmp_path / second.id).read_bytes())
    with pytest.raises(CannotOpen):
        files.fetch(tmp_path, first)


@pytest.mark.parametrize("packed", ["", "x", "e30=", "W10=", "bnVsbA=="])
def test_a_forged_reference_is_refused(packed):
    with pytest.raises(InvalidInput):
        FileRef.unpack(packed)


@pytest.mark.parametrize(
    ("verdict", "expected"), [(b"stream: OK\0", "clean"), (b"stream: Eicar FOUND\0", "infected"), (b"", "not_scanned")]
)
def test_the_virus_scanner_speaks_clamds_protocol(tmp_path, verdict, expected):
    path, received = str(tmp_path / "clamd"), bytearray()
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(path)
    listener.listen(1)

    def daemon() -> None:
        connection, _ = listener.accept()
        with connection:
            while not received.endswith(b"\0\0\0\0"):
                received.extend(connection.recv(65536))
            connection.sendall(verdict)

    thread = threading.Thread(target=daemon)
    thread.start()
    assert files.scan_bytes(b"hello", path) == expected
    thread.join(5)
    listener.close()
    assert bytes(received) == b"zINSTREAM\0" + (5).to_bytes(4, "big") + b"hello" + b"\0\0\0\0"


def test_no_scanner_is_recorded_as_such(tmp_path):
    assert files.scan_bytes(b"x", str(tmp_path / "nothing")) == "not_scanned"
    assert keep(tmp_path, picture()).scan == "not_scanned"
