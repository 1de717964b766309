"""Where a webhook may point: to the world, not into the own network."""

import asyncio
import socket
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from wideberth_contracts.errors import BadInput

SCHEMES = ("https", "http")


@dataclass(frozen=True, slots=True)
class Target:
    """A receiver whose name has been looked up. The address is used, so that a second look-up cannot change it."""

    url: str
    host: str
    address: str

    def pinned_url(self) -> str:
        """The URL with the address in the place of the name."""
        parts = urlsplit(self.url)
        address = f"[{self.address}]" if ":" in self.address else self.address
        port = f":{parts.port}" if parts.port else ""
        return parts._replace(netloc=f"{address}{port}").geturl()

    def host_header(self) -> str:
        """Name and port as the URL gives them."""
        return urlsplit(self.url).netloc.rpartition("@")[2]


def checked(url: str) -> str:
    """The URL, if it is one that can be posted to.

    Raises:
        BadInput: no http(s) URL, no host, or a name and password in it.
    """
    try:
        parts = urlsplit(url)
        fine = parts.scheme in SCHEMES and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        fine = False
    if not fine:
        raise BadInput(f"{url!r} is no address to send to", where="url", remedy="use https://host/path")
    if parts.username or parts.password:
        raise BadInput("a name or password in the URL would be written into logs", where="url", remedy="leave it out")
    return url


async def resolved(url: str, *, private_too: bool) -> Target:
    """The receiver's address.

    Args:
        url: as `checked`.
        private_too: whether an address in the own network will do.

    Raises:
        BadInput: an address is private, and `private_too` is not set.
        OSError: the name has no address now.
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = [str(entry[4][0]) for entry in found]
    private = [address for address in addresses if not ip_address(address.partition("%")[0]).is_global]
    if private and not private_too:
        raise BadInput(
            f"{host} is {private[0]}: not an address of the public network",
            where="url",
            remedy="set WIDEBERTH_GATEWAY_RECEIVERS_ON_PRIVATE_ADDRESSES=true if it is meant",
        )
    return Target(url, host, addresses[0])
