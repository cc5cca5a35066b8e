Feature: A key and its limit

  Background:
    Given a random URL as "url"
    And a random word as "word"
    And a random number between 1000 and 9999 as "n"
    When I send POST "/links" with JSON:
      """
      {"url": "${url}"}
      """
    And I remember the response JSON at "alias" as "alias"

  @R1
  Scenario: A new key begins with the usual limit
    Given the request header "X-API-Key" is "${word}-${n}"
    When I send POST "/links" with JSON:
      """
      {"url": "${url}"}
      """
    Then the response status is 201
    And the response header "X-RateLimit-Limit" is "20"
    And the response header "X-RateLimit-Remaining" is "19"
    And the response header "X-RateLimit-Reset" matches "^([1-9]|[1-5][0-9]|60)$"
    When I send GET "/links/${alias}"
    Then the response status is 200
    And the response header "X-RateLimit-Remaining" is "18"

  @R1
  Scenario: The usual limit ends after its twentieth request
    Given the request header "X-API-Key" is "${n}${word}"
    When I send GET "/links/${alias}" 22 times
    Then 20 responses have status 200
    And 2 responses have status 429

  @R2
  Scenario: Beyond the limit nothing happens
    Given the request header "X-API-Key" is "${word}${n}"
    When I send PUT "/limits/${word}${n}" with JSON:
      """
      {"requests": 1, "window_seconds": 300}
      """
    And I send GET "/links/${alias}"
    Then the response status is 200
    And the response header "X-RateLimit-Remaining" is "0"
    When I send DELETE "/links/${alias}"
    Then the response status is 429
    And the response JSON at "error" is "rate_limited"
    And the response JSON at "message" is a string
    And the response header "Content-Type" contains "application/json"
    When I send GET "/${alias}"
    Then the response status is 302

  @R2
  Scenario: A refusal says when to come back
    Given the request header "X-API-Key" is "${word}${n}"
    When I send PUT "/limits/${word}${n}" with JSON:
      """
      {"requests": 2, "window_seconds": 40}
      """
    And I send POST "/links" 3 times with JSON:
      """
      {"url": "${url}"}
      """
    Then 2 responses have status 201
    And the response status is 429
    And the response header "Retry-After" matches "^([1-9]|[123][0-9]|40)$"
    And the response header "X-RateLimit-Limit" is "2"
    And the response header "X-RateLimit-Remaining" is "0"
    And the response header "X-RateLimit-Reset" is present

  @R3
  Scenario: One key takes nothing from another
    Given the request header "X-API-Key" is "${word}-a${n}"
    When I send PUT "/limits/${word}-a${n}" with JSON:
      """
      {"requests": 1, "window_seconds": 300}
      """
    And I send GET "/links/${alias}" 2 times
    Then the response status is 429
    Given the request header "X-API-Key" is "${word}-b${n}"
    When I send GET "/links/${alias}"
    Then the response status is 200
    And the response header "X-RateLimit-Remaining" is "19"

  @R3
  Scenario: Two clients in turn
    Given the request header "X-API-Key" is "${word}-one"
    When I send GET "/links/${alias}" 3 times
    Given the request header "X-API-Key" is "${word}-two"
    When I send GET "/links/${alias}" 2 times
    Then every response status is 200
    And the response header "X-RateLimit-Remaining" is "18"
    Given the request header "X-API-Key" is "${word}-one"
    When I send GET "/links/${alias}"
    Then the response header "X-RateLimit-Remaining" is "16"

  @R3 @sealed
  Scenario: Keys differ by the case of a letter
    Given the request header "X-API-Key" is "KEY${word}"
    When I send GET "/links/${alias}" 3 times
    Then every response status is 200
    Given the request header "X-API-Key" is "key${word}"
    When I send GET "/links/${alias}"
    Then the response header "X-RateLimit-Remaining" is "19"

  @R4 @E4
  Scenario: After the window the full limit is back
    Given the request header "X-API-Key" is "${word}${n}"
    When I send PUT "/limits/${word}${n}" with JSON:
      """
      {"requests": 3, "window_seconds": 2}
      """
    And I send GET "/links/${alias}" 5 times
    Then 3 responses have status 200
    And 2 responses have status 429
    And the response header "Retry-After" matches "^[12]$"
    And within 5 seconds GET "/links/${alias}" answers 200
    When I send GET "/links/${alias}"
    Then the response status is 200
    And the response header "X-RateLimit-Remaining" is "1"

  @R4
  Scenario: What is left counts down within a window
    Given the request header "X-API-Key" is "${n}-${word}"
    When I send PUT "/limits/${n}-${word}" with JSON:
      """
      {"requests": 7, "window_seconds": 600}
      """
    And I send GET "/links/${alias}" 4 times
    Then every response status is 200
    And the response header "X-RateLimit-Remaining" is "3"
    And the response header "X-RateLimit-Reset" matches "^(5[0-9][0-9]|600)$"
    And for 2 seconds GET "/${alias}" keeps answering 302
    When I send GET "/links/${alias}"
    Then the response header "X-RateLimit-Remaining" is "2"
    And the response header "X-RateLimit-Reset" matches "^(5[0-8][0-9]|59[0-8])$"

  @R5
  Scenario: A limit of one's own
    When I send PUT "/limits/${word}${n}" with JSON:
      """
      {"requests": 1000, "window_seconds": 3600}
      """
    Then the response status is 200
    And the response JSON at "key" is "${word}${n}"
    And the response JSON at "requests" is 1000
    And the response JSON at "window_seconds" is 3600
    And the response JSON at "remaining" is 1000
    Given the request header "X-API-Key" is "${word}${n}"
    When I send GET "/links/${alias}"
    Then the response header "X-RateLimit-Limit" is "1000"
    And the response header "X-RateLimit-Remaining" is "999"

  @R5
  Scenario: A new limit begins a new window
    Given the request header "X-API-Key" is "${word}${n}"
    When I send GET "/links/${alias}" 21 times
    Then the response status is 429
    When I send PUT "/limits/${word}${n}" with JSON:
      """
      {"requests": 4, "window_seconds": 90}
      """
    Then the response status is 200
    And the response JSON at "remaining" is 4
    When I send GET "/links/${alias}"
    Then the response status is 200
    And the response header "X-RateLimit-Remaining" is "3"

  @R6
  Scenario: The limit of a key that was never seen
    When I send GET "/limits/${word}-${n}"
    Then the response status is 200
    And the response JSON at "key" is "${word}-${n}"
    And the response JSON at "requests" is 20
    And the response JSON at "window_seconds" is 60
    And the response JSON at "remaining" is 20

  @R6
  Scenario: What a key has left can be read without using it up
    Given the request header "X-API-Key" is "${word}-${n}"
    When I send GET "/links/${alias}" 6 times
    And I send GET "/limits/${word}-${n}" 3 times
    Then every response status is 200
    And the response JSON at "remaining" is 14

  @R6 @R4
  Scenario: After its window a key has the full limit left
    Given the request header "X-API-Key" is "${word}-${n}"
    When I send PUT "/limits/${word}-${n}" with JSON:
      """
      {"requests": 3, "window_seconds": 1}
      """
    And I send GET "/links/${alias}" 2 times
    Then within 5 seconds GET "/limits/${word}-${n}" answers with status 200 and JSON at "remaining" is 3

  @R7
  Scenario: Without a key there is no limit
    When I send GET "/links/${alias}" 25 times
    Then every response status is 200
    And the response header "X-RateLimit-Limit" is absent

  @R7
  Scenario: Without a key there are no headers on errors either
    When I send GET "/links/no-${word}"
    Then the response status is 404
    And the response header "X-RateLimit-Limit" is absent
    And the response header "X-RateLimit-Remaining" is absent
    And the response header "X-RateLimit-Reset" is absent
