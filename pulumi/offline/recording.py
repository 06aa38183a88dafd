"""What one run of a program registered."""

from dataclasses import dataclass, field

from offline.values import Properties


@dataclass(frozen=True, slots=True)
class Registered:
    """One resource or component, as the program declared it."""

    urn: str
    type: str
    name: str
    id: str
    inputs: Properties
    outputs: Properties
    parent: str
    dependencies: tuple[str, ...]
    property_dependencies: dict[str, tuple[str, ...]]
    is_custom: bool
    is_protected: bool
    ignores: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()

    @property
    def short_type(self) -> str:
        """`storage:StorageAccount`; components keep their own names."""
        return self.type.removeprefix("azure-native:")

    @property
    def path(self) -> str:
        """The URN without project and stack: what an alias would name."""
        return "::".join(self.urn.split("::")[2:])


@dataclass(slots=True)
class Recording:
    """One program in one mode. `outputs`: what the stack exports.

    `given_keys`: configuration in the stack's file; `read_keys`: what the program asked for.
    """

    stack: str
    is_preview: bool
    resources: dict[str, Registered] = field(default_factory=dict[str, Registered])
    outputs: Properties = field(default_factory=dict[str, object])
    references: list[str] = field(default_factory=list[str])
    stack_urn: str = ""
    given_keys: frozenset[str] = frozenset()
    read_keys: frozenset[str] = frozenset()

    def azure_resources(self) -> list[Registered]:
        """Without components, in the order of their registration."""
        return [one for one in self.resources.values() if one.is_custom]

    def named(self, name: str) -> Registered:
        """The one resource of a logical name."""
        (found,) = [one for one in self.azure_resources() if one.name == name]
        return found
