"""A bare name that answers "which ...?", as the statement that it makes ("x" to "which is more y?": "x is more y").

Only questions for one thing are read so, and only answers that name one study and say nothing more of it.
"""

from __future__ import annotations

import re
from dataclasses import replace

from assistant.guard import ratedlow
from assistant.guard.negation import FINITE
from assistant.guard.reading import Reading
from assistant.guard.units import Unit

_WHICH = re.compile(r"\b(?:which|what|who)\b")
_WORD = re.compile(r"[^\s,;:]+")
#: What stands between "which" and its verb ("which rated study is ...").
_BEFORE_VERB = 4
_BARE = 6  # words of an answer beside the study that it names
_PICTURE = 12  # words before the question proper that tell a picture
#: Verbs that turn about with their subject ("what do many prefer"), and those that do so before a person.
_DOING = frozenset({"do", "does", "did"})
_MODAL = frozenset({"should", "would", "could", "can", "may", "might", "will", "shall", "is", "are"})
_PERSONS = frozenset(
    {"i", "we", "you", "it", "she", "he", "they", "one", "this", "that", "there", "the", "my", "her", "his"}
)
_ARTICLES = frozenset({"a", "an", "the", "of", "by"})
_NAMES = frozenset({"the", "my", "this", "that", "there"})
#: Words in -s that are no verbs.
_NO_VERB = re.compile(r"(?:ss|us|is|ies|sts|ans|ions|days|rays)$")
_ALTERNATIVES = re.compile(r"\b(?:or|vs?\.?|versus)\b")
#: A question with a verb is no name for what it asks about ("first choice?").
_VERB = re.compile(r"\b(?:is|are|was|were|does|do|did|should|would|can|could|may|has|have|if|how|why|when)\b")
_POLAR = re.compile(
    r"(?:is|are|was|were|does|do|did|should|would|can|could|may|has|have|how|why|when|who|where)\b"
)
#: What parts a picture from the question that is asked about it.
_PARTED = re.compile(r"\s*[,;:]\s*|\s+-\s+|\s+(?=(?:which|what)\b)")
_TELLING = ("negator", "condition", "silence")
_LEAST = 2  # words of a predicate: a verb and what it says
_PHRASE = 3  # words that name what is asked for, where the question has no verb
_PUT_FIRST = ("better-hedged", "first-choice")
_ASKS = "asks-study"
#: What a question denies of a study may be true of one of which the text says nothing.
_DENYING = frozenset({"no", "not", "without", "never", "none", "neither"})
_OWN_LABEL = (":", ";")
#: What a bare answer adds to the name: what it is set against, or what follows from it.
_CUT = re.compile(
    r"\s+(?:more|rather) than\b|\s+instead of\b|[,;]?\s+(?:and )?not\b"
    r"|[,;]\s*(?:so|because|since|as|which|hence|thus)\b"
)
_NAMES_BEFORE = re.compile(r"[.:;]|\b(?:and|or)$")
_POLAR_ANSWERS = frozenset(
    {"yes", "no", "none", "neither", "both", "all", "either", "not", "any", "each", "every"}
)
_ENDS = " .*_"


def statements(reading: Reading, unit: Unit, asked: str, said: str) -> list[str]:
    """Return the statements that an answer makes together with its question; none where it says all itself."""
    said = said.strip(_ENDS)
    cut = _CUT.search(said)
    if cut is not None and not _NAMES_BEFORE.search(said[: cut.start()]):
        whole, said = said, said[: cut.start()]
        end = reading.text.lower.find(whole, unit.start, unit.end) + cut.start()
        unit = replace(unit, end=max(end, unit.start))
    if reading.repeats(unit) or any(sign in said for sign in _OWN_LABEL):
        return []  # thanks for what was asked, or an answer that names its own picture
    found: list[str] = []
    bare = is_bare(reading, unit)
    if bare:
        last = asked.rpartition(";")[2].strip()
        compared = _compared(reading, unit, last, said)
        found += [compared] if compared else [one for one in (_told(reading, last, said),) if one]
    elif _is_thing(reading, unit, asked):
        found += [one for one in (_told(reading, asked.rpartition(";")[2].strip(), said),) if one]
    picture = _picture(reading, asked)
    if picture and (bare or reading.has((unit.start, unit.end), _PUT_FIRST)):
        found.append(f"{picture}: {said}." if bare else f"if {picture}, {said}.")
    return found


def is_bare(reading: Reading, unit: Unit) -> bool:
    """Return whether an answer names one study, and has no verb."""
    span = (unit.start, unit.end)
    named = reading.studies(span)
    rest = [
        word.text
        for word in reading.words_in(*span)
        if word.text.isalpha()
        and word.text not in _ARTICLES
        and not any(one.start <= word.start < one.end for one in named)
    ]
    if rest[-2:] == ["it", "is"]:  # "x it is."
        rest = rest[:-2]
    return (
        len({one.name for one in named}) == 1
        and len(rest) <= _BARE
        and FINITE.isdisjoint(rest)
        and not reading.has(span, _TELLING)
        and not ratedlow.is_rated(reading, span)
    )


def _is_thing(reading: Reading, unit: Unit, asked: str) -> bool:
    """Whether an answer to "which ...?" names no study, and no more than a thing ("which organ ...?" "The liver.")."""
    span = (unit.start, unit.end)
    words = [word.text for word in reading.words_in(*span) if word.text.isalpha()]
    which = _WHICH.search(asked)
    return (
        which is not None
        and (which.group() != "what" or asked[_verb(asked) :].split()[:1] in [[one] for one in _DOING])
        and 0 < len(words) <= _BARE
        and FINITE.isdisjoint(words)
        and _POLAR_ANSWERS.isdisjoint(words[:1])
        and not reading.studies(span)
        and not reading.has(span, _TELLING)
    )


def _compared(reading: Reading, unit: Unit, asked: str, said: str) -> str:
    """The answer to "which is more x, a or b?" ("a is more x than b")."""
    verb = _verb(asked)
    head, comma, tail = asked[verb:].rpartition(",") if verb else ("", "", "")
    others = [one for one in reading.know.find(tail) if reading.know.is_study(one.concept)] if comma else []
    name = reading.studies((unit.start, unit.end))[0].name
    rest = [tail[one.start : one.end] for one in others if one.concept != name]
    return f"{said} {head} than {rest[0]}." if rest and len(rest) < len(others) else ""


def _told(reading: Reading, asked: str, said: str) -> str:
    """The answer to "which is x?", "what do they prefer in y?", "x?"."""
    which = _WHICH.search(asked)
    if which is None:
        if len(asked.split()) < _PHRASE or _POLAR.match(asked) or _names_study(reading, asked):
            return ""
        return f"{asked}: {said}." if _VERB.search(asked) else f"{said} is {asked}."
    verb = _verb(asked)
    words = asked[verb:].split()
    if not verb or len(words) < _LEAST or not _DENYING.isdisjoint(words):
        return ""
    before = asked[: which.start()].strip()
    turned = words[0] in _DOING or (words[0] in _MODAL and words[1] in _PERSONS - _NAMES)
    if turned and words[1] in ("it", "that", "this"):
        return ""
    if turned:
        return f"{before} {' '.join(words[1:])} {said}.".strip()
    return f"{said} {' '.join(words)}" + (f", {before}." if before else ".")


def _verb(asked: str) -> int:
    """Where the verb of "which ...?" begins; 0 where there is none."""
    which = _WHICH.search(asked)
    if which is None:
        return 0
    words = list(_WORD.finditer(asked, which.end()))[: _BEFORE_VERB + 1]
    for word in words:
        text = word.group()
        if text in FINITE or text in _MODAL | _DOING or (text.endswith("s") and not _NO_VERB.search(text)):
            return word.start()
    return 0


def _picture(reading: Reading, asked: str) -> str:
    """What a question tells before it asks which of two ("viscera in question: x or y?")."""
    parts = [part for part in _PARTED.split(asked) if part]
    asks = next(
        (n for n, part in enumerate(parts) if _WHICH.match(part) or _ALTERNATIVES.search(part)), len(parts)
    )
    picture = " ".join(parts[:asks])
    know = reading.know
    told = (name for choice in know.claims.choices for names in choice.when for name in names)
    asking = asks == len(parts) and (know.mentions(asked, _ASKS) or _VERB.search(asked) is not None)
    if asking or len(picture.split()) > _PICTURE or not any(know.mentions(picture, one) for one in told):
        return ""
    return "" if _names_study(reading, picture) else picture


def _names_study(reading: Reading, text: str) -> bool:
    """Whether a text names a study whose result it does not only tell ("after a negative x")."""
    know = reading.know
    return any(
        know.is_study(one.concept) and one.concept not in know.claims.scanned for one in know.find(text)
    )
