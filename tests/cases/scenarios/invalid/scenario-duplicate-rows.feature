# parcels: scenario-duplicate 19
Feature: Parcels

  Background:
    Given a random word as "word"
    And a random number between 100 and 900 as "grams"

  @E1
  Scenario Outline: Weights: <name>
    When I send POST "/parcels" with JSON:
      """
      {"sender": "${word}", "weight_grams": <grams>}
      """
    Then the response status is 422

    Examples:
      | name | grams |
      | zero | 0     |
      | nil  | 0     |
