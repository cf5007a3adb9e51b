"""Every code a channel can end with has words for the operator."""

from __future__ import annotations

import re

from bot.channels.zalo_bot import errors as bot_errors
from bot.channels.zalo_oa import errors as oa_errors
from bot.content.reasons import load_reasons
from bot.core.errors import SendPolicy
from bot.settings import ROOT

REASONS = load_reasons(ROOT / "content")
FORMS_AND_GROUPS = {-237, -238, -241, -403, -1340, -1341}  # nothing this product does can cause these


def test_every_code_of_zalo_has_words():
    codes = [str(code) for code in oa_errors.TABLE if code not in FORMS_AND_GROUPS] + [str(c) for c in bot_errors.TABLE]
    unknown = [code for code in codes if "(mã" in REASONS.of(code).why]
    assert unknown == []


def test_what_needs_a_person_says_what_to_do():
    for code, (policy, _, _) in oa_errors.TABLE.items():
        if policy is SendPolicy.ALERT:
            assert REASONS.of(str(code)).todo, code


def test_families_and_the_unknown():
    assert REASONS.of("-14014").todo == "Chạy `lachan zalo login`."
    assert "không biết tin đã tới chưa" in REASONS.of("http_503").why
    assert "mã -9999" in REASONS.of("-9999").why
    assert "mã ?" in REASONS.of("").why


def test_codes_written_in_the_code_have_words():
    """SendError(..., "literal") and Judgement(False, "literal") anywhere in the product."""
    found = set()
    for path in (ROOT / "bot").rglob("*.py"):
        if "engine" in path.parts or ".venv" in path.parts or "sandbox" in path.parts:
            continue
        source = path.read_text(encoding="utf-8")
        found |= set(re.findall(r'SendError\(SendPolicy\.\w+, "([\w-]+)"', source))
        found |= set(re.findall(r'Judgement\(False, "([\w-]+)"', source))
    assert len(found) > 10
    assert [code for code in sorted(found) if "(mã" in REASONS.of(code).why] == []
