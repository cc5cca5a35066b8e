Feature: Express

  Scenario: The nearest folder's step and fixture win
    Given an order of 10
    When I pay
    Then 15 is paid
    And it was paid by express

  Scenario: And not those above
    Given an order of 10
    When I pay
    Then 10 is paid
