# parcels: scenario-tag-unclear 8, scenario-untagged 9
Feature: Parcels

  Background:
    Given a random word as "word"
    And a random number between 100 and 900 as "grams"

  @E01
  Scenario: A parcel
    When I send POST "/parcels" with JSON:
      """
      {"sender": "${word}", "weight_grams": ${grams}}
      """
    Then the response status is 201
