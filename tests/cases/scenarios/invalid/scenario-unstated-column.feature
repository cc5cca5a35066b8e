# ledger: scenario-unstated 15
Feature: Ledger

  Background:
    Given a random number between 100 and 900 as "n"
    And a file "book.csv" with:
      """
      2031-02-01,${n}
      """

  @R2
  Scenario: A sum
    When I run it with "sum book.csv --month 2031-02"
    Then the output is CSV equal to:
      | day        | balance |
      | 2031-02-01 | ${n}    |
