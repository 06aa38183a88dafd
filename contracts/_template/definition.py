"""Builds the definition beside it: `python -m contracts build APP VERSION` writes the file."""

from pathlib import Path

from contracts.grasshopper.builder import DefinitionBuilder, NumberRange

APP = Path(__file__).parent.parent.name
FILE_NAME = f"{APP}.ghx"


def build() -> bytes:
    """Return the definition as XML."""
    definition = DefinitionBuilder(APP, "Doubles a number.")
    value = definition.get_number("value", NumberRange(0, 1000, 1), prompt="The number to double")
    doubled = definition.calculate("Multiplication", value, definition.number(2))
    definition.context_bake("result", doubled)
    return definition.to_ghx()
