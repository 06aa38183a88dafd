"""Check a document against a contract's schema and say what is wrong, field by field.

A compiled validator passes what is valid, in microseconds. What it does not pass goes to the one
that explains, whose verdict and words count.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import Any, cast

import jsonschema_rs
from jsonschema import Draft7Validator, Draft202012Validator, validators
from jsonschema.exceptions import SchemaError, ValidationError
from jsonschema.protocols import Validator
from jsonschema.validators import validator_for
from pydantic import JsonValue

from contracts.defaults import with_defaults
from contracts.errors import ContractViolationError, Violation
from contracts.json_text import escape_token
from contracts.model import JsonObject
from contracts.phrases import phrase
from contracts.rules import RULES

MAX_VIOLATIONS = 50
KEYWORD = "x-rules"

# The published stubs leave this one function untyped.
_extend = cast("Callable[..., type[Validator]]", vars(validators)["extend"])


class SchemaChecker:
    """One JSON Schema (2020-12 or draft-07) with the domain rules of `x-rules`.

    Raises:
        SchemaError: the schema itself is invalid, or names an unknown rule.
    """

    def __init__(self, schema: JsonObject) -> None:
        kind = validator_for(schema, default=Draft202012Validator)
        kind.check_schema(schema)
        self.schema = schema
        _check_rule_names(schema)
        self._validator: Validator = _with_rules(kind)(schema)
        self._is_valid = _compiled(schema)

    def complete(self, document: JsonValue) -> JsonObject:
        """The document with defaults materialised, once it is known to be valid.

        Raises:
            ContractViolationError: schema violations if there are any, else domain violations.
        """
        filled = with_defaults(self.schema, document) if isinstance(document, dict) else document
        self.check(filled)
        return cast("JsonObject", filled)

    def check(self, document: JsonValue) -> None:
        """Check a document as it stands.

        Raises:
            ContractViolationError: schema violations if there are any, else domain violations.
        """
        if self._is_valid(document):
            return
        errors = list(cast("Iterable[ValidationError]", self._validator.iter_errors(document)))
        schema_errors = [error for error in errors if error.validator != KEYWORD]
        if schema_errors:
            raise ContractViolationError("schema_violation", _violations(schema_errors))
        if errors:
            raise ContractViolationError("domain_violation", _violations(errors))


class _CompiledRules:
    """The keyword `x-rules` for the compiled validator, which asks only whether they hold."""

    def __init__(
        self,
        parent_schema: dict[str, Any],  # noqa: ARG002 - the library's protocol
        value: Any,  # noqa: ANN401 - the library's protocol
        schema_path: list[str | int],  # noqa: ARG002 - the library's protocol
    ) -> None:
        self._rules = [RULES[name] for name in cast("list[str]", value)]

    def validate(self, instance: Any) -> None:  # noqa: ANN401 - the library's protocol
        """Raise ValueError unless every rule holds."""
        if any(rule(instance) is not None for rule in self._rules):
            raise ValueError


def _compiled(schema: JsonObject) -> Callable[[JsonValue], bool]:
    """Whether a document is valid; never, where a schema is beyond the compiled validator."""
    keywords: dict[str, type[jsonschema_rs.KeywordValidator]] = {KEYWORD: _CompiledRules}
    try:
        return jsonschema_rs.validator_for(
            schema, validate_formats=False, offline=True, keywords=keywords
        ).is_valid
    except ValueError:
        return lambda _: False


def _violations(errors: Iterable[ValidationError]) -> list[Violation]:
    found = [violation for error in errors for violation in _of_error(error)]
    return sorted(found, key=lambda violation: violation.pointer)[:MAX_VIOLATIONS]


def _of_error(error: ValidationError) -> Iterator[Violation]:
    here = "".join(f"/{escape_token(str(token))}" for token in error.absolute_path)
    keyword = str(error.validator)
    if keyword == KEYWORD:
        yield Violation(here, str(error.cause), error.message)
    elif keyword == "required":
        # jsonschema reports each missing member on its own; the message quotes its name.
        name = error.message.split("'")[1]
        yield Violation(f"{here}/{escape_token(name)}", keyword, "Is required.")
    elif keyword == "additionalProperties":
        known = cast("dict[str, Any]", error.schema).get("properties", {})
        sent = cast("dict[str, Any]", error.instance)
        unknown = [name for name in sent if name not in known]
        hint = f"Known members: {', '.join(sorted(known))}." if known else None
        for name in unknown:
            yield Violation(f"{here}/{escape_token(name)}", keyword, "Is not known.", hint)
    else:
        yield Violation(here, keyword, phrase(keyword, error.validator_value))


class _RuleBreak(Exception):  # noqa: N818 - carries a rule's name inside a ValidationError
    """The name of the broken rule, as the cause of a validation error."""


def _apply_rules(
    _validator: object, names: list[str], instance: JsonValue, _schema: object
) -> Iterator[ValidationError]:
    for name in names:
        message = RULES[name](instance)
        if message is not None:
            yield ValidationError(message, cause=_RuleBreak(name))


@lru_cache(maxsize=4)
def _with_rules(kind: type[Validator]) -> type[Validator]:
    if kind not in (Draft202012Validator, Draft7Validator):
        raise SchemaError(f"{kind.__name__} is not supported: use JSON Schema 2020-12 or draft-07")
    return _extend(kind, {KEYWORD: _apply_rules})


def _check_rule_names(schema: JsonValue) -> None:
    if isinstance(schema, dict):
        names = schema.get(KEYWORD, [])
        unknown = [name for name in names if name not in RULES] if isinstance(names, list) else [""]
        if unknown:
            raise SchemaError(f"{KEYWORD} names {unknown}; known rules: {sorted(RULES)}")
        for member in schema.values():
            _check_rule_names(member)
    elif isinstance(schema, list):
        for member in schema:
            _check_rule_names(member)
