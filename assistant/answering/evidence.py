"""How well each record fits a question: meaning, words, concepts and aspects, as numbers.

A record's profile is counted from the ways to ask it and from its statements. All arrays have one row per
record, in the order of `Evidence.records`. Columns per concept and word are made once and kept.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from assistant.answering.bank import CompiledBank, Profile, words_key
from assistant.answering.evidence_counts import Stretches, pad, rarities, rarity
from assistant.answering.evidence_reader import PAIR, Asked, Reader
from assistant.answering.evidence_records import Array, BankScores, records_of
from assistant.guidelines.pack import Guideline

# How much of a concept a record explains by where it stands: in its wordings, only in its statements, only
# as a particular case of what it speaks of. Fitted once, with WEIGHTS of weights.py.
_WORDED, _QUOTED, _INHERITED = 1.0, 0.6, 0.8
_CORE_SHARE = 0.5
_MAX_UNEXPLAINED = 3.0
_FEW_WORDS = 4  # in a longer question a word never seen weighs less
_MAX_COLUMNS = 5_000


class Evidence:
    """The profiles of all records, and how well each fits what is asked."""

    FEATURES = (
        "dense", "dense_mean", "lexical", "quote_dense", "quote_lexical", "concepts", "unexplained", "about",
        "not_about", "aspects", "aspect_profile", "missing", "words", "unexplained_words", "aspects_lacking",
        "strict", "foreign", "withheld", "unseen", "unstated", "classified",
        "dense_rank", "lexical_rank",
    )  # fmt: skip

    def __init__(self, guidelines: Sequence[Guideline], reader: Reader, bank: CompiledBank) -> None:
        """`bank` is compiled from the records of the same guidelines."""
        self.reader = reader
        self.records = records_of(guidelines, reader.aspects)
        self.known_words = frozenset(bank.word_counts)
        self.mentioned, self.named = bank.mentioned, bank.named
        self._wordings = bank.wordings
        self._index_bank(guidelines, bank)
        self._count_profiles(bank.profiles)
        self._explain_columns: dict[str, Array] = {}
        self._word_columns: dict[str, Array] = {}

    def features(self, asked: Asked, scores: BankScores, classified: Array | None) -> Array:
        """Return one row of FEATURES per record, float32 (records, features).

        `classified` are the scores of a Classifier, float32 (records,), if there is one.
        """
        lexical = scores.lexical
        worded = self._asks.best(lexical)
        measured = np.zeros(len(self.records), np.float32)
        declared, asking, lacking = self._aspects(asked)
        columns = [
            measured, measured, worded, measured, self._quotes_of(lexical),
            *self.explained(asked), *self._about(asked), declared, asking, self._missing(asked),
            *self.worded(asked), lacking, *self._doubts(asked), self._unstated,
            measured if classified is None else classified, measured, _ranks(worded),
        ]  # fmt: skip
        table = np.stack(columns, axis=1).astype(np.float32)
        self.measure(table, lexical if scores.dense is None else scores.dense)
        return table

    def measure(self, table: Array, dense: Array) -> None:
        """Put into the `features` of a question what its cosines with all texts, float32 (n,), say of each record."""
        best = self._asks.best(dense)
        places = [self.FEATURES.index(name) for name in ("dense", "dense_mean", "quote_dense", "dense_rank")]
        for place, column in zip(
            places, (best, self._asks.mean(dense), self._quotes_of(dense), _ranks(best)), strict=True
        ):
            table[:, place] = column

    def wording(self, asked: Asked) -> int | None:
        """Return the row of the record one of whose wordings `asked` is, word for word."""
        return self._wordings.get(words_key(asked.canonical))

    # ------------------------------------------------------------ what is asked of a record

    def weight(self, concept: str) -> float:
        """How much a concept tells one record from another, by rarity and kind, in [0, 1]."""
        head = concept.partition(PAIR)[0]
        known = self.reader.vocabulary.concepts.get(head)
        kind = 1.0 if known is None else self.reader.aspects.file.weights.get(known.kind, 1.0)
        return kind * self._concept_weight.get(concept, 1.0)

    def explains(self, concept: str) -> Array:
        """How far each record speaks of `concept`, from 0 to 1, float32 (records,)."""
        column = self._explain_columns.get(concept)
        if column is None:
            column = self._explained_by(concept)
            if len(self._explain_columns) > _MAX_COLUMNS:
                self._explain_columns.clear()
            self._explain_columns[concept] = column
        return column

    def explained(self, asked: Asked) -> tuple[Array, Array]:
        """Return the weighted share of the concepts that each record explains, and the weight of the others."""
        return self._share([(self.weight(concept), self.explains(concept)) for concept in asked.concepts])

    def worded(self, asked: Asked) -> tuple[Array, Array]:
        """Return the same for the words outside all concepts."""
        return self._share([(self._word_weight.get(word, 1.0), self._has_word(word)) for word in asked.words])

    def has_seen(self, word: str) -> bool:
        """Whether a content word stands in the wordings or statements of any record."""
        return word in self._word_weight

    def aspect_weight(self, aspect: str) -> float:
        """How much an aspect tells one record from another, in [0, 1]."""
        return self._aspect_weight.get(aspect, 1.0)

    def _explained_by(self, concept: str) -> Array:
        known = self.reader.vocabulary.concepts.get(concept)
        above = frozenset[str]()
        if known is not None and known.kind not in self.reader.aspects.file.strict:
            above = self.reader.vocabulary.ancestors(concept)
        return np.array(
            [
                _WORDED
                if concept in worded
                else _QUOTED
                if concept in quoted
                else (0.0 if above.isdisjoint(named) else _INHERITED)
                for worded, quoted, named in zip(self._worded, self._quoted, self._named, strict=True)
            ],
            np.float32,
        )

    def _has_word(self, word: str) -> Array:
        column = self._word_columns.get(word)
        if column is None:
            column = np.array([word in words for words in self._words], np.float32)
            if len(self._word_columns) > _MAX_COLUMNS:
                self._word_columns.clear()
            self._word_columns[word] = column
        return column

    def _share(self, weighed: Sequence[tuple[float, Array]]) -> tuple[Array, Array]:
        size = len(self.records)
        total = sum(weight for weight, _ in weighed)
        if not total:
            return np.full(size, 0.5, np.float32), np.zeros(size, np.float32)
        got = np.zeros(size, np.float32)
        for weight, column in weighed:
            got += np.float32(weight) * column
        return got / np.float32(total), np.clip(total - got, 0.0, _MAX_UNEXPLAINED).astype(np.float32)

    def _about(self, asked: Asked) -> tuple[Array, Array]:
        """Return the share of a record's `about` groups that is named, and the share that is not."""
        met = np.zeros(self._groups.shape[0], np.float32)
        for concept in asked.closure:
            places = self._group_places.get(concept)
            if places is not None:
                met[places] = 1.0
        held = self._groups_of @ met
        return held, self._has_groups - held

    def _aspects(self, asked: Asked) -> tuple[Array, Array, Array]:
        """Return the shares of what is asked that a record declares, that its wordings ask, and what it lacks."""
        size = len(self.records)
        weighed = [(self.aspect_weight(a), self._aspect_places[a]) for a in sorted(asked.aspects)]
        total = sum(weight for weight, _ in weighed)
        if not total:
            return (np.zeros(size, np.float32),) * 3
        declared, counted = np.zeros(size, np.float32), np.zeros(size, np.float32)
        for weight, place in weighed:
            declared += np.float32(weight) * self._declares[:, place]
            counted += np.float32(weight) * self._aspect_shares[:, place]
        places = [place for _, place in weighed]
        lacking = self._core_aspects.sum(axis=1) - self._core_aspects[:, places].sum(axis=1)
        return declared / np.float32(total), counted / np.float32(total), lacking

    def _doubts(self, asked: Asked) -> tuple[Array, Array, Array, Array]:
        """Return what speaks against each topic's answering at all; zero for what is not stated.

        The weight of particular things (studies and the like) that it does not explain, of things that no
        guideline mentions, of aspects rarely stated that it does not declare, and of words never seen.
        """
        strict = np.zeros(len(self.records), np.float32)
        foreign = np.zeros(len(self.records), np.float32)
        for concept in asked.concepts:
            lacking = np.float32(self.weight(concept)) * (1.0 - np.sign(self.explains(concept)))
            if self.is_strict(concept):
                strict += lacking
            if not self.is_mentioned(concept):
                foreign += lacking
        aspects = self.reader.aspects
        withheld = np.zeros(len(self.records), np.float32)
        for aspect in sorted(asked.aspects & aspects.unstated):
            withheld += 1.0 - self._declares[:, self._aspect_places[aspect]]
        unseen = float(sum(word not in self._word_weight for word in asked.words))
        unseen *= min(1.0, _FEW_WORDS / max(1, len(asked.words)))
        stated = 1.0 - self._unstated
        counts = np.full(len(self.records), float(min(unseen, _MAX_UNEXPLAINED)), np.float32)
        return strict * stated, foreign * stated, withheld * stated, counts * stated

    def is_strict(self, concept: str) -> bool:
        """Whether a record must name `concept` itself to speak of it: a study, a result of a study."""
        known = self.reader.vocabulary.concepts.get(concept)
        return PAIR in concept if known is None else known.kind in self.reader.aspects.file.strict

    def is_mentioned(self, concept: str) -> bool:
        """Whether some guideline names `concept`, or what it is a particular case of, or is about it."""
        known = self.reader.vocabulary.concepts.get(concept)
        if known is None or concept in self.mentioned:
            return True
        if known.kind in self.reader.aspects.file.strict:
            return False
        return not self.named.isdisjoint(self.reader.vocabulary.ancestors(concept))

    def _missing(self, asked: Asked) -> Array:
        """Return the weight of what most wordings of a record name and the question does not."""
        places = [place for c in asked.closure if (place := self._core_places.get(c)) is not None]
        missing: Array = self._core_total - self._core[:, places].sum(axis=1)
        return missing

    def _quotes_of(self, scores: Array) -> Array:
        best: Array = np.where(self._quotes_mask, scores[self._quotes_places], np.float32(0.0)).max(axis=1)
        return best

    # ------------------------------------------------------------ building

    def _index_bank(self, guidelines: Sequence[Guideline], bank: CompiledBank) -> None:
        counts = [profile.wordings for profile in bank.profiles]
        self._asks = Stretches(counts)
        position = sum(counts)
        places: dict[tuple[str, str], int] = {}
        for guideline in guidelines:
            for statement in guideline.statements:
                places[guideline.id, statement] = position
                position += 1
        self.size = position
        self._unstated: Array = np.array([record.topic is None for record in self.records], np.float32)
        quotes = [
            [places[record.guideline.id, name] for name in record.answers] if record.guideline else []
            for record in self.records
        ]
        self._quotes_places, self._quotes_mask = pad(quotes, 1)

    def _count_profiles(self, profiles: Sequence[Profile]) -> None:
        """Weigh concepts, aspects and words by how few records they stand in."""
        self._named = [one.named for one in profiles]
        self._worded = [one.worded for one in profiles]
        self._quoted = [one.quoted for one in profiles]
        self._words = [one.words for one in profiles]
        size = len(self.records)
        self._concept_weight = rarities(self._worded, size)
        self._word_weight = rarities(self._words, size)
        self._place_aspects(profiles)
        self._place_core([one.shares for one in profiles])
        self._place_groups()

    def _place_aspects(self, profiles: Sequence[Profile]) -> None:
        ids = list(self.reader.aspects.by_id)
        self._aspect_places = {aspect: place for place, aspect in enumerate(ids)}
        wordings = np.array([max(1, one.wordings) for one in profiles], np.float32)[:, None]
        counts = [[one.aspects.get(a, 0) for a in ids] for one in profiles]
        self._aspect_shares = np.array(counts, np.float32) / wordings
        self._declares = np.array([[a in r.item.aspects for a in ids] for r in self.records], np.float32)
        spread = self._aspect_shares.sum(axis=0)
        self._aspect_weight = {a: rarity(float(spread[i]), len(self.records)) for i, a in enumerate(ids)}
        weights = np.array([self._aspect_weight[a] for a in ids], np.float32)
        self._core_aspects = np.where(self._aspect_shares >= _CORE_SHARE, self._aspect_shares, 0.0) * weights

    def _place_core(self, shares: Sequence[Mapping[str, float]]) -> None:
        core = [{c: share for c, share in one.items() if share >= _CORE_SHARE} for one in shares]
        self._core_places = {c: place for place, c in enumerate(sorted({c for one in core for c in one}))}
        self._core = np.zeros((len(core), len(self._core_places)), np.float32)
        for row, one in enumerate(core):
            for concept, share in one.items():
                self._core[row, self._core_places[concept]] = share * self.weight(concept)
        self._core_total: Array = self._core.sum(axis=1)

    def _place_groups(self) -> None:
        groups = [(row, group) for row, record in enumerate(self.records) for group in record.item.about]
        self._groups = np.zeros((len(groups), 1), np.float32)
        self._groups_of = np.zeros((len(self.records), len(groups)), np.float32)
        places: dict[str, list[int]] = {}
        for place, (row, group) in enumerate(groups):
            self._groups_of[row, place] = 1.0 / len(self.records[row].item.about)
            for concept in group:
                places.setdefault(concept, []).append(place)
        self._group_places = {concept: np.array(where) for concept, where in places.items()}
        self._has_groups: Array = np.array([bool(r.item.about) for r in self.records], np.float32)


def _ranks(scores: Array) -> Array:
    """Return 1 for the best score, 1/2 for the next, and so on; ties in the order of the records."""
    ranks = np.empty(len(scores), np.float32)
    ranks[np.argsort(-scores, kind="stable")] = 1.0 / np.arange(1, len(scores) + 1, dtype=np.float32)
    return ranks
