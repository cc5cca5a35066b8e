import json
import unittest
from typing import Any

from shortener.app import App
from shortener.messages import Request, Response
from shortener.store import Store


class AppCase(unittest.TestCase):
    """An app on a store in memory, with a clock that tests turn: ``self.time``."""

    def setUp(self) -> None:
        self.time = 1_000_000.0
        store = Store(":memory:")
        self.addCleanup(store.close)
        self.app = App(store, now=lambda: self.time)

    def send(self, method: str, path: str, value: Any = None) -> Response:
        body = b"" if value is None else json.dumps(value).encode()
        return self.app.handle(Request(method, path, body=body))

    def created(self, **fields: Any) -> Any:
        response = self.send("POST", "/links", {"url": "https://example.org/page", **fields})
        self.assertEqual(response.status, 201, response.body)
        return json.loads(response.body)

    def assert_error(self, response: Response, status: int, code: str) -> None:
        self.assertEqual(response.status, status)
        answer = json.loads(response.body)
        self.assertEqual(answer["error"], code)
        self.assertTrue(answer["message"])


class Health(AppCase):
    def test_it_answers(self) -> None:
        self.assertEqual(self.send("GET", "/health").status, 200)


class Links(AppCase):
    def test_a_new_link_redirects(self) -> None:
        alias = self.created()["alias"]
        response = self.send("GET", f"/{alias}")
        self.assertEqual(response.status, 302)
        self.assertEqual(response.headers["Location"], "https://example.org/page")

    def test_head_is_answered_like_get(self) -> None:
        alias = self.created()["alias"]
        self.assertEqual(self.send("HEAD", f"/{alias}").status, 302)

    def test_two_links_have_two_aliases(self) -> None:
        self.assertNotEqual(self.created()["alias"], self.created()["alias"])

    def test_errors(self) -> None:
        self.assert_error(self.send("POST", "/links", []), 400, "invalid_json")
        self.assert_error(self.send("POST", "/links", {}), 422, "invalid_url")
        self.assert_error(self.send("GET", "/nothing"), 404, "not_found")
        self.assert_error(self.send("GET", "/a/b/c"), 404, "not_found")

    def test_an_unknown_method_names_the_known_ones(self) -> None:
        response = self.send("DELETE", "/health")
        self.assert_error(response, 405, "method_not_allowed")
        self.assertEqual(response.headers["Allow"], "GET")
