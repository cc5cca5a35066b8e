@smoke
Feature: Basket
  What a customer takes along.

  Background:
    Given the shop sells "Emma" for 8
    And the shop sells "Ulysses" for 12.5

  Scenario: One book
    Given an empty basket
    When I put "Emma" in the basket
    Then the total is 8
    And the basket holds 1 book

  Scenario: Two books
    Given an empty basket
    When I put "Emma" in the basket
    And I put "Ulysses" in the basket
    Then the total is 20.5
    But the basket holds 2 books

  Scenario: A step is Given in one place and When in another
    Given "Emma" is in the basket
    When I put "Emma" in the basket
    Then the total is 16

  Scenario: Several copies
    When I put 3 copies of "Emma" in the basket
    Then the basket holds 3 books

  Scenario: Stars take the type of the line above
    Given an empty basket
    * "Ulysses" is in the basket
    When I put "Emma" in the basket
    * I put "Emma" in the basket
    Then the basket holds 3 books
    * the total is 28.5

  Scenario: More than there is
    When I try to put "Middlemarch" in the basket
    Then it is refused

  Scenario: A wrong total fails
    When I put "Emma" in the basket
    Then the total is 9
    And the basket holds 1 book

  Scenario: A step that raises
    When I put "Middlemarch" in the basket
    Then the basket holds 0 books

  Scenario: A clerk from a step
    Given a librarian
    When I look around
    Then Grace serves

  Scenario: The clerk of every day
    Given I look around
    Then Ada serves
    And I look around
