"""Schemas of `/openapi.json`: those of each app's contracts beside the API's own."""

from collections.abc import Iterable
from typing import cast

from pydantic import JsonValue

from contracts.model import JsonObject
from contracts.registry import Registry, ServedContract
from contracts.wire.preview_submission import preview_form
from contracts.wire.submission import batch_schema, submission_schema
from functions.blueprints.openapi_layouts import layout_schemas
from functions.blueprints.openapi_resources import ROOT, SCHEMAS, preview_answer, ref
from functions.blueprints.openapi_studies import STUDY_SCHEMAS
from functions.blueprints.openapi_webhooks import WEBHOOK_SCHEMAS
from functions.domain.layout_resource import LAYOUTS
from functions.use_cases.describe_contracts import allowed_contracts


def component_schemas(registry: Registry, app_ids: Iterable[str]) -> JsonObject:
    """Every named schema; an app's submission and result are typed by its contracts."""
    apps = list(app_ids)
    schemas: JsonObject = SCHEMAS | STUDY_SCHEMAS | WEBHOOK_SCHEMAS
    for app_id in apps:
        schemas |= _app_schemas(registry, app_id)
    if LAYOUTS in apps:
        schemas |= layout_schemas(schemas)
    schemas["Submission"] = {"anyOf": [_with_app_id(app_id) for app_id in apps]}
    schemas["Result"] = {"anyOf": [ref(f"Result_{app_id}") for app_id in apps]}
    return schemas


def _app_schemas(registry: Registry, app_id: str) -> JsonObject:
    schemas: JsonObject = {}
    forms: list[JsonObject] = []
    results: list[JsonValue] = []
    for served in allowed_contracts(registry, app_id):
        contract = served.contract
        name = f"{contract.ref.definition}_{contract.ref.version}"
        schemas[f"Inputs_{name}"] = embedded(contract.inputs_schema, f"Inputs_{name}")
        schemas[f"Outputs_{name}"] = embedded(contract.outputs_schema, f"Outputs_{name}")
        if contract.ref.definition == app_id and _is_stable(registry, app_id, served):
            schemas[f"Inputs_{app_id}"] = ref(f"Inputs_{name}")
        forms.append(_form(registry, app_id, served, ref(f"Inputs_{name}")))
        results.append(ref(f"Outputs_{name}"))
    schemas[f"Submission_{app_id}"] = {"oneOf": [*forms]}
    schemas[f"Result_{app_id}"] = {"anyOf": results}
    schemas[f"Preview_{app_id}"] = {"oneOf": [preview_form(form) for form in forms]}
    schemas[f"PreviewAnswer_{app_id}"] = preview_answer(ref(f"Result_{app_id}"))
    schemas[f"Batch_{app_id}"] = batch_schema(ref(f"Submission_{app_id}"))
    return schemas


def _form(
    registry: Registry, app_id: str, served: ServedContract, inputs: JsonObject
) -> JsonObject:
    """A submission to one contract: its version may be left out where it is the stable one."""
    contract = served.contract
    form = submission_schema(with_app_id=False)
    properties = cast("JsonObject", form["properties"])
    required = cast("list[JsonValue]", form["required"])
    properties["definition"] = {"const": contract.ref.definition}
    properties["version"] = {"const": contract.ref.version}
    properties["inputs"] = inputs
    if contract.ref.definition != app_id:
        required.append("definition")
    if _is_stable(registry, app_id, served):
        properties["version"] = {"enum": [contract.ref.version, "stable"]}
    else:
        required.append("version")
    return form


def _is_stable(registry: Registry, app_id: str, served: ServedContract) -> bool:
    definition = served.contract.ref.definition
    alike = [
        found.contract.ref.version
        for found in allowed_contracts(registry, app_id)
        if found.contract.ref.definition == definition
        and found.contract.manifest.channel == "stable"
    ]
    return alike[-1:] == [served.contract.ref.version]


def _with_app_id(app_id: str) -> JsonObject:
    """The form of the earlier addresses: the app stands in the body instead of the path."""
    form = submission_schema(with_app_id=True)
    properties = cast("JsonObject", form["properties"])
    properties["app_id"] = {"const": app_id}
    properties["inputs"] = {
        "type": "object",
        "description": f"As in Submission_{app_id}, by definition and version.",
    }
    return form


def embedded(schema: JsonValue, name: str) -> JsonObject:
    """A contract's schema as a component: references into itself are made to begin at the root."""
    moved = cast("JsonObject", _moved(schema, name))
    return {key: value for key, value in moved.items() if key not in ("$schema", "$id")}


def _moved(value: JsonValue, name: str) -> JsonValue:
    if isinstance(value, dict):
        return {
            key: _rooted(member, name) if key == "$ref" else _moved(member, name)
            for key, member in value.items()
        }
    return [_moved(member, name) for member in value] if isinstance(value, list) else value


def _rooted(reference: JsonValue, name: str) -> JsonValue:
    is_local = isinstance(reference, str) and reference.startswith("#")
    return f"{ROOT}{name}{str(reference)[1:]}" if is_local else reference
