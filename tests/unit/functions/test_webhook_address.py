"""Webhooks go to public HTTPS addresses and nowhere else."""

from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.domain.webhook_address import (
    WebhookUrlError,
    choose_address,
    is_public,
    read_target,
)

PUBLIC = ["1.1.1.1", "8.8.8.8", "93.184.215.14", "2606:4700:4700::1111", "2a00:1450:4001:80e::200e"]
REFUSED = [
    *("0.0.0.1", "0.1.2.3", "127.0.0.1", "127.255.255.254", "10.0.0.1", "172.16.0.1"),
    *("172.31.255.255", "192.168.1.1", "169.254.169.254", "169.254.170.2", "100.64.0.1"),
    *("100.100.100.200", "168.63.129.16", "192.0.0.192", "198.18.0.1", "192.0.2.1", "203.0.113.9"),
    *("224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255", "192.88.99.1"),
    *("::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd00:ec2::254", "ff02::1", "fec0::1"),
    *("::ffff:127.0.0.1", "::ffff:8.8.8.8", "::ffff:a9fe:a9fe", "::127.0.0.1", "::7f00:1"),
    *("64:ff9b::7f00:1", "64:ff9b::8.8.8.8", "64:ff9b:1::1", "2002:7f00:1::", "2001::1"),
    *("2001:db8::1", "3fff::1", "100::1", "5f00::1", "localhost", "", "1.1.1.1.", "2130706433"),
]
MAPPED = IPv6Address("::ffff:0:0")
# These prefer the special-purpose ranges of IANA's registries.
v4, v6 = st.ip_addresses(v=4), st.ip_addresses(v=6)
KINDS = (
    *("is_multicast", "is_reserved", "is_link_local"),
    *("is_private", "is_loopback", "is_unspecified"),
)


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_are_taken(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("address", REFUSED)
def test_other_addresses_are_refused(address: str) -> None:
    assert not is_public(address)


@given(v4 | v6)
def test_what_is_taken_is_global_unicast_by_python_too(address: IPv4Address | IPv6Address) -> None:
    if is_public(str(address)):
        assert address.is_global
        assert [kind for kind in KINDS if getattr(address, kind)] == []


@given(v4)
def test_no_ipv6_form_of_an_ipv4_address_is_taken(address: IPv4Address) -> None:
    number = int(address)
    for form in (
        IPv6Address(number),
        IPv6Address(int(MAPPED) + number),
        IPv6Address((0x64FF9B << 96) + number),
        IPv6Address((0x2002 << 112) + (number << 80)),
        IPv6Address((0x20010000 << 96) + number),
    ):
        assert not is_public(str(form))


@given(st.lists(v4 | v6, min_size=1, max_size=4))
def test_one_refused_address_refuses_the_host(found: list[IPv4Address | IPv6Address]) -> None:
    addresses = [str(address) for address in found]
    if all(is_public(address) for address in addresses):
        assert choose_address(addresses, allow_private=False) == addresses[0]
    else:
        with pytest.raises(WebhookUrlError):
            choose_address(addresses, allow_private=False)


def test_a_host_without_addresses_is_refused() -> None:
    with pytest.raises(WebhookUrlError):
        choose_address([], allow_private=True)


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/",
        "ftp://example.com/",
        "//example.com/",
        "https:///path",
        "https://",
        "https://example.com:22/",
        "https://example.com:80/",
        "https://example.com:0/",
        "https://example.com:99999/",
        "https://example.com:x/",
        "https://user@example.com/",
        "https://user:pass@example.com/",
        "https://example.com@127.0.0.1/",
        "https://example.com/#part",
        "https://example.com\\@127.0.0.1/",
        "https://exa mple.com/",
        "https://example.com/\r\nx: y",
        "https://exämple.com/",
        "https://%31%32%37.0.0.1/",
        "https://[fe80::1%25eth0]/",
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://[not-an-address]/",
        "https://127.0.0.1/",
        "https://169.254.169.254/latest/meta-data/",
        "https://example.com/" + "x" * 2048,
        "not a url",
        "",
    ],
)
def test_urls_of_other_forms_are_refused(url: str) -> None:
    with pytest.raises(WebhookUrlError):
        read_target(url, allow_private=False)


def test_a_url_is_taken_apart() -> None:
    target = read_target("https://Hooks.Example.com:8443/in?key=1&b=%20", allow_private=False)
    assert (target.scheme, target.host, target.port) == ("https", "hooks.example.com", 8443)
    assert target.path == "/in?key=1&b=%20"
    assert target.authority == "hooks.example.com:8443"
    assert read_target("https://example.com", allow_private=False).path == "/"
    assert read_target("https://[2606:4700::1]/", allow_private=False).authority == "[2606:4700::1]"


def test_private_targets_are_taken_where_a_setting_allows_them() -> None:
    assert read_target("http://127.0.0.1:1234/in", allow_private=True).port == 1234
    assert choose_address(["127.0.0.1"], allow_private=True) == "127.0.0.1"


@given(st.text(max_size=60).map(lambda text: "https://" + text))
def test_no_text_breaks_the_reader(url: str) -> None:
    try:
        target = read_target(url, allow_private=False)
    except WebhookUrlError:
        return
    assert target.host
    assert target.port in (443, 8443)


@given(v4 | v6)
def test_literal_addresses_are_checked_in_urls(address: IPv4Address | IPv6Address) -> None:
    host = f"[{address}]" if address.version == 6 else str(address)
    try:
        target = read_target(f"https://{host}/", allow_private=False)
    except WebhookUrlError:
        assert not is_public(str(address))
    else:
        assert ip_address(target.host) == address
        assert is_public(str(address))
