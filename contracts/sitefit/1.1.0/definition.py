"""Builds sitefit.ghx, the debug contract: a number plus ten, with components alone."""

from contracts.grasshopper.builder import DefinitionBuilder, NumberRange

FILE_NAME = "sitefit.ghx"


def build() -> bytes:
    """Return the definition as XML."""
    definition = DefinitionBuilder("sitefit 1.1.0", "Adds ten to a number.")
    value = definition.get_number("value", NumberRange(0, 1000), prompt="Any number to 1000")
    total = definition.calculate("Addition", value, definition.number(10))
    definition.context_bake("result", total)
    return definition.to_ghx()
