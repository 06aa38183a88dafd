"""Loading function_app.py and checking each function by the rules of Microsoft's worker.

Source: azure_functions_worker loader.py and functions.py; see real_worker for the real thing.
"""

import importlib
import inspect
import sys
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import GenericAlias
from typing import Protocol, cast

import azure.functions as func
from azure.functions.decorators.core import BindingDirection
from azure.functions.decorators.function_app import Function as Registered

from devstack.functions_host.converters import converter_for, has_implicit_output
from devstack.functions_host.errors import AppLoadError
from devstack.functions_host.function import Binding, Function


class _Described(Protocol):
    """A binding of azure.functions, which has no types for this."""

    def get_dict_repr(self) -> Mapping[str, object]:
        """Its function.json properties, enumerations as members."""
        ...


def index_app(app_folder: Path, script: str = "function_app.py") -> tuple[Function, ...]:
    """Import the app and return its functions.

    Once per process only: azure.functions refuses to list the functions of an app twice.

    Raises:
        AppLoadError: the script does not import, holds not exactly one app, or a function
            breaks a rule.
    """
    return index_functions(_single_app(app_folder, script), app_folder, script)


def index_functions(
    app: func.FunctionRegister, app_folder: Path, script: str
) -> tuple[Function, ...]:
    """The functions of an app that is imported already; the paths are for messages.

    Raises:
        AppLoadError: a function breaks a rule.
    """
    try:
        registered = app.get_functions()
    except Exception as error:
        raise AppLoadError(f"{app_folder / script}: {error}") from error
    return tuple(_indexed(one, app_folder) for one in registered)


def _single_app(app_folder: Path, script: str) -> func.FunctionRegister:
    if str(app_folder) not in sys.path:
        sys.path.insert(0, str(app_folder))
    try:
        module = importlib.import_module(Path(script).stem)
    except Exception as error:
        text = f"{app_folder / script}: {type(error).__name__}: {error}"
        raise AppLoadError(text) from error
    apps = {
        id(value): value
        for value in vars(module).values()
        if isinstance(value, func.FunctionRegister)
    }
    if len(apps) != 1:
        text = f"{app_folder / script}: expected exactly one function app, found {len(apps)}"
        raise AppLoadError(text)
    return next(iter(apps.values()))


@dataclass(frozen=True, slots=True)
class _Signature:
    """The parameters of a function beside its bindings."""

    name: str
    hints: Mapping[str, object]
    bound: Mapping[str, Binding]

    def refuse(self, reason: str) -> AppLoadError:
        return AppLoadError(f"cannot load the {self.name} function: {reason}")

    def converter_type(self, parameter: str) -> str:
        """Check one parameter and name its converter.

        Raises:
            AppLoadError: annotation and binding disagree.
        """
        binding, annotation = self.bound[parameter], self.hints.get(parameter)
        if annotation is None:
            return binding.type
        is_out = getattr(typing.get_origin(annotation) or annotation, "__name__", "") == "Out"
        if is_out != binding.is_output:
            raise self.refuse(f"binding {parameter}: its direction and its annotation disagree")
        pytype = typing.get_args(annotation)[0] if is_out else annotation
        if isinstance(pytype, GenericAlias):
            # Microsoft's worker takes typing.List[...] and refuses list[...].
            raise self.refuse(f"binding {parameter} has invalid non-type annotation {pytype}")
        # A text or bytes annotation asks for the raw value, not for the binding's own class.
        is_raw = pytype in {str, bytes} and not has_implicit_output(binding.type)
        chosen = "generic" if is_raw else binding.type
        converter = converter_for(chosen)
        check = (
            converter.check_output_type_annotation
            if binding.is_output
            else converter.check_input_type_annotation
        )
        if not check(cast("type", pytype)):
            raise self.refuse(f"{parameter}: a {binding.type} binding cannot be a {pytype}")
        return chosen


def _indexed(registered: Registered, app_folder: Path) -> Function:
    call = cast("Callable[..., object]", registered.get_user_function())
    name = cast("str", registered.get_function_name())
    bindings = tuple(
        _binding(name, cast("_Described", one).get_dict_repr()) for one in registered.get_bindings()
    )
    bound = {binding.name: binding for binding in bindings if binding.name != "$return"}
    signature = _Signature(name, typing.get_type_hints(call), bound)
    parameters = set(inspect.signature(call).parameters)
    requires_context = "context" in parameters and "context" not in bound
    if requires_context:
        parameters.discard("context")
    if parameters != set(bound):
        raise signature.refuse(
            f"its parameters {sorted(parameters)} do not match its bindings {sorted(bound)}"
        )
    kinds = {parameter: signature.converter_type(parameter) for parameter in bound}
    return Function(
        name=name,
        call=call,
        folder=str(app_folder),
        trigger=_trigger(signature),
        bindings=bindings,
        inputs={key: kind for key, kind in kinds.items() if not bound[key].is_output},
        outputs={key: kind for key, kind in kinds.items() if bound[key].is_output},
        return_type=_return_type(bindings),
        requires_context=requires_context,
        is_async=inspect.iscoroutinefunction(call),
    )


def _binding(function_name: str, properties: Mapping[str, object]) -> Binding:
    direction = properties["direction"]
    if direction is BindingDirection.INOUT:
        text = f'cannot load the {function_name} function: "inout" bindings are not supported'
        raise AppLoadError(text)
    return Binding(
        name=str(properties["name"]),
        type=str(properties["type"]),
        is_output=direction is BindingDirection.OUT,
        properties=dict(properties),
    )


def _trigger(signature: _Signature) -> Binding:
    triggers = [one for one in signature.bound.values() if one.type.lower().endswith("trigger")]
    if len(triggers) != 1:
        raise signature.refuse(f"it has {len(triggers)} triggers, one is needed")
    return triggers[0]


def _return_type(bindings: tuple[Binding, ...]) -> str | None:
    for binding in bindings:
        if binding.name == "$return":
            return binding.type
    return next((one.type for one in bindings if has_implicit_output(one.type)), None)
