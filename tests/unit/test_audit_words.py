"""What an entry of the audit log says in plain words."""

from __future__ import annotations

from bot.presentation import audit_words


def test_told_is_a_time_or_the_units_that_were_told() -> None:
    units = {"ca.31": "Công an tỉnh", "ca.01": "Công an thành phố"}
    escalated = audit_words.plain("step=1 told=ca.31,ca.01", units, {}, str)
    assert "báo cho: Công an tỉnh, Công an thành phố" in escalated
    assert "kể lúc " in audit_words.plain("told=1790000000.0", units, {}, str)
