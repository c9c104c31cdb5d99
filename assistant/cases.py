"""One question as the stages before composition leave it: understood, looked up and decided."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import partial

from assistant.answering.composition import Asked, is_listing
from assistant.answering.finder import Found
from assistant.guidelines.decision import Decision
from assistant.guidelines.pack import Guideline
from assistant.guidelines.schema import Topic
from assistant.messages import clean_text, without_spans
from assistant.resources import Resources
from assistant.scope.decision import decide
from assistant.scope.doubt import Replies
from assistant.scope.relevance import relevance
from assistant.types import Fact, Turn, Understanding
from assistant.understanding.identifiers import blank_spans, merge_spans

#: The kind of facts that are results of a study.
RESULT = "result"
# "Scan?" after a vignette asks for the study and for nothing else.
_SHORTEST_QUESTION_WORDS = 4
# The kind of topics on what is easily misread.
_PITFALL = "pitfall"
# The kind of facts that are values.
_LABORATORY = "laboratory"
#: The aspect of topics on what follows upon a result.
NEXT_ASPECT = "next-step"
# Kinds of concepts that a bare request for a study may name.
_STUDY_KINDS = frozenset(
    {"study", "study-group", "modifier", "tracer", "demographic", "topic", "onset", "phase"}
)
# The aspects of topics that put a study forward.
_CHOICE_ASPECTS = frozenset({"recommendation", "first-choice"})
# The aspect of what a study is rated.
_RATING_ASPECT = "rating"
# The aspect of how much radiation a study gives.
_RADIATION_ASPECT = "radiation"


@dataclass(frozen=True, slots=True)
class Case:
    """One question as the stages left it, before it is put into words."""

    guideline: Guideline
    understanding: Understanding
    found: Found
    asked: Asked
    decision: Decision | None
    user_texts: tuple[str, ...] = ()


def follows(found: Found) -> bool:
    """Whether what is found says what to do next."""
    return bool(found.topics) and all(NEXT_ASPECT in topic.aspects for topic in found.topics)


def reads_result(found: Found) -> bool:
    """Whether what is found tells what a result means: what to do next, or what is easily misread."""
    reading = any(topic.kind == _PITFALL or NEXT_ASPECT in topic.aspects for topic in found.topics)
    return reading and all(_CHOICE_ASPECTS.isdisjoint(topic.aspects) for topic in found.topics)


def _tells_less(found: Found, topic: Topic) -> bool:
    """Whether what is found are steps of which `topic` tells each, and others too."""
    return follows(found) and all(set(one.answer) < set(topic.answer) for one in found.topics)


class CaseReader:
    """Reads questions into cases."""

    def __init__(self, resources: Resources) -> None:
        """`resources` are those of the corpus that answers."""
        self._resources = resources

    def read(self, text: str, turns: Sequence[Turn], without: Collection[tuple[int, str]]) -> Case:
        """Understand the last user turn in its conversation, look it up and decide on its patient."""
        replies = Replies()
        reply = partial(self.reply, replies=replies)
        understanding = self._resources.reader.read(text, turns, without=without, reply=reply)
        earlier = [turn.content for turn in turns if turn.role == "user"]
        before = self._resources.finder.before([clean_text(one) for one in earlier])
        found = self._found(understanding, before)
        guideline = self._guideline(understanding, found)
        decision = None
        if understanding.patient or understanding.facts:
            decision = decide(guideline.scope, understanding.facts, self._resources.vocabulary)
            # Who took back a fact has gone through what was understood: nothing is doubted then.
            doubt = (
                self._resources.doubts.get(guideline.id) if understanding.patient and not without else None
            )
            if doubt is not None:
                told = [*map(clean_text, earlier), text]
                decision = doubt.on(decision, told, understanding.facts, replies)
        asked = self._asked(guideline, understanding, found, decision)
        users = (*(turn.content for turn in turns if turn.role == "user"), understanding.question)
        return Case(guideline, understanding, found, asked, decision, users)

    def unread(self, text: str, turns: Sequence[Turn]) -> Case:
        """A question that is not looked up: only its identifiers are told apart."""
        understanding = self._resources.reader.read(text, turns)
        guideline = self._guideline(understanding, Found())
        return Case(guideline, understanding, Found(in_domain=False), Asked(), None)

    def _found(self, understanding: Understanding, before: str) -> Found:
        """What is asked. What a vignette tells is not: only its questions look for topics, if they say what."""
        text = without_spans(understanding.question, understanding.quoted)
        reader, new = self._resources.reader, understanding.new_facts
        if not (understanding.patient and reader.substance(new)):
            return self._find(text, understanding, before)
        asked = reader.asking.questions(text) or text
        told = [fact for fact in new if fact.kind == RESULT]
        found = Found()
        if understanding.recommendation and not told and self._only_chooses(understanding):
            return found  # the decision on the patient is the whole answer
        if len(asked.split()) >= _SHORTEST_QUESTION_WORDS:
            found = self._find(asked, understanding, before)
        if asked != text and not understanding.recommendation and self._resources.finder.refers(asked):
            # "Does the scan hurt them?" is about the kidneys that were told of before it.
            whole = self._find(text, understanding, before)
            found = whole if whole.topics and whole.fact else found
        reads = bool(told) and not understanding.recommendation
        if asked != text and (not (found.topics or found.unstated) or (reads and not reads_result(found))):
            # "Correct?" and "what now?" are about what was told before them: a result, if there is one.
            others = [(fact.start, fact.end) for fact in new if fact not in told and not self._unfound(fact)]
            if told:
                text = without_spans(blank_spans(understanding.question, others), understanding.quoted)
            whole = self._find(text, understanding, before)
            if reads and whole.topics:
                accepted = not found.topics or reads_result(whole)
            elif understanding.recommendation:
                accepted = whole.fact and (self._names_more(asked) or follows(whole))
            else:
                accepted = whole.fact or not (whole.topics and reader.portrait(new))
            if accepted and (whole.topics or not (found.unstated or found.topics)):
                found = whole
        return self._by_result(found, told)

    def _only_chooses(self, understanding: Understanding) -> bool:
        """Whether a study is asked for and nothing else, apart from the facts that the decision rests on."""
        told = [(fact.start, fact.end) for fact in understanding.new_facts if self._decides(fact)]
        rest = blank_spans(understanding.question, merge_spans([*told, *understanding.quoted]))
        return self._resources.finder.only_chooses(self._resources.reader.asking.questions(rest) or rest)

    def _unfound(self, fact: Fact) -> bool:
        """Whether a fact tells what a study did not show: with the study, that is its result."""
        return fact.kind in self._resources.aspects.file.unfound and fact.status == "absent"

    def _decides(self, fact: Fact) -> bool:
        """Whether a fact is of those that a decision rests on, and that nobody asks about by telling it."""
        vocabulary, file = self._resources.vocabulary, self._resources.aspects.file
        if fact.kind == _LABORATORY and not any(
            vocabulary.is_a(fact.concept, one) for one in file.plain.tests
        ):
            return False
        return fact.kind in file.persons or any(
            relevance(one, [fact], vocabulary) for one in self._resources.guidelines
        )

    def _by_result(self, found: Found, told: Sequence[Fact]) -> Found:
        """What is found, with the steps after the result that was told in the place of those after another."""
        vocabulary = self._resources.vocabulary
        names = {
            name
            for fact in told
            if fact.status == "present"
            for name in (fact.concept, *vocabulary.ancestors(fact.concept))
        }
        for guideline in self._resources.guidelines:
            results = [topic for topic in guideline.topics if topic.id in guideline.scope.result_topics]
            met = [topic for topic in results if all(names.intersection(group) for group in topic.about)]
            pitfall = any(topic.kind == _PITFALL for topic in found.topics)
            asks = NEXT_ASPECT in found.aspects or (len(met) == 1 and _tells_less(found, met[0]))
            if len(met) == 1 and asks and not pitfall:
                # What to do next is asked after this very result: no general words on that, and no other result's.
                rest = [one for one in found.topics if one not in results and NEXT_ASPECT not in one.aspects]
                found = replace(found, topics=(met[0], *rest), beside=())
            elif len(met) == 1:
                topics = (met[0] if topic in results else topic for topic in found.topics)
                found = replace(found, topics=tuple(dict.fromkeys(topics)))
        return found

    def _find(self, text: str, understanding: Understanding, before: str) -> Found:
        studies = understanding.studies if understanding.turn else ()
        return self._resources.finder.find(text, studies=studies, before=before)

    def _names_more(self, text: str) -> bool:
        """Whether a short question says more than that a study is wanted ("is it progression?", "which ranges?")."""
        asked = self._resources.question_reader.read(text)
        if not asked.aspects.isdisjoint(self._resources.aspects.file.choosing):
            return False
        concepts = self._resources.vocabulary.concepts
        kinds = {concepts[one].kind for one in asked.concepts if one in concepts}
        return bool(asked.words) or not kinds <= _STUDY_KINDS

    def _guideline(self, understanding: Understanding, found: Found) -> Guideline:
        """The guideline that the patient's facts are about, else the one that the question is near."""
        vocabulary = self._resources.vocabulary
        order = sorted(
            self._resources.guidelines,
            key=lambda one: (
                -relevance(one, understanding.facts, vocabulary),
                one.id != found.guideline,
                one.id,
            ),
        )
        return order[0]

    def _asked(
        self, guideline: Guideline, understanding: Understanding, found: Found, decision: Decision | None
    ) -> Asked:
        own = {topic.id for topic in guideline.topics}
        outside = decision is not None and decision.verdict == "does_not_apply"
        rated = _RATING_ASPECT in found.aspects
        fits = decision is not None and decision.verdict == "applies"
        # The table says the rating and radiation of the studies beside which a bare "dose?" is asked.
        tabled = found.loose if fits and understanding.patient and understanding.new_facts else ()
        unstated = [
            item if isinstance(item, str) else item.name
            for item in found.unstated
            if isinstance(item, str)
            or item.id not in tabled
            or not (understanding.recommendation or _RADIATION_ASPECT in item.aspects)
        ]
        if decision is not None and fits:
            unstated += [self._resources.concept_name(name) for name in decision.unstated]
        return Asked(
            topics=tuple(topic for topic in found.topics if topic.id in own),
            unstated=tuple(dict.fromkeys(unstated)),
            # No study is put forward beside a patient to whom the guidance does not apply.
            nearest=tuple(
                topic for topic in found.nearest if topic.id in own and not (outside and is_listing(topic))
            ),
            premises=tuple(
                (claim.option, claim.claimed) for claim in found.premise if claim.guideline == guideline.id
            ),
            beside=tuple(topic for topic in found.beside if topic.id in own),
            loose=found.loose,
            rated=tuple(
                option.id
                for option in guideline.options
                if not outside
                and understanding.named
                and option.concept in understanding.studies
                and (rated or (understanding.recommendation and not option.appropriate))
            ),
        )

    def reply(
        self, facts: tuple[Fact, ...], yes: bool, text: str, turn: int, replies: Replies | None = None
    ) -> tuple[Fact, ...]:
        """The facts that a bare yes or no states, by what was missing before it; `replies` takes note of it."""
        vocabulary = self._resources.vocabulary
        guideline = max(self._resources.guidelines, key=lambda one: relevance(one, facts, vocabulary))
        missing = decide(guideline.scope, facts, vocabulary).missing
        if replies is not None:
            replies.note(turn, yes, missing.criterion.id if missing is not None else "")
        if missing is None:
            return ()
        examples = missing.criterion.if_yes if yes else missing.criterion.if_no
        return tuple(
            Fact(
                one.concept,
                vocabulary.concepts[one.concept].kind,
                one.status,
                text.strip(),
                turn,
                0,
                len(text.strip()),
                one.value,
                None,
                one.reading,
                frozenset(one.qualifiers),
            )
            for one in examples
        )
