"""Several persons in one conversation: of whom each stretch is told, and who is asked for.

"Bed 4: ... Bed 7: ... bone scan for bed 7?", "two sisters, Asha (...) and Meera ...; it's Meera I want to image".
What is told of the others is blanked, so that offsets stay and the rest is read like any other text. Where it is
not said who is asked for, what is told of each of them is blanked, and the facts that decide are asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from assistant.understanding.assertion import sentences
from assistant.understanding.blanking_rules import PersonCues

_WORD = re.compile(r"[^\W_]+")
_FEWEST = 2  # persons who must be told apart
_OWN, _STRANGER = "my own", "not mine"


@dataclass(frozen=True, slots=True)
class _Head:
    """Words from which on the text tells of a person; a `short` head holds to the end of its sentence."""

    start: int
    end: int
    key: str
    short: bool = False
    kin: bool = False
    label: bool = False
    begin: int = 0


@dataclass(slots=True)
class _Cast:
    """The persons told of so far, in their order, with the words said of each, and who is asked for."""

    words: dict[str, set[str]] = field(default_factory=dict)
    left: set[str] = field(default_factory=set)
    chosen: str | None = None


@dataclass(frozen=True, slots=True)
class _Stretch:
    start: int
    end: int
    key: str | None


class Persons:
    """Blanks what is told of persons who are not asked for. Stateless between calls."""

    def __init__(self, cues: PersonCues, folder: Path) -> None:
        """`cues` say how persons are named and asked for; `folder` holds the marks of sentences."""
        self._folder = folder
        self._labels, self._pairs, self._kin, self._own = (
            _compile(one) for one in (cues.labels, cues.pairs, cues.kin, cues.own)
        )
        self._names = _compile(cues.names, flags=re.NOFLAG)
        self._couple, self._sexes = _compile(cues.couple), _compile(cues.sexes)
        self._strangers = _compile(cues.strangers)
        self._several, self._shared = _compile(cues.several), _compile(cues.shared)
        self._family = _compile(cues.family)
        self._chosen, self._left = _compile(cues.chosen), _compile(cues.left)
        self._plain = frozenset(cues.plain.split())
        self._same = {word: group.split()[0] for group in cues.same for word in group.split()}
        self._order = cues.order
        self._relatives = frozenset(cues.relatives.split())

    def of_the_patient(self, texts: Sequence[str], seen: Sequence[str]) -> tuple[list[str], bool]:
        """Return the turns `texts` with what is told of others blanked, and whether it is open who is asked for.

        `seen` are the same turns with names in them.
        """
        heads = self._heads(seen)
        if len({head.key for turn in heads for head in turn}) < _FEWEST:
            return list(texts), False
        cast = _Cast()
        told = [self._stretches(text, turn, cast) for text, turn in zip(seen, heads, strict=True)]
        made = []
        for text, stretches, turn in zip(texts, told, heads, strict=True):
            spans = [(one.start, one.end) for one in stretches if one.key not in {None, cast.chosen}]
            # "Mother has no headache" denies it of the patient, if she is the one who is asked for.
            spans += [(one.start, one.end) for one in turn if one.kin and one.key == cast.chosen]
            spans += _spans(self._several, text)
            made.append(_blank(text, spans))
        return made, cast.chosen is None and not any(_any(self._family, text) for text in seen)

    def _heads(self, texts: Sequence[str]) -> list[list[_Head]]:
        """The heads of each turn. Kin, couples and names are heads only where the conversation sets persons apart."""
        several = any(_any(self._several, text) for text in texts)
        couple = any(_any(self._couple, text) for text in texts)
        named = {self._key(name) for text in texts for name in self._named(text)} if several else set()
        kin = any(_any(self._kin, text) for text in texts) and any(map(self._asks_for_kin, texts))
        return [self._heads_of(text, several, couple, named, kin) for text in texts]

    def _heads_of(self, text: str, several: bool, couple: bool, named: set[str], kin: bool) -> list[_Head]:
        found = [_Head(a, b, self._key(text[a:b]), label=True) for a, b in _spans(self._labels, text)]
        strangers = [_Head(a, b, _STRANGER) for a, b in _spans(self._strangers, text)]
        if strangers:
            found += [*strangers, *(_Head(a, b, _OWN) for a, b in _spans(self._own, text))]
        if several or _any(self._family, text):
            pair = [
                _Head(a, b, self._key(text[a:b]), short=True, kin=self._is_kin(text[a:b]))
                for a, b in _spans(self._pairs, text)
            ]
            found += pair if len({one.key for one in pair}) >= _FEWEST else []
        if named:
            words = (one.span() for one in _WORD.finditer(text) if one.group()[:1].isupper())
            found += [_Head(a, b, self._key(text[a:b])) for a, b in words if self._key(text[a:b]) in named]
        if couple:
            found += [_Head(a, b, self._key(text[a:b])) for a, b in _spans(self._sexes, text)]
        if kin:
            found += [_Head(a, b, self._key(text[a:b]), kin=True) for a, b in _spans(self._kin, text)]
        return self._placed(text, found)

    def _placed(self, text: str, found: Iterable[_Head]) -> list[_Head]:
        """The heads in their order, each begun with its sentence where no other head stands before it there."""
        starts = [start for start, _ in sentences(text, self._folder)]
        made: list[_Head] = []
        for head in sorted(found, key=lambda one: (one.start, -one.end)):
            if made and head.start < made[-1].end:
                continue
            sentence = max((start for start in starts if start <= head.start), default=0)
            begin = sentence if made and made[-1].end <= sentence else head.start
            made.append(replace(head, begin=begin))
        return made

    def _stretches(self, text: str, heads: Sequence[_Head], cast: _Cast) -> list[_Stretch]:
        """Cut a turn by who it tells of; notes in the cast what is said of each, and who is asked for."""
        whole = sentences(text, self._folder)
        told = self._cut(text, whole, heads, cast.chosen, noted=None)
        for one in told:
            if one.key is not None and one.key != cast.chosen:
                cast.words.setdefault(one.key, set()).update(self._words(text[one.start : one.end]))
        for head in heads:
            cast.words.setdefault(head.key, set()).update(self._words(text[head.start : head.end]))
        choices = self._choices(text, cast)
        self._leave(text, told, cast)
        rest = [key for key in cast.words if key not in cast.left]
        keys = {head.key for head in heads}
        if choices:
            chosen: str | None = choices[-1].key
        elif _OWN in keys and _OWN not in cast.left:
            chosen = _OWN
        elif len(keys) == 1 and (cast.chosen is None or any(head.label for head in heads)):
            chosen = next(iter(keys))
        elif cast.left and len(rest) == 1:
            chosen = rest[0]
        else:
            chosen = cast.chosen if cast.chosen not in cast.left else None
        made = self._cut(text, whole, self._placed(text, [*heads, *choices]), cast.chosen, noted=chosen)
        cast.chosen = chosen
        return [cut for one in made for cut in self._without_shared(text, whole, one)]

    @staticmethod
    def _cut(
        text: str,
        whole: Sequence[tuple[int, int]],
        heads: Sequence[_Head],
        before: str | None,
        noted: str | None,
    ) -> list[_Stretch]:
        """The stretches of a turn between its heads; behind a short one the text tells of who is asked for."""
        found = []
        at, owner = 0, before
        for place, head in enumerate(heads):
            found.append(_Stretch(at, head.begin, owner))
            at, owner = head.begin, head.key
            limit = heads[place + 1].begin if place + 1 < len(heads) else len(text)
            end = min((end for _, end in whole if end >= head.end), default=limit) if head.short else limit
            if end < limit:
                found.append(_Stretch(at, end, owner))
                at, owner = end, noted if noted != head.key else before
        return [*found, _Stretch(at, len(text), owner)]

    def _leave(self, text: str, told: Sequence[_Stretch], cast: _Cast) -> None:
        """Note of whom it is said that they are not asked for ("not my patient")."""
        for start, _ in _spans(self._left, text):
            key = next((one.key for one in told if one.start <= start < one.end), None)
            if key is not None:
                cast.left.add(key)

    def _choices(self, text: str, cast: _Cast) -> list[_Head]:
        """The places where a turn says who is asked for, as heads."""
        found = []
        for pattern in self._chosen:
            for match in pattern.finditer(text):
                for name in ("who", "whom"):
                    if name in pattern.groupindex and match[name]:
                        key = self._resolve(match[name], cast, by_facts=name == "who")
                        if key is not None:
                            found.append(_Head(*match.span(name), key))
        return sorted(found, key=lambda one: one.start)

    def _without_shared(
        self, text: str, whole: Sequence[tuple[int, int]], stretch: _Stretch
    ) -> Iterator[_Stretch]:
        """A stretch without its sentences that tell of all of them ("both had it")."""
        at = stretch.start
        if stretch.key is not None:
            for start, end in whole:
                low, high = max(start, stretch.start), min(end, stretch.end)
                if low < high and _any(self._shared, text[low:high]):
                    yield _Stretch(at, low, stretch.key)
                    at = high
        yield _Stretch(at, stretch.end, stretch.key)

    def _resolve(self, reference: str, cast: _Cast, *, by_facts: bool) -> str | None:
        """The person whom a reference means: by the words of the head, then by what is told of one of them alone."""
        if self._key(reference) in cast.words:
            return self._key(reference)
        words, keys = self._words(reference), list(cast.words)
        bare = [key for key in keys if key.split()[-1:] == reference.casefold().split()]
        if len(bare) == 1:  # "back to A", of patient A
            return bare[0]
        for word in _WORD.findall(reference.casefold()):
            place = self._order.get(word)
            if place is not None and len(keys) >= _FEWEST and place < len(keys):
                return keys[place]
        tables = [{key: set(key.split()) for key in keys}, *([cast.words] if by_facts else [])]
        for table in tables:
            scores = {key: len(words & told) for key, told in table.items()}
            best = max(scores.values(), default=0)
            top = [key for key in keys if scores[key] == best]
            if best and len(top) == 1:
                return top[0]
        return None

    def _named(self, text: str) -> Iterator[str]:
        for start, end in _spans(self._names, text):
            if text[start:end].casefold() not in self._plain:
                yield text[start:end]

    def _asks_for_kin(self, text: str) -> bool:
        keys = {self._key(text[a:b]) for a, b in _spans(self._chosen, text)}
        return not keys.isdisjoint(self._relatives)

    def _is_kin(self, text: str) -> bool:
        return not self._relatives.isdisjoint(_WORD.findall(text.casefold()))

    def _words(self, text: str) -> set[str]:
        found = (self._same.get(word, word) for word in _WORD.findall(text.casefold()))
        return {word for word in found if word not in self._plain}

    def _key(self, text: str) -> str:
        words = [self._same.get(word, word) for word in _WORD.findall(text.casefold())]
        # "The wife" and "she" are one: of plain words alone, the last tells who is meant.
        return " ".join(word for word in words if word not in self._plain) or " ".join(words[-1:])


def _compile(patterns: Sequence[str], flags: re.RegexFlag = re.IGNORECASE) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern, flags) for pattern in patterns)


def _any(patterns: Iterable[re.Pattern[str]], text: str) -> bool:
    return any(pattern.search(text) for pattern in patterns)


def _spans(patterns: Iterable[re.Pattern[str]], text: str) -> Iterator[tuple[int, int]]:
    """The spans of the groups `who` of all matches."""
    for pattern in patterns:
        for match in pattern.finditer(text):
            for name in ("who", "whom"):
                if name in pattern.groupindex and match[name]:
                    yield match.span(name)


def _blank(text: str, spans: Iterable[tuple[int, int]]) -> str:
    letters = list(text)
    for start, end in spans:
        letters[start:end] = ["\n" if letter == "\n" else " " for letter in letters[start:end]]
    return "".join(letters)
