"""What "yes" and "no" say to a question, be it a whole one or the few words of a note ("biopsy always needed? y/n")."""

from __future__ import annotations

import re

from assistant.guard.knowledge import Knowledge
from assistant.guard.negation import FINITE

_AUXILIARIES = frozenset(
    {"is", "are", "was", "were", "can", "could", "may", "might", "should", "would", "will", "must", "has",
     "does", "do", "did"}
)  # fmt: skip
_DOING = frozenset({"does", "do", "did"})
_PERSONS = frozenset({"i", "we", "you", "it", "she", "he", "they", "one", "this", "that", "there"})
_ARTICLES = frozenset({"a", "an", "the", "this", "that", "these", "my", "her", "his", "your", "any", "new"})
_REACH = 3  # words between the verb of a question and what it asks about
#: What only says that yes or no is wanted, and what parts a picture from the question about it.
_WANTED = re.compile(
    r"[\s,;(-]*(?:\b(?:yes|y)\s*(?:/|or)\s*(?:no|n)\b|,\s*(?:right|correct|true)|\bor not)[\s)]*$"
)
_PARTED = re.compile(r"\s*[:;]\s*|\s+-\s+|\s*,\s*")
_OTHER = re.compile(r"\b(?:which|what|how|why|when|who|where|or|vs|versus|if)\b")
_EQUALS = re.compile(r"\s*=+\s*")
#: A note without a subject that is known states something if it has a verb, or speaks of the guidance.
_VERBS = FINITE | {"need", "require", "mean"}
_GUIDANCE = "guidance"
_PICTURE = 12  # words of a picture that stands before the question proper


def told(asked: str, know: Knowledge, *, denied: bool) -> str:
    """Return the statement that yes or no makes of a question; "" where it is none of that kind."""
    asked = _WANTED.sub("", asked).strip()
    whole = _inverted(asked, know, denied=denied)
    if whole:
        return whole
    for match in reversed(list(_PARTED.finditer(asked))):
        picture, rest = asked[: match.start()], asked[match.end() :]
        if len(picture.split()) > _PICTURE:
            continue
        statement = _inverted(rest, know, denied=denied) or _noted(rest, know, denied=denied)
        if statement:
            return f"{picture}: {statement}"
    return _noted(asked, know, denied=denied)


def _noted(asked: str, know: Knowledge, *, denied: bool) -> str:
    """The statement of a question that leaves out its verb or puts it as a statement ("biopsy always necessary")."""
    asked = _EQUALS.sub(" is ", asked)
    if _OTHER.match(asked) or re.search(r"\b(?:or|vs|versus)\b", asked):
        return ""
    begin = next((match.end() for match in [re.match(r"(?:a|an|the|this|her|his)\s+", asked)] if match), 0)
    named = [one.end for one in know.find(asked) if one.start == begin]
    if not named:
        said = know.mentions(asked, _GUIDANCE) or not _VERBS.isdisjoint(asked.split())
        return f"{asked}." if said and not denied else ""
    subject, rest = asked[: max(named)], asked[max(named) :].strip()
    words = rest.split()
    if not words or len(words) > _PICTURE:
        return ""
    verb = next((n for n, word in enumerate(words) if word in FINITE), -1)
    joined = next((n for n, word in enumerate(words) if _OTHER.fullmatch(word)), len(words))
    if 0 <= verb < joined:
        head = " ".join(words[: verb + 1])
        return f"{subject} {head}{' not' if denied else ''} {' '.join(words[verb + 1 :])}."
    return f"{subject} is{' not' if denied else ''} {rest}."


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
