"""Cucumber tag expressions: `@a and not (@b or @c)`.

Grammar after Cucumber's own: `not` binds tighter than `and`, `and` tighter than `or`; a literal
blank or parenthesis inside a tag is written with a backslash before it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

from scenario_runner.errors import UsageFault

Predicate = Callable[[Collection[str]], bool]

# Longer expressions are mistakes, and depth here is Python's recursion depth.
MAX_LENGTH = 4096
MAX_DEPTH = 100


def parse(expression: str) -> Predicate:
    """A test of a scenario's tags (with `@`). Raises UsageFault when it cannot be read."""
    if len(expression) > MAX_LENGTH:
        raise UsageFault(f"--tags: the expression is longer than {MAX_LENGTH} characters")
    tokens = _tokens(expression)
    if not tokens:
        return lambda tags: True
    parser = _Parser(tokens)
    predicate = parser.either(0)
    if parser.tokens:
        raise UsageFault(f'--tags: expected "and" or "or" before "{parser.tokens[0]}"')
    return predicate


def _tokens(expression: str) -> list[str]:
    tokens: list[str] = []
    word = ""
    characters = iter(expression)
    for character in characters:
        if character == "\\":
            word += next(characters, "")
        elif character in "()" or character.isspace():
            if word:
                tokens.append(word)
            word = ""
            if character in "()":
                tokens.append(character)
        else:
            word += character
    if word:
        tokens.append(word)
    return tokens


class _Parser:
    def __init__(self, tokens: list[str]) -> None:
        self.tokens = tokens

    def either(self, depth: int) -> Predicate:
        terms = [self.both(depth)]
        while self.tokens and self.tokens[0] == "or":
            self.tokens.pop(0)
            terms.append(self.both(depth))
        return terms[0] if len(terms) == 1 else lambda tags: any(term(tags) for term in terms)

    def both(self, depth: int) -> Predicate:
        terms = [self.single(depth)]
        while self.tokens and self.tokens[0] == "and":
            self.tokens.pop(0)
            terms.append(self.single(depth))
        return terms[0] if len(terms) == 1 else lambda tags: all(term(tags) for term in terms)

    def single(self, depth: int) -> Predicate:
        if depth > MAX_DEPTH:
            raise UsageFault("--tags: nested too deeply")
        token = self.tokens.pop(0) if self.tokens else "the end"
        if token == "not":
            inner = self.single(depth + 1)
            return lambda tags: not inner(tags)
        if token == "(":
            grouped = self.either(depth + 1)
            if not self.tokens or self.tokens.pop(0) != ")":
                raise UsageFault('--tags: a "(" is never closed')
            return grouped
        if not token.startswith("@") or token == "@":
            raise UsageFault(f'--tags: expected a tag such as @must, found "{token}"')
        return lambda tags: token in tags
