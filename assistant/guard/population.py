"""Rule `scope`: who is said to belong to the population of the guidance, and who not."""

from __future__ import annotations

import re

from assistant.guard import sorted_out
from assistant.guard.found import finding
from assistant.guard.marks import Mark
from assistant.guard.negation import FINITE
from assistant.guard.reading import Reading
from assistant.guard.units import Clause, Unit
from assistant.types import Finding

RULE = "scope"
_SCOPE_REACH = 60
_OPENING = 1  # words before a name, or between it and its side
_OBJECT = 4  # words about a verb in which its "nobody" stands
_LABELLED = 6  # words and signs of a side that stands behind a name and a colon
_BESIDE = 2  # words between "except" and a name
_EXCEPT, _AFTER, _EVERYBODY = "excepting", "excepted-after", "everybody"
_NOBODY = frozenset({"nobody", "none", "noone"})
_ANYBODY = frozenset(
    {"anyone", "anybody", "any", "a", "someone", "somebody", "people", "patients", "them", "her", "him"}
)
#: "X: yes", "X; yes": a short branch with its answer.
_BRANCH = re.compile(
    r"[\s*_(-]*((?:[\w/-]+ ?){1,4})[\s*_)]*[:;-]+[\s*_]*(?:yes|covered|included|applies|it applies)\b"
)
#: What its end needs, found at once.
_ANSWERED = re.compile(r"[:;-][\s*_]*(?:yes|covered|included|applies|it applies)\b")
_NEVER = frozenset({"never", "no", "neither", "nor", "cannot"})


def check(reading: Reading) -> list[Finding]:
    """Check statements about who is covered, and a plain "yes" to such a question."""
    return [*_population(reading), *_affirmed(reading), *_branches(reading), *sorted_out.check(reading)]


def _branches(reading: Reading) -> list[Finding]:
    """A "yes" behind those whom the guidance leaves out ("adjuvant: yes"), where it is asked whether it is for them."""
    outside = reading.know.claims.population.outside
    found: list[Finding] = []
    for number, unit in enumerate(reading.units):
        if not _ANSWERED.search(reading.text.lower, unit.start, unit.end):
            continue
        match = _BRANCH.match(reading.text.lower, unit.start, unit.end)
        if match is None or unit.kind not in ("item", "sentence"):
            continue
        named = reading.find((match.start(1), match.end(1)), outside)
        after = reading.units[number + 1 : number + 2]
        spans = [*reading.above(unit), *((one.start, one.end) for one in after), (unit.start, unit.end)]
        if named and any(reading.has(span, ("guidance", "in-scope", "not-in-scope")) for span in spans):
            message = "the guidance does not cover these patients"
            found.append(finding(reading, RULE, message, unit.start, match.end()))
    return found


def _population(reading: Reading) -> list[Finding]:
    """Who is said to be in or out."""
    people = reading.know.claims.population
    sided = (*people.outside, *people.never_outside, *people.wanted)
    found: list[Finding] = []
    for clause in reading.clauses:
        unit = reading.units[clause.unit]
        if unit.question:
            continue
        for mark in reading.find((clause.start, clause.end), sided):
            if mark.name in people.never_outside and _is_excepted(reading, unit, mark):
                message = "the guidance does not exclude these patients"
                found.append(finding(reading, RULE, message, mark.start, mark.end))
                continue
            names = reading.know.lineage(mark.name) if mark.concept else frozenset({mark.name})
            side = _side(reading, unit, clause, mark)
            if side == "in" and not names.isdisjoint(people.outside):
                if not reading.has((unit.start, unit.end), people.unless):
                    found.append(
                        finding(
                            reading, RULE, "the guidance does not cover these patients", mark.start, mark.end
                        )
                    )
            elif side == "out" and not names.isdisjoint(people.wanted) and _is_put_out(reading, clause, mark):
                message = "the guidance is for these patients"
                found.append(finding(reading, RULE, message, mark.start, mark.end))
            elif side == "out" and not names.isdisjoint(people.never_outside):
                if reading.has((unit.start, unit.end), (*people.outside, *people.with_outside)):
                    continue
                found.append(
                    finding(
                        reading, RULE, "the guidance does not exclude these patients", mark.start, mark.end
                    )
                )
    return found


def _is_excepted(reading: Reading, unit: Unit, mark: Mark) -> bool:
    """Whether a name stands with "except", and before it those who are in ("adults of any kind, except x")."""
    cue = next(iter(reversed(reading.find((unit.start, mark.start), (_EXCEPT,)))), None)
    after = reading.words_in(mark.end, unit.end)
    if cue is not None and len(reading.words_in(cue.end, mark.start)) <= _BESIDE:
        before = (unit.start, cue.start)
    elif any(
        len(reading.words_in(mark.end, one.start)) <= _BESIDE
        for one in reading.find((mark.end, unit.end), (_AFTER,))
    ):
        before = (unit.start, mark.start)  # "all adults, x excepted"
    elif [one.text for one in reading.words_in(unit.start, mark.start)][-1:] == ["but"] and FINITE.isdisjoint(
        one.text for one in after
    ):
        before = (unit.start, mark.start)  # "all but x"
    else:
        return False
    people = reading.know.claims.population
    return reading.has(before, (*people.inside, _EVERYBODY)) and not reading.has(
        before, ("not-in-scope", "negator", "silence")
    )


def _is_put_out(reading: Reading, clause: Clause, mark: Mark) -> bool:
    """Whether nothing but a verb stands between a name that opens its clause and the word that puts it out."""
    out = next(iter(reading.find((mark.end, clause.end), ("not-in-scope",))), None)
    before = [word for word in reading.words_in(clause.start, mark.start) if word.text.isalpha()]
    between = reading.words_in(mark.end, out.start) if out is not None else ()
    return (
        out is not None
        and len(before) <= _OPENING
        and len(between) <= _OPENING
        and not reading.negated(mark, clause)
    )


def _affirmed(reading: Reading) -> list[Finding]:
    """A plain "yes" to the question whether the guidance covers those whom it leaves out."""
    found: list[Finding] = []
    asked = reading.question
    for number, unit in enumerate(reading.units):
        text = reading.text.lower[unit.start : unit.end]
        if unit.question:
            asked = reading.text.text[unit.start : unit.end]
            continue
        said = [word.text for word in reading.words_in(unit.start, unit.end)[:3]]
        yes = ("yes" in said and said[0] in ("yes", "a", "*")) or (
            len(said) < 3 and reading.has((unit.start, unit.end), ("certain:surely", "certain:complete"))
        )
        yes = yes or any(
            mark.start <= unit.start + 1 and not reading.has((mark.end, mark.end + 5), ("negator",))
            for mark in reading.find((unit.start, unit.end), ("affirms",))
        )
        if yes and asked and _leaves_out(reading, asked) and "but not" not in text:
            found.append(
                finding(reading, RULE, "the guidance does not cover these patients", unit.start, unit.end)
            )
        if number and not unit.question:
            asked = ""
    return found


def _leaves_out(reading: Reading, question: str) -> bool:
    know = reading.know
    if not know.mentions(question, "asks-covered") or know.mentions(question, "asks-exclusions"):
        return False
    return any(all(know.mentions(question, name) for name in names) for names in know.claims.population.never)


def _side(reading: Reading, unit: Unit, clause: Clause, mark: Mark) -> str:
    """Whether a mark is said to be within the guidance ("in"), outside it ("out"), or neither ("")."""
    before = [
        m
        for m in reading.within(clause.start, mark.start)
        if m.name in ("in-scope", "not-in-scope", "in-scope-only")
    ]
    after = _after(reading, unit, clause, mark)
    if before and after is not None and _nearer(reading, before[-1], mark, after):
        before = []
    if before:
        last = before[-1]
        out = last.name == "not-in-scope" or (last.name == "in-scope" and reading.negated(last, clause))
        if last.name == "not-in-scope" and _of_nobody(reading, clause, last):
            return ""
        inner = reading.has((last.end, mark.start), ("negator", "this-one", "own-patient"))
        if inner or is_set_against(reading, last.end, mark):
            return ""
        return "out" if out else "in"
    if after is not None:
        out = after.name == "not-in-scope" or reading.negated(after)
        denied = reading.has((clause.start, mark.start), ("negator",)) and after.start < clause.end
        if denied and not reading.negated(after, clause):
            return ""
        ahead = [word.text for word in reading.words_in(clause.start, mark.start)][-1:]
        if after.name == "not-in-scope" and (ahead == ["no"] or _of_nobody(reading, clause, after)):
            return ""
        return "out" if out else "in"
    if reading.has((clause.start, mark.start), ("unlike",)):
        # "It applies in general, but not to ...": the other side of what was said before.
        earlier = [
            m for m in reading.within(unit.start, clause.start) if m.name in ("in-scope", "not-in-scope")
        ]
        if earlier:
            inside = earlier[-1].name == "in-scope" and not reading.negated(earlier[-1])
            return "out" if inside else ""
    if unit.kind in ("item", "cell") or unit.label is not None:
        for span in reading.above(unit):
            if reading.has(span, ("not-in-scope",)):
                return "" if reading.negated(mark, clause) else "out"
            scope = reading.find(span, ("in-scope", "who-fits"))
            if scope:
                if any(reading.negated(one) for one in scope):
                    return "" if reading.negated(mark, clause) else "out"
                return "" if reading.negated(mark, clause) else "in"
    if reading.asks_who_fits() and not unit.above and (
        unit.kind in ("item", "cell") or _names_people(reading, unit)
    ):  # fmt: skip
        return "" if reading.negated(mark, clause) else "in"
    return ""


def _names_people(reading: Reading, unit: Unit) -> bool:
    """Whether a sentence without a word of scope answers who is in by naming them ("Adults with ...")."""
    span = (unit.start, unit.end)
    people = reading.know.claims.population
    return reading.has(span, people.inside) and not reading.has(span, ("in-scope", "not-in-scope", "speak"))


def is_set_against(reading: Reading, start: int, mark: Mark) -> bool:
    """Whether a name behind a word of scope is of the case at hand, or denied ("it is for A, and here it is B")."""
    return reading.has((start, mark.start), ("negator", "told-here"))


def _of_nobody(reading: Reading, clause: Clause, out: Mark) -> bool:
    """Whether nobody is said to be out ("excludes no one", "leaves nobody out", "doesn't exclude anyone")."""
    words = [word.text for word in reading.words_in(out.end, clause.end)][:_OBJECT]
    before = [word.text for word in reading.words_in(clause.start, out.start)][-_OBJECT:]
    inner = [word.text for word in reading.words_in(out.start, out.end)]
    if not _NOBODY.isdisjoint([*words, *inner, *before[:2]]) or words[:2] == ["no", "one"]:
        return True
    denied = any(one == "not" or one.endswith("n't") or one in _NEVER for one in (*before, *inner))
    return denied and not _ANYBODY.isdisjoint((*words, *inner))


def _after(reading: Reading, unit: Unit, clause: Clause, mark: Mark) -> Mark | None:
    """What is said after the mark of being in or out, in its clause or a relative one that follows."""
    end = clause.end
    following = reading.clause_at(clause.end) if clause.end < unit.end else None
    if following is not None:
        words = [word.text for word in reading.words_in(following.start, following.end)]
        short = words[:1] == [":"] and len(words) <= _LABELLED  # "x: not covered"
        end = following.end if words[:1] in (["which"], ["who"]) or short else end
    found = [m for m in reading.within(mark.end, end) if m.name in ("not-in-scope", "in-scope")]
    return found[0] if found and found[0].start - mark.end < _SCOPE_REACH else None


def _nearer(reading: Reading, before: Mark, mark: Mark, after: Mark) -> bool:
    """Whether what follows the mark is said of it, and what stands before of another ("for A, and B is out")."""
    joined = {word.text for word in reading.words_in(before.end, mark.start)} & {",", "and", "so", ";"}
    return bool(joined) and after.start - mark.end < mark.start - before.end
