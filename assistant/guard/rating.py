"""Rule `rating`: a study that stands with a rating has that rating in the data."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.guard.context import GuardContext
from assistant.guard.found import finding
from assistant.guard.reading import Mark, Reading
from assistant.guard.units import Span, Unit
from assistant.types import Finding

RULE = "rating"


@dataclass(frozen=True, slots=True)
class _Bond:
    """A rating said of studies."""

    rating: Mark
    studies: tuple[Mark, ...]
    denied: bool


def check(reading: Reading, context: GuardContext) -> list[Finding]:
    """Check every rating in the draft against the options."""
    found: list[Finding] = []
    for number, unit in enumerate(reading.units):
        if unit.question and unit.kind != "cell":
            continue
        span = (unit.start, unit.end)
        ratings = _ratings(reading, span)
        found += _foreign(reading, unit, ratings)
        for bond in _bonds(reading, number, unit, ratings, context):
            found += _judge(reading, unit, bond)
        found += _ranks(reading, unit)
        found += _only(reading, unit, ratings)
        found += _counted(reading, number, unit, ratings)
    return found


def _ratings(reading: Reading, span: Span) -> list[Mark]:
    names = reading.know.rating_names
    marks = [mark for mark in reading.within(*span) if mark.name in names]
    # "usually not appropriate" holds no "appropriate" of its own: the longest reading at a place counts.
    return [
        mark
        for mark in marks
        if not any(
            other is not mark and other.start <= mark.start and mark.end <= other.end
            and (other.end - other.start) > (mark.end - mark.start)
            for other in marks
        )
    ]  # fmt: skip


def _foreign(reading: Reading, unit: Unit, ratings: list[Mark]) -> list[Finding]:
    return [
        finding(reading, RULE, f"no study has the rating {reading.know.rating_names[mark.name]!r} in the guideline",
                mark.start, mark.end)
        for mark in ratings
        if mark.name in reading.know.foreign and not reading.negated(mark) and not _denied_before(reading, mark)
        and not reading.silent(unit)
    ]  # fmt: skip


def _denied_before(reading: Reading, mark: Mark) -> bool:
    return reading.has((max(0, mark.start - 40), mark.start), ("negator",))


def _bonds(
    reading: Reading, number: int, unit: Unit, ratings: list[Mark], context: GuardContext
) -> list[_Bond]:
    known = [mark for mark in ratings if mark.name not in reading.know.foreign]
    studies = [m for m in reading.studies((unit.start, unit.end)) if not _in_object(reading, m)]
    if not known:
        return [*_inherited(reading, unit, studies), *_elliptic(reading, number, unit, studies)]
    if not studies:
        around = _around(reading, number, unit, context)
        return [_Bond(rating, tuple(around), _denied(reading, rating)) for rating in known] if around else []
    bonds: list[_Bond] = []
    first = known[0]
    leading = [study for study in studies if study.start < first.start]
    if not leading:
        for place, rating in enumerate(known):
            limit = known[place + 1].start if place + 1 < len(known) else unit.end
            named = [s for s in studies if rating.end <= s.start < limit and not _unlike(reading, s, rating, after=True)]
            bonds.append(_Bond(rating, tuple(_listed(reading, rating, named)), _denied(reading, rating)))
        return [bond for bond in bonds if bond.studies]
    previous = unit.start
    for place, rating in enumerate(known):
        own = [study for study in studies if previous <= study.start < rating.start]
        own = [study for study in own if not _unlike(reading, study, rating)]
        if own:
            bonds.append(_Bond(rating, tuple(own), _denied(reading, rating)))
        previous = rating.end
        if place + 1 == len(known):
            trailing = [study for study in studies if study.start >= rating.end]
            bonds += _trailing(reading, rating, trailing)
    return bonds


def _denied(reading: Reading, rating: Mark) -> bool:
    clause = reading.clause_at(rating.start)
    if clause is not None and reading.has((clause.start, rating.start), ("no-better",)):
        return False
    return reading.negated(rating)


def _in_object(reading: Reading, study: Mark) -> bool:
    """A study after "than" or "compared with" is no subject of a rating."""
    return reading.has((max(0, study.start - 16), study.start), ("than",))


def _unlike(reading: Reading, study: Mark, rating: Mark, *, after: bool = False) -> bool:
    """Whether the study is set against the subject ("unlike CT, the scan is ...") and no comma clause takes it up."""
    if after:
        return reading.has((max(0, study.start - 12), study.start), ("unlike",))
    if not reading.has((max(0, study.start - 12), study.start), ("unlike",)):
        return False
    between = reading.words_in(study.end, rating.start)
    return not any(word.text in ("which", "both") for word in between)


def _listed(reading: Reading, rating: Mark, studies: list[Mark]) -> list[Mark]:
    """Of the studies after a rating, those that its list names; a sentence's end or a new verb ends it."""
    listed: list[Mark] = []
    position = rating.end
    for study in studies:
        between = reading.within(position, study.start)
        if any(mark.name in ("rating-stop", "unlike") for mark in between):
            break
        listed.append(study)
        position = study.end
    return listed


def _trailing(reading: Reading, rating: Mark, studies: list[Mark]) -> list[_Bond]:
    """Studies after the last rating: "as is CT", "along with CT" share it; "CT is not" does not."""
    if not studies:
        return []
    bonds: list[_Bond] = []
    between = (rating.end, studies[0].start)
    if reading.has(between, ("shares",)) and not reading.has(between, ("unlike", "negator")):
        bonds.append(_Bond(rating, tuple(studies[:1]), _denied(reading, rating)))
        position = studies[0].end
        for study in studies[1:]:
            words = [word.text for word in reading.words_in(position, study.start)]
            if len(words) > 3 or not set(words) <= {",", "and", "or", "the", "a", "so", "is", "are"}:
                break
            bonds.append(_Bond(rating, (study,), _denied(reading, rating)))
            position = study.end
    last = studies[-1]
    after = reading.within(last.end, min(last.end + 30, reading.units[-1].end))
    tail = [mark for mark in after if mark.name == "bare-not"]
    if tail and tail[0].start - last.end <= 4:
        bonds.append(_Bond(rating, (last,), not _denied(reading, rating)))
    return bonds


def _inherited(reading: Reading, unit: Unit, studies: list[Mark]) -> list[_Bond]:
    """A list or cell under a rating: each study that the item names has it."""
    if not studies or unit.kind not in ("item", "cell"):
        return []
    for span in reading.above(unit):
        ratings = [m for m in _ratings(reading, span) if m.name not in reading.know.foreign]
        if unit.label is not None and span == unit.label and span[0] != unit.start and unit.kind == "item":
            continue
        if ratings and not reading.studies(span):
            if reading.has(span, ("why",)):
                return []
            return [_Bond(ratings[-1], tuple(_head(reading, unit, studies)), reading.negated(ratings[-1]))]
        if ratings:
            return []
    return []


def _head(reading: Reading, unit: Unit, studies: list[Mark]) -> list[Mark]:
    """The studies that an item is about: those before its first verb or break."""
    head: list[Mark] = []
    position = unit.start
    for study in studies:
        if any(mark.name in ("rating-stop", "clause-break", "than", "unlike") for mark in reading.within(position, study.start)):
            break
        head.append(study)
        position = study.end
    return head


def _elliptic(reading: Reading, number: int, unit: Unit, studies: list[Mark]) -> list[_Bond]:
    """ "have the same rating" takes the rating of what stands before, "too" likewise."""
    same = reading.find((unit.start, unit.end), ("same-rating",))
    if not same or not studies or reading.negated(same[0]):
        return []
    options = {option.rating for study in studies for option in reading.know.options_for(study.name)[:1]}
    if number and len(options) == 1 and all(reading.know.options_for(study.name) for study in studies):
        previous = reading.units[number - 1]
        ratings = _ratings(reading, (previous.start, previous.end))
        if ratings:
            return [_Bond(ratings[-1], tuple(s for s in studies if s.start < same[0].start), False)]
        return []
    return [_Bond(Mark("rating:*", same[0].start, same[0].end), tuple(studies), False)]


def _around(reading: Reading, number: int, unit: Unit, context: GuardContext) -> list[Mark]:
    """The studies that a rating without any in its unit speaks of."""
    for span in reading.above(unit):
        named = [study for study in reading.studies(span) if not _in_object(reading, study)]
        if named:
            return named
    for previous in reversed(reading.units[max(0, number - 1) : number]):
        if previous.kind in ("cell", "header"):
            break
        named = [s for s in reading.studies((previous.start, previous.end)) if not _in_object(reading, s)]
        if reading.has((unit.start, unit.end), ("plural-pronoun",)):
            return named[-2:] if len(named) <= 3 else []
        distinct = {study.name for study in named}
        if len(distinct) == 1 and previous.block == unit.block:
            return named[:1]
        if named:
            return []
    if number == 0:
        asked = {m.concept for m in reading.know.find(context.question) if reading.know.is_study(m.concept)}
        rated = {concept for concept in asked if reading.know.options_for(concept)}
        if len(rated) == 1 and len(asked) == 1:
            return [Mark(rated.pop(), unit.start, unit.start, True)]
    return []


def _judge(reading: Reading, unit: Unit, bond: _Bond) -> list[Finding]:
    know = reading.know
    found: list[Finding] = []
    if bond.rating.name == "rating:*":
        ratings = set()
        for study in bond.studies:
            ratings |= {option.rating for option in know.options_for(study.name)}
        if len(ratings) > 1:
            found.append(_finding(reading, bond, "these studies do not have the same rating"))
        return found
    label = know.rating_names[bond.rating.name]
    silent = reading.silent(unit)
    for study in bond.studies:
        options = know.options_for(study.name)
        if not options:
            general = study.name in know.claims.generic or study.name in know.claims.step_generic
            if not general and not bond.denied and not silent and not _near_denial(reading, study, bond.rating):
                found.append(_finding(reading, bond, f"{_said(reading, study)} has no rating in the guideline", study))
            continue
        right = any((option.rating == label) != bond.denied for option in options)
        if not right:
            is_rating = " or ".join(dict.fromkeys(option.rating for option in options))
            found.append(_finding(reading, bond, f"{_said(reading, study)} is rated {is_rating}", study))
        elif silent and reading.has((unit.start, unit.end), ("no-rating",)) and len(bond.studies) == 1:
            continue
    return found


def _near_denial(reading: Reading, study: Mark, rating: Mark) -> bool:
    low, high = min(study.start, rating.start), max(study.end, rating.end)
    return reading.has((low, high), ("negator",))


def _finding(reading: Reading, bond: _Bond, message: str, study: Mark | None = None) -> Finding:
    first = study or bond.studies[0]
    start, end = min(first.start, bond.rating.start), max(first.end, bond.rating.end)
    if end - start > 200 or first.start == first.end:
        start, end = bond.rating.start, bond.rating.end
    return finding(reading, RULE, message, start, end)


def _said(reading: Reading, study: Mark) -> str:
    options = reading.know.options_for(study.name)
    if len(options) == 1:
        return options[0].name
    concept = reading.know.vocabulary.concepts.get(study.name)
    return concept.name if concept is not None else study.name


def _ranks(reading: Reading, unit: Unit) -> list[Finding]:
    """ "rated above", "the highest rated": refused where the ratings do not differ so."""
    found: list[Finding] = []
    for mark in reading.find((unit.start, unit.end), ("ranks-above", "ranks-below")):
        if reading.negated(mark) or reading.has((max(unit.start, mark.start - 60), mark.start), ("negator",)):
            continue
        before = [s for s in reading.studies((unit.start, mark.start))][-1:]
        after = [s for s in reading.studies((mark.end, unit.end))][:1]
        upper, lower = (before, after) if mark.name == "ranks-above" else (after, before)
        high = {option.appropriate for study in upper for option in reading.know.options_for(study.name)}
        low = {option.appropriate for study in lower for option in reading.know.options_for(study.name)}
        if high == {True} and low == {False}:
            continue
        found.append(finding(reading, RULE, "the ratings do not rank the studies so", mark.start, mark.end))
    return found


def _only(reading: Reading, unit: Unit, ratings: list[Mark]) -> list[Finding]:
    """ "only X is rated R" is refused where others have R too."""
    found: list[Finding] = []
    for mark in reading.find((unit.start, unit.end), ("only-study",)):
        rating = next((one for one in ratings if one.start >= mark.start and one.start - mark.end < 90), None)
        after = reading.studies((mark.end, min(mark.end + 18, unit.end)))
        if not after and reading.text.lower[max(unit.start, mark.start - 4) : mark.start] != "the ":
            continue
        if rating is None or rating.name in reading.know.foreign or reading.negated(mark):
            continue
        label = reading.know.rating_names[rating.name]
        whole = {option.id for option in reading.know.guideline.options if option.rating == label}
        named = {
            option.id
            for study in reading.studies((mark.start, unit.end) if after else (unit.start, unit.end))
            for option in reading.know.options_for(study.name)
            if option.rating == label
        }
        if named != whole:
            found.append(finding(reading, RULE, f"other studies are rated {label} too", mark.start, rating.end))
    return found


def _counted(reading: Reading, number: int, unit: Unit, ratings: list[Mark]) -> list[Finding]:
    """ "three are Usually Appropriate" must be as many as there are; "all studies" too."""
    found: list[Finding] = []
    known = [mark for mark in ratings if mark.name not in reading.know.foreign]
    for rating in known:
        label = reading.know.rating_names[rating.name]
        total = sum(option.rating == label for option in reading.know.guideline.options)
        whole = len(reading.know.guideline.options)
        clause = reading.clause_at(rating.start)
        if clause is None or reading.negated(rating):
            continue
        for mark in reading.find((clause.start, rating.start), ("all-studies",)):
            if total != whole and not reading.negated(mark):
                found.append(finding(reading, RULE, f"not all studies are rated {label}", mark.start, rating.end))
        for word in reading.words_in(clause.start, rating.start):
            value = reading.know.claims.numbers.get(word.text)
            if value is None or value < 2 or value == total:
                continue
            after = reading.words_in(word.end, rating.start)
            if len(after) <= 6 and not reading.studies((word.end, rating.start)) and value > total:
                found.append(
                    finding(reading, RULE, f"{total} studies are rated {label}, not {value}", word.start, rating.end)
                )
    return found
