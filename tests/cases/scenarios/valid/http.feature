# parcels: none
Feature: Parcels

  Background:
    Given a random word as "word"
    And a random number between 100 and 900 as "grams"

  @R1
  Scenario: A parcel is registered
    When I send POST "/parcels" with JSON:
      """
      {"sender": "${word}", "weight_grams": ${grams}}
      """
    Then the response status is 201
    And the response JSON at "state" is "registered"
    And the response JSON at "sender" is "${word}"
    And I remember the response JSON at "id" as "id"
    When I send GET "/parcels/${id}"
    Then the response status is 200
    And the response header "cache-control" is "no-store"
    And the response header "X-Powered-By" is absent

  @R4 @should @slow
  Scenario: A deleted parcel is gone
    When I send POST "/parcels" with JSON:
      """
      {"sender": "${word}", "weight_grams": ${grams}}
      """
    And I remember the response JSON at "id" as "id"
    And I send DELETE "/parcels/${id}"
    Then within 2 seconds GET "/parcels/${id}" answers 410
    And the response status is not 500
    And the response body does not contain "Traceback"

  @R3
  Scenario: Found by sender
    Given the request header "Accept" is "application/json"
    When I send POST "/parcels" with JSON:
      """
      {"sender": "${word}", "weight_grams": ${grams}}
      """
    When I send GET "/parcels?sender=${word}&page=1"
    Then the response status is one of 200, 204
    And the response JSON at "parcels.0.sender" is "${word}"
    And the response JSON at "password" is absent

  @E1
  Scenario Outline: Too light or too heavy: <grams>
    When I send POST "/parcels" with JSON:
      """
      {"sender": "${word}", "weight_grams": <grams>}
      """
    Then the response status is 422
    And the response JSON at "error" is "invalid_weight"
    And the response body contains "the weight is out of range"

    Examples:
      | grams  |
      | 0      |
      | 30001  |
      | "much" |

  @C1
  Scenario: Health is asked for, and the limit of all services holds
    When I send GET "/health"
    Then the response arrives within 500 milliseconds
    When I send PUT "/labels/${word}" with JSON:
      """
      {"colour": "${word}"}
      """
    Then the response status is one of 204, 413
