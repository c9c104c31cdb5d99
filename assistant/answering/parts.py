"""A question cut into what it asks: instructions and pressure stripped, facts told apart, several questions split."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from assistant.answering.aspects import Aspects
from assistant.answering.outline import Outline, flatten, read_outline

# A question mark before a word is the sign for "suspected" ("?mets"), and neither asks nor ends a sentence.
_SENTENCE = re.compile(
    r"(?<=[!;\n])\s*|(?<=[^\s(/]\?)\s*|(?<=\?)\s+|(?<=[a-z0-9)\]%\"'])\.\s+|\s+[–—-]{1,2}\s+(?=[a-z])",
    re.IGNORECASE,
)
_ASKS = re.compile(r"[^\s(/]\?|\?\W*(?:\s|$)")
_ITEM = re.compile(r"\s*(?:,|;|\+|&|/(?=\s)|(?<=[a-z]{4})/(?=[a-z]{4})|\band\b)\s*", re.IGNORECASE)
# A head and what is asked of it ("PET: rating, dose, main job?"), a list or several short questions.
_HEAD = re.compile(r"^\W*([^:?.!;,\n]{2,60}):\s+(\S[^:\n]*)$")
_HEADED = re.compile(r"\s*(?:[,;?]|\+|&|\band\b|(?<=[a-z]{4})/(?=[a-z]{4}))+\s*", re.IGNORECASE)
_WORDED = re.compile(r"[^\W\d_]{2}|\d")  # the label of a form is no question ("R: ??")
_MAX_ITEM_WORDS = 5
_OWN_WORDS = 5  # what follows a list and is shorter ("Both right?") is about the list
_AIMED = re.compile(r"(?<=\w)\s*>{2,}\s*(?=\w)")  # ">>>" before a question ends what was told
# A pasted sentence in quotation marks; a quoted term is shorter and stays.
_QUOTED = re.compile(r"(?<!\w)\"[^\"]{25,}\"|(?<!\w)'[^'\"]{25,}'(?!\w)")


@dataclass(frozen=True, slots=True)
class Part:
    """One thing asked: its `text`, and what was `told` for it alone, as the stem of a list is for its items."""

    text: str
    asks: bool
    told: str = ""


class Splitter:
    """Cleans and splits questions by the patterns of aspects.yaml. Linear in the text."""

    def __init__(self, aspects: Aspects) -> None:
        self._aspects = aspects
        file = aspects.file
        opening = "|".join(file.interrogatives.split())
        opening = (
            rf"(?:{'|'.join(file.prepositions.split()) or '(?!)'})\s+(?:which|what|whom|whose)|{opening}"
        )
        self._noise = [re.compile(pattern, re.IGNORECASE | re.DOTALL) for pattern in file.noise]
        self._orders = re.compile("|".join(file.orders) or r"(?!)", re.IGNORECASE)
        self._opens = re.compile(rf"(?:and|but|or|so|also|then|\W)*(?:{opening})\b", re.IGNORECASE)
        self._demands = re.compile(rf"\W*(?:{'|'.join(file.demands) or '(?!)'})\b", re.IGNORECASE)
        self._headed = re.compile(rf"\W*[^:?.!]{{2,60}}:\s*(?:{opening})\b", re.IGNORECASE)
        self._joint = re.compile(
            rf"\s*(?:,|;|\band\b|\bbut\b|\balso\b|\bso\b|\+|&|-)+\s*(?=(?:{opening})\b)", re.IGNORECASE
        )
        self._condition = re.compile(
            rf"(?:and|but|or|so|also|then|\W)*(?:{'|'.join(file.conditions.split())})\b", re.IGNORECASE
        )
        self._reason = re.compile(rf"\W*(?:{'|'.join(file.reasons.split())})\b", re.IGNORECASE)
        self._linked = re.compile(r"[a-z+;&-]", re.IGNORECASE)
        self._granting = re.compile("|".join(file.granting) or r"(?!)", re.IGNORECASE)
        self._attributes = frozenset(file.attributes)
        self._asking = frozenset(file.interrogatives.split())
        self._whose = re.compile(
            rf"\b(?:{'|'.join(file.prepositions.split()) or '(?!)'})\s+\S.*$", re.IGNORECASE
        )

    def clean(self, question: str, says: Callable[[str], bool] = bool) -> str:
        """Return the question without markup, orders to the assistant and pressure; never empty if it was not.

        A pasted sentence is left out where the rest `says` by itself what is asked.
        """
        text = flatten(question.translate({0x2018: "'", 0x2019: "'", 0x201C: '"', 0x201D: '"'}))
        text = _AIMED.sub(". ", text)
        bare = _QUOTED.sub(" ", text)
        if bare != text and self._asks(bare) and says(bare):
            text = bare
        for pattern in self._noise:
            text = pattern.sub(" ", text)
        sentences = [one for one in _SENTENCE.split(text) if one and one.strip()]
        kept = [one for one in sentences if not self._orders.search(one)]
        text = " ".join(
            map(_ended, (kept if any(self._asks(one) for one in kept) else sentences) or [text])
        ).strip()
        return text or question.strip()

    def split(self, text: str) -> tuple[Part, ...]:
        """Return the parts of a cleaned question in order; those that ask nothing tell facts."""
        outline = read_outline(text)
        if outline is not None:
            return tuple(self._listed(outline))
        headed = self._headed_list(text)
        if headed:
            return tuple(Part(one, True) for one in headed)
        parts = list(self._sentences(text))
        if not any(part.asks for part in parts):
            return tuple(self._whole(text))
        return tuple(parts)

    def _sentences(self, text: str) -> Iterator[Part]:
        """The parts sentence by sentence. A condition is only told where another sentence asks outright."""
        marked = _ASKS.search(text) is not None
        for sentence in _SENTENCE.split(text):
            if not sentence or not _WORDED.search(sentence):
                continue
            asks = self._asks(sentence)
            if asks and marked and self._condition.match(sentence) and not _ASKS.search(sentence):
                asks = False
            for piece in self._pieces(sentence.strip()) if asks else [sentence.strip()]:
                yield Part(piece, asks)

    def _listed(self, outline: Outline) -> Iterator[Part]:
        """The items of a list: an item that is no question of its own is asked with the stem."""
        yield from self._sentences(outline.told)
        for item in outline.items:
            if self._opens.match(item):
                yield Part(item, True, outline.stem)
            else:
                yield Part(f"{outline.stem} {item}".strip(), True)
        if len(outline.rest.split()) >= _OWN_WORDS:
            yield from self._sentences(outline.rest)

    def grants(self, text: str) -> bool:
        """Whether a part only grants something before another question ("it is cleared, fine, so when ...")."""
        return self._granting.search(text) is not None

    def _asks(self, sentence: str) -> bool:
        openings = (self._opens, self._demands, self._headed)
        return _ASKS.search(sentence) is not None or any(one.match(sentence) for one in openings)

    def _whole(self, text: str) -> Iterator[Part]:
        for piece in self._items(text) or [text]:
            yield Part(piece, True)

    def _pieces(self, sentence: str) -> Iterator[str]:
        """Cut where a second question word follows "and" or a comma; then lists of attributes."""
        start = 0
        for joint in self._joint.finditer(sentence):
            head, rest = sentence[start : joint.start()], sentence[joint.end() :]
            if len(rest.split()) >= 2 and self._parts_at(head, joint.group()):
                yield from self._items(head) or [head.strip()]
                start = joint.end()
        tail = sentence[start:]
        yield from self._items(tail) or [tail]

    def _parts_at(self, head: str, joint: str) -> bool:
        """Whether `head` is a part of its own: a question, or before a comma a reason that is claimed."""
        linked = self._linked.search(joint) is not None
        if not head.strip() or self._condition.match(head):
            return linked and self._opens.search(head) is not None
        return linked or any(one.match(head) for one in (self._opens, self._headed, self._reason))

    def _headed_list(self, text: str) -> list[str]:
        """The questions of a head with a list of short ones ("flare: what, when, how to spot?"); empty if it is none.

        Most of them must ask something by themselves, or what stands behind the head are facts.
        """
        match = _HEAD.match(text.strip())
        if match is None or any(map(str.isdecimal, match[2])):
            return []
        pieces = [piece for piece in _HEADED.split(match[2]) if piece.strip(" ?.")]
        asking = [piece for piece in pieces if self._aspects.find(piece) or piece.lower() in self._asking]
        if len(match[1].split()) >= _MAX_ITEM_WORDS:
            # A clause, which tells something, or only says that what follows is asked ("for my slides I need: ...").
            only = len(pieces) > 1 and all(self._aspects.find(one) & self._attributes for one in pieces)
            return pieces if only and not self._aspects.find(match[1]) & self._attributes else []
        if match[2].count("?") >= len(pieces):
            asking = pieces
        if "?" not in match[2] and len(asking) < len(pieces):
            return []
        if not 2 * len(asking) > len(pieces) > 1 or any(len(one.split()) > _MAX_ITEM_WORDS for one in pieces):
            return []
        return [f"{match[1].strip()}: {piece.strip(' ?.')}?" for piece in pieces]

    def _items(self, text: str) -> list[str]:
        """The items of a list of attributes ("rating, radiation and cost of PET?"); empty if it is none."""
        subject, colon, rest = text.rpartition(":")
        pieces = [piece for piece in _ITEM.split(rest) if piece.strip(" ?.")]
        if len(pieces) < 2 or len(subject.split()) > _MAX_ITEM_WORDS or any(map(str.isdecimal, rest)):
            return []  # a number tells of a patient: "12 weeks pregnant" asks no timing
        asked = [self._aspects.find(piece) & self._attributes for piece in pieces]
        if any(len(piece.split()) > _MAX_ITEM_WORDS for piece in pieces[1:]) or not all(asked):
            return []
        if len(frozenset[str]().union(*asked)) < 2:
            return []
        lead = f"{subject.strip()} " if colon else ""
        whose = self._whose.search(pieces[-1])
        last = f" {whose[0].strip(' ?.')}" if whose and not colon else ""
        if not last:
            return [f"{lead}{piece.strip()}" for piece in pieces]
        mark = "?" if "?" in text else ""
        return [*(f"{piece.strip(' ?.')}{last}{mark}" for piece in pieces[:-1]), pieces[-1].strip()]


def _ended(sentence: str) -> str:
    """The sentence with the full stop that splitting took."""
    return f"{sentence}." if sentence[-1:].isalnum() else sentence
