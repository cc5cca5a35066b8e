Feature: What cannot be counted

  Background:
    Given a random word as "name"
    And a random word as "other"

  @E3
  Scenario: A file that is not there
    When I run it with "${name}.txt"
    Then the exit code is 1
    And the output is empty
    And the error output is:
      """
      ${name}.txt: not found
      """

  @E4
  Scenario: A folder
    Given a folder "${name}"
    When I run it with "${name}"
    Then the exit code is 1
    And the output is empty
    And the error output is:
      """
      ${name}: not a text file
      """

  @E5
  Scenario: Two files
    Given a file "${name}.txt" with:
      """
      one
      """
    And a file "${other}.txt" with:
      """
      two
      """
    When I run it with "${name}.txt ${other}.txt"
    Then the exit code is 2
    And the output is empty
    And the error output contains "usage: wordcount FILE"

  @E5 @should
  Scenario: No file
    When I run it with no arguments
    Then the exit code is 2
    And the error output contains "usage: wordcount FILE"

  @C1
  Scenario: A file that was counted is as before
    Given a file "${name}.txt" with:
      """
      ${name}  ${other}
      """
    When I run it with "${name}.txt"
    Then the exit code is 0
    And the file "${name}.txt" is unchanged

  @C1
  Scenario: A file that is not there is not made
    When I run it with "${name}.txt"
    Then the exit code is 1
    And the file "${name}.txt" does not exist
