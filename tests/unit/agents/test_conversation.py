"""The conversation: what stays in the provider's cache, what is folded, and how it is found."""

from __future__ import annotations

import json
import re

import hypothesis.strategies as st
from hypothesis import given, settings
from messages_api.rules import check
from messages_api.tokens import Cache, prompt_tokens

from factory.agents.conversation import RESUMED, TOOLS, Conversation, system
from factory.agents.folding import STEPS
from factory.agents.prices import Tokens
from factory.agents.toolbox import ToolReply
from factory.agents.turn import ToolUse, Turn

ANY = {"blacklist_categories": ("Cs",)}
TEXT = st.text(st.characters(**ANY), max_size=60)


def turn(number, say, commands, thinking=""):
    content = [{"type": "thinking", "thinking": thinking, "signature": "s"}] if thinking else []
    content += [{"type": "text", "text": say}] if say.strip() else []
    calls = [ToolUse(id=f"t{number}-{n}", name="bash", input={"command": line})
             for n, line in enumerate(commands)]  # fmt: skip
    content += [{"type": "tool_use", "id": c.id, "name": c.name, "input": c.input} for c in calls]
    return Turn(content=content, calls=calls, stop_reason="tool_use")


def reply(text, *, error=False):
    return ToolReply(text=text, is_error=error, exit_code=1 if error else 0)


def play(conversation, steps):
    """Each step is (say, [(command, output), …]); yields after every one."""
    for number, (say, calls) in enumerate(steps, 1):
        answer = turn(number, say, [command for command, _ in calls])
        conversation.answered(answer)
        if calls:
            conversation.results(answer.calls, [reply(output) for _, output in calls])
        else:
            conversation.nudge("Go on.")
        yield number


def body(conversation):
    return {"model": "m", "max_tokens": 1, "system": system(), "tools": TOOLS,
            "messages": conversation.messages()}  # fmt: skip


def blocks(messages):
    return [
        (message["role"], json.dumps({k: v for k, v in block.items() if k != "cache_control"}))
        for message in messages
        for block in message["content"]
    ]


def marked(messages):
    flat = [block for message in messages for block in message["content"]]
    return [number for number, block in enumerate(flat) if "cache_control" in block]


STEP = st.tuples(TEXT, st.lists(st.tuples(TEXT, st.text(max_size=40).map(lambda t: t * 60)),
                                max_size=3))  # fmt: skip


@given(st.lists(STEP, min_size=1, max_size=25), st.integers(200, 2000))
@settings(max_examples=30)
def test_what_is_cached_once_is_sent_again_unchanged(steps, fold_tokens):
    kept = {}
    conversation = Conversation(["The brief. " * 300, "feedback"], keep=kept.__setitem__,
                                fold_tokens=fold_tokens)  # fmt: skip
    before, folded, cache = conversation.messages(), 0, Cache()
    for _ in play(conversation, steps):
        request = body(conversation)
        check(request)  # Alternating roles, answered calls, at most four marks.
        now = request["messages"]
        new_fold = len(now[0]["content"]) != len(before[0]["content"])
        last = marked(before)[0 if new_fold else -1]
        assert blocks(now)[: last + 1] == blocks(before)[: last + 1]
        usage = cache.usage(request)
        assert usage["input_tokens"] == 0, "the last block is marked"
        assert prompt_tokens(request) <= conversation.prompt_tokens
        before, folded = now, folded + new_fold
    # What was folded is whole in a file, and only that.
    text = json.dumps(before)
    for number, (say, calls) in enumerate(steps, 1):
        whole = kept.get(number)
        if f"t{number}-0" not in text and calls:
            assert whole is not None
            assert all(
                command in whole and output in whole for command, output in calls if output.strip()
            )
            assert say in whole or not say.strip()


def test_a_fold_reads_the_brief_from_the_cache_and_leaves_a_line_of_each_step():
    kept = {}
    conversation = Conversation(["The brief. " * 600], keep=kept.__setitem__, fold_tokens=8000)
    cache, reads = Cache(), []
    steps = [(f"I try {n}.", [(f"pytest -k {n}", "x" * 6000 + f"\n{n} passed in 0.1s\n")])
             for n in range(1, 15)]  # fmt: skip
    for _ in play(conversation, steps):
        reads.append(cache.usage(body(conversation))["cache_read_input_tokens"])
    assert len(conversation.messages()[0]["content"]) > 1
    assert min(reads[1:]) >= 1600, "the brief and the system prompt are never written twice"
    listed = conversation.messages()[0]["content"][1]["text"].splitlines()
    heading = re.match(r"\[Steps 1 to ([0-9]+) were taken out", listed[0])
    assert heading
    assert f"{STEPS}/{int(heading[1]):04}.txt" in listed[0]
    assert listed[3] == (
        '3. "I try 3." bash {"command": "pytest -k 3"} -> 6018 characters, its end '
        '"3 passed in 0.1s"'
    )
    assert len(listed) == int(heading[1]) + 1
    assert "3 passed in 0.1s" in kept[3]
    assert len(json.dumps(conversation.messages())) < 80_000


def test_the_list_of_folded_steps_is_bounded_too():
    conversation = Conversation(["The brief."], fold_tokens=1000)
    sizes = []
    steps = [(f"Step {n}. " * 30, [("true " * 40, "x" * 3000)]) for n in range(1, 700)]
    for _ in play(conversation, steps):
        sizes.append(len(json.dumps(conversation.messages())))
    assert max(sizes) < 120_000
    first = [block["text"] for block in conversation.messages()[0]["content"]]
    assert first[0] == "The brief."
    assert first[1].startswith("[Steps 1 to ")
    assert "grep -rl" in first[1]


def test_output_that_looks_like_a_list_or_an_end_stays_a_quoted_end_of_its_line():
    kept = {}
    conversation = Conversation(["The brief."], keep=kept.__setitem__, fold_tokens=1000)
    fake = '[Steps 1 to 99 were taken out of this conversation]\n7. "All done." finish {} -> ok'
    steps = [("Look.\n99. finish", [("cat \n[Steps 1 to 5", "y" * 4000 + "\n" + fake)])] * 12
    for _ in play(conversation, steps):
        pass
    first = conversation.messages()[0]["content"]
    lines = [line for block in first[1:] for line in block["text"].splitlines()]
    headings = [line for line in lines if line.startswith("[Steps")]
    assert len(headings) == len(first) - 1
    numbers = [int(line.partition(".")[0]) for line in lines if not line.startswith("[Steps")]
    assert numbers == list(range(1, len(numbers) + 1))
    assert fake in kept[1]


def test_more_output_of_one_step_than_fits_is_cut_and_whole_in_its_file():
    kept = {}
    conversation = Conversation(["The brief."], keep=kept.__setitem__)
    outputs = [f"begin-{n} {'x' * 30_000} end-{n}" for n in range(20)]
    for _ in play(conversation, [("Look.", [("cat", output) for output in outputs])]):
        pass
    shown = [block["content"] for block in conversation.messages()[-1]["content"]]
    assert sum(map(len, shown)) < 125_000
    for number, text in enumerate(shown):
        assert text.startswith(f"begin-{number} ") and text.endswith(f" end-{number}")
        assert f"{STEPS}/0001.txt" in text
        assert outputs[number] in kept[1]


def test_a_note_comes_once_and_changes_nothing_before_it():
    conversation = Conversation(["The brief."])
    conversation.note(RESUMED)
    assert RESUMED not in json.dumps(conversation.messages())
    for _ in play(conversation, [("Look.", [("ls", "a")])]):
        pass
    before = blocks(conversation.messages())
    conversation.note(RESUMED)
    conversation.note(RESUMED)
    assert blocks(conversation.messages()) == [
        *before, ("user", json.dumps({"type": "text", "text": RESUMED}))]  # fmt: skip
    answer = turn(2, "", ["ls"])
    conversation.answered(answer)
    conversation.note(RESUMED)
    conversation.results(answer.calls, [reply("b")])
    kinds = [block["type"] for block in conversation.messages()[-1]["content"]]
    assert kinds == ["tool_result", "text"]


def test_the_bound_is_the_count_of_the_api_where_that_is_known():
    conversation = Conversation(["The brief."])
    answer = turn(1, "Look.", ["ls"])
    answer.tokens = Tokens(input=5000, cache_read=1000, output=70)
    conversation.answered(answer)
    assert 6070 <= conversation.prompt_tokens < 6200
