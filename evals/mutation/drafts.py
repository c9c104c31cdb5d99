"""Wrong drafts made from right ones: a seeded generator, and what the guard catches of them.

Each operator changes one place of a draft that the guard passes.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from assistant.guard import Guard, GuardContext
from assistant.guard.reader import Reader
from assistant.types import Citation, Review
from evals.mutation import claims, facts
from evals.mutation.words import Operator
from evals.statistics import Rate

AT_LEAST = 5_000
MOST_PER_DRAFT = 12
MISSED_SHOWN = 200
_ROUNDS = 12
_SHORTEST_QUOTE = 60
MOVED = "move-citation"
OPERATORS: dict[str, Operator] = {**facts.OPERATORS, **claims.OPERATORS}
#: What the guard may not miss once: ratings, options, radiation and numbers.
GRAVE = (
    "swap-rating",
    "swap-study",
    "insert-study",
    "swap-radiation",
    "change-number",
    "change-unit",
    "insert-figure",
)


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

    def record(self) -> dict[str, Any]:
        """The report for report.json, the gravest operators together and each alone."""

        def rate(names: Iterable[str]) -> dict[str, Any]:
            chosen = list(names)
            return Rate(sum(self.caught[n] for n in chosen), sum(self.made[n] for n in chosen)).record()

        return {
            "all operators": rate(self.made),
            "ratings, options, radiation, numbers": rate(GRAVE),
            "by_operator": {name: rate([name]) for name in sorted(self.made)},
            "rules_by_operator": {
                name: {rule: count for (made, rule), count in sorted(self.rules.items()) if made == name}
                for name in sorted(self.made)
            },
            "missed": [
                {"operator": mutant.operator, "question": mutant.context.question, "draft": mutant.draft}
                for mutant in self.missed[:MISSED_SHOWN]
            ],
        }


def mutate(
    guard: Guard,
    drafts: Sequence[tuple[str, GuardContext]],
    *,
    seed: int = 7,
    at_least: int = AT_LEAST,
    each_at_most: int = MOST_PER_DRAFT,
) -> list[Mutant]:
    """Return distinct wrong drafts, the same for the same seed; round after round until there are enough.

    Of each draft each operator gives `each_at_most`, chosen by chance.
    """
    rng = random.Random(seed)
    found: dict[tuple[str, str], Mutant] = {}
    for _ in range(_ROUNDS):
        for draft, context in drafts:
            reading = Reader(guard.knowledge).read(draft, context.question)
            for name, operator in OPERATORS.items():
                changed = [text for text in operator(reading, rng) if text != draft]
                rng.shuffle(changed)
                for text in changed[:each_at_most]:
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
            # A rule that fires at two places of a draft has caught it once.
            report.rules.update({(mutant.operator, item.rule) for item in review.findings})
        else:
            report.missed.append(mutant)
    return report


def moved_citations(guard: Guard, rng: random.Random) -> Iterator[Mutant]:
    """A statement with the marker of quite another one."""
    statements = [
        one for one in guard.knowledge.guideline.statements.values() if len(one.quote) > _SHORTEST_QUOTE
    ]
    for one in statements:
        other = rng.choice(statements)
        if other.headings == one.headings:
            continue
        citation = Citation(
            number=1, guideline="", section=other.section, quote=other.quote, start=other.start, end=other.end
        )
        yield Mutant(MOVED, f"{one.quote} [1]", GuardContext(citations=(citation,)))


def passing(guard: Guard, drafts: Iterable[tuple[str, GuardContext]]) -> list[tuple[str, GuardContext]]:
    """The drafts that the guard passes: a mutant of one that it refuses says nothing."""
    return [(text, context) for text, context in drafts if guard.review(text, context).verdict == "pass"]
