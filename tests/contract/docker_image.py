"""A container image for the tests, without any registry: python3, sh and coreutils of this host.

Measured on Debian 12 with 2 cores: 1 to 3 s for this, against about a minute for debootstrap,
which also needs root and a mirror. Run as a program it prints the image's name.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

REPOSITORY = "dark-factory-test"
COMMANDS = (
    "sh dash bash env cat chmod chown cp cut date dd df du echo expr false find grep head id kill "
    "ln ls mkdir mktemp mv nproc printenv printf ps pwd readlink rm rmdir sed seq setpriv sleep "
    "sort stat tail tee test timeout touch tr true uname uniq wc which xargs"
)
OLDEST = (3, 11)
SKIPPED = {"test", "idlelib", "tkinter", "turtledemo", "ensurepip", "lib2to3", "__pycache__"}
ASK = """
import json, sys, sysconfig
print(json.dumps({
    "version": sys.version_info[:2],
    "program": sys.executable,
    "library": sysconfig.get_path("stdlib"),
}))
"""


def build(docker: str = "docker") -> str:
    """The name of the image, made unless one of the same content is there."""
    paths = _paths()
    name = f"{REPOSITORY}:{_digest(paths)}"
    if subprocess.run([docker, "image", "inspect", name], capture_output=True).returncode == 0:
        return name
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w") as tar:
        _folders(tar)
        for path, target in sorted(paths.items()):
            tar.add(target, arcname=path.lstrip("/"), recursive=False)
    subprocess.run(
        [docker, "import", "--change", "ENV IMAGE_LEAK=1", "-", name],
        input=archive.getvalue(),
        check=True,
        capture_output=True,
    )
    return name


def _paths() -> dict[str, Path]:
    """Path in the image → file of this host."""
    programs = {Path(found) for name in COMMANDS.split() if (found := shutil.which(name))}
    python = _python()
    program = Path(python["program"]).resolve()
    library = Path(python["library"])
    files = [
        path
        for path in library.rglob("*")
        if path.is_file()
        and not SKIPPED & set(path.relative_to(library).parts)
        and "-packages" not in str(path.relative_to(library))
    ]
    modules = [path for path in files if path.suffix == ".so"]
    chosen = {str(path): path for path in [*programs, program, *files]}
    chosen["/usr/bin/python3"] = program
    chosen["/usr/bin/sh"] = Path("/bin/sh")
    for path in shared([*programs, program, *modules]):
        chosen[str(path)] = path
    return {merged(path): target.resolve() for path, target in chosen.items()}


def _python() -> dict[str, str]:
    for candidate in ("/usr/bin/python3", sys.executable):
        if Path(candidate).exists():
            done = subprocess.run([candidate, "-I", "-c", ASK], capture_output=True, check=True)
            said = json.loads(done.stdout)
            if tuple(said["version"]) >= OLDEST:
                return said
    raise RuntimeError("no Python of this host can be put into an image")


def shared(programs: list[Path]) -> set[Path]:
    """The shared libraries that they need."""
    done = subprocess.run(["ldd", *map(str, programs)], capture_output=True, text=True)
    return {Path(found) for found in re.findall(r"(/\S+\.so\S*) \(0x", done.stdout)}


def merged(path: str) -> str:
    """/lib/x is /usr/lib/x where /lib is a link, as on every current distribution."""
    first = "/" + path.split("/")[1]
    return f"/usr{path}" if first in ("/bin", "/sbin", "/lib", "/lib64") else path


def _folders(tar: tarfile.TarFile) -> None:
    for name in ("usr", "etc", "proc", "sys", "dev", "run", "tmp", "usr/bin", "usr/lib"):
        entry = tarfile.TarInfo(name)
        entry.type, entry.mode = tarfile.DIRTYPE, 0o1777 if name == "tmp" else 0o755
        tar.addfile(entry)
    for name in ("bin", "sbin", "lib", "lib64"):
        entry = tarfile.TarInfo(name)
        entry.type, entry.linkname = tarfile.SYMTYPE, f"usr/{name}"
        tar.addfile(entry)
    passwd = b"root:x:0:0:root:/:/bin/sh\n"
    entry = tarfile.TarInfo("etc/passwd")
    entry.size, entry.mode = len(passwd), 0o644
    tar.addfile(entry, io.BytesIO(passwd))


def _digest(paths: dict[str, Path]) -> str:
    seen = hashlib.sha256(Path(__file__).read_bytes())
    for path, target in sorted(paths.items()):
        found = os.stat(target)
        seen.update(f"{path} {found.st_size} {int(found.st_mtime)}\n".encode())
    return seen.hexdigest()[:16]


if __name__ == "__main__":
    print(build())
