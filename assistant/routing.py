"""Which of the composer's answers a case gets: a patient's, a question back, a fact, or silence."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.answering.composition import Asked, Composer, Draft, is_listing
from assistant.answering.finder import Found
from assistant.cases import RESULT, Case, follows, reads_result
from assistant.guidelines.decision import Decision
from assistant.guidelines.schema import ExampleFact, Topic
from assistant.resources import Resources
from assistant.scope.decision import apply_flip, decide, example_fact
from assistant.types import AssertionStatus, Fact, Understanding

# The aspect of a question whether the guidance is for somebody.
_FIT_ASPECT = "population"
_FIRST_ASPECT = "first-choice"
# Aspects of a topic that ask whom the guidance is for, or which study.
_SCOPE_ASPECTS = frozenset({"population", "exclusion", "instead", "recommendation", _FIRST_ASPECT})

# What is only weighed or imagined tells of nobody.
_SUPPOSED: frozenset[AssertionStatus] = frozenset({"possible", "hypothetical"})


class Router:
    """Puts cases into words, each by the composition that it calls for."""

    def __init__(self, resources: Resources) -> None:
        """`resources` are those of the corpus that answers."""
        self._resources = resources

    def compose(self, case: Case) -> Draft:
        """The draft of the answer, which the guard has not seen yet."""
        composer = self._resources.composers[case.guideline.id]
        decision, asked = case.decision, case.asked
        if self._is_courtesy(case):
            return composer.acknowledged()
        if not case.found.in_domain and not self._concerns(case):
            return composer.off_topic()
        if decision is not None and self._is_patient(case, decision) and not self._passing(case, decision):
            return self._compose_patient(composer, case, decision)
        if decision is not None and self._about_scope(case, decision):
            return composer.excluded(decision, asked, self._rest_fits(case, decision))
        return self._compose_general(composer, asked, case.found)

    def turns_away(self, case: Case) -> bool:
        """Whether the answer is that the guidance does not apply, to a patient or to one whom a question draws."""
        return self.compose(case).status == "does_not_apply"

    def _is_courtesy(self, case: Case) -> bool:
        """Whether a turn after others only thanks or assents; "ok" to a question of ours is asked again."""
        understanding, decision = case.understanding, case.decision
        pending = understanding.patient and decision is not None and decision.missing is not None
        if pending or len(case.user_texts) < 2 or understanding.new_facts:
            return False
        return self._resources.reader.asking.is_courtesy(understanding.question)

    def _concerns(self, case: Case) -> bool:
        """Whether a question that meets nothing is still about somebody whom the decision is for, or about a study."""
        understanding, concepts = case.understanding, self._resources.vocabulary.concepts
        if not self._resources.reader.substance(understanding.facts):
            return False
        file = self._resources.aspects.file
        if understanding.patient or any(
            concepts[one].kind in file.requested for one in understanding.concepts
        ):
            return True
        asked = self._resources.question_reader.read(understanding.question).aspects
        return self._resources.reader.portrait(understanding.facts) and not asked.isdisjoint(file.scoping)

    def decided(self, case: Case) -> Draft | None:
        """What the decision on the patient alone says: who is outside, or what is missing. None for who fits."""
        composer, decision = self._resources.composers[case.guideline.id], case.decision
        if decision is None or decision.verdict == "applies":
            return None
        if decision.verdict == "does_not_apply":
            return composer.excluded(decision, case.asked, self._rest_fits(case, decision))
        return self._compose_missing(composer, case, decision) if decision.missing is not None else None

    def _compose_patient(self, composer: Composer, case: Case, decision: Decision) -> Draft:
        """A patient is described: who is outside gets no study, who fits gets the rated ones first."""
        understanding, asked = case.understanding, case.asked
        contradiction = self._contradiction(case)
        if contradiction is not None:
            return composer.contradiction(*contradiction)
        if decision.verdict == "does_not_apply":
            return composer.excluded(decision, asked, self._rest_fits(case, decision))
        specific = bool(asked.unstated) or any(not self._tabled(case, topic) for topic in asked.topics)
        result = any(fact.kind == RESULT for fact in understanding.new_facts)
        new = self._resources.reader.substance(understanding.new_facts)
        # A turn that only corrects or adds a fact asks for the last answer again.
        asks = "?" not in understanding.question or understanding.recommendation
        new = new or (bool(understanding.new_facts) and asks and not result)
        if self._reads_result(case) or (result and case.found.fact and follows(case.found)):
            return composer.content(asked)
        told = new and understanding.recommendation
        if result and asked.topics and not told and (decision.missing is not None or not new):
            return composer.content(asked)
        if asked.unstated and not asked.topics and understanding.quantity:
            # "How many MBq for her?" asks for a figure that the text does not state, and for no study.
            return composer.silent(asked)
        if decision.missing is not None:
            added = understanding.follow_up and bool(understanding.new_facts) and not case.found.fact
            wanted = understanding.recommendation or not specific or added or self._asks_fit(case)
            return (
                self._compose_missing(composer, case, decision)
                if wanted
                else composer.content_or_silence(asked)
            )
        # Who goes on telling of a patient and asks nothing, or asks once more which study, is answered for the patient.
        reader = self._resources.reader
        told = understanding.follow_up and not result
        told = told and (
            reader.asking.asks_again(understanding.question)
            or not (case.found.fact or reader.asking.asks(understanding.question))
        )
        if new or told or not (asked.topics or asked.unstated):
            return composer.patient(decision, asked)
        if understanding.named and (asked.topics or asked.unstated):
            return composer.patient(decision, asked, brief=True)
        return composer.content_or_silence(asked) if specific else composer.patient(decision, asked)

    def _compose_missing(self, composer: Composer, case: Case, decision: Decision) -> Draft:
        taxonomy = self._resources.vocabulary
        if decision.missing is None:
            raise ValueError("nothing is missing in this decision")
        if decision.undoubted is not None:
            yes, no = self._resources.doubts[case.guideline.id].alternatives(decision)
            return composer.missing(decision, yes, no, case.asked)
        criterion = decision.missing.criterion
        yes, no = (
            decide(case.guideline.scope, self._told(case.understanding.facts, facts), taxonomy)
            for facts in (criterion.if_yes, criterion.if_no)
        )
        return composer.missing(decision, yes, no, case.asked)

    def _told(self, facts: Sequence[Fact], answer: Sequence[ExampleFact]) -> tuple[Fact, ...]:
        """The facts after an answer, which takes back what it denies."""
        is_a = self._resources.vocabulary.is_a
        denied = [one.concept for one in answer if one.status == "absent"]
        kept = (fact for fact in facts if not any(is_a(fact.concept, name) for name in denied))
        return (*kept, *map(example_fact, answer))

    @staticmethod
    def _tabled(case: Case, topic: Topic) -> bool:
        """Whether a patient's answer holds what the topic lists; what is rated low is asked for by itself.

        A single study of that kind that was spoken of is not what is asked for where the first choice is.
        """
        options = [case.guideline.option(one) for one in topic.options]
        first = _FIRST_ASPECT in case.found.aspects and len(options) == 1
        return is_listing(topic) and (first or any(one is not None and one.appropriate for one in options))

    @staticmethod
    def _compose_general(composer: Composer, asked: Asked, found: Found) -> Draft:
        return composer.content_or_silence(asked) if found.in_domain else composer.off_topic()

    @staticmethod
    def _reads_result(case: Case) -> bool:
        """Whether it is asked what a result that was told means ("hotter than before: is it progression?")."""
        facts = case.understanding.new_facts
        # "And what if it is negative?" beside other questions asks of a result that nobody has yet.
        told = any(fact.kind == RESULT and fact.status != "hypothetical" for fact in facts)
        return told and reads_result(case.found)

    @staticmethod
    def _asks_fit(case: Case) -> bool:
        """Whether it is asked whom the guidance is for."""
        return _FIT_ASPECT in case.found.aspects

    def _is_patient(self, case: Case, decision: Decision) -> bool:
        """Whether somebody is told of: as a patient, or drawn in a question whether the guidance is for such a one."""
        if case.understanding.patient:
            return True
        drawn = self._resources.reader.portrait(case.understanding.facts)
        return drawn and self._asks_fit(case) and decision.verdict == "does_not_apply"

    def _passing(self, case: Case, decision: Decision) -> bool:
        """Whether somebody is only mentioned in passing, in a question about something else."""
        understanding, asked = case.understanding, case.asked
        if not (asked.topics or asked.unstated):
            return False
        if asked.unstated and not asked.topics and (understanding.quantity or self._of_treatment(case)):
            # A figure or a treatment is asked for, and no study: the text is silent on it, whoever it is for.
            return True
        if case.found.fact and asked.topics and all(fact.status in _SUPPOSED for fact in understanding.facts):
            # "Taxane arthralgia versus bone metastases, how to tell": of nobody.
            return True
        told = any(fact.kind == RESULT for fact in understanding.facts)
        if understanding.follow_up and not (told and reads_result(case.found)):
            return False
        if any(one.criterion.role == "exclusion" and one.criterion.general for one in decision.blocking):
            return False
        reader, facts = self._resources.reader, understanding.facts
        if asked.unstated and not asked.topics and self._elsewhere(case):
            return not reader.portrait(facts, full=True)
        drawn = reader.portrait(facts)
        choice = not _SCOPE_ASPECTS.isdisjoint(case.found.aspects)
        if self._reads_result(case):
            return True
        if drawn and not asked.topics and decision.verdict == "does_not_apply":
            return False
        if drawn and understanding.recommendation and not reader.asking.asks(understanding.question):
            # "Modality please": what is told stands for the question, and looks like one for facts.
            return False
        if case.found.fact and not (choice and drawn):
            return decision.verdict != "applies"
        if self._asks_fit(case) and (drawn or (understanding.recommendation and reader.substance(facts))):
            return False
        specific = bool(asked.unstated) or any(not is_listing(topic) for topic in asked.topics)
        study = understanding.recommendation and not understanding.quantity
        if study and (drawn or any(one.support for one in decision.blocking)):
            return False
        if not drawn:
            asked_for = understanding.bare or (study and reader.substance(facts))
            return specific or not asked_for
        return specific and not reader.portrait(facts, full=True)

    def _of_treatment(self, case: Case) -> bool:
        """Whether it is surely asked of a treatment that somebody may have, and of no study."""
        if not case.found.fact or case.understanding.named or case.understanding.follow_up:
            return False
        concepts = self._resources.vocabulary.concepts
        kinds = self._resources.aspects.file.treating
        records = (one for one in case.found.unstated if not isinstance(one, str))
        about = {concept for record in records for group in record.about for concept in group}
        return any(one in concepts and concepts[one].kind in kinds for one in about)

    def _elsewhere(self, case: Case) -> bool:
        """Whether only studies are asked for that the guideline does not name."""
        mentioned = self._resources.finder.is_mentioned
        studies = case.understanding.studies
        return bool(case.understanding.named and studies) and not any(map(mentioned, studies))

    @staticmethod
    def _about_scope(case: Case, decision: Decision) -> bool:
        """Whether a question without a patient asks whom the guidance is for, or for a study for such a one."""
        if decision.verdict != "does_not_apply" or not case.understanding.recommendation or case.found.fact:
            return False
        if not any(one.support and one.criterion.general for one in decision.blocking):
            return False
        aspects = {aspect for topic in case.found.topics for aspect in topic.aspects}
        return bool(aspects & _SCOPE_ASPECTS) or not (case.found.topics or case.found.unstated)

    def _rest_fits(self, case: Case, decision: Decision) -> bool:
        """Whether the guidance would apply without the first thing that excludes the patient."""
        first = decision.blocking[0].criterion
        if first.role != "exclusion" or not first.flips:
            return False
        taxonomy = self._resources.vocabulary
        facts = apply_flip(first.flips[0], case.understanding.facts, taxonomy)
        return decide(case.guideline.scope, facts, taxonomy).verdict == "applies"

    def _contradiction(self, case: Case) -> tuple[str, str] | None:
        """Two statements of the user that exclude each other, if the decision hangs on them."""
        understanding = case.understanding
        taxonomy = self._resources.vocabulary
        for concept in understanding.contradictions:
            both = [fact for fact in understanding.facts if fact.concept == concept]
            outcomes = set()
            for status in ("present", "absent"):
                facts = tuple(
                    fact for fact in understanding.facts if fact.concept != concept or fact.status == status
                )
                made = decide(case.guideline.scope, facts, taxonomy)
                outcomes.add((made.verdict, made.preference.id if made.preference else ""))
            if len(outcomes) > 1:
                present = next(fact for fact in both if fact.status == "present")
                absent = next(fact for fact in both if fact.status == "absent")
                return self._clause(understanding, present), self._clause(understanding, absent)
        return None

    @staticmethod
    def _clause(understanding: Understanding, fact: Fact) -> str:
        """The user's words around a fact, as far as its sentence goes."""
        text = understanding.question
        start = max(text.rfind(mark, 0, fact.start) for mark in ".;\n?!") + 1
        ends = [place for mark in ".;\n?!" if (place := text.find(mark, fact.end)) >= 0]
        return text[start : min(ends, default=len(text))].strip()[-120:]
