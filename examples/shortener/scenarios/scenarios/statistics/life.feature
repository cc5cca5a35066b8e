Feature: Days, resets and the life of a link

  Background:
    Given a random URL as "url"
    And a random word as "word"
    And a random number between 2 and 6 as "times"
    And the request header "User-Agent" is "Mozilla/5.0"
    When I send POST "/links" with JSON:
      """
      {"url": "${url}", "alias": "${word}"}
      """
    And I send GET "/${word}" ${times} times
    Then every response status is 302

  @R5
  Scenario: A week unless days are named
    When I send GET "/links/${word}/stats/daily"
    Then the response status is 200
    And the response JSON at "alias" is "${word}"
    And the response JSON at "days" has 7 items
    And the response JSON at "clicks" is ${times}
    And the response JSON at "days.0.clicks" is 0
    And the response JSON at "days.6.date" matches "^20[0-9]{2}-[01][0-9]-[0-3][0-9]$"
    And I remember the response JSON at "days.6.date" as "last"
    And the response JSON at "days.0.date" is 6 days before "${last}"
    And the response JSON at "days.6.clicks" is ${times}

  @R5
  Scenario Outline: As many days as asked for: <days>
    When I send GET "/links/${word}/stats/daily?days=<days>"
    Then the response status is 200
    And the response JSON at "days" has <days> items
    And the response JSON at "days.<last>.date" is present
    And the response JSON at "clicks" is ${times}

    Examples:
      | days | last |
      | 1    | 0    |
      | 2    | 1    |
      | 31   | 30   |
      | 90   | 89   |

  @R6
  Scenario: Forgotten clicks
    When I send DELETE "/links/${word}/stats"
    Then the response status is 204
    And the response body is empty
    When I send GET "/links/${word}/stats"
    Then the response status is 200
    And the response JSON at "clicks" is 0
    And the response JSON at "first_click_at" is null
    And the response JSON at "last_click_at" is null
    And the response JSON at "referrers" has 0 items

  @R6
  Scenario: A link without its clicks goes on
    Given the request header "User-Agent" is "somebot"
    When I send GET "/${word}"
    And I send DELETE "/links/${word}/stats"
    Then the response status is 204
    When I send GET "/${word}"
    Then the response status is 302
    When I send GET "/links/${word}/stats"
    Then the response JSON at "bot_clicks" is 1
    And the response JSON at "clicks" is 0
    When I send GET "/links/${word}/stats/daily"
    Then the response JSON at "clicks" is 0

  @E2
  Scenario: An expired link keeps its clicks and gets no more
    When I send PATCH "/links/${word}" with JSON:
      """
      {"expires_in_seconds": 1}
      """
    Then within 4 seconds HEAD "/${word}" answers 410
    When I send GET "/${word}" 3 times
    Then every response status is 410
    When I send GET "/links/${word}/stats"
    Then the response status is 200
    And the response JSON at "clicks" is ${times}

  @E2 @E4
  Scenario: The place of an expired link is taken without its clicks
    When I send PATCH "/links/${word}" with JSON:
      """
      {"expires_in_seconds": 1}
      """
    Then within 4 seconds HEAD "/${word}" answers 410
    When I send GET "/links/${word}/stats/daily"
    Then the response status is 200
    And the response JSON at "clicks" is ${times}
    When I send POST "/links" with JSON:
      """
      {"url": "${url}", "alias": "${word}"}
      """
    Then the response status is 201
    When I send GET "/links/${word}/stats"
    Then the response JSON at "clicks" is 0

  @E3
  Scenario Outline: No statistics without a link: <method> <path>
    When I send <method> "/links/no-${word}/<path>"
    Then the response status is 404
    And the response JSON at "error" is "not_found"

    Examples:
      | method | path        |
      | GET    | stats       |
      | GET    | stats/daily |
      | DELETE | stats       |

  @E3 @sealed
  Scenario: Capital letters find the statistics
    When I send POST "/links" with JSON:
      """
      {"url": "${url}", "alias": "AB${word}"}
      """
    And I send GET "/aB${word}"
    And I send GET "/links/Ab${word}/stats"
    Then the response status is 200
    And the response JSON at "alias" is "ab${word}"
    And the response JSON at "clicks" is 1

  @E4
  Scenario: The place of a deleted link is taken without its clicks
    When I send DELETE "/links/${word}"
    And I send GET "/links/${word}/stats"
    Then the response status is 404
    When I send POST "/links" with JSON:
      """
      {"url": "${url}", "alias": "${word}"}
      """
    And I send GET "/links/${word}/stats"
    Then the response status is 200
    And the response JSON at "clicks" is 0
    And the response JSON at "first_click_at" is null

  @E5
  Scenario Outline: Days that cannot be shown: <days>
    When I send GET "/links/${word}/stats/daily?days=<days>"
    Then the response status is 422
    And the response JSON at "error" is "invalid_days"
    And the response JSON at "message" is a string

    Examples:
      | days |
      | 0    |
      | 91   |
      | -3   |
      | 1.5  |
      | week |
      |      |

  @E5 @should
  Scenario: A link that is not there is named before days that cannot be
    When I send GET "/links/no-${word}/stats/daily?days=0"
    Then the response status is 404
