Feature: Words of a text

  Background:
    Given a random word as "first"
    And a random word as "second"
    And a random word as "name"

  @R1
  Scenario: A line of words
    Given a file "${name}.txt" with:
      """
      ${first} ${second} a b
      """
    When I run it with "${name}.txt"
    Then the exit code is 0
    And the output is:
      """
      4
      """
    And the error output is empty

  @R1 @R2
  Scenario: Words on several lines
    Given a file "${name}.txt" with:
      """
      ${first}

      ${second}   ${first}
        last
      """
    When I run it with "${name}.txt"
    Then the exit code is 0
    And the output is:
      """
      4
      """

  @R2 @sealed
  Scenario: One word with space around it
    Given a file "${name}.txt" with:
      """

         ${first}

      """
    When I run it with "${name}.txt"
    Then the output is:
      """
      1
      """

  @R3
  Scenario Outline: Punctuation: <text>
    Given a file "${name}.txt" with:
      """
      <text> ${first}
      """
    When I run it with "${name}.txt"
    Then the output is:
      """
      <words>
      """

    Examples:
      | text         | words |
      | half-open,   | 2     |
      | it's (true)  | 3     |
      | a - b        | 4     |

  @E1
  Scenario: An empty file
    Given an empty file "${name}.txt"
    When I run it with "${name}.txt"
    Then the exit code is 0
    And the output is:
      """
      0
      """

  @E2
  Scenario: A file without a word
    Given a file "${name}.txt" with:
      """


      """
    When I run it with "${name}.txt"
    Then the exit code is 0
    And the output is:
      """
      0
      """
