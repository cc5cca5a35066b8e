Feature: What a month's report holds

  Background:
    Given a random word as "word"
    And a random number between 2001 and 2098 as "year"
    And a random number between 100 and 900 as "n"

  @R1
  Scenario: Money in and out of one month are summed for each account
    Given a file "${word}.csv" with:
      """
      date,account,amount,currency,note
      ${year}-04-01,Z${word},${n}.25,EUR,first day
      ${year}-04-30,Z${word},-40.75,EUR,last day
      ${year}-04-12,Z${word},-0.50,EUR,less than one
      ${year}-04-11,Club:${word},-${n},EUR,
      """
    When I run it with "report ${word}.csv --month ${year}-04"
    Then the exit code is 0
    And the error output is empty
    And the output has 3 lines
    And line 1 of the output is "account,currency,in,out,net"
    And line 2 of the output is "Club:${word},EUR,0.00,-${n}.00,-${n}.00"
    And the output contains "Z${word},EUR,${n}.25,-41.25,"

  @R1
  Scenario: The months around do not count
    Given a file "book.csv" with:
      """
      date,account,amount,currency,note
      ${year}-05-31,${word},7.00,EUR,
      ${year}-06-01,${word},${n}.10,EUR,
      ${year}-07-01,${word},9.00,EUR,
      1999-06-15,${word},11.00,EUR,
      """
    When I run it with "report book.csv --month ${year}-06"
    Then the exit code is 0
    And the output is CSV equal to:
      | account | currency | in      | out  | net     |
      | ${word} | EUR      | ${n}.10 | 0.00 | ${n}.10 |

  @R1
  Scenario: An account whose entries cancel out keeps its row
    Given a file "book.csv" with:
      """
      date,account,amount,currency,note
      ${year}-02-10,${word},${n}.35,GBP,
      ${year}-02-11,${word},-${n}.35,GBP,taken back
      """
    When I run it with "report book.csv --month ${year}-02"
    Then the output is CSV equal to:
      | account | currency | in      | out      | net  |
      | ${word} | GBP      | ${n}.35 | -${n}.35 | 0.00 |

  @R2
  Scenario: Rows are in the order of code points
    Given a file "book.csv" with:
      """
      date,account,amount,currency,note
      ${year}-12-01,b${word},1,EUR,
      ${year}-12-02,B${word},2,USD,
      ${year}-12-03,a${word},3,EUR,
      ${year}-12-04,B${word},4,CHF,
      ${year}-12-05,B${word}:x,5,CHF,
      """
    When I run it with "report book.csv --month ${year}-12"
    Then the output is CSV equal to:
      | account    | currency | in   | out  | net  |
      | B${word}   | CHF      | 4.00 | 0.00 | 4.00 |
      | B${word}   | USD      | 2.00 | 0.00 | 2.00 |
      | B${word}:x | CHF      | 5.00 | 0.00 | 5.00 |
      | a${word}   | EUR      | 3.00 | 0.00 | 3.00 |
      | b${word}   | EUR      | 1.00 | 0.00 | 1.00 |

  @R2
  Scenario: Two currencies of one account stay apart
    Given a file "book.csv" with:
      """
      date,account,amount,currency,note
      ${year}-01-31,${word},-${n}.50,SEK,
      ${year}-01-01,${word},${n}.50,NOK,
      """
    When I run it with "report book.csv --month ${year}-01"
    Then the output is CSV equal to:
      | account | currency | in      | out      | net      |
      | ${word} | NOK      | ${n}.50 | 0.00     | ${n}.50  |
      | ${word} | SEK      | 0.00    | -${n}.50 | -${n}.50 |

  @R3
  Scenario: Half a cent is rounded away from zero
    Given a file "book.csv" with:
      """
      date,account,amount,currency,note
      ${year}-03-03,in${word},${n}.125,EUR,
      ${year}-03-04,out${word},-${n}.345,EUR,
      """
    When I run it with "report book.csv --month ${year}-03"
    Then the output contains "in${word},EUR,${n}.13,0.00,${n}.13"
    And the output contains "out${word},EUR,0.00,-${n}.35,-${n}.35"

  @R3
  Scenario: Next to nothing is nothing, without a sign
    Given a file "book.csv" with:
      """
      date,account,amount,currency,note
      ${year}-03-03,${word},-0.004,EUR,
      """
    When I run it with "report book.csv --month ${year}-03"
    Then the output is CSV equal to:
      | account | currency | in   | out  | net  |
      | ${word} | EUR      | 0.00 | 0.00 | 0.00 |

  @R3 @sealed
  Scenario: Sums are exact before they are rounded
    Given a file "book.csv" with:
      """
      date,account,amount,currency,note
      ${year}-03-03,${word},999999999999.0012,EUR,
      ${year}-03-04,${word},0.0012,EUR,
      ${year}-03-04,${word},0.0013,EUR,
      ${year}-03-05,${word},0.0013,EUR,
      """
    When I run it with "report book.csv --month ${year}-03"
    Then the output is CSV equal to:
      | account | currency | in              | out  | net             |
      | ${word} | EUR      | 999999999999.01 | 0.00 | 999999999999.01 |

  @R4
  Scenario: An account is reported with those below it
    Given a file "book.csv" with:
      """
      date,account,amount,currency,note
      ${year}-08-01,${word},-${n}.00,EUR,
      ${year}-08-02,${word}:Food,-3.00,EUR,
      ${year}-08-03,${word}:Food:Bread,-2.00,EUR,
      ${year}-08-04,${word}s,-50.00,EUR,another one
      """
    When I run it with "report book.csv --month ${year}-08 --account ${word}"
    Then the output is CSV equal to:
      | account            | currency | in   | out      | net      |
      | ${word}            | EUR      | 0.00 | -${n}.00 | -${n}.00 |
      | ${word}:Food       | EUR      | 0.00 | -3.00    | -3.00    |
      | ${word}:Food:Bread | EUR      | 0.00 | -2.00    | -2.00    |

  @R4
  Scenario: Names that only begin alike are not below an account
    Given a file "book.csv" with:
      """
      date,account,amount,currency,note
      ${year}-08-02,Home:${word},-${n}.00,EUR,
      ${year}-08-03,Home:${word} garden,-2.00,EUR,
      ${year}-08-04,Home:${word}-old:Repairs,-2.00,EUR,
      ${year}-08-04,Home,-2.00,EUR,above
      """
    When I run it with "report book.csv --account Home:${word} --month ${year}-08"
    Then the output has 2 lines
    And line 2 of the output is "Home:${word},EUR,0.00,-${n}.00,-${n}.00"

  @R4 @sealed
  Scenario: An account in other letters is another account
    Given a file "book.csv" with:
      """
      date,account,amount,currency,note
      ${year}-08-02,Home:${word},-${n}.00,EUR,
      ${year}-08-03,home:${word},-2.00,EUR,
      """
    When I run it with "report book.csv --month ${year}-08 --account home"
    Then the output has 2 lines
    And line 2 of the output is "home:${word},EUR,0.00,-2.00,-2.00"

  @C1
  Scenario: The ledger stays as it was
    Given a file "book.csv" with:
      """
      date,account,amount,currency,note
      ${year}-08-02,${word},-${n}.5,EUR,"a, b"

      ${year}-01-02,${word},1.0010,EUR,
      """
    When I run it with "report book.csv --month ${year}-08 --total --format json"
    Then the exit code is 0
    And the file "book.csv" is:
      """
      date,account,amount,currency,note
      ${year}-08-02,${word},-${n}.5,EUR,"a, b"

      ${year}-01-02,${word},1.0010,EUR,
      """

  @C1 @should
  Scenario: No ledger is made where there is none
    When I run it with "report ${word}.csv --month ${year}-08"
    Then the exit code is 1
    And the error output contains "${word}.csv: not found"
    And the file "${word}.csv" does not exist
