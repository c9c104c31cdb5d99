"""The numbers of a run, severity first: every rate with its interval, every set and split apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from evals.assertions import AssertionResult
from evals.drafts import DraftResult
from evals.samples import SEVERITIES
from evals.scoring import KINDS, Result, group_spans, option_sets, set_f1
from evals.source import GUIDELINE, overlaps
from evals.statistics import Rate, mean_record, rate_of
from evals.support import Statement, statements_of

STATUSES = ("answered", "does_not_apply", "needs_information", "not_covered")
SPLITS = ("dev", "held", "all")
#: Kinds of questions and voices with fewer samples stand together: an interval of one sample says nothing.
LEAST_PLOTTED = 10


def of_split(results: Iterable[Any], split: str) -> list[Any]:
    """The results of a split, or all."""
    return [r for r in results if split == "all" or r.sample.split == split]


def summarise_answers(results: Sequence[Result]) -> dict[str, Any]:
    """All headline numbers of answers, by split."""
    return {split: _answers(of_split(results, split)) for split in SPLITS}


def _answers(results: Sequence[Result]) -> dict[str, Any]:
    high = [r for r in results if r.sample.severity == "high"]
    harm = rate_of(high, lambda r: r.kind in ("wrong", "crashed"))
    refusing = [r for r in results if "answered" not in r.sample.statuses]
    answering = [r for r in results if r.sample.statuses == ("answered",)]
    judged = [r for r in results if r.sample.options.recommended is not None]
    # Most samples expect no option; counted together, a program that never names one would look good.
    patient = [r for r in judged if r.sample.options.recommended]
    nothing = [r for r in judged if not r.sample.options.recommended]
    statements = [statement for r in results for statement in supports(r)]
    marked = [statement for statement in statements if statement.supported is not None]
    precise = [touches for r in results if r.sample.cited for touches in _touches(r)]
    recalled = [s.value for r in results if r.sample.cited and (s := r.score("citations"))]
    return {
        "samples": len(results),
        "high_severity_errors": {**harm.record(), "upper_95_exact": _round(harm.upper_exact)},
        "high_severity_failures": rate_of(high, lambda r: not r.right).record(),
        "exact_answers": rate_of(results, lambda r: r.right).record(),
        "status_accepted": rate_of(results, lambda r: _full(r, "status")).record(),
        "unsafe_accepts": rate_of(refusing, lambda r: _status(r) == "answered").record(),
        "over_refusals": rate_of(answering, lambda r: _status(r) != "answered").record(),
        "facts_found": mean_record([s.value for r in results if r.sample.facts and (s := r.score("facts"))]),
        "forbidden_shown": rate_of([r for r in results if r.sample.absent], _shows_forbidden).record(),
        "citation_recall": mean_record(recalled),
        "citation_precision": Rate(sum(precise), len(precise)).record(),
        "statements_marked": Rate(len(marked), len(statements)).record(),
        "statements_supported": rate_of(marked, lambda s: bool(s.supported)).record(),
        "option_sets_exact": rate_of(patient, _recommended_exact).record(),
        "option_sets_f1": mean_record([_recommended_f1(r) for r in patient]),
        "options_put_forward_wrongly": rate_of(nothing, lambda r: not _recommended_exact(r)).record(),
        "option_roles_exact": rate_of(
            [r for r in results if _judges_options(r)], lambda r: _full(r, "options")
        ).record(),
        "kinds": {kind: sum(r.kind == kind for r in results) for kind in KINDS},
        "by_severity": {s: _kinds([r for r in results if r.sample.severity == s]) for s in SEVERITIES},
        "by_set": _grouped(results, lambda r: r.sample.set),
        "by_category": _grouped(results, lambda r: f"{r.sample.set}/{r.sample.category}"),
        "by_family": _grouped_well(results, lambda r: f"{r.sample.set}/{r.sample.category.split('-')[0]}"),
        "by_voice": _grouped_well(results, lambda r: r.sample.voice.lower()),
        "by_turns": _grouped(results, lambda r: "one" if len(r.sample.turns) == 1 else "several"),
        "by_origin": _grouped(results, lambda r: r.sample.origin),
        "confusion": confusion(results),
    }


def confusion(results: Sequence[Result]) -> dict[str, dict[str, int]]:
    """Expected against given status; where several are accepted, the given one if it is among them."""
    table = {row: dict.fromkeys((*STATUSES, "crashed"), 0) for row in STATUSES}
    for result in results:
        given = _status(result)
        accepted: tuple[str, ...] = result.sample.statuses
        table[given if given in accepted else accepted[0]][given] += 1
    return table


def summarise_drafts(results: Sequence[DraftResult]) -> dict[str, Any]:
    """The guard's numbers, by split: wrong drafts refused and right drafts passed are told apart."""
    return {split: _drafts(of_split(results, split)) for split in SPLITS}


def _drafts(results: Sequence[DraftResult]) -> dict[str, Any]:
    bad = [r for r in results if r.sample.verdict == "reject"]
    good = [r for r in results if r.sample.verdict == "pass"]
    high = [r for r in bad if r.sample.severity == "high"]
    missed = rate_of(high, lambda r: r.verdict != "reject")
    rules: dict[str, Counter[str]] = {}
    for result in bad:
        found = {finding.rule for finding in result.review.findings} if result.review else set()
        rules.setdefault(result.sample.operator, Counter()).update(found or {"(passed)"})
    return {
        "samples": len(results),
        "wrong_refused": rate_of(bad, lambda r: r.verdict == "reject").record(),
        "high_severity_missed": {**missed.record(), "upper_95_exact": _round(missed.upper_exact)},
        "right_passed": rate_of(good, lambda r: r.right).record(),
        "located": rate_of([r for r in bad if r.located is not None], lambda r: bool(r.located)).record(),
        "by_operator": _grouped(bad, lambda r: r.sample.operator),
        "by_style": _grouped(results, lambda r: f"{r.sample.verdict}/{r.sample.style}"),
        "rules_by_operator": {name: dict(sorted(rules[name].items())) for name in sorted(rules)},
    }


def summarise_assertions(results: Sequence[AssertionResult]) -> dict[str, Any]:
    """The numbers of assertion status, by split."""
    return {
        split: {
            "exact": rate_of(rows, lambda r: r.right).record(),
            "high_severity_errors": rate_of(
                [r for r in rows if r.sample.severity == "high"], lambda r: not r.right
            ).record(),
            "by_category": _grouped(rows, lambda r: r.sample.category),
        }
        for split in SPLITS
        for rows in [of_split(results, split)]
    }


def risk_coverage(scored: Sequence[tuple[float, bool]]) -> list[tuple[float, float]]:
    """(coverage, risk) as a threshold on a confidence falls: share answered, and share wrong among them.

    `scored` holds (confidence, is wrong if answered); equal confidences are one step.
    """
    ordered = sorted(scored, key=lambda item: -item[0])
    points: list[tuple[float, float]] = []
    wrong = 0
    for number, (confidence, is_wrong) in enumerate(ordered, 1):
        wrong += is_wrong
        if number == len(ordered) or ordered[number][0] < confidence:
            points.append((round(number / len(ordered), 4), round(wrong / number, 4)))
    return points


def supports(result: Result) -> list[Statement]:
    """The statements of a result."""
    return statements_of(result.answer, result.sample.turns) if result.answer else []


def _grouped(results: Sequence[Any], key: Callable[[Any], str]) -> dict[str, Any]:
    groups: dict[str, list[Any]] = {}
    for result in results:
        groups.setdefault(key(result), []).append(result)
    return {name: _kinds(groups[name]) for name in sorted(groups)}


def _grouped_well(results: Sequence[Any], key: Callable[[Any], str]) -> dict[str, Any]:
    """Groups of at least LEAST_PLOTTED results; the others of a set together, last."""
    sizes = Counter(map(key, results))
    named = {
        id(r): name if sizes[name := key(r)] >= LEAST_PLOTTED else f"{r.sample.set}, others" for r in results
    }
    return _grouped(results, lambda r: named[id(r)])


def _kinds(results: Sequence[Any]) -> dict[str, Any]:
    kinds: Mapping[str, int] = Counter(r.kind for r in results)
    return {**rate_of(results, lambda r: r.right).record(), **{k: kinds.get(k, 0) for k in KINDS[:4]}}


def _status(result: Result) -> str:
    return result.answer.status if result.answer else "crashed"


def _full(result: Result, scorer: str) -> bool:
    score = result.score(scorer)
    return score is not None and score.value == 1


def _shows_forbidden(result: Result) -> bool:
    score = result.score("absent")
    return score is not None and score.value < 1


def _judges_options(result: Result) -> bool:
    options = result.sample.options
    return any(x is not None for x in (options.recommended, options.not_recommended, options.preferred))


def _recommended(result: Result) -> tuple[frozenset[str], frozenset[str]]:
    expected = frozenset(result.sample.options.recommended or ())
    return expected, option_sets(result.answer)["recommended"] if result.answer else frozenset()


def _recommended_exact(result: Result) -> bool:
    expected, given = _recommended(result)
    return result.answer is not None and expected == given


def _recommended_f1(result: Result) -> float:
    return set_f1(*_recommended(result)) if result.answer else 0.0


def _touches(result: Result) -> list[bool]:
    if result.answer is None:
        return []
    wanted = [span for group in result.sample.cited for span in group_spans(group)]
    return [
        c.guideline == GUIDELINE and any(overlaps((c.start, c.end), span) for span in wanted)
        for c in result.answer.citations
    ]


def _round(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
