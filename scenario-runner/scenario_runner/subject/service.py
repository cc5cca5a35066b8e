"""A loopback address for a service that listens on a UNIX socket, for libraries that need one."""

from __future__ import annotations

import socket
import threading

_CHUNK = 65536
MAX_CONNECTIONS = 256


class Forwarder:
    """Listens on 127.0.0.1 and hands each connection on to the UNIX socket, byte by byte."""

    def __init__(self, unix_path: str) -> None:
        self._unix_path = unix_path
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self._slots = threading.Semaphore(MAX_CONNECTIONS)
        threading.Thread(target=self._serve, name="forwarder", daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def close(self) -> None:
        self._listener.close()

    def _serve(self) -> None:
        while True:
            try:
                client, _address = self._listener.accept()
            except OSError:
                return
            self._slots.acquire()
            try:
                service = socket.socket(socket.AF_UNIX)
                service.connect(self._unix_path)
            except OSError:
                client.close()
                self._slots.release()
                continue
            threading.Thread(target=self._join, args=(client, service), daemon=True).start()

    def _join(self, client: socket.socket, service: socket.socket) -> None:
        back = threading.Thread(target=_copy, args=(service, client), daemon=True)
        back.start()
        _copy(client, service)
        back.join()
        client.close()
        service.close()
        self._slots.release()


def _copy(source: socket.socket, sink: socket.socket) -> None:
    try:
        while data := source.recv(_CHUNK):
            sink.sendall(data)
        sink.shutdown(socket.SHUT_WR)
    except OSError:
        for end in (source, sink):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
