Feature: Forms of the report, and totals

  Background:
    Given a random word as "word"
    And a random number between 2001 and 2098 as "year"
    And a random number between 100 and 900 as "n"
    And a file "book.csv" with:
      """
      date,account,amount,currency,note
      ${year}-10-01,b${word},${n}.40,EUR,
      ${year}-10-02,a${word},-3,USD,
      ${year}-10-03,a${word},-8.20,EUR,
      ${year}-11-03,a${word},-77,EUR,
      """

  @R5
  Scenario: The report as JSON
    When I run it with "report book.csv --month ${year}-10 --format json"
    Then the exit code is 0
    And the output is JSON equal to:
      """
      [
        {"account": "a${word}", "currency": "EUR", "in": "0.00", "out": "-8.20", "net": "-8.20"},
        {"account": "a${word}", "currency": "USD", "in": "0.00", "out": "-3.00", "net": "-3.00"},
        {"account": "b${word}", "currency": "EUR", "in": "${n}.40", "out": "0.00", "net": "${n}.40"}
      ]
      """

  @R5
  Scenario: CSV can be asked for by name
    When I run it with "report book.csv --format csv --month ${year}-11"
    Then the output is:
      """
      account,currency,in,out,net
      a${word},EUR,0.00,-77.00,-77.00
      """

  @R5
  Scenario: JSON with one account and totals
    When I run it with "report book.csv --month ${year}-10 --account b${word} --total --format json"
    Then the output is JSON equal to:
      """
      [
        {"account": "b${word}", "currency": "EUR", "in": "${n}.40", "out": "0.00", "net": "${n}.40"},
        {"account": "TOTAL", "currency": "EUR", "in": "${n}.40", "out": "0.00", "net": "${n}.40"}
      ]
      """

  @R6
  Scenario: A total for each currency
    When I run it with "report book.csv --total --month ${year}-10"
    Then the exit code is 0
    And the output has 6 lines
    And the output contains "TOTAL,EUR,${n}.40,-8.20,"
    And line 6 of the output is "TOTAL,USD,0.00,-3.00,-3.00"

  @R6
  Scenario: Totals are rounded once
    Given a file "cents.csv" with:
      """
      date,account,amount,currency,note
      ${year}-10-01,x${word},0.004,EUR,
      ${year}-10-02,y${word},0.004,EUR,
      ${year}-10-03,z${word},0.003,EUR,
      """
    When I run it with "report cents.csv --month ${year}-10 --total"
    Then the output has 5 lines
    And line 5 of the output is "TOTAL,EUR,0.01,0.00,0.01"

  @R6 @sealed
  Scenario: Totals hold the reported account alone
    When I run it with "report book.csv --month ${year}-10 --account a${word} --total"
    Then the output is CSV equal to:
      | account  | currency | in   | out   | net   |
      | a${word} | EUR      | 0.00 | -8.20 | -8.20 |
      | a${word} | USD      | 0.00 | -3.00 | -3.00 |
      | TOTAL    | EUR      | 0.00 | -8.20 | -8.20 |
      | TOTAL    | USD      | 0.00 | -3.00 | -3.00 |

  @E1
  Scenario Outline: A month without entries: <case>
    When I run it with "report book.csv --month ${year}-09 <options>"
    Then the exit code is 0
    And the error output is empty
    And the output is:
      """
      <output>
      """

    Examples:
      | case   | options       | output                      |
      | CSV    |               | account,currency,in,out,net |
      | totals | --total       | account,currency,in,out,net |
      | JSON   | --format json | []                          |

  @E1 @should
  Scenario: An account without entries
    When I run it with "report book.csv --month ${year}-10 --account none"
    Then the exit code is 0
    And the output is:
      """
      account,currency,in,out,net
      """

  @E2
  Scenario Outline: No such month: <case>
    When I run it with "report book.csv --month <month>"
    Then the exit code is 2
    And the output is empty
    And the error output contains "month must be YYYY-MM"

    Examples:
      | case        | month      |
      | thirteen    | ${year}-13 |
      | zero        | ${year}-00 |
      | one digit   | ${year}-7  |
      | a day       | ${year}-10-01 |
      | a word      | ${word}    |

  @E2
  Scenario: No month at all
    When I run it with "report book.csv --account a${word}"
    Then the exit code is 2
    And the output is empty
    And the error output contains "--month"

  @E3
  Scenario: A wrong line of another month is named
    Given a file "${word}.csv" with:
      """
      date,account,amount,currency,note
      ${year}-10-01,b${word},${n}.40,EUR,

      ${year}-11-02,a${word},three,USD,
      """
    When I run it with "report ${word}.csv --month ${year}-10"
    Then the exit code is 1
    And the output is empty
    And the error output contains "${word}.csv:4:"

  @E3
  Scenario: A line with too few fields is named
    Given a file "books/${word}.csv" with:
      """
      date,account,amount,currency,note
      ${year}-10-01,b${word},${n}.40
      """
    When I run it with "report books/${word}.csv --month ${year}-10 --format json"
    Then the exit code is 1
    And the output is empty
    And the error output contains "books/${word}.csv:2:"

  @E3
  Scenario: A day that is not in the calendar is named
    Given a file "${word}.csv" with:
      """
      date,account,amount,currency,note
      ${year}-06-31,b${word},${n}.40,EUR,
      """
    When I run it with "report ${word}.csv --month ${year}-06"
    Then the exit code is 1
    And the output is empty
    And the error output contains "${word}.csv:2:"

  @E3
  Scenario: What is no text is no ledger
    Given a file "${word}.csv" of 300 bytes
    When I run it with "report ${word}.csv --month ${year}-06"
    Then the exit code is 1
    And the output is empty
    And the error output matches "^tally: ${word}.csv: "

  @E3
  Scenario: A folder is no ledger
    Given a file "${word}/book.csv" with:
      """
      date,account,amount,currency,note
      """
    When I run it with "report ${word} --month ${year}-06"
    Then the exit code is 1
    And the output is empty
    And the error output matches "^tally: "

  @E4
  Scenario: A ledger that is not there is named
    When I run it with "report ${word}.csv --month ${year}-10"
    Then the exit code is 1
    And the output is empty
    And the error output matches "^tally: ${word}.csv: not found"

  @E4
  Scenario: A ledger in a folder that is not there is named
    When I run it with "report ${word}/book.csv --month ${year}-10 --total"
    Then the exit code is 1
    And the error output contains "${word}/book.csv: not found"
