"""How each part of a question is read: alone, with the facts told before it, or leaning on what was asked before."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from assistant.answering.evidence_reader import Asked, Reader
from assistant.answering.evidence_records import Record
from assistant.answering.parts import Splitter
from assistant.answering.parts_patient import PatientMask
from assistant.answering.spelling import Spelling

# Records as (row, score), best first.
Ranked = list[tuple[int, float]]
_FEW_WORDS = 1
_SHORT = 4
_NAMING = 6
_LEAN_MARGIN = 1.0
_TOLD_MARGIN = 0.5
LEAST = 2.0  # of the right topics one in a hundred scores less; of the wrong ones most
_TOLD_WORDS = 25  # so much before a question is part of it; what is longer only where it fits
_MOST_WORDS = 60


@dataclass(frozen=True, slots=True)
class Context:
    """What a part may lean on: concepts `carried`, facts `told` for it, and what was asked `earlier`.

    `given` are the records that the earlier parts and the turn before were answered with.
    """

    carried: tuple[str, ...] = ()
    told: str = ""
    earlier: Asked | None = None
    given: frozenset[int] = frozenset()


class PartReader:
    """Cleans and splits a question, and ranks the records for each part in the reading that fits best."""

    def __init__(
        self,
        reader: Reader,
        records: Sequence[Record],
        rank: Callable[[Asked], Ranked],
        spelling: Spelling,
    ) -> None:
        """`rank` gives all records for what is asked, best first."""
        self._reader = reader
        self._records = records
        self._rank = rank
        self._spelling = spelling
        self._splitter = Splitter(reader.aspects)
        self._patients = PatientMask(reader.vocabulary, reader.aspects)

    def clean(self, question: str) -> str:
        """Return the question as it is read: its slips mended, without orders and pressure."""
        return self._splitter.clean(self._spelling.mend(question), self._says)

    def _says(self, text: str) -> bool:
        """Whether a text that asks is a question by itself."""
        asked = self._reader.read(text)
        asks = asked.aspects - self._reader.aspects.vague
        return bool(self._subject(asked) or asks or len(asked.words) > _FEW_WORDS + 1)

    def ranked_parts(
        self, text: str, whole: Asked, studies: Sequence[str], before: str
    ) -> Iterator[tuple[Asked, Ranked]]:
        """Yield each part that asks something, as it is to be read, with the records ranked for it."""
        earlier = None
        if before and not self._patients.describes(before):  # what is told of a patient was not asked
            earlier = self._reader.read(self.clean(before))
        carried = (self._subject(earlier) if earlier else []) or list(studies) or self._subject(whole)
        given = {self._rank(earlier)[0][0]} if earlier else set()
        described, told, first = self._patients.describes(text), "", True
        silent = False
        for part in self._splitter.split(text):
            asked = self._reader.read(part.text)
            if not part.asks:
                told = "" if described else f"{told} {part.text}".strip()
                continue
            full = f"{told} {part.text}".strip()
            other = part.told or (told if len(full.split()) <= _MOST_WORDS else "")
            alone = None
            if told and first and len(full.split()) <= _TOLD_WORDS:
                if asked.aspects and self._subject(asked):
                    alone = asked
                asked, other = self._reader.read(full), part.told
            if not first and silent and not self._subject(asked) and len(asked.words) <= _FEW_WORDS:
                continue  # it leans on what the text is silent about
            context = Context(tuple(carried), other, earlier, frozenset(given))
            asked, ranked = self._read_part(asked, whole, described, context)
            if alone is not None and not described:
                row, score = ranked[0]
                if score < LEAST and self._records[row].topic is not None:
                    asked, ranked = alone, self._rank(alone)
            yield asked, ranked
            given.add(ranked[0][0])
            silent = self._records[ranked[0][0]].topic is None
            earlier, first = asked, False
            carried = self._subject(asked) or carried

    def _read_part(
        self, asked: Asked, whole: Asked, described: bool, context: Context
    ) -> tuple[Asked, Ranked]:
        """Return a part as it is to be read, and the records ranked for it.

        A patient's facts are no question: what stands beside them is asked. If nothing does, a study is
        asked for, and the text is never silent on that.
        """
        if described and self._bare(asked):
            return asked, self._choices(whole)
        if self._empty(asked):
            asked = whole
        beside = self._patients.mask(asked.text)
        if beside is None:
            return self._lean(asked, context)
        reduced = self._reader.read(beside)
        if self._bare(reduced):
            return reduced, self._choices(asked)
        return self._lean(reduced, context)

    def _choices(self, asked: Asked) -> Ranked:
        """The ranked topics on which study to choose; all records where no guideline has one."""
        ranked, choice = self._rank(asked), self._reader.aspects.file.choice
        topics = [(row, score) for row, score in ranked if self._records[row].topic is not None]
        return [one for one in topics if choice in self._records[one[0]].item.aspects] or ranked

    def _bare(self, asked: Asked) -> bool:
        """Whether nothing is asked beyond which study to order."""
        file, concepts = self._reader.aspects.file, self._reader.vocabulary.concepts
        about = [
            one for one in asked.concepts if self._is_subject(one) and concepts[one].kind not in file.studies
        ]
        chooses = len(asked.text.split()) <= _SHORT or not asked.aspects.isdisjoint(file.choosing)
        plain = self._reader.aspects.vague.union(file.choosing)
        return chooses and not about and len(asked.words) <= _FEW_WORDS and asked.aspects <= plain

    def _subject(self, asked: Asked) -> list[str]:
        """The first concepts that a later part may lean on."""
        return [concept for concept in asked.concepts if self._is_subject(concept)][:2]

    def _empty(self, asked: Asked) -> bool:
        """Whether a part says nothing of its own ("what does the guidance say on this?")."""
        return (
            not asked.words
            and not any(self._is_subject(concept) for concept in asked.concepts)
            and not (asked.aspects - self._reader.aspects.vague)
        )

    def _lean(self, asked: Asked, context: Context) -> tuple[Asked, Ranked]:
        """Read and rank a part alone, and with what it may take from what was said before; the best fit counts.

        With what was asked before, a part is not about what that was answered with.
        """
        earlier, own = context.earlier, self._subject(asked)
        if earlier is not None and own and self._only_names(asked):
            frame = self._reader.without(earlier.text, self._is_subject)
            framed = self._reader.read(f"{frame.rstrip(' ?.')} {asked.text}")
            return framed, self._other(self._rank(framed), context.given)
        readings = [(0.0, (asked, self._rank(asked)))]
        if context.told:
            whole = self._reader.read(f"{context.told} {asked.text}")
            readings.append((_TOLD_MARGIN, (whole, self._rank(whole))))
        if earlier is not None and (not own or len(asked.text.split()) <= _NAMING):
            whole = self._reader.read(f"{earlier.text} {asked.text}")
            readings.append((0.0, (whole, self._other(self._rank(whole), context.given))))
        if context.carried and not own:
            concepts = self._reader.vocabulary.concepts
            names = " ".join(concepts[concept].name for concept in context.carried if concept in concepts)
            leaning = self._reader.read(f"{asked.text.rstrip(' ?.')} {names}")
            ranked = self._other(self._rank(leaning), context.given)
            readings.append((_LEAN_MARGIN, (leaning, ranked)))
        return max(readings, key=lambda one: one[0] + one[1][1][0][1])[1]

    def _only_names(self, asked: Asked) -> bool:
        """Whether a part names a study and asks nothing of it ("and the CT?")."""
        kinds, concepts = self._reader.aspects.file.studies, self._reader.vocabulary.concepts
        names = any(concept in concepts and concepts[concept].kind in kinds for concept in asked.concepts)
        return names and not asked.words and not asked.aspects and len(asked.text.split()) <= _NAMING

    @staticmethod
    def _other(ranked: Ranked, given: frozenset[int]) -> Ranked:
        """The records that were not given yet; all if none is left."""
        return [one for one in ranked if one[0] not in given] or ranked

    def _is_subject(self, concept: str) -> bool:
        """Whether a concept is something that a question can be about."""
        known = self._reader.vocabulary.concepts.get(concept)
        return known is not None and known.kind in self._reader.aspects.file.subjects
