# parcels: scenario-copied 9
Feature: Parcels

  Background:
    Given a random word as "word"
    And a random number between 100 and 900 as "grams"

  @E2
  Scenario: A parcel
    When I send GET "/parcels/anna"
    Then the response status is 404
