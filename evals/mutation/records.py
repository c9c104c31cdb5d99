"""The guideline's records with one changed: a rating flipped, a criterion dropped, a quote swapped, and so on.

A change is made on the record as it stands in its file, so that the same change can be put before the loader. What
is put in place of the old always comes from another record of the same file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import yaml

from evals.samples import read_yaml

OPTIONS, STEPS, SCOPE = "options.yaml", "steps.yaml", "scope.yaml"
TOPICS, STATEMENTS = "topics.yaml", "statements.yaml"
GUARD, RELATIONS = "guard/facts.yaml", "guard/relations.yaml"
Raw = dict[str, Any]
Quotes = dict[str, str]
#: The lists of the guard's file whose records stand for something that the text says.
GUARD_LISTS = ("claims", "properties", "pairings", "comparisons", "pathways", "follow_ups", "choices")
_NO_CUES = ("id", "rule", "statements", "near", "message", "unless")
_QUOTED = ("statements", "answer")
_FLIPPED = {"met": "failed", "failed": "met", "unknown": "failed"}


@dataclass(frozen=True, slots=True)
class Change:
    """One record changed: the whole content of `file` as it would be, and what the change touches.

    `statements` are the ids that the record rests on, `options` those that it is about; `topic` is the id of the
    topic or unstated thing that is changed, `dropped` the same where it is gone; `rule` is the guard's rule that a
    record of the guard belongs to, `cues` are the groups of words and the concepts that a record for the guard names.
    """

    operator: str
    file: str
    record: str
    content: Any
    statements: frozenset[str] = frozenset()
    options: frozenset[str] = frozenset()
    topic: str = ""
    dropped: str = ""
    rule: str = ""
    cues: frozenset[str] = frozenset()

    @property
    def name(self) -> str:
        """As in the report."""
        return f"{self.operator}: {self.file}: {self.record}"


def changes_of(folder: Path) -> Iterator[Change]:
    """Yield every change of the pack in `folder`."""
    quotes = {one["id"]: one["quote"] for one in read_yaml(folder / STATEMENTS)}
    for file, make in (
        (OPTIONS, _options),
        (STEPS, _steps),
        (SCOPE, _scope),
        (TOPICS, _topics),
        (STATEMENTS, _statements),
        (GUARD, partial(_guard, GUARD, GUARD_LISTS)),
        (RELATIONS, partial(_guard, RELATIONS, ("relations",))),
    ):
        if (folder / file).is_file():
            yield from make(read_yaml(folder / file), quotes)


def altered_quotes(folder: Path) -> Iterator[Change]:
    """Yield the statements, of each the quote without one of its words: none of them stands in the text."""
    content = read_yaml(folder / STATEMENTS)
    for place, one in enumerate(content):
        words = one["quote"].split()
        middle = len(words) // 2
        # Of two words none can be left out: what is left would still stand in the text.
        less = [*words[:middle], *words[middle + 1 :]] if len(words) > 2 else words[::-1]
        changed = _with(content, place, {**one, "quote": " ".join(less)})
        yield Change("alter-quote", STATEMENTS, one["id"], changed)


def as_yaml(content: Any) -> str:
    """A changed file as an author would save it."""
    dumper: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
    text: str = yaml.dump(content, Dumper=dumper, allow_unicode=True, sort_keys=False, width=10_000)
    return text


def statements_in(record: Any) -> frozenset[str]:
    """The ids of all statements that a record names, however deep."""
    if isinstance(record, list):
        return frozenset().union(*map(statements_in, record))
    if not isinstance(record, dict):
        return frozenset()
    own = {s for key in (*_QUOTED, "instead", "because") for s in record.get(key) or ()}
    return frozenset(own).union(*map(statements_in, record.values()))


def _options(content: list[Raw], quotes: Quotes) -> Iterator[Change]:
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
        yield from _requoted(OPTIONS, name, content, place, lambda new: new, marks, quotes)


def _steps(content: list[Raw], quotes: Quotes) -> Iterator[Change]:
    for place, one in enumerate(content):
        name = f"{place + 1} {one['concept']}"
        marks: Raw = {"statements": statements_in(one), "cues": frozenset({one["concept"]})}
        yield Change("drop-record", STEPS, name, _without(content, place), **marks)
        when = _another(content, place, lambda record: record.get("when"))
        if when is not None:
            yield Change("swap-condition", STEPS, name, _with(content, place, {**one, "when": when}), **marks)
        yield from _requoted(STEPS, name, content, place, lambda new: new, marks, quotes)


def _scope(content: Raw, quotes: Quotes) -> Iterator[Change]:
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
        yield from _requoted(SCOPE, name, criteria, place, whole, marks, quotes)
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


def _topics(content: Raw, quotes: Quotes) -> Iterator[Change]:
    topics, unstated = content["topics"], content.get("unstated", [])

    def whole(new: list[Raw]) -> Raw:
        return {**content, "topics": new}

    for place, one in enumerate(topics):
        name = str(one["id"])
        marks: Raw = {"statements": frozenset(one["answer"]), "topic": name}
        dropped = whole(_without(topics, place))
        yield Change("drop-record", TOPICS, name, dropped, dropped=name, **marks)
        yield from _requoted(TOPICS, name, topics, place, whole, marks, quotes)
    for place, one in enumerate(unstated):
        changed, name = {**content, "unstated": _without(unstated, place)}, str(one["id"])
        yield Change("drop-record", TOPICS, f"unstated: {name}", changed, topic=name, dropped=name)


def _statements(content: list[Raw], _quotes: Quotes) -> Iterator[Change]:
    for place, one in enumerate(content):
        others = (*content[place + 1 :], *content[:place])
        # One that shares no words with it: a part of the same sentence would say the same.
        quotes = [other["quote"] for other in others]
        quote = next(q for q in quotes if q not in one["quote"] and one["quote"] not in q)
        changed = _with(content, place, {"id": one["id"], "quote": quote})
        yield Change("swap-quote", STATEMENTS, one["id"], changed, statements=frozenset({one["id"]}))


def _guard(file: str, keys: Sequence[str], content: Raw, _quotes: Quotes) -> Iterator[Change]:
    for key in keys:
        records = content.get(key, [])
        for place, one in enumerate(records):
            yield Change(
                "drop-record",
                file,
                f"{key}: {one['id']}",
                {**content, key: _without(records, place)},
                rule=str(one.get("rule", "")),
                cues=frozenset(_words_in({k: v for k, v in one.items() if k not in _NO_CUES})),
            )


def _words_in(record: Any) -> Iterator[str]:
    if isinstance(record, str):
        yield record
    elif isinstance(record, list | dict):
        for one in record.values() if isinstance(record, dict) else record:
            yield from _words_in(one)


def _requoted(
    file: str,
    name: str,
    content: list[Raw],
    place: int,
    whole: Callable[[list[Raw]], Any],
    marks: Raw,
    quotes: Quotes,
) -> Iterator[Change]:
    """The record resting on the statements of another one, of which none says a part of what its own say."""
    old = statements_in(content[place])
    if not old:
        return
    for one in (*content[place + 1 :], *content[:place]):
        new = statements_in(one)
        if new and not any(quotes[a] in quotes[b] or quotes[b] in quotes[a] for a in old for b in new):
            changed = _requote(content[place], sorted(new))
            yield Change("swap-quote", file, name, whole(_with(content, place, changed)), **marks)
            return


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
