"""What a result was made of, signed by the AppServer; `appserver verify` checks it.

Source: docs/adr/0018-provenance.md.
"""

from contracts.model import JsonObject

FORMAT = "kuduso.provenance/1"
_TEXTS = (
    *("format", "app_id", "definition", "version", "definition_hash", "plugins_hash", "node"),
    *("inputs_hash", "outputs_hash", "solved_at", "algorithm", "key_id", "signature"),
)
_OBJECTS = ("engine", "tolerances", "units")

PROVENANCE_SCHEMA: JsonObject = {
    "type": "object",
    "required": [*_TEXTS, *_OBJECTS, "seed"],
    "properties": {
        **{name: {"type": "string"} for name in _TEXTS},
        **{name: {"type": "object"} for name in _OBJECTS},
        "seed": {},
    },
}
