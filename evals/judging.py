"""`python -m evals judge`: the guard's judge, trained on labelled sentences and measured on those held aside.

It is trained on the dev split of the statements, on the sentences of the dev drafts, of which the one with the
marked words is false, and on the drafts of the guard's tests, the wrong ones where they are a single sentence. Nothing
of the held split is used. A low-rank adapter of the embedding model is
fitted (LoRA), because it is small enough to be kept beside the guideline: no machine needs to train it again.
`--go-on` fits the kept one further, on what it is not sure of and on a part of the rest, lest it forget.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant import Assistant
from assistant.guard.judge import RULE, is_judged, judged_text
from assistant.guard.reader import Reader
from assistant.resources import JUDGE_FILE, MODELS
from evals.identity import GUARD_TESTS
from evals.loaders import load_own
from evals.samples import DATASETS, Draft, load_drafts, read_yaml
from evals.statistics import Rate

STATEMENTS = ("statements-dev.csv", "statements-held.csv")
THRESHOLDS = (0.5, 0.7, 0.8, 0.85, 0.9, 0.95, 0.98)
_DRAFTS = "drafts"
_KINDS: tuple[tuple[str, Callable[[Draft], bool]], ...] = (
    ("statements", lambda one: one.set != _DRAFTS),
    ("drafts", lambda one: one.set == _DRAFTS),
)


@dataclass(frozen=True, slots=True)
class Labelled:
    """A sentence as the judge reads it, whether it is false, and the draft that it stands in."""

    text: str
    false: bool
    draft: Draft


def labelled(assistant: Assistant, split: str) -> list[Labelled]:
    """Return all sentences of a split's statements and drafts that the judge would be asked about."""
    drafts = [one for name in STATEMENTS for one in load_own(DATASETS / name)] + list(load_drafts())
    reader = Reader(assistant.resources.guards[assistant.guidelines[0].id].knowledge)
    found: list[Labelled] = []
    for one in drafts:
        if not isinstance(one, Draft) or one.split != split:
            continue
        reading = reader.read(one.draft, one.question)
        start = one.draft.find(one.span) if one.span is not None else -1
        end = start + len(one.span or "")
        whole = one.verdict == "reject" and one.span is None
        for unit in reading.units:
            first, last = reading.text.original(unit.start, unit.end)
            if is_judged(reading, unit):
                text = judged_text(reading, unit)
                found.append(Labelled(text, whole or (start >= 0 and first < end and start < last), one))
    return found


def tested(assistant: Assistant) -> list[tuple[str, bool]]:
    """Return the sentences of the drafts in the guard's tests, and whether each is false."""
    reader = Reader(assistant.resources.guards[assistant.guidelines[0].id].knowledge)
    found: list[tuple[str, bool]] = []
    for name, false in (("right.yaml", False), ("wrong.yaml", True)):
        for row in read_yaml(GUARD_TESTS / name):
            reading = reader.read(row["d"], row.get("q") or "")
            units = [unit for unit in reading.units if is_judged(reading, unit)]
            if not false or len(units) == 1:
                found += [(judged_text(reading, unit), false) for unit in units]
    return found


def judge(train: bool, go_on: bool) -> int:
    """Train, if wanted, and print what the judge adds to the other rules on the held split."""
    assistant = Assistant.open()
    path = assistant.guidelines[0].folder / JUDGE_FILE
    if train or go_on:
        from assistant.retrieval.adapter import AdaptedModel, write_adapter
        from evals.adapter_training import Fit, train_adapter, train_further

        rows = [(row.text, row.false) for row in labelled(assistant, "dev")] + tested(assistant)
        texts, false = [text for text, _ in rows], [one for _, one in rows]
        if go_on:
            kept = AdaptedModel(path, assistant.resources.settings.index / MODELS)
            write_adapter(path, train_further(kept, texts, false, Fit()))
        else:
            write_adapter(path, train_adapter(texts, false, Fit()))
        assistant = Assistant.open()
    _measure(assistant, labelled(assistant, "held"))
    return 0


def _measure(assistant: Assistant, rows: Sequence[Labelled]) -> None:
    """Print, per threshold, how many held texts that the other rules pass would be refused, wrong and right."""
    guard = assistant.resources.guards[assistant.guidelines[0].id]
    if guard.judge is None:
        print("there is no judge yet: --train makes one")
        return
    shares = guard.judge.model.score([row.text for row in rows])
    worst: dict[str, float] = {}
    drafts = {row.draft.id: row.draft for row in rows}
    for row, share in zip(rows, shares, strict=True):
        worst[row.draft.id] = max(worst.get(row.draft.id, 0.0), share)
    passed = {name: draft for name, draft in drafts.items() if _is_left(assistant, draft)}
    for kind, chosen in _KINDS:
        for threshold in THRESHOLDS:
            shown = []
            for verdict in ("reject", "pass"):
                refused = [
                    worst[name] >= threshold
                    for name, draft in passed.items()
                    if draft.verdict == verdict and chosen(draft)
                ]
                shown.append(str(Rate(sum(refused), len(refused))))
            print(f"{kind:10} from {threshold:.2f}: wrong refused {shown[0]}, right refused {shown[1]}")


def _is_left(assistant: Assistant, draft: Draft) -> bool:
    """Whether no rule but the judge finds anything in a draft."""
    history = [turn.model_dump() for turn in draft.history]
    review = assistant.review(draft.draft, draft.question, history)
    return all(found.rule == RULE for found in review.findings)
