"""Every component and parameter this server evaluates, by GUID."""

from typing import Final

from contracts.grasshopper import component_ids as ids
from devstack.rhino_compute.components import (
    arithmetic,
    curves,
    domains,
    expression,
    lists,
    logic,
    measures,
    meshes,
    points,
    sequences,
    texts,
    transforms,
    trees,
)
from devstack.rhino_compute.components.component import Component

FAMILIES = (
    arithmetic,
    logic,
    expression,
    domains,
    sequences,
    lists,
    trees,
    texts,
    points,
    curves,
    measures,
    transforms,
    meshes,
)
COMPONENTS: Final[dict[str, Component]] = {
    guid: known for family in FAMILIES for guid, known in family.COMPONENTS.items()
}

WITHOUT_RESULT: Final = frozenset(
    {
        ids.GROUP,
        ids.SCRIBBLE,
        "537b0419-bbc2-4ff4-bf08-afe526367b2c",  # Custom Preview
        "059b72b0-9bb3-4542-a805-2dcd27493164",  # Cloud Display
    }
)
"""Objects that only show something; their inputs are collected and nothing more."""

UNREAD_PARAMETERS: Final = frozenset(
    {
        "6da9f120-3ad0-4b6e-9fe0-f8cde3a649b7",  # Gradient, a component with results
        "a8b97322-2d53-47cd-905e-b932c3ccd74e",  # Button, true while pressed only
        "deaf8653-5528-4286-807c-3de8b8dad781",  # Surface
        "89cd1a12-0007-4581-99ba-66578665e610",  # SubD
        "c9482db6-bea9-448d-98ff-fed6d69a8efc",  # Box
    }
)
SUPPORTED: Final = frozenset(
    {
        *COMPONENTS,
        *WITHOUT_RESULT,
        *ids.CONTEXTUAL_INPUTS,
        *ids.CONTEXTUAL_OUTPUTS,
        ids.PYTHON_3_SCRIPT,
        *(ids.FLOATING_PARAMETERS.keys() - UNREAD_PARAMETERS),
    }
)
