"""Where in a feature file something stands."""

from __future__ import annotations

from pathlib import Path

from factory.scenarios.outline import Scenario, Step

Place = tuple[int, int]
LIMIT_BYTES = 2 * 1024 * 1024


class Lines:
    """The lines of the feature files below a folder, each file read once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._read: dict[str, list[str]] = {}

    def title(self, scenario: Scenario) -> Place:
        """Of the scenario's keyword, or of the row of an outline."""
        return self._begin(scenario.path, scenario.line)

    def step(self, scenario: Scenario, step: Step) -> Place:
        """Of the step's keyword."""
        return self._begin(scenario.path, step.line)

    def inside(self, scenario: Scenario, step: Step, words: str) -> Place:
        """Of `words` in the step, in its block, or in the row that gave them; else of the step."""
        length = (step.docstring or "").count("\n") + 3 if step.docstring is not None else 0
        length += len(step.table or ())
        for line in range(step.line, step.line + length + 1):
            column = self._line(scenario.path, line).find(words)
            if column >= 0:
                return line, column + 1
        if scenario.line != scenario.title_line:
            column = self._line(scenario.path, scenario.line).find(words)
            if column >= 0:
                return scenario.line, column + 1
        return self.step(scenario, step)

    def tag(self, scenario: Scenario, tag: str) -> Place:
        """Of a tag of the scenario: the nearest above it, those of its feature included."""
        for line in range(scenario.line, 0, -1):
            text = self._line(scenario.path, line)
            if text.lstrip().startswith("@"):
                words = text.split("#")[0]
                at = words.find(tag)
                if at >= 0 and tag in words.split():
                    return line, at + 1
        return self.title(scenario)

    def _begin(self, path: str, line: int) -> Place:
        text = self._line(path, line)
        return line, len(text) - len(text.lstrip()) + 1

    def _line(self, path: str, number: int) -> str:
        if path not in self._read:
            try:
                with (self._folder / path).open("rb") as stream:
                    text = stream.read(LIMIT_BYTES).decode("utf-8", "replace")
            except OSError:
                text = ""
            self._read[path] = [one.removesuffix("\r") for one in text.split("\n")]
        lines = self._read[path]
        return lines[number - 1] if 1 <= number <= len(lines) else ""
