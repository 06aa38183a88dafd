"""Route templates and their constraints."""

import pytest

from devstack.functions_host.route_constraints import route_constraint
from devstack.functions_host.route_templates import parse_route_template

GUID = "6f9619ff-8b86-d011-b42d-00c04fc964ff"


@pytest.mark.parametrize(
    ("template", "path", "wanted"),
    [
        ("jobs", "/jobs", {}),
        ("jobs", "/JOBS/", {}),
        ("jobs", "/job", None),
        ("jobs/{id}", "/jobs/a%2Fb", {"id": "a/b"}),
        ("jobs/{id}", "/jobs", None),
        ("jobs/{id}", "/jobs/a/b", None),
        ("jobs/{id:guid}", f"/jobs/{GUID}", {"id": GUID}),
        ("jobs/{id:guid}", "/jobs/7", None),
        ("x/{n:int:range(1,5)}", "/x/5", {"n": "5"}),
        ("x/{n:int:range(1,5)}", "/x/6", None),
        ("x/{a?}", "/x", {}),
        ("x/{n:int?}", "/x", {}),
        ("x/{n:int?}", "/x/seven", None),
        ("x/{n=5}", "/x", {"n": "5"}),
        ("x/{n:int=5}", "/x", {"n": "5"}),
        ("x/{n:int=5}", "/x/6", {"n": "6"}),
        ("x/{*rest}", "/x", {}),
        ("x/{*rest}", "/x/a/b%20c", {"rest": "a/b c"}),
        ("{a}.{b}", "/one.two", {"a": "one", "b": "two"}),
        (r"x/{v:regex(^\d{{3}}$)}", "/x/123", {"v": "123"}),
        (r"x/{v:regex(^\d{{3}}$)}", "/x/1234", None),
        ("{app_id}/jobs/run", "/sitefit/jobs/run", {"app_id": "sitefit"}),
    ],
)
def test_a_template_matches_as_aspnet_core_does(
    template: str, path: str, wanted: dict[str, str] | None
) -> None:
    assert parse_route_template(template).match(path) == wanted


@pytest.mark.parametrize(
    ("specification", "good", "bad"),
    [
        ("int", "-7", "1.5"),
        ("int", "2147483647", "2147483648"),
        ("long", "2147483648", "9223372036854775808"),
        ("bool", "True", "yes"),
        ("datetime", "2026-01-02", "soon"),
        ("double", "1,000.5", "x"),
        ("alpha", "abc", "ab1"),
        ("length(2,3)", "ab", "abcd"),
        ("length(2)", "ab", "abc"),
        ("minlength(2)", "ab", "a"),
        ("maxlength(2)", "ab", "abc"),
        ("min(3)", "3", "2"),
        ("max(3)", "3", "4"),
        ("required", "a", ""),
    ],
)
def test_a_constraint_takes_the_good_and_refuses_the_bad(
    specification: str, good: str, bad: str
) -> None:
    fits = route_constraint(specification)

    assert fits(good)
    assert not fits(bad)


@pytest.mark.parametrize("specification", ["colour", "range", "int(5)", "min(x)", "("])
def test_an_unknown_constraint_is_refused(specification: str) -> None:
    with pytest.raises(ValueError, match=r"constraint|invalid literal"):
        route_constraint(specification)
