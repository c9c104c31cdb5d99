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
_BEING = frozenset({"is", "are", "was", "were"})
_PERSONS = frozenset({"i", "we", "you", "it", "she", "he", "they", "one", "this", "that", "there"})
_ARTICLES = frozenset({"a", "an", "the", "this", "that", "these", "my", "her", "his", "your", "any", "new"})
_PREPOSITIONS = frozenset(
    {"of", "in", "on", "at", "by", "for", "from", "to", "with", "without", "after", "before", "under", "than",
     "as", "about", "into", "over"}
)  # fmt: skip
_PARTS = tuple([word] for word in ("of", "from", "with", "without", "in", "on", "for"))
_REACH = 3  # words between the verb of a question and what it asks about
#: What only says that yes or no is wanted, and what parts a picture from the question about it.
_WANTED = re.compile(
    r"[\s,;:(-]*(?:\b(?:yes|y)\s*(?:/|or)\s*(?:no|n)\b|\b(?:true|t)\s*(?:/|or)\s*(?:false|f)\b"
    r"|[,;-]\s*(?:is that |that's |am i |is it |are we )?(?:right|correct|true|so|yes|no|agreed|ok|okay)"
    r"|[,;-]?\s*(?:isn't|aren't|doesn't|don't|can't|won't|is|are|does|do)(?: not)? (?:it|they|that|he|she)"
    r"|[,;-]\s*is (?:that|this|it) (?:what|in|how|as|part|according)\b.{0,30}|\bor not)[\s)]*$"
)
#: What only opens a question that puts a statement to the other.
_OPENING = re.compile(
    r"^(?:(?:so|and|but|ok|okay|then|well|just checking|quick question|to confirm|just to confirm)[\s,:-]+)*"
    r"(?:(?:am i|are we|would i be) (?:right|correct)(?: in (?:thinking|saying|assuming))?(?: that)?"
    r"|(?:is it|it is|it's) (?:true|correct|right|so|the case)(?: that)?"
    r"|i (?:take it|assume|gather|understand|think|believe)(?: that)?"
    r"|(?:does|do) (?:the|this) (?:text|guideline|guidance|article|page) (?:really )?(?:say|state|hold|claim)(?: that)?"
    r")?[\s,:-]*"
)
_PARTED = re.compile(r"\s*[:;]\s*|\s+-\s+|\s*,\s*")
_OTHER = re.compile(r"\b(?:which|what|how|why|when|who|where|or|vs|versus|if)\b")
_EQUALS = re.compile(r"\s*=+\s*")
#: A note without a subject that is known states something if it has a verb, or speaks of the guidance.
_VERBS = FINITE | {"need", "require", "mean"}
_ADVERBS = frozenset(
    {"only", "also", "often", "usually", "typically", "generally", "sometimes", "always", "never", "mostly",
     "rarely", "really", "just", "merely", "mainly", "even"}
)  # fmt: skip
_GUIDANCE = "guidance"
#: A note that leaves out that it asks of the guidance ("covers men?").
_UNSAID = re.compile(r"^(?:so\s+)?(?=(?:covers|applies|includes|excludes)\b)")
_OF_GUIDANCE = "the guidance "
_ONLY, _ALL = "only", frozenset({"all", "every", "each"})
_PICTURE = 12  # words of a picture that stands before the question proper
_LEAST_VERB = 4  # letters of a verb in the third person ("goes")
_LATER = 5  # words of a subject that an article ends ("pain worse at night a sign")


def told(asked: str, know: Knowledge, *, denied: bool) -> str:
    """Return the statement that yes or no makes of a question; "" where it is none of that kind."""
    asked = _WANTED.sub("", asked).strip() if denied else _plain(asked)
    return _told(asked, know, denied=denied)


def _told(asked: str, know: Knowledge, *, denied: bool) -> str:
    whole = _inverted(asked, know, denied=denied)
    if whole:
        return whole
    for match in reversed(list(_PARTED.finditer(asked))):
        picture, rest = asked[: match.start()], asked[match.end() :]
        if len(picture.split()) > _PICTURE:
            continue
        statement = _inverted(rest, know, denied=denied) or _noted(rest, know, denied=denied)
        if statement:
            # Behind a colon, the last word of the picture could be read with the first of the rest.
            return f"{picture}; {statement}"
    return _noted(asked, know, denied=denied)


def told_bare(asked: str, know: Knowledge, *, denied: bool) -> str:
    """Return what a bare yes or no says to a question, however that is put; "" where it asks for something else."""
    asked = _UNSAID.sub(_OF_GUIDANCE, _plain(asked))
    statement = _told(asked, know, denied=denied)
    if statement:
        return statement
    asked = _EQUALS.sub(" is ", asked)
    if not asked or _OTHER.match(asked) or re.search(r"\b(?:or|vs|versus)\b", asked):
        return ""
    first, _, rest = asked.partition(" ")
    asked = rest if first in _AUXILIARIES and rest else asked
    return f"it is not so that {asked}." if denied else f"{asked}."


def _plain(asked: str) -> str:
    """A question without what only says that it is one."""
    before = ""
    while asked != before:
        before, asked = asked, _WANTED.sub("", asked).strip(" ?.,;-")
    plain = _OPENING.sub("", asked)
    return plain or asked


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
    place = 1 if words[0] in _ADVERBS and len(words) > 1 else 0
    if _is_third_person(words[place], asked, know):
        if not denied:
            return f"{subject} {rest}."
        if place and words[0] == _ONLY:
            return f"it is not so that {asked}."
        base = words[place].removesuffix("s")
        return f"{subject} does not {' '.join([*words[:place], base, *words[place + 1 :]])}."
    return f"{subject} is{' not' if denied else ''} {rest}."


def _is_third_person(word: str, asked: str, know: Knowledge) -> bool:
    """Whether a word after a subject is its verb ("x suggests y"), and names nothing."""
    if len(word) < _LEAST_VERB or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return False
    return not any(asked[one.start : one.end].startswith(word) for one in know.find(asked))


def _inverted(asked: str, know: Knowledge, *, denied: bool) -> str:
    """The statement that a question of yes or no asks for ("is x enough" becomes "x is enough"); "" if it is none."""
    words = list(re.finditer(r"\S+", asked))
    if len(words) < _REACH or words[0].group() not in _AUXILIARIES:
        return ""
    verb, begin = words[0].group(), words[1].start()
    end = words[1].end()
    guidance = next((n for n in (1, 2) if know.mentions(words[n].group(), _GUIDANCE)), 0)
    if guidance:
        end = words[guidance].end()
    elif words[1].group() not in _PERSONS or words[1].group() in _ARTICLES:
        limit = words[min(_REACH, len(words) - 1)].start()
        end = _subject_end(asked, know, begin, limit, verb)
        if not end:
            return ""
        if verb in _BEING:
            end = max(end, _before_article(words, end))
    subject, rest = asked[begin:end], asked[end:]
    if verb in _DOING:
        verb = f"{verb} not" if denied else ""
    elif denied and subject.split()[0] in _ALL:
        subject = f"not {subject}"
    elif denied:
        verb = f"{verb} not"
    return " ".join(f"{subject} {verb} {rest}".split()) + "."


def _subject_end(asked: str, know: Knowledge, begin: int, limit: int, verb: str) -> int:
    """Where the subject ends: behind its first name, or the one that what only describes stands before ("new pain")."""
    named = sorted(
        (one.start, one.end, one.concept)
        for one in know.find(asked)
        if one.start >= begin
        and asked[one.start : one.end] not in _PREPOSITIONS  # "on" may name a therapy's state
    )
    if not named or named[0][0] > limit:
        return 0
    _, end, concept = named[0]
    neutral = know.claims.neutral_kinds
    for start, ending, name in named[1:]:
        if start < end:
            end = max(end, ending)  # one thing under two names, or a longer one
            continue
        between = asked[end:start].split()
        found = know.vocabulary.concepts.get(concept)
        describes = not between and found is not None and found.kind in neutral
        part = verb not in _BEING and between[:1] in _PARTS and len(between) <= _REACH
        if not (describes or part) or not asked[ending:].strip():
            break
        end, concept = ending, name
    return end


def _before_article(words: list[re.Match[str]], end: int) -> int:
    """Where a subject ends that goes on up to what it is said to be ("pain worse at night" of "... a sign")."""
    for place, word in enumerate(words[: _LATER + 2]):
        if word.start() <= end or word.group() not in ("a", "an", "the"):
            continue
        before = words[place - 1]
        return before.end() if before.group() not in _PREPOSITIONS and before.start() >= end else end
    return end
