"""The guard: every rule over a draft, and a refusal whenever one cannot run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from assistant.guard import (
    attribution,
    bare_answers,
    cells,
    choices,
    citation,
    compare,
    held,
    numbers,
    option,
    persons,
    placed,
    polarity,
    population,
    radiation,
    rating,
    relations,
    scope,
    sequence,
    signs,
    steps,
    strength,
    support,
    told,
    twins,
)
from assistant.guard.context import GuardContext
from assistant.guard.data import load_claims
from assistant.guard.found import finding
from assistant.guard.judge import Judge
from assistant.guard.knowledge import Knowledge
from assistant.guard.normal import normalise
from assistant.guard.opposites import Opposites
from assistant.guard.reader import Reader
from assistant.guard.reading import Reading
from assistant.guard.resolved import headers, resolve
from assistant.guard.units import parse
from assistant.guard.verbatim import Verbatim
from assistant.guidelines.pack import Guideline
from assistant.types import Finding, Review
from assistant.vocabulary import Vocabulary

#: A longer text is no answer; it is refused unread, so that the time is bounded.
LONGEST_DRAFT = 16_000
#: No sentence of an answer is as long, or as crowded with signs, as these.
LONGEST_UNIT = 1_500
MOST_MARKS = 400
FAILURE = "guard-failure"
_NO_CONTEXT = GuardContext()

Rule = Callable[[Reading, GuardContext], list[Finding]]
RULES: tuple[Rule, ...] = (
    rating.check,
    option.check,
    radiation.check,
    numbers.check,
    compare.check,
    signs.check,
    cells.check,
    polarity.check,
    twins.check,
    held.check,
    steps.check,
    sequence.check,
    relations.check,
    strength.check,
    scope.check,
    support.check,
    told.check,
    citation.check,
    attribution.check,
    placed.check,
    persons.check,
)


#: The rules for a sentence that is put together from question and answer: what it says of studies and findings.
RESOLVED: tuple[Rule, ...] = (
    rating.check,
    option.check,
    compare.check,
    polarity.check,
    twins.check,
    relations.check,
    strength.check,
    lambda reading, _context: population.check(reading),
    choices.check,
    steps.check,
)
RESOLVED_DENIED: tuple[Rule, ...] = (rating.check, compare.check, polarity.check, relations.check)
REFUTING = tuple(rule for rule in RESOLVED if rule is not option.check)
#: The rules for the first line of a table, which asks nothing.
HEADERS: tuple[Rule, ...] = (rating.check, option.check, radiation.check, scope.check, polarity.check)
_SUPPORT, _STRENGTH = "support", "strength"  # the words of a question are the user's


class Guard:
    """Checks any text against one guideline. Deterministic; it fails closed."""

    def __init__(self, guideline: Guideline, vocabulary: Vocabulary, judge: Judge | None = None) -> None:
        """Raises CorpusError where the data of the claims is missing or wrong."""
        self.judge = judge
        claims = load_claims(guideline.folder)
        quotes = [one.quote for one in guideline.statements.values()]
        plain = [normalise(text, claims.characters).text for text in (guideline.source_text, *quotes)]
        vocabulary.read_fixed(f"{guideline.folder}", (*plain, *quotes))
        self.knowledge = Knowledge(guideline, vocabulary, claims)
        self._reader = Reader(self.knowledge)
        self._opposites = Opposites(self.knowledge)
        self._verbatim = Verbatim(guideline, vocabulary)

    def review(self, draft: str, context: GuardContext = _NO_CONTEXT) -> Review:
        """Return pass, or reject with findings whose spans are offsets of `draft`."""
        try:
            return self._review(draft, context)
        except Exception as error:  # a guard that cannot run must refuse, whatever the reason
            size = len(str(draft))
            message = f"the draft could not be checked ({type(error).__name__})"
            return Review(
                verdict="reject", findings=(Finding(rule=FAILURE, message=message, start=0, end=size),)
            )

    def _review(self, draft: str, context: GuardContext) -> Review:
        if not any(char.isalnum() for char in draft):
            return _refused("the draft is empty", len(draft))
        if len(draft) > LONGEST_DRAFT:
            return _refused(f"the draft is longer than {LONGEST_DRAFT} characters", len(draft))
        if len(draft) > LONGEST_UNIT and any(unit.end - unit.start > LONGEST_UNIT for unit in parse(draft)):
            return _refused(f"a sentence is longer than {LONGEST_UNIT} characters", len(draft))
        reading = self._reader.read(draft, context.question, " . ".join(context.user_texts))
        if not reading.units:
            return _refused("the draft holds no text", len(draft))
        if any(len(reading.within(unit.start, unit.end)) > MOST_MARKS for unit in reading.units):
            return _refused("a sentence holds too much to be checked", len(draft))
        found: dict[tuple[str, int, int], Finding] = {}
        for rule in (*RULES, self._opposites.check):
            for item in rule(reading, context):
                found.setdefault((item.rule, item.start, item.end), item)
        for item in [] if context.composed else self._resolved(reading, context):
            found.setdefault((item.rule, item.start, item.end), item)
        for item in [] if found or context.composed else self._bare(reading):
            found.setdefault((item.rule, item.start, item.end), item)
        spoken = self._verbatim.spans(draft, context)
        kept = [item for item in found.values() if not self._verbatim.clears(item, spoken)]
        if not kept and self.judge is not None:
            kept = self.judge.check(reading, context)
        findings = tuple(sorted(kept, key=lambda item: (item.start, item.end, item.rule)))
        return Review(verdict="reject" if findings else "pass", findings=findings)

    def _bare(self, reading: Reading) -> list[Finding]:
        """The bare answers that nothing settles."""
        return [
            finding(reading, "polarity", "the guideline does not settle this", bare.unit.start, bare.unit.end)
            for bare in bare_answers.find(reading)
            if not self._stands(reading, bare)
        ]

    def _stands(self, reading: Reading, bare: bare_answers.Bare) -> bool:
        stands = bare_answers.stands(bare, self._reader.read, self._is_refuted)
        if stands is None:
            return self.judge is not None and self.judge.believes(reading, bare.unit)
        return stands

    def _is_refuted(self, statement: Reading, denied: bool, strictly: bool) -> bool:
        """Whether a rule finds something in a statement that stands alone; strictly, what is out of place is right."""
        rules = RESOLVED_DENIED if denied else REFUTING if strictly else RESOLVED
        return any(rule(statement, _NO_CONTEXT) for rule in (*rules, self._opposites.check))

    def _resolved(self, reading: Reading, context: GuardContext) -> list[Finding]:
        """What the rules find in the sentences that the first of the draft stands for."""
        found: list[Finding] = []
        for one in (*resolve(reading), *headers(reading)):
            whole = self._reader.read(one.text)
            alone = GuardContext(user_texts=(*context.user_texts, context.question))
            rules = RESOLVED_DENIED if one.denied else RESOLVED
            if one.told:
                rules, alone = HEADERS, replace(context, question="")
            items = [item for rule in rules for item in rule(whole, alone)]
            found += [
                finding(reading, item.rule, item.message, one.unit.start, one.unit.end)
                for item in items
                if item.rule != _SUPPORT and not (one.denied and item.rule == _STRENGTH)
            ]
        return found


def _refused(message: str, size: int) -> Review:
    return Review(verdict="reject", findings=(Finding(rule=FAILURE, message=message, start=0, end=size),))
