"""Read one feature file: scenarios with their steps rendered, and everything that is wrong."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from scenario_runner.model import Scenario, Step, StepType, SuiteError
from scenario_runner.suite import description_lines, freshness

# A larger file is generated data, not something that a person reviews.
MAX_BYTES = 2 * 1024 * 1024
MAX_ROWS = 20_000

_TYPES: dict[str, StepType] = {"Context": "given", "Action": "when", "Outcome": "then"}
_PLACEHOLDER = re.compile(r"<([^<>\n]{1,200})>")


@dataclass
class ParsedFile:
    """Scenarios carry no ids yet; `templates` holds, beside each, the name before rendering."""

    scenarios: list[Scenario] = field(default_factory=list)
    templates: list[tuple[str, int, tuple[str, ...]]] = field(default_factory=list)
    refused: set[int] = field(default_factory=set)
    errors: list[SuiteError] = field(default_factory=list)


def parse_bytes(data: bytes, path: str) -> ParsedFile:
    """Never raises: whatever is wrong with the bytes is in `errors`, with an existing line."""
    parsed = ParsedFile()
    text = _decode(data, path, parsed.errors)
    if text is None:
        return parsed
    last_line = text.count("\n") + 1
    document = _gherkin(text, path, last_line, parsed.errors)
    if document is None:
        return parsed
    feature = document.get("feature")
    if feature is None:
        message = 'no feature here; begin with "Feature: " and a name'
        parsed.errors.append(SuiteError(path, 1, message))
        return parsed
    _Reader(path, feature, text.split("\n"), parsed).read()
    if not parsed.scenarios and not parsed.errors:
        message = "the feature has no scenarios; add one, or remove the file"
        parsed.errors.append(SuiteError(path, feature["location"]["line"], message))
    return parsed


def _decode(data: bytes, path: str, errors: list[SuiteError]) -> str | None:
    if len(data) > MAX_BYTES:
        errors.append(SuiteError(path, 1, f"larger than {MAX_BYTES} bytes; split the file"))
        return None
    if data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        message = "begins with a byte order mark; save the file as UTF-8 without one"
        errors.append(SuiteError(path, 1, message))
        return None
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as problem:
        line = data[: problem.start].count(b"\n") + 1
        message = f"not UTF-8 (byte 0x{data[problem.start]:02x}); save the file as UTF-8"
        errors.append(SuiteError(path, line, message))
        return None
    if "\x00" in text:
        line = text[: text.index("\x00")].count("\n") + 1
        errors.append(SuiteError(path, line, "holds a NUL character; remove it"))
        return None
    # Gherkin counts lines by \n alone, so that line numbers stay those of an editor.
    return text.replace("\r\n", "\n")


def _gherkin(
    text: str, path: str, last_line: int, errors: list[SuiteError]
) -> dict[str, Any] | None:
    from gherkin.errors import CompositeParserException, ParserError, ParserException

    from scenario_runner.suite.quick_parser import QuickParser

    try:
        document: Any = QuickParser().parse(text)
    except CompositeParserException as problem:
        for single in problem.errors:
            errors.append(_syntax_error(single, path, last_line))
        return None
    except ParserException as problem:
        errors.append(_syntax_error(problem, path, last_line))
        return None
    except (ParserError, ValueError, LookupError, TypeError, AttributeError, RecursionError) as bad:
        errors.append(SuiteError(path, 1, f"cannot be parsed as Gherkin: {type(bad).__name__}"))
        return None
    return dict(document)


def _syntax_error(problem: Any, path: str, last_line: int) -> SuiteError:
    line = min(max(int(problem.location["line"]), 1), last_line)
    message = str(problem).split(": ", 1)[-1].strip()
    if "expected:" in message or "#TagLine" in message:
        message = message.replace("#", "")
    got = re.search(r"got '(.{0,200})'", message, re.DOTALL)
    if got and description_lines.looks_like_a_step(got.group(1)):
        message = (
            f'"{got.group(1)}" is not a step; write the keyword, one space and the step, '
            "such as: Then the response status is 200"
        )
    return SuiteError(path, line, message)


class _Reader:
    """Turns a Gherkin document into scenarios, in the order of the file."""

    def __init__(
        self, path: str, feature: dict[str, Any], lines: Sequence[str], parsed: ParsedFile
    ) -> None:
        from gherkin.dialect import Dialect

        self.path = path
        self.feature = feature
        self.lines = lines
        self.parsed = parsed
        dialect = Dialect.for_name(feature["language"])
        self.outline_keywords: set[str] = set()
        keywords: list[str] = []
        if dialect is not None:
            self.outline_keywords = set(dialect.scenario_outline_keywords)
            keywords += dialect.given_keywords
            keywords += dialect.when_keywords
            keywords += dialect.then_keywords
            keywords += dialect.and_keywords
            keywords += dialect.but_keywords
        self.words = description_lines.StepWords(keywords)
        self.whole_file_refused = False

    def read(self) -> None:
        self.check_description(self.feature, inside_steps=False)
        tags = _Tags().joined(self, self.feature, whole_file=True)
        self.children(self.feature["children"], tags, [], None)
        if self.whole_file_refused:
            self.parsed.refused.update(range(len(self.parsed.scenarios)))

    def children(self, children: Any, tags: _Tags, background: list[Any], rule: str | None) -> None:
        background = list(background)
        for child in children:
            if "background" in child:
                self.check_description(child["background"], inside_steps=True)
                background += child["background"]["steps"]
            elif "rule" in child:
                inner = child["rule"]
                self.check_description(inner, inside_steps=False)
                inner_tags = tags.joined(self, inner, whole_file=True)
                self.children(inner["children"], inner_tags, background, inner["name"])
            elif "scenario" in child:
                self.scenario(child["scenario"], tags, background, rule)

    def scenario(self, node: Any, tags: _Tags, background: list[Any], rule: str | None) -> None:
        line = node["location"]["line"]
        before = len(self.parsed.errors)
        self.check_description(node, inside_steps=True)
        steps: list[Any] = node["steps"]
        if not steps:
            self.error(line, f'"{node["name"]}" has no steps; add Given, When and Then lines')
        elif "then" not in _types(steps):
            self.error(
                line,
                f'"{node["name"]}" asserts nothing; add a Then line that can fail',
            )
        all_tags = tags.joined(self, node)
        rows: list[_Row] = []
        if node["examples"] or node["keyword"] in self.outline_keywords:
            rows = self.rows(node, all_tags)
        else:
            rows = [(line, all_tags, {})]
        refused = len(self.parsed.errors) > before
        if not rows:
            rows = [(line, all_tags, {})]
        for row_line, row_tags, values in rows:
            if refused:
                self.parsed.refused.add(len(self.parsed.scenarios))
            scenario = Scenario(
                id="",
                name=_render(node["name"], values),
                path=self.path,
                line=row_line,
                tags=tuple(dict.fromkeys(row_tags.names)),
                steps=tuple(_steps(background, values) + _steps(steps, values)),
                feature=self.feature["name"],
                rule=rule,
                fresh=row_tags.fresh,
            )
            self.parsed.scenarios.append(scenario)
            self.parsed.templates.append((node["name"], line, tuple(values.values())))

    def rows(self, node: Any, tags: _Tags) -> list[_Row]:
        rows: list[_Row] = []
        name = node["name"]
        if not node["examples"]:
            line = node["location"]["line"]
            self.error(line, f'the outline "{name}" has no Examples; add a table of them')
        for examples in node["examples"]:
            line = examples["location"]["line"]
            self.check_description(examples, inside_steps=True)
            header = examples.get("tableHeader")
            body = examples.get("tableBody") or []
            if header is None or not body:
                self.error(line, f'the Examples of "{name}" have no rows; add a header and a row')
                continue
            names = [cell["value"] for cell in header["cells"]]
            if len(set(names)) != len(names) or "" in names:
                self.error(header["location"]["line"], "a column name is empty or used twice")
                continue
            row_tags = tags.joined(self, examples)
            for row in body:
                values = dict(zip(names, (cell["value"] for cell in row["cells"]), strict=True))
                rows.append((row["location"]["line"], row_tags, values))
        if len(rows) > MAX_ROWS:
            self.error(node["location"]["line"], f'"{name}" has more than {MAX_ROWS} rows')
            return rows[:1]
        return rows

    def check_description(self, node: Any, *, inside_steps: bool) -> None:
        """Lines that look like steps but were read as description would assert nothing.

        Where such a line stands outside a scenario, it may belong to any of the file.
        """
        if not node.get("description"):
            return
        for line in description_lines.numbers(node, self.lines):
            text = self.lines[line - 1].strip()
            message = self.words.complaint(text, inside_steps=inside_steps)
            if message:
                self.error(line, message)
                self.whole_file_refused |= "examples" not in node and "tableBody" not in node

    def error(self, line: int, message: str) -> None:
        self.parsed.errors.append(SuiteError(self.path, line, message))


@dataclass(frozen=True, slots=True)
class _Tags:
    """The tags that hold at one place: `names`, inherited ones first, and what the nearest of
    `@fresh:…` says."""

    names: tuple[str, ...] = ()
    fresh: str = ""

    def joined(self, reader: _Reader, node: Any, *, whole_file: bool = False) -> _Tags:
        """With those of a place further inside."""
        tags = node["tags"]
        if not tags:
            return self
        fresh, wrong = freshness.declared(tags)
        for line, message in wrong:
            reader.error(line, message)
            reader.whole_file_refused |= whole_file
        names = tuple(tag["name"] for tag in tags)
        return _Tags(self.names + names, self.fresh if fresh is None else fresh)


_Row = tuple[int, _Tags, dict[str, str]]


def _types(steps: Sequence[Any]) -> list[StepType | None]:
    types: list[StepType | None] = []
    current: StepType | None = None
    for step in steps:
        current = _TYPES.get(step["keywordType"], current)
        types.append(current)
    return types


def _render(text: str, values: dict[str, str]) -> str:
    """One pass: a value that itself holds `<name>` is left as it is."""
    if not values or "<" not in text:
        return text
    return _PLACEHOLDER.sub(lambda match: values.get(match.group(1), match.group(0)), text)


def _steps(nodes: Sequence[Any], values: dict[str, str]) -> list[Step]:
    steps: list[Step] = []
    for node, step_type in zip(nodes, _types(nodes), strict=True):
        docstring, table = node.get("docString"), node.get("dataTable")
        steps.append(
            Step(
                keyword=node["keyword"].strip(),
                type=step_type,
                text=_render(node["text"], values),
                line=node["location"]["line"],
                docstring=None if docstring is None else _render(docstring["content"], values),
                table=None
                if table is None
                else tuple(
                    tuple(_render(cell["value"], values) for cell in row["cells"])
                    for row in table["rows"]
                ),
            )
        )
    return steps
