# parcels: scenario-copied 9
Feature: Parcels

  Background:
    Given a random word as "word"
    And a random number between 100 and 900 as "grams"

  @R3
  Scenario: A parcel
    When I send POST "/parcels" with JSON:
      """
      {"sender": "anna", "weight_grams": 250}
      """
    Then the response status is 201
