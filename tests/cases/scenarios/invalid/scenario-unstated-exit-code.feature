# ledger: scenario-unstated 14
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
    Then the exit code is 20
