"""The message classes of FunctionRpc.proto that a worker uses.

Source: https://github.com/Azure/azure-functions-language-worker-protobuf
"""

from types import SimpleNamespace

from devstack.functions_host.real_worker.message import Message

_DATA = (
    "string json bytes stream http int double collection_bytes collection_string "
    "collection_double collection_sint64 model_binding_data collection_model_binding_data"
)

# Class -> "field:type ..."; a field without a type is a message.
_FIELDS = {
    "TypedData": "string:str json:str bytes:bytes stream:bytes http int:int double:float "
    "collection_bytes collection_string collection_double collection_sint64 "
    "model_binding_data collection_model_binding_data",
    "CollectionString": "string:list",
    "CollectionBytes": "bytes:list",
    "CollectionSInt64": "sint64:list",
    "RpcHttp": "method:str url:str headers:map<str> body params:map<str> status_code:str "
    "query:map<str> enable_content_negotiation:bool cookies:list",
    "ParameterBinding": "name:str data rpc_shared_memory",
    "StatusResult": "status:int result:str exception",
    "RpcException": "source:str stack_trace:str message:str is_user_exception:bool type:str",
    "WorkerMetadata": "runtime_name:str runtime_version:str worker_version:str "
    "worker_bitness:str custom_properties:map<str>",
    "WorkerInitRequest": "host_version:str capabilities:map<str> worker_directory:str "
    "function_app_directory:str",
    "WorkerInitResponse": "capabilities:map<str> result worker_metadata",
    "FunctionMetadataResponse": "function_metadata_results:list result "
    "use_default_metadata_indexing:bool",
    "RpcFunctionMetadata": "name:str directory:str script_file:str entry_point:str bindings:map "
    "is_proxy:bool status language:str raw_bindings:list function_id:str "
    "managed_dependency_enabled:bool retry_options properties:map<str>",
    "RpcRetryOptions": "max_retry_count:int delay_interval minimum_interval maximum_interval "
    "retry_strategy:str",
    "BindingInfo": "type:str direction:int data_type:int properties:map<str>",
    "FunctionLoadRequest": "function_id:str metadata managed_dependency_enabled:bool",
    "FunctionLoadResponse": "function_id:str result is_dependency_downloaded:bool",
    "InvocationRequest": "invocation_id:str function_id:str input_data:list "
    "trigger_metadata:map trace_context retry_context",
    "InvocationResponse": "invocation_id:str output_data:list return_value result",
    "FunctionEnvironmentReloadResponse": "result capabilities:map<str> worker_metadata",
    "RpcHttpCookie": "name:str value:str domain path expires secure http_only same_site:int "
    "max_age",
    "Timestamp": "seconds:int nanos:int",
    "NullableString": "value:str",
    "NullableBool": "value:bool",
    "NullableDouble": "value:float",
    "NullableTimestamp": "value",
}
_ONEOFS = {
    "TypedData": {"data": tuple(_DATA.split())},
    "ParameterBinding": {"rpc_data": ("data", "rpc_shared_memory")},
}
_CONSTANTS: dict[str, dict[str, object]] = {
    "BindingInfo": {"undefined": 0, "out": 1, "inout": 2},
    "StatusResult": {"Failure": 0, "Success": 1},
    "RpcHttpCookie": {"SameSite": SimpleNamespace(Lax=1, Strict=2, ExplicitNone=3, **{"None": 0})},
}


def message_class(name: str) -> type[Message]:
    """Build one message class by its name in the protocol."""
    pairs = [field.partition(":") for field in _FIELDS[name].split()]
    attributes: dict[str, object] = {
        "fields": {field: kind or "message" for field, _, kind in pairs},
        "oneofs": _ONEOFS.get(name, {}),
        **_CONSTANTS.get(name, {}),
    }
    return type(name, (Message,), attributes)


def protocol() -> SimpleNamespace:
    """Every message class, as the attributes of one namespace."""
    return SimpleNamespace(**{name: message_class(name) for name in _FIELDS})
