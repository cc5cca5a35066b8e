"""A seccomp filter, written out by hand: system calls that no build or service needs.

Without it a sandbox still holds; with it the kernel's riskiest doors (new user namespaces,
io_uring, keyrings, mounts, handles, odd socket families) are not even there to be tried. The
filter lists what is refused: a list of what is allowed would break the next compiler.
"""

from __future__ import annotations

import errno
import platform
import struct

_LOAD, _EQUAL, _ANY_BIT, _ABOVE, _RETURN = 0x20, 0x15, 0x45, 0x25, 0x06
_ALLOW, _KILL, _ERROR = 0x7FFF0000, 0x80000000, 0x00050000
_NR, _ARCH, _ARG0 = 0, 4, 16  # Offsets in struct seccomp_data, arguments little-endian.
_CLONE_NEWUSER = 0x10000000
_X32 = 0x40000000

# linux/audit.h
_ARCHES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
# Numbers above 424 are the same on every architecture; the others are asm/unistd.h of each.
_SHARED = {
    "io_uring_setup": 425, "io_uring_enter": 426, "io_uring_register": 427, "open_tree": 428,
    "move_mount": 429, "fsopen": 430, "fsconfig": 431, "fsmount": 432, "fspick": 433,
    "mount_setattr": 442,
}  # fmt: skip
_OWN = {
    "x86_64": {
        "mount": 165, "umount2": 166, "pivot_root": 155, "chroot": 161, "swapon": 167,
        "swapoff": 168, "reboot": 169, "init_module": 175, "delete_module": 176, "acct": 163,
        "settimeofday": 164, "kexec_load": 246, "add_key": 248, "request_key": 249,
        "keyctl": 250, "unshare": 272, "perf_event_open": 298, "name_to_handle_at": 303,
        "open_by_handle_at": 304, "clock_adjtime": 305, "setns": 308, "finit_module": 313,
        "bpf": 321, "kexec_file_load": 320, "userfaultfd": 323,
    },
    "aarch64": {
        "mount": 40, "umount2": 39, "pivot_root": 41, "chroot": 51, "swapon": 224,
        "swapoff": 225, "reboot": 142, "init_module": 105, "delete_module": 106, "acct": 89,
        "settimeofday": 170, "kexec_load": 104, "add_key": 217, "request_key": 218,
        "keyctl": 219, "unshare": 97, "perf_event_open": 241, "name_to_handle_at": 264,
        "open_by_handle_at": 265, "clock_adjtime": 266, "setns": 268, "finit_module": 273,
        "bpf": 280, "kexec_file_load": 294, "userfaultfd": 282,
    },
}  # fmt: skip
_CLONE = {"x86_64": 56, "aarch64": 220}
_SOCKET = {"x86_64": 41, "aarch64": 198}
_CLONE3 = 435
_FAMILIES = (1, 2, 10, 16)  # AF_UNIX, AF_INET, AF_INET6, AF_NETLINK (getifaddrs asks by it).


def program(machine: str | None = None) -> bytes:
    """The filter as an array of `struct sock_filter`, or b"" for an unknown architecture.

    Args:
        machine: as in `uname -m`; this machine's where None.
    """
    machine = machine or platform.machine()
    if machine not in _ARCHES:
        return b""
    code = [
        _line(_LOAD, _ARCH),
        _line(_EQUAL, _ARCHES[machine], yes=1),
        _line(_RETURN, _KILL),
        _line(_LOAD, _NR),
    ]
    if machine == "x86_64":
        code += [_line(_ANY_BIT, _X32, no=1), _line(_RETURN, _KILL)]
    for number in sorted({*_SHARED.values(), *_OWN[machine].values()}):
        code += [_line(_EQUAL, number, no=1), _line(_RETURN, _ERROR | errno.EPERM)]
    # A filter cannot look into clone3's struct; ENOSYS makes libc fall back to clone.
    code += [_line(_EQUAL, _CLONE3, no=1), _line(_RETURN, _ERROR | errno.ENOSYS)]
    code += [
        _line(_EQUAL, _CLONE[machine], no=4),
        _line(_LOAD, _ARG0),
        _line(_ANY_BIT, _CLONE_NEWUSER, no=1),
        _line(_RETURN, _ERROR | errno.EPERM),
        _line(_RETURN, _ALLOW),
    ]
    count = len(_FAMILIES)
    code += [_line(_EQUAL, _SOCKET[machine], no=count + 2), _line(_LOAD, _ARG0)]
    code += [_line(_EQUAL, family, yes=count - place) for place, family in enumerate(_FAMILIES)]
    code += [_line(_RETURN, _ERROR | errno.EAFNOSUPPORT), _line(_RETURN, _ALLOW)]
    return b"".join(code)


def _line(operation: int, value: int, *, yes: int = 0, no: int = 0) -> bytes:
    """One instruction; `yes` and `no` are how many lines to skip when a comparison holds."""
    return struct.pack("=HBBI", operation, yes, no, value)
