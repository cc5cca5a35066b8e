"""The filter, run by a small interpreter of its five instructions."""

from __future__ import annotations

import errno
import struct

import pytest

from factory.sandbox import seccomp

ALLOW, KILL, ERROR = 0x7FFF0000, 0x80000000, 0x00050000
ARCH = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}


def answer(machine: str, number: int, argument: int = 0, arch: int | None = None) -> int:
    code = seccomp.program(machine)
    lines = [struct.unpack_from("=HBBI", code, at) for at in range(0, len(code), 8)]
    memory = {0: number, 4: ARCH[machine] if arch is None else arch, 16: argument}
    at = value = 0
    while True:
        operation, yes, no, operand = lines[at]
        at += 1
        if operation == 0x20:
            value = memory[operand]
        elif operation == 0x15:
            at += yes if value == operand else no
        elif operation == 0x45:
            at += yes if value & operand else no
        elif operation == 0x06:
            return operand
        else:
            raise AssertionError(hex(operation))


@pytest.mark.parametrize(
    ("machine", "number"),
    [("x86_64", n) for n in (0, 1, 57, 59, 231, 424, 436, 41)]
    + [("aarch64", n) for n in (63, 221)],
)
def test_ordinary_calls_pass(machine: str, number: int) -> None:
    assert answer(machine, number, argument=2) == ALLOW


@pytest.mark.parametrize(
    ("machine", "number"),
    [("x86_64", n) for n in (165, 250, 272, 308, 321, 425, 442, 101 + 203)]
    + [("aarch64", n) for n in (40, 219, 97, 268, 280, 425, 442, 265)],
)
def test_dangerous_calls_are_refused(machine: str, number: int) -> None:
    assert answer(machine, number) == ERROR | errno.EPERM


@pytest.mark.parametrize(("machine", "clone"), [("x86_64", 56), ("aarch64", 220)])
def test_clone_passes_without_a_user_namespace_and_clone3_falls_back(
    machine: str, clone: int
) -> None:
    assert answer(machine, clone, 17) == ALLOW
    assert answer(machine, clone, 0x10000000 | 17) == ERROR | errno.EPERM
    assert answer(machine, 435) == ERROR | errno.ENOSYS


@pytest.mark.parametrize(("machine", "call"), [("x86_64", 41), ("aarch64", 198)])
def test_only_the_usual_socket_families_pass(machine: str, call: int) -> None:
    passed = [family for family in range(46) if answer(machine, call, family) == ALLOW]
    assert passed == [1, 2, 10, 16]
    assert answer(machine, call, 40) == ERROR | errno.EAFNOSUPPORT


def test_another_architecture_and_x32_are_killed() -> None:
    assert answer("x86_64", 1, arch=0x40000003) == KILL
    assert answer("x86_64", 0x40000001) == KILL
    assert answer("aarch64", 64, arch=0x40000028) == KILL


def test_an_unknown_machine_has_no_filter() -> None:
    assert seccomp.program("riscv64") == b""
