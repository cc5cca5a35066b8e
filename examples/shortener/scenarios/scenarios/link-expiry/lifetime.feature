Feature: The lifetime of a link

  Background:
    Given a random URL as "url"

  @R1
  Scenario: A lifetime gives the new link a time of expiry
    Given a random number between 200 and 90000 as "seconds"
    When I send POST "/links" with JSON:
      """
      {"url": "${url}", "expires_in_seconds": ${seconds}}
      """
    Then the response status is 201
    And the response JSON at "url" is "${url}"
    And the response JSON at "alias" is a string
    And the response JSON at "expires_at" matches "^20[0-9]{2}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9]Z$"

  @R1 @R5
  Scenario: The longest lifetime is counted from the creation
    When I send POST "/links" with JSON:
      """
      {"url": "${url}", "expires_in_seconds": 31536000}
      """
    Then the response status is 201
    And I remember the response JSON at "alias" as "alias"
    And I remember the response JSON at "expires_at" as "expires_at"
    When I send GET "/links/${alias}"
    Then the response status is 200
    And the response JSON at "expires_at" is "${expires_at}"
    And the response JSON at "remaining_seconds" is at most 31536000
    And the response JSON at "remaining_seconds" is at least 31535970

  @R2
  Scenario: A link without a lifetime has no time of expiry
    When I send POST "/links" with JSON:
      """
      {"url": "${url}"}
      """
    Then the response status is 201
    And the response JSON at "expires_at" is null
    And I remember the response JSON at "alias" as "alias"
    When I send GET "/${alias}"
    Then the response status is 302
    And the response header "Location" is "${url}"

  @R2
  Scenario Outline: No link is made of a wrong URL: <case>
    Given a random word as "word"
    When I send POST "/links" with JSON:
      """
      {"url": <value>}
      """
    Then the response status is 422
    And the response JSON at "error" is "invalid_url"
    And the response JSON at "alias" is absent

    Examples:
      | case             | value                         |
      | none             | null                          |
      | another kind     | ["${url}"]                    |
      | another scheme   | "ftp://${word}.example/"      |
      | no host          | "https:///${word}"            |
      | a space          | "${url}/ ${word}"             |
      | a line end       | "${url}\\n"                   |
      | beyond ASCII     | "${url}/é${word}"             |
      | no URL at all    | "http://[${word}"             |

  @R2
  Scenario: The longest URL, and one character more
    Given I remember "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef" as "some"
    And I remember "${some}${some}${some}${some}${some}${some}${some}${some}" as "more"
    And I remember "https://e.example/${more}${more}${more}${some}${some}${some}${some}${some}${some}${some}" as "long"
    When I send POST "/links" with JSON:
      """
      {"url": "${long}0123456789012345678901234567890123456789012345"}
      """
    Then the response status is 201
    When I send POST "/links" with JSON:
      """
      {"url": "${long}01234567890123456789012345678901234567890123456"}
      """
    Then the response status is 422
    And the response JSON at "error" is "invalid_url"

  @R2
  Scenario Outline: The largest body, and one byte more: <bytes>
    Given a random word as "word"
    And a file "${word}" of <bytes> bytes
    When I send POST "/links" with the file "${word}" as "application/json"
    Then the response status is <status>
    And the response JSON at "error" is "<error>"
    When I send GET "/links/${word}"
    Then the response status is 404

    Examples:
      | bytes | status | error          |
      | 65536 | 400    | invalid_json   |
      | 65537 | 413    | body_too_large |

  @R2 @R5
  Scenario: A lifetime of null is no lifetime
    When I send POST "/links" with JSON:
      """
      {"url": "${url}", "expires_in_seconds": null}
      """
    Then the response status is 201
    And the response JSON at "expires_at" is null
    And I remember the response JSON at "alias" as "alias"
    When I send GET "/links/${alias}"
    Then the response status is 200
    And the response JSON at "alias" is "${alias}"
    And the response JSON at "url" is "${url}"
    And the response JSON at "expires_at" is null
    And the response JSON at "remaining_seconds" is null
    And the response JSON at "expired" is false

  @R3
  Scenario: A living link redirects and asks not to be stored
    Given a random number between 60 and 900 as "seconds"
    When I send POST "/links" with JSON:
      """
      {"url": "${url}", "expires_in_seconds": ${seconds}}
      """
    And I remember the response JSON at "alias" as "alias"
    And I send GET "/${alias}"
    Then the response status is 302
    And the response header "Location" is "${url}"
    And the response header "Cache-Control" is "no-store"

  @R3
  Scenario: The redirect of an endless link says nothing about storing
    When I send POST "/links" with JSON:
      """
      {"url": "${url}"}
      """
    And I remember the response JSON at "alias" as "alias"
    And I send HEAD "/${alias}"
    Then the response status is 302
    And the response header "Location" is "${url}"
    And the response header "Cache-Control" is absent

  @R5
  Scenario: The details of a living link count down
    Given a random number between 100 and 5000 as "seconds"
    When I send POST "/links" with JSON:
      """
      {"url": "${url}", "expires_in_seconds": ${seconds}}
      """
    And I remember the response JSON at "alias" as "alias"
    And I send GET "/links/${alias}"
    Then the response status is 200
    And the response JSON at "url" is "${url}"
    And the response JSON at "expired" is false
    And the response JSON at "remaining_seconds" is at least 70
    And the response JSON at "remaining_seconds" is at most ${seconds}

  @E1
  Scenario Outline: A link is not created with a wrong lifetime: <case>
    Given a random number between 2 and 9000 as "n"
    When I send POST "/links" with JSON:
      """
      {"url": "${url}", "expires_in_seconds": <value>}
      """
    Then the response status is 422
    And the response JSON at "error" is "invalid_expiry"
    And the response JSON at "message" is a string
    And the response JSON at "alias" is absent

    Examples:
      | case         | value    |
      | zero         | 0        |
      | negative     | -${n}    |
      | over a year  | 31536001 |
      | fraction     | ${n}.5   |
      | text         | "${n}"   |
      | truth        | true     |

  @R1 @should
  Scenario: A wrong URL is named before a wrong lifetime
    Given a random word as "word"
    When I send POST "/links" with JSON:
      """
      {"url": "${word}", "expires_in_seconds": 0}
      """
    Then the response status is 422
    And the response JSON at "error" is "invalid_url"
