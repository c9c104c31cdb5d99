"""How each part of a question is read: alone, with the facts told before it, or leaning on what was asked before."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from copy import copy

from assistant.answering.evidence_reader import Asked, Reader
from assistant.answering.evidence_records import Record
from assistant.answering.leaning import FEW_WORDS, Context, Leaning, Ranked
from assistant.answering.lists import Lists
from assistant.answering.parts import Splitter
from assistant.answering.parts_patient import PatientMask
from assistant.answering.spelling import Spelling
from assistant.guidelines.schema import Topic, Unstated

Item = Topic | Unstated
_CLAUSE = re.compile(r"[,;:.!?\n]+(?=\s|$)|\s+[–—-]\s+")
_SHORT = 4
LEAST = 2.0  # of the right topics one in a hundred scores less; of the wrong ones most
# So much before a question is part of it; of what is longer, the clauses that name something.
_TOLD_WORDS = 25
_MOST_WORDS = 40
_MOST_TURNS = 6  # a longer chain of "and that one?" than anybody asks
_MOST_PARTS = 20  # nobody asks more at once; bounds the time that a pasted text takes
_SURE = 8.0  # a topic that fits so well is meant, whatever else the part may be
_OF_ITSELF = 5.0  # a part of vague words that fits a topic so well is not about the whole question


class PartReader(Leaning):
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
        super().__init__(reader, records, rank)
        self._lists = Lists(reader, mentioned)
        self._mentioned = mentioned
        self._spelling = spelling
        self._splitter = Splitter(reader.aspects)
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
        return bool(self._subject(asked) or asks or len(asked.words) > FEW_WORDS + 1)

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
        silent: Item | None = None
        foreign = False
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
            if (
                silent
                and (vague or not foreign)
                and self._hangs(asked, earlier)
                and (vague or self._splitter.grants(part.text) or not self._of_study(asked, carried, silent))
            ):
                continue  # it leans on what the text is silent about
            context = Context(tuple(carried), other, earlier, frozenset(given), not first)
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
            silent, foreign = None if best.topic else best.item, best.guideline is None
            earlier, first = asked, False
            carried = self._passed_on(asked, carried)

    def before(self, texts: Sequence[str]) -> str:
        """Return what the last of some earlier questions asks, with what it takes from those before it ("and PET?")."""
        if len(texts) < 2:
            return texts[-1] if texts else ""
        last = self._reader.read(self.clean(texts[-1]))
        leans = not self._names(last) and self.refers(last)
        if not (leans or self._only_names(last)):
            return texts[-1]
        frame = self.before(texts[-_MOST_TURNS:-1])
        if leans:  # "how do I recognise it?" is about what the question before it named
            named = (
                () if self._patients.describes(frame) else self._subject(self._reader.read(self.clean(frame)))
            )
            return f"{texts[-1].rstrip(' ?.')} {self._called(named)}".strip() if named else texts[-1]
        return last.text if self._patients.describes(frame) else self._framed(self.clean(frame), last)

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
        scoping, earlier = self._reader.aspects.file.scoping, context.earlier
        if earlier is not None and self._only_adds(asked, earlier):
            framed = self._reader.read(self._framed(earlier.text, asked))
            return framed, self._rank(framed)
        if described and self._bare(asked) and asked.aspects.isdisjoint(scoping):
            return asked, self._choices(whole)
        leans = context.follows and not context.told
        if self._empty(asked) and not self._says_of_itself(asked) and not leans:
            long = context.told and len(whole.text.split()) > _TOLD_WORDS
            asked = self._reader.read(f"{context.told} {asked.text}") if long else whole
        beside = self._patients.mask(asked.text)
        if beside is None:
            return self.lean(asked, context)
        reduced = self._reader.read(beside)
        if self._hollow(reduced) or self._empty(reduced):
            # What was taken for a patient's facts may be what is asked for ("are men included?").
            own = self.lean(asked, context)
            if own[1][0][1] >= _SURE:
                return own
        if self._bare(reduced) and reduced.aspects.isdisjoint(scoping):
            return reduced, self._choices(asked)
        return self.lean(reduced, context)

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
        return refers or len(asked.words) <= FEW_WORDS

    def _passed_on(self, asked: Asked, carried: list[str]) -> list[str]:
        """What the next part may lean on: not the disease that all is about ("is that common in breast cancer?")."""
        concepts, setting = self._reader.vocabulary.concepts, self._reader.aspects.file.particular
        own = list(dict.fromkeys(self._subject(asked)))
        return own if any(concepts[one].kind not in setting for one in own) else carried or own

    def _of_study(self, asked: Asked, carried: Sequence[str], silent: Item) -> bool:
        """Whether a part asks something else than what is `silent` of a study that a guideline names ("its dose?")."""
        studies = self._studies(carried)
        return (
            bool(studies) and all(map(self._mentioned, studies)) and asked.aspects.isdisjoint(silent.aspects)
        )

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
        return chooses and not about and len(asked.words) <= FEW_WORDS and asked.aspects <= plain

    def _hollow(self, asked: Asked) -> bool:
        """Whether hardly a word of content is left ("are ... or is it ... only?"), which asks for no study."""
        return (
            any(map(str.isalnum, asked.text))
            and len(asked.words) <= FEW_WORDS
            and not asked.aspects
            and not self._names(asked)
        )

    def _empty(self, asked: Asked) -> bool:
        """Whether a part says nothing of its own ("what does the guidance say on this?")."""
        return (
            not asked.words
            and not any(self._is_subject(concept) for concept in asked.concepts)
            and not (asked.aspects - self._reader.aspects.vague)
        )
