"""A ready-made campaign as an article: what the Official Account needs for a broadcast, which takes nothing else.

An article is made hidden; a person of the account looks at it, shows it and broadcasts it in Zalo's own manager. The product
never broadcasts by itself: a broadcast goes to followers, whether or not they subscribed here (docs.zaloplatforms.com, OA, article).
"""

from __future__ import annotations

from typing import Any

from bot.core.campaigns.kit import Kit

MAX_TITLE, MAX_AUTHOR, MAX_DESCRIPTION = 150, 50, 300
HIDDEN, COMMENTS = "hide", "hide"  # of a new article; nobody is to answer a campaign in public


def body(kit: Kit, pictures: str, author: str) -> dict[str, Any]:
    """The request that makes the article. pictures: public https address of the content pictures, '' when there is none."""
    paragraphs = [text.strip() for text in kit.texts["vi"]["long"].split("\n\n") if text.strip()]
    cover = {"cover_type": "photo", "photo_url": f"{pictures}/{kit.picture}", "status": "show"}
    return {
        "type": "normal",
        "title": kit.title[:MAX_TITLE],
        "author": author[:MAX_AUTHOR],
        "description": _short(kit.texts["vi"]["short"]),
        "cover": cover if pictures else {"cover_type": "photo", "status": "hide"},
        "body": [{"type": "text", "content": text} for text in paragraphs],
        "status": HIDDEN,
        "comment": COMMENTS,
    }


def _short(text: str) -> str:
    """The text, cut at a sentence where it is too long."""
    if len(text) <= MAX_DESCRIPTION:
        return text
    at = text.rfind(". ", 0, MAX_DESCRIPTION)
    return text[: at + 1] if at > 0 else text[:MAX_DESCRIPTION]
