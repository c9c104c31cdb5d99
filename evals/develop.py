"""The short command for development: one set, its failures and a table, in seconds.

Nothing of the dev split is hidden; of the held split only totals are shown, so that nobody tunes on it by
accident.
"""

from __future__ import annotations

import argparse
import sys
import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from evals.assertions import run_assertions
from evals.drafts import DraftResult, run_drafts
from evals.loaders import load_own
from evals.running import run_samples
from evals.samples import (
    ANSWER_SETS,
    DATASETS,
    SEVERITIES,
    Draft,
    Record,
    load_assertions,
    load_drafts,
    load_samples,
)
from evals.scoring import KINDS, Result
from evals.statistics import Rate, rate_of

SETS = (*ANSWER_SETS, "drafts", "assertion")
WIDTH = 150


def develop(name: str, args: argparse.Namespace) -> int:
    """Run one set and print it; exit code 1 when a sample that was run failed."""
    return _print([result for part in _names(name) for result in _run(part, args)], args)


def judge_own(path: Path, args: argparse.Namespace) -> int:
    """Put your own questions to the assistant, or your drafts to the guard, and print them like a set."""
    from assistant import Assistant

    records = _chosen(load_own(path), args)
    assistant = Assistant.open()
    if records and isinstance(records[0], Draft):
        return _print(list(run_drafts(records, assistant.review)), args)
    return _print(list(run_samples(assistant, records)), args)


def _print(results: Sequence[Any], args: argparse.Namespace) -> int:
    if not results:
        print("no sample matches", file=sys.stderr)
        return 2
    shown = [r for r in results if r.sample.split == "dev" or args.show_held]
    for result in sorted((r for r in shown if not r.right), key=_order):
        print(_failure(result, args.full))
    if args.id and not args.failures:
        for result in shown:
            if result.right:
                print(_failure(result, args.full))
    if not args.failures:
        print(_table(results, args.show_held))
    return int(any(not result.right for result in results))


def _names(name: str) -> tuple[str, ...]:
    return ANSWER_SETS if name == "answers" else (name,)


def _run(name: str, args: argparse.Namespace) -> list[Any]:
    if name == "drafts":
        from assistant import review_draft

        return list(run_drafts(_chosen(load_drafts(), args), review_draft))
    if name == "assertion":
        from assistant import assert_status

        return list(run_assertions(_chosen(load_assertions(), args), assert_status))
    from assistant import Assistant

    return list(run_samples(Assistant.open(), _chosen(load_samples(DATASETS / f"{name}.yaml"), args)))


def _chosen(records: Sequence[Any], args: argparse.Namespace) -> list[Any]:
    return [
        record
        for record in records
        if (args.split == "all" or record.split == args.split)
        and (not args.category or record.category in args.category)
        and (not args.severity or record.severity in args.severity)
        and (not args.id or record.id in args.id)
    ]


def _order(result: Any) -> tuple[int, int, str]:
    return KINDS.index(result.kind), SEVERITIES.index(result.sample.severity), result.sample.id


def _failure(result: Any, full: bool) -> str:
    sample: Record = result.sample
    head = f"{sample.id} {getattr(sample, 'category', '')} {sample.severity} {result.kind.upper()}"
    return "\n".join([head, *(f"    {line}" for line in _details(result, full)), ""])


def _details(result: Any, full: bool) -> list[str]:
    limit = 100_000 if full else 420
    if isinstance(result, Result):
        lines = [f"Q{n}: {_one_line(turn, limit)}" for n, turn in enumerate(result.sample.turns, 1)]
        lines += [f"FAIL {score.scorer}: {score.explanation}" for score in result.scores if score.value < 1]
        lines.append(f"why: {result.sample.why}")
        if result.answer is not None:
            answer = result.answer
            lines.append(f"[{answer.status}] {_one_line(answer.text, limit)}")
            if answer.options:
                roles = ", ".join(f"{o.id}={o.role}{'*' if o.preferred else ''}" for o in answer.options)
                lines.append(f"options: {roles}")
            facts = ", ".join(f"{f.concept}:{f.status}({f.words})" for f in answer.scope.facts)
            lines.append(f"scope: {answer.scope.verdict}; facts: {facts or '-'}")
        return lines
    if isinstance(result, DraftResult):
        draft = result.sample
        return [
            f"Q: {_one_line(draft.question, limit)}",
            f"DRAFT: {_one_line(draft.draft, limit)}",
            f"FAIL {result.explanation}",
            f"why: {draft.why}",
        ]
    return [result.explanation, f"why: {result.sample.why}"]


def _one_line(text: str, limit: int) -> str:
    joined = text.replace("\n", " ⏎ ")
    return textwrap.shorten(joined, limit, placeholder=" …") if limit < 100_000 else text


def _table(results: Sequence[Any], show_held: bool) -> str:
    lines = [f"{'category':<28}{'right':<32}{'wrong':>6}{'refused':>9}{'incomplete':>12}{'crashed':>9}"]
    dev = [r for r in results if r.sample.split == "dev" or show_held]
    categories = sorted({r.sample.category for r in dev})
    lines += [_row(name, [r for r in dev if r.sample.category == name]) for name in categories]
    for name in sorted({r.sample.set for r in results}):
        for split in ("dev", "held"):
            rows = [r for r in results if (r.sample.set, r.sample.split) == (name, split)]
            if rows:
                lines.append(_row(f"{name.upper()} {split.upper()}", rows))
                high = [r for r in rows if r.sample.severity == "high"]
                lines.append(_row("  of high severity", high))
                lines += _located(rows)
    seconds = sorted(r.seconds for r in results if getattr(r, "seconds", 0))
    if seconds:
        p95 = seconds[int(0.95 * (len(seconds) - 1))]
        lines.append(f"last turn: median {1e3 * seconds[len(seconds) // 2]:.1f} ms, p95 {1e3 * p95:.1f} ms")
    return "\n".join(lines)


def _row(name: str, rows: Sequence[Any]) -> str:
    kinds = {kind: sum(r.kind == kind for r in rows) for kind in KINDS}
    right: Rate = rate_of(rows, lambda r: r.right)
    counts = f"{kinds['wrong']:>6}{kinds['refused']:>9}{kinds['incomplete']:>12}{kinds['crashed']:>9}"
    return f"{name:<28}{right!s:<32}{counts}"


def _located(rows: Sequence[Any]) -> list[str]:
    drafts = [r for r in rows if isinstance(r, DraftResult)]
    if not drafts:
        return []
    bad = [r for r in drafts if r.sample.verdict == "reject"]
    good = [r for r in drafts if r.sample.verdict == "pass"]
    located = rate_of([r for r in bad if r.located is not None], lambda r: bool(r.located))
    return [
        f"  wrong drafts refused      {rate_of(bad, lambda r: r.verdict == 'reject')}",
        f"  right drafts passed       {rate_of(good, lambda r: r.right)}",
        f"  finding at the marked words {located}",
    ]
