"""The report as a Markdown table: severity first, each rate with its interval."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

HEADLINE = {
    "high_severity_errors": "high-severity errors",
    "high_severity_failures": "high-severity samples not right in all",
    "exact_answers": "exact answers",
    "unsafe_accepts": "unsafe accepts (answered where it must not)",
    "over_refusals": "over-refusals (not answered where it must)",
    "status_accepted": "status accepted",
    "forbidden_shown": "forbidden words shown",
    "options_put_forward_wrongly": "an option put forward where none may be",
    "option_sets_exact": "recommended set exact, where one is due (published: 81 %)",
    "option_sets_f1": "recommended set F1 (published: .879)",
    "option_roles_exact": "all option roles exact",
    "facts_found": "expected facts stated",
    "citation_recall": "expected passages cited",
    "citation_precision": "citations that are expected passages",
    "statements_marked": "statements with a citation",
    "statements_supported": "cited statements supported",
}
BETTER_LOW = {
    "high_severity_errors",
    "high_severity_failures",
    "unsafe_accepts",
    "over_refusals",
    "forbidden_shown",
    "options_put_forward_wrongly",
}
GUARD = {
    "high_severity_missed": "guard: high-severity wrong drafts passed",
    "wrong_refused": "guard: wrong drafts refused",
    "right_passed": "guard: right drafts passed",
    "located": "guard: finding at the marked words",
}
SPLITS = ("dev", "held", "all")


def cell(record: Any) -> str:
    """A record of a rate or mean as text."""
    if not isinstance(record, Mapping):
        return str(record)
    if record.get("value") is None:
        return "-"
    value, low, high = (100 * record[name] for name in ("value", "low", "high"))
    text = f"{value:.1f} % [{low:.1f}, {high:.1f}]"
    if "count" in record:
        text += f" {record['count']}/{record['total']}"
    if record.get("upper_95_exact") is not None:
        text += f", at most {record['upper_95_exact']:.1%}"
    return text


def headline_rows(report: Mapping[str, Any]) -> list[list[str]]:
    """Rows of (name, dev, held, all)."""
    rows = [
        [label, *(cell(report["answers"][split][name]) for split in SPLITS)]
        for name, label in HEADLINE.items()
    ]
    rows += [
        [label, *(cell(report["guard"][split][name]) for split in SPLITS)] for name, label in GUARD.items()
    ]
    rows.append(["assertion status", *(cell(report["assertion"][split]["exact"]) for split in SPLITS)])
    if report["own_answers"]:
        rows.append(["rules answers that the guard passes whole", "", "", cell(report["own_answers"])])
    for name, record in report["identity"].items():
        label = {"shuffled": "another order", "processes": "a new process, another hash seed"}[name]
        rows.append([f"same answer in {label} (published: 72 %)", "", "", cell(record)])
    return rows


def comparison_rows(report: Mapping[str, Any]) -> tuple[list[str], list[list[str]]]:
    """Head and rows of the comparison, over all samples."""
    names = list(next(iter(report["comparison"].values()))["all"]) if report["comparison"] else []
    head = ["system", *(HEADLINE[name].split(" (")[0] for name in names)]
    rows = []
    for system, record in report["comparison"].items():
        rows.append([system, *(cell(record["all"][name]) for name in names)])
    return head, rows


def retrieval_rows(report: Mapping[str, Any]) -> tuple[list[str], list[list[str]]]:
    """Head and rows of retrieval."""
    systems = report["retrieval"]["systems"]
    names = list(next(iter(systems.values()))["metrics"])
    head = ["system", *names, "characters in the top 4"]
    rows = [
        [name, *(_with_interval(s["metrics"][m]) for m in names), str(s["characters_shown@4"])]
        for name, s in systems.items()
    ]
    return head, rows


def mutation_rows(mutation: Mapping[str, Any]) -> list[list[str]]:
    """Rows of (what was changed, how much of it was noticed)."""
    rows = []
    for kind, label in (("drafts", "drafts"), ("rules", "rules")):
        found = mutation.get(kind)
        if not found:
            continue
        whole = {name: record for name, record in found.items() if _is_rate(record)}
        rows += [[f"{label}, {name}", cell(record)] for name, record in whole.items()]
        for group in ("by_operator", "by_file"):
            rows += [
                [f"{label}, {group[3:]} {name}", cell(record)]
                for name, record in found.get(group, {}).items()
            ]
    return rows


def _is_rate(record: Any) -> bool:
    return isinstance(record, Mapping) and {"value", "low", "high"} <= set(record)


def _with_interval(record: Mapping[str, Any]) -> str:
    if record.get("value") is None:
        return "-"
    low, high = record.get("low"), record.get("high")
    return f"{record['value']:.3f} [{low:.3f}, {high:.3f}]"


def _twice(report: Mapping[str, Any]) -> str:
    """How much of what is held was read by two."""
    found = report["second_reading"]
    return f"{found['read_twice']} of {found['held']} held samples read twice."


def markdown(report: Mapping[str, Any], misses: Sequence[str]) -> str:
    """Return the report without times, the same bytes on every run."""
    sets = ", ".join(f"{n} {c['dev']}+{c['held']}" for n, c in report["counts"]["sets"].items())
    parts = [
        "# Evaluation",
        f"{report['counts']['total']} samples (dev + held): {sets}. 95 % intervals. {_twice(report)}",
        _table(["", *SPLITS], headline_rows(report)),
        "## Retrieval",
        f"{report['retrieval']['queries']} queries.",
        _table(*retrieval_rows(report)),
    ]
    if report["comparison"]:
        parts += ["## Compared in the same run", _table(*comparison_rows(report))]
    parts += ["## Status: expected (rows), given (columns)", _counted(report["answers"]["all"]["confusion"])]
    parts += ["## Guard: what is wrong (rows), rules that fired", _fired(report["guard"]["all"])]
    parts += ["## By set"]
    rows = [
        [name, *(cell(report["answers"][split]["by_set"].get(name, {})) for split in SPLITS)]
        for name in report["answers"]["all"]["by_set"]
    ]
    parts.append(_table(["", *SPLITS], rows))
    if report["mutation"]:
        parts += ["## Mutation", _table(["changed", "noticed"], mutation_rows(report["mutation"]))]
    if report["missing"]:
        parts += ["## Not evaluated", "\n".join(f"- {m}" for m in report["missing"])]
    parts += ["## Baseline", "\n".join(f"- {m}" for m in misses) or "Nothing is below it."]
    return "\n\n".join(parts) + "\n"


def _counted(table: Mapping[str, Mapping[str, int]]) -> str:
    columns = list(dict.fromkeys(column for row in table.values() for column in row))
    rows = [[name, *(str(row.get(column, 0)) for column in columns)] for name, row in table.items()]
    return _table(["", *columns], rows)


def _fired(guard: Mapping[str, Any]) -> str:
    rows = [
        [name, cell(record), ", ".join(f"{rule} {count}" for rule, count in rules.items())]
        for name, record in guard["by_operator"].items()
        for rules in [guard["rules_by_operator"].get(name, {})]
    ]
    return _table(["", "refused", "rules"], rows)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join([*lines, *("| " + " | ".join(row) + " |" for row in rows)])
