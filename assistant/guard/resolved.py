"""An answer that leaves half of what it says to the question, as the sentence that it stands for.

"Yes." says what the question asks, and "it" is what the question names: the rules read "a bone scan is enough with a
cough", not "it is". Only the first sentence of a draft is put together so, and what is found in it is found there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.guard.knowledge import Knowledge
from assistant.guard.negation import FINITE
from assistant.guard.reading import Reading
from assistant.guard.units import Unit

_AUXILIARIES = frozenset(
    {"is", "are", "was", "were", "can", "could", "may", "might", "should", "would", "will", "must", "has",
     "does", "do", "did"}
)  # fmt: skip
_DOING = frozenset({"does", "do", "did"})
_PERSONS = frozenset({"i", "we", "you", "it", "she", "he", "they", "one", "this", "that", "there"})
_ARTICLES = frozenset({"a", "an", "the", "this", "that", "these", "my", "her", "his", "your", "any", "new"})
_POLAR = re.compile(
    r"\W*(?:(?:well|hi|hey|hello|dear|so|a|answer|short answer)\W+)?(yes|yep|yeah|no|nope)\b\W*"
)
_ECHO = re.compile(
    r"(?:it|they|that|this|these|you|we|she|he|one|i)\s+"
    r"(is|are|does|do|can|could|may|might|should|would|will|must|has)(n't| not)?\s*(?=$|[.;,:!])"
)
_PRONOUN = re.compile(r"(it's|it is|its|it|they're|they|their|that's|that|this|these)\b\s*")
_INSTEAD = {
    "it's": "{} is ",
    "it is": "{} is ",
    "its": "{}'s ",
    "they're": "{} are ",
    "their": "{}'s ",
    "that's": "{} is ",
}
_WHICH = re.compile(
    r"\bwhich\b(?:\s+(?:one|study|test|scan|modality|exam|of (?:them|these|the two)))?\s+(?=[a-z]+s\b)"
)
_BARE = 5  # words of an answer that only names a study
_LONGEST_QUESTION = 16  # words
_LONGEST_TOPIC = 8
_REACH = 3  # words between the verb of a question and what it asks about
_SENTENCES = re.compile(r"[^.?!;\n]+[?]?")


@dataclass(frozen=True, slots=True)
class Resolved:
    """The sentence that a unit stands for, and whether it denies what was asked."""

    unit: Unit
    text: str
    denied: bool = False


def resolve(reading: Reading) -> list[Resolved]:
    """Return what the first sentence of a draft says together with the question."""
    if not reading.question or not reading.units:
        return []
    unit = reading.units[0]
    if unit.question or unit.kind not in ("sentence", "item"):
        return []
    asked = _last_question(reading.question.lower())
    words = asked.split()
    if not words or len(words) > _LONGEST_QUESTION:
        return []
    said = reading.text.lower[unit.start : unit.end].strip(" *_>-")
    found: list[Resolved] = []
    polar = _POLAR.match(said)
    rest = said[polar.end() :] if polar else said
    echo = _ECHO.match(rest)
    if polar or echo:
        denied = (polar is not None and polar[1].startswith("n")) or (
            echo is not None and echo[2] is not None
        )
        statement = _inverted(asked, reading.know, denied=denied)
        if statement:
            found.append(Resolved(unit, statement, denied))
    chosen = _chosen(asked, said, reading, unit)
    if chosen:
        found.append(Resolved(unit, chosen))
    pronoun = None if reading.studies((unit.start, unit.end)) else _PRONOUN.match(rest)
    topic = _topic(asked, reading.know) if pronoun and not echo and len(words) <= _LONGEST_TOPIC else ""
    if pronoun and topic:
        found.append(Resolved(unit, _INSTEAD.get(pronoun[1], "{} ").format(topic) + rest[pronoun.end() :]))
    return found


def _chosen(asked: str, said: str, reading: Reading, unit: Unit) -> str:
    """The statement that a bare name makes in answer to "which is more x, a or b?" ("a is more x than b"), or ""."""
    named = reading.studies((unit.start, unit.end))
    which = _WHICH.search(asked)
    if which is None or len(named) != 1 or len(said.split()) > _BARE or not FINITE.isdisjoint(said.split()):
        return ""
    head, comma, tail = asked[which.end() :].rpartition(",")
    others = [one for one in reading.know.find(tail) if reading.know.is_study(one.concept)] if comma else []
    rest = [tail[one.start : one.end] for one in others if one.concept != named[0].name]
    if not rest or len(rest) == len(others):
        return ""
    return f"{said.strip(' .*_')} {head} than {rest[0]}."


def _last_question(text: str) -> str:
    parts = [part.strip() for part in _SENTENCES.findall(text) if part.strip(" ?")]
    asked = [part for part in parts if part.endswith("?")] or parts[-1:]
    return asked[-1].rstrip("? ") if asked else ""


def _topic(asked: str, know: Knowledge) -> str:
    """The one study that a question names, in its own words."""
    named = [
        one for one in know.find(asked) if know.is_study(one.concept) and know.speaks_of_study(one.concept)
    ]
    if len({one.concept for one in named}) != 1:
        return ""
    return asked[named[0].start : named[0].end]


def _inverted(asked: str, know: Knowledge, *, denied: bool) -> str:
    """The statement that a question of yes or no asks for ("is x enough" becomes "x is enough"); "" if it is none."""
    words = list(re.finditer(r"\S+", asked))
    if len(words) < _REACH or words[0].group() not in _AUXILIARIES:
        return ""
    verb, begin = words[0].group(), words[1].start()
    end = words[1].end()
    if words[1].group() not in _PERSONS or words[1].group() in _ARTICLES:
        limit = words[min(_REACH, len(words) - 1)].start()
        ends = [one.end for one in know.find(asked) if begin <= one.start <= limit]
        if not ends:
            return ""
        end = max(ends[:1])
    subject, rest = asked[begin:end], asked[end:]
    if verb in _DOING:
        verb = f"{verb} not" if denied else ""
    elif denied:
        verb = f"{verb} not"
    return " ".join(f"{subject} {verb} {rest}".split()) + "."
