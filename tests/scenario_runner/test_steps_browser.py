"""Steps in a real browser, against a small web application: each passes, and each can fail."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest
from scenario_runner.engine.context import fresh_context
from scenario_runner.engine.execute import Progress, execute
from scenario_runner.engine.plain_fixtures import PlainFixtures
from scenario_runner.engine.table import StepTable
from scenario_runner.errors import StepFailed
from scenario_runner.subject import given
from scenario_runner.subject.subject import of_given
from scenario_runner.suite.feature_file import parse_bytes

from tests.conftest import require
from tests.scenario_runner import page_service
from tests.scenario_runner.many_scenarios import all_pass, feature


@pytest.fixture(scope="module")
def pages():
    """The address of the web application; another server is the one that it may not reach."""
    if importlib.util.find_spec("playwright") is None:
        require("playwright")
    require("chromium")
    elsewhere = type("Elsewhere", (page_service.Elsewhere,), {"reached": []})
    other = page_service.serve(elsewhere)
    server = page_service.serve(
        type("Pages", (page_service.Pages,), {"elsewhere": page_service.address(other)})
    )
    yield page_service.address(server), elsewhere.reached
    server.shutdown()
    other.shutdown()


def test_what_a_person_does_and_sees(suite, run, pages):
    all_pass(suite, run, pages[0], [
        """
        When I open the page "/"
        Then the page answered with status 200
        And the page title is "Shop"
        And the page title contains "Sho"
        And the page title matches "^S.*p$"
        And the page address is "/"
        And the heading "Our shop" is shown
        And the heading "Our shop" in the main "" is shown
        And within 1 second the button "Buy" is not shown
        And the page shows "Tea is cheap today"
        And the page does not show "expensive"
        And the row "Tea" says "3.50"
        And the page has 3 rows
        And the list "Basket" has 2 list items
        And the link "Order" leads to "/form"
        And the button "Pay" is disabled
        And the button "More" is collapsed
        And the tab "First" is selected
        And the tab "Second" is not selected
        And the button "Bold" is not pressed
        When I click the button "More"
        Then the button "More" is expanded
        And the button "Pay" is enabled
        When I click the button "Bold"
        Then the button "Bold" is pressed
        When I double-click the button "More"
        Then a status says "twice"
        And the status "twice" is shown
        When I right-click the button "More"
        Then a status says "menu"
        When I point at the button "More"
        Then an alert says "Mind the gap"
        When I scroll to the region "Done"
        And I drag the button "Card" to the region "Done"
        Then a status says "dropped"
        When I press the key "F2"
        Then a status says "help"
        When I click the button "Remove" in the row "Green tea"
        Then a status says "removed Green tea"
        When I remember the text of the status "removed" as "said"
        Then the value "${said}" is "removed Green tea"
        """,
        """
        When I open the page "/"
        Then the table "Prices" shows the rows:
          | Name      | Stock |
          | Tea       | 7     |
          | Green tea | 0     |
        And the table shows the rows in any order:
          | Price | Name      |
          | 4.00  | Green tea |
          | 3.50  | Tea       |
        And the table "Prices" shows the rows in any order:
          | Name      |
          | Green tea |
          | Tea       |
        And the table shows the rows:
          | Stock |
          | 7     |
          | 0     |
        And the list "Basket" shows the items:
          | Coffee |
          | Cake   |
        And the list "Basket" shows the items in any order:
          | Cake   |
          | Coffee |
        When I download "out/prices.csv" by clicking the link "Export"
        Then the file "out/prices.csv" is:
          \"\"\"
          name,price
          \"\"\"
        When I click the link "Late"
        Then within 5 seconds the page title is "Here now"
        And the page address is "/late/done?x=1"
        And the page address contains "done"
        And the page address matches "^/late/"
        When I remember the page address as "where"
        Then the value "${where}" is "/late/done?x=1"
        When I go back to the page before
        And I go back to the page before
        Then the page title is "Shop"
        When I go forward again
        And I reload the page
        Then the page answered with status 200
        When I open the page "/nowhere"
        Then the page answered with status 404
        When I open the page "/"
        And I click the link "Order in a new window"
        And I go on in the new window
        Then the page title is "Order form"
        When I close the window
        Then the page title is "Shop"
        """,
    ])  # fmt: skip


def test_forms_keys_dialogs_and_what_the_browser_is(suite, run, pages):
    all_pass(suite, run, pages[0], [
        """
        Given a file "sun.png" of 30 bytes
        When I open the page "/form"
        Then the field "Note" has the value "old"
        And the field "Code" is read-only
        And the field "Size" is valid
        And the field "Size" offers the options:
          | Small  |
          | Medium |
          | Large  |
        When I fill the field "Search" with "x"
        And I clear the field "Search"
        Then the field "Search" is empty
        When I fill the field "Email" in the dialog "Sign-in" with "b"
        Then the field "Email" in the dialog "Sign-in" has the value "b"
        """,
        """
        Given a file "sun.png" with:
          \"\"\"
          a sun
          \"\"\"
        When I open the page "/form"
        And I fill these fields:
          | Search | tea  |
          | Note   | none |
        And I fill the field "Note" with:
          \"\"\"
          two
          lines
          \"\"\"
        And I type "!" into the field "Note"
        And I select "Large" in the field "Size"
        And I check the checkbox "Send me news"
        And I check the radio button "By bill"
        And I attach the files "sun.png" to the field "Photo"
        Then the checkbox "Send me news" is checked
        And the radio button "By card" is not checked
        When I uncheck the checkbox "Send me news"
        Then the checkbox "Send me news" is not checked
        When I check the checkbox "Send me news"
        And I remember the value of the field "Code" as "code"
        And I move the focus to the field "Note"
        Then the field "Note" is focused
        And the Tab key moves the focus through:
          | field        | Size         |
          | checkbox     | Send me news |
          | radio button | By bill      |
        When I press the key "Shift+Tab" 4 times
        Then the field "Email" in the form "Order" is focused
        When I type "ann@mail.example" on the keyboard
        Then the field "Email" in the form "Order" is required
        When I press the key "Enter"
        Then the heading "Thanks" is shown
        And the page shows "ann@mail.example"
        And the page shows "a sun"
        And the page shows "bill"
        And the page shows "${code}"
        """,
        """
        Given the next dialog is accepted
        And the next dialog is answered with "Ann"
        When I open the page "/dialogs"
        Then no dialog was shown
        When I click the button "Delete"
        Then a status says "deleted"
        And a dialog asked "Delete it?"
        When I click the button "Name"
        Then a status says "hello Ann"
        Given the next dialog is dismissed
        When I click the button "Delete"
        Then a status says "kept"
        And the browser's console shows no errors
        And the pages have asked nothing of other addresses
        And the page has no accessibility violations
        And the page has no accessibility violations of impact serious or worse
        """,
        """
        Given the browser window has 800 by 600 pixels
        And the browser speaks "de-CH"
        And the browser is in the time zone "Europe/Zurich"
        And the browser prefers dark colours
        And the browser prefers reduced motion
        And the browser has the cookie "a" with the value "b"
        When I open the page "/me"
        Then the page shows "de-CH"
        And the page shows "a=b"
        And the page shows "800x600 Europe/Zurich dark still"
        Given the browser window has 801 by 601 pixels
        When I reload the page
        Then the page shows "801x601"
        When I take a screenshot called "me"
        """,
        """
        Given the browser is a phone's
        When I open the page "/me"
        Then the page shows "390x844"
        And the page shows "\\"cookie\\": null"
        """,
        """
        Given the browser runs no scripts
        When I open the page "/me"
        Then the page does not show "1280"
        """,
        """
        When I open the page "/bad"
        Then the page has no accessibility violations except:
          | image-alt   | the picture comes with the next release |
          | button-name | so does the button                      |
        """,
    ])  # fmt: skip


@pytest.fixture(scope="module")
def said(pages):
    """Runs cases in this process, in one browser: steps, the last of which must fail, and a part of
    what it says. Cases that begin by opening a page share one window, to save time."""
    subject = of_given(given.parse([pages[0]], Path()))

    def each(*cases):
        context, shared = None, False
        for steps, words in cases:
            scenario = parse_bytes(feature([steps])["many.feature"].encode(), "a").scenarios[0]
            bound = [StepTable([]).bind(step) for step in scenario.steps]
            shares = steps.startswith("When I open")
            if context is not None and not (shares and shared):
                context.close()
                context = None
            shared = shares
            context = context or fresh_context(subject, "1", scenario)
            progress = Progress(len(bound))
            with pytest.raises(StepFailed) as caught:
                execute(bound, context, PlainFixtures(context), progress)
            assert words in str(caught.value), steps
            assert progress.done == len(bound) - 1, steps
        context.close()

    yield each
    subject.close()


OPEN = 'When I open the page "/"\n'
FORM = 'When I open the page "/form"\n'


def test_each_check_of_a_page_can_fail(said, pages):
    said(
        ('Then the page title is "Shop"', "no page was opened"),
        (OPEN + "Then the page answered with status 404", "another status"),
        (OPEN + 'Then within 0.1 seconds the page title is "Late"', "differs"),
        (OPEN + 'Then within 0.1 seconds the page title contains "x"', "lacks the text"),
        (OPEN + 'Then within 0.1 seconds the page address matches "x"', "does not match"),
        (OPEN + 'Then within 0.1 seconds the heading "our shop" is shown', "there is no heading"),
        (OPEN + 'Then within 0.1 seconds the button "Remove" is shown', "there are 2 of button"),
        (OPEN + 'Then within 0.1 seconds the button "X" in the row "Milk" is shown',
         'there is no row "Milk"'),
        (OPEN + 'Then within 0.1 seconds the heading "Our shop" is not shown', "there is heading"),
        (OPEN + 'Then within 0.1 seconds the page shows "tea is cheap"', "does not show the text"),
        (OPEN + 'Then within 0.1 seconds the page does not show "cheap"', "shows the text"),
        (OPEN + 'Then within 0.1 seconds the row "Tea" says "4.00"', "does not show the text"),
        (OPEN + "Then within 0.1 seconds the page has 2 rows", "has 3 rows"),
        (OPEN + 'Then within 0.1 seconds the list "Basket" has 1 list item', "has 2 list items"),
        (OPEN + 'Then within 0.1 seconds the link "Order" leads to "/"', "leads elsewhere"),
        (OPEN + 'Then within 0.1 seconds the button "Pay" is enabled', "is not enabled"),
        (OPEN + 'Then within 0.1 seconds the button "More" is disabled', "is not disabled"),
        (OPEN + 'Then within 0.1 seconds the button "More" is focused', "is not focused"),
        (OPEN + 'Then within 0.1 seconds a status says "x"', "must say it"),
        (OPEN + 'Then within 0.1 seconds the table "Prices" shows the rows:\n  | Name |\n  | Tea |',
         "has 2 rows"),
        (OPEN + 'Then within 0.1 seconds the table shows the rows:\n  | Size |\n  | L |',
         "not one column"),
        (OPEN + 'Then within 0.1 seconds the list "Basket" shows the items:\n  | Cake |',
         "differs"),
    )  # fmt: skip


def test_each_check_of_fields_dialogs_and_rules_can_fail(said, pages):
    said(
        (FORM + 'Then within 0.1 seconds the field "Size" offers the options:\n  | S |', "differs"),
        (FORM + 'Then within 0.1 seconds the field "Note" has the value "x"', "another value"),
        (FORM + 'Then within 0.1 seconds the field "Note" is empty', "another value"),
        (FORM + 'Then within 0.1 seconds the Tab key moves the focus through:\n  | field | Note |',
         "press 1 of Tab"),
        (OPEN + 'Then within 0.1 seconds a dialog asked "x"', "no dialog asked"),
        ('When I open the page "/dialogs"\nAnd I click the button "Delete"\n'
         'Then no dialog was shown', "a dialog was shown"),
        ('When I open the page "/bad"\nThen the browser\'s console shows no errors',
         "console shows errors"),
        ('When I open the page "/bad"\nThen the page has no accessibility violations', "image-alt"),
        ('When I open the page "/bad"\nThen the page has no accessibility violations of impact '
         'critical or worse', "button-name (critical)"),
        ('Given the browser runs no scripts\nWhen I open the page "/bad"\n'
         'Then the page has no accessibility violations', "runs none"),
        ('When I open the page "/bad"\nThen the page has no accessibility violations except:\n'
         '  | image-alt | soon |', "button-name"),
        (OPEN + 'Then the page has no accessibility violations except:\n  | image-alt | soon |',
         "not needed any more"),
        ('When I open the page "/away"\nThen the pages have asked nothing of other addresses',
         "reached out"),
    )  # fmt: skip
    assert pages[1] == [], "a page reached another server"


def test_each_action_can_fail(said):
    said(
        ('When I open the page "http://other.example/"', "pages of the subject alone"),
        (OPEN + "When I go forward again", "no page there"),
        (OPEN + "When I go on in the new window", "no new window"),
        (OPEN + "Given the browser is a phone's", "before the first page"),
        ("Given the browser window has 0 by 9 pixels", "a side has"),
        (OPEN + 'When I press the key "Nonsense"', "Unknown key"),
        (OPEN + 'When I press the key "Tab" 0 times', "1 to 200"),
        (OPEN + 'When I fill the heading "Our shop" with "x"', "not an <input>"),
        (OPEN + 'When I check the button "More"', "checkbox"),
        (FORM + 'When I attach the files "gone.png" to the field "Photo"', "no file"),
        (FORM + 'When I fill these fields:\n  | a |', "a label and a text"),
    )  # fmt: skip


@pytest.mark.nightly
def test_what_waits_its_full_time_in_vain(said):
    said(
        (OPEN + 'When I click the button "Buy"', 'there is no button "Buy"'),
        (OPEN + 'When I click the button "Pay"', "did not answer within"),
        (FORM + 'When I select "Huge" in the field "Size"', "did not answer within"),
    )  # fmt: skip
