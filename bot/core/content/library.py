"""The loaded library and the rule that picks what a person gets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

from bot.core.content.model import EMERGENCY_CARD, HOTLINE_CARD, MAIN_LANGUAGES, ContentItem, Hotline


@dataclass(frozen=True)
class ContentLibrary:
    """All items by (id, language), and the hotline table. Immutable: a reload makes a new one."""

    items: Mapping[tuple[str, str], ContentItem]
    hotlines: tuple[Hotline, ...] = ()
    sites: frozenset[str] = field(default_factory=frozenset)  # hosts an item may name

    @staticmethod
    def of(items: Iterable[ContentItem], hotlines: Iterable[Hotline] = (), sites: Iterable[str] = ()) -> ContentLibrary:
        """Build a library. Raises ValueError without a Vietnamese hotline card: there must always be an answer."""
        table = {(item.id, item.language): item for item in items}
        if (HOTLINE_CARD, "vi") not in table:
            raise ValueError("no Vietnamese hotline_card")
        return ContentLibrary(MappingProxyType(table), tuple(hotlines), frozenset(sites))

    def get(self, item_id: str, language: str, today: date) -> ContentItem:
        """The item to send: never None, never a draft, never expired.

        Vietnamese and English get the item in their language. Any other language gets its emergency card (the library
        has nothing else in it), else English. Whatever may not be sent, or does not exist, becomes the hotline card,
        so compare `.id` with what was asked to count such cases.
        """
        for key in self._candidates(item_id, language):
            item = self.items.get(key)
            if item is not None and item.may_be_sent(today):
                return item
        return self.items[(HOTLINE_CARD, "vi")]

    def has(self, item_id: str, language: str = "vi") -> bool:
        """Whether the item exists in the language, sendable or not."""
        return (item_id, language) in self.items

    def languages(self) -> tuple[str, ...]:
        """Languages in which there is at least one item, sorted."""
        return tuple(sorted({language for _, language in self.items}))

    def in_language(self, language: str) -> tuple[ContentItem, ...]:
        """All items of a language, sorted by id."""
        found = [item for (_, lang), item in self.items.items() if lang == language]
        return tuple(sorted(found, key=lambda item: item.id))

    @staticmethod
    def _candidates(item_id: str, language: str) -> tuple[tuple[str, str], ...]:
        if language in MAIN_LANGUAGES:
            return ((item_id, language), (HOTLINE_CARD, language))
        return ((EMERGENCY_CARD, language), (item_id, "en"), (HOTLINE_CARD, "en"))
