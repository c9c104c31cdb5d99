"""The rules as mutants: each record of the guideline is changed in turn; a sample, a draft or the loader must notice.

A change is noticed when a sample that was right is no longer right, when a draft that was refused passes, or when the
loader refuses the pack. Only samples that the record can touch are asked: those that cite what it rests on, show an
option that it is about, or are decided otherwise. What then nobody notices is a survivor, listed by name: it is
not tested, or not needed. The index and the wordings by which topics are found stay as they are.
"""

from __future__ import annotations

import dataclasses
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml
from pydantic import TypeAdapter

from assistant import Assistant
from assistant.answering.evidence_reader import Asked
from assistant.answering.evidence_records import Array
from assistant.answering.finder import Found, TopicFinder
from assistant.errors import AssistantError
from assistant.guard import Guard, GuardContext
from assistant.guidelines.loader import FILES, load_guideline
from assistant.guidelines.pack import Guideline
from assistant.guidelines.schema import Topic
from assistant.messages import read_turns
from assistant.scope.decision import decide
from assistant.types import Fact
from evals.drafts import DraftResult
from evals.identity import ROOT
from evals.mutation import claims
from evals.mutation.drafts import Mutant
from evals.mutation.records import GUARD, SCOPE, STATEMENTS, TOPICS, Change, changes_of
from evals.running import run_sample
from evals.samples import Sample, read_yaml
from evals.scoring import Result
from evals.source import GUIDELINE
from evals.statistics import Rate

#: So many samples that a record can touch are asked, spread over the sets, before it counts as a survivor.
MOST_ASKED = 60
_FAR = -1e6
_TESTED = ROOT / "tests" / "guard" / "data" / "wrong.yaml"
#: Operators whose mutants a record of the guard can be alone in refusing; figures need none.
_SAID = frozenset({*claims.OPERATORS, "swap-study", "insert-study"})
_KEPT = ("languages", "aspects", "question_reader", "bank", "questions", "passages", "passage_index")


class ChangedFinder(TopicFinder):
    """A finder whose topics can be replaced and one of whose records can be out of reach."""

    topics: Mapping[str, Topic]
    gone: int | None

    @classmethod
    def of(cls, finder: TopicFinder) -> ChangedFinder:
        """Take over a finder that is opened: nothing is read or fitted again."""
        finder.__class__ = cls
        if not isinstance(finder, cls):
            raise TypeError("a finder did not become one that can be changed")
        finder.topics, finder.gone = {}, None
        return finder

    def features(self, asked: Asked) -> Array:
        """The evidence, with the record that is gone behind all others."""
        table = super().features(asked)
        if self.gone is not None:
            table[self.gone, 0] = _FAR
        return table

    def find(self, question: str, *, studies: Sequence[str] = (), before: str = "") -> Found:
        """What is found, in its changed form."""
        found = super().find(question, studies=studies, before=before)

        def changed(topics: Iterable[Topic]) -> tuple[Topic, ...]:
            return tuple(self.topics.get(topic.id, topic) for topic in topics)

        return dataclasses.replace(
            found,
            topics=changed(found.topics),
            nearest=changed(found.nearest),
            beside=changed(found.beside),
        )


class Rules:
    """An assistant whose rules can be changed, with what is known of its samples."""

    def __init__(self, assistant: Assistant, results: Sequence[Result]) -> None:
        self.base = assistant.resources
        self.guideline = self.base.guideline(GUIDELINE)
        self.finder = ChangedFinder.of(self.base.finder)
        self.right = [result for result in results if result.right and result.answer]
        places = {(one.start, one.end): name for name, one in self.guideline.statements.items()}
        self._cited = [
            frozenset(places.get((c.start, c.end), "") for c in r.answer.citations)
            if r.answer
            else frozenset()
            for r in self.right
        ]
        self._facts = [self._read(result) for result in self.right]
        self._silences: dict[str, set[str]] = {}

    def _read(self, result: Result) -> tuple[Fact, ...]:
        found = self.base.reader.read(result.sample.turns[-1], read_turns(result.history))
        return found.facts if found.patient or found.facts else ()

    def changed(self, change: Change, folder: Path) -> Assistant:
        """Open the assistant with one record changed; the guard's file is written under `folder`."""
        guideline = _changed(self.guideline, change, folder)
        resources = dataclasses.replace(self.base, guidelines=(guideline,))
        kept = {name: vars(self.base)[name] for name in _KEPT if name in vars(self.base)}
        rows = [record.item.id if record.guideline else "" for record in self.finder.records]
        self.finder.topics = {topic.id: topic for topic in guideline.topics}
        self.finder.gone = rows.index(change.dropped) if change.dropped else None
        guards = {GUIDELINE: Guard(guideline, self.base.vocabulary)} if change.file != TOPICS else None
        vars(resources).update(kept, finder=self.finder, guards=guards or self.base.guards)
        return Assistant(resources)

    def touched(self, change: Change) -> list[Sample]:
        """The samples that a change can touch, most of its statements cited first, at most MOST_ASKED."""
        scores = [0.0] * len(self.right)
        for place, result in enumerate(self.right):
            cited = len(self._cited[place] & change.statements)
            shown = {option.id for option in result.answer.options} if result.answer else set()
            scores[place] = cited / (1 + len(self._cited[place])) + bool(shown & change.options)
        if change.file == SCOPE:
            scope = TypeAdapter(FILES[SCOPE]).validate_python(change.content)
            for place, facts in enumerate(self._facts):
                if facts and self._verdict(scope, facts) != self._verdict(self.guideline.scope, facts):
                    scores[place] += 2
        if change.dropped and not change.statements:
            for place, result in enumerate(self.right):
                if len(result.sample.turns) == 1 and self._is_silent(result, change.dropped):
                    scores[place] += 1
        order = sorted(range(len(scores)), key=lambda place: (-scores[place], place))
        found = [self.right[place].sample for place in order if scores[place] > 0]
        first, rest = found[: MOST_ASKED // 2], found[MOST_ASKED // 2 :]
        return [*first, *rest[:: max(1, len(rest) // (MOST_ASKED // 2))]][:MOST_ASKED]

    def _verdict(self, scope: Any, facts: Sequence[Fact]) -> Any:
        try:
            made = decide(scope, facts, self.base.vocabulary)
        except (KeyError, ValueError) as error:  # a criterion that another one refers to is gone
            return str(error)
        return (
            made.verdict,
            [one.criterion.id for one in made.blocking],
            made.missing.criterion.id if made.missing else "",
            made.preference.options if made.preference else (),
            made.remarks,
        )

    def _is_silent(self, result: Result, name: str) -> bool:
        """Whether the sample's question finds that unstated thing (read once per question)."""
        question = result.sample.turns[0]
        if question not in self._silences:
            found = self.base.finder.find(question) if "not_covered" in result.sample.statuses else Found()
            self._silences[question] = {one if isinstance(one, str) else one.id for one in found.unstated}
        return name in self._silences[question]


def mutate_rules(
    assistant: Assistant,
    results: Sequence[Result],
    drafts: Sequence[DraftResult],
    mutants: Sequence[Mutant],
    show: Callable[[Sequence[Change]], Iterable[Change]] = iter,
) -> dict[str, Any]:
    """Change each record in turn and say who noticed; `assistant` is used up by it.

    `mutants` are wrong drafts; with those of the sets they are what a record of the guard must refuse.
    """
    rules = Rules(assistant, results)
    guard = rules.base.guards[GUIDELINE]
    wrong = [(d.sample.draft, GuardContext(question=d.sample.question)) for d in drafts if not _passes(d)]
    wrong += [(mutant.draft, mutant.context) for mutant in mutants if mutant.operator in _SAID]
    wrong += _tested()
    lone = list(_refused_by_one(guard, wrong))
    changes = list(changes_of(rules.guideline.folder))
    noticed = [(change, _noticed(rules, change, lone)) for change in show(changes)]
    survivors = [change.name for change, by in noticed if not by]

    def rates(key: Callable[[Change], str]) -> dict[str, Any]:
        names = sorted({key(change) for change in changes})
        grouped = {name: [bool(by) for change, by in noticed if key(change) == name] for name in names}
        return {name: Rate(sum(found), len(found)).record() for name, found in grouped.items()}

    return {
        "all operators": Rate(len(changes) - len(survivors), len(changes)).record(),
        "by_operator": rates(lambda change: change.operator),
        "by_file": rates(lambda change: change.file),
        "noticed_by": dict(sorted(Counter(by for _, by in noticed if by).items())),
        "survivors": survivors,
    }


def _noticed(rules: Rules, change: Change, lone: Sequence[tuple[str, str, GuardContext]]) -> str:
    """Who noticed: a sample, a draft, the loader, or "" for nobody."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            assistant = rules.changed(change, Path(folder))
        except (AssistantError, ValueError, KeyError):
            return "loader"
        if change.file == GUARD:
            guard = assistant.resources.guards[GUIDELINE]
            touched = ((text, context) for rule, text, context in lone if change.rule in ("", rule))
            if any(guard.review(text, context).verdict == "pass" for text, context in touched):
                return "draft"
        elif any(not run_sample(assistant, sample).right for sample in rules.touched(change)):
            return "sample"
        return "" if _loads(rules, change, Path(folder)) else "loader"


def _loads(rules: Rules, change: Change, folder: Path) -> bool:
    """Whether the loader takes the pack with the change written to its file."""
    source, corpus = rules.base.corpus, folder / "whole"
    pack = corpus / "guidelines" / GUIDELINE
    shutil.copytree(source, corpus, ignore=shutil.ignore_patterns("wordings.yaml"))
    (pack / change.file).write_text(_yaml(change.content), encoding="utf-8")
    try:
        guideline = load_guideline(pack, concepts=rules.base.vocabulary.concepts.keys())
        Guard(guideline, rules.base.vocabulary)
    except AssistantError:
        return False
    return True


def _changed(base: Guideline, change: Change, folder: Path) -> Guideline:
    """The guideline with the change, made in memory; the guard reads its file anew."""
    if change.file == GUARD:
        pack = folder / "guidelines" / base.id
        (pack / "guard").mkdir(parents=True)
        (pack / GUARD).write_text(_yaml(change.content), encoding="utf-8")
        shutil.copytree(base.folder.parent.parent / "vocabulary", folder / "vocabulary")
        return dataclasses.replace(base, folder=pack)
    if change.file == STATEMENTS:
        by_quote = {one.quote: one for one in base.statements.values()}
        changed = {
            row["id"]: dataclasses.replace(by_quote[row["quote"]], id=row["id"])
            for row in change.content
            if base.statements[row["id"]].quote != row["quote"]
        }
        return dataclasses.replace(base, statements={**base.statements, **changed})
    parsed: Any = TypeAdapter(FILES[change.file]).validate_python(change.content)
    if change.file == TOPICS:
        return dataclasses.replace(base, topics=parsed.topics, unstated=parsed.unstated)
    field: dict[str, Any] = {change.file.partition(".")[0]: parsed}
    return dataclasses.replace(base, **field)


def _tested() -> list[tuple[str, GuardContext]]:
    """The wrong drafts that the tests of the guard hold: what they notice is noticed."""
    rows = read_yaml(_TESTED) if _TESTED.is_file() else []
    return [(row["d"], GuardContext(question=row["q"])) for row in rows]


def _passes(result: DraftResult) -> bool:
    return result.verdict == "pass"


def _refused_by_one(
    guard: Guard, wrong: Iterable[tuple[str, GuardContext]]
) -> Iterator[tuple[str, str, GuardContext]]:
    """The drafts that are refused for one finding alone, with its rule: only they can pass without one record."""
    for text, context in wrong:
        findings = guard.review(text, context).findings
        if len(findings) == 1:
            yield findings[0].rule, text, context


def _yaml(content: Any) -> str:
    dumper: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
    text: str = yaml.dump(content, Dumper=dumper, allow_unicode=True, sort_keys=False, width=10_000)
    return text
