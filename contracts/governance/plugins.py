"""plugins.json lists exactly the plugins that the definition was saved with."""

from collections import Counter
from collections.abc import Iterator

from contracts.description.description import Description
from contracts.finding import Finding
from contracts.model import Contract
from contracts.paths import pointer_to


def plugin_findings(contract: Contract, description: Description) -> Iterator[Finding]:
    """Every plugin that is missing, not needed, repeated or of another version.

    The attestation hash covers engine and plugins; an engine with others is refused by it.
    """
    file = contract.folder / "plugins.json"
    needed = {library.name: library.version for library in description.libraries}
    names = [plugin.name for plugin in contract.plugins.plugins]
    for place, plugin in enumerate(contract.plugins.plugins):
        pointer = pointer_to("plugins", place)
        if plugin.name not in needed:
            message = f"the definition does not need {plugin.name!r}"
            yield Finding("plugin_not_needed", file, pointer, message, "Remove the entry.")
        elif plugin.version != needed[plugin.name]:
            message = (
                f"the definition was saved with {plugin.name} {needed[plugin.name]},"
                f" not {plugin.version}"
            )
            remedy = f"State version {needed[plugin.name]}, or save the definition anew."
            yield Finding("plugin_version", file, f"{pointer}/version", message, remedy)
    for name, version in needed.items():
        if name not in names:
            message = f"the definition needs {name!r} {version}"
            yield Finding("plugin_missing", file, "/plugins", message, "Add the plugin.")
    for name, count in Counter(names).items():
        if count > 1:
            message = f"{name!r} is listed {count} times: the attestation hash is ambiguous"
            yield Finding("plugin_repeated", file, "/plugins", message, "Keep one entry.")
