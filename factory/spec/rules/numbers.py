"""`unit-missing`: numbers that measure something and do not say in what."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from factory.spec.catalogue import Severity
from factory.spec.finding import Finding
from factory.spec.language.late import late
from factory.spec.language.measures import measures
from factory.spec.rules.bare import amounts, counted, physical, times
from factory.spec.rules.bare.named_units import has_told, is_of_a_named_measure, names_the_unit
from factory.spec.rules.bare.number import Bare, bare
from factory.spec.spoken import Spoken
from factory.spec.surroundings import Surroundings

_Case = Callable[[Bare], bool | None]
# The first that can tell decides: what is surely a count goes before what is like a measure.
_WHEREVER: tuple[_Case, ...] = (
    amounts.is_of_a_store,
    counted.is_of_a_range,
    counted.is_one_of_several,
    counted.is_a_status,
    physical.is_read_off,
    physical.is_a_span,
    physical.is_moved_to,
    amounts.opens_a_sentence,
    times.is_another,
    amounts.is_a_difference,
    times.is_before_or_after,
    physical.is_far,
)
_ALONE: tuple[_Case, ...] = (
    times.is_waited,
    amounts.is_paid,
    counted.is_of_more,
    times.is_late,
    times.is_within,
    amounts.is_a_fraction,
    amounts.ends_bounded_behind,
)
_COMPARED: tuple[_Case, ...] = (
    counted.is_an_age,
    counted.is_where_counting_begins,
    counted.is_a_name,
    counted.is_a_share,
    counted.is_in_a_message,
    is_of_a_named_measure,
    counted.is_of_a_field,
    counted.is_of_many,
    counted.is_of_more,
    physical.is_sensed,
    amounts.is_a_sum,
    times.is_late,
    amounts.is_a_fraction,
    amounts.is_priced,
    times.is_of_a_stretch,
    times.is_of_a_time_told,
    times.is_within,
    times.is_repeated,
    physical.is_older,
    counted.is_a_count,
    amounts.is_related,
    physical.is_longer,
    counted.is_a_digit,
    counted.counts_the_same,
    times.is_a_wait,
    amounts.ends_bounded,
    amounts.is_of_a_stretch_of_time,
    amounts.is_of_a_measured_noun,
)


def units_missing(said: Iterable[Spoken], _: Surroundings) -> Iterator[Finding]:
    """`unit-missing`: `within 200`, `a timeout of 30`, `files larger than 10`."""
    for one in said:
        if not one.binding or not one.sentence.has_digits:
            continue
        for found in measures(one.sentence):
            word = one.sentence.words[found.at]
            if found.dimension or not word[0].isdigit():
                continue
            asked = found.value and not has_told(one, found)
            case = _needing_a_unit(one, found.at) if asked else None
            if case and not names_the_unit(one) and not _numbers_what_follows(one, found.at):
                in_doubt = one.section.name in _OF_VALUES or case in _IN_DOUBT
                severity: Severity | None = "warning" if in_doubt else one.doubt
                yield one.finding(
                    "unit-missing", found.at, f"{word} has no unit",
                    "write the unit after the number: ms, seconds, characters, MB, USD …",
                    severity,
                )  # fmt: skip


# A value of a field here is often one of those that have no unit.
_OF_VALUES = ("Inputs", "Outputs")


def _numbers_what_follows(one: Spoken, at: int) -> bool:
    """Whether it is the number of what follows, as in `1. e4`."""
    return _FOLLOWED.match(one.passage.raw, one.sentence.end(at)) is not None


_FOLLOWED = late(r"\. ?[a-z][a-z0-9]*\d\b|\. [a-z]")


def _needing_a_unit(one: Spoken, at: int) -> _Case | None:
    """The case by which a number needs a unit, if any."""
    here = bare(one, at)
    for case in _IF_COMPARED if here.lead else _IF_ALONE:
        told = case(here)
        if told is not None:
            # An example is of a number whose requirement says what it is one of, but for times.
            needs = told and (one.section.name != "Evaluation" or case in _OF_TIMES)
            return case if needs else None
    return None


# Of these one in two is a number by itself: `one row lower by 1`, `from 0 to 31`.
_IN_DOUBT = (times.is_late, amounts.is_a_fraction, amounts.is_of_a_measured_noun)
_OF_TIMES = (times.is_waited, times.is_within, times.is_a_wait, times.is_of_a_stretch)
_IF_COMPARED, _IF_ALONE = _WHEREVER + _COMPARED, _WHEREVER + _ALONE
