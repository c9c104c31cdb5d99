"""Rule `rating`: what is said of all that have a rating: "only X", "X and Y alone", "three are", "all studies"."""

from __future__ import annotations

from assistant.guard.cues import Word
from assistant.guard.found import finding
from assistant.guard.marks import Mark
from assistant.guard.reading import Reading
from assistant.guard.units import Unit
from assistant.types import Finding

RULE = "rating"
#: A number that begins so near to the start answers "how many".
_OPENING = 10
_OF = 12
_BARE = frozenset(
    {
        "do",
        "does",
        "are",
        "is",
        "have",
        "has",
        "share",
        "shares",
        "tests",
        "studies",
        "test",
        "study",
        "options",
    }
)
_MOST_BARE = 5  # words of an answer that is no more than a number
#: "Only X is rated, and that is ...": what has a rating, and a word that goes back to it.
_RATES = frozenset({"rated", "rates", "rating"})
_POINTING = frozenset({"that", "it", "namely", "this"})


def only(reading: Reading, unit: Unit, ratings: list[Mark]) -> list[Finding]:
    """Exclusion: "only X is rated R" is refused where others have R too."""
    found = _alone(reading, unit, ratings)
    for mark in reading.find((unit.start, unit.end), ("only-study",)):
        rating = next((one for one in ratings if one.start >= mark.start and one.start - mark.end < 90), None)
        after = [study for study in reading.studies((mark.end, unit.end)) if study.start <= mark.end + 10]
        if not after and reading.text.lower[max(unit.start, mark.start - 4) : mark.start] != "the ":
            continue
        if rating is None or rating.name in reading.know.foreign or reading.negated(mark):
            continue
        between = {word.text for word in reading.words_in(mark.end, rating.start)}
        if not between.isdisjoint(_RATES) and not between.isdisjoint(_POINTING):
            continue  # "only X is rated, and that is R": that it has a rating is what is said of it alone
        if reading.text.lower[rating.start - 1] == "(":
            continue  # "only X is rated (R)": that it has a rating is what is said of it alone
        label = reading.know.rating_names[rating.name]
        whole = {option.id for option in reading.know.guideline.options if option.rating == label}
        named = {
            option.id
            for study in reading.studies((mark.start, unit.end) if after else (unit.start, unit.end))
            for option in reading.know.options_for(study.name)
            if option.rating == label
        }
        if named != whole:
            found.append(
                finding(reading, RULE, f"other studies are rated {label} too", mark.start, rating.end)
            )
    return found


def _alone(reading: Reading, unit: Unit, ratings: list[Mark]) -> list[Finding]:
    """Exclusion behind the studies: "X and Y alone are R" is refused where others have R too."""
    found: list[Finding] = []
    for mark in reading.find((unit.start, unit.end), ("only-after",)):
        before = reading.studies((unit.start, mark.start))
        rating = next((one for one in ratings if mark.end <= one.start <= mark.end + _OF), None)
        if rating is None or not before or before[-1].end + 1 < mark.start or reading.negated(rating):
            continue
        label = reading.know.rating_names[rating.name]
        whole = {option.id for option in reading.know.guideline.options if option.rating == label}
        named = {option.id for study in before for option in reading.know.options_for(study.name)}
        if not whole <= named and whole & named:
            message = f"other studies are rated {label} too"
            found.append(finding(reading, RULE, message, before[0].start, rating.end))
    return found


def counted(reading: Reading, ratings: list[Mark]) -> list[Finding]:
    """A count: "three are Usually Appropriate" must be as many as there are; "all studies" too."""
    found: list[Finding] = []
    known = [mark for mark in ratings if mark.name not in reading.know.foreign]
    asked = reading.know.mentions(reading.question, "asks-count")
    found += _first_count(reading, known) if asked else []
    for rating in known:
        label = reading.know.rating_names[rating.name]
        total = sum(option.rating == label for option in reading.know.guideline.options)
        whole = len(reading.know.guideline.options)
        clause = reading.clause_at(rating.start)
        if clause is None or reading.negated(rating):
            continue
        found += [
            finding(reading, RULE, f"not all studies are rated {label}", mark.start, rating.end)
            for mark in reading.find((clause.start, rating.start), ("all-studies",))
            if total != whole and not reading.negated(mark)
        ]
        for word in reading.words_in(clause.start, rating.start):
            value = reading.know.claims.numbers.get(word.text)
            if value is None or value < 2 or value == total:
                continue
            after = reading.words_in(word.end, rating.start)
            if any(word.end <= one.start < rating.start for one in ratings):
                continue  # "three are R, two Q": the nearer rating takes the number
            if value == whole and {"of", "either"} & {
                one.text
                for one in (*reading.words_in(max(clause.start, word.start - _OF), word.start), *after)
            }:
                continue  # "two of the five", "the five are either R or Q"
            if len(after) <= 6 and not reading.studies((word.end, rating.start)) and value > total:
                found.append(
                    finding(
                        reading,
                        RULE,
                        f"{total} studies are rated {label}, not {value}",
                        word.start,
                        rating.end,
                    )
                )
    return found


def _first_count(reading: Reading, ratings: list[Mark]) -> list[Finding]:
    """The number with which an answer to "how many" begins is that of the studies with the rating it is asked of."""
    unit = next((one for one in reading.units if not one.question), None)
    if unit is None:
        return []
    found = _bare_count(reading, unit)
    if found is not None:
        return found
    own = next((one.name for one in ratings if unit.start <= one.start < unit.end), None)
    denied = any(reading.negated(one) for one in ratings if unit.start <= one.start < unit.end)
    words = reading.words_in(unit.start, unit.end)
    for place, word in enumerate(words):
        if word.start > unit.start + _OPENING or denied:
            break
        value = reading.know.claims.numbers.get(word.text)
        rating = own or (_asked(reading) if _is_bare(words[place + 1 :]) else None)
        if value is None or rating is None:
            continue
        label = reading.know.rating_names[rating]
        total = sum(option.rating == label for option in reading.know.guideline.options)
        if value != total:
            message = f"{total} studies are rated {label}, not {value}"
            return [finding(reading, RULE, message, word.start, word.end)]
    return []


def _asked(reading: Reading) -> str | None:
    """The one rating that the question asks of, by its name or as the highest."""
    know = reading.know
    asked = [name for name in know.rating_names if know.mentions(reading.question, name)]
    # "usually not appropriate" holds no "appropriate" of its own
    asked = [
        name
        for name in asked
        if not any(name != one and know.rating_names[name] in know.rating_names[one] for one in asked)
    ]
    if not asked and know.mentions(reading.question, "ranks-above"):
        high = {option.rating for option in know.guideline.options if option.appropriate}
        asked = [name for name in know.rating_names if know.rating_names[name] in high]
    return asked[0] if len(asked) == 1 and asked[0] not in know.foreign else None


def _is_bare(words: list[Word]) -> bool:
    """Whether nothing is counted but what was asked: a verb or a sign follows the number, or nothing."""
    return not words or not words[0].text.isalpha() or words[0].text in _BARE


def asked_total(reading: Reading) -> int | None:
    """How many studies have the one rating of which the question asks, or any at all; None where it asks neither."""
    know, options = reading.know, reading.know.guideline.options
    if not know.mentions(reading.question, "asks-count"):
        return None
    asked = [label for name, label in know.rating_names.items() if know.mentions(reading.question, name)]
    if len(asked) == 1 and any(option.rating == asked[0] for option in options):
        return sum(option.rating == asked[0] for option in options)
    return len(options) if not asked and know.mentions(reading.question, "asks-all-rated") else None


def is_bare_count(reading: Reading, unit: Unit) -> bool:
    """Whether a unit opens the answer and is hardly more than a number ("Two.", "Just three of them.")."""
    first = next((one for one in reading.units if not one.question), None)
    words = [word.text for word in reading.words_in(unit.start, unit.end) if word.text.isalnum()]
    return (
        unit is first
        and len(words) <= _MOST_BARE
        and not any(
            mark.concept or mark.name in reading.know.rating_names
            for mark in reading.within(unit.start, unit.end)
        )
    )


def _bare_count(reading: Reading, unit: Unit) -> list[Finding] | None:
    """The finding in a number alone, as the answer to "how many are R"; None where it is none."""
    total = asked_total(reading)
    if total is None or not is_bare_count(reading, unit):
        return None
    for word in reading.words_in(unit.start, unit.end):
        value = int(word.text) if word.text.isdecimal() else reading.know.claims.numbers.get(word.text)
        if value is not None and value != total:
            return [
                finding(reading, RULE, f"there are {total} such studies, not {value}", word.start, word.end)
            ]
    return []
