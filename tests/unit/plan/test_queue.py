"""Which specs are built now, and why the others are not."""

import pytest

from factory import resources
from factory.errors import UsageError
from factory.plan import choose
from factory.spec.document import parse_spec

FEATURE = (resources.folder("spec-templates") / "feature.md").read_text("utf-8")


def spec(name: str, *, status: str = "ready", after: str = "", version: int = 1):
    text = FEATURE.replace("id: shorten-url", f"id: {name}")
    text = text.replace("status: draft", f"status: {status}")
    text = text.replace("version: 1", f"version: {version}")
    return parse_spec(text.replace("depends-on: []", f"depends-on: [{after}]"), path=f"{name}.md")


def names(choice) -> list[str]:
    return [one.id for one in choice.ready]


def test_only_ready_features_are_built() -> None:
    choice = choose([spec("aa"), spec("bb", status="draft"), spec("cc", status="paused")], {}, ())
    assert names(choice) == ["aa"]
    assert set(choice.waiting) == {"bb", "cc"}


def test_a_dependency_is_waited_for_until_it_has_shipped() -> None:
    specs = [spec("aa"), spec("bb", after="aa")]
    choice = choose(specs, {}, ())
    assert names(choice) == ["aa"] and "waits for aa" in choice.waiting["bb"]
    choice = choose(specs, {"shortener": {"aa": {1: "c" * 40}}}, ())
    assert names(choice) == ["bb"] and "has shipped as cccc" in choice.waiting["aa"]


def test_a_new_version_of_a_shipped_spec_is_built_again() -> None:
    shipped = {"shortener": {"aa": {1: "c" * 40}}}
    assert names(choose([spec("aa")], shipped, ())) == []
    assert names(choose([spec("aa", version=2)], shipped, ())) == ["aa"]


def test_an_unknown_spec_is_named() -> None:
    with pytest.raises(UsageError, match="no spec 'zz'") as caught:
        choose([spec("aa")], {}, ("zz",))
    assert "aa" in caught.value.mend
