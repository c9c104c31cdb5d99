"""Reads a draft: signs and concepts, units and clauses, put together as a `Reading`."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.guard.cues import Cue, words_of
from assistant.guard.knowledge import Knowledge, flatten
from assistant.guard.normal import normalise
from assistant.guard.reading import Clause, Mark, Reading
from assistant.guard.units import Unit, parse
from assistant.vocabulary import Mention

_SIGNS = frozenset(";:,()")
_QUOTE = re.compile(r'"([^"\n]{1,400})"')


def read(draft: str, know: Knowledge, question: str = "", echoes: str = "") -> Reading:
    """Read a draft."""
    text = normalise(draft, know.claims.characters)
    shown = _without_echoes(text.text, echoes)
    words = words_of(text.lower if shown is text.text else shown.lower())
    marks = _marks(know, know.find(shown), know.cues.find(words))
    units = parse(text.text)
    reading = Reading(text, know, units, words, marks, question)
    reading.divide(_clauses(reading, number, unit) for number, unit in enumerate(units))
    return reading


def _without_echoes(text: str, echoes: str) -> str:
    """Blank out quotations of the user's own words: they claim nothing."""
    if not echoes or '"' not in text:
        return text
    said = flatten(echoes.lower())
    return _QUOTE.sub(
        lambda match: " " * len(match.group()) if flatten(match.group(1).lower()) in said else match.group(),
        text,
    )


def _marks(know: Knowledge, mentions: Sequence[Mention], cues: Sequence[Cue]) -> list[Mark]:
    covered = [(cue.start, cue.end) for cue in cues if cue.group == "no-negator"]
    # "CT without contrast" and "usually not appropriate" are names; their "not" denies nothing else.
    covered += [(mention.start + 1, mention.end) for mention in mentions if know.is_study(mention.concept)]
    covered += [(cue.start + 1, cue.end) for cue in cues if cue.group in know.rating_names]
    marks = [
        Mark(cue.group, cue.start, cue.end)
        for cue in cues
        if cue.group != "negator" or not any(start <= cue.start < end for start, end in covered)
    ]
    marks += [
        Mark(mention.concept, mention.start, mention.end, True, mention.exact)
        for mention in mentions
        if mention.exact or not know.is_plain(mention.text)
    ]
    marks.sort(key=lambda mark: (mark.start, mark.end))
    return marks


def _clauses(reading: Reading, number: int, unit: Unit) -> list[Clause]:
    """Cut a unit where negation and subject end: signs, "but", "whereas", relative and causal clauses."""
    cuts: list[int] = []
    lower = reading.text.lower
    for mark in reading.within(unit.start, unit.end):
        if mark.name == "clause-break" and mark.start > unit.start:
            # A break inside a name or a phrase ("cannot be due to") breaks nothing.
            inside = any(
                m.start < mark.start < m.end and (m.concept or _SIGNS.isdisjoint(lower[m.start : m.end]))
                for m in reading.within(unit.start, unit.end)
            )
            if not inside:
                cuts.append(mark.start)
    clauses: list[Clause] = []
    begin = unit.start
    for cut in [*sorted(set(cuts)), unit.end]:
        if cut > begin:
            clauses.append(Clause(begin, cut, number))
            begin = cut
    return clauses
