"""Times that are kept in clear are kept coarse."""


def minute(at: float) -> float:
    """Seconds since the epoch, rounded down to the minute: what statistics and clocks need, and no more."""
    return at - at % 60
