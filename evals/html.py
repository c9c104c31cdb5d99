"""The report as one self-contained page: headline, failures with filters, plots. Nothing is loaded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

from evals.markdown import (
    BETTER_LOW,
    HEADLINE,
    SPLITS,
    comparison_rows,
    headline_rows,
    mutation_rows,
    retrieval_rows,
)
from evals.plots import curves, heat_map, histogram, interval_bars
from evals.samples import SEVERITIES
from evals.scoring import KINDS

_HERE = Path(__file__).resolve().parent


def page(
    report: Mapping[str, Any],
    timings: Mapping[str, Any],
    changes: Mapping[str, Any],
    misses: Sequence[str],
    show_held: bool = False,
) -> str:
    """Return the page."""
    style, script = ((_HERE / name).read_text(encoding="utf-8") for name in ("page.css", "page.js"))
    body = "\n".join(
        [
            "<h1>Evaluation of the guideline assistant</h1>",
            _provenance(report, timings),
            _misses(misses, report["missing"]),
            _cards(report, timings),
            _failures(report, show_held),
            _changes(changes, report),
            "<h2>Headline by split</h2>",
            table(["", *SPLITS], headline_rows(report), "headline"),
            _plots(report, timings),
            "<h2>Compared in this run</h2>",
            _comparison(report),
            "<h2>Retrieval</h2>",
            table(*retrieval_rows(report)),
            _mutation(report["mutation"]),
            _times(timings),
        ]
    )
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Evaluation</title><style>{style}</style></head><body>{body}<script>{script}</script></body></html>\n"
    )


def _provenance(report: Mapping[str, Any], timings: Mapping[str, Any]) -> str:
    return (
        f'<p class="note">Run {escape(timings["started"])}, {timings["seconds"]} s, '
        f"{report['counts']['total']} samples on {escape(timings['machine'])}. The expectations were "
        "written by a language model from the guideline's text before the program existed; no clinician has "
        "reviewed them. See evals/README.md.</p>"
    )


def table(head: Sequence[str], rows: Sequence[Sequence[str]], kind: str = "") -> str:
    """Return an HTML table; `kind` is a class of the style sheet."""
    top = "".join(f"<th>{escape(name)}</th>" for name in head)
    lines = ["".join(f"<td>{escape(text)}</td>" for text in row) for row in rows]
    body = "".join(f"<tr>{line}</tr>" for line in lines)
    return f'<table class="{kind}"><tr>{top}</tr>{body}</table>'


def _misses(misses: Sequence[str], missing: Sequence[str]) -> str:
    lines = [*(f"Worse than the baseline: {m}" for m in misses), *(f"Not evaluated: {m}" for m in missing)]
    return f"<pre>{escape(chr(10).join(lines))}</pre>" if lines else "<p>No number is below the baseline.</p>"


def _cards(report: Mapping[str, Any], timings: Mapping[str, Any]) -> str:
    held, cards = report["answers"]["held"], []
    for name, label in HEADLINE.items():
        record = held[name]
        if record.get("value") is None:
            continue
        shown = f"{record['value']:.1%}"
        if name == "high_severity_errors":
            shown = f"{record['count']} of {record['total']}"
            label += f", at most {record['upper_95_exact']:.1%} (95 %)"
        good = record["value"] == (0 if name in BETTER_LOW else 1)
        kind = "good" if good else "bad" if name == "high_severity_errors" else ""
        cards.append(f'<div class="card {kind}"><b>{shown}</b>{escape(label)}</div>')
    cards.append(
        f'<div class="card"><b>{timings["answer_ms"]["median"]:.1f} ms</b>median answer, '
        f"p95 {timings['answer_ms']['p95']:.1f} ms</div>"
    )
    return f'<h2>Held split: kept from tuning</h2><div class="cards">{"".join(cards)}</div>'


def _failures(report: Mapping[str, Any], show_held: bool) -> str:
    failed = [row for row in report["results"] if row["kind"] != "right"]
    failed.sort(key=lambda r: (SEVERITIES.index(r["severity"]), KINDS.index(r["kind"]), r["id"]))
    shown = [row for row in failed if show_held or row["split"] == "dev"]
    filters = "".join(
        f'<label>{name} <select id="f-{name}"><option value="">all</option></select></label>'
        for name in ("set", "category", "severity", "kind")
    )
    hidden = len(failed) - len(shown)
    return (
        f"<h2>Failures</h2><p>{len(failed)} of {len(report['results'])} samples fail; {hidden} of them are "
        "held and not shown, so that nobody tunes on them by accident (--show-held).</p>"
        f'<section><div class="filters">{filters}<label>words <input id="f-words"></label>'
        '<span id="f-count"></span></div>'
        f'<div id="failures">{"".join(_failure(row) for row in shown)}</div></section>'
    )


def _failure(row: Mapping[str, Any]) -> str:
    data = " ".join(f'data-{name}="{escape(row[name])}"' for name in ("set", "category", "severity", "kind"))
    head = (
        f'<span class="tag {row["kind"]}">{row["kind"]}</span> <span class="tag">{row["severity"]}</span> '
        f"<b>{escape(row['id'])}</b> {escape(row['category'])}: {escape(row['turns'][-1][:160])}"
    )
    wrong = "\n".join(s["explanation"] for s in row.get("scores", ()) if s["value"] < 1)
    return (
        f'<details id="{escape(row["id"])}" {data}><summary>{head}</summary>'
        f"<pre>{escape(wrong or row.get('explanation', ''))}</pre>"
        f'<div class="sides"><div><b>Asked</b><pre>{escape(chr(10).join(row["turns"]))}</pre>'
        f"<b>Expected</b> {escape(row['why'])}<pre>{escape(_expected(row['expected']))}</pre></div>"
        f"<div><b>Given</b><pre>{escape(_given(row))}</pre></div></div></details>"
    )


def _expected(expected: Mapping[str, Any]) -> str:
    lines = []
    for name, value in expected.items():
        if name in ("facts", "cited", "basis"):
            lines += [f"{name}: {' | '.join(group)}" for group in value]
        elif name == "options":
            lines += [f"{role}: {', '.join(ids) or 'none'}" for role, ids in value.items()]
        elif value:
            lines.append(f"{name}: {value if isinstance(value, str) else ' | '.join(value)}")
    return "\n".join(lines)


def _given(row: Mapping[str, Any]) -> str:
    if "draft" in row:
        return f"{row['draft']}\n\n{row['verdict']}"
    answer = row.get("answer")
    if answer is None:
        return str(row.get("error") or row.get("status", ""))
    options = [f"{o['id']}: {o['role']}{', preferred' if o['preferred'] else ''}" for o in answer["options"]]
    cited = [f"[{c['number']}] {c['quote']}" for c in answer["citations"]]
    return "\n".join([f"{answer['status']}\n\n{answer['text']}\n", *options, "", *cited])


def _changes(changes: Mapping[str, Any], report: Mapping[str, Any]) -> str:
    """What is not as in the last report; of held samples only how many, as everywhere."""
    if not changes.get("compared"):
        return "<h2>Since the last report</h2><p>There is no last report.</p>"
    failing = {row["id"] for row in report["results"] if row["kind"] != "right" and row["split"] == "dev"}
    held = {row["id"] for row in report["results"] if row["split"] == "held"}
    rows = []
    for name, ids in changes.items():
        if name == "compared":
            continue
        shown = [
            f'<a href="#{escape(one)}">{escape(one)}</a>' if one in failing else escape(one)
            for one in ids
            if one not in held
        ]
        hidden = len(ids) - len(shown)
        more = f" and {hidden} held" if hidden else ""
        label = name.replace("_", " ")
        rows.append(f"<tr><td>{label}</td><td>{len(ids)}</td><td>{', '.join(shown) or '-'}{more}</td></tr>")
    return f'<h2>Since the last report</h2><table class="wrap">{"".join(rows)}</table>'


def _comparison(report: Mapping[str, Any]) -> str:
    if not report["comparison"]:
        return "<p>Only in the full run.</p>"
    shown = (
        "exact_answers",
        "high_severity_errors",
        "unsafe_accepts",
        "option_sets_exact",
        "citation_precision",
    )
    plots = [
        interval_bars(
            f"{HEADLINE[name].split(' (')[0]}, by system",
            [(system, record["all"][name]) for system, record in report["comparison"].items()],
        )
        for name in shown
    ]
    return table(*comparison_rows(report)) + "".join(plots)


def _plots(report: Mapping[str, Any], timings: Mapping[str, Any]) -> str:
    answers, guard = report["answers"]["all"], report["guard"]["all"]
    systems = report["retrieval"]["systems"]
    recall = {
        name: [(float(k), system["metrics"][f"recall@{k}"]["value"]) for k in (1, 2, 3, 4, 5, 10)]
        for name, system in systems.items()
    }
    mentions = report["assertion"]["all"]["by_category"]
    return "<h2>Plots</h2>" + "".join(
        [
            interval_bars("Right answers by kind of question", list(answers["by_family"].items())),
            interval_bars("Right answers by voice", list(answers["by_voice"].items())),
            heat_map("Status: expected (rows) and given (columns)", answers["confusion"]),
            curves("Risk against coverage", report["risk_coverage"], "answered", "wrong of these"),
            interval_bars("Wrong drafts refused, by what is wrong", list(guard["by_operator"].items())),
            heat_map("Guard: what is wrong (rows), rules that fired (columns)", guard["rules_by_operator"]),
            interval_bars("Assertion status by category", list(mentions.items())),
            curves("Retrieval: recall at k", recall, "k", "recall"),
            histogram("Latency of an answer, guard included", timings["answer_ms"]["all"], "ms"),
            histogram("Latency of a review", timings["review_ms"]["all"], "ms"),
        ]
    )


def _mutation(mutation: Any) -> str:
    if not mutation:
        return "<h2>Mutation</h2><p>Only in the full run.</p>"
    drafts, rules = mutation.get("drafts", {}), mutation.get("rules", {})
    missed = "\n\n".join(f"{m['operator']} ({m['question']})\n{m['draft']}" for m in drafts.get("missed", ()))
    lists = [
        ("Wrong drafts that passed", missed),
        ("Changes of the rules that nothing notices", "\n".join(rules.get("survivors", ()))),
        ("Changes that nothing could notice, not counted", "\n".join(rules.get("equivalent", ()))),
    ]
    more = "".join(
        f"<details><summary>{name}</summary><pre>{escape(text)}</pre></details>"
        for name, text in lists
        if text
    )
    fired = heat_map(
        "Mutated drafts: operators (rows), rules that fired", drafts.get("rules_by_operator", {})
    )
    return "<h2>Mutation</h2>" + table(["changed", "noticed"], mutation_rows(mutation)) + fired + more


def _times(timings: Mapping[str, Any]) -> str:
    rows = [[name, f"{seconds} s"] for name, seconds in timings.get("parts", {}).items()]
    return "<h2>Time of each part</h2>" + table(["part", "time"], rows)
