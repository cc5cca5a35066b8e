import os
import sqlite3
import tempfile
import unittest

from shortener.store import MIGRATIONS, AliasTaken, Link, Store


class StoreTest(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = os.path.join(folder.name, "links.db")

    def open(self) -> Store:
        store = Store(self.path)
        self.addCleanup(store.close)
        return store

    def test_a_stored_link_is_found_after_reopening(self) -> None:
        link = Link("abc", "https://example.org", 12.5)
        self.open().add(link)
        self.assertEqual(self.open().find("abc"), link)

    def test_an_unknown_alias_gives_none(self) -> None:
        self.assertIsNone(self.open().find("nothing"))

    def test_an_alias_is_stored_once(self) -> None:
        store = self.open()
        store.add(Link("abc", "https://example.org/1", 1.0))
        with self.assertRaises(AliasTaken):
            store.add(Link("abc", "https://example.org/2", 2.0))
        found = store.find("abc")
        assert found is not None
        self.assertEqual(found.url, "https://example.org/1")

    def test_a_database_of_the_first_version_is_brought_up_to_date(self) -> None:
        old = sqlite3.connect(self.path)
        old.execute(MIGRATIONS[0])
        old.execute("INSERT INTO links VALUES ('old', 'https://example.org/old', 1.0)")
        old.execute("PRAGMA user_version = 1")
        old.commit()
        old.close()
        found = self.open().find("old")
        assert found is not None
        self.assertEqual(found.url, "https://example.org/old")


if __name__ == "__main__":
    unittest.main()
