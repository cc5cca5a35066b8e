Feature: Checkout

  Scenario: Pay
    Given an order of 10
    When I pay
    Then 10 is paid

  Scenario: Passes with one way to pay only
    Given an order of 10
    When I pay
    Then it was paid by card

  @gift
  Scenario Outline: Pay <amount>
    Given an order of <amount>
    When I pay
    Then <amount> is paid

    Examples:
      | amount |
      | 1      |
      | 2      |
