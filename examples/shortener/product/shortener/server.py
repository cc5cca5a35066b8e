"""HTTP in, HTTP out: one thread a connection, on 127.0.0.1."""

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote

from shortener.app import App
from shortener.messages import ApiError, Request, Response

MAX_BODY_BYTES = 65_536
HOST = "127.0.0.1"


class Server(ThreadingHTTPServer):
    """The listening socket. Its threads end with the process."""

    daemon_threads = True
    request_queue_size = 128
    app: App


class Handler(BaseHTTPRequestHandler):
    """Turns bytes into a Request and the app's Response into bytes."""

    protocol_version = "HTTP/1.1"
    # Head and body leave in one segment.
    wbufsize = -1
    disable_nagle_algorithm = True
    timeout = 30
    server: Server

    def _answer(self) -> None:
        try:
            response = self.server.app.handle(self._request())
        except ApiError as error:
            # The rest of the body was not read: the connection cannot be used again.
            self.close_connection = True
            response = error.response()
        except Exception:
            self.close_connection = True
            self.log_error("unexpected error")
            response = ApiError(500, "internal_error", "something went wrong").response()
        self._send(response)

    def _request(self) -> Request:
        length = self.headers.get("Content-Length", "0")
        if not (length.isascii() and length.isdigit()):
            raise ApiError(400, "invalid_length", "Content-Length must be a number of bytes")
        if int(length) > MAX_BODY_BYTES:
            raise ApiError(413, "body_too_large", f"the body exceeds {MAX_BODY_BYTES} bytes")
        path, _, query = self.path.partition("?")
        return Request(
            method=self.command,
            path=unquote(path),
            query=query,
            headers={name.lower(): value for name, value in self.headers.items()},
            body=self.rfile.read(int(length)),
        )

    def _send(self, response: Response) -> None:
        self.send_response(response.status)
        for name, value in response.headers.items():
            self.send_header(name, value)
        if response.status != 204:
            self.send_header("Content-Length", str(len(response.body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(response.body)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = _answer

    def log_message(self, format: str, *args: object) -> None:
        """Requests are not logged: URLs may be private."""


def make_server(app: App, port: int) -> Server:
    """A server bound to 127.0.0.1 and ``port`` (0 takes a free one); not yet serving."""
    server = Server((HOST, port), Handler)
    server.app = app
    return server
