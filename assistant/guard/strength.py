"""Rule `strength`: words of certainty that the text does not use of the matter."""

from __future__ import annotations

from assistant.guard.context import GuardContext
from assistant.guard.found import finding
from assistant.guard.marks import Mark
from assistant.guard.negation import FINITE
from assistant.guard.reading import Reading
from assistant.guard.stems import stem
from assistant.guard.units import Clause, Span
from assistant.types import Finding

RULE = "strength"
PREFIX = "certain:"
#: The share of a clause's weight that a statement must hold to be what the clause is about.
_LEAST_SHARED = 0.45
_NEAR = 0.8
_BEFORE = 40
_MEANS = "mean"
_SUBJECT = 3  # words of a subject before its verb, at the beginning of an answer
_BACK = frozenset({"such", "these", "those"})
_ASKING = frozenset({"why", "whether", "if", "what", "how", "when"})


def check(reading: Reading, _context: GuardContext) -> list[Finding]:
    """Refuse a word of certainty that is not denied and not allowed where it stands."""
    found: list[Finding] = []
    allowed = reading.know.claims.allowed
    for mark in reading.marks:
        if not mark.name.startswith(PREFIX):
            continue
        clause = reading.clause_at(mark.start)
        if clause is None:
            continue
        unit = reading.units[clause.unit]
        if (
            unit.question
            or reading.quotes_statement(unit)
            or reading.negated(mark, clause)
            or reading.silent_clause(clause)
            or _answers(reading, mark)
            or _defines(reading, mark)
            or _is_future(reading, mark)
            or reading.has((clause.start, mark.start), ("against-cue",))
            or _falls_short(reading, mark)
            or _names_title(reading, clause, mark)
            or _is_asked(reading, clause, mark)
        ):
            continue
        spans = _told_of(reading, clause.unit)
        if any(reading.has(span, names) for span in spans for names in allowed.get(mark.name, ())):
            continue
        if _softened(reading, clause, mark) or _stands(reading, clause, mark):
            continue
        found.append(
            finding(reading, RULE, "the guideline does not say this with certainty", mark.start, mark.end)
        )
    return found


def _told_of(reading: Reading, index: int) -> list[Span]:
    """A unit, and the one before it where it goes back to what stands there ("when such symptoms are localised")."""
    unit = reading.units[index]
    spans = [(unit.start, unit.end)]
    before = reading.units[index - 1] if index else None
    words = {word.text for word in reading.words_in(unit.start, unit.end)}
    if before is not None and before.block == unit.block and not words.isdisjoint(_BACK):
        spans.append((before.start, before.end))
    return spans


def _answers(reading: Reading, mark: Mark) -> bool:
    """Whether the word is a whole sentence at the beginning: it says yes, and nothing with certainty."""
    unit = reading.units[0]
    bare = reading.text.lower[unit.start : unit.end].strip(" *_.!,:")
    return unit.start <= mark.start and bare == reading.text.lower[mark.start : mark.end]


def _defines(reading: Reading, mark: Mark) -> bool:
    """Whether the word opens the meaning that was asked for ("what does x mean?" - "It means that ...")."""
    said = reading.text.lower[mark.start : mark.end]
    first = reading.units[0]
    opening = [word.text for word in reading.words_in(first.start, mark.start) if word.text.isalpha()]
    return said.startswith(_MEANS) and len(opening) <= _SUBJECT and _MEANS in reading.question.lower()


def _is_future(reading: Reading, mark: Mark) -> bool:
    """Whether the word only tells what the writer will do, or feels with somebody ("that must be hard")."""
    around = reading.find((max(0, mark.start - _BEFORE), mark.end + _BEFORE), ("own-future", "sympathy"))
    return any(one.start <= mark.start and mark.end <= one.end for one in around)


def _falls_short(reading: Reading, mark: Mark) -> bool:
    """Whether the words just before say that it is less than that ("a less than optimal image")."""
    cues = reading.find((max(0, mark.start - _BEFORE), mark.start), ("short-of",))
    return any(not reading.words_in(one.end, mark.start) for one in cues)


def _is_asked(reading: Reading, clause: Clause, mark: Mark) -> bool:
    """Whether the word stands in an indirect question ("asking whether a biopsy is needed"), which claims nothing."""
    words = [word.text for word in reading.words_in(clause.start, mark.start)]
    place = max((n for n, text in enumerate(words) if text == "whether"), default=-1)
    return place >= 0 and "," not in words[place:] and sum(one in FINITE for one in words[place:]) <= 1


def _names_title(reading: Reading, clause: Clause, mark: Mark) -> bool:
    """Whether the word stands in the title of a section that is spoken of ("the FAQ on ordering x for every y").

    A title states nothing. Behind a verb of the sentence it would, unless the verb only asks ("why it is ...").
    """
    unit = reading.units[clause.unit]
    cues = reading.find((unit.start, mark.start), ("faq-cue", "section-cue"))
    if not cues:
        return False
    between = {word.text for word in reading.words_in(cues[0].end, mark.start)}
    if not between.isdisjoint(FINITE | {"says", "answers", "states"}) and between.isdisjoint(_ASKING):
        return False
    spelling = reading.know.claims.spelling
    said = {stem(word.text, spelling) for word in reading.words_in(mark.start, mark.end)}
    said -= reading.know.stop_words
    return any(said <= heading for heading in reading.know.evidence.headings)


def _softened(reading: Reading, clause: Clause, mark: Mark) -> bool:
    """Whether a verb of proof is softened where it stands ("can sometimes settle it").

    A defining clause states nothing: what is said of "a scan that confirms it" stands behind it, with its hedge.
    """
    if mark.name not in reading.know.claims.softened:
        return False
    if reading.has((max(clause.start, mark.start - _BEFORE), mark.start), ("soft",)):
        return True
    before = [word.text for word in reading.words_in(clause.start, mark.start)][-2:]
    return before[-1:] == ["that"] and "," not in before and reading.has((mark.end, clause.end), ("hedge",))


def _stands(reading: Reading, clause: Clause, mark: Mark) -> bool:
    """Whether the statement that the clause is about uses the word of certainty itself."""
    spelling = reading.know.claims.spelling
    said = {stem(word.text, spelling) for word in reading.words_in(mark.start, mark.end)}
    said -= reading.know.stop_words
    words = reading.words_in(clause.start, clause.end)
    concepts = {one.name for one in reading.within(clause.start, clause.end) if one.concept}
    keys = reading.know.evidence.keys(words, concepts) - said
    scored = reading.know.evidence.nearest(keys)
    best = max((score for score, _ in scored), default=0.0)
    return best >= _LEAST_SHARED and any(
        score >= best * _NEAR and said and said <= source.keys for score, source in scored
    )
