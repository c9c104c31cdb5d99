"""The answer card: everything that an answer shows, as plain values. All Markdown here is already safe."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from assistant.guidelines.pack import Guideline
from assistant.types import Answer, Citation, FactRecord
from assistant.ui import wording
from assistant.ui.markdown import plain, prose, shorten
from assistant.ui.parts import option_rows, without_table
from assistant.ui.source import passage

LABEL_CHARS = 44
#: With more citations than this, their buttons show the numbers alone.
MANY = 3


@dataclass(frozen=True, slots=True)
class Badge:
    """A short text with an icon and a colour of the theme."""

    text: str
    icon: str
    color: str

    @property
    def markdown(self) -> str:
        """The badge inside a line of Markdown."""
        return f":{self.color}-badge[{self.icon} {plain(self.text)}]"


@dataclass(frozen=True, slots=True)
class Source:
    """A citation as it opens in place: `passage` has the exact words highlighted in their paragraph."""

    number: int
    label: str
    place: str
    passage: tuple[str, ...]
    link: Mapping[str, str]
    key: str


@dataclass(frozen=True, slots=True)
class Criterion:
    """A criterion as decided, with the user's own words and the guideline's."""

    badge: Badge
    name: str
    words: str
    quote: str

    @property
    def markdown(self) -> str:
        """The criterion as one paragraph."""
        quoted = f"  \n:small[“{self.quote}”]" if self.quote else ""
        return f"{self.badge.markdown} **{self.name}** {self.words}{quoted}"


@dataclass(frozen=True, slots=True)
class Chip:
    """A patient fact: `label` and `words` are safe Markdown, `name` is for a screen reader."""

    fact: FactRecord
    label: str
    words: str
    name: str


def by_id(guidelines: Sequence[Guideline]) -> dict[str, Guideline]:
    """Return the guidelines by their ids."""
    return {guideline.id: guideline for guideline in guidelines}


def guideline_of(answer: Answer, guidelines: Sequence[Guideline]) -> Guideline | None:
    """Return the guideline that an answer speaks of."""
    named = [answer.scope.guideline, *(citation.guideline for citation in answer.citations)]
    known = by_id(guidelines)
    return next((known[name] for name in named if name in known), None)


def status_badge(answer: Answer) -> Badge:
    """Return the status in words, icon and colour."""
    return Badge(*wording.STATUS[answer.status])


def source_badge(answer: Answer) -> Badge | None:
    """Return who phrased the answer where that was not the rules."""
    words = wording.SOURCE[answer.source]
    return Badge(*words) if words else None


def badges(answer: Answer) -> tuple[Badge, ...]:
    """Return what stands above the text: the status, and who phrased it where that matters."""
    source = source_badge(answer)
    return (status_badge(answer), source) if source else (status_badge(answer),)


def answer_markdown(answer: Answer, key: str = "", text: str | None = None) -> str:
    """Return the answer's text, or a part of it; with `key`, markers are links to that card's sources."""
    numbers = {citation.number for citation in answer.citations}
    href = (lambda number: f"#{source_key(key, number)}") if key else None
    return prose(without_table(answer.text) if text is None else text, numbers, href)


def source_key(key: str, number: int) -> str:
    """Return the key of a source's button, which its markers in the text point to."""
    return f"cite-{key}-{number}"


def sources(
    answer: Answer, guidelines: Sequence[Guideline], key: str, numbers: Collection[int]
) -> tuple[Source, ...]:
    """Return the citations of these numbers, as the card opens them."""
    known = by_id(guidelines)
    chosen = [item for item in answer.citations if item.number in numbers]
    short = len(chosen) > MANY
    return tuple(_source(item, known.get(item.guideline), key, short) for item in chosen)


def _source(citation: Citation, guideline: Guideline | None, key: str, short: bool) -> Source:
    title = guideline.title if guideline else citation.guideline
    section = citation.section or title
    shown = plain(shorten(section.rsplit(" › ", 1)[-1], LABEL_CHARS))
    return Source(
        number=citation.number,
        label=f"\\[{citation.number}\\]" if short else f"\\[{citation.number}\\] {shown}",
        place=plain(section if section == title else f"{title} › {section}"),
        passage=passage(guideline, citation.start, citation.end) if guideline else (plain(citation.quote),),
        link={"guideline": citation.guideline, "cite": f"{citation.start}-{citation.end}"},
        key=source_key(key, citation.number),
    )


def option_table(answer: Answer, guidelines: Sequence[Guideline], key: str = "") -> dict[str, list[str]]:
    """Return the rated options as columns, the preferred first; empty without options."""
    guideline = guideline_of(answer, guidelines)
    columns: dict[str, list[str]] = {wording.STUDY: [], wording.RATING: [], wording.RADIATION: []}
    rows = option_rows(answer)
    for row in rows:
        option = row.option
        name = f"**{plain(option.name)}**"
        if option.preferred:
            name += " " + Badge(wording.PREFERRED, ":material/star:", "blue").markdown
        if row.note:
            name += "  \n" + answer_markdown(answer, key, row.note)
        markers = answer_markdown(answer, key, row.rating.removeprefix(option.rating))
        columns[wording.STUDY].append(name)
        columns[wording.RATING].append(rating_badge(guideline, option.id, option.rating).markdown + markers)
        columns[wording.RADIATION].append(answer_markdown(answer, key, row.radiation))
    return columns if rows else {}


def rating_badge(guideline: Guideline | None, option: str, rating: str) -> Badge:
    """Return a rating as the guideline words it; icon and colour say whether it puts the study forward."""
    record = guideline.option(option) if guideline else None
    if record is None or not rating:
        return Badge(rating, ":material/info:", "gray")
    if record.appropriate:
        return Badge(rating, ":material/check:", "green")
    return Badge(rating, ":material/close:", "orange")


def radiation_help(guideline: Guideline | None) -> str:
    """Explain the radiation symbols from the guideline's own levels; empty when it uses none."""
    levels = {
        option.radiation.symbols: plain(option.radiation.text)
        for option in sorted(
            guideline.options if guideline else (), key=lambda item: item.radiation.level or 0
        )
        if option.radiation.symbols
    }
    return "\n\n".join([wording.RADIATION_HELP, *levels.values()]) if levels else ""


def criteria(answer: Answer, guidelines: Sequence[Guideline]) -> tuple[Criterion, ...]:
    """Return the criteria as decided: what failed or excludes first, then unknown, then met.

    Exclusions that are not the case come last, without their words: there is nothing to check about them.
    """
    guideline = guideline_of(answer, guidelines)
    roles = {item.id: item.role for item in guideline.scope.criteria} if guideline else {}
    found: list[tuple[int, Criterion]] = []
    for record in answer.scope.criteria:
        exclusion = roles.get(record.id) == "exclusion"
        badge = Badge(*(wording.EXCLUSION if exclusion else wording.CRITERION)[record.state])
        decisive = record.state == ("met" if exclusion else "failed")
        words = ", ".join(f"“{plain(item)}”" for item in record.words)
        if record.assumed:
            words = wording.ASSUMED
        rank = 0 if decisive else 1 if record.state == "unknown" else 3 if exclusion else 2
        name = plain(record.name[:1].upper() + record.name[1:])
        found.append((rank, Criterion(badge, name, words, plain(record.quote) if rank < 3 else "")))
    return tuple(item for _, item in sorted(found, key=lambda pair: pair[0]))


def changes(answer: Answer) -> tuple[str, ...]:
    """Return what would change the result, each with what it would be then."""
    return tuple(
        f"{wording.IF} {plain(item.change)}: {wording.VERDICT[item.verdict]}"
        for item in answer.scope.counterfactuals
    )


def decided(answer: Answer) -> str:
    """Return in words what was decided on the patient."""
    verdict = wording.VERDICT[answer.scope.verdict]
    return verdict[:1].upper() + verdict[1:] + "."


def follow_ups(answer: Answer) -> tuple[str, ...]:
    """Return the likely next questions, as sentences."""
    return tuple(item[:1].upper() + item[1:] for item in answer.follow_ups)


def notices(answer: Answer) -> tuple[str, ...]:
    """Return the remarks on the conversation that the text does not say already."""
    return tuple(plain(item.text) for item in answer.notices if item.text not in answer.text)


def chips(answer: Answer | None) -> tuple[Chip, ...]:
    """Return the facts that an answer rests on, in the order in which they were said."""
    facts = answer.scope.facts if answer else ()
    seen: dict[tuple[int, str, str], FactRecord] = {}
    for fact in facts:
        seen.setdefault((fact.turn, fact.concept, fact.words), fact)
    return tuple(chip(fact) for fact in seen.values())


def chip(fact: FactRecord) -> Chip:
    """Return one fact as a chip."""
    state = wording.ASSERTION[fact.status]
    name = plain(fact.name[:1].upper() + fact.name[1:])
    label = f"**{name}**" + (f" · {state}" if state else "")
    said = fact.words if fact.words.casefold() != fact.name.casefold() else ""
    words = f"“{plain(shorten(said, 80))}”" if said else ""
    return Chip(fact, label, words, name)
