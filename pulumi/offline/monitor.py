"""The engine's side of the protocol, in process: it records instead of calling Azure."""

from collections.abc import Mapping
from typing import Any, cast

from google.protobuf import empty_pb2, json_format, struct_pb2
from pulumi.runtime import mocks
from pulumi.runtime.proto import resource_pb2

from offline.arm_types import arm_id
from offline.azure_answers import CLIENT_CONFIG, answer
from offline.recording import Recording, Registered
from offline.values import (
    Properties,
    Unknown,
    decode,
    encode,
    has_secret,
    plain,
    plain_members,
)

_STACK, _REFERENCE = "pulumi:pulumi:Stack", "pulumi:pulumi:StackReference"


class OfflineError(Exception):
    """A program asks for what only a real deployment could tell."""


class RecordingMonitor(mocks.MockMonitor):
    """Takes raw registrations: Pulumi's own mocks hide dependencies, parents and secrets.

    `stacks`: outputs of the stacks that ran before, by full name.
    """

    def __init__(self, recording: Recording, stacks: Mapping[str, Properties]) -> None:
        super().__init__(mocks=cast("Any", None))
        self._recording = recording
        self._stacks = stacks

    def RegisterResource(self, request: Any) -> Any:  # noqa: N802, ANN401 - the protocol's name and type
        """Record; answer what Azure would, or in a preview only what is known."""
        urn = self.make_urn(request.parent, request.type, request.name)
        if request.type == _STACK:
            self._recording.stack_urn = urn
            return resource_pb2.RegisterResourceResponse(urn=urn)
        if urn in self._recording.resources:
            raise OfflineError(f"two resources are named {urn}")
        found = self._registered(urn, request)
        self._recording.resources[urn] = found
        self.resources[urn] = self.ResourceRegistration(urn, found.id, found.outputs)
        known = found.is_custom and not self._recording.is_preview
        return resource_pb2.RegisterResourceResponse(
            urn=urn, id=found.id if known else "", object=_struct(found.outputs)
        )

    def _registered(self, urn: str, request: Any) -> Registered:  # noqa: ANN401 - generated type
        inputs = cast("Properties", decode(json_format.MessageToDict(request.object)))
        resource_id, outputs = "", cast("Properties", {})
        if request.custom:
            known = plain_members(inputs)
            resource_id = arm_id(request.type, known)
            outputs = {**inputs}
            if "identity" in inputs:
                # It goes in as a list of ids and comes out as a map: an echo would not be read.
                outputs["identity"] = Unknown()
            if not self._recording.is_preview:
                outputs |= answer(request.type, resource_id, known)
        return Registered(
            urn=urn,
            type=request.type,
            name=request.name,
            id=resource_id,
            inputs=inputs,
            outputs=outputs,
            parent=request.parent,
            dependencies=tuple(sorted(set(request.dependencies))),
            property_dependencies={
                key: tuple(sorted(set(one.urns)))
                for key, one in request.propertyDependencies.items()
                if one.urns
            },
            is_custom=request.custom,
            is_protected=request.protect,
            ignores=tuple(request.ignoreChanges),
            aliases=tuple(_aliases(request)),
        )

    def ReadResource(self, request: Any) -> Any:  # noqa: N802, ANN401 - the protocol's name and type
        """Answer a stack reference from the stacks that ran before."""
        if request.type != _REFERENCE:
            raise OfflineError(f"{request.type} {request.id}: nothing exists offline")
        outputs = self._stacks.get(request.id)
        if outputs is None:
            raise OfflineError(f"stack {request.id} does not exist: deploy it first")
        self._recording.references.append(request.id)
        state: Properties = {
            "name": request.id,
            "outputs": plain(outputs),
            "secretOutputNames": sorted(key for key, one in outputs.items() if has_secret(one)),
        }
        urn = self.make_urn(request.parent, request.type, request.name)
        return resource_pb2.ReadResourceResponse(urn=urn, properties=_struct(state))

    def Invoke(self, request: Any) -> Any:  # noqa: N802, ANN401 - the protocol's name and type
        """Answer who deploys; every other question needs Azure."""
        if request.tok != "azure-native:authorization:getClientConfig":
            raise OfflineError(f"{request.tok} asks Azure")
        answered = resource_pb2.ResourceInvokeResponse()
        getattr(answered, "return").CopyFrom(_struct(CLIENT_CONFIG))
        return answered

    def RegisterResourceOutputs(self, request: Any) -> Any:  # noqa: N802, ANN401 - the protocol's
        """Record what the stack exports."""
        if request.urn == self._recording.stack_urn:
            outputs = decode(json_format.MessageToDict(request.outputs))
            self._recording.outputs = cast("Properties", outputs)
        return empty_pb2.Empty()


def _struct(value: Properties) -> struct_pb2.Struct:
    return json_format.ParseDict(cast("Any", encode(value)), struct_pb2.Struct())


def _aliases(request: Any) -> list[str]:  # noqa: ANN401 - generated type
    """Earlier URNs, or names where only those changed."""
    specified = [one.urn or one.spec.name for one in request.aliases]
    return [*request.aliasURNs, *specified]
