Feature: Links whose time has come

  Background:
    Given a random URL as "url"
    When I send POST "/links" with JSON:
      """
      {"url": "${url}", "expires_in_seconds": 1}
      """
    And I remember the response JSON at "alias" as "alias"
    And I remember the response JSON at "expires_at" as "expires_at"

  @R4
  Scenario: An expired link says that it has ended
    Then within 4 seconds GET "/${alias}" answers 410
    When I send GET "/${alias}"
    Then the response status is 410
    And the response header "Location" is absent
    And the response header "Content-Type" contains "application/json"
    And the response JSON at "error" is "link_expired"
    And the response JSON at "message" is a string

  @R4 @C1
  Scenario: Many clients meet an expired link
    Then within 4 seconds GET "/${alias}" answers 410
    When 20 clients send GET "/${alias}" at once
    Then every response status is 410
    When I send HEAD "/${alias}"
    Then the response status is 410
    And the response header "Location" is absent
    And the response arrives within 1000 milliseconds

  @E2
  Scenario: The details of an expired link stay
    Then within 4 seconds GET "/${alias}" answers 410
    When I send GET "/links/${alias}"
    Then the response status is 200
    And the response JSON at "alias" is "${alias}"
    And the response JSON at "url" is "${url}"
    And the response JSON at "expires_at" is "${expires_at}"
    And the response JSON at "remaining_seconds" is 0
    And the response JSON at "expired" is true
    And for 2 seconds GET "/${alias}" keeps answering 410
    When I send GET "/links/${alias}"
    Then the response JSON at "remaining_seconds" is 0

  @E3
  Scenario: An expired link gets no new lifetime
    Given a random number between 30 and 8000 as "seconds"
    Then within 4 seconds GET "/${alias}" answers 410
    When I send PATCH "/links/${alias}" with JSON:
      """
      {"expires_in_seconds": ${seconds}}
      """
    Then the response status is 410
    And the response JSON at "error" is "link_expired"
    When I send GET "/${alias}"
    Then the response status is 410

  @E3
  Scenario: An expired link does not become endless
    Then within 4 seconds GET "/${alias}" answers 410
    When I send PATCH "/links/${alias}" with JSON:
      """
      {"expires_in_seconds": null}
      """
    Then the response status is 410
    And the response JSON at "error" is "link_expired"
    When I send GET "/links/${alias}"
    Then the response JSON at "expired" is true
