Feature: At the edges of limits

  Background:
    Given a random URL as "url"
    And a random word as "word"
    And a random number between 1000 and 9999 as "n"
    When I send POST "/links" with JSON:
      """
      {"url": "${url}"}
      """
    And I remember the response JSON at "alias" as "alias"
    And I send PUT "/limits/${word}${n}" with JSON:
      """
      {"requests": 2, "window_seconds": 200}
      """
    Then the response status is 200

  @E1
  Scenario: Opening links is never limited
    Given the request header "X-API-Key" is "${word}${n}"
    When I send GET "/links/${alias}" 3 times
    Then the response status is 429
    When I send GET "/${alias}" 5 times
    Then every response status is 302
    And the response header "X-RateLimit-Remaining" is absent

  @E1
  Scenario Outline: Not counted: <path>
    Given the request header "X-API-Key" is "${word}${n}"
    When I send GET "<path>" 4 times
    Then every response status is 200
    And the response header "X-RateLimit-Limit" is absent
    When I send GET "/limits/${word}${n}"
    Then the response JSON at "remaining" is 2

    Examples:
      | path             |
      | /health          |
      | /aliases/${word} |

  @E2
  Scenario Outline: A malformed key is refused: <case>
    Given the request header "X-API-Key" is "<key>"
    When I send DELETE "/links/${alias}"
    Then the response status is 400
    And the response JSON at "error" is "invalid_key"
    When I send GET "/${alias}"
    Then the response status is 302

    Examples:
      | case          | key                                                               |
      | 7 characters  | k-${n}7                                                           |
      | 65 characters | ${word}${word}${word}${word}${word}${word}${word}${word}x         |
      | underscore    | ${word}_${n}                                                      |

  @E2
  Scenario: A malformed key has no limit to put
    When I send PUT "/limits/${word}.${n}" with JSON:
      """
      {"requests": 5, "window_seconds": 60}
      """
    Then the response status is 400
    And the response JSON at "error" is "invalid_key"
    When I send GET "/limits/${n}"
    Then the response status is 400
    And the response JSON at "error" is "invalid_key"

  @E3
  Scenario Outline: A limit that makes no sense is refused: <case>
    When I send PUT "/limits/${word}${n}" with JSON:
      """
      <body>
      """
    Then the response status is 422
    And the response JSON at "error" is "invalid_limit"
    When I send GET "/limits/${word}${n}"
    Then the response JSON at "requests" is 2
    And the response JSON at "window_seconds" is 200

    Examples:
      | case             | body                                     |
      | no requests      | {"requests": 0, "window_seconds": 60}    |
      | too many         | {"requests": 1001, "window_seconds": 60} |
      | window too long  | {"requests": 5, "window_seconds": 3601}  |
      | no window        | {"requests": 5}                          |
      | no time          | {"requests": 5, "window_seconds": 0}     |
      | truth            | {"requests": true, "window_seconds": 60} |
      | a fraction       | {"requests": 5, "window_seconds": 1.5}   |

  @E3 @sealed
  Scenario: A refused limit does not end the window
    Given the request header "X-API-Key" is "${word}${n}"
    When I send GET "/links/${alias}" 2 times
    And I send PUT "/limits/${word}${n}" with JSON:
      """
      {"requests": 9, "window_seconds": "60"}
      """
    Then the response status is 422
    When I send GET "/links/${alias}"
    Then the response status is 429

  @E4
  Scenario: Requests that find nothing count
    Given the request header "X-API-Key" is "${word}${n}"
    When I send GET "/links/no-${word}"
    Then the response status is 404
    And the response header "X-RateLimit-Remaining" is "1"
    When I send GET "/links/no-${word}" 2 times
    Then 1 response has status 404
    And the response status is 429

  @E4
  Scenario: Requests with wrong fields count
    Given the request header "X-API-Key" is "${word}${n}"
    When I send POST "/links" 3 times with JSON:
      """
      {"url": "${word}"}
      """
    Then 2 responses have status 422
    And the response status is 429
    And the response header "Retry-After" is present

  @C1
  Scenario: A crowd does not get past the limit
    Given the request header "X-API-Key" is "crowd-${word}${n}"
    When I send PUT "/limits/crowd-${word}${n}" with JSON:
      """
      {"requests": 5, "window_seconds": 100}
      """
    And 12 clients send GET "/links/${alias}" at once
    Then 5 responses have status 200
    And 7 responses have status 429

  @C1 @should
  Scenario: A refusal is quick, also in a crowd
    Given the request header "X-API-Key" is "${word}${n}"
    When 15 clients send POST "/links" at once with JSON:
      """
      {"url": "${url}"}
      """
    Then 2 responses have status 201
    And 13 responses have status 429
    When I send GET "/links/${alias}"
    Then the response status is 429
    And the response arrives within 1000 milliseconds
