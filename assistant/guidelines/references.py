"""Checks what the records of a pack say of each other: ids, references, ratings and figures."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date

from assistant.guidelines.lines import Location
from assistant.guidelines.pack import Guideline
from assistant.guidelines.problems import Problems, closest
from assistant.guidelines.schema import Condition, ExampleFact, RatedOption

ID = re.compile(r"[a-z0-9]+(?:[-_.][a-z0-9]+)*\Z")
MAX_ID = 100
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July",
    "August", "September", "October", "November", "December",
)  # fmt: skip


def check_ids(problems: Problems, file: str, place: Location, ids: Sequence[str]) -> None:
    """Each id is short, lower case and safe in a path or a link, and stands once."""
    seen: dict[str, int] = {}
    for number, name in enumerate(ids):
        where = (*place, number, "id")
        if not ID.match(name) or len(name) > MAX_ID:
            problems.add(
                file,
                where,
                f"the id {name[:60]!r} must be at most {MAX_ID} lower-case letters, digits and hyphens",
            )
        if name in seen:
            problems.add(file, where, f"the id {name!r} is already used above; give this record another one")
        seen[name] = number


class Checker:
    """Walks the records of one guideline and notes each reference that leads nowhere."""

    def __init__(
        self,
        guideline: Guideline,
        problems: Problems,
        statements: Collection[str],
        concepts: Collection[str] | None,
        aspects: Collection[str] | None,
        tokens: Collection[str] | None = None,
    ) -> None:
        self.guideline = guideline
        self.problems = problems
        self.known: dict[str, Collection[str] | None] = {
            "statement": statements,
            "option": {item.id for item in guideline.options},
            "step": {item.concept for item in guideline.steps},
            "topic": {item.id for item in guideline.topics},
            "criterion": {item.id for item in guideline.scope.criteria},
            "concept": concepts,
            "aspect": aspects,
            "concept or token": None if concepts is None or tokens is None else {*concepts, *tokens},
        }

    def run(self) -> None:
        """Check everything."""
        self._metadata()
        self._options()
        for number, step in enumerate(self.guideline.steps):
            self._refer("steps.yaml", (number, "concept"), "concept", [step.concept], single=True)
            self._refer("steps.yaml", (number, "when"), "concept", step.when)
            self._refer("steps.yaml", (number, "statements"), "statement", step.statements)
        self._scope()
        self._topics()

    def _refer(
        self, file: str, place: Location, kind: str, names: Iterable[str], *, single: bool = False
    ) -> None:
        known = self.known[kind]
        if known is None:
            return
        for number, name in enumerate(names):
            if name not in known:
                where = place if single else (*place, number)
                self.problems.add(
                    file, where, f"there is no {kind} {name[:100]!r}{closest(name, known)}; correct or add it"
                )

    def _metadata(self) -> None:
        metadata, file = self.guideline.metadata, "guideline.yaml"
        for key, quoted in (("publisher", metadata.publisher), ("reviewer", metadata.reviewer)):
            self._refer(file, (key, "statement"), "statement", [quoted.statement], single=True)
            if quoted.statement in self.guideline.statements:
                quote = self.guideline.statements[quoted.statement].quote
                if quoted.text not in quote:
                    self.problems.add(
                        file,
                        (key, "text"),
                        f"{quoted.text!r} is not in statement {quoted.statement!r}: {quote}",
                    )
        self._refer(file, ("domain",), "concept", metadata.domain)
        if self.guideline.source_text and not _dated(self.guideline.source_text, metadata.review_date):
            self.problems.add(
                file,
                ("review_date",),
                f"no line of the source gives the date {metadata.review_date}; copy it from the text",
            )

    def _options(self) -> None:
        file = "options.yaml"
        sides: dict[str, tuple[bool, str]] = {}
        for number, option in enumerate(self.guideline.options):
            self._refer(file, (number, "concept"), "concept", [option.concept], single=True)
            for key in ("statements", "good_for", "limits"):
                self._refer(file, (number, key), "statement", getattr(option, key))
            radiation = option.radiation
            self._refer(file, (number, "radiation", "statements"), "statement", radiation.statements)
            self._refer(file, (number, "radiation", "higher_than"), "option", radiation.higher_than)
            side, first = sides.setdefault(option.rating, (option.appropriate, option.id))
            if side != option.appropriate:
                self.problems.add(
                    file,
                    (number, "appropriate"),
                    f"{option.id!r} has the rating {option.rating!r} as {first!r} has, but not the same "
                    "'appropriate'; make them agree",
                )
            self._proven(number, option)

    def _proven(self, number: int, option: RatedOption) -> None:
        """A rating and a dose are shown as they stand, so a quote that the option names must show them."""
        statements = self.guideline.statements
        quotes = " ".join(statements[name].quote for name in option.statements if name in statements)
        if quotes and option.rating.casefold() not in quotes.casefold():
            self.problems.add(
                "options.yaml",
                (number, "rating"),
                f"none of the statements of {option.id!r} says {option.rating!r}; add the one that does",
            )
        radiation = option.radiation
        quotes = " ".join(statements[name].quote for name in radiation.statements if name in statements)
        figures = [f"{value:g}" for value in (radiation.low_msv, radiation.high_msv) if value is not None]
        for figure in figures:
            if not re.search(rf"(?<![\d.]){re.escape(figure)}(?![\d.]*\d)", quotes):
                self.problems.add(
                    "options.yaml",
                    (number, "radiation"),
                    f"no radiation statement of {option.id!r} gives {figure} mSv; add the one that does",
                )
        if radiation.symbols and radiation.symbols not in quotes:
            self.problems.add(
                "options.yaml",
                (number, "radiation", "symbols"),
                f"no radiation statement of {option.id!r} shows {radiation.symbols}; add the one that does",
            )

    def _scope(self) -> None:
        scope, file = self.guideline.scope, "scope.yaml"
        check_ids(self.problems, file, ("criteria",), [item.id for item in scope.criteria])
        check_ids(self.problems, file, ("preferences",), [item.id for item in scope.preferences])
        self._refer(file, ("fits",), "statement", scope.fits)
        self._refer(file, ("result_topics",), "topic", scope.result_topics)
        above: list[str] = []
        for number, criterion in enumerate(scope.criteria):
            place: Location = ("criteria", number)
            self._refer(file, (*place, "statements"), "statement", criterion.statements)
            self._refer(file, (*place, "instead"), "statement", criterion.instead)
            for position, case in enumerate(criterion.cases):
                spot: Location = (*place, "cases", position)
                self._refer(file, (*spot, "statements"), "statement", case.statements)
                self._refer(file, (*spot, "instead"), "statement", case.instead)
                self._condition((*spot, "when"), case.when, above)
            self._facts((*place, "if_yes"), criterion.if_yes)
            self._facts((*place, "if_no"), criterion.if_no)
            for position, flip in enumerate(criterion.flips):
                spot = (*place, "flips", position)
                self._refer(file, (*spot, "drop"), "concept", flip.drop)
                self._facts((*spot, "add"), flip.add)
            above.append(criterion.id)
        for number, preference in enumerate(scope.preferences):
            place = ("preferences", number)
            self._refer(file, (*place, "options"), "option", preference.options)
            self._refer(file, (*place, "statements"), "statement", preference.statements)
            self._condition((*place, "when"), preference.when, above)
        for number, remark in enumerate(scope.remarks):
            place = ("remarks", number)
            self._refer(file, (*place, "statements"), "statement", remark.statements)
            self._refer(file, (*place, "unstated"), "concept", remark.unstated)
            self._condition((*place, "when"), remark.when, above)

    def _facts(self, place: Location, facts: Sequence[ExampleFact]) -> None:
        for number, fact in enumerate(facts):
            spot = (*place, number)
            self._refer("scope.yaml", (*spot, "concept"), "concept", [fact.concept], single=True)
            self._refer("scope.yaml", (*spot, "qualifiers"), "concept", fact.qualifiers)

    def _condition(self, place: Location, condition: Condition, above: Collection[str]) -> None:
        """Check a condition; it may ask only for criteria that are decided before it, so never for itself."""
        for spot, item in walk(place, condition):
            forms = [
                name
                for name, given in (
                    ("any", item.any), ("all", item.all), ("not", item.negate),
                    ("has", item.has), ("met", item.met),
                )
                if given
            ]  # fmt: skip
            if len(forms) != 1:
                said = "it has " + " and ".join(forms) if forms else "it has none"
                self.problems.add(
                    "scope.yaml", spot, f"a condition is exactly one of any, all, not, has, met; {said}"
                )
            if item.has:
                self._refer("scope.yaml", (*spot, "has"), "concept", [item.has], single=True)
            if item.met:
                self._refer("scope.yaml", (*spot, "met"), "criterion", [item.met], single=True)
                if item.met in (self.known["criterion"] or ()) and item.met not in above:
                    self.problems.add(
                        "scope.yaml", (*spot, "met"), f"the criterion {item.met!r} must stand above this one"
                    )
            for key, names in (
                ("with", item.with_),
                ("without", item.without),
                ("excluding", item.excluding),
            ):
                self._refer("scope.yaml", (*spot, key), "concept", names)

    def _topics(self) -> None:
        guideline, file = self.guideline, "topics.yaml"
        check_ids(self.problems, file, ("topics",), [item.id for item in guideline.topics])
        check_ids(self.problems, file, ("unstated",), [item.id for item in guideline.unstated])
        for number, topic in enumerate(guideline.topics):
            place: Location = ("topics", number)
            for key, kind in (
                ("answer", "statement"), ("because", "statement"), ("next", "statement"),
                ("options", "option"), ("steps", "step"), ("aspects", "aspect"), ("follow_ups", "topic"),
            ):  # fmt: skip
                self._refer(file, (*place, key), kind, getattr(topic, key))
            for position, group in enumerate(topic.about):
                self._refer(file, (*place, "about", position), "concept", group)
            if topic.faq is not None and topic.faq not in guideline.source_text:
                self.problems.add(
                    file,
                    (*place, "faq"),
                    "this question is not in the source; copy it exactly, or remove 'faq'",
                )
        for number, item in enumerate(guideline.unstated):
            place = ("unstated", number)
            self._refer(file, (*place, "aspects"), "aspect", item.aspects)
            self._refer(file, (*place, "nearest"), "topic", item.nearest)
            for position, group in enumerate(item.about):
                self._refer(file, (*place, "about", position), "concept", group)
            for position, group in enumerate(item.beside):
                self._refer(file, (*place, "beside", position), "concept or token", group)
        for number, unreached in enumerate(guideline.unreached):
            if unreached.quote not in guideline.source_text:
                self.problems.add(
                    file, ("unreached", number, "quote"), "this quote is not in the source; copy it exactly"
                )


def walk(place: Location, condition: Condition) -> Iterator[tuple[Location, Condition]]:
    """Yield a condition and all conditions in it, each with its place in the file."""
    yield place, condition
    for key, parts in (("any", condition.any), ("all", condition.all)):
        for number, part in enumerate(parts):
            yield from walk((*place, key, number), part)
    if condition.negate is not None:
        yield from walk((*place, "not"), condition.negate)


def _dated(source: str, day: date) -> bool:
    """True when the text gives the day in some usual form: 2026-05-26, May 26, 2026, 26.05.2026."""
    name = _MONTHS[day.month - 1]  # not strftime, whose names depend on the locale
    month = rf"(?:{name}|{name[:3]}\.?|0?{day.month})"
    number = rf"0?{day.day}(?:st|nd|rd|th)?"
    gap = r"[\s,./-]+"
    forms = (
        gap.join((month, number, str(day.year))),
        gap.join((number, month, str(day.year))),
        gap.join((str(day.year), month, number)),
    )
    return any(re.search(rf"(?<!\w){form}(?!\w)", source, re.IGNORECASE) for form in forms)
