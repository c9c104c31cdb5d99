"""When the text is silent: what a question asks for that no topic explains, and what it is called."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from assistant.answering.evidence import Evidence
from assistant.answering.evidence_reader import Asked
from assistant.guidelines.schema import Topic, Unstated

_LETTERS = re.compile(r"[^\W\d_]+")
_KNOWN_SHARE = 0.5
_WEIGHTY = 0.75
_CHANTED = 3  # one word so often, with nothing else, is no question
_MANY_WORDS = 40  # in a longer text some words are strange and some sound like any kind of thing
_PAIR = 2  # things of which a record compares one with the other
_STRANGE = 2  # words never seen, so many of which make what is asked uncertain


class Silence:
    """Decides whether a record answers what is asked, and names what is not stated."""

    def __init__(self, evidence: Evidence) -> None:
        self._evidence = evidence
        aspects = evidence.reader.aspects
        self._fillers = aspects.fillers
        self._words = evidence.known_words | aspects.fillers | frozenset(aspects.file.interrogatives.split())

    def readable(self, text: str, named: int, leans: bool = False) -> bool:
        """Whether a text is English enough to be a question: a share of its words is known, or it names concepts.

        Words without content ask nothing, unless the text `leans` on a turn before it ("and then?").
        """
        words = [word for word in _LETTERS.findall(text.lower()) if len(word) > 1]
        if not words:
            return named > 0
        if not leans and not named and all(word in self._fillers for word in words):
            return False
        told = {word for word in words if word not in self._fillers}
        if len(told) <= 1 and max(Counter(words).values()) >= _CHANTED:
            return False
        known = sum(self._evidence.reader.knows(word, self._words) for word in words)
        return known / len(words) >= _KNOWN_SHARE or named >= max(1, len(words) // 4)

    def says_nothing(self, asked: Asked) -> bool:
        """Whether a part has words, but none that any record holds, names no concept, and asks vaguely."""
        vague = self._evidence.reader.aspects.vague
        unknown = bool(asked.words) and not any(map(self._evidence.has_seen, asked.words))
        return unknown and not asked.concepts and asked.aspects <= vague

    def lacking(self, asked: Asked, row: int) -> tuple[Unstated | str, ...]:
        """Return what is asked and not stated if record `row` is the best; empty if it answers."""
        record = self._evidence.records[row]
        if isinstance(record.item, Unstated):
            return (record.item,)
        return (*self._foreign(asked, row), *self._exactly(asked, row))

    def _exactly(self, asked: Asked, row: int) -> Sequence[str]:
        """Names of figures and the like that are asked for and the record does not claim to give."""
        aspects, item = self._evidence.reader.aspects, self._evidence.records[row].item
        wanted = (asked.aspects & aspects.exact) - set(item.aspects)
        return [aspects.by_id[one].name for one in sorted(wanted)]

    def open(self, asked: Asked, row: int, silent: int, doubtful: bool) -> bool:
        """Whether topic `row` leaves open what record `silent` stands for, which no text states.

        That is a thing that no text names and the silence is about, or a study of which the topic does not tell what is
        asked of it; and for a `doubtful` topic a kind of thing that
        guidelines rarely state and the topic does not claim to, or several words that nobody has used yet.
        """
        evidence = self._evidence
        if evidence.records[silent].topic is not None:
            return False
        topic, silence = evidence.records[row].item, evidence.records[silent].item
        if doubtful and len(asked.text.split()) <= _MANY_WORDS:
            if not (asked.aspects & evidence.reader.aspects.unstated) <= set(topic.aspects):
                return True
            if sum(not evidence.has_seen(word) for word in asked.words) >= _STRANGE:
                return True
        if self.of_another(asked, topic):
            return True
        about = frozenset[str]().union(*silence.about)
        if not asked.aspects.isdisjoint(set(silence.aspects) & set(topic.aspects)) and any(
            self._is_study(one) and one in about and not evidence.explains(one)[row] for one in asked.concepts
        ):
            return True  # the same is asked of a study of which the topic says nothing
        return any(
            one in about and one not in evidence.mentioned and evidence.explains(one)[row] < 1.0
            for one in asked.concepts
        )

    def foreign(self, asked: Asked, row: int, silent: int) -> bool:
        """Whether `silent` is about a thing that is named, no text names, and topic `row` does not explain."""
        evidence = self._evidence
        about = frozenset[str]().union(*evidence.records[silent].item.about)
        return any(
            one in about and not evidence.is_mentioned(one) and not evidence.explains(one)[row]
            for one in asked.concepts
        )

    def unasked(self, asked: Asked, silent: int) -> bool:
        """Whether things are named and nothing is asked of them that it is about ("MRI of the spine?")."""
        aspects = self._evidence.records[silent].item.aspects
        return not asked.words and bool(aspects) and asked.aspects.isdisjoint(aspects)

    def unnamed(self, asked: Asked, row: int) -> bool:
        """Whether record `row` is something unstated, about things of which the question names none."""
        item = self._evidence.records[row].item
        return isinstance(item, Unstated) and self.off(asked, row)

    def off(self, asked: Asked, row: int) -> bool:
        """Whether record `row` is about things, and the question names things and none of these."""
        groups = self._evidence.records[row].item.about
        return bool(groups) and bool(asked.concepts) and all(asked.closure.isdisjoint(one) for one in groups)

    def unpaired(self, asked: Asked, row: int) -> bool:
        """Whether `row` is a comparison of studies that is not stated, and the question compares others.

        "PET or CT?" is not what "bone scan or CT?" asks.
        """
        item = self._evidence.records[row].item
        comparing = self._evidence.reader.aspects.file.comparing
        if not isinstance(item, Unstated) or len(item.about) < _PAIR or comparing.isdisjoint(item.aspects):
            return False
        about = frozenset[str]().union(*item.about)
        if not all(map(self._is_study, about)):
            return False
        others = any(self._is_study(one) and one not in about for one in asked.concepts)
        return others and any(asked.closure.isdisjoint(group) for group in item.about)

    def astray(self, asked: Asked, row: int, other: int) -> bool:
        """Whether topic `row` is about other things than those that are named, and topic `other` is asked for."""
        topic = self._evidence.records[other].topic
        asks = topic is not None and not asked.aspects.isdisjoint(topic.aspects)
        return asks and self.off(asked, row) and not self.off(asked, other)

    def of_another(self, asked: Asked, topic: Topic | Unstated) -> bool:
        """Whether the topic is about one study, and only others are named ("is CT cheaper than a bone scan?")."""
        named = any(self._is_study(one) and self._evidence.is_mentioned(one) for one in asked.concepts)
        groups = [group for group in topic.about if all(map(self._is_study, group))]
        return named and bool(groups) and all(asked.closure.isdisjoint(group) for group in groups)

    def halved(self, asked: Asked, row: int, other: int) -> bool:
        """Whether topic `row` is about one of several studies named, and topic `other` tells the same and compares."""
        one, more = self._evidence.records[row].topic, self._evidence.records[other].topic
        if one is None or more is None or not set(one.aspects) < set(more.aspects):
            return False
        if not set(one.answer) <= set(more.answer):
            return False
        named = [name for name in asked.concepts if self._is_study(name)]
        left = [name for name in named if any(name not in group for group in one.about)]
        return 0 < len(left) < len(named) and not self.off(asked, other)

    def particular(self, asked: Asked) -> tuple[str, ...]:
        """Names of particular kinds that are asked about and no text mentions, though a general answer holds."""
        evidence = self._evidence
        concepts = evidence.reader.vocabulary.concepts
        kinds = evidence.reader.aspects.file.particular
        return tuple(
            concepts[concept].name
            for concept in asked.concepts
            if concept in concepts and concepts[concept].kind in kinds and concept not in evidence.mentioned
        )

    def beside(self, asked: Asked, row: int) -> tuple[Unstated, ...]:
        """What is not stated and is asked for beside what topic `row` answers, by what the question names."""
        guideline = self._evidence.records[row].guideline
        return tuple(
            record.item
            for record in self._evidence.records
            if isinstance(record.item, Unstated)
            and record.guideline is guideline
            and record.item.beside
            and asked.names_each(record.item.beside)
        )

    def _is_study(self, concept: str) -> bool:
        concepts = self._evidence.reader.vocabulary.concepts
        return concept in concepts and concepts[concept].kind in self._evidence.reader.aspects.file.studies

    def _foreign(self, asked: Asked, row: int) -> Sequence[str]:
        """Names of concepts asked for that the guideline never mentions and the record does not explain."""
        evidence = self._evidence
        concepts = evidence.reader.vocabulary.concepts
        names: list[str] = []
        for concept in asked.concepts:
            if evidence.weight(concept) < _WEIGHTY or evidence.explains(concept)[row] > 0:
                continue
            if concept in concepts and concept not in evidence.mentioned:
                names.append(concepts[concept].name)
        return names
