"""Puts a decision on a patient into words, with the found topics: rated studies, why not, or the one fact missing."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.answering.citations import CitationBook
from assistant.answering.composition_content import ContentComposer
from assistant.answering.drafts import Asked, Draft, is_listing, topic_question
from assistant.guidelines.decision import Decision, Outcome
from assistant.guidelines.schema import RatedOption
from assistant.types import Fact

__all__ = ["Asked", "Composer", "Draft", "is_listing", "topic_question"]

# Whom the guidance is for is decided before, and the table gives the radiation: these topics would contradict or
# repeat a patient's answer.
_TOLD = frozenset({"population", "exclusion", "instead", "trigger", "radiation"})


class Composer(ContentComposer):
    """Composes all answers from one guideline."""

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
                topic
                for topic in asked.topics
                if not (is_listing(topic) or _TOLD & set(topic.aspects) or topic.id in asked.loose)
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
        lead = self._wording.missing if decision.undoubted is None else self._wording.doubted
        draft.parts.append(lead.format(question=outcome.criterion.ask))
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

    # ------------------------------------------------------------ parts

    def _remarks(self, draft: Draft, book: CitationBook, decision: Decision) -> None:
        for remark in decision.remarks:
            draft.parts.append(" ".join(book.sentence(name) for name in remark.statements))

    def _you_wrote(self, facts: Sequence[Fact]) -> str:
        words = list(dict.fromkeys(self._wording.quoted(fact.words) for fact in facts if fact.words))
        return self._wording.you_wrote.format(words=", ".join(words)) if words else ""


def _reason(outcome: Outcome) -> str:
    return (outcome.case.reason if outcome.case else "") or outcome.criterion.reason or outcome.criterion.name


def _statements(outcome: Outcome) -> tuple[str, ...]:
    return (outcome.case.statements if outcome.case else ()) or outcome.criterion.statements


def _instead(outcome: Outcome) -> tuple[str, ...]:
    return (outcome.case.instead if outcome.case else ()) or outcome.criterion.instead
