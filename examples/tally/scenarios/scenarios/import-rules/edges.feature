Feature: Files that are odd or wrong

  Background:
    Given a random word as "word"
    And a random number between 2001 and 2098 as "year"
    And a random number between 100 and 900 as "n"
    And a file "rules.csv" with:
      """
      contains,account
      fee,Bank:Fees
      """

  @E1
  Scenario Outline: One wrong row and nothing is imported: <case>
    Given a file "book.csv" with:
      """
      date,account,amount,currency,note
      ${year}-06-05,A,-8.00,EUR,${word}
      """
    And a file "b-${word}.csv" with:
      """
      date;description;amount;currency
      01.06.${year};fee;-${n},00;EUR

      <line>
      02.06.${year};fee;-${n},00;EUR
      """
    When I run it with "import book.csv b-${word}.csv --rules rules.csv"
    Then the exit code is 1
    And the output is empty
    And the error output contains "b-${word}.csv:4:"
    And the file "book.csv" is unchanged

    Examples:
      | case             | line                             |
      | no such day      | 31.06.${year};fee;-1,00;EUR      |
      | a field too many | 01.06.${year};fee;-1,00;EUR;x    |
      | a field too few  | 01.06.${year};fee;-1,00          |

  @E1
  Scenario: A comma for a semicolon imports nothing
    Given a file "b-${word}.csv" with:
      """
      date,description,amount,currency
      01.06.${year},fee,-1,EUR
      """
    When I run it with "import ${word}.csv b-${word}.csv --rules rules.csv"
    Then the exit code is 1
    And the error output contains "b-${word}.csv:1:"
    And the file "${word}.csv" does not exist

  @E2
  Scenario: A new ledger begins with the header
    Given a file "bank.csv" with:
      """
      date;description;amount;currency
      01.06.${year};fee ${n};-1,00;EUR
      """
    When I run it with "import ${word}.csv bank.csv --rules rules.csv"
    Then the exit code is 0
    And the file "${word}.csv" is:
      """
      date,account,amount,currency,note
      ${year}-06-01,Bank:Fees,-1.00,EUR,fee ${n}
      """

  @E2
  Scenario: An empty ledger gets the header
    Given an empty file "${word}.csv"
    And a file "bank.csv" with:
      """
      date;description;amount;currency
      01.06.${year};${n};-1,00;EUR
      """
    When I run it with "import ${word}.csv bank.csv --rules rules.csv"
    Then the exit code is 0
    And the file "${word}.csv" is:
      """
      date,account,amount,currency,note
      ${year}-06-01,Unmatched,-1.00,EUR,${n}
      """

  @E2 @sealed
  Scenario: A new ledger without a row is made all the same
    Given a file "bank.csv" with:
      """
      date;description;amount;currency

      """
    When I run it with "import ${word}.csv bank.csv --rules rules.csv"
    Then the exit code is 0
    And the file "${word}.csv" is:
      """
      date,account,amount,currency,note
      """

  @E2
  Scenario: No ledger is made in a folder that is not there
    Given a file "bank.csv" with:
      """
      date;description;amount;currency
      01.06.${year};fee ${n};-1,00;EUR
      """
    When I run it with "import ${word}/book.csv bank.csv --rules rules.csv"
    Then the exit code is 1
    And the output is empty
    And the error output matches "^tally: "
    And the file "${word}/book.csv" does not exist

  @E3
  Scenario Outline: Amounts as banks write them: <amount>
    Given a file "bank.csv" with:
      """
      date;description;amount;currency
      01.06.${year};fee;<amount>;EUR
      """
    When I run it with "import book.csv bank.csv --rules rules.csv"
    Then the exit code is 0
    And the file "book.csv" contains "Bank:Fees,<entry>,EUR,fee"

    Examples:
      | amount           | entry         |
      | -1.234.${n},5    | -1234${n}.5   |
      | 98765${n},1234   | 98765${n}.1234 |
      | 12.${n}          | 12${n}        |
      | -123456789${n}   | -123456789${n} |

  @E3
  Scenario Outline: Amounts that no bank should write: <amount>
    Given a file "bank.csv" with:
      """
      date;description;amount;currency
      01.06.${year};fee;<amount>;EUR
      """
    When I run it with "import book.csv bank.csv --rules rules.csv"
    Then the exit code is 1
    And the error output contains "bank.csv:2:"
    And the file "book.csv" does not exist

    Examples:
      | amount      |
      | 12.50       |
      | 1,${n}.50   |
      | 1234.${n},5 |
      | ${n},       |
      | +${n},00    |
      | 1,23456     |
      | 1234567890${n} |

  @E4
  Scenario: White space in descriptions is tidied
    Given a file "bank.csv" with:
      """
      date;description;amount;currency
      01.06.${year};  card   fee ${word}   x;-1,00;EUR
      """
    When I run it with "import book.csv bank.csv --rules rules.csv"
    And I run it with "import book.csv bank.csv --rules rules.csv"
    Then the output is:
      """
      imported 0, skipped 1, unmatched 0
      """
    And the file "book.csv" contains "${year}-06-01,Bank:Fees,-1.00,EUR,card fee ${word} x"

  @E4
  Scenario: Quoted descriptions keep their signs
    Given a file "more.csv" with:
      """
      contains,account
      big fee,Bank:Big
      """
    And a file "bank.csv" with:
      """
      date;description;amount;currency
      01.06.${year};"${word}; the ""best"", a big
        fee";-${n},00;EUR
      02.06.${year};big   FEE;-2,00;EUR
      """
    When I run it with "import book.csv bank.csv --rules more.csv"
    Then the exit code is 0
    And the file "book.csv" is CSV equal to:
      | date          | account  | amount   | currency | note                            |
      | ${year}-06-01 | Bank:Big | -${n}.00 | EUR      | ${word}; the "best", a big fee  |
      | ${year}-06-02 | Bank:Big | -2.00    | EUR      | big FEE                         |

  @E5
  Scenario Outline: A rule that cannot be: <case>
    Given a file "r-${word}.csv" with:
      """
      contains,account
      fee,Bank:Fees

      <line>
      """
    And a file "bank.csv" with:
      """
      date;description;amount;currency
      01.06.${year};fee;-${n},00;EUR
      """
    When I run it with "import book.csv bank.csv --rules r-${word}.csv"
    Then the exit code is 1
    And the output is empty
    And the error output contains "r-${word}.csv:4:"
    And the file "book.csv" does not exist

    Examples:
      | case             | line                  |
      | nothing to find  | ,Own:${word}          |
      | no account       | ${word},              |
      | account ends open | ${word},Own:         |
      | a field too many | ${word},Own,${n}      |

  @E5 @sealed
  Scenario: A wrong rule counts though no row comes to it
    Given a file "r-${word}.csv" with:
      """
      contains,account
      fee,Bank:Fees
      ${word}
      """
    And a file "bank.csv" with:
      """
      date;description;amount;currency
      """
    When I run it with "import book.csv bank.csv --rules r-${word}.csv"
    Then the exit code is 1
    And the error output contains "r-${word}.csv:3:"

  @R3 @should
  Scenario: A malformed account for the rest is a wrong command line
    Given a file "bank.csv" with:
      """
      date;description;amount;currency
      01.06.${year};${word};-${n},00;EUR
      """
    When I run it with "import book.csv bank.csv --rules rules.csv --default-account ${word}:"
    Then the exit code is 2
    And the error output contains "account must be"
    And the file "book.csv" does not exist
