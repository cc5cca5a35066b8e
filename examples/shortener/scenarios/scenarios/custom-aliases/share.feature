Feature: Taken, freed and looked up

  Background:
    Given a random URL as "url"
    And a random URL as "second"
    And a random word as "word"
    When I send POST "/links" with JSON:
      """
      {"url": "${url}", "alias": "${word}"}
      """
    Then the response status is 201

  @R5
  Scenario: A taken alias stays with its link
    When I send POST "/links" with JSON:
      """
      {"url": "${second}", "alias": "${word}"}
      """
    Then the response status is 409
    And the response JSON at "error" is "alias_taken"
    When I send GET "/${word}"
    Then the response status is 302
    And the response header "Location" is "${url}"

  @R5
  Scenario: A generated alias is taken too
    When I send POST "/links" with JSON:
      """
      {"url": "${url}"}
      """
    And I remember the response JSON at "alias" as "generated"
    And I send POST "/links" with JSON:
      """
      {"url": "${second}", "alias": "${generated}"}
      """
    Then the response status is 409
    And the response JSON at "error" is "alias_taken"

  @R6
  Scenario: A deleted link is gone
    When I send DELETE "/links/${word}"
    Then the response status is 204
    And the response body is empty
    And the response header "Content-Length" is absent
    When I send GET "/${word}"
    Then the response status is 404
    And the response JSON at "error" is "not_found"
    When I send GET "/links/${word}"
    Then the response status is 404
    When I send DELETE "/links/${word}"
    Then the response status is 404
    And the response JSON at "error" is "not_found"

  @R6
  Scenario: The alias of a deleted link can be chosen again
    When I send DELETE "/links/${word}"
    And I send POST "/links" with JSON:
      """
      {"url": "${second}", "alias": "${word}"}
      """
    Then the response status is 201
    When I send GET "/${word}"
    Then the response header "Location" is "${second}"

  @R7
  Scenario: A free alias is available
    When I send GET "/aliases/free-${word}"
    Then the response status is 200
    And the response JSON at "alias" is "free-${word}"
    And the response JSON at "available" is true
    And the response JSON at "reason" is null

  @R7
  Scenario Outline: An alias that is not available: <reason>
    When I send GET "/aliases/<alias>"
    Then the response status is 200
    And the response JSON at "available" is false
    And the response JSON at "reason" is "<reason>"

    Examples:
      | alias   | reason   |
      | ${word} | taken    |
      | limits  | reserved |
      | no      | invalid  |

  @R7 @R4 @sealed
  Scenario: A freed alias is available in capital letters
    When I send GET "/aliases/X${word}"
    Then the response JSON at "alias" is "x${word}"
    And the response JSON at "available" is true
    When I send DELETE "/links/${word}"
    And I send GET "/aliases/${word}"
    Then the response JSON at "available" is true

  @E2
  Scenario: Somebody else takes what has expired
    When I send PATCH "/links/${word}" with JSON:
      """
      {"expires_in_seconds": 1}
      """
    Then within 4 seconds GET "/${word}" answers 410
    When I send POST "/links" with JSON:
      """
      {"url": "${second}", "alias": "${word}"}
      """
    Then the response status is 201
    And the response JSON at "expires_at" is null
    When I send GET "/${word}"
    Then the response status is 302
    And the response header "Location" is "${second}"

  @E2
  Scenario: What has expired is taken in capital letters
    When I send POST "/links" with JSON:
      """
      {"url": "${url}", "alias": "old-${word}", "expires_in_seconds": 1}
      """
    Then within 4 seconds GET "/old-${word}" answers 410
    When I send POST "/links" with JSON:
      """
      {"url": "${second}", "alias": "OLD-${word}", "expires_in_seconds": 700}
      """
    Then the response status is 201
    And the response JSON at "alias" is "old-${word}"
    When I send GET "/old-${word}"
    Then the response status is 302
    And the response header "Location" is "${second}"

  @E2 @sealed
  Scenario: A new link in an expired one's place has its own lifetime
    When I send PATCH "/links/${word}" with JSON:
      """
      {"expires_in_seconds": 1}
      """
    Then within 4 seconds GET "/${word}" answers 410
    When I send GET "/aliases/${word}"
    Then the response JSON at "available" is true
    When I send POST "/links" with JSON:
      """
      {"url": "${second}", "alias": "${word}", "expires_in_seconds": 5000}
      """
    And I send GET "/links/${word}"
    Then the response JSON at "url" is "${second}"
    And the response JSON at "expired" is false
    And the response JSON at "remaining_seconds" is at least 4970

  @E4
  Scenario: One of many gets a free alias
    When 10 clients send POST "/links" at once with JSON:
      """
      {"url": "${second}", "alias": "race-${word}"}
      """
    Then 1 response has status 201
    And 9 responses have status 409

  @E4
  Scenario: One of many gets a freed alias
    When I send DELETE "/links/${word}"
    And 6 clients send POST "/links" at once with JSON:
      """
      {"url": "${second}", "alias": "${word}"}
      """
    Then 1 response has status 201
    And 5 responses have status 409
    When I send GET "/${word}"
    Then the response header "Location" is "${second}"

  @C1
  Scenario: Looking up an alias takes no time
    When I send GET "/aliases/${word}"
    Then the response arrives within 1000 milliseconds
    And the response status is 200
