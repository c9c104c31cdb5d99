"""The records close behind the one that fits a question best: which of them leads instead, or is answered too."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from assistant.answering.evidence import Evidence
from assistant.answering.evidence_reader import Asked
from assistant.answering.leaning import Ranked
from assistant.answering.silence import Silence
from assistant.guidelines.schema import Topic, Unstated

#: So many of the best records are looked at, and so many topics shown as nearest.
NEAREST = 3
#: A topic so little behind the best one is as likely the one that is meant.
NEARLY = 1.0
_REST_WEIGHT = 0.35
_REST_MARGIN = 6.0
_CLOSE = 3.0  # a silence so little behind a weak topic is as likely
_OPEN = 2.0  # a silence so little behind a topic that leaves something open is the answer
_LIKELY = 8.0  # a topic that fits so well leaves open only what is named
_HALVED = 2.0  # a topic on several studies so little behind one on a single study of several that are named
_WIDER = 0.5  # a topic so little behind that says the same and more may as well be meant
_ALSO = 3.0  # a silence so little behind the answer on a thing that no guideline names is asked for too
_SAID = 0.6  # what stands only in a topic's statements is not what it is about
_SHOWN = 8

# How little a rival may be behind, and whether it then leads, by its row.
_Claim = tuple[float, Callable[[int], bool]]


class Rivals:
    """Weighs the best records of a question against each other. Stateless between calls."""

    def __init__(self, evidence: Evidence, silence: Silence) -> None:
        """Both are over the same records."""
        self._evidence = evidence
        self._silence = silence

    def led(self, asked: Asked, ranked: Ranked) -> Ranked:
        """The records, best first; a topic just behind what is not stated leads if it explains more of the question.

        What is not stated leads a little behind a topic that leaves something of the question open.
        """
        if len(ranked) > 1 and self._silence.unpaired(asked, ranked[0][0]):
            ranked = ranked[1:]
        row, score = ranked[0]
        stated = self._evidence.records[row].topic is not None
        claims = self._over_topic(asked, row, score) if stated else self._over_silence(asked, row)
        for margin, leads in claims:
            for place, (other, behind) in enumerate(ranked[1:NEAREST], 1):
                if score - behind < margin and leads(other):
                    return [ranked[place], *ranked[:place], *ranked[place + 1 :]]
        return ranked

    def _over_topic(self, asked: Asked, row: int, score: float) -> tuple[_Claim, ...]:
        """What leads before the topic `row`, in the order in which it is tried."""
        silence = self._silence
        return (
            (_OPEN, lambda other: silence.open(asked, row, other, score < _LIKELY)),
            (NEARLY, lambda other: silence.astray(asked, row, other)),
            (_HALVED, lambda other: silence.halved(asked, row, other)),
            (_WIDER, lambda other: self._says_more(asked, row, other)),
        )

    def _over_silence(self, asked: Asked, row: int) -> tuple[_Claim, ...]:
        """What leads before the silence `row`: a topic that explains more of the question."""
        return ((NEARLY, lambda other: self._explains_more(asked, row, other)),)

    def _says_more(self, asked: Asked, row: int, other: int) -> bool:
        """Whether a record says all that the topic `row` says, and more, on what is named."""
        wider = set(self._answers(row)) < set(self._answers(other))
        return wider and asked.names_each(self._evidence.records[other].item.about)

    def _explains_more(self, asked: Asked, row: int, other: int) -> bool:
        """Whether a topic explains more of what is named than the silence `row`, or as much where that is not asked."""
        if self._evidence.records[other].topic is None:
            return False
        explained = self._evidence.explained(asked)[0]
        more = explained[other] - explained[row]
        better = more > 0 or (more == 0 and self._silence.unasked(asked, row))
        return bool(better) and not self._silence.foreign(asked, other, row)

    def _answers(self, row: int) -> tuple[str, ...]:
        """The statements that answer for record `row`; none for what is not stated."""
        topic = self._evidence.records[row].topic
        return topic.answer if topic is not None else ()

    def doubt(self, ranked: Ranked) -> bool:
        """Whether something that is not stated comes close to the best topic."""
        other = next((score for row, score in ranked if self._evidence.records[row].topic is None), None)
        return other is not None and other > ranked[0][1] - _CLOSE

    def rest(self, asked: Asked, ranked: Ranked) -> list[Topic]:
        """Topics for what the question names and its best topic does not speak of, if they come near."""
        evidence = self._evidence
        best, score = ranked[0]
        found: list[Topic] = []
        for concept in asked.concepts:
            explains = evidence.explains(concept)
            if evidence.weight(concept) < _REST_WEIGHT or explains[best] > _SAID:
                continue
            for row, other in ranked[1:]:
                if other < score - _REST_MARGIN:
                    break
                topic = evidence.records[row].topic
                if (
                    topic is not None
                    and explains[row] == 1.0
                    and not self._silence.off(asked, row)
                    and evidence.records[row].guideline is evidence.records[best].guideline
                ):
                    found.append(topic)
                    break
        return found

    def besides(self, asked: Asked, ranked: Ranked) -> list[Unstated]:
        """What is not stated, is named in the question, and comes nearly as close as the topic that answers it."""
        concepts = {one for one in asked.concepts if not self._evidence.is_mentioned(one)}
        items = [
            (self._evidence.records[row].item, score)
            for row, score in ranked[1:NEAREST]
            if self._evidence.records[row].guideline is not None
        ]
        return [
            item
            for item, score in items
            if isinstance(item, Unstated)
            and score > ranked[0][1] - _ALSO
            and any(not concepts.isdisjoint(group) for group in item.about)
        ]

    def near(self, ranked: Ranked, lacking: Sequence[Unstated | str]) -> list[Topic]:
        """What the text does state nearest: named by the unstated record, else the best topics."""
        records = self._evidence.records
        first = next((item for item in lacking if isinstance(item, Unstated)), None)
        guideline = records[ranked[0][0]].guideline
        if first is not None and first.nearest and guideline is not None:
            named = [topic for name in first.nearest if (topic := guideline.topic(name)) is not None]
        else:
            named = []
        # What is named may be no answer for somebody outside the guidance: then the best topics stand in for it.
        best = [topic for row, _ in ranked[:_SHOWN] if (topic := records[row].topic) is not None]
        return [*named, *(topic for topic in best if topic not in named)][: max(NEAREST, len(named))]
