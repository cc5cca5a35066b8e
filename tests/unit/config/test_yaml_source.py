"""Values are read as they are written, whatever older YAML makes of them."""

from pathlib import Path

import pytest

from factory.config.factory_file import load_configuration
from factory.config.yaml_source import parse_yaml
from factory.errors import ConfigurationError


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("5", 5), ("-5", -5), ("+5", 5), ("0", 0), ("1_000", 1000),
        ("1.5", 1.5), (".5", 0.5), ("5.", 5.0), ("1e3", 1000.0), ("1.5e-3", 0.0015),
        ("1:30", "1:30"), ("010", "010"), ("08", "08"), ("0x1F", "0x1F"), ("0b11", "0b11"),
        ("1:30.5", "1:30.5"), ("00.5", "00.5"), ("1.2.3", "1.2.3"), ("2026-11-27", "2026-11-27"),
        ("yes", True), ("~", None),
    ],
)  # fmt: skip
def test_a_value_is_what_it_looks_like(written: str, read: object) -> None:
    found = parse_yaml(f"key: {written}\n", path="x.yml").data["key"]
    assert (type(found), found) == (type(read), read)


def test_a_port_written_as_a_pair_is_no_number_of_seconds(tmp_path: Path) -> None:
    (tmp_path / "factory.yml").write_text(
        "version: 1\n"
        "products: {shop: {repository: ../shop, subject: {start: serve, port: 80:80}}}\n"
        "scenarios: {repository: ../scenarios}\n"
    )
    with pytest.raises(ConfigurationError, match=r"port is '80:80'"):
        load_configuration(tmp_path)
