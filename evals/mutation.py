"""Wrong drafts made from right ones: a seeded generator, and what the guard catches of them.

Each operator changes one place of a draft that the guard passes. What it puts there comes from the data:
the options and steps of the pack, its claims, and corpus/vocabulary/claims.yaml.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from assistant.guard import Guard, GuardContext
from assistant.guard.reader import read
from assistant.guard.reading import Mark, Reading
from assistant.types import Citation, Review

#: What the drafts are changed by where no record of the pack names it.
CERTAIN = {"often": "always", "may": "must", "can": "must always", "generally": "always",
           "typically": "always", "sometimes": "always", "likely": "certainly", "many": "all"}  # fmt: skip
UNITS = {"mSv": ("mGy", "µSv", "mBq", "Gy"), "weeks": ("years", "hours"), "months": ("years", "days")}
REFERENCES = (" (Smith et al., 2021)", " (doi:10.1148/radiol.2019190123)", " (see Table 3)",
              " (PMID 31234567)",              ", https://example.org/guideline", " (page 14)")  # fmt: skip
FIGURES = (
    " in about 85% of cases",
    " (sensitivity 93 %)",
    " in roughly 7 of 10 patients",
    " with 97 percent accuracy",
)
WIDER = (" or adjuvant", " or palliative", " or completed")
MOST_PER_DRAFT = 12


@dataclass(frozen=True, slots=True)
class Mutant:
    """A wrong draft, the operator that made it, and the conversation it stands in."""

    operator: str
    draft: str
    context: GuardContext


@dataclass(slots=True)
class MutationReport:
    """Made and caught per operator; the rules that caught; the mutants that passed."""

    made: Counter[str] = field(default_factory=Counter)
    caught: Counter[str] = field(default_factory=Counter)
    rules: Counter[tuple[str, str]] = field(default_factory=Counter)
    missed: list[Mutant] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """The share of all mutants that was refused."""
        return sum(self.caught.values()) / max(1, sum(self.made.values()))

    def lines(self) -> list[str]:
        """The report as lines of text."""
        return [f"{name}: {self.caught[name]} of {count}" for name, count in sorted(self.made.items())]


Operator = Callable[[Reading, random.Random], Iterator[str]]


def mutate(
    guard: Guard, drafts: Sequence[tuple[str, GuardContext]], *, seed: int = 7, at_least: int = 5_000
) -> list[Mutant]:
    """Return distinct wrong drafts, the same for the same seed; round after round until there are enough."""
    rng = random.Random(seed)
    found: dict[tuple[str, str], Mutant] = {}
    for _ in range(12):
        for draft, context in drafts:
            reading = read(draft, guard.knowledge, context.question)
            for name, operator in OPERATORS.items():
                changed = [text for text in operator(reading, rng) if text != draft]
                rng.shuffle(changed)
                for text in changed[:MOST_PER_DRAFT]:
                    found.setdefault((name, text), Mutant(name, text, context))
        for mutant in moved_citations(guard, rng):
            found.setdefault((mutant.operator, mutant.draft + str(mutant.context.citations)), mutant)
        if len(found) >= at_least:
            break
    return list(found.values())


def measure(guard: Guard, mutants: Iterable[Mutant]) -> MutationReport:
    """Review every mutant and count."""
    report = MutationReport()
    for mutant in mutants:
        review: Review = guard.review(mutant.draft, mutant.context)
        report.made[mutant.operator] += 1
        if review.verdict == "reject":
            report.caught[mutant.operator] += 1
            report.rules.update({(mutant.operator, item.rule) for item in review.findings})
        else:
            report.missed.append(mutant)
    return report


# ---------------------------------------------------------------- operators


def _put(reading: Reading, mark: Mark, words: str) -> str:
    """The draft with other words at a mark; only drafts that normalise one to one are changed."""
    text = reading.text.text
    return text[: mark.start] + words + text[mark.end :]


def _ratings(reading: Reading) -> list[Mark]:
    return [mark for mark in reading.marks if mark.name in reading.know.rating_names]


def swap_rating(reading: Reading, _rng: random.Random) -> Iterator[str]:
    """Another rating of the scale in place of the one said of rated studies."""
    for mark in _ratings(reading):
        clause = reading.clause_at(mark.start)
        if clause is None or reading.negated(mark) or not reading.studies((clause.start, clause.end)):
            continue
        if reading.silent(reading.units[clause.unit]):
            continue
        name = reading.know.rating_names[mark.name]
        for rated in reading.know.claims.ratings:
            if rated.name != name and rated.name != "another scale":
                yield _put(reading, mark, rated.name)


def swap_study(reading: Reading, _rng: random.Random) -> Iterator[str]:
    """A study of another rating in place of the one that stands before a rating."""
    options = reading.know.guideline.options
    for rating in _ratings(reading):
        label = reading.know.rating_names[rating.name]
        clause = reading.clause_at(rating.start)
        if clause is None or reading.negated(rating) or reading.silent(reading.units[clause.unit]):
            continue
        for study in reading.studies((clause.start, rating.start))[-1:]:
            if not any(option.rating == label for option in reading.know.options_for(study.name)):
                continue
            for option in options:
                if option.rating != label:
                    yield _put(reading, study, option.name)


def insert_study(reading: Reading, rng: random.Random) -> Iterator[str]:
    """An unrated study beside a rated one that is put forward."""
    know = reading.know
    unrated = [
        concept.name
        for concept in know.vocabulary.concepts.values()
        if concept.kind == "study" and know.is_unrated(concept.id) and not concept.unnamed
    ]
    for mark in reading.marks:
        if not mark.concept or not any(option.appropriate for option in know.options_for(mark.name)):
            continue
        clause = reading.clause_at(mark.start)
        if (
            clause is None
            or reading.units[clause.unit].question
            or reading.silent(reading.units[clause.unit])
        ):
            continue
        if reading.has((clause.start, clause.end), ("put-forward", "first-choice")) and not reading.negated(
            mark
        ):
            text = reading.text.text
            name = rng.choice(unrated)
            yield f"{text[: mark.end]} or {name}{text[mark.end :]}"


def swap_radiation(reading: Reading, _rng: random.Random) -> Iterator[str]:
    """One study's level for another's: symbols and figures."""
    text = reading.text.text
    ranges = [
        f"{option.radiation.low_msv:g}-{option.radiation.high_msv:g}"
        for option in reading.know.guideline.options
        if option.radiation.low_msv is not None and option.radiation.high_msv is not None
    ]
    for match in re.finditer(r"\d+\s?(?:-|to)\s?\d+(?= ?mSv)", text):
        for other in ranges:
            if other != match.group() and other.replace("-", " to ") != match.group():
                yield text[: match.start()] + other + text[match.end() :]
    for match in re.finditer("☢+", text):
        for count in (1, 2, 3, 4, 5):
            if count != len(match.group()):
                yield text[: match.start()] + "☢" * count + text[match.end() :]


def change_number(reading: Reading, rng: random.Random) -> Iterator[str]:
    """A number of the draft changed."""
    text = reading.text.text
    for match in re.finditer(r"(?<![\w.\[-])\d{1,3}(?![\w.\]])", text):
        if (
            text[max(0, match.start() - 2) : match.start()].strip() == ""
            and text[match.end() : match.end() + 1] in ".)"
        ):
            continue
        yield (
            text[: match.start()] + str(int(match.group()) + rng.choice((2, 3, 7, 11))) + text[match.end() :]
        )


def change_unit(reading: Reading, _rng: random.Random) -> Iterator[str]:
    """A unit of measure or time changed."""
    text = reading.text.text
    for unit, others in UNITS.items():
        for match in re.finditer(rf"\b{unit}\b", text):
            for other in others:
                yield text[: match.start()] + other + text[match.end() :]


def insert_figure(reading: Reading, rng: random.Random) -> Iterator[str]:
    """An invented figure at the end of a sentence."""
    yield from _at_sentence_ends(reading, FIGURES, rng)


def insert_reference(reading: Reading, rng: random.Random) -> Iterator[str]:
    """An invented reference at the end of a sentence."""
    yield from _at_sentence_ends(reading, REFERENCES, rng)


def _at_sentence_ends(reading: Reading, additions: Sequence[str], rng: random.Random) -> Iterator[str]:
    text = reading.text.text
    for unit in reading.units:
        if unit.kind in ("sentence", "item") and not unit.question:
            end = unit.end - (text[unit.end - 1] in ".;:")
            yield text[:end] + rng.choice(additions) + text[end:]


def turn_claim(reading: Reading, _rng: random.Random) -> Iterator[str]:
    """A negation added before what the text affirms, or dropped before what it denies."""
    index = reading.know.index.claims
    for clause in reading.clauses:
        if reading.units[clause.unit].question:
            continue
        for mark in reading.within(clause.start, clause.end):
            for claim in index.get(mark.name, ()):
                about = all(reading.in_context(clause.unit, clause, names, "clause") for names in claim.about)
                if not about or claim.studies or reading.has((clause.start, clause.end), claim.unless):
                    continue
                denied = reading.negated(mark, clause)
                if mark.name in claim.affirm and not denied:
                    yield f"{reading.text.text[: mark.start]}not {reading.text.text[mark.start :]}"
                elif mark.name in claim.deny and denied:
                    negators = [
                        one for one in reading.find((clause.start, mark.start), ("negator",))
                        if reading.text.lower[one.start : one.end] in ("not", "rather than", "no")
                    ]  # fmt: skip
                    if len(negators) == 1:
                        words = (
                            "and"
                            if "rather" in reading.text.lower[negators[0].start : negators[0].end]
                            else ""
                        )
                        yield _put(reading, negators[0], words)


def swap_pathway(reading: Reading, _rng: random.Random) -> Iterator[str]:
    """A positive result for a negative one, and so on, where a step or reading follows from it."""
    swaps = {
        "positive": "negative",
        "negative": "positive",
        "indeterminate": "positive",
        "equivocal": "positive",
    }
    steps = {name for pathway in reading.know.claims.pathways for name in pathway.cues}
    text = reading.text.text
    for unit in reading.units:
        spans = [(unit.start, unit.end), *[span for span in (unit.label,) if span is not None]]
        if unit.question or not reading.has((unit.start, unit.end), steps) or reading.silent(unit):
            continue
        if sum(bool(re.search(rf"\b{word}\b", text[unit.start : unit.end], re.I)) for word in swaps) > 1:
            continue
        for span in spans:
            for word, other in swaps.items():
                for match in re.finditer(rf"\b{word}\b", text[slice(*span)], re.I):
                    start = span[0] + match.start()
                    yield text[:start] + other + text[start + len(word) :]


def swap_flare(reading: Reading, _rng: random.Random) -> Iterator[str]:
    """Progression for healing where flare is spoken of, and falling uptake for rising."""
    swaps = {"healing": "progression", "repair": "progression", "increase": "decrease", "rise": "fall"}
    text = reading.text.text
    for unit in reading.units:
        if reading.has((unit.start, unit.end), ("flare-phenomenon",)) and not unit.question:
            for word, other in swaps.items():
                for match in re.finditer(rf"\b{word}\b", text[unit.start : unit.end]):
                    start = unit.start + match.start()
                    yield text[:start] + other + text[start + len(word) :]


def widen_population(reading: Reading, rng: random.Random) -> Iterator[str]:
    """More patients than the text covers."""
    text = reading.text.text
    for unit in reading.units:
        if not reading.has((unit.start, unit.end), ("in-scope", "who-fits")) or unit.question:
            continue
        if reading.has((unit.start, unit.end), ("not-in-scope", "negator", "condition")):
            continue
        for match in re.finditer(r"\bneoadjuvant\b", text[unit.start : unit.end]):
            end = unit.start + match.end()
            yield text[:end] + rng.choice(WIDER) + text[end:]


def make_certain(reading: Reading, _rng: random.Random) -> Iterator[str]:
    """A hedge turned into a certainty."""
    text = reading.text.text
    for word, other in CERTAIN.items():
        for match in re.finditer(rf"\b{word}\b", text):
            clause = reading.clause_at(match.start())
            if (
                clause is None
                or reading.units[clause.unit].question
                or text[match.end() :].startswith((" 26", " 2026"))
            ):
                continue
            if reading.silent(reading.units[clause.unit]) or text[: match.start()].endswith(" 26 "):
                continue
            if "appropriate" not in text[match.end() : match.end() + 18].lower():
                yield text[: match.start()] + other + text[match.end() :]


def moved_citations(guard: Guard, rng: random.Random) -> Iterator[Mutant]:
    """A statement with the marker of quite another one."""
    statements = [one for one in guard.knowledge.guideline.statements.values() if len(one.quote) > 60]
    for one in statements:
        other = rng.choice(statements)
        if other.headings == one.headings:
            continue
        citation = Citation(
            number=1, guideline="", section=other.section, quote=other.quote, start=other.start, end=other.end
        )
        yield Mutant("move-citation", f"{one.quote} [1]", GuardContext(citations=(citation,)))


OPERATORS: dict[str, Operator] = {
    "swap-rating": swap_rating,
    "swap-study": swap_study,
    "insert-study": insert_study,
    "swap-radiation": swap_radiation,
    "change-number": change_number,
    "change-unit": change_unit,
    "insert-figure": insert_figure,
    "insert-reference": insert_reference,
    "turn-claim": turn_claim,
    "swap-pathway": swap_pathway,
    "swap-flare": swap_flare,
    "widen-population": widen_population,
    "make-certain": make_certain,
}
