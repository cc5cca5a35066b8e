"""The relay inside: runs a command, and carries 127.0.0.1:PORT to the proxy's UNIX socket.

    python3 -I relay.py SOCKET PORT -- COMMAND [ARGUMENT…]

Stands alone: standard library only, in the syntax of Python 3.9.
"""

from __future__ import annotations

import contextlib
import os
import socket
import sys
import threading


def carry(source: socket.socket, sink: socket.socket) -> None:
    """Copy one direction to its end."""
    try:
        while True:
            data = source.recv(65536)
            if not data:
                break
            sink.sendall(data)
        sink.shutdown(socket.SHUT_WR)
    except OSError:
        for end in (source, sink):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)


def serve(inside: socket.socket, path: str) -> None:
    """Carry one connection."""
    with inside, socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as outside:
        try:
            outside.connect(path)
        except OSError:
            return
        back = threading.Thread(target=carry, args=(outside, inside), daemon=True)
        back.start()
        carry(inside, outside)
        back.join()


def relay(listener: socket.socket, path: str) -> None:
    """Serve for ever; the cell's end ends it."""
    null = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(null, descriptor)
    while True:
        inside, _ = listener.accept()
        threading.Thread(target=serve, args=(inside, path), daemon=True).start()


def main() -> None:
    """Listen first, so that the command finds the relay there."""
    path, port, _, *command = sys.argv[1:]
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", int(port)))
    listener.listen(64)
    if os.fork() == 0:
        relay(listener, path)
    listener.close()
    try:
        os.execvp(command[0], command)  # noqa: S606
    except OSError as error:
        sys.stderr.write(f"{command[0]}: {error.strerror}\n")
        os._exit(127)


if __name__ == "__main__":
    main()
