# ledger: scenario-unstated 16
Feature: Ledger

  Background:
    Given a random number between 100 and 900 as "n"
    And a file "book.csv" with:
      """
      2031-02-01,${n}
      """

  @R1
  Scenario: A sum
    When I run it with "sum book.csv"
    Then the output is:
      """
      altogether: ${n}
      """
