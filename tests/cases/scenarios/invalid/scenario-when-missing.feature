# parcels: scenario-when-missing 9
Feature: Parcels

  Background:
    Given a random word as "word"
    And a random number between 100 and 900 as "grams"

  @R1
  Scenario: A parcel
    Then the response status is 201
