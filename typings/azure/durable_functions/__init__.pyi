# The part of azure-functions-durable 1.x that the product uses; the package has no types.
# Entities, rewind and call_http are left out on purpose: ADR 0022.

from collections.abc import Callable, Generator, Sequence
from datetime import datetime
from enum import Enum
from typing import Any, TypeAlias, TypeVar

import azure.functions as func
from azure.durable_functions.models.Task import TaskBase, TimerTask

_AnyCallable = TypeVar("_AnyCallable", bound=Callable[..., object])

class RetryOptions:
    def __init__(
        self, first_retry_interval_in_milliseconds: int, max_number_of_attempts: int
    ) -> None: ...

class DurableOrchestrationContext:
    @classmethod
    def from_json(cls, json_string: str) -> DurableOrchestrationContext: ...
    @property
    def instance_id(self) -> str: ...
    @property
    def parent_instance_id(self) -> str | None: ...
    @property
    def is_replaying(self) -> bool: ...
    @property
    def current_utc_datetime(self) -> datetime: ...
    @property
    def version(self) -> str | None: ...
    def get_input(self) -> object: ...
    def set_custom_status(self, status: object) -> None: ...
    def new_uuid(self) -> str: ...
    def call_activity(self, name: str, input_: object = None) -> TaskBase: ...
    def call_activity_with_retry(
        self, name: str, retry_options: RetryOptions, input_: object = None
    ) -> TaskBase: ...
    def call_sub_orchestrator(
        self,
        name: str,
        input_: object = None,
        instance_id: str | None = None,
        version: str | None = None,
    ) -> TaskBase: ...
    def call_sub_orchestrator_with_retry(
        self,
        name: str,
        retry_options: RetryOptions,
        input_: object = None,
        instance_id: str | None = None,
        version: str | None = None,
    ) -> TaskBase: ...
    def create_timer(self, fire_at: datetime) -> TimerTask: ...
    def wait_for_external_event(self, name: str) -> TaskBase: ...
    def task_all(self, activities: Sequence[TaskBase]) -> TaskBase: ...
    def task_any(self, activities: Sequence[TaskBase]) -> TaskBase: ...
    def continue_as_new(self, input_: object) -> None: ...

class OrchestrationRuntimeStatus(Enum):
    Running = "Running"
    Completed = "Completed"
    ContinuedAsNew = "ContinuedAsNew"
    Failed = "Failed"
    Canceled = "Canceled"
    Terminated = "Terminated"
    Pending = "Pending"
    Suspended = "Suspended"

class DurableOrchestrationStatus:
    # Falsy for an unknown instance, whose properties are None.
    def __bool__(self) -> bool: ...
    @property
    def name(self) -> str: ...
    @property
    def instance_id(self) -> str: ...
    @property
    def created_time(self) -> datetime: ...
    @property
    def last_updated_time(self) -> datetime: ...
    @property
    def input_(self) -> object: ...
    @property
    def output(self) -> object: ...
    @property
    def runtime_status(self) -> OrchestrationRuntimeStatus: ...
    @property
    def custom_status(self) -> object: ...
    @property
    def history(self) -> list[object] | None: ...

class PurgeHistoryResult:
    @property
    def instances_deleted(self) -> int: ...

class DurableOrchestrationClient:
    # Reached only through a durable_client_input binding. Every call raises Exception.
    async def start_new(
        self,
        orchestration_function_name: str,
        instance_id: str | None = None,
        client_input: object = None,
        version: str | None = None,
    ) -> str: ...
    def create_check_status_response(
        self, request: func.HttpRequest, instance_id: str
    ) -> func.HttpResponse: ...
    def create_http_management_payload(self, instance_id: str) -> dict[str, str]: ...
    async def wait_for_completion_or_create_check_status_response(
        self,
        request: func.HttpRequest,
        instance_id: str,
        timeout_in_milliseconds: int = 10000,
        retry_interval_in_milliseconds: int = 1000,
    ) -> func.HttpResponse: ...
    async def raise_event(
        self, instance_id: str, event_name: str, event_data: object = None
    ) -> None: ...
    async def get_status(
        self,
        instance_id: str,
        show_history: bool = False,
        show_history_output: bool = False,
        show_input: bool = False,
    ) -> DurableOrchestrationStatus: ...
    async def get_status_all(self) -> list[DurableOrchestrationStatus]: ...
    async def get_status_by(
        self,
        created_time_from: datetime | None = None,
        created_time_to: datetime | None = None,
        runtime_status: Sequence[OrchestrationRuntimeStatus] | None = None,
        instance_id_prefix: str | None = None,
    ) -> list[DurableOrchestrationStatus]: ...
    async def purge_instance_history(self, instance_id: str) -> PurgeHistoryResult: ...
    async def purge_instance_history_by(
        self,
        created_time_from: datetime | None = None,
        created_time_to: datetime | None = None,
        runtime_status: Sequence[OrchestrationRuntimeStatus] | None = None,
    ) -> PurgeHistoryResult: ...
    async def terminate(self, instance_id: str, reason: str) -> None: ...
    async def suspend(self, instance_id: str, reason: str) -> None: ...
    async def resume(self, instance_id: str, reason: str) -> None: ...
    async def restart(
        self, instance_id: str, restart_with_new_instance_id: bool = True
    ) -> object: ...

_Orchestrator: TypeAlias = Callable[[DurableOrchestrationContext], Generator[TaskBase, Any, object]]

class Blueprint(func.TriggerApi, func.BindingApi, func.SettingsApi):
    def __init__(self, http_auth_level: func.AuthLevel | str = ...) -> None: ...
    def orchestration_trigger(
        self, context_name: str, orchestration: str | None = None
    ) -> Callable[
        [Callable[[DurableOrchestrationContext], Generator[TaskBase, Any, object]]], Any
    ]: ...
    def activity_trigger(
        self, input_name: str, activity: str | None = None
    ) -> Callable[[_AnyCallable], _AnyCallable]: ...
    def durable_client_input(
        self, client_name: str, task_hub: str | None = None, connection_name: str | None = None
    ) -> Callable[[_AnyCallable], _AnyCallable]: ...

class DFApp(Blueprint, func.FunctionRegister): ...
