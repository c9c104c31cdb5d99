"""How each part of a question is read: alone, with the facts told before it, or leaning on what was asked before."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass

from assistant.answering.aspects import plain_text
from assistant.answering.evidence_reader import Asked, Reader
from assistant.answering.evidence_records import Record
from assistant.answering.lists import Lists
from assistant.answering.parts import Splitter
from assistant.answering.parts_patient import PatientMask
from assistant.answering.spelling import Spelling

# Records as (row, score), best first.
Ranked = list[tuple[int, float]]
_CLAUSE = re.compile(r"[,;:.!?\n]+(?=\s|$)|\s+[–—-]\s+")
_FEW_WORDS = 1
_SHORT = 4
_NAMING = 6
_COMPARING = 9
_LEAN_MARGIN = 1.0
_TOLD_MARGIN = 0.5
LEAST = 2.0  # of the right topics one in a hundred scores less; of the wrong ones most
# So much before a question is part of it; of what is longer, the clauses that name something.
_TOLD_WORDS = 25
_MOST_WORDS = 40
_MOST_TURNS = 6  # a longer chain of "and that one?" than anybody asks
_MOST_PARTS = 20  # nobody asks more at once; bounds the time that a pasted text takes
_SURE = 8.0  # a topic that fits so well is meant, whatever else the part may be
_OF_ITSELF = 5.0  # a part of vague words that fits a topic so well is not about the whole question


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
        mentioned: Callable[[str], bool],
    ) -> None:
        """`rank` gives all records for what is asked, best first; `mentioned` says if a guideline names a concept."""
        self._lists = Lists(reader, mentioned)
        self._reader = reader
        self._records = records
        self._rank = rank
        self._spelling = spelling
        self._splitter = Splitter(reader.aspects)
        self._references = re.compile(rf"\b(?:{'|'.join(reader.aspects.file.references) or '(?!)'})\b")
        self._patients = PatientMask(reader.vocabulary, reader.aspects)

    def clean(self, question: str) -> str:
        """Return the question as it is read: its slips mended, without orders and pressure."""
        return self._splitter.clean(self._spelling.mend(question), self._says)

    def expected(self, text: str, whole: Asked, studies: Sequence[str], before: str) -> list[str]:
        """Return the texts that `ranked_parts` will rank, as far as they do not hang on how others are ranked."""
        rehearsal, texts = copy(self), list[str]()

        def rank(asked: Asked) -> Ranked:
            texts.append(asked.canonical)
            return [(0, LEAST)]

        rehearsal._rank = rank
        for _ in rehearsal.ranked_parts(text, whole, studies, before):
            pass
        return texts

    def interrogates(self, text: str) -> bool:
        """Whether a part is a question by its mark or by a question word, and not one that only grants."""
        return "?" in text or (self._patients.opens(text) and not self._splitter.grants(text))

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
        silent = foreign = False
        seen: set[str] = set()
        for part in self._splitter.split(text):
            if part.asks:
                if part.text.casefold() in seen:
                    continue
                if len(seen) == _MOST_PARTS:
                    return
                seen.add(part.text.casefold())
            asked = self._reader.read(part.text)
            if not part.asks:
                told = "" if described else f"{told} {part.text}".strip()
                continue
            full = f"{told} {part.text}".strip()
            if len(full.split()) > _TOLD_WORDS:
                full = f"{self._telling(told)} {part.text}".strip()
            other = part.told or full.removesuffix(part.text).strip()
            alone = None
            if told and first and len(full.split()) <= _TOLD_WORDS:
                if asked.aspects and self._subject(asked):
                    alone = asked
                asked, other = self._reader.read(full), part.told
            vague = asked.aspects <= self._reader.aspects.vague
            if not first and silent and (vague or not foreign) and self._hangs(asked, earlier):
                continue  # it leans on what the text is silent about
            context = Context(tuple(carried), other, earlier, frozenset(given))
            asked, ranked = self._read_part(asked, whole, described, context)
            if alone is not None and not described:
                row, score = ranked[0]
                if score < LEAST and self._records[row].topic is not None:
                    asked, ranked = alone, self._rank(alone)
            apart = [] if described else self._lists.apart(asked)
            if apart:
                yield from ((one, self._rank(one)) for one in apart)
            else:
                yield asked, ranked
            given.add(ranked[0][0])
            best = self._records[ranked[0][0]]
            silent, foreign = best.topic is None, best.guideline is None
            earlier, first = asked, False
            carried = self._subject(asked) or carried

    def before(self, texts: Sequence[str]) -> str:
        """Return what the last of some earlier questions asks, with what it takes from those before it ("and PET?")."""
        if len(texts) < 2:
            return texts[-1] if texts else ""
        last = self._reader.read(self.clean(texts[-1]))
        if not self._only_names(last):
            return texts[-1]
        frame = self.before(texts[-_MOST_TURNS:-1])
        return last.text if self._patients.describes(frame) else self._framed(self.clean(frame), last)

    def _framed(self, frame: str, asked: Asked) -> str:
        """What was asked before (`frame`), of the studies that are named in place of those."""
        concepts = self._reader.vocabulary.concepts
        kinds = {concepts[one].kind for one in self._subject(asked) if one in concepts}
        rest = self._reader.without(frame, lambda one: one in concepts and concepts[one].kind in kinds)
        return f"{rest.rstrip(' ?.')} {asked.text}"

    def _telling(self, told: str) -> str:
        """The clauses of what was told that name something, the last ones if they are many."""
        telling = self._reader.aspects.file.subjects | self._reader.aspects.file.facts
        kept: list[str] = []
        count = 0
        for clause in reversed(_CLAUSE.split(told)):
            if any(one.kind in telling for one in self._reader.vocabulary.find(clause)):
                count += len(clause.split())
                if count > _MOST_WORDS:
                    break
                kept.append(clause.strip())
        return ", ".join(reversed(kept))

    def _read_part(
        self, asked: Asked, whole: Asked, described: bool, context: Context
    ) -> tuple[Asked, Ranked]:
        """Return a part as it is to be read, and the records ranked for it.

        A patient's facts are no question: what stands beside them is asked. If nothing does, a study is
        asked for, and the text is never silent on that.
        """
        if described and self._bare(asked):
            return asked, self._choices(whole)
        if self._empty(asked) and not self._says_of_itself(asked):
            long = context.told and len(whole.text.split()) > _TOLD_WORDS
            asked = self._reader.read(f"{context.told} {asked.text}") if long else whole
        beside = self._patients.mask(asked.text)
        if beside is None:
            return self._lean(asked, context)
        reduced = self._reader.read(beside)
        if self._hollow(reduced) or self._empty(reduced):
            # What was taken for a patient's facts may be what is asked for ("are men included?").
            own = self._lean(asked, context)
            if own[1][0][1] >= _SURE:
                return own
        if self._bare(reduced) and not reduced.aspects & self._reader.aspects.file.scoping:
            return reduced, self._choices(asked)
        return self._lean(reduced, context)

    def _says_of_itself(self, asked: Asked) -> bool:
        """Whether a part of vague words is one that a topic fits by itself ("who's in?")."""
        scoping = not asked.aspects.isdisjoint(self._reader.aspects.file.scoping)
        least = _OF_ITSELF if self._names(asked) else _SURE
        return (scoping or self._names(asked)) and self._rank(asked)[0][1] >= least

    def _hangs(self, asked: Asked, earlier: Asked | None) -> bool:
        """Whether a part has no subject of its own, and says little or refers to what the part before named."""
        if self._subject(asked):
            return False
        refers = self.refers(asked) and not (earlier and self._subject(earlier))
        return refers or len(asked.words) <= _FEW_WORDS

    def refers(self, asked: Asked) -> bool:
        """Whether a part points back to something ("such lesions", "its price")."""
        return self._references.search(plain_text(asked.text)) is not None

    def _choices(self, asked: Asked) -> Ranked:
        """The ranked topics on which study to choose; all records where no guideline has one.

        All, too, where what is told is surely what a topic says is left out ("stage I, entirely well").
        """
        ranked, file = self._rank(asked), self._reader.aspects.file
        row, score = ranked[0]
        topic = self._records[row].topic
        if topic is not None and score >= _SURE and not file.scoping.isdisjoint(topic.aspects):
            return ranked
        topics = [(row, score) for row, score in ranked if self._records[row].topic is not None]
        return [one for one in topics if file.choice in self._records[one[0]].item.aspects] or ranked

    def _bare(self, asked: Asked) -> bool:
        """Whether nothing is asked beyond which study to order."""
        file, concepts = self._reader.aspects.file, self._reader.vocabulary.concepts
        about = [
            one for one in asked.concepts if self._is_subject(one) and concepts[one].kind not in file.studies
        ]
        chooses = len(asked.text.split()) <= _SHORT or not asked.aspects.isdisjoint(file.choosing)
        plain = self._reader.aspects.vague.union(file.choosing)
        return chooses and not about and len(asked.words) <= _FEW_WORDS and asked.aspects <= plain

    def _hollow(self, asked: Asked) -> bool:
        """Whether hardly a word of content is left ("are ... or is it ... only?"), which asks for no study."""
        return (
            any(map(str.isalnum, asked.text))
            and len(asked.words) <= _FEW_WORDS
            and not asked.aspects
            and not self._names(asked)
        )

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
            framed = self._reader.read(self._framed(earlier.text, asked))
            return framed, self._other(self._rank(framed), context.given)
        if earlier is not None and earlier.aspects and self._only_compares(asked):
            whole = self._reader.read(f"{earlier.text} {asked.text}")
            return whole, self._other(self._rank(whole), context.given)
        readings = [(0.0, (asked, self._rank(asked)))]
        if context.told:
            whole = self._reader.read(f"{context.told} {asked.text}")
            readings.append((_TOLD_MARGIN, (whole, self._rank(whole))))
        if earlier is not None and (not own or len(asked.text.split()) <= _NAMING or self.refers(asked)):
            whole = self._reader.read(f"{earlier.text} {asked.text}")
            margin = 0.0 if own or not self.refers(asked) else _LEAN_MARGIN
            readings.append((margin, (whole, self._other(self._rank(whole), context.given))))
        if context.carried and not own:
            concepts = self._reader.vocabulary.concepts
            names = " ".join(concepts[concept].name for concept in context.carried if concept in concepts)
            leaning = self._reader.read(f"{asked.text.rstrip(' ?.')} {names}")
            ranked = self._other(self._rank(leaning), context.given)
            readings.append((_LEAN_MARGIN, (leaning, ranked)))
        return max(readings, key=lambda one: one[0] + one[1][1][0][1])[1]

    def _names(self, asked: Asked) -> bool:
        """Whether a part names a concept of the vocabulary, of whatever kind."""
        return any(concept in self._reader.vocabulary.concepts for concept in asked.concepts)

    def _only_names(self, asked: Asked) -> bool:
        """Whether a part names a study and asks nothing of it ("and the CT?")."""
        kinds, concepts = self._reader.aspects.file.studies, self._reader.vocabulary.concepts
        names = any(concept in concepts and concepts[concept].kind in kinds for concept in asked.concepts)
        return names and not asked.words and not asked.aspects and len(asked.text.split()) <= _NAMING

    def _only_compares(self, asked: Asked) -> bool:
        """Whether a part only compares a study with what was asked before ("and the CT, more or less?")."""
        compares = self._reader.aspects.file.comparing
        few = len(asked.words) <= _FEW_WORDS and len(asked.text.split()) <= _COMPARING
        return few and bool(asked.aspects) and asked.aspects <= compares and self.refers(asked)

    @staticmethod
    def _other(ranked: Ranked, given: frozenset[int]) -> Ranked:
        """The records that were not given yet; all if none is left."""
        return [one for one in ranked if one[0] not in given] or ranked

    def _is_subject(self, concept: str) -> bool:
        """Whether a concept is something that a question can be about."""
        known = self._reader.vocabulary.concepts.get(concept)
        return known is not None and known.kind in self._reader.aspects.file.subjects
