"""The guideline's records with one changed: a rating flipped, a criterion dropped, a quote swapped, and so on.

A change is made on the record as it stands in its file, so that the same change can be put before the loader. What
is put in place of the old always comes from another record of the same file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evals.samples import read_yaml

OPTIONS, STEPS, SCOPE = "options.yaml", "steps.yaml", "scope.yaml"
TOPICS, STATEMENTS, GUARD = "topics.yaml", "statements.yaml", "guard/facts.yaml"
Raw = dict[str, Any]
#: The lists of the guard's file whose records stand for something that the text says.
GUARD_LISTS = ("claims", "properties", "pairings", "comparisons", "pathways", "follow_ups", "choices")
_QUOTED = ("statements", "answer")
_FLIPPED = {"met": "failed", "failed": "met", "unknown": "failed"}


@dataclass(frozen=True, slots=True)
class Change:
    """One record changed: the whole content of `file` as it would be, and what the change touches.

    `statements` are the ids that the record rests on, `options` those that it is about; `dropped` is the id of a
    topic or unstated thing that is gone, `rule` the guard's rule that a record of the guard belongs to.
    """

    operator: str
    file: str
    record: str
    content: Any
    statements: frozenset[str] = frozenset()
    options: frozenset[str] = frozenset()
    dropped: str = ""
    rule: str = ""

    @property
    def name(self) -> str:
        """As in the report."""
        return f"{self.operator}: {self.file}: {self.record}"


def changes_of(folder: Path) -> Iterator[Change]:
    """Yield every change of the pack in `folder`."""
    for file, make in (
        (OPTIONS, _options),
        (STEPS, _steps),
        (SCOPE, _scope),
        (TOPICS, _topics),
        (STATEMENTS, _statements),
        (GUARD, _guard),
    ):
        if (folder / file).is_file():
            yield from make(read_yaml(folder / file))


def statements_in(record: Any) -> frozenset[str]:
    """The ids of all statements that a record names, however deep."""
    if isinstance(record, list):
        return frozenset().union(*map(statements_in, record))
    if not isinstance(record, dict):
        return frozenset()
    own = {s for key in (*_QUOTED, "instead", "because") for s in record.get(key) or ()}
    return frozenset(own).union(*map(statements_in, record.values()))


def _options(content: list[Raw]) -> Iterator[Change]:
    ratings = list(dict.fromkeys(one["rating"] for one in content))
    for place, one in enumerate(content):
        marks: Raw = {"options": frozenset({one["id"]}), "statements": statements_in(one)}
        name = str(one["id"])
        yield Change("drop-record", OPTIONS, name, _without(content, place), **marks)
        other = next(rating for rating in ratings if rating != one["rating"])
        flipped = {**one, "rating": other, "appropriate": not one["appropriate"]}
        yield Change("flip-rating", OPTIONS, name, _with(content, place, flipped), **marks)
        radiation = _another(content, place, lambda record: record["radiation"])
        if radiation is not None:
            changed = {**one, "radiation": radiation}
            yield Change("swap-radiation", OPTIONS, name, _with(content, place, changed), **marks)
        yield from _requoted(OPTIONS, name, content, place, lambda new: new, marks)


def _steps(content: list[Raw]) -> Iterator[Change]:
    for place, one in enumerate(content):
        name = f"{place + 1} {one['concept']}"
        marks: Raw = {"statements": statements_in(one)}
        yield Change("drop-record", STEPS, name, _without(content, place), **marks)
        when = _another(content, place, lambda record: record.get("when"))
        if when is not None:
            yield Change("swap-condition", STEPS, name, _with(content, place, {**one, "when": when}), **marks)
        yield from _requoted(STEPS, name, content, place, lambda new: new, marks)


def _scope(content: Raw) -> Iterator[Change]:
    criteria = content["criteria"]

    def whole(new: list[Raw]) -> Raw:
        return {**content, "criteria": new}

    for place, one in enumerate(criteria):
        name = str(one["id"])
        marks: Raw = {"statements": statements_in(one)}
        yield Change("drop-criterion", SCOPE, name, whole(_without(criteria, place)), **marks)
        for number, case in enumerate(one["cases"]):
            turned = {**case, "state": _FLIPPED[case["state"]]}
            changed = {**one, "cases": _with(one["cases"], number, turned)}
            where = f"{name}, case {number + 1}"
            yield Change("flip-case", SCOPE, where, whole(_with(criteria, place, changed)), **marks)
        yield from _requoted(SCOPE, name, criteria, place, whole, marks)
    for key in ("preferences", "remarks"):
        for place, one in enumerate(content.get(key, ())):
            marks = {
                "statements": statements_in(one),
                "options": frozenset(one.get("options", ())),
            }
            name = f"{key}: {one.get('id', place + 1)}"
            records = content[key]
            yield Change("drop-record", SCOPE, name, {**content, key: _without(records, place)}, **marks)
            options = _another(records, place, lambda record: record.get("options"))
            if options is not None:
                changed = {**content, key: _with(records, place, {**one, "options": options})}
                yield Change("swap-options", SCOPE, name, changed, **marks)


def _topics(content: Raw) -> Iterator[Change]:
    topics, unstated = content["topics"], content.get("unstated", [])

    def whole(new: list[Raw]) -> Raw:
        return {**content, "topics": new}

    for place, one in enumerate(topics):
        name = str(one["id"])
        marks: Raw = {"statements": frozenset(one["answer"])}
        dropped = whole(_without(topics, place))
        yield Change("drop-record", TOPICS, name, dropped, dropped=name, **marks)
        yield from _requoted(TOPICS, name, topics, place, whole, marks)
    for place, one in enumerate(unstated):
        changed = {**content, "unstated": _without(unstated, place)}
        yield Change("drop-record", TOPICS, f"unstated: {one['id']}", changed, dropped=str(one["id"]))


def _statements(content: list[Raw]) -> Iterator[Change]:
    for place, one in enumerate(content):
        quote = _another(content, place, lambda record: record["quote"])
        changed = _with(content, place, {"id": one["id"], "quote": quote})
        yield Change("swap-quote", STATEMENTS, one["id"], changed, statements=frozenset({one["id"]}))


def _guard(content: Raw) -> Iterator[Change]:
    for key in GUARD_LISTS:
        records = content.get(key, [])
        for place, one in enumerate(records):
            changed = {**content, key: _without(records, place)}
            name = f"{key}: {one['id']}"
            yield Change("drop-record", GUARD, name, changed, rule=str(one.get("rule", "")))


def _requoted(
    file: str, name: str, content: list[Raw], place: int, whole: Callable[[list[Raw]], Any], marks: Raw
) -> Iterator[Change]:
    """The record resting on the statements of another one that shares none with it."""
    old = statements_in(content[place])
    if not old:
        return
    others = (*content[place + 1 :], *content[:place])
    new = next((s for one in others if (s := statements_in(one)) and not s & old), None)
    if new is not None:
        changed = _requote(content[place], sorted(new))
        yield Change("swap-quote", file, name, whole(_with(content, place, changed)), **marks)


def _requote(record: Any, statements: Sequence[str]) -> Any:
    if isinstance(record, list):
        return [_requote(one, statements) for one in record]
    if not isinstance(record, dict):
        return record
    return {
        key: list(statements) if key in _QUOTED and value else _requote(value, statements)
        for key, value in record.items()
    }


def _another(content: Sequence[Raw], place: int, read: Callable[[Raw], Any]) -> Any:
    """What the next record that has something else there has there, or None."""
    own = read(content[place])
    others = (*content[place + 1 :], *content[:place])
    return next((value for one in others if (value := read(one)) and value != own), None)


def _without(content: Sequence[Any], place: int) -> list[Any]:
    return [one for number, one in enumerate(content) if number != place]


def _with(content: Sequence[Any], place: int, new: Any) -> list[Any]:
    return [new if number == place else one for number, one in enumerate(content)]
