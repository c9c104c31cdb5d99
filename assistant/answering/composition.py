"""Puts a decision or found topics into words: the guideline's own sentences, cited, in the wording's templates."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from assistant.answering.citations import CitationBook
from assistant.answering.wording import Wording
from assistant.guidelines.decision import Decision, Outcome
from assistant.guidelines.pack import Guideline
from assistant.guidelines.schema import RatedOption, Topic
from assistant.types import AnswerStatus, Citation, Fact, Option, Role

_LISTING = frozenset({"rating", "recommendation", "first-choice", "list"})
# Whom the guidance is for is decided before: these topics would contradict or repeat a patient's answer.
_SCOPE = frozenset({"population", "exclusion", "instead", "trigger"})
_FOLLOW_UPS = 3
_BREAK = "\n\n"


@dataclass(slots=True)
class Draft:
    """An answer while it is composed; `options` are in the order in which they are shown."""

    status: AnswerStatus
    parts: list[str] = field(default_factory=list)
    options: dict[str, Option] = field(default_factory=dict)
    citations: tuple[Citation, ...] = ()
    follow_ups: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The parts as Markdown paragraphs."""
        return _BREAK.join(part for part in self.parts if part)

    def without(self, spans: Sequence[tuple[int, int]]) -> Draft:
        """Return the draft without the parts that any of the spans [start, end) of `text` touches.

        Where the first part falls, nothing of the answer stands, and no part is kept.
        """
        kept: list[str] = []
        position = 0
        for number, part in enumerate(part for part in self.parts if part):
            end = position + len(part)
            if all(stop <= position or start >= end for start, stop in spans):
                kept.append(part)
            elif number == 0:
                kept = []
                break
            position = end + len(_BREAK)
        return replace(self, parts=kept)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the composer needs of the question: the topics that answer it and what is not stated."""

    topics: tuple[Topic, ...] = ()
    unstated: tuple[str, ...] = ()
    nearest: tuple[Topic, ...] = ()
    premises: tuple[tuple[str, str], ...] = ()


class Composer:
    """Composes answers from one guideline."""

    def __init__(self, guideline: Guideline, wording: Wording, concept_name: Callable[[str], str]) -> None:
        """`concept_name` gives the display name of a concept."""
        self._guideline = guideline
        self._wording = wording
        self._concept_name = concept_name

    # ------------------------------------------------------------ a patient who fits

    def patient(self, decision: Decision, asked: Asked, *, brief: bool = False) -> Draft:
        """A patient to whom the guidance applies: first choice, table, the poorly rated, and what comes next.

        A `brief` answer is about the studies asked for, and repeats only what comes first.
        """
        draft, book = Draft("answered"), CitationBook(self._guideline)
        self._premises(draft, book, asked)
        preference = decision.preference
        preferred = [self._option(name) for name in preference.options] if preference else []
        rated = self._guideline.options
        good = [option for option in rated if option.appropriate]
        if brief:
            self._topics(draft, book, asked.topics, short=True)
            self._unstated(draft, asked, patient=True)
        if preference:
            sentences = [book.sentence(statement) for statement in preference.statements]
            if preferred:
                names = self._wording.join([option.name for option in preferred], self._wording.list_or)
                lead = self._wording.applies_first.format(names=names, preference=preference.name)
            else:
                lead = self._wording.applies_no_first.format(
                    rating=good[0].rating, preference=preference.name
                )
            draft.parts.append("\n".join((lead, " ".join(sentences))))
        good.sort(key=lambda option: option not in preferred)
        poor = [option for option in rated if not option.appropriate]
        if not brief:
            self._remarks(draft, book, decision)
            beside = [
                topic for topic in asked.topics if not (is_listing(topic) or _SCOPE & set(topic.aspects))
            ]
            self._topics(draft, book, beside, short=True)
            self._unstated(draft, asked, patient=True)
            draft.parts.append(self._table(book, good, preferred))
            draft.parts.append(self._poor(book, poor))
            draft.parts.append(self._results(book))
            fits = (book.sentence(name) for name in self._guideline.scope.fits)
            draft.parts.append(" ".join((self._wording.who_fits, *fits)))
        for option in good:
            draft.options.pop(option.id, None)
        for option in (*good, *(() if brief else poor)):
            self._add_option(
                draft, option, "recommended" if option.appropriate else "not_recommended", option in preferred
            )
        self._follow_ups(
            draft,
            [
                *self._guideline.scope.result_topics,
                *(name for topic in asked.topics for name in topic.follow_ups),
            ],
            (),
        )
        draft.citations = book.citations
        return draft

    def _table(
        self, book: CitationBook, options: Sequence[RatedOption], preferred: Sequence[RatedOption]
    ) -> str:
        rows = [self._wording.table_head, self._wording.table_rule]
        for option in options:
            mark = f" {self._wording.first_mark}" if option in preferred else ""
            radiation = f"{option.radiation.text} {book.markers(option.radiation.statements)}".strip()
            good_for = (
                f"{option.good_for_short} {self._source(book, option.good_for_short)}"
                if option.good_for_short
                else ""
            )
            rating = f"{option.rating} {book.markers(option.statements[:1])}"
            rows.append(f"| **{option.name}**{mark} | {rating} | {radiation} | {good_for} |")
        return "\n".join(rows)

    def _source(self, book: CitationBook, phrase: str) -> str:
        """The marker of the shortest statement that holds a phrase verbatim."""
        holding = [one for one in self._guideline.statements.values() if phrase in one.quote]
        return book.marker(min(holding, key=lambda one: len(one.quote)).id) if holding else ""

    def _poor(self, book: CitationBook, options: Sequence[RatedOption]) -> str:
        if not options:
            return ""
        head = self._wording.not_appropriate_head.format(rating=options[0].rating)
        rows = [
            "- "
            + " ".join(book.sentence(statement) for statement in (*option.statements[:1], *option.limits[:1]))
            for option in options
        ]
        return "\n".join((head, "", *rows))

    def _results(self, book: CitationBook) -> str:
        rows = []
        for name in self._guideline.scope.result_topics:
            topic = self._guideline.topic(name)
            if topic is not None:
                rows.append("- " + " ".join(book.sentence(statement) for statement in topic.answer))
        return "\n".join((self._wording.next_head, "", *rows)) if rows else ""

    # ------------------------------------------------------------ a patient who does not fit

    def excluded(self, decision: Decision, asked: Asked, rest_fits: bool = False) -> Draft:
        """A patient to whom it does not apply: why, what instead, and (`rest_fits`) what else would fit."""
        draft, book = Draft("does_not_apply"), CitationBook(self._guideline)
        first = decision.blocking[0]
        statements = list(dict.fromkeys(name for one in decision.blocking for name in _statements(one)))
        reasons = self._wording.join(list(dict.fromkeys(_reason(one) for one in decision.blocking)))
        lead = self._wording.not_apply.format(reasons=reasons)
        draft.parts.append(" ".join((lead, *(book.sentence(name) for name in statements[:3]))))
        draft.parts.append(self._you_wrote([fact for one in decision.blocking for fact in one.support]))
        instead = list(
            dict.fromkeys(
                name for one in decision.blocking for name in _instead(one) if name not in statements
            )
        )
        if instead:
            draft.parts.append(" ".join((self._wording.instead, *(book.sentence(name) for name in instead))))
        elif not any(_instead(one) for one in decision.blocking):
            draft.parts.append(self._wording.no_instead)
        if rest_fits:
            draft.parts.append(self._wording.rest_would_fit.format(criterion=first.criterion.name))
        topics = [
            topic for topic in asked.topics if not topic.steps and not topic.options and not is_listing(topic)
        ]
        self._topics(draft, book, topics, short=True)
        draft.citations = book.citations
        return draft

    # ------------------------------------------------------------ a missing fact

    def missing(self, decision: Decision, yes: Decision, no: Decision, asked: Asked) -> Draft:
        """The one question that decides most, and what the answer would be either way."""
        draft, book = Draft("needs_information"), CitationBook(self._guideline)
        self._premises(draft, book, asked)
        outcome = decision.missing
        if outcome is None:
            raise ValueError("nothing is missing in this decision")
        draft.parts.append(self._wording.missing.format(question=outcome.criterion.ask))
        draft.parts.append(
            "\n".join(
                (
                    "- " + self._wording.if_yes.format(outcome=self._outcome(draft, book, yes)),
                    "- " + self._wording.if_no.format(outcome=self._outcome(draft, book, no)),
                )
            )
        )
        draft.parts.append(
            " ".join((self._wording.who_fits, *(book.sentence(name) for name in self._guideline.scope.fits)))
        )
        self._unstated(draft, asked, patient=True)
        draft.citations = book.citations
        return draft

    def contradiction(self, first: str, second: str) -> Draft:
        """The user stated a fact and its contrary, and the decision hangs on it."""
        draft, book = Draft("needs_information"), CitationBook(self._guideline)
        quoted = self._wording.quoted
        draft.parts.append(self._wording.contradiction.format(first=quoted(first), second=quoted(second)))
        draft.parts.append(
            " ".join((self._wording.who_fits, *(book.sentence(name) for name in self._guideline.scope.fits)))
        )
        draft.citations = book.citations
        return draft

    def _outcome(self, draft: Draft, book: CitationBook, decision: Decision) -> str:
        good = [option for option in self._guideline.options if option.appropriate]
        if decision.verdict == "does_not_apply":
            first = decision.blocking[0]
            return self._wording.outcome_not.format(
                reasons=_reason(first), markers=book.markers(_statements(first)[:1])
            )
        if decision.verdict == "needs_information" and decision.missing is not None:
            return self._wording.outcome_more.format(question=decision.missing.criterion.ask)
        preference = decision.preference
        if preference is None or not preference.options:
            names = self._wording.join([option.name for option in good])
            markers = book.markers([option.statements[0] for option in good])
            return self._wording.outcome_applies_none.format(
                names=names, rating=good[0].rating, markers=markers
            )
        preferred = [self._option(name) for name in preference.options]
        for option in preferred:
            self._add_option(draft, option, "mentioned", False)
        names = self._wording.join([option.name for option in preferred], self._wording.list_or)
        return self._wording.outcome_applies.format(
            names=names, preference=preference.name, markers=book.markers(preference.statements[:1])
        )

    # ------------------------------------------------------------ a general question

    def content(self, asked: Asked) -> Draft:
        """The topics that were asked for, each in its own paragraph; what is not stated is said to be so."""
        draft, book = Draft("answered"), CitationBook(self._guideline)
        self._premises(draft, book, asked)
        self._topics(draft, book, asked.topics, short=len(asked.topics) > 1)
        self._unstated(draft, asked, patient=False)
        self._follow_ups(draft, [name for topic in asked.topics for name in topic.follow_ups], asked.topics)
        draft.citations = book.citations
        return draft

    def content_or_silence(self, asked: Asked) -> Draft:
        """The topics that answer the question, or that the text does not."""
        return self.content(asked) if asked.topics else self.silent(asked)

    def silent(self, asked: Asked) -> Draft:
        """The text does not answer: say so, and what it does state nearest to it."""
        draft, book = Draft("not_covered"), CitationBook(self._guideline)
        self._premises(draft, book, asked)
        self._unstated(draft, asked, patient=False)
        if not asked.unstated:
            draft.parts.append(self._wording.nothing_found)
        if asked.nearest:
            sentences = [book.sentence(name) for name in asked.nearest[0].answer[:2]]
            draft.parts.append(" ".join((self._wording.nearest, *sentences)))
        else:
            draft.parts.append(self._wording.covers.format(covers=self._guideline.metadata.covers))
        self._follow_ups(draft, [topic.id for topic in asked.nearest], ())
        draft.citations = book.citations
        return draft

    def off_topic(self) -> Draft:
        """Nothing that a clinical guideline could answer."""
        draft = Draft("not_covered")
        draft.parts.append(self._wording.off_topic)
        draft.parts.append(
            " ".join(
                (self._wording.covers.format(covers=self._guideline.metadata.covers), self._wording.ask_again)
            )
        )
        draft.follow_ups = list(self._guideline.metadata.examples[:_FOLLOW_UPS])
        return draft

    def withheld(self) -> Draft:
        """The guard refused the answer, so that there is none."""
        return Draft("not_covered", [self._wording.withheld])

    # ------------------------------------------------------------ parts

    def _topics(self, draft: Draft, book: CitationBook, topics: Sequence[Topic], *, short: bool) -> None:
        used: set[str] = set()
        for topic in topics:
            names = [
                *topic.answer,
                *(topic.because[:1] if short else topic.because),
                *(() if short else topic.next),
            ]
            fresh = [name for name in dict.fromkeys(names) if name not in used]
            if not fresh:
                continue
            used.update(fresh)
            sentences = " ".join(book.sentence(name) for name in fresh)
            lead = f"{topic.lead} {book.markers(topic.answer)} " if topic.lead else ""
            draft.parts.append(lead + sentences)
            for name in topic.options:
                option = self._option(name)
                listed = is_listing(topic)
                role: Role = "recommended" if option.appropriate and listed else "mentioned"
                if not option.appropriate:
                    role = "not_recommended"
                self._add_option(draft, option, role, "first-choice" in topic.aspects and option.appropriate)

    def _premises(self, draft: Draft, book: CitationBook, asked: Asked) -> None:
        for name, claimed in asked.premises:
            option = self._option(name)
            if option.rating.casefold() == claimed.casefold():
                continue
            lead = self._wording.premise.format(name=option.name, rating=option.rating, claimed=claimed)
            draft.parts.append(f"{lead} {book.sentence(option.statements[0])}")
            self._add_option(draft, option, "recommended" if option.appropriate else "not_recommended", False)

    def _remarks(self, draft: Draft, book: CitationBook, decision: Decision) -> None:
        for remark in decision.remarks:
            draft.parts.append(" ".join(book.sentence(name) for name in remark.statements))

    def _unstated(self, draft: Draft, asked: Asked, *, patient: bool) -> None:
        if asked.unstated:
            template = self._wording.unstated_patient if patient else self._wording.unstated
            draft.parts.append(
                template.format(names=self._wording.join(asked.unstated, self._wording.list_or))
            )

    def _you_wrote(self, facts: Sequence[Fact]) -> str:
        words = list(dict.fromkeys(self._wording.quoted(fact.words) for fact in facts if fact.words))
        return self._wording.you_wrote.format(words=", ".join(words)) if words else ""

    def _follow_ups(self, draft: Draft, topics: Sequence[str], shown: Sequence[Topic]) -> None:
        hidden = {topic.id for topic in shown}
        for name in dict.fromkeys(topics):
            topic = self._guideline.topic(name)
            if topic is not None and name not in hidden and len(draft.follow_ups) < _FOLLOW_UPS:
                draft.follow_ups.append(topic_question(topic))

    def _option(self, name: str) -> RatedOption:
        option = self._guideline.option(name)
        if option is None:
            raise KeyError(name)
        return option

    @staticmethod
    def _add_option(draft: Draft, option: RatedOption, role: Role, preferred: bool) -> None:
        if option.id in draft.options and draft.options[option.id].role != "mentioned":
            return
        draft.options[option.id] = Option(
            id=option.id,
            name=option.name,
            rating=option.rating,
            radiation=option.radiation.text,
            role=role,
            preferred=preferred,
        )


def is_listing(topic: Topic) -> bool:
    """Whether a topic is about the rating or choice of studies, which a patient's answer gives anyway."""
    return bool(topic.options) and bool(_LISTING & set(topic.aspects))


def topic_question(topic: Topic) -> str:
    """Return how a topic is asked for: the text's own words where it is one of its FAQs."""
    return topic.faq or (topic.asks[0] if topic.asks else topic.name)


def _reason(outcome: Outcome) -> str:
    return (outcome.case.reason if outcome.case else "") or outcome.criterion.reason or outcome.criterion.name


def _statements(outcome: Outcome) -> tuple[str, ...]:
    return (outcome.case.statements if outcome.case else ()) or outcome.criterion.statements


def _instead(outcome: Outcome) -> tuple[str, ...]:
    return (outcome.case.instead if outcome.case else ()) or outcome.criterion.instead
