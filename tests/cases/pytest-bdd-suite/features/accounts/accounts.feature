Feature: Accounts

  Scenario: A fixture that a folder overrides
    Given an empty basket
    Then the currency is GBP

  Scenario: A step that a folder overrides
    When I look around
    Then Ada serves

  Scenario: A fixture that builds on the one it overrides
    Given I look around
    Then the warehouse has been opened 1 time
    And a member of "accounts" signs

  Scenario Outline: Roles: <name>
    Given the member <name>
    Then they may <deed>

    Examples:
      | name | deed   |
      | Ada  | read   |
      | Bob  | write  |
