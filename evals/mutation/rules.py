"""The rules as mutants: each record of the guideline is changed in turn; a sample, a draft or a check must notice.

A change is noticed when a sample that was right is no longer right, when a draft that was refused passes, when the
loader refuses the pack, or when a sentence of the text is left that no record reaches. Only samples that the record
can touch are asked, and only the answers themselves are judged: the guard, which would withhold some of the wrong
ones, passes all of them. What nobody notices is a survivor, listed by name: it is not tested, or not needed. The
index and the wordings by which topics are found stay as they are.
"""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from assistant import Assistant
from assistant.errors import AssistantError
from assistant.guard import Guard, GuardContext
from assistant.guard.marks import Mark
from assistant.guard.reader import read
from assistant.guidelines.coverage import measure as measure_coverage
from assistant.guidelines.coverage import referenced
from assistant.guidelines.loader import load_guideline
from assistant.guidelines.pack import Guideline
from evals.drafts import DraftResult
from evals.identity import ROOT
from evals.loaders import load_own
from evals.mutation import claims
from evals.mutation.drafts import Mutant
from evals.mutation.memory import Memory
from evals.mutation.records import (
    GUARD,
    STATEMENTS,
    STEPS,
    TOPICS,
    Change,
    altered_quotes,
    as_yaml,
    changes_of,
    statements_in,
)
from evals.mutation.touched import Touched, changed_guideline
from evals.running import run_sample
from evals.samples import DATASETS, Draft, read_yaml
from evals.scoring import Result
from evals.source import GUIDELINE
from evals.statistics import Rate
from evals.systems import PassAll

#: So many samples are asked before the checks that read the whole pack.
_ASKED_FIRST = 12
#: So many drafts that name what the record names are reviewed beside those that are refused at such words.
_OTHER_DRAFTS = 150
#: One record has seldom more findings in a draft.
_MOST_FINDINGS = 3
_TESTED = ROOT / "tests" / "guard" / "data" / "wrong.yaml"
#: Operators whose mutants a record of the guard can be alone in refusing; figures need none.
_SAID = frozenset({*claims.OPERATORS, "swap-study", "insert-study"})
_KEPT = (
    "languages",
    "aspects",
    "question_reader",
    "bank",
    "questions",
    "passages",
    "passage_index",
    "finder",
)


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A draft that passes, or one that is refused by one rule alone: only such a one can pass without a record.

    A record may find something at two places. `names` are the groups of words and the concepts in the draft, `near`
    those at its findings.
    """

    draft: str
    context: GuardContext
    names: frozenset[str]
    near: frozenset[str] = frozenset()
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """Who noticed a change ("" for nobody), and whether all answers that it could touch stayed the same bytes."""

    change: Change
    by: str
    same: bool = False


class Rules:
    """The rules that are changed, the samples that are right with them, and the drafts that they refuse."""

    def __init__(
        self,
        memory: Memory,
        results: Sequence[Result],
        wrong: Iterable[tuple[str, GuardContext]],
        right: Iterable[tuple[str, GuardContext]] = (),
        showing: Iterable[Draft] = (),
    ) -> None:
        """`wrong` are drafts of which it uses those that one rule refuses, `right` those that pass.

        `showing` are drafts whose refusals show what the sample names.
        """
        self.memory = memory
        self.base = memory.assistant.resources
        self.guideline = self.base.guideline(GUIDELINE)
        self.touched = Touched(memory, results)
        guard = self.base.guards[GUIDELINE]
        self.lone = list(_refused_by_one(guard, wrong))
        self.passed = [
            Reviewed(text, context, frozenset(mark.name for mark in _marks(guard, text, context)))
            for text, context in right
        ]
        self.showing = list(showing)
        self._open = len(measure_coverage(self.guideline).open)

    def notice(self, change: Change) -> Outcome:
        """Make the change and say who notices."""
        with tempfile.TemporaryDirectory() as folder:
            try:
                guideline = changed_guideline(self.guideline, change, Path(folder))
                if change.file in (GUARD, STEPS):
                    by = self._reviewed(change, guideline) or self._checked(change, Path(folder))
                    return Outcome(change, by, same=True)
                found = self._asked(change, guideline, Path(folder))
                if change.file == STATEMENTS and not found.by and self._shown_wrongly(change, guideline):
                    return Outcome(change, "draft")
                return found
            except (AssistantError, ValueError, KeyError):
                return Outcome(change, "loader")

    def _asked(self, change: Change, guideline: Guideline, folder: Path) -> Outcome:
        assistant = self._opened(guideline, change)
        asked, whole = self.touched.by(change)
        same = whole
        for number, result in enumerate(asked):
            if number == _ASKED_FIRST and (by := self._checked(change, folder)):
                return Outcome(change, by)
            now = run_sample(assistant, result.sample)
            if not now.right:
                return Outcome(change, "sample")
            same = same and now.answer == result.answer
        by = "" if len(asked) > _ASKED_FIRST else self._checked(change, folder)
        return Outcome(change, by, same)

    def _opened(self, guideline: Guideline, change: Change) -> Assistant:
        """The assistant with the changed guideline."""
        resources = replace(self.base, guidelines=(guideline,))
        kept = {name: vars(self.base)[name] for name in _KEPT if name in vars(self.base)}
        self.memory.finder.change({topic.id: topic for topic in guideline.topics}, change.dropped)
        vars(resources).update(kept, guards={GUIDELINE: PassAll()})
        return Assistant(resources)

    def _reviewed(self, change: Change, guideline: Guideline) -> str:
        """Review what the record may have been alone in refusing, and right drafts that name what a step is."""
        guard = Guard(guideline, self.base.vocabulary)
        able = [one for one in self.lone if change.rule in ("", one.rule)]
        own = [one for one in able if one.near & change.cues]
        # Shorter drafts say less that another record could refuse.
        others = sorted((o for o in able if not o.near & change.cues), key=lambda one: len(one.draft))
        named = [one for one in others if one.names & change.cues]
        for one in (*own, *named[:_OTHER_DRAFTS]):
            if guard.review(one.draft, one.context).verdict == "pass":
                return "draft"
        if change.file == STEPS:
            for one in self.passed:
                if one.names & change.cues and guard.review(one.draft, one.context).verdict != "pass":
                    return "draft"
        return ""

    def _shown_wrongly(self, change: Change, guideline: Guideline) -> bool:
        """Whether a refusal no longer shows the words of the source that it must."""
        quote = self.guideline.statements[change.record].quote
        drafts = [one for one in self.showing if any(quote in text or text in quote for text in one.shows)]
        guard = Guard(guideline, self.base.vocabulary) if drafts else None
        return guard is not None and any(
            not one.shown
            for draft in drafts
            for one in [DraftResult(draft, guard.review(draft.draft, GuardContext(question=draft.question)))]
        )

    def _checked(self, change: Change, folder: Path) -> str:
        """Whether the loader takes the pack with the change in its file, and every sentence is still reached."""
        corpus = folder / "whole"
        pack = corpus / "guidelines" / GUIDELINE
        shutil.copytree(self.base.corpus, corpus, ignore=shutil.ignore_patterns("wordings.yaml"))
        (pack / change.file).write_text(as_yaml(change.content), encoding="utf-8")
        try:
            guideline = load_guideline(pack, concepts=self.base.vocabulary.concepts.keys())
        except AssistantError:
            return "loader"
        return "coverage" if len(measure_coverage(guideline).open) > self._open else ""

    def quotes_proven(self) -> Rate:
        """How many quotes with a word left out the loader refuses."""
        refused = []
        for change in altered_quotes(self.guideline.folder):
            with tempfile.TemporaryDirectory() as folder:
                refused.append(self._checked(change, Path(folder)) == "loader")
        return Rate(sum(refused), len(refused))

    def is_equivalent(self, outcome: Outcome) -> bool:
        """Whether nothing could notice: no answer changed, and what the record says others say as well.

        That is so of a statement that no record names, of the statements of a step, which only `corpus show` shows,
        and of a topic where another one answers with the same statements every question that found it.
        """
        change = outcome.change
        if outcome.by or not outcome.same:
            return False
        if change.file == STEPS and change.operator == "swap-quote":
            return True
        if change.file == STATEMENTS:
            guard = read_yaml(self.guideline.folder / GUARD)
            return change.record not in referenced(self.guideline) | statements_in(guard)
        if change.file == TOPICS and change.dropped and change.statements:
            answers = [set(one.answer) for one in self.guideline.topics if one.id != change.dropped]
            return any(change.statements <= answer for answer in answers)
        return False


def mutate_rules(
    memory: Memory,
    results: Sequence[Result],
    drafts: Sequence[DraftResult],
    right: Sequence[tuple[str, GuardContext]],
    mutants: Sequence[Mutant],
    show: Callable[[Sequence[Change]], Iterable[Change]] = iter,
) -> dict[str, Any]:
    """Change each record in turn and say who noticed; the assistant of `memory` made `results`, and is used up.

    `right` are drafts that pass, `mutants` wrong ones made from them; with the wrong ones of the sets they are what a
    record of the guard must refuse.
    """
    wrong = [
        (d.sample.draft, GuardContext(question=d.sample.question)) for d in drafts if d.verdict != "pass"
    ]
    wrong += [(mutant.draft, mutant.context) for mutant in mutants if mutant.operator in _SAID]
    showing = [one.sample for one in drafts if one.right and one.sample.shows]
    rules = Rules(memory, results, [*wrong, *_tested()], right, showing)
    outcomes = [rules.notice(change) for change in show(list(changes_of(rules.guideline.folder)))]
    equivalent = [one.change.name for one in outcomes if rules.is_equivalent(one)]
    counted = [one for one in outcomes if one.change.name not in equivalent]

    def rates(key: Callable[[Change], str]) -> dict[str, Any]:
        names = sorted({key(one.change) for one in counted})
        grouped = {name: [bool(one.by) for one in counted if key(one.change) == name] for name in names}
        return {name: Rate(sum(found), len(found)).record() for name, found in grouped.items()}

    return {
        "all operators": Rate(sum(bool(one.by) for one in counted), len(counted)).record(),
        "quotes with a word left out": rules.quotes_proven().record(),
        "by_operator": rates(lambda change: change.operator),
        "by_file": rates(lambda change: change.file),
        "noticed_by": dict(sorted(Counter(one.by for one in counted if one.by).items())),
        "survivors": [one.change.name for one in counted if not one.by],
        "equivalent": equivalent,
    }


def _tested() -> list[tuple[str, GuardContext]]:
    """The wrong drafts of the guard's tests, and the false ones of the single statements kept for work on it."""
    rows = read_yaml(_TESTED) if _TESTED.is_file() else []
    single = load_own(DATASETS / "statements-dev.csv")
    return [
        *((row["d"], GuardContext(question=row["q"])) for row in rows),
        *(
            (one.draft, GuardContext(question=one.question))
            for one in single
            if isinstance(one, Draft) and one.verdict == "reject"
        ),
    ]


def _refused_by_one(guard: Guard, wrong: Iterable[tuple[str, GuardContext]]) -> Iterator[Reviewed]:
    for text, context in wrong:
        findings = guard.review(text, context).findings
        if len({one.rule for one in findings}) == 1 and len(findings) <= _MOST_FINDINGS:
            marks = _marks(guard, text, context)
            near = (m.name for m in marks if any(m.start < one.end and one.start < m.end for one in findings))
            names = frozenset(mark.name for mark in marks)
            yield Reviewed(text, context, names, frozenset(near), findings[0].rule)


def _marks(guard: Guard, text: str, context: GuardContext) -> Sequence[Mark]:
    return read(text, guard.knowledge, context.question).marks
