"""The kinds of trafficking that a tip can speak of: one code for statistics and routing.

Codes have their Vietnamese names in content/dialogue and their words in content/topics/kinds.yml.
"""

from __future__ import annotations

CODES = (
    "organ", "surrogacy", "child", "marriage", "sexual", "fishing", "scam_compound", "online_task", "labour", "other",
)  # fmt: skip
