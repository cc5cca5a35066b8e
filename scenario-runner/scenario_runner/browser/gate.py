"""The browser's only way out: a SOCKS 5 proxy (RFC 1928) that leads to the subject and nowhere
else, and remembers where else the pages wanted to go."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Callable
from urllib.parse import urlsplit

_CHUNK = 65536
_HANDSHAKE_SECONDS = 10.0
MAX_CONNECTIONS = 256
MAX_REFUSED = 200

_OK, _NOT_ALLOWED, _NO_ANSWER, _UNKNOWN_COMMAND = 0, 2, 5, 7


class Gate:
    """Serves on `listener` in the running loop; `address` tells the subject's, which may be another
    one later, or "" where there is none yet. `refused` are the addresses asked for in vain, as
    host:port, in their order; whoever reads them may clear the list."""

    def __init__(self, address: Callable[[], str], listener: socket.socket) -> None:
        self.refused: list[str] = []
        self._address = address
        self._listener = listener
        self._open = 0
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        self._listener.setblocking(False)
        self._server = await asyncio.start_server(self._serve, sock=self._listener)

    def close(self) -> None:
        if self._server is not None:
            self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open += 1
        try:
            if self._open <= MAX_CONNECTIONS:
                await self._connect(reader, writer)
        except (OSError, asyncio.IncompleteReadError, TimeoutError, UnicodeDecodeError):
            pass  # it went away, or speaks something else
        finally:
            self._open -= 1
            writer.close()

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async with asyncio.timeout(_HANDSHAKE_SECONDS):
            _version, methods = await reader.readexactly(2)
            await reader.readexactly(methods)
            writer.write(b"\x05\x00")
            _version, command, _, kind = await reader.readexactly(4)
            wanted = await _wanted(reader, kind)
        if command != 1:
            return await _answer(writer, _UNKNOWN_COMMAND)
        address = self._address()
        if not address or wanted != host_and_port(address):
            if len(self.refused) < MAX_REFUSED:
                self.refused.append(f"{wanted[0]}:{wanted[1]}")
            return await _answer(writer, _NOT_ALLOWED)
        try:
            back, forth = await asyncio.open_connection(*wanted)
        except OSError:
            return await _answer(writer, _NO_ANSWER)
        await _answer(writer, _OK)
        ways = (_copy(reader, forth), _copy(back, writer))
        try:
            await asyncio.gather(*ways)
        finally:
            forth.close()
        return None


def host_and_port(address: str) -> tuple[str, int]:
    """Of an http or https address; the host in lower case, without the brackets of IPv6."""
    parts = urlsplit(address)
    return (parts.hostname or "").lower(), parts.port or (443 if parts.scheme == "https" else 80)


async def _wanted(reader: asyncio.StreamReader, kind: int) -> tuple[str, int]:
    if kind == 3:
        (length,) = await reader.readexactly(1)
        host = (await reader.readexactly(length)).decode("ascii").lower()
    else:
        family = socket.AF_INET if kind == 1 else socket.AF_INET6
        host = socket.inet_ntop(family, await reader.readexactly(4 if kind == 1 else 16))
    return host, int.from_bytes(await reader.readexactly(2), "big")


async def _answer(writer: asyncio.StreamWriter, code: int) -> None:
    writer.write(bytes([5, code, 0, 1, 0, 0, 0, 0, 0, 0]))
    await writer.drain()


async def _copy(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await source.read(_CHUNK):
            sink.write(data)
            await sink.drain()
    with contextlib.suppress(OSError, RuntimeError):
        if sink.can_write_eof():
            sink.write_eof()
