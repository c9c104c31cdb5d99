"""From a conversation to an `Understanding`: what is asked, and what is known of the patient."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from pathlib import Path

from assistant.types import Fact, Turn, Understanding
from assistant.understanding.asking import Asking
from assistant.understanding.assertion import sentences, write_marks
from assistant.understanding.births import BirthReader
from assistant.understanding.cast import Cast, State
from assistant.understanding.columns import Columns
from assistant.understanding.conversation import Conversation
from assistant.understanding.dialogue import load_dialogue
from assistant.understanding.facts import FactReader
from assistant.understanding.forms import Forms
from assistant.understanding.identifiers import blank_spans, find_identifiers, merge_spans
from assistant.understanding.persons import Persons
from assistant.understanding.retractions import Retractions
from assistant.understanding.slips import Slips
from assistant.understanding.starts import StartReader
from assistant.vocabulary import Mention, Vocabulary

_QUOTED = re.compile(
    r"```.*?```|<[a-z_]+>.*?</[a-z_]+>|^[ \t]*>.*$|[\"“][^\"“”]{40,}[\"”]", re.DOTALL | re.MULTILINE
)
_LONGEST_REPLY_WORDS = 6
# A request that names nothing but "a scan" for a patient is about that patient, of whom nothing is known yet.
_BARE_KINDS = frozenset({"study-group", "topic", "demographic"})
# A finding that is told, not asked about, together with another respect of the case describes a patient.
_TOLD_RESPECT = "finding"

# A bare "yes" or "no" is about the fact that was asked for: the caller knows which, and returns what it states.
ReplyFacts = Callable[[tuple[Fact, ...], bool, str, int], tuple[Fact, ...]]


class Reader:
    """Reads conversations. Holds no conversation: the same turns give the same understanding."""

    def __init__(self, vocabulary: Vocabulary, folder: Path) -> None:
        """`folder` is the vocabulary folder, with the cues of context and dialogue."""
        self._vocabulary = vocabulary
        self._folder = folder
        self._dialogue = load_dialogue(folder)
        self._columns = Columns(self._dialogue.file.columns)
        self._persons = Persons(self._dialogue.file.persons, folder)
        self._forms = Forms(self._dialogue.file.forms)
        self._slips = Slips(vocabulary, self._dialogue.file.slips)
        self._facts = FactReader(vocabulary, self._dialogue, folder)
        self.asking = Asking(self._dialogue, folder)
        self._cast = Cast(self._dialogue)
        self._births = BirthReader(vocabulary, self._dialogue.file.births)
        self._starts = StartReader(vocabulary, self._dialogue.file.starts)
        self._conversation = Conversation(vocabulary, self._dialogue, self._facts)
        self._retractions = Retractions(vocabulary, self._dialogue, self._facts)

    def read(
        self,
        question: str,
        history: Sequence[Turn] = (),
        *,
        without: Collection[tuple[int, str]] = (),
        reply: ReplyFacts | None = None,
    ) -> Understanding:
        """Return what the user's turns say. Turns of the assistant, and pasted text, make no facts.

        `without` are facts (user turn, concept id) that the user has withdrawn. `reply` gives the facts that
        a bare yes (True) or no (False) to the question asked back states.
        """
        users = [turn.content for turn in history if turn.role == "user"]
        state = State()
        texts = [*users, question]
        found = [find_identifiers(text, self._dialogue.identifiers) for text in texts]
        cleaned = [blank_spans(text, spans) for text, spans in zip(texts, found, strict=True)]
        told, open_who = self._persons.of_the_patient(cleaned, texts)
        for number, (text, clean, own) in enumerate(zip(texts, cleaned, told, strict=True)):
            pasted = self._pasted(clean)
            latest = self._forms.answered(self._columns.current(own))
            heard = write_marks(latest, self._folder)
            mentions = self._vocabulary.find(heard)
            meant, taken = self._slips.without(heard, mentions)
            if meant != heard:
                latest = "".join(
                    char if kept == said else kept
                    for char, said, kept in zip(latest, heard, meant, strict=True)
                )
                heard, mentions = meant, self._vocabulary.find(meant)
                clean = latest
            before = state
            # A date of birth is blanked as an identifier; what is told of others must not give the age.
            dated = "".join(
                char if kept == plain else " " for char, plain, kept in zip(text, clean, own, strict=True)
            )
            born = self._births.read(dated, number)
            if taken:
                state = replace(state, facts=self._conversation.without(state.facts, taken))
            state = self._turn(
                state, clean, text, latest, heard, number, mentions, pasted, without, reply, born
            )
        if open_who:  # somebody is described, but nobody knows which of them is asked for
            state = replace(state, patient=True)
        # Who does not know what was asked back still waits for the answer.
        unsure = bool(users) and before.patient and self._dialogue.reply_unknown.search(clean)
        # What is only taken back ("take back the sternum thing") puts the same question again.
        changed = before.patient and "?" not in clean and any(one not in state.facts for one in before.facts)
        asks = unsure or (bool(users) and changed) or self._asks_for_a_study(clean, state, mentions)
        now = [one for one in mentions if not any(start <= one.start < end for start, end in pasted)]
        return Understanding(
            question=clean,
            turn=len(users),
            facts=state.facts,
            studies=tuple(dict.fromkeys(one.concept for one in now if one.kind == "study"))
            or (before.studies if users else ()),
            concepts=tuple(dict.fromkeys(one.concept for one in now)),
            patient=state.patient,
            recommendation=asks,
            follow_up=bool(users) and before.patient and state.patient,
            contradictions=state.contradictions,
            identifiers=found[-1],
            quoted=pasted,
            new_facts=state.last,
            named=any(one.kind == "study" for one in now),
            bare=state.patient and not state.facts,
            quantity=self._dialogue.quantity.search(heard),
        )

    def substance(self, facts: Sequence[Fact]) -> bool:
        """Whether any fact tells of the disease, its treatment or a finding."""
        return bool(self._respects(facts))

    def portrait(self, facts: Sequence[Fact], *, full: bool = False) -> bool:
        """Whether the facts draw a person: an age, or two respects of the case (all of them: `full`)."""
        aged = any(fact.value is not None and fact.kind == "demographic" for fact in facts)
        return aged or len(self._respects(facts)) >= (len(self._dialogue.file.respects) if full else 2)

    def _turn(
        self,
        state: State,
        typed: str,
        seen: str,
        latest: str,
        text: str,
        number: int,
        mentions: Sequence[Mention],
        pasted: Sequence[tuple[int, int]],
        without: Collection[tuple[int, str]],
        reply: ReplyFacts | None,
        born: tuple[Fact, ...],
    ) -> State:
        """What is known after a turn as `typed`; `seen` is the same with names in it.

        `latest` is the same without the columns of earlier times and what forms leave unticked, `text` that
        with spoken marks written; `born` is the age by a date of birth.
        """
        begun = self._starts.read(text, number)
        stated = (*self._facts.read(latest, number, mentions, pasted, text), *born)
        # "Cycle 1 = 3 Oct" counts no cycle that has been given.
        kept = [one for one in stated if not any(date.start <= one.start < date.end for date in begun)]
        read = (*kept, *begun)

        def states(known: Sequence[Fact]) -> tuple[Fact, ...]:
            new = self._in_context(read, latest, text, number, mentions, known)
            new = tuple(fact for fact in new if not aside and (number, fact.concept) not in without)
            if typed == text:
                return new
            return tuple(replace(fact, words=typed[fact.start : fact.end]) for fact in new)

        aside = bool(number) and self._dialogue.aside.search(text)
        new = states(state.facts)
        before = state
        if number:
            state = self._cast.follow(state, text, new, portrait=len(self._respects(new)) > 1, seen=seen)
            if state.patient and state.place == before.place:
                new = self._cast.of_the_patient(text, new)
            elif state.place != before.place:  # "also breast" names the cancer of the one who is new, too
                new = states(state.facts)
        else:
            state = replace(state, label=self._cast.label(text, seen))
            new = self._cast.of_kin(text, new)
        if number and reply is not None and state.patient:
            new = (*new, *self._reply(state, text, number, new, reply))
        known = self._facts.resolution.ends(text, new, state.facts) if number else ()
        if number:
            known, new = self._retractions.read(text, mentions, known, new, number)
            known, new = self._conversation.without_guesses(text, known, new)
        facts = self._conversation.merge(known, new, text) if number else new
        # Who is set beside a patient is one: "and Mrs ...? breast, neoadj EC".
        beside = bool(number) and before.patient and state.place > before.place
        described = self._describes_a_patient(latest, new, mentions) or (
            beside and len(self._respects(new)) > 1
        )
        # Respects of the case that several turns gave one by one draw a patient, too.
        told = bool(new) and "?" not in latest
        if number and not described and (told or self.asking.recommends(latest, mentions)):
            described = len(self._respects(facts)) == len(self._dialogue.file.respects)
        return replace(
            state,
            facts=facts,
            patient=state.patient or described,
            contradictions=_contradictions(new),
            last=new,
            studies=tuple(dict.fromkeys(one.concept for one in mentions if one.kind == "study"))
            or state.studies,
        )

    def _in_context(
        self,
        read: tuple[Fact, ...],
        latest: str,
        text: str,
        number: int,
        mentions: Sequence[Mention],
        known: Sequence[Fact],
    ) -> tuple[Fact, ...]:
        """The facts `read` of a turn, with what its words mean beside what is `known`: "breast, not lung", "61"."""
        new = (*read, *self._conversation.sites(text, mentions, known, read, number))
        new = (*new, *self._conversation.lone_sites(latest, mentions, known, new, number))
        new = self._conversation.without_old_values(text, known, new)
        return (*new, *self._conversation.values(text, known, new, number))

    def _reply(
        self, state: State, text: str, number: int, new: Sequence[Fact], reply: ReplyFacts
    ) -> tuple[Fact, ...]:
        long = len(text.split()) > _LONGEST_REPLY_WORDS and not new
        if long or self._dialogue.reply_unknown.search(text):
            return ()
        yes, no = self._dialogue.reply_yes.search(text), self._dialogue.reply_no.search(text)
        ends = self._dialogue.file.closes  # "yes. Mastectomy was in May" tells itself what lies behind
        over = yes and any(one.concept in ends and one.status != "absent" for one in new)
        return reply(state.facts, yes, text, number) if (yes or no) and not over else ()

    def _pasted(self, text: str) -> tuple[tuple[int, int], ...]:
        """Spans of text that somebody pasted as a source: quoted or fenced, and named as one."""
        spans = []
        for match in _QUOTED.finditer(text):
            start, end = match.span()
            lead = text[max(0, start - 80) : start]
            if self._dialogue.pasted.search(lead) or self._dialogue.pasted.search(match.group()):
                spans.append((start, end))
        return merge_spans(spans)

    def _describes_a_patient(self, text: str, facts: Sequence[Fact], mentions: Sequence[Mention]) -> bool:
        live = [fact for fact in facts if fact.status not in {"family", "hypothetical"} and _describes(fact)]
        respects = self._respects(live)
        aged = any(fact.value is not None and fact.kind == "demographic" for fact in live)
        singular = aged or self._dialogue.patient.search(text)
        if self._dialogue.general.search(text) and not aged:
            return False
        if aged and (respects or len(live) > 1):
            return True
        if singular and respects:
            return True
        if len(respects) == len(self._dialogue.file.respects):
            return True
        told = self._respects(self._told(text, live))
        if _TOLD_RESPECT in told and len(told) > 1:
            return True
        if not self.asking.recommends(text, mentions):
            return False
        bare = singular and not facts and all(one.kind in _BARE_KINDS for one in mentions)
        return len(respects) >= 2 or bare

    def _told(self, text: str, facts: Sequence[Fact]) -> list[Fact]:
        """The facts that stand in sentences which ask nothing, without mere words of time."""
        asked = [
            (start, end)
            for start, end in sentences(text, self._folder)
            if self._dialogue.asks(text[start : end + 1])
        ]
        return [
            fact
            for fact in facts
            if fact.kind != "phase" and not any(start <= fact.start < end for start, end in asked)
        ]

    def _respects(self, facts: Sequence[Fact]) -> frozenset[str]:
        return frozenset(
            respect.id
            for respect in self._dialogue.file.respects
            for fact in facts
            if self._facts.selects(respect, fact.concept)
        )

    def _asks_for_a_study(self, text: str, state: State, mentions: Sequence[Mention]) -> bool:
        if self.asking.recommends(text, mentions):
            return True
        # A vignette without any question asks for what the guideline says of it.
        return bool(state.last) and "?" not in text


def _describes(fact: Fact) -> bool:
    """Whether a fact says something of a person; a bare word of time and an unread laboratory test do not."""
    if fact.kind == "laboratory":
        return fact.reading is not None or fact.value is not None
    return fact.kind != "phase"


def _contradictions(facts: Sequence[Fact]) -> tuple[str, ...]:
    """Concepts that one turn states both as present and as absent."""
    present = {fact.concept for fact in facts if fact.status == "present"}
    absent = {fact.concept for fact in facts if fact.status == "absent"}
    return tuple(sorted(present & absent))
