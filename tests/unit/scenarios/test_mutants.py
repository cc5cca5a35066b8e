"""Mutants of a source, what is made of them, and the marks of those that nobody can kill."""

import textwrap

import pytest

from factory.errors import ConfigurationError, InputError
from factory.scenarios.strength.advice import advice
from factory.scenarios.strength.equivalent import equivalents
from factory.scenarios.strength.escape import Escape, failing
from factory.scenarios.strength.product import sources
from tests.conftest import give_up

SOURCE = textwrap.dedent(
    '''\
    """Prices."""

    LIMIT = 20


    def price(weight: int | None = None, *, extra: "int" = 0) -> int | None:
        """What it costs."""
        if weight is None or weight > LIMIT:
            raise ValueError(weight)
        for one in (1, 2):
            weight += one
        return weight * 3 + extra
    '''
)


@pytest.fixture
def mutants():
    """`mutants(text)`: all of them."""
    try:
        import cosmic_ray.plugins  # noqa: F401
    except ImportError:
        give_up("needs cosmic-ray: pip install '.[strength]'")
    from factory.scenarios.strength.mutants import all_mutants

    return lambda text: all_mutants({"shop/prices.py": text})


def changed(mutant):
    return [
        one[1:].strip()
        for one in mutant.diff.splitlines()
        if one.startswith("+") and not one.startswith("+++")
    ]


def test_each_mutant_has_one_small_fault(mutants):
    found = mutants(SOURCE)
    texts = [" ".join(changed(one)) for one in found]
    for wanted in (
        "LIMIT = 21",
        "LIMIT = 19",
        "if weight is None or weight >= LIMIT:",
        "if weight is None or weight != LIMIT:",
        "if weight is None and weight > LIMIT:",
        "if weight is not None or weight > LIMIT:",
        "for one in []:",
        "return weight * 3 - extra",
        "return weight / 3 + extra",
    ):
        assert wanted in texts
    assert len({one.text for one in found}) == len({one.digest for one in found}) == len(found)
    for one in found:
        compile(one.text, "mutant", "exec")
        assert one.source == SOURCE and one.text != SOURCE


def test_annotations_and_texts_stay(mutants):
    for one in mutants(SOURCE):
        assert "int | None" in one.text and '"int"' in one.text and "What it costs." in one.text


def test_a_mutant_is_told_with_its_place(mutants):
    (one,) = [one for one in mutants(SOURCE) if "weight >= LIMIT" in one.text]
    assert (one.path, one.line, one.function) == ("shop/prices.py", 8, "price")
    outside = [one for one in mutants(SOURCE) if one.line == 3]
    assert [one.function for one in outside] == ["", ""]


def test_a_digest_outlives_what_changes_elsewhere(mutants):
    before = {one.digest for one in mutants(SOURCE)}
    moved = SOURCE.replace('"""Prices."""\n', '"""Prices."""\n\nimport sys\n\n')
    assert len(before - {one.digest for one in mutants(moved)}) <= 2  # LIMIT's own neighbours.
    assert before == {one.digest for one in mutants(SOURCE.replace("weight * 3", "weight  *  3"))}
    other = {one.digest for one in mutants(SOURCE.replace("weight * 3", "weight * 4"))}
    assert before & other and before - other


def test_what_is_no_python_has_no_mutants(mutants):
    assert mutants("def {{ name }}():\n    return 1\n") == []


def test_a_sample_is_the_same_again_with_the_same_seed(mutants):
    from factory.scenarios.strength.mutants import sample

    found = mutants(SOURCE)
    one, again, other = sample(found, 5, 0), sample(found, 5, 0), sample(found, 5, 1)
    assert one == again != other and len(one) == 5
    assert [found.index(each) for each in one] == sorted(found.index(each) for each in one)
    assert sample(found, 1000, 0) == found


def test_without_the_tool_it_is_said_how_to_get_it(monkeypatch):
    from factory.scenarios.strength.mutants import all_mutants

    monkeypatch.setitem(__import__("sys").modules, "cosmic_ray.plugins", None)
    with pytest.raises(ConfigurationError) as caught:
        all_mutants({"a.py": "x = 1\n"})
    assert "dark-factory[strength]" in caught.value.mend


def test_only_the_product_s_own_source_is_changed(tmp_path):
    for name in (
        "shop/prices.py", "shop/tests/test_prices.py", "tests/conftest.py", "test_all.py",
        "setup.py", ".venv/x.py", "README.md",
    ):  # fmt: skip
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(SOURCE)
    (tmp_path / "link.py").symlink_to("/etc/passwd")
    assert sources(tmp_path) == {"shop/prices.py": SOURCE}


def test_another_language_is_named(tmp_path):
    (tmp_path / "main.go").write_text("package main\n")
    with pytest.raises(InputError, match="none here; it is written in Go"):
        sources(tmp_path)


@pytest.mark.parametrize(
    ("line", "before"),
    [
        (8, "    if weight is None"),
        (9, "        raise ValueError(weight)"),
        (11, "        weight += one"),
        (12, "    return weight"),
    ],
)
def test_a_line_is_made_to_fail_alone(line, before):
    text = failing(SOURCE, line)
    lines = text.split("\n")
    (at,) = [number for number, one in enumerate(lines) if "made to fail" in one]
    assert lines[at + 1].startswith(before)
    assert "\n".join(lines[:at] + lines[at + 1 :]) == SOURCE


def test_a_constant_is_taken_away():
    assert failing(SOURCE, 3) == SOURCE.replace("LIMIT = 20", "LIMIT = None")


def test_a_branch_fails_with_its_statement():
    text = "def f(x):\n    if x:\n        return 1\n    elif x == 2:\n        return 2\n"
    assert failing(text, 4).split("\n")[1].strip().startswith("raise RuntimeError")
    caught = "def f(x):\n    try:\n        g()\n    except KeyError:\n        return 2\n"
    assert failing(caught, 5).split("\n")[4].strip().startswith("raise RuntimeError")


def test_what_runs_at_the_start_cannot_be_made_to_fail_alone():
    assert failing("@decorated(frozen=True)\nclass A:\n    x: int\n", 1) is None
    assert failing("import sys\n\nmain()\n", 3) is None


def test_the_advice_says_what_was_looked_at():
    told = Escape(requirements={"parcels": {"R1": 2}})
    assert "at the bound itself" in advice("NumberReplacer", told)
    assert "look at something else" in advice("NumberReplacer", told)
    assert "no scenario depends on this line" in advice("AddNot", Escape(requirements={}))
    assert "when the product starts" in advice("X", Escape(requirements={}, at_start=True))


MARK = 'version: 1\nmutants:\n  - digest: "%s"\n    reason: %s\n'


def test_marks_are_read_with_their_reasons(tmp_path):
    assert equivalents(tmp_path) == {}
    path = tmp_path / "equivalent-mutants.yml"
    path.write_text(MARK % ("0123456789abcdef", "nobody can ever see it"))
    assert equivalents(tmp_path) == {"0123456789abcdef": "nobody can ever see it"}


@pytest.mark.parametrize(
    ("digest", "reason"), [("0123", "nobody can see it"), ("0123456789abcdef", "so")]
)
def test_a_mark_without_a_digest_or_a_reason_is_refused(tmp_path, digest, reason):
    (tmp_path / "equivalent-mutants.yml").write_text(MARK % (digest, reason))
    with pytest.raises(ConfigurationError) as caught:
        equivalents(tmp_path)
    assert caught.value.line is not None
