# parcels: scenario-unreadable 10
Feature: Parcels

  @R1
  Scenario: One
    When I send GET "/health"
    Then the response status is 200

  @R2
  Scenario: One
    When I send GET "/parcels/zz9"
    Then the response status is 404
