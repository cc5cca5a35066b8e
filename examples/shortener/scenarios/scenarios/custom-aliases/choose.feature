Feature: Choosing an alias

  Background:
    Given a random URL as "url"
    And a random word as "word"
    And a random number between 10 and 9999 as "n"

  @R1 @C1
  Scenario: A chosen alias redirects
    When I send POST "/links" with JSON:
      """
      {"url": "${url}", "alias": "${word}-${n}"}
      """
    Then the response status is 201
    And the response JSON at "alias" is "${word}-${n}"
    And the response JSON at "url" is "${url}"
    And the response JSON at "expires_at" is null
    When I send GET "/${word}-${n}"
    Then the response status is 302
    And the response header "Location" is "${url}"
    And the response arrives within 1000 milliseconds

  @R1
  Scenario Outline: The shortest and the longest alias: <case>
    Given a random word as "other"
    When I send POST "/links" with JSON:
      """
      {"url": "${url}", "alias": "<alias>", "expires_in_seconds": 600}
      """
    Then the response status is 201
    And the response JSON at "alias" is "<alias>"
    And the response JSON at "expires_at" is a string
    When I send GET "/links/<alias>"
    Then the response status is 200
    And the response JSON at "url" is "${url}"

    Examples:
      | case              | alias                                |
      | 32 characters     | ${word}--${word}-${other}01234       |
      | digits at the end | 0${other}-${n}                       |

  @R2
  Scenario Outline: Without a choice an alias is generated: <case>
    When I send POST "/links" with JSON:
      """
      <body>
      """
    Then the response status is 201
    And the response JSON at "alias" matches "^[a-z2-9]{7}$"

    Examples:
      | case | body                              |
      | none | {"url": "${url}"}                 |
      | null | {"url": "${url}", "alias": null}  |

  @R3
  Scenario Outline: No link under a malformed alias: <case>
    When I send POST "/links" with JSON:
      """
      {"url": "${url}", "alias": "<alias>"}
      """
    Then the response status is 422
    And the response JSON at "error" is "invalid_alias"
    And the response JSON at "message" is a string

    Examples:
      | case                | alias                               |
      | two characters      | q7                                  |
      | 33 characters       | ${word}${word}${word}${word}x       |
      | dash at the start   | -${word}                            |
      | dash at the end     | ${word}-                            |
      | underscore          | ${word}_${n}                        |
      | slash               | ${word}/${n}                        |
      | a letter beyond z   | ${word}é                            |
      | a space             | ${word} ${n}                        |
      | a line end          | ${word}\\n                          |

  @R4
  Scenario: Capital letters are stored small and found either way
    When I send POST "/links" with JSON:
      """
      {"url": "${url}", "alias": "QX${word}"}
      """
    Then the response status is 201
    And the response JSON at "alias" is "qx${word}"
    When I send GET "/Qx${word}"
    Then the response status is 302
    And the response header "Location" is "${url}"
    When I send GET "/qx${word}"
    Then the response status is 302

  @R4
  Scenario: Details, lifetime and deletion find capital letters too
    When I send POST "/links" with JSON:
      """
      {"url": "${url}", "alias": "zw${word}"}
      """
    And I send GET "/links/ZW${word}"
    Then the response status is 200
    And the response JSON at "alias" is "zw${word}"
    When I send PATCH "/links/Zw${word}" with JSON:
      """
      {"expires_in_seconds": 900}
      """
    Then the response status is 200
    And the response JSON at "remaining_seconds" is at least 870
    When I send DELETE "/links/zW${word}"
    Then the response status is 204

  @E1
  Scenario Outline: Reserved: <alias>
    When I send POST "/links" with JSON:
      """
      {"url": "${url}", "alias": "<alias>"}
      """
    Then the response status is 422
    And the response JSON at "error" is "alias_reserved"

    Examples:
      | alias   |
      | links   |
      | health  |
      | ALIASES |
      | Stats   |

  @E3
  Scenario Outline: An alias is text: <value>
    When I send POST "/links" with JSON:
      """
      {"url": "${url}", "alias": <value>}
      """
    Then the response status is 422
    And the response JSON at "error" is "invalid_alias"

    Examples:
      | value      |
      | ${n}       |
      | false      |
      | ["${word}"] |
      | ""         |

  @R3 @should
  Scenario: A wrong lifetime is named before a wrong alias
    When I send POST "/links" with JSON:
      """
      {"url": "${url}", "alias": "-", "expires_in_seconds": -${n}}
      """
    Then the response status is 422
    And the response JSON at "error" is "invalid_expiry"
