@isbn
Feature: Book numbers

  Scenario Outline: <number> is <verdict>
    When the number "<number>" is checked
    Then it is <verdict>

    Examples:
      | number            | verdict |
      | 978-0-14-143958-7 | valid   |
      | 978-0-14-143958-8 | invalid |
      | 12                | invalid |

  Scenario: Printed on paper
    Given a printer
    When the number "978-0-14-143958-7" is printed
    Then the paper says "ISBN 978-0-14-143958-7"

  Scenario: A file of its own
    When the number "978-0-14-143958-7" is saved
    Then the file holds it
    And no other file is there

  Scenario: A warning in the log
    Given the shop sells nothing
    When I try to put "Emma" in the basket
    Then the log says "Emma is out of stock"

  Scenario: Colours
    Given a red cover
    When it is painted blue
    Then the cover is blue
