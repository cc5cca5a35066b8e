Feature: Spending against budgets

  Background:
    Given a random word as "word"
    And a random number between 2001 and 2098 as "year"
    And a random number between 100 and 900 as "n"

  @R1
  Scenario: Budgets are compared in the order of their file
    Given a file "${word}.csv" with:
      """
      date,account,amount,currency,note
      ${year}-04-01,B${word},-${n}.00,EUR,
      """
    And a file "plan-${word}.csv" with:
      """
      account,currency,limit,warn_percent
      C${word},USD,10,50

      B${word},EUR,5000,100
      A${word},EUR,${n}.5,100
      """
    When I run it with "budget ${word}.csv --budgets plan-${word}.csv --month ${year}-04"
    Then the exit code is 0
    And the error output is empty
    And the output has 4 lines
    And line 1 of the output is "account,currency,limit,spent,percent,state"
    And line 2 of the output is "C${word},USD,10.00,0.00,0,ok"
    And the output matches "(?m)^B${word},EUR,5000.00,${n}.00,[0-9]+,ok$"
    And line 4 of the output is "A${word},EUR,${n}.50,0.00,0,ok"

  @R1
  Scenario: A budget without an entry has a row, an entry without a budget has none
    Given a file "book.csv" with:
      """
      date,account,amount,currency,note
      ${year}-04-01,Other:${word},-${n}.00,EUR,
      """
    And a file "plan.csv" with:
      """
      account,currency,limit,warn_percent
      ${word},EUR,${n},10
      """
    When I run it with "budget book.csv --month ${year}-04 --budgets plan.csv"
    Then the exit code is 0
    And the output is CSV equal to:
      | account | currency | limit   | spent | percent | state |
      | ${word} | EUR      | ${n}.00 | 0.00  | 0       | ok    |

  @R1
  Scenario Outline: Neither a month nor budgets can be left out: <options>
    Given a file "book.csv" with:
      """
      date,account,amount,currency,note
      ${year}-04-01,${word},-${n}.00,EUR,
      """
    And a file "plan.csv" with:
      """
      account,currency,limit
      ${word},EUR,${n}
      """
    When I run it with "budget book.csv <options>"
    Then the exit code is 2
    And the output is empty

    Examples:
      | options            |
      | --budgets plan.csv |
      | --month ${year}-04 |

  @R2
  Scenario: Accounts below count, others do not
    Given a file "book.csv" with:
      """
      date,account,amount,currency,note
      ${year}-07-01,${word},-${n}.10,EUR,
      ${year}-07-02,${word}:Food,-40,EUR,
      ${year}-07-03,${word}:Food:Bread,10,EUR,returned
      ${year}-07-04,${word}s,-5000,EUR,begins alike
      ${year}-07-05,${word}:Food,-6000,USD,another currency
      ${year}-07-05,${word}:Food,-6000,CHF,and one more
      ${year}-08-01,${word},-7000,EUR,another month
      """
    And a file "plan.csv" with:
      """
      account,currency,limit,warn_percent
      ${word}:Food,EUR,300,50
      """
    When I run it with "budget book.csv --budgets plan.csv --month ${year}-07"
    Then the exit code is 0
    And line 2 of the output is "${word}:Food,EUR,300.00,30.00,10,ok"

  @R2
  Scenario: One entry counts for every budget above it
    Given a file "book.csv" with:
      """
      date,account,amount,currency,note
      ${year}-07-02,${word}:Food:Bread,-60,EUR,
      ${year}-07-02,${word}:Rent,-100,EUR,
      """
    And a file "plan.csv" with:
      """
      account,currency,limit,warn_percent
      ${word},EUR,1000,90
      ${word}:Food,EUR,100,90
      ${word}:Food:Bread,EUR,200,90
      """
    When I run it with "budget book.csv --budgets plan.csv --month ${year}-07"
    Then the output is CSV equal to:
      | account            | currency | limit   | spent  | percent | state |
      | ${word}            | EUR      | 1000.00 | 160.00 | 16      | ok    |
      | ${word}:Food       | EUR      | 100.00  | 60.00  | 60      | ok    |
      | ${word}:Food:Bread | EUR      | 200.00  | 60.00  | 30      | ok    |

  @R3
  Scenario Outline: Percent are rounded down: <spent> of <limit>
    Given a file "book.csv" with:
      """
      date,account,amount,currency,note
      ${year}-07-02,${word},-<spent>,EUR,
      """
    And a file "plan.csv" with:
      """
      account,currency,limit,warn_percent
      ${word},EUR,<limit>,100
      """
    When I run it with "budget book.csv --budgets plan.csv --month ${year}-07"
    Then the output contains ",<percent>,<state>"

    Examples:
      | spent  | limit | percent | state |
      | 5      | 6     | 83      | ok    |
      | 99.996 | 100   | 99      | ok    |
      | 350    | 120   | 291     | over  |

  @R4
  Scenario Outline: The state at its bounds: <spent> of 200
    Given a file "book.csv" with:
      """
      date,account,amount,currency,note
      ${year}-07-02,${word},-<spent>,EUR,
      """
    And a file "plan.csv" with:
      """
      account,currency,limit,warn_percent
      ${word},EUR,200,65
      """
    When I run it with "budget book.csv --budgets plan.csv --month ${year}-07"
    Then the output matches ",<state>\s*$"

    Examples:
      | spent    | state   |
      | 129.9999 | ok      |
      | 130      | warning |
      | 200.00   | warning |
      | 200.0001 | over    |

  @R5
  Scenario: One budget that is over is told by the exit code
    Given a file "book.csv" with:
      """
      date,account,amount,currency,note
      ${year}-01-31,${word},-${n}.01,EUR,
      """
    And a file "plan.csv" with:
      """
      account,currency,limit,warn_percent
      ${word},EUR,${n},90
      Other,EUR,1,90
      """
    When I run it with "budget book.csv --budgets plan.csv --month ${year}-01"
    Then the exit code is 3
    And the error output is empty
    And line 2 of the output is "${word},EUR,${n}.00,${n}.01,100,over"

  @R5
  Scenario: Warnings alone leave the exit code at nought
    Given a file "book.csv" with:
      """
      date,account,amount,currency,note
      ${year}-01-31,${word},-${n}.00,EUR,
      """
    And a file "plan.csv" with:
      """
      account,currency,limit,warn_percent
      ${word},EUR,${n},90
      """
    When I run it with "budget book.csv --budgets plan.csv --month ${year}-01"
    Then the exit code is 0
    And line 2 of the output is "${word},EUR,${n}.00,${n}.00,100,warning"

  @E4
  Scenario: Money that came in is not spent
    Given a file "book.csv" with:
      """
      date,account,amount,currency,note
      ${year}-03-02,${word},-50,EUR,
      ${year}-03-03,${word},${n}.10,EUR,a gift
      """
    And a file "plan.csv" with:
      """
      account,currency,limit,warn_percent
      ${word},EUR,75,1
      """
    When I run it with "budget book.csv --budgets plan.csv --month ${year}-03"
    Then the exit code is 0
    And line 2 of the output is "${word},EUR,75.00,0.00,0,ok"

  @E4
  Scenario: Nothing spent is no alert
    Given a file "book.csv" with:
      """
      date,account,amount,currency,note
      ${year}-03-03,${word}:x,${n}.10,EUR,a gift
      """
    And a file "plan.csv" with:
      """
      account,currency,limit
      ${word},EUR,0.01
      """
    When I run it with "budget book.csv --budgets plan.csv --month ${year}-03 --alerts"
    Then the exit code is 0
    And the output has 1 line
