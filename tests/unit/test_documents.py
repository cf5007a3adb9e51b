"""What the documents tell operators exists: settings, commands, files; and the sample for nginx fits the product."""

from __future__ import annotations

import re

import pytest

from bot.cli import COMMANDS
from bot.core.messages import MAX_ATTACHMENT_BYTES
from bot.gateway import web_api, webhooks
from bot.phrases.books import book
from bot.settings import PREFIX, ROOT, variables

DOCUMENTS = [ROOT / "README.md", ROOT / "SECURITY.md", *sorted((ROOT / "docs").glob("*.md"))]
NGINX = (ROOT / "docs" / "nginx" / "lachan.conf").read_text(encoding="utf-8")
KNOWN = {name.removeprefix(PREFIX) for name in variables()}


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_settings_and_commands_that_are_named_exist(path):
    text = path.read_text(encoding="utf-8")
    named = set(re.findall(r"LACHAN_([A-Z_]+[A-Z])", text))
    assert named <= KNOWN | {"MAIL"}, named - KNOWN
    commands = set(re.findall(r"`lachan ([a-z-]+)", text))
    assert commands <= set(COMMANDS) | {"COMMAND"}, commands - set(COMMANDS)


def test_every_setting_of_a_channel_is_explained():
    runbook = (ROOT / "docs" / "runbook.md").read_text(encoding="utf-8")
    channel = {name for name in KNOWN if name.startswith(("ZALO", "TELEGRAM", "WIDGET", "PUBLIC_URL"))}
    assert len(channel) > 25
    assert sorted(name for name in channel if f"LACHAN_{name}" not in runbook) == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_files_that_are_linked_exist(path):
    for target in re.findall(r"\]\(([^)#]+)\)", path.read_text(encoding="utf-8")):
        if not target.startswith("http"):
            assert (path.parent / target).exists(), target


@pytest.mark.parametrize(
    "path", [*DOCUMENTS, *sorted((ROOT / "docs" / "adr").glob("*.md"))], ids=lambda path: path.name
)
def test_rooms_and_files_that_are_named_exist(path):
    named = re.findall(
        r"`((?:bot|actions|scripts|tests|content|nlu_data|docs)/[\w./-]*)`", path.read_text(encoding="utf-8")
    )
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_documents_that_the_code_cites_exist():
    cited = re.compile(r"[\w./-]+\.md\b")
    code = [path for folder in ("bot", "actions", "scripts") for path in (ROOT / folder).rglob("*.py")]
    missing = {
        f"{path.relative_to(ROOT)}: {name}"
        for path in code
        if ".venv" not in path.parts
        for name in cited.findall(path.read_text(encoding="utf-8"))
        if not any((place / name).exists() for place in (ROOT, ROOT / "content", ROOT / "docs"))
    }
    assert missing == set()


def location(path: str) -> str:
    """The block of the sample that serves a path of the gateway."""
    found = re.search(rf"location (?:= )?{re.escape(path)} \{{(.*?)\n    \}}", NGINX, re.DOTALL)
    assert found, path
    return found[1]


def size(block: str) -> int:
    number, unit = re.search(r"client_max_body_size (\d+)([km])", block).groups()
    return int(number) * {"k": 1024, "m": 1024**2}[unit]


def test_nginx_lets_through_what_the_product_takes_and_little_more():
    messages, hooks = location("/chat/api/messages"), location("/webhooks/")
    assert web_api.MAX_MULTIPART_BYTES <= size(messages) <= web_api.MAX_MULTIPART_BYTES + 1024**2
    assert size(messages) > MAX_ATTACHMENT_BYTES
    assert size(hooks) == webhooks.MAX_BODY
    assert size(NGINX) >= web_api.MAX_JSON_BYTES, "the first one named holds where no other does"


def test_nginx_keeps_nobody_and_nothing():
    servers = NGINX.split("\nserver {")[1:]
    assert len(servers) == 3
    for server in servers:
        assert "access_log off;" in server
        assert "lachan-error.log crit;" in server
    citizens, officers = servers[1:]
    assert 'X-Forwarded-For ""' in citizens
    # Officers' sign-ins are counted for each address; a citizen's address is only counted in nginx's own memory.
    assert "X-Forwarded-For $remote_addr;" in officers
    assert NGINX.replace("#", "").count("$remote_addr") == 3  # that, and the map that shortens it
    assert "log_format" not in NGINX
    for server in servers[1:]:
        assert "X-Forwarded-Proto $scheme" in server
        assert "Host $host" in server
        assert "proxy_max_temp_file_size 0" in server
    assert "proxy_request_buffering off" in location("/chat/api/messages")


def test_nginx_does_not_hold_back_the_stream():
    stream = location("/chat/api/events")
    assert "proxy_buffering off" in stream
    assert "gzip off" in stream
    seconds = int(re.search(r"proxy_read_timeout (\d+)s", stream)[1])
    assert seconds > 2 * web_api.QUIET_SECONDS
    assert int(re.search(r"proxy_read_timeout (\d+)s", location("/chat/api/messages"))[1]) > web_api.WAIT_SECONDS


def test_the_places_of_the_contributors_page_exist():
    text = (ROOT / "docs" / "contributing.md").read_text(encoding="utf-8")
    named = [name for name in re.findall(r"`((?:[a-z_]+/)+[A-Za-z0-9_./<>-]*)`", text) if "<" not in name]
    assert len(named) > 25
    assert [name for name in named if not (ROOT / name).exists()] == []
    from bot.dialogue.interview import answers, draft

    for what in ("QUESTIONS", "URGENT_QUESTIONS", "HANDLERS"):
        assert f"`{what}`" in text
        assert hasattr(draft, what) or hasattr(answers, what)


def test_every_file_of_words_stands_on_the_contributors_page():
    text = (ROOT / "docs" / "contributing.md").read_text(encoding="utf-8")
    section = text.split("## A word the interview listens for")[1].split("\n## ")[0]
    for path in (ROOT / "content" / "interview").glob("*.yml"):
        assert f"`{path.name}`" in section or f"`content/interview/{path.name}`" in section, path
    name, how, entries = re.search(r'book\("([^"]+)"\)\.(\w+)\("(\w+)"\)', section).groups()
    assert getattr(book(name), how)(entries)
