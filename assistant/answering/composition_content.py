"""Puts found topics into words: the guideline's own sentences, cited, in the wording's templates."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from assistant.answering.citations import CitationBook
from assistant.answering.drafts import Asked, Draft, is_listing, topic_question
from assistant.answering.wording import Wording
from assistant.guidelines.pack import Guideline
from assistant.guidelines.schema import RatedOption, Topic
from assistant.types import Option, Role

_FOLLOW_UPS = 3
_ANSWER = 2  # statements of a topic that is only near what was asked


class ContentComposer:
    """Composes answers to questions about one guideline's text, without a patient."""

    def __init__(self, guideline: Guideline, wording: Wording, concept_name: Callable[[str], str]) -> None:
        """`concept_name` gives the display name of a concept."""
        self._guideline = guideline
        self._wording = wording
        self._concept_name = concept_name

    def content(self, asked: Asked) -> Draft:
        """The topics that were asked for, each in its own paragraph; what is not stated is said to be so."""
        draft, book = Draft("answered"), CitationBook(self._guideline)
        self._premises(draft, book, asked)
        self._topics(draft, book, asked.topics, short=len(asked.topics) > 1)
        self._beside(draft, book, asked)
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
        if asked.rated:
            self._rated(draft, book, asked.rated)
        elif asked.nearest:
            draft.parts.append(f"{self._wording.nearest} {self._said(book, asked.nearest[0])}")
        elif not asked.unstated:
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

    def acknowledged(self) -> Draft:
        """Thanks, assent or farewell: nothing was asked, and no answer is given again."""
        draft = Draft("not_covered")
        draft.parts.append(self._wording.acknowledged)
        return draft

    def foreign(self) -> Draft:
        """A question in another language than English."""
        covers = self._wording.covers.format(covers=self._guideline.metadata.covers)
        examples = list(self._guideline.metadata.examples[:_FOLLOW_UPS])
        return Draft("not_covered", [self._wording.foreign, covers], follow_ups=examples)

    def withheld(self) -> Draft:
        """The guard refused the answer, so that there is none."""
        return Draft("not_covered", [self._wording.withheld])

    # ------------------------------------------------------------ parts

    def _topics(self, draft: Draft, book: CitationBook, topics: Sequence[Topic], *, short: bool) -> None:
        for topic in topics:
            names = [
                *topic.answer,
                *(topic.because[:1] if short else topic.because),
                *(() if short else topic.next),
            ]
            fresh = [name for name in dict.fromkeys(names) if not book.printed(name)]
            if not fresh:
                continue
            draft.parts.append(self._said(book, topic, fresh))
            for name in topic.options:
                option = self._option(name)
                listed = is_listing(topic)
                role: Role = "recommended" if option.appropriate and listed else "mentioned"
                if not option.appropriate:
                    role = "not_recommended"
                self._add_option(draft, option, role, "first-choice" in topic.aspects and option.appropriate)

    def _said(self, book: CitationBook, topic: Topic, names: Sequence[str] | None = None) -> str:
        """The topic's lead and the statements `names`; without them, what answers it in one or two sentences.

        What is no sentence by itself is in the lead, which cites it.
        """
        lead = f"{topic.lead} {book.markers(topic.answer)}" if topic.lead else ""
        names = topic.answer[:_ANSWER] if names is None else names
        whole = [name for name in names if not lead or self._is_sentence(name)]
        for name in topic.answer if lead else ():
            book.tell(name)
        return " ".join(filter(None, (lead, *map(book.sentence, whole))))

    def _is_sentence(self, statement: str) -> bool:
        return not self._guideline.statements[statement].quote[0].islower()

    def _rated(self, draft: Draft, book: CitationBook, options: Sequence[str]) -> None:
        """What the studies that were named are rated, where something else of them is not stated."""
        for name in options:
            option = self._option(name)
            limits = () if option.appropriate else option.limits[:1]
            sentences = [book.sentence(one) for one in (*option.statements[:1], *limits)]
            draft.parts.append(" ".join((self._wording.nearest, *sentences)))
            self._add_option(draft, option, "mentioned" if option.appropriate else "not_recommended", False)

    def _beside(self, draft: Draft, book: CitationBook, asked: Asked) -> None:
        """The first sentence of what came close to the answer, if it was not said; it puts no study forward."""
        for topic in asked.beside:
            fresh = next((name for name in topic.answer if not book.printed(name)), None)
            if fresh is not None:
                draft.parts.append(f"{self._wording.beside}\n{book.sentence(fresh)}")

    def _premises(self, draft: Draft, book: CitationBook, asked: Asked) -> None:
        for name, claimed in asked.premises:
            option = self._option(name)
            if option.rating.casefold() == claimed.casefold():
                continue
            known = {one.rating.casefold(): one.rating for one in self._guideline.options}
            own = known.get(claimed.casefold())
            template = self._wording.premise if own else self._wording.premise_foreign
            lead = template.format(name=option.name, rating=option.rating, claimed=own)
            draft.parts.append(f"{lead} {book.sentence(option.statements[0])}")
            # Where the text does not answer, or not for this patient, putting a rating right puts nothing forward.
            forward: Role = "recommended" if draft.status == "answered" else "mentioned"
            self._add_option(draft, option, forward if option.appropriate else "not_recommended", False)

    def _unstated(self, draft: Draft, asked: Asked, *, patient: bool) -> None:
        if asked.unstated:
            template = self._wording.unstated_patient if patient else self._wording.unstated
            draft.parts.append(
                template.format(names=self._wording.join(asked.unstated, self._wording.list_or))
            )

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
