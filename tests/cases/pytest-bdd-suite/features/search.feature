Feature: Search

  Background:
    Given the shop sells:
      | title          | price | stock |
      | Emma           | 8     | 3     |
      | Emma Bovary    | 9     | 1     |
      | Ulysses        | 12    | 0     |

  Scenario: By a word
    When I search for "emma"
    Then this is found:
      """
      Emma
      Emma Bovary
      """

  Scenario: Nothing
    When I search for "Dune"
    Then nothing is found

  Scenario: Wrong text fails
    When I search for "uly"
    Then this is found:
      """
      Emma
      """

  Scenario Outline: Text in rows
    When I search for "<word>"
    Then this is found:
      """
      <first>
      """

    Examples:
      | word   | first       |
      | bovary | Emma Bovary |
      | ULY    | Ulysses     |

  @bulk
  Scenario Outline: Tables in rows
    Given the shelf holds:
      | title   | price   |
      | <title> | <price> |
    When I put "<title>" in the basket
    Then the total is <price>

    Examples:
      | title | price |
      | Dune  | 10    |
      | Momo  | 7     |
