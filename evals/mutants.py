"""Mutation, reported: wrong drafts made from right ones, and the rules with each record left out in turn.

A record whose removal no sample notices is either not tested or not needed: survivors are listed by name.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import yaml

from assistant.errors import AssistantError
from assistant.settings import find_corpus
from evals.running import run_sample
from evals.samples import Draft, Sample, read_yaml
from evals.scoring import Result
from evals.source import GUIDELINE
from evals.statistics import Rate

MISSED_SHOWN = 100
#: The files of a pack and the key that holds the records; None where the file is the list.
RULE_FILES = (
    ("options.yaml", None),
    ("steps.yaml", None),
    ("scope.yaml", "criteria"),
    ("topics.yaml", "topics"),
)


def mutate_drafts(assistant: Any, drafts: Sequence[Draft], at_least: int = 2_000) -> dict[str, Any]:
    """Change each right draft of the sets in many ways; what the guard then passes is a miss."""
    from assistant.guard import GuardContext
    from evals.mutation import measure, mutate

    guard = assistant.resources.guards[GUIDELINE]
    right = [(d.draft, GuardContext(question=d.question)) for d in drafts if d.verdict == "pass"]
    passing = [(text, context) for text, context in right if guard.review(text, context).verdict == "pass"]
    found = measure(guard, mutate(guard, passing, at_least=at_least))
    operators = {name: Rate(found.caught[name], count).record() for name, count in sorted(found.made.items())}
    total = Rate(sum(found.caught.values()), sum(found.made.values())).record()
    missed = [{"operator": mutant.operator, "draft": mutant.draft} for mutant in found.missed[:MISSED_SHOWN]]
    return {"all operators": total, **operators, "missed": missed}


def mutate_rules(assistant_class: Any, results: Sequence[Result]) -> dict[str, Any]:
    """Leave each record of the pack out in turn and ask the samples that were right until one is not.

    A removal is noticed when the pack is refused by the loader or a sample is no longer right.
    """
    right = [result.sample for result in results if result.right]
    noticed: dict[str, list[str]] = {}
    for file, key in RULE_FILES:
        for name, corpus in _without_each(file, key):
            noticed[f"{file}: {name}"] = [_noticed(assistant_class, corpus, right)]
    survivors = sorted(name for name, (by,) in noticed.items() if not by)
    by_loader = sum(by == "loader" for (by,) in noticed.values())
    return {
        "rules, records whose removal is noticed": Rate(len(noticed) - len(survivors), len(noticed)).record(),
        "rules, of these refused by the loader": by_loader,
        "rules, survivors": survivors,
    }


def _without_each(file: str, key: str | None) -> Iterator[tuple[str, Path]]:
    """Yield (record, corpus without it), one after the other in a folder that is thrown away."""
    source = find_corpus()
    content = read_yaml(source / "guidelines" / GUIDELINE / file)
    records = content if key is None else content[key]
    for number, record in enumerate(records):
        kept = [other for place, other in enumerate(records) if place != number]
        with tempfile.TemporaryDirectory() as folder:
            corpus = Path(folder) / "corpus"
            shutil.copytree(source, corpus)
            left = kept if key is None else {**content, key: kept}
            text = yaml.safe_dump(left, allow_unicode=True, sort_keys=False, width=10_000)
            (corpus / "guidelines" / GUIDELINE / file).write_text(text, encoding="utf-8")
            yield str(record.get("id") or record.get("name") or number), corpus


def _noticed(assistant_class: Any, corpus: Path, samples: Sequence[Sample]) -> str:
    """Say what noticed the removal: the loader, a sample's id, or "" for nothing."""
    try:
        mutant = assistant_class.open(corpus_dir=corpus, index_dir=corpus.parent / "index")
        first = run_sample(mutant, samples[0]) if samples else None
    except AssistantError:
        return "loader"
    if first is not None and not first.right:
        return first.sample.id
    return next((s.id for s in samples[1:] if not run_sample(mutant, s).right), "")
