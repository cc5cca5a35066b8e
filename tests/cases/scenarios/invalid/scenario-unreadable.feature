# parcels: scenario-unreadable 5, scenario-unreadable 6, scenario-unreadable 7
Feature: Parcels

  @R1
  Scenario Given a thing
    When I send GET "/health"
