"""Scorers of answers: each gives a value, what it extracted and an explanation.

What is wrong has a kind, because a refusal is not an error of the same kind as a wrong answer:

- wrong: it asserts what is not so (answers where it must not, says that the guidance does not apply where it
  does, puts forward another option, shows forbidden words);
- refused: it abstains or asks back where it must decide;
- incomplete: nothing is false, but a fact, a citation or an option is missing;
- crashed: an exception instead of an answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from assistant.types import Answer
from evals.samples import Sample
from evals.source import GUIDELINE, overlaps, quote_spans, source_texts

Kind = Literal["right", "wrong", "refused", "incomplete", "crashed"]
KINDS: tuple[Kind, ...] = ("wrong", "crashed", "refused", "incomplete", "right")
ROLES = ("recommended", "not_recommended", "preferred")
_MARKUP = re.compile(r"\*\*|__|`|(?<!\w)\*(?=\S)|(?<=\S)\*(?!\w)|\s?\[\d+\]")
_SPACE = re.compile(r"[ \t\u00a0]+")


@dataclass(frozen=True, slots=True)
class Score:
    """One scorer's judgement of one answer. `value` in [0, 1]; `kind` says what a value below 1 means."""

    scorer: str
    value: float
    extracted: Any
    explanation: str = ""
    kind: Kind = "right"


@dataclass(frozen=True, slots=True)
class Result:
    """A sample, what came back, and its scores. `seconds` is the last turn's."""

    sample: Sample
    answer: Answer | None
    scores: tuple[Score, ...]
    seconds: float = 0.0
    history: tuple[dict[str, str], ...] = field(default=())
    error: str = ""

    @property
    def kind(self) -> Kind:
        """The worst kind of its scores."""
        return min((score.kind for score in self.scores), key=KINDS.index, default="right")

    @property
    def right(self) -> bool:
        """Whether all of it is as expected."""
        return self.kind == "right"

    def score(self, scorer: str) -> Score | None:
        """The score by that scorer, if it judged."""
        return next((score for score in self.scores if score.scorer == scorer), None)


def plain(text: str) -> str:
    """Markdown without emphasis and citation markers, so that a pattern is not cut by them."""
    return _SPACE.sub(" ", _MARKUP.sub("", text))


def find(pattern: str, text: str) -> str | None:
    """Return the first match of a sample's pattern in an answer, as written or without its markup."""
    for version in (text, plain(text)):
        match = re.search(pattern, version, re.IGNORECASE)
        if match:
            return match.group(0)
    return None


def option_sets(answer: Answer) -> dict[str, frozenset[str]]:
    """Return the option ids by role, and those that are preferred."""
    sets = {role: frozenset(o.id for o in answer.options if o.role == role) for role in ROLES[:2]}
    return {**sets, "preferred": frozenset(o.id for o in answer.options if o.preferred)}


def score_status(sample: Sample, answer: Answer) -> Score:
    """Whether the status is one of the accepted ones."""
    accepted = sample.statuses
    if answer.status in accepted:
        return Score("status", 1.0, answer.status)
    definite = answer.status == "answered" or (answer.status == "does_not_apply" and "answered" in accepted)
    kind: Kind = "wrong" if definite else "refused"
    return Score("status", 0.0, answer.status, f"{answer.status}, expected {' or '.join(accepted)}", kind)


def score_facts(sample: Sample, answer: Answer) -> Score:
    """How many of the expected facts are stated."""
    found = [next((m for p in group if (m := find(p, answer.text))), None) for group in sample.facts]
    missing = [group for group, match in zip(sample.facts, found, strict=True) if match is None]
    if not missing:
        return Score("facts", 1.0, found)
    said = "; ".join("none of " + _short(" | ".join(group), 110) for group in missing)
    return Score("facts", 1 - len(missing) / len(found), found, f"missing fact: {said}", "incomplete")


def score_absent(sample: Sample, answer: Answer) -> Score:
    """Whether forbidden words are shown."""
    shown = {pattern: match for pattern in sample.absent if (match := find(pattern, answer.text))}
    if not shown:
        return Score("absent", 1.0, [])
    said = "; ".join(f"{match!r} (by {_short(pattern, 60)})" for pattern, match in shown.items())
    return Score("absent", 0.0, list(shown.values()), f"must not be said: {said}", "wrong")


def score_citations(sample: Sample, answer: Answer) -> Score:
    """How many of the expected passages are cited; a citation that is not verbatim is wrong."""
    broken = [c.number for c in answer.citations if not verbatim(c.guideline, c.start, c.end, c.quote)]
    if broken:
        return Score("citations", 0.0, broken, f"not verbatim: citation {broken}", "wrong")
    spans = [(c.start, c.end) for c in answer.citations if c.guideline == GUIDELINE]
    hits = [any(overlaps(s, e) for s in spans for e in group_spans(group)) for group in sample.cited]
    missing = [group for group, hit in zip(sample.cited, hits, strict=True) if not hit]
    if not missing:
        return Score("citations", 1.0, spans)
    said = "; ".join(_short(group[0], 90) for group in missing)
    return Score("citations", 1 - len(missing) / len(hits), spans, f"not cited: {said}", "incomplete")


def score_basis(sample: Sample, answer: Answer) -> Score:
    """How many of the expected quotes are shown with the criteria by which the patient was decided."""
    shown = [criterion.quote for criterion in answer.scope.criteria]
    missing = [group for group in sample.basis if not any(quote in one for one in shown for quote in group)]
    if not missing:
        return Score("basis", 1.0, shown)
    said = "; ".join(_short(group[0], 90) for group in missing)
    return Score("basis", 1 - len(missing) / len(sample.basis), shown, f"not shown: {said}", "incomplete")


def score_options(sample: Sample, answer: Answer) -> Score:
    """Whether the option sets are exactly the expected ones, for each role that the sample names."""
    given = option_sets(answer)
    explanations: list[str] = []
    kind: Kind = "right"
    judged = 0
    for role in ROLES:
        expected = getattr(sample.options, role)
        if expected is None:
            continue
        judged += 1
        wanted = frozenset(expected)
        if given[role] == wanted:
            continue
        extra, lacking = sorted(given[role] - wanted), sorted(wanted - given[role])
        explanations.append(f"{role}: {_signed(extra, lacking)}")
        opposite = given["not_recommended"] & wanted if role == "recommended" else frozenset()
        # An extra option that is put forward could be ordered; one too many to avoid is only clutter.
        worse = opposite or (extra and role != "not_recommended") or (extra and _recommended(sample, extra))
        kind = min(kind, "wrong" if worse else "incomplete", key=KINDS.index)
    value = 1 - len(explanations) / judged if judged else 1.0
    extracted = {role: sorted(ids) for role, ids in given.items()}
    return Score("options", value, extracted, "; ".join(explanations), kind)


def score_answer(sample: Sample, answer: Answer) -> tuple[Score, ...]:
    """All scores of one answer."""
    scorers = (score_status, score_options, score_facts, score_absent, score_citations)
    basis = (score_basis,) if sample.basis else ()
    return tuple(scorer(sample, answer) for scorer in (*scorers, *basis))


def verbatim(guideline: str, start: int, end: int, quote: str) -> bool:
    """Whether the quote is what stands at that place of the source."""
    text = source_texts().get(guideline)
    return text is not None and 0 <= start < end <= len(text) and text[start:end] == quote


def group_spans(group: Iterable[str]) -> list[tuple[int, int]]:
    """All places of the quotes of a group."""
    return [span for quote in group for span in quote_spans(quote)]


def set_f1(expected: frozenset[str], given: frozenset[str]) -> float:
    """F1 of a set; two empty sets agree."""
    if not expected and not given:
        return 1.0
    return 2 * len(expected & given) / (len(expected) + len(given))


def _recommended(sample: Sample, ids: Sequence[str]) -> bool:
    return bool(set(ids) & set(sample.options.recommended or ()))


def _signed(extra: Sequence[str], lacking: Sequence[str]) -> str:
    return " ".join([*(f"+{item}" for item in extra), *(f"-{item}" for item in lacking)])


def _short(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 1] + "…"
