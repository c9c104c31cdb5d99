"""Which studies a rating is said of: in sentences, lists, tables, with ellipsis and pronouns."""

from __future__ import annotations

from assistant.guard import since
from assistant.guard.apart import JOINING, is_unlike
from assistant.guard.context import GuardContext
from assistant.guard.implied import (
    Bond,
    asked_for,
    asked_study,
    find_around,
    held_before,
    in_object,
    last_rating,
)
from assistant.guard.marks import Mark
from assistant.guard.negation import FINITE
from assistant.guard.reading import Reading
from assistant.guard.units import Clause, Span, Unit

ANY = "rating:*"
_IT = frozenset({"it", "it's"})
_BARE_OPENING = 1  # so few words before a rating name no subject
_WITHOUT = 16  # characters before a rating in which "without" may stand
_COPULAS = frozenset({"is", "are", "remain", "remains"})
_WHERE_WORDS = 4  # between a rating and its verb ("R for this setting are ...")


def ratings_in(reading: Reading, span: Span) -> list[Mark]:
    """Return the ratings that stand in a span."""
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


def find_bonds(
    reading: Reading, number: int, unit: Unit, ratings: list[Mark], context: GuardContext
) -> list[Bond]:
    """Return what each rating of a unit is said of."""
    known = [mark for mark in ratings if mark.name not in reading.know.foreign]
    studies = [m for m in reading.studies((unit.start, unit.end)) if not in_object(reading, m)]
    if not known:
        given = [*_inherited(reading, unit, studies), *_elliptic(reading, number, unit, studies)]
        return given or asked_for(reading, number, unit, studies)
    if not studies:
        around = find_around(reading, number, unit, context)
        return [Bond(rating, tuple(around), _denied(reading, rating)) for rating in known] if around else []
    bonds: list[Bond] = []
    first = known[0]
    leading = [study for study in studies if study.start < first.start]
    if not leading:
        asked = asked_study(reading, unit, context) if number == 0 and first.start == unit.start else []
        unrated = not any(reading.know.options_for(study.name) for study in studies)
        if asked and unrated and reading.opens_with(first.end, ":;,"):
            # "R: such a survey takes time" answers the question, and gives a reason.
            return [Bond(first, tuple(asked), _denied(reading, first))]
        for place, rating in enumerate(known):
            limit = known[place + 1].start if place + 1 < len(known) else unit.end
            own = _predicated(reading, known[place - 1], rating, studies) if place else []
            if own:
                bonds.append(Bond(rating, tuple(own), _denied(reading, rating)))
                continue
            after = _predicated(reading, rating, known[place + 1], studies) if place + 1 < len(known) else []
            named = [
                s
                for s in studies
                if rating.end <= s.start < limit
                and s not in after
                and not is_unlike(reading, s, rating, after=True)
            ]
            bonds.append(Bond(rating, tuple(_listed(reading, rating, named)), _denied(reading, rating)))
        bonds = [bond for bond in bonds if bond.studies]
        shown = {word.text for word in reading.words_in(unit.start, first.start)}
        if shown & _IT and reading.has((first.end, studies[0].start), ("shares-rating",)):
            # "It is R, like Y": said of what "it" stands for as well.
            bonds.append(
                Bond(first, tuple(find_around(reading, number, unit, context)), _denied(reading, first))
            )
            bonds = [bond for bond in bonds if bond.studies]
        opening = [word for word in reading.words_in(unit.start, first.start) if word.text.isalpha()]
        if not bonds and len(opening) <= _BARE_OPENING:
            # "Not R at first, but the next step when X is ...": said of what stands above.
            around = find_around(reading, number, unit, context)
            bonds = [Bond(first, tuple(around), _denied(reading, first))] if around else []
        return bonds
    previous = unit.start
    for place, rating in enumerate(known):
        own = [study for study in studies if previous <= study.start < rating.start]
        own = since.contrast(reading, [study for study in own if not is_unlike(reading, study, rating)])
        if place and own and reading.has((previous, own[0].start), ("shares-rating",)):
            # "R alongside CT, and MRI as Q", "R, and so are CT and PET; MRI is Q": the first, and those
            # joined to it before a sign ends the list, belong to the rating before them.
            shared = _sharing(reading, own)
            bonds.append(Bond(known[place - 1], tuple(shared), _denied(reading, known[place - 1])))
            own = own[len(shared) :]
        held = held_before(reading, own, rating)
        if held:
            # "X (R); Y and Z hold the same rating; W is Q": Y and Z have the rating before.
            earlier = known[place - 1] if place else last_rating(reading, number, ratings_in)
            bonds.append(Bond(earlier or Mark(ANY, held[-1].end, held[-1].end), tuple(held), False))
            own = own[len(held) :]
        own = since.reason(reading, since.sentence(reading, own, previous, rating), unit, rating)
        if not own and not place and leading:
            # "Unlike CT, it is ...": what the pronoun stands for was named before.
            own = find_around(reading, number, unit, context)
        elif not own and place and bonds:
            own = _otherwise(reading, bonds[-1].studies, previous, rating)
        if own:
            bonds.append(Bond(rating, tuple(own), _denied(reading, rating)))
        previous = rating.end
        if place + 1 == len(known):
            trailing = [study for study in studies if study.start >= rating.end]
            bonds += _trailing(reading, rating, trailing)
    return bonds


def _otherwise(reading: Reading, studies: tuple[Mark, ...], begin: int, rating: Mark) -> list[Mark]:
    """The study before, where only how it is done is said anew ("with x it is R, without it Q")."""
    rated = {option.id for study in studies[-1:] for option in reading.know.options_for(study.name)}
    for name, ways in reading.know.claims.narrow.items():
        cues = reading.find((begin, rating.start), tuple(ways))
        if cues and not rated.isdisjoint(ways.values()):
            return [Mark(name, cues[-1].end, cues[-1].end, concept=True)]
    return []


def _predicated(reading: Reading, first: Mark, second: Mark, studies: list[Mark]) -> list[Mark]:
    """The studies between two ratings that the second is said of ("R are a, b and c; d and e are Q")."""
    between = [one for one in studies if first.end <= one.start < second.start]
    words = reading.words_in(first.end, second.start)
    cut = max((word.start for word in words if word.text == ";"), default=-1)
    behind = [one for one in between if one.start > cut]
    if cut < 0 or not behind:
        return []
    verbs = {word.text for word in words if word.start >= behind[-1].end}
    return [] if verbs.isdisjoint(FINITE) else behind


def _sharing(reading: Reading, studies: list[Mark]) -> list[Mark]:
    shared = studies[:1]
    if reading.has((max(0, shared[0].start - 24), shared[0].start), ("plural-share",)):
        for study in studies[1:]:
            words = {word.text for word in reading.words_in(shared[-1].end, study.start)}
            if not words <= JOINING:
                break
            shared.append(study)
    return shared if len(shared) == 1 or len(shared) < len(studies) else shared[:-1]


def _denied(reading: Reading, rating: Mark) -> bool:
    clause = reading.clause_at(rating.start)
    if clause is not None and reading.has((clause.start, rating.start), ("no-better",)):
        return False
    return reading.negated(rating) and not _is_done_without(reading, rating)


def _is_done_without(reading: Reading, rating: Mark) -> bool:
    """Whether the "without" before a rating is how the study is done ("with it R, without: Q")."""
    before = reading.find((max(0, rating.start - _WITHOUT), rating.start), reading.know.claims.narrowing)
    return bool(before) and not any(
        word.text.isalnum() for word in reading.words_in(before[-1].end, rating.start)
    )


def _listed(reading: Reading, rating: Mark, studies: list[Mark]) -> list[Mark]:
    """Of the studies after a rating, those that its list names; a sentence's end or a new verb ends it."""
    listed: list[Mark] = []
    position = rating.end
    for study in studies:
        between = reading.within(position, study.start)
        if not listed and _inverts(reading, rating, study):
            between = ()
        if any(mark.name in ("rating-stop", "unlike") for mark in between):
            break
        listed.append(study)
        position = study.end
    return listed


def _inverts(reading: Reading, rating: Mark, study: Mark) -> bool:
    """Whether the rating stands before its verb, and what it is said of behind ("R are a, b and c")."""
    words = [word.text for word in reading.words_in(rating.end, study.start)]
    verb = next((place for place, word in enumerate(words) if word in _COPULAS), len(words))
    # "R, is a", "R for this setting are a": between stands no more than where it is so.
    narrowed = verb <= _WHERE_WORDS and {word for word in words[:verb] if not word.isalpha()} <= {","}
    return verb < len(words) and narrowed and set(words[verb + 1 :]) <= since.BEFORE_SUBJECT


def _trailing(reading: Reading, rating: Mark, studies: list[Mark]) -> list[Bond]:
    """Studies after the last rating: "as is CT", "along with CT" share it; "CT is not" does not."""
    if not studies:
        return []
    bonds: list[Bond] = []
    between = (rating.end, studies[0].start)
    words = [word.text for word in reading.words_in(*between)]
    if ";" in words and not FINITE.isdisjoint(words[words.index(";") :]):
        return []  # "x is R; a focus would call for y": another sentence
    if reading.has(between, ("shares",)) and not reading.has(between, ("unlike", "negator")):
        bonds.append(Bond(rating, tuple(studies[:1]), _denied(reading, rating)))
        position = studies[0].end
        for study in studies[1:]:
            words = [word.text for word in reading.words_in(position, study.start)]
            if len(words) > 3 or not set(words) <= {",", "and", "or", "the", "a", "so", "is", "are"}:
                break
            bonds.append(Bond(rating, (study,), _denied(reading, rating)))
            position = study.end
    last = studies[-1]
    after = reading.within(last.end, min(last.end + 30, reading.units[-1].end))
    tail = [mark for mark in after if mark.name == "bare-not"]
    if tail and tail[0].start - last.end <= 4:
        bonds.append(Bond(rating, (last,), not _denied(reading, rating)))
    return bonds


def _inherited(reading: Reading, unit: Unit, studies: list[Mark]) -> list[Bond]:
    """A list or cell under a rating: each study that the item names has it."""
    if not studies or unit.kind not in ("item", "cell"):
        return []
    for span in reading.above(unit):
        ratings = [m for m in ratings_in(reading, span) if m.name not in reading.know.foreign]
        if unit.label is not None and span == unit.label and span[0] != unit.start and unit.kind == "item":
            continue
        if ratings and not reading.studies(span):
            if reading.has(span, ("why",)):
                return []
            return [Bond(ratings[-1], tuple(_head(reading, unit, studies)), reading.negated(ratings[-1]))]
        if ratings:
            return []
    return []


def _head(reading: Reading, unit: Unit, studies: list[Mark]) -> list[Mark]:
    """The studies that an item is about: those before its first verb or break."""
    head: list[Mark] = []
    position = unit.start
    for study in studies:
        if any(
            mark.name in ("rating-stop", "clause-break", "than", "unlike")
            for mark in reading.within(position, study.start)
        ):
            break
        head.append(study)
        position = study.end
    return head


def _elliptic(reading: Reading, number: int, unit: Unit, studies: list[Mark]) -> list[Bond]:
    """The phrase "have the same rating" takes the rating of what stands before, "too" likewise."""
    same = reading.find((unit.start, unit.end), ("same-rating",))
    if not same or not studies or reading.negated(same[0]):
        return []
    clause = reading.clause_at(same[0].start)
    if clause is not None and not any(study.start < same[0].start for study in studies):
        studies = [*reading.subject(Clause(clause.start, same[0].end, clause.unit), same[0].start), *studies]
    options = {option.rating for study in studies for option in reading.know.options_for(study.name)[:1]}
    if number and len(options) == 1 and all(reading.know.options_for(study.name) for study in studies):
        previous = reading.units[number - 1]
        ratings = ratings_in(reading, (previous.start, previous.end))
        if ratings:
            return [Bond(ratings[-1], tuple(s for s in studies if s.start < same[0].start), False)]
        return []
    return [Bond(Mark(ANY, same[0].start, same[0].end), tuple(studies), False)]
