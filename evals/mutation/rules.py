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
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from assistant import Assistant
from assistant.errors import AssistantError
from assistant.guard import GuardContext
from assistant.guidelines.coverage import measure as measure_coverage
from assistant.guidelines.coverage import referenced
from assistant.guidelines.loader import load_guideline
from assistant.guidelines.pack import Guideline
from evals.drafts import DraftResult
from evals.mutation import claims
from evals.mutation.drafts import Mutant
from evals.mutation.layers import Layers, Text, tested
from evals.mutation.memory import Memory
from evals.mutation.records import (
    GUARD,
    RELATIONS,
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
from evals.samples import Draft, read_yaml
from evals.scoring import Result
from evals.source import GUIDELINE
from evals.statistics import Rate
from evals.systems import PassAll

#: So many samples are asked before the checks that read the whole pack.
_ASKED_FIRST = 12
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
        wrong: Sequence[Text] = (),
        right: Sequence[Text] = (),
        showing: Sequence[Draft] = (),
    ) -> None:
        """`wrong`, `right` and `showing` are drafts for the guard, see `Layers`."""
        self.memory = memory
        self.base = memory.assistant.resources
        self.guideline = self.base.guideline(GUIDELINE)
        self.touched = Touched(memory, results)
        self.layers = Layers(self.guideline, self.base.vocabulary, wrong, right, showing)
        self._open = len(measure_coverage(self.guideline).open)

    def notice(self, change: Change) -> Outcome:
        """Make the change and say who notices."""
        with tempfile.TemporaryDirectory() as folder:
            try:
                guideline = changed_guideline(self.guideline, change)
                if change.file in (GUARD, RELATIONS, STEPS):
                    drafts = "draft" if self.layers.notices(change, guideline) else ""
                    return Outcome(change, drafts or self._checked(change, Path(folder)), same=True)
                found = self._asked(change, guideline, Path(folder))
                quoted = change.file == STATEMENTS and not found.by
                if quoted and self.layers.shows_wrongly(change.record, guideline):
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
            files = [self.guideline.folder / name for name in (GUARD, RELATIONS)]
            named = [statements_in(read_yaml(path)) for path in files if path.is_file()]
            return change.record not in referenced(self.guideline).union(*named)
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
    rules = Rules(memory, results, [*wrong, *tested()], right, showing)
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
