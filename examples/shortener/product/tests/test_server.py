import http.client
import json
import threading
import unittest

from shortener.app import App
from shortener.server import make_server
from shortener.store import Store


class ServerTest(unittest.TestCase):
    def setUp(self) -> None:
        store = Store(":memory:")
        self.addCleanup(store.close)
        server = make_server(App(store), 0)
        self.addCleanup(server.server_close)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        self.addCleanup(thread.join)
        self.addCleanup(server.shutdown)
        self.client = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=5)
        self.addCleanup(self.client.close)

    def send(
        self, method: str, path: str, body: bytes | None = None
    ) -> tuple[http.client.HTTPResponse, bytes]:
        self.client.request(method, path, body)
        response = self.client.getresponse()
        return response, response.read()

    def test_create_and_follow(self) -> None:
        response, body = self.send("POST", "/links", b'{"url": "https://example.org/x"}')
        self.assertEqual(response.status, 201)
        self.assertEqual(response.getheader("Content-Type"), "application/json")
        response, body = self.send("GET", "/" + json.loads(body)["alias"])
        self.assertEqual(response.status, 302)
        self.assertEqual(response.getheader("Location"), "https://example.org/x")
        self.assertEqual(body, b"")

    def test_head_has_no_body(self) -> None:
        response, body = self.send("HEAD", "/health")
        self.assertEqual((response.status, body), (200, b""))

    def test_a_large_body_is_refused(self) -> None:
        response, _ = self.send("POST", "/links", b"x" * 70_000)
        self.assertEqual(response.status, 413)
