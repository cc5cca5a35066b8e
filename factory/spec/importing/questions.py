"""The only words that an import adds of its own: a question where the source says nothing.

The gate reports each of them, by the words "Open question".
"""

from __future__ import annotations

OPEN = "Open question:"

WHAT = f"{OPEN} what must exist when this is done?"
WHO = f"{OPEN} who uses this, and what for?"
VALID_INPUTS = f"{OPEN} what does it accept, within which bounds?"
INVALID_INPUTS = f"{OPEN} which input is invalid, and which answer does each get?"
OUTPUTS = f"{OPEN} what does it give back?"
RULE = f"{OPEN} what must it do, seen from outside?"
EDGE_CASE = f"{OPEN} what happens at the bounds of what it accepts?"
EVALUATION = f"{OPEN} how does one see that each requirement is met? Given …, when …, then …"
STEPS = f"{OPEN} given what, when what, then what?"
GIVEN = f"Given {OPEN} what holds before"
COVERAGE = f"{OPEN} which requirement does this cover?"
CONSTRAINT = f"{OPEN} which limits hold for time, size, cost and compatibility?"
CHANGED = f"{OPEN} which spec of ours holds what is changed here?"
REMOVED = f"{OPEN} which spec of ours holds what is removed here?"
RENAMED = f"{OPEN} which spec of ours holds what is renamed here?"

MISSING = {
    "What": (WHAT,),
    "Who": (WHO,),
    "Inputs": (VALID_INPUTS, INVALID_INPUTS),
    "Outputs": (OUTPUTS,),
    "Rules": (RULE,),
    "Edge cases": (EDGE_CASE,),
    "Evaluation": (EVALUATION,),
    "Constraints": (CONSTRAINT,),
}

TODO_PRODUCT = "todo-product"
TODO_OWNER = "@TODO/owner"
TODO_TITLE = "TODO title"
TODO_ID = "todo-id"
TODO = frozenset({TODO_PRODUCT, TODO_OWNER, TODO_TITLE, TODO_ID})
