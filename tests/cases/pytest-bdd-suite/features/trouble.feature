Feature: Trouble

  Scenario: A fixture that breaks before
    Given a broken printer
    Then it is never reached

  Scenario: A fixture that breaks after
    Given a printer that jams at the end
    Then all is well

  Scenario: A fixture that nobody has
    Given somebody else's printer
    Then it is never reached

  Scenario: A step that skips
    Given a reason to skip
    Then it is never reached

  Scenario: A step that expects to fail
    Given a reason to xfail
    Then it is never reached

  Scenario: A step that gives up
    Given a reason to fail
    Then it is never reached

  @todo
  Scenario: Not yet there
    Given all is well
    Then it is never reached

  @known_bug
  Scenario: A bug we know
    Given all is well
    Then it is never reached

  @known_bug
  Scenario: A bug that is gone
    Given all is well
    Then all is well

  @skip
  Scenario: Skipped by its tag
    Given all is well
    Then all is well

  Scenario: A step that yields and breaks after
    Given a loan that cannot be given back
    Then all is well

  Scenario: A converter that fails
    Given a price of "much"
    Then it is never reached
