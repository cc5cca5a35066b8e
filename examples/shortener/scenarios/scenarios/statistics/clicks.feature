Feature: What counts as a click

  Background:
    Given a random URL as "url"
    And a random word as "word"
    And a random number between 3 and 9 as "times"
    And the request header "User-Agent" is "Mozilla/5.0 (${word})"
    When I send POST "/links" with JSON:
      """
      {"url": "${url}", "alias": "${word}"}
      """
    Then the response status is 201

  @R1
  Scenario: Nobody has opened a new link
    When I send GET "/links/${word}/stats"
    Then the response status is 200
    And the response JSON at "alias" is "${word}"
    And the response JSON at "clicks" is 0
    And the response JSON at "bot_clicks" is 0
    And the response JSON at "first_click_at" is null
    And the response JSON at "last_click_at" is null
    And the response JSON at "referrers" has 0 items

  @R1
  Scenario: Reading details and statistics is no click
    When I send GET "/links/${word}" 2 times
    And I send GET "/links/${word}/stats" 2 times
    Then the response status is 200
    And the response JSON at "clicks" is 0
    And the response JSON at "first_click_at" is null

  @R2
  Scenario: Each redirect is a click
    When I send GET "/${word}" ${times} times
    Then every response status is 302
    When I send GET "/links/${word}/stats"
    Then the response JSON at "clicks" is ${times}
    And the response JSON at "bot_clicks" is 0
    And the response JSON at "first_click_at" matches "^20[0-9]{2}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9]Z$"
    And the response JSON at "last_click_at" matches "^20[0-9]{2}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9]Z$"

  @R2
  Scenario: The first click keeps its time
    When I send GET "/${word}"
    And I send GET "/links/${word}/stats"
    And I remember the response JSON at "first_click_at" as "first"
    And I send PATCH "/links/${word}" with JSON:
      """
      {"expires_in_seconds": 3000}
      """
    And I send GET "/${word}"
    And I send GET "/links/${word}/stats"
    Then the response JSON at "clicks" is 2
    And the response JSON at "first_click_at" is "${first}"

  @R3
  Scenario: Clicks are counted for the site they came from
    Given the request header "Referer" is "https://News.${word}.example:8443/today?x=1"
    When I send GET "/${word}" 2 times
    Given the request header "Referer" is "http://blog.${word}.example/"
    When I send GET "/${word}" 3 times
    And I send GET "/links/${word}/stats"
    Then the response JSON at "clicks" is 5
    And the response JSON at "referrers" has 2 items
    And the response JSON at "referrers.0.host" is "blog.${word}.example"
    And the response JSON at "referrers.0.clicks" is 3
    And the response JSON at "referrers.1.host" is "news.${word}.example"
    And the response JSON at "referrers.1.clicks" is 2

  @R3
  Scenario: Clicks from nowhere are direct, and equals are in order
    When I send GET "/${word}"
    Given the request header "Referer" is "z${word}"
    When I send GET "/${word}"
    Given the request header "Referer" is "http://[${word}"
    When I send GET "/${word}"
    Given the request header "Referer" is "https://x${word}.example/"
    When I send GET "/${word}" 3 times
    Given the request header "Referer" is "https://a${word}.example/"
    When I send GET "/${word}" 3 times
    And I send GET "/links/${word}/stats"
    Then the response JSON at "referrers" has 3 items
    And the response JSON at "referrers.0.host" is "a${word}.example"
    And the response JSON at "referrers.1.host" is "direct"
    And the response JSON at "referrers.1.clicks" is 3
    And the response JSON at "referrers.2.host" is "x${word}.example"

  @R3
  Scenario: Ten sites are told, and the eleventh is not
    Given the request header "Referer" is "https://k${word}.example/"
    When I send GET "/${word}"
    Given the request header "Referer" is "https://j${word}.example/"
    When I send GET "/${word}"
    Given the request header "Referer" is "https://i${word}.example/"
    When I send GET "/${word}"
    Given the request header "Referer" is "https://h${word}.example/"
    When I send GET "/${word}"
    Given the request header "Referer" is "https://g${word}.example/"
    When I send GET "/${word}"
    Given the request header "Referer" is "https://f${word}.example/"
    When I send GET "/${word}"
    Given the request header "Referer" is "https://e${word}.example/"
    When I send GET "/${word}"
    Given the request header "Referer" is "https://d${word}.example/"
    When I send GET "/${word}"
    Given the request header "Referer" is "https://c${word}.example/"
    When I send GET "/${word}"
    Given the request header "Referer" is "https://b${word}.example/"
    When I send GET "/${word}"
    Given the request header "Referer" is "https://a${word}.example/"
    When I send GET "/${word}"
    And I send GET "/links/${word}/stats"
    Then the response JSON at "clicks" is 11
    And the response JSON at "referrers" has 10 items
    And the response JSON at "referrers.0.host" is "a${word}.example"
    And the response JSON at "referrers.9.host" is "j${word}.example"

  @R3 @sealed
  Scenario: A mail program is no site
    Given the request header "Referer" is "android-app://com.${word}.mail/"
    When I send GET "/${word}"
    And I send GET "/links/${word}/stats"
    Then the response JSON at "referrers" has 1 item
    And the response JSON at "referrers.0.host" is "direct"

  @R4
  Scenario Outline: Robots are answered and counted apart: <agent>
    Given the request header "User-Agent" is "<agent>/2.1 (+https://${word}.example)"
    When I send GET "/${word}" ${times} times
    Then every response status is 302
    When I send GET "/links/${word}/stats"
    Then the response JSON at "bot_clicks" is ${times}
    And the response JSON at "clicks" is 0
    And the response JSON at "last_click_at" is null
    And the response JSON at "referrers" has 0 items

    Examples:
      | agent         |
      | GoodBot       |
      | x-SPIDER      |
      | web${word}Crawler |

  @R4 @R5
  Scenario: A robot is not on the chart
    When I send GET "/${word}"
    Given the request header "User-Agent" is "nice-robot ${word}"
    When I send GET "/${word}" 2 times
    And I send GET "/links/${word}/stats/daily?days=2"
    Then the response JSON at "clicks" is 1

  @E1
  Scenario: Asking with HEAD is no click
    When I send HEAD "/${word}" ${times} times
    Then every response status is 302
    When I send GET "/links/${word}/stats"
    Then the response JSON at "clicks" is 0
    And the response JSON at "bot_clicks" is 0

  @E1
  Scenario: HEAD between clicks changes nothing
    When I send GET "/${word}"
    And I send HEAD "/${word}"
    And I send GET "/links/${word}/stats"
    Then the response JSON at "clicks" is 1

  @C1
  Scenario: A crowd opens a link
    When 30 clients send GET "/${word}" at once
    Then every response status is 302
    When I send GET "/links/${word}/stats"
    Then the response JSON at "clicks" is 30

  @C1
  Scenario: Many clicks are summed up quickly
    When I send GET "/${word}" 300 times
    And I send GET "/links/${word}/stats"
    Then the response JSON at "clicks" is 300
    And the response arrives within 1000 milliseconds
