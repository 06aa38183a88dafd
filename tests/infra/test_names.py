"""Azure's names for any environment and app that a stack may be named after."""

import re

import names
import pytest
from hypothesis import given
from hypothesis import strategies as st
from names import KINDS, Kind, Owner
from stack_config import StackConfigError, owner_of

from contracts.model import APP_ID_PATTERN

OWNERS = st.builds(
    Owner,
    st.from_regex(names.PREFIX, fullmatch=True),
    st.from_regex(names.ENVIRONMENT, fullmatch=True),
    st.from_regex(names.APP_ID, fullmatch=True),
)
# What Azure says of names: https://learn.microsoft.com/azure/azure-resource-manager/management/
# resource-name-rules. Lengths and characters are written down again here, on purpose.
RULES = {
    "rg": r"[\w.()-]{0,89}[\w()-]",
    "log": r"[A-Za-z0-9][A-Za-z0-9-]{2,61}[A-Za-z0-9]",
    "appi": r"[^%&\\?/#]{1,255}",
    "kv": r"[a-z](-?[a-z0-9]){2,23}",
    "st": r"[a-z0-9]{3,24}",
    "cr": r"[A-Za-z0-9]{5,50}",
    "sb": r"[A-Za-z][A-Za-z0-9-]{4,48}[A-Za-z0-9]",
    "id": r"[A-Za-z0-9][\w-]{2,127}",
    "vnet": r"[A-Za-z0-9][\w.-]{0,62}\w",
    "nsg": r"[A-Za-z0-9][\w.-]{0,78}\w",
    "pip": r"[A-Za-z0-9][\w.-]{0,78}\w",
    "ng": r"[A-Za-z0-9][\w.-]{0,78}\w",
    "pep": r"[A-Za-z0-9][\w.-]{0,78}\w",
    "cae": r"[a-z](-?[a-z0-9]){1,31}",
    "ca": r"[a-z](-?[a-z0-9]){1,31}",
    "gal": r"[A-Za-z0-9][\w.]{0,78}[A-Za-z0-9]",
    "lbi": r"[A-Za-z0-9][\w.-]{0,78}\w",
    "vmss": r"[A-Za-z0-9][\w.-]{0,62}\w",
    "as": r"[^<>%&\\?/#+*:\"|]{1,80}",
    "ag": r"[^:<>+/&%\\?|]{1,260}",
    "alert": r"[^*#&+:<>?@%{}\\/|]{1,260}",
    "dash": r"[A-Za-z0-9-]{3,160}",
    "asp": r"[A-Za-z0-9-]{1,60}",
    "func": r"[A-Za-z0-9][A-Za-z0-9-]{0,58}[A-Za-z0-9]",
    "budget": r"[\w-]{1,63}",
    "diag": r"[^*<>%:&?+/\\\"|]{1,260}",
}
LONGEST = {"kv": 24, "st": 24, "cae": 32, "ca": 32}


def valid(kind: Kind, name: str) -> bool:
    return bool(re.fullmatch(RULES[kind.short], name)) and len(name) <= LONGEST.get(
        kind.short, kind.longest
    )


def test_every_kind_has_a_rule() -> None:
    assert {kind.short for kind in KINDS} == set(RULES)


@given(OWNERS, st.sampled_from(["", "nodes", "appserver", "containers", "messages"]))
def test_names_are_what_azure_takes(owner: Owner, part: str) -> None:
    for kind in KINDS:
        assert valid(kind, owner.name(kind, part)), kind


@given(st.tuples(OWNERS, OWNERS).filter(lambda pair: pair[0] != pair[1]))
def test_two_owners_never_share_a_global_name(pair: tuple[Owner, Owner]) -> None:
    """Storage, vault, registry, namespace and site are names of the whole of Azure."""
    kinds = (names.STORAGE, names.VAULT, names.REGISTRY, names.BUS_NAMESPACE, names.FUNCTION_APP)
    for kind in kinds:
        assert pair[0].name(kind) != pair[1].name(kind), kind


def test_what_differs_in_hyphens_or_behind_the_cut_still_differs() -> None:
    def apart(first: str, second: str, kind: Kind) -> bool:
        found = (Owner("kuduso", "dev", app_id).name(kind) for app_id in (first, second))
        return len(set(found)) == 2

    assert apart("site-fit", "sitefit", names.STORAGE)
    assert apart("site--fit", "site-fit", names.VAULT)
    assert apart("a" * 39 + "b", "a" * 39 + "c", names.CONTAINER_APP)


@given(OWNERS)
def test_windows_and_pagers_get_short_names(owner: Owner) -> None:
    assert re.fullmatch(r"[a-z][a-z0-9]{0,8}", owner.computer_prefix)
    assert len(owner.short) <= 12


@given(OWNERS)
def test_queues_are_named_as_service_bus_takes_them(owner: Owner) -> None:
    assert re.fullmatch(r"[A-Za-z0-9][\w./-]{0,258}[A-Za-z0-9]", names.queue_name(owner.app_id))


@given(st.from_regex(APP_ID_PATTERN, fullmatch=True))
def test_each_contract_s_app_id_makes_a_stack(app_id: str) -> None:
    assert owner_of(f"dev-{app_id}", "kuduso") == Owner("kuduso", "dev", app_id)


@pytest.mark.parametrize(
    "stack", ["dev", "dev-", "-sitefit", "Dev-sitefit", "dev-Sitefit", "d-x", "dev-x-"]
)
def test_a_stack_without_environment_and_app_is_refused(stack: str) -> None:
    with pytest.raises(StackConfigError, match=stack):
        owner_of(stack, "kuduso")


def test_a_prefix_that_azure_would_refuse_is_refused() -> None:
    with pytest.raises(StackConfigError, match="Kuduso"):
        owner_of("dev-sitefit", "Kuduso")
