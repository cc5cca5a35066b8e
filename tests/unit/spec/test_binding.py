"""Which architecture and constraint specs bind a feature, and in which order."""

from __future__ import annotations

import pytest

from factory import resources
from factory.spec.alone import check_alone
from factory.spec.binding import bound, not_yet_bound
from factory.spec.document import SpecDocument, parse_spec
from factory.spec.gate import check_specs
from factory.spec.surroundings import Surroundings

TEXTS = {
    kind: (resources.folder("spec-templates") / f"{kind}.md").read_text("utf-8")
    for kind in ("feature", "architecture", "constraint")
}


def spec(kind: str, name: str, extra: str = "", **keys: str) -> SpecDocument:
    """A template under another id, with other values, and lines added to its front matter."""
    lines = TEXTS[kind].split("\n")
    for key, value in {"id": name, "status": "ready", "product": "shop", **keys}.items():
        at = next(n for n, line in enumerate(lines) if line.startswith(f"{key}:"))
        lines[at] = f"{key}: {value}"
    lines.insert(2, extra) if extra else None
    return parse_spec("\n".join(lines), path=f"{name}.md")


def ids(feature: SpecDocument, *others: SpecDocument) -> list[str]:
    return [one.id for one in bound(feature, [feature, *others])]


FEATURE = spec("feature", "pay", "labels: [payments, web]")


@pytest.mark.parametrize(
    ("extra", "keys", "binds"),
    [
        ("", {}, True),
        ("", {"product": "other"}, False),
        ("", {"product": '"*"'}, False),
        ("", {"status": "draft"}, False),
        ("", {"status": "paused"}, False),
        ("", {"status": "retired"}, False),
        ("applies-to: {products: [shop]}", {"product": "other"}, True),
        ('applies-to: {products: ["*"]}', {"product": "other"}, True),
        ("applies-to: {products: [third]}", {"product": "other"}, False),
        ("applies-to: {products: [third]}", {}, True),
        ("applies-to: {labels: [payments]}", {}, True),
        ("applies-to: {labels: [search, web]}", {}, True),
        ("applies-to: {labels: [search]}", {}, False),
        ('applies-to: {products: ["*"], labels: [web]}', {"product": "other"}, True),
        ('applies-to: {products: ["*"], labels: [search]}', {"product": "other"}, False),
        # What the gate refuses binds nothing by a likeness.
        ("applies-to: {products: shop}", {"product": "other"}, False),
        ("applies-to: {products: [sho]}", {"product": "other"}, False),
        ('applies-to: {products: ["sho*"]}', {"product": "other"}, False),
        ('applies-to: "*"', {"product": "other"}, False),
        ('applies-to: {products: "*"}', {"product": "other"}, False),
        ("applies-to: {labels: payments}", {}, False),
        ("applies-to: {labels: []}", {}, False),
        ("applies-to: {products: []}", {}, True),
        ("applies-to: {products: [[shop], 7]}", {"product": "other"}, False),
    ],
)
@pytest.mark.parametrize("kind", ["architecture", "constraint"])
def test_what_binds(kind: str, extra: str, keys: dict[str, str], binds: bool) -> None:
    assert ids(FEATURE, spec(kind, "rule", extra, **keys)) == (["rule"] if binds else [])


@pytest.mark.parametrize("labels", ["", "{labels: []}", "{labels: [desk]}", "{labels: [web]}"])
def test_what_is_compared_with_a_feature_is_what_binds_it(labels: str) -> None:
    """The brief and the gate's comparison of specs ask one function."""
    rule = spec("constraint", "rule", f"applies-to: {labels}" if labels else "")
    _, facts = check_alone(rule, Surroundings())
    _, feature = check_alone(FEATURE, Surroundings())
    assert facts.reach.holds(feature.product, feature.labels) == (ids(FEATURE, rule) == ["rule"])
    other = spec("constraint", "other", "applies-to: {labels: [web]}")
    _, others = check_alone(other, Surroundings())
    assert facts.reach.may_meet(others.reach) == (labels in ("", "{labels: [web]}"))


def test_a_feature_without_labels_is_not_bound_by_label() -> None:
    rule = spec("constraint", "rule", "applies-to: {labels: [payments]}")
    assert ids(spec("feature", "pay"), rule) == []


def test_features_bind_nothing_and_nothing_binds_without_a_product() -> None:
    assert ids(FEATURE, spec("feature", "other")) == []
    broken = spec("feature", "pay", product="[shop]")
    assert ids(broken, spec("constraint", "rule", 'applies-to: {products: ["*"]}')) == []


def test_architecture_comes_before_constraints_each_by_id() -> None:
    others = [
        spec("constraint", "aa"), spec("architecture", "zz"), spec("constraint", "bb"),
        spec("architecture", "cc"),
    ]  # fmt: skip
    for order in (others, others[::-1]):
        assert ids(FEATURE, *order) == ["cc", "zz", "aa", "bb"]


@pytest.mark.parametrize(
    ("kind", "line", "words"),
    [
        ("feature", 'applies-to: {products: ["*"]}', "architecture and constraint"),
        ("constraint", "labels: [payments]", "only features"),
        ("architecture", "labels: [payments]", "only features"),
        ("feature", "labels: []", "for instance"),
        ("feature", "labels: [Payments]", "lower-case"),
        ("feature", "labels: payments", "a list"),
        ("constraint", "applies-to: {product: [shop]}", "products"),
        ("constraint", "applies-to: {products: shop}", "a list"),
        ("constraint", 'applies-to: {products: ["sho*"]}', "every product"),
        ("constraint", "applies-to: {}", "give `products`"),
        ("constraint", "applies-to: {labels: []}", "for instance"),
    ],
)
def test_the_gate_says_where_a_key_is_wrong(kind: str, line: str, words: str) -> None:
    (found,) = check_specs([spec(kind, "rule", line)])
    assert (found.rule, found.line) == ("front-matter", 3)
    assert words in found.message + found.mend


def test_what_binds_passes_the_gate() -> None:
    for kind, line in (
        ("feature", "labels: [payments, web]"),
        ("constraint", 'applies-to: {products: ["*"], labels: [web]}'),
        ("architecture", "applies-to: {products: [other]}"),
    ):
        assert check_specs([spec(kind, "rule", line)]) == []


def test_what_is_not_ready_would_bind_what_it_is_about() -> None:
    others = [
        spec("constraint", "b", status="draft"),
        spec("architecture", "c", status="paused"),
        spec("constraint", "ready-already"),
        spec("constraint", "gone", status="retired"),
        spec("constraint", "elsewhere", status="draft", product="other"),
        spec("feature", "no-binding", status="draft"),
    ]
    assert [one.id for one in not_yet_bound(FEATURE, others)] == ["c", "b"]


def test_the_line_that_the_template_offers_does_what_the_template_says() -> None:
    offered = TEXTS["constraint"].replace("\n# applies-to:", "\napplies-to:")
    assert offered != TEXTS["constraint"]
    offered = offered.replace("status: draft", "status: ready")
    wide = parse_spec(offered, path="wide.md")
    assert check_specs([wide]) == []
    assert ids(spec("feature", "pay", "labels: [public]"), wide) == [wide.id]
    assert ids(spec("feature", "pay", "labels: [payments]"), wide) == []
    own = str(wide.meta["product"])
    further = offered.replace(", labels: [public]", "").replace('"*"', "till")
    narrow = parse_spec(further, path="narrow.md")
    found = {name: ids(spec("feature", "pay", product=name), narrow) for name in (own, "till", "x")}
    assert found == {own: [narrow.id], "till": [narrow.id], "x": []}
