"""The kinds of things on a page that steps speak of, in the words of WAI-ARIA, and how each is
found by its name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from scenario_runner.errors import StepFailed

if TYPE_CHECKING:
    from playwright.async_api import Locator, Page

# How long a step waits for what it says, where it does not say.
PATIENCE_SECONDS = 5.0
# Of a page as assistive technology reads it, so many characters are shown.
MAX_SNAPSHOT = 4000

# Where ARIA writes two words as one, a step writes two.
ROLES = {
    "button": "button",
    "link": "link",
    "heading": "heading",
    "checkbox": "checkbox",
    "radio button": "radio",
    "switch": "switch",
    "tab": "tab",
    "tab panel": "tabpanel",
    "menu": "menu",
    "menu item": "menuitem",
    "option": "option",
    "list": "list",
    "list item": "listitem",
    "table": "table",
    "grid": "grid",
    "row": "row",
    "cell": "cell",
    "column header": "columnheader",
    "tree item": "treeitem",
    "dialog": "dialog",
    "alert dialog": "alertdialog",
    "alert": "alert",
    "status": "status",
    "tooltip": "tooltip",
    "image": "img",
    "figure": "figure",
    "navigation": "navigation",
    "region": "region",
    "form": "form",
    "search": "search",
    "main": "main",
    "banner": "banner",
    "article": "article",
    "group": "group",
    "radio group": "radiogroup",
    "toolbar": "toolbar",
    "slider": "slider",
    "progress bar": "progressbar",
    "text box": "textbox",
    "search box": "searchbox",
    "combo box": "combobox",
    "list box": "listbox",
    "spin button": "spinbutton",
}
# What things may be said to be, and the selector of those that are; "" asks Playwright.
STATES = {
    "enabled": "",
    "disabled": "",
    "checked": ":checked, [aria-checked=true]",
    "not checked": "input:not(:checked), [aria-checked=false]",
    "selected": "option:checked, [aria-selected=true]",
    "not selected": "option:not(:checked), [aria-selected=false]",
    "expanded": "[aria-expanded=true], details[open] > summary",
    "collapsed": "[aria-expanded=false], details:not([open]) > summary",
    "pressed": "[aria-pressed=true]",
    "not pressed": "[aria-pressed=false]",
    "required": ":required, [aria-required=true]",
    "read-only": "[readonly], [aria-readonly=true]",
    "invalid": ":invalid, [aria-invalid=true]",
    "valid": ":valid:not([aria-invalid=true])",
    "current": "[aria-current]:not([aria-current=false])",
    "focused": ":focus",
}
# A form control by its label, whatever its role.
FIELD = "field"
_PLURALS = {"radio button": "radio buttons", "switch": "switches", "list box": "list boxes"}
_PLURALS |= {"text box": "text boxes", "search box": "search boxes", "combo box": "combo boxes"}
_PLURALS |= {"status": "statuses"}

# ARIA gives these no name of their own: a step names them by text in them.
_BY_TEXT = frozenset(("alert", "status", "list item", "article", "tooltip"))
_CONTROLS = (
    "input, select, textarea, meter, progress, output, [contenteditable], [role=textbox], "
    "[role=searchbox], [role=combobox], [role=listbox], [role=spinbutton], [role=slider], "
    "[role=checkbox], [role=switch], [role=radio], [role=radiogroup]"
)


def plural(role: str) -> str:
    return _PLURALS.get(role, role + "s")


def singular(word: str) -> str:
    """The role that "buttons", or "button", names."""
    return next((role for role in ROLES if word in (role, plural(role))), word)


def find(within: Page | Locator, role: str, name: str) -> Locator:
    """What is shown and goes by that name; it may be nothing, or several."""
    if role == FIELD:
        controls: Any = within.locator(_CONTROLS)
        label = re.compile(rf"^\s*{_spaced(name)}\s*[*:]?\s*$")
        labelled = within.get_by_label(label)
        # A label around a list holds the text of its options too; the accessible name does not.
        for kind in ("combobox", "listbox", "textbox"):
            labelled = labelled.or_(within.get_by_role(kind, name=label))
        named = controls.and_(labelled)
        # A placeholder stands for a label where there is no other.
        placed = controls.and_(within.get_by_placeholder(name, exact=True))
        return named.or_(placed).filter(visible=True)  # type: ignore[no-any-return]
    every: Any = within.get_by_role(ROLES[role])  # type: ignore[arg-type]
    if role == "row":
        of_page = within if hasattr(within, "goto") else within.page
        named = [
            of_page.get_by_role(kind, name=name, exact=True)
            for kind in ("cell", "rowheader", "gridcell")
        ]
        return every.filter(has=named[0].or_(named[1]).or_(named[2]))  # type: ignore[no-any-return]
    if role in _BY_TEXT:
        return every.filter(has_text=re.compile(_spaced(name)), visible=True)  # type: ignore[no-any-return]
    return within.get_by_role(ROLES[role], name=name, exact=True)  # type: ignore[arg-type]


def all_of(within: Page | Locator, role: str) -> Locator:
    return within.get_by_role(ROLES[role])  # type: ignore[arg-type]


def controls(within: Page | Locator) -> Locator:
    return within.locator(_CONTROLS).filter(visible=True)


def text(within: Page | Locator, words: str) -> Locator:
    """The smallest things shown that hold the text; capitals count, the kind of white space not."""
    return within.get_by_text(re.compile(_spaced(words))).filter(visible=True)


async def only(found: Locator, what: str) -> StepFailed | None:
    """None where there is exactly one; else what there is instead, each as its HTML begins."""
    count = await found.count()
    if count == 1:
        return None
    if count == 0:
        return StepFailed(f"there is no {what}", expected=what)
    seen = [await found.nth(number).aria_snapshot() for number in range(min(count, 5))]
    shown = [" ".join(each.split())[:200] for each in seen]
    return StepFailed(
        f"there are {count} of {what}; name the one that is meant, or the part of the page",
        expected=f"one {what}",
        seen=shown,
    )


async def says(thing: Locator, words: str) -> bool:
    """Whether the thing as a whole holds the text, over the bounds of what is in it."""
    return " ".join(words.split()) in " ".join((await thing.inner_text()).split())


def _spaced(words: str) -> str:
    """A regular expression as JavaScript reads it too."""
    return r"\s+".join(re.sub(r"([\\^$.*+?()\[\]{}|/])", r"\\\1", each) for each in words.split())
