"""Route templates of ASP.NET Core, as far as the Functions host uses them.

Source: https://learn.microsoft.com/aspnet/core/fundamentals/routing#route-templates
"""

import re
from dataclasses import dataclass
from urllib.parse import unquote

from devstack.functions_host.route_constraints import Constraint, route_constraint

_PARAMETER = re.compile(r"(\{(?:[^{}]|\{\{|\}\})*\})")
_COLON_OUTSIDE_BRACKETS = re.compile(r":(?![^()]*\))")


@dataclass(frozen=True, slots=True)
class _Parameter:
    """One ``{name:constraint=default?}`` of a template."""

    name: str
    constraints: tuple[Constraint, ...]
    default: str | None
    is_optional: bool
    is_catch_all: bool

    @property
    def pattern(self) -> str:
        return f"(?P<{self.name}>{'.*' if self.is_catch_all else '[^/]+'})"


@dataclass(frozen=True, slots=True)
class RouteTemplate:
    """A template that paths can be matched against."""

    text: str
    pattern: re.Pattern[str]
    parameters: tuple[_Parameter, ...]

    def match(self, raw_path: str) -> dict[str, str] | None:
        """The values of the parameters, or None when path or constraints do not fit.

        Args:
            raw_path: still percent-encoded; segments are split before they are decoded.
        """
        match = self.pattern.match("/" + raw_path.strip("/"))
        if match is None:
            return None
        values: dict[str, str] = {}
        for parameter in self.parameters:
            found = match.group(parameter.name)
            value = parameter.default if found is None else unquote(found)
            if value is None:
                continue
            if not all(fits(value) for fits in parameter.constraints):
                return None
            values[parameter.name] = value
        return values


def parse_route_template(text: str) -> RouteTemplate:
    """Read a template such as ``jobs/{id:guid}/{*rest}``.

    Raises:
        ValueError: unknown constraint.
    """
    parameters: list[_Parameter] = []
    pattern = ""
    for segment in text.strip("/").split("/"):
        body, is_optional = "", False
        for part in _PARAMETER.split(segment):
            if not _PARAMETER.fullmatch(part):
                body += re.escape(part)
                continue
            parameter = _parse_parameter(part[1:-1])
            parameters.append(parameter)
            body += parameter.pattern
            is_optional = is_optional or parameter.is_optional
        pattern += f"(?:/{body})?" if is_optional else f"/{body}"
    compiled = re.compile(f"^{pattern}/?$", re.IGNORECASE | re.DOTALL)
    return RouteTemplate(text, compiled, tuple(parameters))


def _parse_parameter(text: str) -> _Parameter:
    without_default, has_default, default = text.partition("=")
    is_optional = without_default.endswith("?")
    name, *constraints = _COLON_OUTSIDE_BRACKETS.split(without_default.removesuffix("?"))
    is_catch_all = name.startswith("*")
    return _Parameter(
        name=name.lstrip("*"),
        constraints=tuple(route_constraint(one) for one in constraints if one),
        default=default if has_default else None,
        is_optional=is_optional or is_catch_all or bool(has_default),
        is_catch_all=is_catch_all,
    )
