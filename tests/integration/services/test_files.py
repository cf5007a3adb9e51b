"""Attachments as hostile senders make them: refused clearly, or kept sealed and shown only as a clean copy."""

from __future__ import annotations

import base64
import io
import json
import os
import re
import socket
import subprocess
import sys
import threading
import zipfile
from pathlib import Path

import pytest
from PIL import Image
from PIL.ExifTags import GPS, IFD, Base

from bot.core.errors import InvalidInput, TooLarge
from bot.core.messages import MAX_ATTACHMENT_BYTES
from bot.services.tips import file_types, files, pictures, redraw
from bot.services.tips.files import FileRef
from bot.settings import ROOT
from tests.support import odd_pictures

RECORDED = json.loads((Path(__file__).parent / "odd_photos.json").read_text())


def picture(kind: str = "JPEG", exif: Image.Exif | None = None, size: tuple[int, int] = (64, 48)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, kind, **({"exif": exif} if exif else {}))
    return out.getvalue()


def keep(blobs: Path, data: bytes) -> FileRef:
    return FileRef.unpack(files.keep(blobs, data).ref)


def test_a_picture_is_kept_as_sent_where_asked_and_shown_without_metadata(tmp_path):
    exif = Image.Exif()
    exif[Base.Make.value] = "CANARYPHONE"
    exif.get_ifd(IFD.GPSInfo)[GPS.GPSLatitude.value] = (21.0, 1.0, 42.0)
    sent = picture(exif=exif)
    ref = keep(tmp_path, sent)
    assert files.fetch(tmp_path, ref) == sent
    clean = files.fetch(tmp_path, ref, view=True)
    assert b"CANARYPHONE" not in clean
    assert not Image.open(io.BytesIO(clean)).getexif()


@pytest.fixture
def as_commands_write():
    """The umask of every command of the product (`bot.cli`)."""
    before = os.umask(0o077)
    yield
    os.umask(before)


def test_nothing_readable_touches_the_disk(tmp_path, as_commands_write):
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


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("block", odd_pictures.ODD_EXIF.values(), ids=odd_pictures.ODD_EXIF.keys())
def test_no_exif_keeps_a_picture_out_or_comes_along(tmp_path, kind, block):
    sent = odd_pictures.with_exif(kind, block)
    ref = keep(tmp_path, sent)
    assert files.fetch(tmp_path, ref) == sent
    clean = Image.open(io.BytesIO(files.fetch(tmp_path, ref, view=True)))
    assert clean.format == "JPEG"
    assert not clean.getexif()
    readable = b"\x12\x01\x03\x00\x01\x00\x00\x00\x06" in block
    if kind != "WEBP" or clean.size != (64, 48):
        assert clean.size == ((48, 64) if readable else (64, 48)), "upright, where the camera said how it was held"


def test_the_recorded_photos_that_broke_turns_are_kept(tmp_path):
    for name, data in RECORDED.items():
        assert keep(tmp_path, base64.b64decode(data)).view, name


@pytest.mark.parametrize("cut", [2, 100, 400])
def test_a_photo_that_was_cut_off_on_the_way_is_kept(tmp_path, cut):
    ref = keep(tmp_path, picture(size=(640, 480))[:-cut])
    assert Image.open(io.BytesIO(files.fetch(tmp_path, ref, view=True))).size == (640, 480)


def test_only_the_clean_copy_is_stored_unless_the_original_is_asked_for(tmp_path):
    exif = Image.Exif()
    exif[Base.Make.value] = "CANARYPHONE"
    attachment = files.keep(tmp_path, picture("PNG", exif=exif), original=False)
    ref = FileRef.unpack(attachment.ref)
    assert [path.name for path in tmp_path.iterdir()] == [f"{ref.id}v"]
    assert (ref.original, ref.mime) == (False, "image/jpeg")
    stored = files.fetch(tmp_path, ref)
    assert stored == files.fetch(tmp_path, ref, view=True)
    assert b"CANARYPHONE" not in stored
    assert len(stored) == attachment.size


def test_small_writing_on_a_long_screenshot_stays_readable(tmp_path):
    ref = keep(tmp_path, picture("PNG", size=(1080, 8000)))
    assert Image.open(io.BytesIO(files.fetch(tmp_path, ref, view=True))).size == (1080, 8000)


@pytest.mark.parametrize(
    ("kind", "size", "drawn"),
    [("JPEG", (9248, 6936), True), ("JPEG", (12000, 9000), True), ("WEBP", (7000, 7000), False), ("PNG", (9000, 9000), False),
     ("GIF", (9000, 9000), False)],
)  # fmt: skip
def test_the_largest_cameras_get_a_copy_and_bombs_are_kept_unopened(tmp_path, kind, size, drawn):
    sent = picture(kind, size=size)
    ref = FileRef.unpack(files.keep(tmp_path, sent, original=False).ref)
    assert ref.view is drawn
    if not drawn:
        assert files.fetch(tmp_path, ref) == sent


def test_three_bombs_at_once_cost_this_process_nothing(tmp_path):
    """Measured in bytes, in a process of its own: 87 kB each, and what decoding them here took was 2.8 GB."""
    (tmp_path / "bomb").write_bytes(picture("WEBP", size=(7000, 7000)))
    script = (
        "import resource, sys, threading\n"
        "from pathlib import Path\n"
        "from bot.services.tips import files\n"
        "data, blobs = Path(sys.argv[1]).read_bytes(), Path(sys.argv[2])\n"
        "files.keep(blobs, b'%PDF-1.7')\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "threads = [threading.Thread(target=files.keep, args=(blobs, data)) for _ in range(3)]\n"
        "[thread.start() for thread in threads]; [thread.join() for thread in threads]\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before, len(list(blobs.iterdir())),\n"
        "      resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path / "bomb"), str(tmp_path / "blobs")],
        capture_output=True, text=True, check=True, cwd=ROOT,
    )  # fmt: skip
    grown, kept, largest_child = map(int, done.stdout.split())
    assert kept == 4
    assert grown < 32 * 1024, "kB"
    assert largest_child < redraw.MEMORY // 1024


def test_the_drawing_process_has_its_limits_and_none_of_our_secrets(tmp_path, monkeypatch):
    monkeypatch.setenv("LACHAN_SERVER_KEY", "CANARYKEY")
    child = tmp_path / "child.py"
    child.write_text(
        "import os, resource, sys\n"
        f"sys.path.insert(0, {str(Path(redraw.__file__).parent)!r})\n"
        "import redraw\nredraw.limit()\n"
        "limits = [resource.getrlimit(w)[0] for w in (resource.RLIMIT_AS, resource.RLIMIT_CPU, resource.RLIMIT_CORE)]\n"
        "print(limits, sorted(name for name in os.environ if name.startswith('LACHAN')))\n"
    )
    monkeypatch.setattr(pictures, "_SCRIPT", child)
    assert pictures.clean_copy(b"").decode().split() == f"[{redraw.MEMORY}, {redraw.CPU_SECONDS}, 0] []".split()


def test_a_drawing_process_that_dies_costs_only_the_copy(tmp_path, monkeypatch):
    child = tmp_path / "child.py"
    child.write_text("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)\n")
    monkeypatch.setattr(pictures, "_SCRIPT", child)
    ref = FileRef.unpack(files.keep(tmp_path / "blobs", picture(), original=False).ref)
    assert (ref.view, ref.original) == (False, True)


@pytest.mark.parametrize(
    ("data", "mime"),
    [(odd_pictures.film(brand), "video/mp4") for brand in (
        b"avc1", b"M4VH", b"M4VP", b"M4V ", b"NDSC", b"NDSH", b"hvc1", b"msdh", b"iso7", b"iso8", b"iso9", b"isoa", b"mp71",
        b"XAVC", b"CAEP", b"f4v ", b"mmp4", b"dby1", b"pana", b"niko", b"ZZZZ", b"mp42", b"isom")]
    + [(odd_pictures.film(b"M4B ", b"isom"), "audio/mp4"), (odd_pictures.film(b"qt  "), "video/quicktime"),
       (odd_pictures.film(b"3gp5", b"isom"), "video/3gpp"), (odd_pictures.film(b"heic", b"mif1"), "image/heic"),
       (odd_pictures.film(b"mif1", b"heic"), "image/heic"), (odd_pictures.film(b"heix"), "image/heic"),
       (odd_pictures.film(b"msf1", b"hevc"), "image/heic"),
       (b"RIFF\x60\0\0\0AVI LIST" + b"\0" * 80, "video/x-msvideo"), (b"RIFF\x60\0\0\0WAVEfmt " + b"\0" * 80, "audio/wav")],
)  # fmt: skip
def test_films_and_photos_of_every_maker_are_kept_under_their_own_name(tmp_path, data, mime):
    ref = FileRef.unpack(files.keep(tmp_path, data, original=False).ref)
    assert (ref.mime, ref.view, ref.original) == (mime, False, True)
    assert files.EXTENSIONS[mime]


@pytest.mark.parametrize(
    "data",
    [b"MZ\x90\0ftypmp41" + b"\0" * 200, b"\0\0\0\x0cjP  \r\n\x87\n" + b"\0" * 60, odd_pictures.film(b"jp2 ", b"jp2 "),
     odd_pictures.film(b"crx ", b"isom"), b"RIFF\x60\0\0\0CDXA" + b"\0" * 80, b"\xff\x4f\xff\x51" + b"\0" * 60],
    ids=["program", "JPEG 2000", "JPEG 2000 by brand", "raw photo", "RIFF of another kind", "JPEG 2000 stream"],
)  # fmt: skip
def test_what_only_looks_like_a_film_or_photo_is_refused(tmp_path, data):
    with pytest.raises(InvalidInput) as refused:
        files.keep(tmp_path, data)
    assert refused.value.code == "file_type"


def test_files_leave_the_last_of_the_disk_to_words(tmp_path):
    with pytest.raises(InvalidInput) as refused:
        files.keep(tmp_path, picture(), min_free=1 << 60)
    assert refused.value.code == "disk_low"
    assert list(tmp_path.iterdir()) == []


SOUND, PICTURES = b"soun", b"vide"
MADE = {
    "image/jpeg": picture(), "image/png": picture("PNG"), "image/webp": picture("WEBP"), "image/gif": picture("GIF"),
    "image/avif": picture("AVIF"), "image/heic": odd_pictures.film(b"heic", b"mif1"),
    "audio/mpeg": b"ID3\x04\0\0\0\0\0\0" + b"\xff\xfb\x90\x64" + b"\0" * 400,
    "audio/mp4": odd_pictures.film(b"M4A "), "audio/aac": b"\xff\xf1\x50\x80" + b"\0" * 90, "audio/amr": b"#!AMR\n" + b"\0" * 90,
    "audio/ogg": b"OggS\0\2" + b"\0" * 22 + b"\1\x13OpusHead" + b"\0" * 50, "audio/wav": b"RIFF\x60\0\0\0WAVEfmt " + b"\0" * 80,
    "audio/3gpp": odd_pictures.recording(b"3gp4", SOUND), "audio/webm": odd_pictures.matroska(b"webm", 2),
    "audio/x-matroska": odd_pictures.matroska(b"matroska", 2), "audio/x-caf": b"caff\0\1\0\0desc" + b"\0" * 90,
    "video/mp4": odd_pictures.film(b"isom"), "video/quicktime": odd_pictures.film(b"qt  "),
    "video/webm": odd_pictures.matroska(b"webm", 1, 2), "video/x-matroska": odd_pictures.matroska(b"matroska", 1),
    "video/3gpp": odd_pictures.film(b"3gp4"), "video/x-msvideo": b"RIFF\x60\0\0\0AVI LIST" + b"\0" * 80,
    "application/pdf": b"%PDF-1.7\n",
}  # fmt: skip


def test_what_the_pages_offer_is_what_is_taken(tmp_path):
    assert set(MADE) == set(files.EXTENSIONS) == set(file_types.KINDS)
    for mime, data in MADE.items():
        assert keep(tmp_path, data).mime == mime
    endings = {f".{ending}" for ending in file_types.EXTENSIONS.values()} | {".opus"}
    called_otherwise = {"audio/x-m4a", "audio/opus", "image/heif"}
    for heic in (False, True):
        offered = file_types.accept(heic=heic).split(",")
        assert set(offered) <= set(MADE) | endings | called_otherwise
        assert set(MADE) - set(offered) == (set() if heic else {"image/heic"})
        assert ("image/heif" in offered) is heic
    for page in (ROOT / "bot/gateway/templates/chat.html", ROOT / "bot/console/templates/referral.html"):
        assert re.findall(r'accept="([^"]+)"', page.read_text()) == ["{{ accept }}"], "no list of its own"
    script = (ROOT / "bot/gateway/static/composer.js").read_text()
    (cleaned,) = re.findall(r"\^image\\/\(([a-z|]+)\)\$", script)
    assert {f"image/{kind}" for kind in cleaned.split("|")} == {
        mime for mime, kind in file_types.KINDS.items() if kind == "image" and mime not in file_types.UNDRAWN
    }


@pytest.mark.parametrize(
    ("data", "mime"),
    [(odd_pictures.recording(b"mp42", SOUND), "audio/mp4"), (odd_pictures.recording(b"isom", SOUND), "audio/mp4"),
     (odd_pictures.recording(b"mp42", PICTURES, SOUND), "video/mp4"), (odd_pictures.recording(b"3gp5", PICTURES, SOUND), "video/3gpp"),
     (odd_pictures.recording(b"3gp4", SOUND), "audio/3gpp"), (odd_pictures.recording(b"ZZZZ", SOUND, PICTURES), "video/mp4"),
     (odd_pictures.box(b"wide") + odd_pictures.box(b"mdat", b"\0" * 50) + odd_pictures.moov(PICTURES), "video/quicktime"),
     (odd_pictures.moov(PICTURES, SOUND) + odd_pictures.box(b"mdat", b"\0" * 50), "video/quicktime"),
     (odd_pictures.matroska(b"webm", 2), "audio/webm"), (odd_pictures.matroska(b"webm", 1, 2), "video/webm"),
     (b"#!AMR-WB\n" + b"\x04" * 90, "audio/amr"), (b"\xff\xf0\x50\x80" + b"\0" * 90, "audio/aac"),
     (b"\xff\xf3\x40\xc4" + b"\0" * 400, "audio/mpeg"), (b"\xff\xe3\x40\xc4" + b"\0" * 400, "audio/mpeg")],
)  # fmt: skip
def test_a_recording_is_called_a_recording_and_a_film_a_film_whatever_holds_it(tmp_path, data, mime):
    ref = keep(tmp_path, data)
    assert (ref.mime, ref.kind) == (mime, mime.partition("/")[0])


@pytest.mark.parametrize(
    "data",
    [b"\0\0\0\x08moov" + b"\0" * 8, b"MZ\x90\0mdat" + b"\0" * 90, b"\0\0\0\x07free" + odd_pictures.moov(PICTURES),
     odd_pictures.matroska(b"evil", 1), b"\x1aE\xdf\xa3" + b"\0" * 40, b"\0\0\0\x08free" * 3_000 + odd_pictures.moov(PICTURES)],
    ids=["empty index", "program", "box too small", "another kind of EBML", "EBML alone", "boxes without end"],
)  # fmt: skip
def test_what_has_no_track_is_no_film(tmp_path, data):
    with pytest.raises(InvalidInput) as refused:
        keep(tmp_path, data)
    assert refused.value.code == "file_type"


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
    thread.join()
    listener.close()
    assert bytes(received) == b"zINSTREAM\0" + (5).to_bytes(4, "big") + b"hello" + b"\0\0\0\0"


def test_no_scanner_is_recorded_as_such(tmp_path):
    assert files.scan_bytes(b"x", str(tmp_path / "nothing")) == "not_scanned"
    assert keep(tmp_path, picture()).scan == "not_scanned"


def test_a_stored_file_tells_neither_its_minute_nor_its_size(tmp_path):
    """What a backup of the folder shows: dates to the quarter of an hour, and one size for files of many sizes."""
    ref = keep(tmp_path, picture())
    for path in tmp_path.iterdir():
        assert path.stat().st_mtime % 900 == 0
        assert path.name.removesuffix("v") == ref.id
    sizes = set()
    for size in range(5_000_000, 5_100_000, 5_000):
        kept = keep(tmp_path / "many", b"%PDF-1.7\n" + b"\0" * size)
        sizes.add((tmp_path / "many" / kept.id).stat().st_size)
        assert len(files.fetch(tmp_path / "many", kept)) == size + 9
        files.erase(tmp_path / "many", kept.id)
    assert len(sizes) <= 2
    assert max(sizes) < 5_100_009 * 1.06
