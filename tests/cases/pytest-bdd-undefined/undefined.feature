Feature: Undefined

  Scenario: Every step is known
    Given a shop
    Then it is open

  Scenario: The first step is not
    Given a shopp
    Then it is open

  Scenario: The last step is not
    Given a shop
    Then it is shut
