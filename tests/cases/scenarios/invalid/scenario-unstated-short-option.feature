# ledger: scenario-unstated 13
Feature: Ledger

  Background:
    Given a random number between 100 and 900 as "n"
    And a file "book.csv" with:
      """
      2031-02-01,${n}
      """

  @R2
  Scenario: A sum
    When I run it with "sum book.csv -x"
    Then the exit code is 0
