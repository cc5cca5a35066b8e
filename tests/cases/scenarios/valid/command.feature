# ledger: none
Feature: Ledger

  Background:
    Given a random number between 100 and 900 as "n"
    And a file "book.csv" with:
      """
      2031-02-01,${n}
      """

  @R1
  Scenario: The sum
    When I run it with "sum book.csv"
    Then the exit code is 0
    And line 1 of the output is "total: ${n}"
    And the file "book.csv" is unchanged

  @R2
  Scenario: One month
    When I run it with "sum book.csv --month 2031-02"
    Then the output is CSV equal to:
      | day        | amount |
      | 2031-02-01 | ${n}   |

  @E1
  Scenario: A wrong line
    Given a file "odd.csv" with:
      """
      2031-02-01,three${n}
      """
    When I run it with "check -q odd.csv"
    Then the exit code is 4
    And the exit code is not 0
    And the error output contains "odd.csv:1: not an amount"
    And the output is empty

  Rule: Files

    Background:
      Given an empty file "none-${n}.csv"

    @E2
    Scenario: Nothing in it
      When I run it with "sum none-${n}.csv"
      Then the output is:
        """
        total: 0
        """
