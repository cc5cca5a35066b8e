Feature: Forms of the output, and files of budgets

  Background:
    Given a random word as "word"
    And a random number between 2001 and 2098 as "year"
    And a random number between 100 and 900 as "n"
    And a file "book.csv" with:
      """
      date,account,amount,currency,note
      ${year}-10-01,a${word},-${n}.40,EUR,
      ${year}-10-02,b${word},-80,USD,
      ${year}-10-03,c${word},-1,EUR,
      """

  @R6
  Scenario: Budgets as JSON
    Given a file "plan.csv" with:
      """
      account,currency,limit,warn_percent
      b${word},USD,100,75
      c${word},EUR,3.5,
      """
    When I run it with "budget book.csv --budgets plan.csv --month ${year}-10 --format json"
    Then the exit code is 0
    And the output is JSON equal to:
      """
      [
        {"account": "b${word}", "currency": "USD", "limit": "100.00", "spent": "80.00", "percent": 80, "state": "warning"},
        {"account": "c${word}", "currency": "EUR", "limit": "3.50", "spent": "1.00", "percent": 28, "state": "ok"}
      ]
      """

  @R6
  Scenario: No alerts as JSON
    Given a file "plan.csv" with:
      """
      account,currency,limit,warn_percent
      c${word},EUR,${n},90
      """
    When I run it with "budget book.csv --alerts --budgets plan.csv --month ${year}-10 --format json"
    Then the exit code is 0
    And the output is JSON equal to:
      """
      []
      """

  @R7
  Scenario: Alerts alone
    Given a file "plan.csv" with:
      """
      account,currency,limit,warn_percent
      c${word},EUR,10,50
      a${word},EUR,${n},50
      b${word},USD,100,80
      """
    When I run it with "budget book.csv --budgets plan.csv --month ${year}-10 --alerts"
    Then the exit code is 3
    And the output is CSV equal to:
      | account  | currency | limit   | spent   | percent | state   |
      | a${word} | EUR      | ${n}.00 | ${n}.40 | 100     | over    |
      | b${word} | USD      | 100.00  | 80.00   | 80      | warning |

  @R7
  Scenario: Alerts that are warnings alone
    Given a file "plan.csv" with:
      """
      account,currency,limit,warn_percent
      b${word},USD,95,83
      a${word},EUR,9000,100
      """
    When I run it with "budget book.csv --month ${year}-10 --budgets plan.csv --alerts"
    Then the exit code is 0
    And the output has 2 lines
    And line 2 of the output is "b${word},USD,95.00,80.00,84,warning"

  @R7 @sealed
  Scenario: No alerts leave the header
    Given a file "plan.csv" with:
      """
      account,currency,limit,warn_percent
      c${word},EUR,10,50
      """
    When I run it with "budget book.csv --budgets plan.csv --month ${year}-10 --alerts"
    Then the exit code is 0
    And the output is:
      """
      account,currency,limit,spent,percent,state
      """

  @E1
  Scenario: Without a column for warnings
    Given a file "plan.csv" with:
      """
      account,currency,limit
      b${word},USD,100
      c${word},EUR,1.26
      """
    When I run it with "budget book.csv --budgets plan.csv --month ${year}-10"
    Then the exit code is 0
    And line 2 of the output is "b${word},USD,100.00,80.00,80,warning"
    And line 3 of the output is "c${word},EUR,1.26,1.00,79,ok"

  @E1
  Scenario: With an empty field for warnings
    Given a file "plan.csv" with:
      """
      account,currency,limit,warn_percent
      b${word},USD,100,
      c${word},EUR,1.24,
      """
    When I run it with "budget book.csv --budgets plan.csv --month ${year}-10"
    Then line 2 of the output is "b${word},USD,100.00,80.00,80,warning"
    And line 3 of the output is "c${word},EUR,1.24,1.00,80,warning"

  @E2
  Scenario: A budget given twice
    Given a file "p-${word}.csv" with:
      """
      account,currency,limit,warn_percent
      b${word},USD,100,80
      c${word},EUR,100,80

      b${word},USD,${n},
      """
    When I run it with "budget book.csv --budgets p-${word}.csv --month ${year}-10"
    Then the exit code is 1
    And the output is empty
    And the error output contains "p-${word}.csv:5:"
    And the error output contains "budget given twice"

  @E2
  Scenario: One account in two currencies is not given twice
    Given a file "plan.csv" with:
      """
      account,currency,limit
      b${word},USD,200
      b${word},EUR,200
      """
    When I run it with "budget book.csv --budgets plan.csv --month ${year}-10"
    Then the exit code is 0
    And line 2 of the output is "b${word},USD,200.00,80.00,40,ok"
    And line 3 of the output is "b${word},EUR,200.00,0.00,0,ok"

  @E3
  Scenario Outline: A budget that cannot be: <case>
    Given a file "p-${word}.csv" with:
      """
      account,currency,limit,warn_percent
      c${word},EUR,5,80
      <line>
      """
    When I run it with "budget book.csv --budgets p-${word}.csv --month ${year}-10"
    Then the exit code is 1
    And the output is empty
    And the error output contains "p-${word}.csv:3:"

    Examples:
      | case              | line                     |
      | no limit          | b${word},USD,0,80        |
      | a limit below     | b${word},USD,-${n},80    |
      | currency small    | b${word},usd,${n},80     |
      | account ends open | b${word}:,USD,${n},80    |
      | percent above     | b${word},USD,${n},101    |
      | percent of nought | b${word},USD,${n},0      |
      | percent in parts  | b${word},USD,${n},7.5    |
      | a field too many  | b${word},USD,${n},80,80  |
      | a field too few   | b${word},USD,${n}        |

  @E3
  Scenario: No limit, and no column for warnings
    Given a file "p-${word}.csv" with:
      """
      account,currency,limit
      b${word},USD,0
      """
    When I run it with "budget book.csv --budgets p-${word}.csv --month ${year}-10"
    Then the exit code is 1
    And the output is empty
    And the error output contains "p-${word}.csv:2:"

  @E3 @sealed
  Scenario: Columns of another order
    Given a file "p-${word}.csv" with:
      """
      account,limit,currency
      b${word},${n},USD
      """
    When I run it with "budget book.csv --budgets p-${word}.csv --month ${year}-10"
    Then the exit code is 1
    And the error output contains "p-${word}.csv:1:"

  @C1
  Scenario: Both files stay
    Given a file "plan.csv" with:
      """
      account,currency,limit,warn_percent

      b${word},USD,${n}.5,
      """
    When I run it with "budget book.csv --budgets plan.csv --month ${year}-10 --alerts"
    Then the exit code is 0
    And the file "book.csv" is unchanged
    And the file "plan.csv" is unchanged

  @C1 @should
  Scenario: Budgets that are not there are named and not made
    When I run it with "budget book.csv --budgets ${word}.csv --month ${year}-10"
    Then the exit code is 1
    And the error output contains "${word}.csv: not found"
    And the file "${word}.csv" does not exist
