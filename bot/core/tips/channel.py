"""By which way a tip came that no citizen typed: codes beside those of `bot.core.messages.Channel`, for statistics.

Their Vietnamese names stand with those of the others in bot/presentation/words.yml.
"""

from __future__ import annotations

PHONE, PAPER, HOTLINE = "phone", "paper", "hotline_111"
TOLD_TO_OFFICERS = (PHONE, PAPER, HOTLINE)
