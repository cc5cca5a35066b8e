# board: none
Feature: Board

  Background:
    Given a random word as "word"
    When I open the page "/board"

  @R1
  Scenario: A saved link is listed
    Then the heading "Saved links" is shown
    When I fill the text box "Address" with "https://${word}.example/x"
    And I fill the text box "Alias" with "kiwi"
    And I select "red" in the combo box "Colour"
    And I click the button "Save link"
    Then the table shows the rows:
      | Alias | Address                   |
      | kiwi  | https://${word}.example/x |
    And the row "kiwi" is shown

  @R2 @R3
  Scenario: A row leads on
    When I fill these fields:
      | Address | https://${word}.example/x |
      | Alias   | plum                      |
    And I click the button "Save link"
    Then the link "Open" in the row "plum" leads to "/go/plum"
    And the page title is "Board (1)"
    And the button "Undo" is not shown
    When I open the page "/go/plum"
    Then within 2 seconds the page address contains "${word}"

  @E1
  Scenario: An address is needed
    When I fill the text box "Alias" with "${word}"
    And I click the button "Save link"
    Then the page shows "An address is needed."
