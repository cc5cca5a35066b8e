# parcels: scenario-cannot-fail 14
Feature: Parcels

  Background:
    Given a random word as "word"
    And a random number between 100 and 900 as "grams"

  @R1
  Scenario: A parcel
    When I send POST "/parcels" with JSON:
      """
      {"sender": "${word}", "weight_grams": ${grams}}
      """
    Then the response body contains ""
