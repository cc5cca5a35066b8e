Feature: The same with parameters

  Scenario: On every shelf
    Given I look around
    Then some floor is known

  Scenario: In every language
    When I greet
    Then the greeting is polite

  Scenario: On one floor only
    Given I look around
    Then the floor is ground

  Scenario: With a body
    Given the shop sells "Emma" for 8
    Then the total is 0

  Scenario: With a body that fails
    Given the shop sells "Emma" for 8
    Then the total is 0

  Scenario: With fixtures of the test function
    Given I look around
    Then the floor is attic
