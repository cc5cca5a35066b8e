import unittest

from shortener import validation
from shortener.messages import ApiError


class JsonObject(unittest.TestCase):
    def test_an_object_is_returned(self) -> None:
        self.assertEqual(validation.json_object(b'{"url": "x"}'), {"url": "x"})

    def test_anything_else_is_refused(self) -> None:
        for body in (b"", b"[]", b'"text"', b"{", b"\xff", b"[" * 100_000):
            with self.subTest(body=body[:10]), self.assertRaises(ApiError) as caught:
                validation.json_object(body)
            self.assertEqual(caught.exception.code, "invalid_json")


class Url(unittest.TestCase):
    def test_http_and_https_are_accepted(self) -> None:
        for value in ("http://example.org", "https://example.org:8443/a?b=c#d"):
            self.assertEqual(validation.url(value), value)

    def test_anything_else_is_refused(self) -> None:
        long = "https://example.org/" + "a" * 2048
        for value in (None, 5, "", "example.org", "ftp://example.org", "https://", "http://a b",
                      "http://[", "javascript:alert(1)", "https://a/\n", "https://a/\u65e5", long):
            with self.subTest(value=value), self.assertRaises(ApiError) as caught:
                validation.url(value)
            self.assertEqual(caught.exception.status, 422)
