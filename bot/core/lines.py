"""Lines: what counts as one caller. An IPv4 address is one; of an IPv6 address the first 64 bits, which one line owns."""

from __future__ import annotations

import hashlib
import ipaddress
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence

MOST_KEYS = 20_000


def line_of(host: str) -> str:
    """The line an address belongs to; "" for what is no address."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return ""
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((address, 64), strict=False))
    return host


class Callers:
    """Tells callers who come by themselves from a proxy that stands for many.

    proxies: addresses or networks of proxies. Without any, every address that is not a public one counts as one: this
    machine, the server room, the container network.
    """

    def __init__(self, proxies: Sequence[str] = ()) -> None:
        self._proxies = tuple(ipaddress.ip_network(one, strict=False) for one in proxies)

    def line(self, host: str) -> str:
        """The caller's own line; "" where nobody can tell, which must never be taken for one caller."""
        found = line_of(host)
        return "" if not found or self._is_proxy(host) else found

    def _is_proxy(self, host: str) -> bool:
        address = ipaddress.ip_address(host)
        if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
            address = address.ipv4_mapped
        if not self._proxies:
            return not address.is_global
        return any(address in network for network in self._proxies if network.version == address.version)


class RateLimit:
    """A token bucket a key, in memory: keys are hashes, never addresses.

    It goes by a clock that only runs forward: one that is set back would otherwise refuse everybody until it catches up.
    """

    def __init__(self, burst: int, per_second: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._burst, self._rate, self._clock = burst, per_second, clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def allow(self, key: str) -> bool:
        now = self._clock()
        tokens, at = self._buckets.pop(key, (float(self._burst), now))
        tokens = min(self._burst, tokens + (now - at) * self._rate)
        self._buckets[key] = (max(tokens - 1, 0.0), now) if tokens >= 1 else (tokens, now)
        while len(self._buckets) > MOST_KEYS:
            self._buckets.popitem(last=False)
        return tokens >= 1


class LineLimit:
    """What one line may do, where the caller's own line can be seen; behind a proxy the proxy counts them.

    The line is kept as a hash under a key of this process, until its bucket is one of the oldest.
    """

    def __init__(self, callers: Callers, limit: RateLimit) -> None:
        self._callers, self._limit, self._key = callers, limit, secrets.token_bytes(32)

    def allow(self, host: str) -> bool:
        line = self._callers.line(host)
        return not line or self._limit.allow(hashlib.blake2b(line.encode(), key=self._key, digest_size=16).hexdigest())
