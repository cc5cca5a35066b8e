Feature: Prices

  Scenario Outline: <count> times <title> makes <total>
    Given the shop sells "<title>" for <price>
    When I put <count> copies of "<title>" in the basket
    Then the total is <total>

    Examples: cheap
      | title | price | count | total |
      | Emma  | 8     | 1     | 8     |
      | Emma  | 8     | 2     | 16    |
      # a comment between rows
      | Dune  | 9.99  | 3     | 29.97 |

    @slow
    Examples: dear
      | title   | price | count | total |
      | Ulysses | 12.5  | 10    | 125   |
      | Ulysses | 12.5  | 4     | 51    |

  @vat
  Rule: With tax

    Background:
      Given tax of 10 percent

    Scenario: Tax is added
      Given the shop sells "Emma" for 10
      When I put "Emma" in the basket
      Then the total is 11

    Scenario Outline: Tax on <title>
      Given the shop sells "<title>" for <net>
      When I put "<title>" in the basket
      Then the total is <gross>

      Examples:
        | title   | net | gross |
        | Emma    | 20  | 22    |
        | Ulysses | 30  | 33    |
        | Dune    | 40  | 41    |

  Rule: Without tax

    Scenario: Tax of another rule is not felt here
      Given the shop sells "Emma" for 10
      When I put "Emma" in the basket
      Then the total is 10
