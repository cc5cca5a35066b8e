Feature: Parcels

  Background:
    Given a random word as "word"

  @E2
  Scenario: None
    When I send GET "/parcels/${word}"
    Then the response status is 404
