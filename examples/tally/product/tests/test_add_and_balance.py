from pathlib import Path

from tests.cli_case import CliCase


class Add(CliCase):
    def add(self, **changes: str) -> None:
        values = {"date": "2024-02-29", "account": "Home:Rent", "amount": "-700.5",
                  "currency": "EUR", **changes}
        options = [part for name, value in values.items() for part in (f"--{name}={value}",)]
        self.tally("add", "ledger.csv", *options)

    def test_the_first_entry_makes_the_file(self) -> None:
        self.add(note="March, in advance")
        self.assertEqual(self.code, 0, self.err)
        self.assertEqual(
            Path("ledger.csv").read_text(),
            "date,account,amount,currency,note\n"
            '2024-02-29,Home:Rent,-700.5,EUR,"March, in advance"\n',
        )

    def test_the_next_entry_is_appended(self) -> None:
        Path("ledger.csv").write_text("date,account,amount,currency,note\n2024-01-01,A,1,EUR,")
        self.add()
        self.assertEqual(
            Path("ledger.csv").read_text().splitlines()[1:],
            ["2024-01-01,A,1,EUR,", "2024-02-29,Home:Rent,-700.5,EUR,"],
        )

    def test_wrong_options_change_nothing(self) -> None:
        for name, value in (("date", "2024-02-30"), ("account", "Home:"), ("amount", "1,5"),
                            ("currency", "eur")):
            with self.subTest(name=name):
                self.add(**{name: value})
                self.assert_failed(2, f"{name} must be")
                self.assertFalse(Path("ledger.csv").exists())


class Balance(CliCase):
    def test_sums_each_account_and_currency(self) -> None:
        self.ledger(
            "2024-01-02,Home:Rent,-700,EUR,",
            "",
            "2024-01-01,Bank,2000.25,EUR,salary",
            "2024-02-02,Home:Rent,-700,EUR,",
            "2024-02-03,Bank,5,CHF,",
        )
        self.assertEqual(
            self.tally("balance", "ledger.csv"),
            "account,currency,balance\n"
            "Bank,CHF,5.00\nBank,EUR,2000.25\nHome:Rent,EUR,-1400.00\n",
        )

    def test_a_wrong_line_is_named(self) -> None:
        self.ledger("2024-01-01,Bank,1,EUR,", "", "2024-01-01,Bank,one,EUR,")
        self.tally("balance", "ledger.csv")
        self.assert_failed(1, "tally: ledger.csv:4: amount must be")

    def test_a_wrong_header_is_named(self) -> None:
        self.write("ledger.csv", "date,amount")
        self.tally("balance", "ledger.csv")
        self.assert_failed(1, "ledger.csv:1: the header must be")

    def test_a_missing_file_is_named(self) -> None:
        self.tally("balance", "nothing.csv")
        self.assert_failed(1, "nothing.csv: not found")


class Usage(CliCase):
    def test_an_unknown_command(self) -> None:
        self.tally("fly")
        self.assertEqual((self.code, self.out), (2, ""))

    def test_no_command(self) -> None:
        self.tally()
        self.assertEqual((self.code, self.out), (2, ""))
