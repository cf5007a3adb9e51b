"""A text on its way to plain words: see bot.core.disguise. Standard library only, Python 3.10-compatible."""

from __future__ import annotations


class Draft:
    """The text being made plain: characters with their places, and the tricks met."""

    def __init__(self, text: str) -> None:
        self.chars = list(text)
        self.origin = list(range(len(text)))
        self.foreign: set[int] = set()  # places of letters of another alphabet
        self.tricks: list[tuple[int, int]] = []
        self.changed = False

    @property
    def text(self) -> str:
        return "".join(self.chars)

    def note(self, start: int, end: int) -> None:
        """Remember that the characters from start to end hide a word."""
        places = self.origin[start:end]
        self.tricks.append((min(places), max(places) + 1))

    def replace(self, changes: dict[int, str]) -> None:
        """Put other characters (none, one or several) at the given places."""
        if not changes:
            return
        chars: list[str] = []
        origin: list[int] = []
        for i, (char, place) in enumerate(zip(self.chars, self.origin, strict=True)):
            put = changes.get(i, char)
            chars.extend(put)
            origin.extend([place] * len(put))
        self.chars, self.origin, self.changed = chars, origin, True

    def turn(self, start: int, end: int, letters: str) -> None:
        """Put the characters from start to end the other way round, as `letters`, one for one."""
        self.chars[start:end] = letters
        self.origin[start:end] = self.origin[start:end][::-1]
        self.changed = True
