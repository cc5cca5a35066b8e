# parcels: scenario-unstated 10
Feature: Parcels

  Background:
    Given a random word as "word"
    And a random number between 100 and 900 as "grams"

  @R2
  Scenario: A parcel
    When I send PATCH "/parcels/${word}"
    Then the response status is 404
