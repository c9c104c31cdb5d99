"""A study that a label, a heading, a row or the question alone puts forward ("First study: x", "1st line - x")."""

from __future__ import annotations

import re

from assistant.guard import ratedlow
from assistant.guard.context import GuardContext
from assistant.guard.marks import Mark
from assistant.guard.negation import FINITE
from assistant.guard.reading import Reading
from assistant.guard.units import Span, Unit

#: Between a label and what it stands over: a colon, an arrow (read as ";"), a dash between blanks, an equals sign.
_SIGN = re.compile(r"\s-+>|=>|[:;=←|]|(?<=\s)-+(?=\s)|(?<=\s)>(?=\s)|[.!](?=\s|$)")
_OVER = ">"  # "x > y": the second is not put forward
_ENDS = ".!"
#: Cue groups: labels that put forward, that only announce an answer, and that put down.
_CHOICE, _ANSWER, _DOWN = "choice-label", "answer-label", "label-denies"
_DENYING = ("avoid", "not-recommended", "why", "negator", "silence", _DOWN)
_PICTURE, _SKIP = "picture", "skip-label"
_LACKING = frozenset({"no", "without", "w/o", "w o", "absent"})
_IN_SCOPE = "in-scope"
#: Cue groups of a question: what to do, and what is not to be done or is true of a study otherwise.
_ASKS, ASKS_OTHER = "asks-study", ("asks-other", "asks-property", "negator")
_LABEL_WORDS = 9
_BEFORE = 3  # words before the study that only describe it ("an urgent ...")
_JOINTS = frozenset(
    {"and", "or", ",", "/", "+", "&", "plus", "with", "then", "the", "a", "an", "*", "_", "(", ")"}
)
#: Before a reason, which says nothing more of what to do.
_REASONS = frozenset({"as", "because", "since"})
_DENIED = frozenset({"not", "no", "never", "without", "nor", "neither", "except", "rather", "avoid", "skip"})
#: Kinds of concepts that describe a patient, beside findings.
_OF_PATIENT = ("comorbidity", "population")
_APPLIES = "applies"


def is_put_forward(reading: Reading, number: int, mark: Mark, context: GuardContext) -> bool:
    """Whether what stands over a study, or the question, puts it forward: it stands there by itself."""
    unit = reading.units[number]
    parts = _parts(reading, unit)
    place = _place(parts, mark)
    if place < 0 or not _stands_alone(reading, parts[place][1], mark) or _rated_below(reading, number):
        return False
    compared = parts[place][0] == _OVER
    for span in _labels(reading, unit, parts, place):
        kind = _kind(reading, span)
        if kind == _DOWN:
            return False
        if kind in (_CHOICE, _PICTURE):
            return not compared
        if kind != _ANSWER and unit.kind != "cell":  # over a cell stand its row and its column
            break
    else:
        return not compared and _answers(reading, number, context)
    return False


def is_first(reading: Reading, number: int, mark: Mark, context: GuardContext) -> bool:
    """Whether a study is so put forward where no result is told upon which it might follow as a step."""
    results = _results(reading)
    told = any(reading.is_named(one, results) for one in reading.marks) or _asks_of_result(reading, results)
    return not told and is_put_forward(reading, number, mark, context)


def _results(reading: Reading) -> set[str]:
    return {name for one in reading.know.claims.follow_ups for name in one.results}


def _asks_of_result(reading: Reading, results: set[str]) -> bool:
    return any(reading.know.mentions(reading.question, name) for name in results)


def labels_of(reading: Reading, unit: Unit, mark: Mark) -> list[Span]:
    """What stands over a study that stands by itself, nearest first; nothing over one that something is said of."""
    parts = _parts(reading, unit)
    place = _place(parts, mark)
    if (
        place < 0
        or not _stands_alone(reading, parts[place][1], mark)
        or not _is_bare(reading, parts[place][1])
    ):
        return []
    if unit.kind == "cell" and not place:
        labels = [span for span in (unit.label, unit.column) if span is not None]
    else:
        labels = _labels(reading, unit, parts, place)[:1]
    return [span for span in labels if not reading.studies(span)]


def _is_bare(reading: Reading, span: Span) -> bool:
    """Whether a stretch holds nothing but names of studies."""
    studies = reading.studies(span)
    return all(
        word.text in _JOINTS
        or not word.text.isalnum()
        or any(one.start <= word.start < one.end for one in studies)
        for word in reading.words_in(*span)
    )


def puts_down(reading: Reading, span: Span) -> bool:
    """Whether a label puts down what stands under it."""
    return _kind(reading, span) == _DOWN


def _place(parts: list[tuple[str, Span]], mark: Mark) -> int:
    return next((n for n, (_, span) in enumerate(parts) if span[0] <= mark.start < span[1]), -1)


def _labels(reading: Reading, unit: Unit, parts: list[tuple[str, Span]], place: int) -> list[Span]:
    """What stands over a part of a unit: the label before it, or behind it, then what stands over the unit."""
    labels = [span for _, span in reversed(parts[:place]) if not reading.studies(span)][:1]
    after = parts[place + 1 : place + 2]
    if not labels and after and after[0][0] not in _ENDS and _is_label(reading, after[0][1]):
        labels = [after[0][1]]  # "x - first line"
    above = [span for span in reading.above(unit) if span != unit.label or unit.kind == "cell"]
    return [*labels, *(span for span in above if span[0] < unit.start or span[0] >= unit.end)]


def _parts(reading: Reading, unit: Unit) -> list[tuple[str, Span]]:
    """The stretches of a unit between its signs, each with the sign before it."""
    found: list[tuple[str, Span]] = []
    begin, sign = unit.start, ""
    for match in _SIGN.finditer(reading.text.lower, unit.start, unit.end):
        if any(char.isalnum() for char in reading.text.lower[begin : match.start()]):
            found.append((sign, (begin, match.start())))
        begin, sign = match.end(), match.group()
    if any(char.isalnum() for char in reading.text.lower[begin : unit.end]):
        found.append((sign, (begin, unit.end)))
    return found


def _stands_alone(reading: Reading, span: Span, mark: Mark) -> bool:
    """Whether a stretch opens with the study, or a run of studies, and says nothing of it."""
    begin = span[0]
    for study in reading.studies(span):
        if study.start > mark.start:
            break
        words = [word.text for word in reading.words_in(begin, study.start)]
        if begin > span[0] and not _JOINTS.issuperset(words):
            return False
        plain = [word for word in words if word.isalpha()]
        if len(plain) > _BEFORE or not _DENIED.isdisjoint(plain) or not FINITE.isdisjoint(plain):
            return False
        begin = max(begin, study.end)
    behind = reading.words_in(mark.end, span[1])
    # What gives a reason of another study says nothing of what to do ("x, as y is R"; but "x, as it is R").
    reason = next((n for n, word in enumerate(behind) if word.text in _REASONS), len(behind))
    rest = [word.text for word in behind[:reason]]
    end = span[1]
    if reason < len(behind) and reading.studies((behind[reason].start, span[1])):
        end = behind[reason].start
    if any(one.name in reading.know.rating_names for one in reading.within(mark.end, end)):
        return False
    says = {text for text in rest if text.isalpha()} not in ({"it", "is"}, {"it", "would", "be"})
    return (FINITE.isdisjoint(rest) or not says) and not reading.has((mark.end, end), _DENYING)


def _is_label(reading: Reading, span: Span) -> bool:
    return _kind(reading, span) in (_CHOICE, _DOWN) and not reading.studies(span)


def _kind(reading: Reading, span: Span) -> str:
    """What a label is: one that puts forward, puts down, tells a picture, announces an answer; else nothing."""
    words = [word.text for word in reading.words_in(*span) if word.text.isalnum()]
    if reading.has(span, ("avoid", "not-recommended", "why", "silence")) or ratedlow.is_rated(reading, span):
        return _DOWN
    picture = _tells_picture(reading, span)
    denials = reading.find(span, ("negator",))
    if any(reading.text.lower[one.start : one.end] not in _LACKING or not picture for one in denials):
        return _DOWN  # but "no liver signs" tells a picture too
    if not picture and reading.has(span, (_DOWN,)):
        return _DOWN
    if len(words) > _LABEL_WORDS or not FINITE.isdisjoint(words):
        return ""
    if reading.has(span, (_CHOICE,)):
        return _CHOICE
    if picture:
        return _PICTURE
    return _ANSWER if reading.has(span, (_ANSWER,)) else ""


def _tells_picture(reading: Reading, span: Span) -> bool:
    """Whether a label tells whom or what finding the study is for ("Bone only: x", "poor kidneys -> x")."""
    claims, concepts = reading.know.claims, reading.know.vocabulary.concepts
    pictures = {name for choice in claims.choices for names in choice.when for name in names}
    return reading.has(span, (*pictures, _IN_SCOPE)) or any(
        mark.concept and concepts[mark.name].kind in (*claims.finding_kinds, *_OF_PATIENT)
        for mark in reading.within(*span)
    )


def _rated_below(reading: Reading, number: int) -> bool:
    """Whether what stands under or beside the study tells its low rating, or to leave it."""
    unit = reading.units[number]
    own = (unit.start, unit.end)
    beside = [one for one in reading.units if own in one.above or (one.label == own and one is not unit)]
    following = reading.units[number + 1 : number + 2]
    beside += [one for one in following if one.block == unit.block and unit.kind != "cell"
               and not reading.studies((one.start, one.end))]  # fmt: skip
    return any(
        reading.has((one.start, one.end), ("avoid", "not-recommended"))
        or ratedlow.is_rated(reading, (one.start, one.end))
        for one in beside
    )


def _answers(reading: Reading, number: int, context: GuardContext) -> bool:
    """Whether the study is the answer to a question for the study to choose."""
    first = not any(
        one.kind != "heading" and not _is_greeting(reading, one) for one in reading.units[:number]
    )
    know, asked = reading.know, context.question
    if not first or any(know.mentions(asked, name) for name in ASKS_OTHER):
        return False
    if _asks_of_result(reading, _results(reading)):
        return False
    return context.verdict == _APPLIES or know.mentions(asked, _ASKS)


def _is_greeting(reading: Reading, unit: Unit) -> bool:
    span = (unit.start, unit.end)
    return not reading.studies(span) and len(reading.words_in(*span)) <= _LABEL_WORDS


def is_settled(reading: Reading, unit: Unit) -> bool:
    """Whether a unit only puts studies down that are rated as not appropriate ("Skip: x and y")."""
    know = reading.know
    own = (unit.start, unit.end)
    studies = reading.studies(own)
    low = all(
        know.options_for(one.name)
        and one.name not in know.claims.generic
        and not any(option.appropriate for option in know.options_for(one.name))
        for one in studies
    )
    if not studies or not low:
        return False
    over = reading.above(unit)[:1] if unit.kind in ("item", "cell") else []
    return any(_denials(reading, span) for span in (own, *over)) and _only_puts_down(reading, own)


def drops_appropriate(reading: Reading, unit: Unit, mark: Mark) -> bool:
    """Whether a unit says no more than to leave a study that is rated as appropriate ("Skip: x")."""
    own = (unit.start, unit.end)
    options = reading.know.options_for(mark.name)
    rated = bool(options) and all(one.appropriate for one in options)
    return rated and reading.has((unit.start, mark.start), (_SKIP,)) and _only_puts_down(reading, own)


def _denials(reading: Reading, span: Span) -> list[Mark]:
    """The longest cues in a span that put down."""
    found = reading.find(span, ("avoid", "not-recommended", _DOWN))
    return [
        one
        for one in found
        if not any(other.start <= one.start and one.end <= other.end and other.end - other.start > one.end - one.start
                   for other in found)
    ]  # fmt: skip


def _only_puts_down(reading: Reading, span: Span) -> bool:
    """Whether a span holds nothing but names of studies and cues that put down, never two at once ("don't skip")."""
    cues, studies = _denials(reading, span), reading.studies(span)
    last: Mark | None = None
    for word in reading.words_in(*span):
        if not word.text.isalnum() or any(one.start <= word.start < one.end for one in studies):
            last = None
            continue
        cue = next((one for one in cues if one.start <= word.start < one.end), None)
        if cue is None and word.text not in _JOINTS:
            return False
        if cue is not None and last is not None and (cue.start, cue.end) != (last.start, last.end):
            return False
        last = cue
    return True
