"""Lines: what counts as one caller. An IPv4 address is one; of an IPv6 address the first 64 bits, which one line owns."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence


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
