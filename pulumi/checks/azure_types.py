"""Every registered resource against what Microsoft's own SDK says that its API takes.

Pulumi lifts the members of `properties` to the level above; here they are looked for there.
"""

import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

from offline.arm_types import arm_type
from offline.recording import Recording, Registered
from offline.values import Properties, Unknown, plain_members

from checks.faults import Fault
from checks.mgmt_models import MgmtModels
from checks.shapes import Member, Shape, Sort

_STORAGE = "StorageAccountPropertiesCreateParameters"
# Names of the Pulumi SDK that differ from the wire's: (model, name) -> name on the wire.
_RENAMED = {
    (_STORAGE, "enableHttpsTrafficOnly"): "supportsHttpsTrafficOnly",
    (_STORAGE, "networkRuleSet"): "networkAcls",
    ("VirtualNetworkRule", "virtualNetworkResourceId"): "id",
    ("RoleDefinition.properties", "roleType"): "type",
}
# Known to the API version that Pulumi speaks, not yet to the models.
_NEWER = {("WorkloadProfile", "enableFips")}
# Objects whose discriminator is open: the models list some of its values only.
_OPEN = {"DashboardPartMetadata"}
_OWN = frozenset({"id", "type", "name", "apiVersion", "systemData"})
_IDENTITIES = "userAssignedIdentities"
_TYPES: dict[Sort, tuple[type, ...]] = {
    Sort.TEXT: (str,),
    Sort.WHOLE: (int,),
    Sort.NUMBER: (int, float),
    Sort.FLAG: (bool,),
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a resource a value stands."""

    resource: str
    path: str = ""

    def at(self, part: str) -> "Place":
        """One step further in."""
        return Place(self.resource, f"{self.path}.{part}".strip("."))

    def fault(self, rule: str, text: str) -> Fault:
        """A fault at this place."""
        return Fault(self.resource, f"type: {rule}", f"{self.path or '.'}: {text}")


def type_faults(recording: Recording, models: MgmtModels) -> list[Fault]:
    """Faults of all resources of a run."""
    return [
        fault
        for resource in recording.azure_resources()
        for fault in _resource_faults(recording.stack, resource, models)
    ]


def _resource_faults(stack: str, resource: Registered, models: MgmtModels) -> Iterator[Fault]:
    kind = arm_type(resource.type)
    in_address = {"resourceGroupName", *kind.path, kind.attached_by}
    sent = {
        name: value
        for name, value in plain_members(resource.inputs).items()
        if name not in in_address or (name == "name" and "name" not in kind.path)
    }
    if kind.name == "Microsoft.Network/privateDnsZones/A":
        del sent["recordType"]  # part of the address, too
    yield from _record(models.body(kind.name), sent, Place(f"{stack}/{resource.name}"), root=True)


def _record(
    shape: Shape, value: Properties, place: Place, *, root: bool = False
) -> Iterator[Fault]:
    """Faults of an object; what is no member of its own may be one of its `properties`."""
    if shape.variants:
        found = _variant(shape, value)
        if found is None:
            given = ", ".join(shape.variants)
            yield place.fault("wrong choice", f"{shape.discriminator} is none of {given}")
            return
        shape = found
    inner = shape.members.get("properties")
    lifted = {
        name: one
        for name, one in value.items()
        if inner and _belongs_inside(inner.shape, _member(shape, name)[1], name, root=root)
    }
    own = {name: one for name, one in value.items() if name not in lifted}
    for name, one in own.items():
        yield from _member_faults(shape, name, one, place)
    seen = {_member(shape, name)[0] for name in own}
    if inner and "properties" not in seen and (lifted or (root and _needs(inner.shape))):
        seen.add("properties")
        yield from _record(inner.shape, lifted, place)
    yield from _missing(shape, seen, place, root=root)


def _member_faults(shape: Shape, name: str, value: object, place: Place) -> Iterator[Fault]:
    member = _member(shape, name)[1]
    if (shape.name, name) in _NEWER:
        return
    if member is None:
        yield from _further(shape, name, value, place)
    elif member.is_computed and not member.is_required:
        yield place.at(name).fault("computed", "Azure sets this itself")
    else:
        yield from _value(member.shape, value, place.at(name))


def _variant(shape: Shape, value: Properties) -> Shape | None:
    wanted = _squashed(shape.discriminator)
    given = [one for name, one in value.items() if _squashed(name) == wanted and "_" not in name]
    return shape.variants.get(str(given[0])) if given else None


def _member(shape: Shape, name: str) -> tuple[str, Member | None]:
    wanted = _squashed(_RENAMED.get((shape.name, name), name))
    if "_" in name:  # Pulumi would send the name as it stands
        return name, shape.members.get(name)
    for wire, member in shape.members.items():
        if _squashed(wire) == wanted:
            return wire, member
    return name, None


def _belongs_inside(inner: Shape, member: Member | None, name: str, *, root: bool) -> bool:
    """`type` of an extension or `name` of a setting may be meant for the inner object."""
    inside = _member(inner, name)[1] or (inner.element if inner.variants else None)
    if inside is None:
        return False
    return member is None or member.is_computed or (root and name in _OWN)


def _further(shape: Shape, name: str, value: object, place: Place) -> Iterator[Fault]:
    if shape.element is not None:
        yield from _value(shape.element, value, place.at(name))
        return
    inner = shape.members.get("properties")
    known = [*shape.members, *(inner.shape.members if inner else ())]
    near = difflib.get_close_matches(name.replace("_", ""), known, 1, 0.6)
    hint = f"; did you mean {near[0]}?" if near else ""
    yield place.at(name).fault("unknown property", f"{shape.name} has none{hint}")


def _missing(shape: Shape, seen: set[str], place: Place, *, root: bool) -> Iterator[Fault]:
    for name, member in shape.members.items():
        is_given = name in seen or (root and name in _OWN)
        if member.is_required and not member.is_computed and not is_given:
            yield place.at(name).fault("missing", f"{shape.name} needs it")


def _needs(shape: Shape) -> bool:
    return any(one.is_required and not one.is_computed for one in shape.members.values())


def _value(shape: Shape, value: object, place: Place) -> Iterator[Fault]:
    is_open = shape.sort is Sort.ANY or shape.name in _OPEN
    if value is None or isinstance(value, Unknown) or is_open:
        return
    if shape.sort is Sort.RECORD:
        yield from _object(shape, value, place)
    elif shape.sort is Sort.LIST:
        yield from _list(shape, value, place)
    elif shape.sort is Sort.CHOICE:
        if value not in shape.choices:
            given = ", ".join(shape.choices)
            yield place.fault("wrong choice", f"{value!r} is none of {given}")
    elif not isinstance(value, _TYPES[shape.sort]) or (
        isinstance(value, bool) and shape.sort is not Sort.FLAG
    ):
        yield place.fault("wrong type", f"{value!r} is no {shape.sort.value}")


def _object(shape: Shape, value: object, place: Place) -> Iterator[Fault]:
    if isinstance(value, list) and place.path.endswith(_IDENTITIES):
        return  # a list in Pulumi, an object with empty members on the wire
    if not isinstance(value, dict):
        yield place.fault("wrong type", f"{value!r} is no object {shape.name}")
        return
    yield from _record(shape, cast("Properties", value), place)


def _list(shape: Shape, value: object, place: Place) -> Iterator[Fault]:
    if not isinstance(value, list):
        yield place.fault("wrong type", f"{value!r} is no list")
        return
    element = shape.element or Shape(Sort.ANY)
    for index, one in enumerate(cast("list[object]", value)):
        yield from _value(element, one, place.at(str(index)))


def _squashed(name: str) -> str:
    return name.replace(".", "").replace("_", "").lower()
