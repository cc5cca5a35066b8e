Feature: Changing the lifetime of a link

  Background:
    Given a random URL as "url"
    And a random number between 1000 and 5000 as "first"
    When I send POST "/links" with JSON:
      """
      {"url": "${url}", "expires_in_seconds": ${first}}
      """
    And I remember the response JSON at "alias" as "alias"

  @R6
  Scenario: A living link gets a longer lifetime
    Given a random number between 40000 and 70000 as "second"
    When I send PATCH "/links/${alias}" with JSON:
      """
      {"expires_in_seconds": ${second}}
      """
    Then the response status is 200
    And the response JSON at "alias" is "${alias}"
    And the response JSON at "url" is "${url}"
    And the response JSON at "expired" is false
    And the response JSON at "remaining_seconds" is at least 39970
    And the response JSON at "remaining_seconds" is at most ${second}
    When I send GET "/links/${alias}"
    Then the response JSON at "remaining_seconds" is at least 39970

  @R6 @E2
  Scenario: A shorter lifetime ends the link sooner
    When I send PATCH "/links/${alias}" with JSON:
      """
      {"expires_in_seconds": 1}
      """
    Then the response status is 200
    And the response JSON at "remaining_seconds" is 1
    And within 4 seconds GET "/${alias}" answers 410
    When I send GET "/links/${alias}"
    Then the response status is 200
    And the response JSON at "url" is "${url}"
    And the response JSON at "expired" is true
    And the response JSON at "remaining_seconds" is 0

  @R6 @sealed
  Scenario: An endless link gets a lifetime
    When I send POST "/links" with JSON:
      """
      {"url": "${url}"}
      """
    And I remember the response JSON at "alias" as "endless"
    And I send PATCH "/links/${endless}" with JSON:
      """
      {"expires_in_seconds": ${first}}
      """
    Then the response status is 200
    And the response JSON at "expires_at" is a string
    And the response JSON at "remaining_seconds" is at least 970
    When I send GET "/${endless}"
    Then the response status is 302
    And the response header "Cache-Control" is "no-store"

  @R7
  Scenario: A lifetime is removed
    When I send PATCH "/links/${alias}" with JSON:
      """
      {"expires_in_seconds": null}
      """
    Then the response status is 200
    And the response JSON at "url" is "${url}"
    And the response JSON at "expires_at" is null
    And the response JSON at "remaining_seconds" is null
    And the response JSON at "expired" is false

  @R7
  Scenario: A link may lose a lifetime that it never had
    When I send PATCH "/links/${alias}" with JSON:
      """
      {"expires_in_seconds": null}
      """
    And I send PATCH "/links/${alias}" with JSON:
      """
      {"expires_in_seconds": null}
      """
    Then the response status is 200
    And the response JSON at "alias" is "${alias}"
    And the response JSON at "remaining_seconds" is null
    When I send GET "/links/${alias}"
    Then the response JSON at "expires_at" is null

  @R7 @sealed
  Scenario: A link without its former lifetime redirects as an endless one
    When I send PATCH "/links/${alias}" with JSON:
      """
      {"expires_in_seconds": null}
      """
    And I send GET "/${alias}"
    Then the response status is 302
    And the response header "Location" is "${url}"
    And the response header "Cache-Control" is absent

  @E1
  Scenario Outline: A lifetime is not changed to a wrong one: <case>
    Given a random number between 2 and 9000 as "n"
    When I send PATCH "/links/${alias}" with JSON:
      """
      <body>
      """
    Then the response status is 422
    And the response JSON at "error" is "invalid_expiry"
    When I send GET "/links/${alias}"
    Then the response JSON at "remaining_seconds" is at least 970

    Examples:
      | case         | body                          |
      | zero         | {"expires_in_seconds": 0}     |
      | a list       | {"expires_in_seconds": [60]}  |
      | truth        | {"expires_in_seconds": true}  |
      | no such field | {"expires": 60}              |

  @E1
  Scenario Outline: A lifetime is not changed by what is no object: <case>
    Given I remember "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[" as "some"
    And I remember "${some}${some}${some}${some}${some}${some}${some}${some}" as "deep"
    When I send PATCH "/links/${alias}" with body:
      """
      <body>
      """
    Then the response status is 400
    And the response JSON at "error" is "invalid_json"
    When I send GET "/links/${alias}"
    Then the response JSON at "remaining_seconds" is at least 970

    Examples:
      | case      | body                           |
      | broken    | {"expires_in_seconds": ${first} |
      | a list    | [${first}]                     |
      | very deep | ${deep}${deep}${deep}${deep}   |

  @E4
  Scenario: No details of a link that never was
    Given a random word as "unknown"
    When I send GET "/links/${unknown}"
    Then the response status is 404
    And the response JSON at "error" is "not_found"

  @E4
  Scenario: There are no other paths
    When I send GET "/health/${first}"
    Then the response status is 404
    And the response JSON at "error" is "not_found"

  @E4
  Scenario: A path that knows another method says which
    When I send PUT "/health" with JSON:
      """
      {"url": "${url}"}
      """
    Then the response status is 405
    And the response JSON at "error" is "method_not_allowed"
    And the response header "Allow" is "GET"

  @E4
  Scenario Outline: No lifetime for a link that never was: <case>
    Given a random word as "unknown"
    When I send PATCH "/links/${unknown}" with body:
      """
      <body>
      """
    Then the response status is 404
    And the response JSON at "error" is "not_found"

    Examples:
      | case        | body                       |
      | good body   | {"expires_in_seconds": 60} |
      | broken body | {"expires_in               |

  @C1
  Scenario: Many clients follow a living link at once
    When 20 clients send GET "/${alias}" at once
    Then every response status is 302
    When I send GET "/${alias}"
    Then the response arrives within 1000 milliseconds
