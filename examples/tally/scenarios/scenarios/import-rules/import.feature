Feature: Rows of a bank become entries

  Background:
    Given a random word as "word"
    And a random number between 2001 and 2098 as "year"
    And a random number between 100 and 900 as "n"
    And a file "rules.csv" with:
      """
      contains,account
      market,Home:Food
      ${word},Own:${word}
      super,Home:Shop
      """

  @R1
  Scenario: Rows are appended in the bank's order
    Given a file "book.csv" with:
      """
      date,account,amount,currency,note
      ${year}-01-01,Bank,1,EUR,begin
      """
    And a file "bank.csv" with:
      """
      date;description;amount;currency
      31.12.${year};Pay ${word};${n},5;EUR
      02.03.${year};market, east side;-1.${n},25;CHF
      """
    When I run it with "import book.csv bank.csv --rules rules.csv"
    Then the exit code is 0
    And the error output is empty
    And the file "book.csv" is:
      """
      date,account,amount,currency,note
      ${year}-01-01,Bank,1,EUR,begin
      ${year}-12-31,Own:${word},${n}.5,EUR,Pay ${word}
      ${year}-03-02,Home:Food,-1${n}.25,CHF,"market, east side"
      """

  @R1
  Scenario: Imported rows are in the balance
    Given a file "bank.csv" with:
      """
      date;description;amount;currency
      01.06.${year};${word} a;-${n},10;EUR
      02.06.${year};${word} b;0,1050;EUR
      """
    When I run it with "import ${word}.csv bank.csv --rules rules.csv"
    Then the exit code is 0
    And the file "${word}.csv" contains "${year}-06-02,Own:${word},0.1050,EUR,${word} b"
    When I run it with "report ${word}.csv --month ${year}-06"
    Then the exit code is 0
    And the output contains "Own:${word},EUR,0.11,-${n}.10,-"

  @R2
  Scenario: The first rule that fits gives the account
    Given a file "bank.csv" with:
      """
      date;description;amount;currency
      01.06.${year};Supermarket;-${n};EUR
      02.06.${year};SUPER ${word};-2;EUR
      03.06.${year};super;-3;EUR
      """
    When I run it with "import book.csv bank.csv --rules rules.csv"
    Then the file "book.csv" is CSV equal to:
      | date         | account     | amount | currency | note          |
      | ${year}-06-01 | Home:Food   | -${n}  | EUR      | Supermarket   |
      | ${year}-06-02 | Own:${word} | -2     | EUR      | SUPER ${word} |
      | ${year}-06-03 | Home:Shop   | -3     | EUR      | super         |

  @R2
  Scenario: Without rules nothing is imported
    Given a file "bank.csv" with:
      """
      date;description;amount;currency
      01.06.${year};super ${n};-1;EUR
      """
    When I run it with "import book.csv bank.csv"
    Then the exit code is 2
    And the output is empty
    And the file "book.csv" does not exist

  @R2
  Scenario: Rules fit in upper and lower case
    Given a file "more.csv" with:
      """
      contains,account
      SHOE Ltd,Own:Shoes

      "${word}, Inc",Own:Inc
      """
    And a file "bank.csv" with:
      """
      date;description;amount;currency
      01.06.${year};The shoe ltd ${n};-1;EUR
      01.06.${year};by ${word}, inc.;-1;EUR
      """
    When I run it with "import book.csv bank.csv --rules more.csv"
    Then the output is:
      """
      imported 2, skipped 0, unmatched 0
      """
    And the file "book.csv" contains "Own:Shoes,-1,EUR,The shoe ltd ${n}"
    And the file "book.csv" contains "Own:Inc,-1,EUR"

  @R3
  Scenario: Rent is nobody's
    Given a file "bank.csv" with:
      """
      date;description;amount;currency
      01.06.${year};rent ${n};-1;EUR
      """
    When I run it with "import book.csv bank.csv --rules rules.csv"
    Then the exit code is 0
    And the file "book.csv" contains "${year}-06-01,Unmatched,-1,EUR,rent ${n}"

  @R3
  Scenario: Rent is put where it was told to go
    Given a file "bank.csv" with:
      """
      date;description;amount;currency
      01.06.${year};rent ${n};-1;EUR
      02.06.${year};market;-2;EUR
      """
    When I run it with "import book.csv bank.csv --rules rules.csv --default-account To:${word}"
    Then the output is:
      """
      imported 2, skipped 0, unmatched 1
      """
    And the file "book.csv" contains "${year}-06-01,To:${word},-1,EUR,rent ${n}"
    And the file "book.csv" contains "${year}-06-02,Home:Food,-2,EUR,market"

  @R4
  Scenario: What was imported before is skipped
    Given a file "bank.csv" with:
      """
      date;description;amount;currency
      01.06.${year};rent ${n};-${n},50;EUR
      02.06.${year};market;-2;EUR
      """
    When I run it with "import book.csv bank.csv --rules rules.csv"
    And I run it with "import book.csv bank.csv --rules rules.csv"
    Then the exit code is 0
    And the output is:
      """
      imported 0, skipped 2, unmatched 0
      """
    And the file "book.csv" is CSV equal to:
      | date          | account   | amount   | currency | note      |
      | ${year}-06-01 | Unmatched | -${n}.50 | EUR      | rent ${n} |
      | ${year}-06-02 | Home:Food | -2       | EUR      | market    |

  @R4
  Scenario: Of equal rows as many are skipped as the ledger has
    Given a file "book.csv" with:
      """
      date,account,amount,currency,note
      ${year}-06-05,Moved:Elsewhere,-${n}.500,EUR,coffee
      """
    And a file "bank.csv" with:
      """
      date;description;amount;currency
      05.06.${year};coffee;-${n},5;EUR
      05.06.${year};coffee;-${n},50;EUR
      05.06.${year};coffee;-${n},5;EUR
      """
    When I run it with "import book.csv bank.csv --rules rules.csv"
    Then the output is:
      """
      imported 2, skipped 1, unmatched 2
      """
    And the file "book.csv" is CSV equal to:
      | date          | account         | amount    | currency | note   |
      | ${year}-06-05 | Moved:Elsewhere | -${n}.500 | EUR      | coffee |
      | ${year}-06-05 | Unmatched       | -${n}.50  | EUR      | coffee |
      | ${year}-06-05 | Unmatched       | -${n}.5   | EUR      | coffee |

  @R4
  Scenario: Each entry of the ledger stands for one row
    Given a file "book.csv" with:
      """
      date,account,amount,currency,note
      ${year}-06-05,A,-${n},EUR,tea
      ${year}-06-05,B,-${n},EUR,tea
      """
    And a file "bank.csv" with:
      """
      date;description;amount;currency
      05.06.${year};tea;-${n};EUR
      05.06.${year};tea;-${n};EUR
      05.06.${year};tea;-${n};EUR
      """
    When I run it with "import book.csv bank.csv --rules rules.csv"
    Then the output is:
      """
      imported 1, skipped 2, unmatched 1
      """

  @R4
  Scenario: Almost the same is not the same
    Given a file "book.csv" with:
      """
      date,account,amount,currency,note
      ${year}-06-05,A,-${n},EUR,${word}
      """
    And a file "bank.csv" with:
      """
      date;description;amount;currency
      06.06.${year};${word};-${n};EUR
      05.06.${year};${word};${n};EUR
      05.06.${year};${word};-${n};USD
      05.06.${year};${word}!;-${n};EUR
      """
    When I run it with "import book.csv bank.csv --rules rules.csv"
    Then the output is:
      """
      imported 4, skipped 0, unmatched 0
      """

  @R5
  Scenario: The summary counts what is new, known and unmatched
    Given a file "book.csv" with:
      """
      date,account,amount,currency,note
      ${year}-06-05,Unmatched,-7.00,EUR,old ${n}
      ${year}-06-05,A,-8.00,EUR,super
      """
    And a file "bank.csv" with:
      """
      date;description;amount;currency
      05.06.${year};old ${n};-7,00;EUR
      06.06.${year};new ${n};-7,00;EUR
      05.06.${year};super;-8,00;EUR
      07.06.${year};super;-8,00;EUR
      08.06.${year};super;-8,00;EUR
      """
    When I run it with "import book.csv bank.csv --rules rules.csv"
    Then the exit code is 0
    And the output is:
      """
      imported 3, skipped 2, unmatched 1
      """

  @R5
  Scenario: Nothing to import
    Given a file "bank.csv" with:
      """
      date;description;amount;currency
      """
    When I run it with "import ${word}.csv bank.csv --rules rules.csv"
    Then the exit code is 0
    And the output is:
      """
      imported 0, skipped 0, unmatched 0
      """

  @R6
  Scenario: A dry run shows the entries and leaves the ledger
    Given a file "book.csv" with:
      """
      date,account,amount,currency,note
      ${year}-06-05,A,-8.00,EUR,super
      """
    And a file "bank.csv" with:
      """
      date;description;amount;currency
      05.06.${year};super;-8,00;EUR
      07.06.${year};market "${word}";-8,10;EUR
      """
    When I run it with "import book.csv bank.csv --rules rules.csv --dry-run"
    Then the exit code is 0
    And the output is CSV equal to:
      | date          | account   | amount | currency | note             |
      | ${year}-06-07 | Home:Food | -8.10  | EUR      | market "${word}" |
    And the file "book.csv" is unchanged

  @R6
  Scenario: A dry run makes no ledger
    Given a file "bank.csv" with:
      """
      date;description;amount;currency
      05.06.${year};super;-8,00;EUR
      """
    When I run it with "import ${word}.csv bank.csv --dry-run --rules rules.csv"
    Then the exit code is 0
    And line 1 of the output is "date,account,amount,currency,note"
    And line 2 of the output is "${year}-06-05,Home:Shop,-8.00,EUR,super"
    And the file "${word}.csv" does not exist

  @C1
  Scenario: A ledger with a wrong line stays as it is
    Given a file "book.csv" with:
      """
      date,account,amount,currency,note

      ${year}-06-05,"A",-8.0000,EUR,"  ${word}  "

      ${year}-06-04,B,+8,EUR,
      """
    And a file "bank.csv" with:
      """
      date;description;amount;currency
      05.06.${year};super;-8,00;EUR
      """
    When I run it with "import book.csv bank.csv --rules rules.csv"
    Then the exit code is 1
    And the error output contains "book.csv:5:"
    And the file "book.csv" is unchanged

  @C1
  Scenario: New lines come after the former ones
    Given a file "book.csv" with:
      """
      date,account,amount,currency,note

      ${year}-06-05,"A",-8.0000,EUR,"  ${word}  "
      ${year}-06-04,B,08,EUR,
      """
    And a file "bank.csv" with:
      """
      date;description;amount;currency
      01.01.${year};super;-8,00;EUR
      """
    When I run it with "import book.csv bank.csv --rules rules.csv"
    Then the exit code is 0
    And the file "book.csv" is:
      """
      date,account,amount,currency,note

      ${year}-06-05,"A",-8.0000,EUR,"  ${word}  "
      ${year}-06-04,B,08,EUR,
      ${year}-01-01,Home:Shop,-8.00,EUR,super
      """
