"""Which IP addresses are public: those of IANA's registries of special addresses are not."""

import socket
from ipaddress import IPv4Address, IPv4Network, IPv6Network, ip_address
from typing import Final

_NOT_PUBLIC_V4: Final = [
    IPv4Network(network)
    for network in (
        "0.0.0.0/8",  # this host; Linux connects to itself
        "10.0.0.0/8",
        "100.64.0.0/10",  # shared by customers of a provider; also the metadata of Alibaba's cloud
        "127.0.0.0/8",
        "168.63.129.16/32",  # Azure's services for its machines
        "169.254.0.0/16",  # link-local: the metadata of most clouds
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.31.196.0/24",
        "192.52.193.0/24",
        "192.88.99.0/24",  # relays of 6to4
        "192.168.0.0/16",
        "192.175.48.0/24",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, and broadcast
    )
]
# The only part of IPv6 that is assigned to hosts of the internet. Outside of it are the unspecified address,
# loopback, IPv4 in IPv6 (mapped, compatible, NAT64), link-local, unique local, site-local and multicast.
_PUBLIC_V6: Final = IPv6Network("2000::/3")
_NOT_PUBLIC_V6: Final = [
    IPv6Network(network)
    for network in (
        "2001::/23",  # protocols, among them Teredo, which has an IPv4 address inside
        "2001:db8::/32",
        "2002::/16",  # 6to4, which has an IPv4 address inside
        "2620:4f:8000::/48",
        "3fff::/20",
    )
]


def is_public(address: str) -> bool:
    """Whether this is an address of a host on the internet. False for a text that is no address."""
    try:
        ip = ip_address(address)
    except ValueError:
        return False
    if isinstance(ip, IPv4Address):
        return not any(ip in network for network in _NOT_PUBLIC_V4)
    if ip.scope_id is not None:
        return False
    return ip in _PUBLIC_V6 and not any(ip in network for network in _NOT_PUBLIC_V6)


def is_of_this_machine(address: str) -> bool:
    """Whether this is an address of this machine. A public one may lead past its firewall.

    Nothing is sent: connecting a UDP socket only asks which address this machine would send from.
    """
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect((address, 9))
        except OSError:
            return False
        return bool(ip_address(probe.getsockname()[0]) == ip_address(address))
