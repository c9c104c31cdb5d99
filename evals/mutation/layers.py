"""The guard's records as mutants, each layer of the guard for itself.

A wrong draft is mostly refused twice: by a claim and by a relation, and then by the learned judge. Together they would
hide that a record of one of them is lost. So the claims are tried without the relations, the relations without the
claims, and both without the judge: a draft that only the lost record refused must pass.
"""

from __future__ import annotations

import dataclasses
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.guard import Guard, GuardContext
from assistant.guard.marks import Mark
from assistant.guard.reader import Reader
from assistant.guidelines.pack import Guideline
from assistant.vocabulary import Vocabulary
from evals.drafts import DraftResult
from evals.identity import GUARD_TESTS
from evals.loaders import load_own
from evals.mutation.records import GUARD, GUARD_LISTS, RELATIONS, STEPS, Change, as_yaml
from evals.samples import DATASETS, Draft, read_yaml

Text = tuple[str, GuardContext]
#: So many drafts that name what the record names are reviewed beside those that are refused at such words.
_OTHER_DRAFTS = 150
#: One record has seldom more findings in a draft.
_MOST_FINDINGS = 3
_TESTED = GUARD_TESTS / "wrong.yaml"


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


class Layers:
    """The guard's layers as they are, with the wrong drafts that each refuses by one rule."""

    def __init__(
        self,
        guideline: Guideline,
        vocabulary: Vocabulary,
        wrong: Sequence[Text] = (),
        right: Iterable[Text] = (),
        showing: Iterable[Draft] = (),
    ) -> None:
        """`right` are drafts that pass, `showing` those whose refusals show what the sample names."""
        self.guideline = guideline
        self.vocabulary = vocabulary
        self.refused = {
            file: list(_refused_by_one(guard, wrong)) if wrong else []
            for file in (GUARD, RELATIONS, STEPS)
            for guard in [self._guard(file)]
        }
        whole = self._guard(STEPS)
        self.passed = [
            Reviewed(text, context, frozenset(mark.name for mark in _marks(whole, text, context)))
            for text, context in right
            if whole.review(text, context).verdict == "pass"
        ]
        self.showing = [one for one in showing if _shows(whole, one)]

    def notices(self, change: Change, changed: Guideline) -> bool:
        """Whether a draft that was refused passes; for a step also whether one that passed is refused.

        `changed` is the guideline with the change, where it is not a file of the guard that is changed.
        """
        guard = self._guard(change.file, change.content, changed)
        able = [one for one in self.refused[change.file] if change.rule in ("", one.rule)]
        own = [one for one in able if one.near & change.cues]
        # Shorter drafts say less that another record could refuse.
        others = sorted((o for o in able if not o.near & change.cues), key=lambda one: len(one.draft))
        named = [one for one in others if one.names & change.cues]
        wrong = (*own, *named[:_OTHER_DRAFTS])
        if any(guard.review(one.draft, one.context).verdict == "pass" for one in wrong):
            return True
        right = (one for one in self.passed if change.file == STEPS and one.names & change.cues)
        return any(guard.review(one.draft, one.context).verdict != "pass" for one in right)

    def shows_wrongly(self, name: str, changed: Guideline) -> bool:
        """Whether a refusal no longer shows the words of the source that it must, the statement `name`."""
        quote = self.guideline.statements[name].quote
        drafts = [one for one in self.showing if any(quote in text or text in quote for text in one.shows)]
        guard = self._guard(STEPS, None, changed) if drafts else None
        return guard is not None and not all(_shows(guard, draft) for draft in drafts)

    def _guard(self, file: str, content: Any = None, changed: Guideline | None = None) -> Guard:
        """The layer that the records of `file` belong to, with that content; the whole guard for any other file."""
        base = self.guideline
        if file not in (GUARD, RELATIONS):
            return Guard(changed or base, self.vocabulary)
        facts = read_yaml(base.folder / GUARD)
        with tempfile.TemporaryDirectory() as folder:
            pack = Path(folder) / "guidelines" / base.id
            (pack / "guard").mkdir(parents=True)
            shutil.copytree(base.folder.parent.parent / "vocabulary", Path(folder) / "vocabulary")
            if file == GUARD:
                files = {GUARD: content or facts}
            else:
                files = {
                    GUARD: {key: value for key, value in facts.items() if key not in GUARD_LISTS},
                    RELATIONS: content or read_yaml(base.folder / RELATIONS),
                }
            for name, written in files.items():
                (pack / name).write_text(as_yaml(written), encoding="utf-8")
            return Guard(dataclasses.replace(base, folder=pack), self.vocabulary)


def tested() -> list[Text]:
    """The wrong drafts of the guard's tests, and the false ones of the single statements kept for work on it."""
    rows = read_yaml(_TESTED) if _TESTED.is_file() else []
    single = load_own(DATASETS / "statements-dev.csv")
    false = (one for one in single if isinstance(one, Draft) and one.verdict == "reject")
    return [
        *((row["d"], GuardContext(question=row["q"])) for row in rows),
        *((one.draft, GuardContext(question=one.question)) for one in false),
    ]


def _refused_by_one(guard: Guard, wrong: Iterable[Text]) -> Iterator[Reviewed]:
    for text, context in wrong:
        findings = guard.review(text, context).findings
        if len({one.rule for one in findings}) == 1 and len(findings) <= _MOST_FINDINGS:
            marks = _marks(guard, text, context)
            near = (m.name for m in marks if any(m.start < one.end and one.start < m.end for one in findings))
            names = frozenset(mark.name for mark in marks)
            yield Reviewed(text, context, names, frozenset(near), findings[0].rule)


def _marks(guard: Guard, text: str, context: GuardContext) -> Sequence[Mark]:
    return Reader(guard.knowledge).read(text, context.question).marks


def _shows(guard: Guard, draft: Draft) -> bool:
    return DraftResult(draft, guard.review(draft.draft, GuardContext(question=draft.question))).right
