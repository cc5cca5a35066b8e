# parcels: scenario-unstated 10
Feature: Parcels

  Background:
    Given a random word as "word"
    And a random number between 100 and 900 as "grams"

  @R3
  Scenario: A parcel
    When I send GET "/parcels?sender=${word}&order=desc"
    Then the response status is 200
