# ledger: scenario-unstated 15, scenario-unstated 15
Feature: Ledger

  Background:
    Given a random number between 100 and 900 as "n"
    And a file "book.csv" with:
      """
      2031-02-01,${n}
      """

  @E1
  Scenario: A sum
    When I run it with "sum book.csv"
    Then the exit code is 4
    And the error output contains "book.csv:1: cannot parse"
