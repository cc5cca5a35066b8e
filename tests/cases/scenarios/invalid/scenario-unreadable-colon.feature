# parcels: scenario-unreadable 7
Feature: Parcels

  @R1
  Scenario: A colon
    When I send GET "/health"
    Then: the response status is 200
