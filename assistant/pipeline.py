"""The stages in order: question -> understanding -> scope -> topics -> composition -> guard -> answer."""

from __future__ import annotations

import logging
import threading
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assistant.answering.composition import Asked, Composer, Draft, is_listing, topic_question
from assistant.answering.drafting import Drafter, load_prompt
from assistant.answering.finder import Found
from assistant.answering.llm import open_model
from assistant.basis import fact_records, scope_record
from assistant.errors import CorpusChangedError, DraftingError
from assistant.guard import GuardContext
from assistant.guidelines.decision import Decision
from assistant.guidelines.pack import Guideline
from assistant.messages import MAX_CHARACTERS, clean_text, find_problem, read_turns, without_spans
from assistant.resources import Resources
from assistant.scope.decision import apply_flip, counterfactuals, decide, example_fact
from assistant.scope.relevance import relevance
from assistant.settings import load_settings
from assistant.types import Answer, AnswerSource, Counterfactual, Fact, Notice, Review, Turn, Understanding
from assistant.understanding.identifiers import blank_spans

_log = logging.getLogger(__name__)
# "Scan?" after a vignette asks for the study and for nothing else.
_SHORTEST_QUESTION_WORDS = 4
# The aspect of topics on what follows upon a result.
_NEXT_ASPECT = "next-step"
_RESULT = "result"
# Kinds of concepts that a bare request for a study may name.
_STUDY_KINDS = frozenset(
    {"study", "study-group", "modifier", "tracer", "demographic", "topic", "onset", "phase"}
)
# The aspect of what a study is rated.
_RATING_ASPECT = "rating"
# The aspect of a question whether the guidance is for somebody.
_FIT_ASPECT = "population"
# Aspects of a topic that ask whom the guidance is for, or which study.
_SCOPE_ASPECTS = frozenset({"population", "exclusion", "instead", "recommendation", "first-choice"})


@dataclass(frozen=True, slots=True)
class Case:
    """One question as the stages left it, before it is put into words."""

    guideline: Guideline
    understanding: Understanding
    found: Found
    asked: Asked
    decision: Decision | None
    user_texts: tuple[str, ...] = ()


class Assistant:
    """Answers questions from the guidelines of a corpus. Safe to share between threads."""

    def __init__(self, resources: Resources, llm: Any = None) -> None:
        """Use `Assistant.open()`."""
        self._resources = resources
        self._drafter: Drafter | None = None
        if llm is not None:
            settings = resources.settings
            model = open_model(llm, settings.llm_timeout_s)
            self._drafter = Drafter(model, load_prompt(resources.corpus), settings.llm_timeout_s)

    @classmethod
    def open(cls, *, llm: Any = None, **settings: Any) -> Assistant:
        """Open the corpus and its index, which is built where it is missing.

        `llm` is a LangChain chat model or a "provider:model" string that phrases answers; by default none.
        Further keywords are settings by name. Raises CorpusError or SettingsError with what to do.
        """
        loaded = load_settings(**settings)
        return cls(Resources.open(loaded), llm if llm is not None else (loaded.llm or None))

    @property
    def guidelines(self) -> tuple[Guideline, ...]:
        """The guidelines that it answers from."""
        return self._resources.guidelines

    @property
    def resources(self) -> Resources:
        """What was loaded: vocabulary, index, reader."""
        return self._resources

    def ask(
        self,
        question: str,
        history: Sequence[Mapping[str, str]] = (),
        *,
        without: Collection[tuple[int, str]] = (),
    ) -> Answer:
        """Answer one question in its conversation.

        `history` are the messages before it, {"role": "user" | "assistant", "content": text}; only the
        user's make facts. `without` are facts (user turn, concept id) that the user has withdrawn. An
        empty, overlong or unreadable question is `not_covered` with a notice; QuestionError if it, or the
        history, is not text.
        """
        turns = read_turns(history)
        text = clean_text(question)
        problem = find_problem(text)
        if problem:
            return self._refused(problem)
        self._settle()
        if self._resources.languages.foreign(text):
            case = self._unread(text, turns)
            return self._answer(case, self._resources.composers[case.guideline.id].foreign())
        case = self._case(text, turns, without)
        return self._answer(case, self._compose(case))

    def faq(self, query: str = "") -> list[tuple[str, Answer]]:
        """Return the guidelines' frequent questions with their answers, or those near `query`, best first."""
        if query.strip():
            self._settle()
            topics = self._resources.finder.faq(clean_text(query))
        else:
            topics = tuple(topic for one in self.guidelines for topic in one.topics if topic.faq)
        found = []
        for topic in topics:
            guideline = next(one for one in self.guidelines if topic in one.topics)
            draft = self._resources.composers[guideline.id].content(Asked(topics=(topic,)))
            found.append((topic_question(topic), self._as_answer(draft)))
        return found

    def review(self, draft: str, question: str = "", history: Sequence[Mapping[str, str]] = ()) -> Review:
        """Check any text against the guideline that the question is about; see `review_draft`."""
        turns = read_turns(history)
        text = clean_text(question)
        if text.strip() and not find_problem(text):
            self._settle()
            case = self._case(text, turns, ())
            return self._resources.guards[case.guideline.id].review(draft, self._context(case, None))
        return self._resources.guards[self.guidelines[0].id].review(draft, GuardContext())

    def _settle(self) -> None:
        """Read what is read late. A corpus that was edited since it was opened is opened again, whole."""
        try:
            _ = self._resources.finder
        except CorpusChangedError:
            self._resources = Resources.open(self._resources.settings)

    # ------------------------------------------------------------ the stages

    def _case(self, text: str, turns: Sequence[Turn], without: Collection[tuple[int, str]]) -> Case:
        understanding = self._resources.reader.read(text, turns, without=without, reply=self._reply)
        earlier = [turn.content for turn in turns if turn.role == "user"]
        found = self._found(understanding, clean_text(earlier[-1]) if earlier else "")
        guideline = self._guideline(understanding, found)
        decision = None
        if understanding.patient or understanding.facts:
            decision = decide(guideline.scope, understanding.facts, self._resources.vocabulary)
        asked = self._asked(guideline, understanding, found, decision)
        users = (*(turn.content for turn in turns if turn.role == "user"), understanding.question)
        return Case(guideline, understanding, found, asked, decision, users)

    def _unread(self, text: str, turns: Sequence[Turn]) -> Case:
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
        asked = reader.questions(text) or text
        found = Found()
        if len(asked.split()) >= _SHORTEST_QUESTION_WORDS:
            found = self._find(asked, understanding, before)
        if asked != text and not found.topics and not found.unstated:
            # "Correct?" and "what now?" are about what was told before them: a result, if there is one.
            others = [(fact.start, fact.end) for fact in new if fact.kind != _RESULT]
            if len(others) < len(new):
                text = without_spans(blank_spans(understanding.question, others), understanding.quoted)
            whole = self._find(text, understanding, before)
            if understanding.recommendation:
                accepted = whole.fact and (self._names_more(asked) or self._follows(whole))
            else:
                accepted = whole.fact or not (whole.topics and reader.portrait(new))
            if accepted:
                return whole
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

    @staticmethod
    def _follows(found: Found) -> bool:
        """Whether what is found says what to do next."""
        return bool(found.topics) and all(_NEXT_ASPECT in topic.aspects for topic in found.topics)

    def _guideline(self, understanding: Understanding, found: Found) -> Guideline:
        """The guideline that the patient's facts are about, else the one that the question is near."""
        vocabulary = self._resources.vocabulary
        order = sorted(
            self.guidelines,
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
        unstated = [item if isinstance(item, str) else item.name for item in found.unstated]
        if decision is not None and decision.verdict == "applies":
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

    def _compose(self, case: Case) -> Draft:
        composer = self._resources.composers[case.guideline.id]
        understanding, decision, asked = case.understanding, case.decision, case.asked
        substance = self._resources.reader.substance(understanding.facts)
        if not case.found.in_domain and not substance:
            return composer.off_topic()
        if decision is not None and self._is_patient(case, decision) and not self._passing(case, decision):
            return self._compose_patient(composer, case, decision)
        if decision is not None and self._about_scope(case, decision):
            return composer.excluded(decision, asked, self._rest_fits(case, decision))
        return self._compose_general(composer, asked, case.found)

    def _compose_patient(self, composer: Composer, case: Case, decision: Decision) -> Draft:
        """A patient is described: who is outside gets no study, who fits gets the rated ones first."""
        understanding, asked = case.understanding, case.asked
        contradiction = self._contradiction(case)
        if contradiction is not None:
            return composer.contradiction(*contradiction)
        if decision.verdict == "does_not_apply":
            return composer.excluded(decision, asked, self._rest_fits(case, decision))
        specific = bool(asked.unstated) or any(not is_listing(topic) for topic in asked.topics)
        result = any(fact.kind == _RESULT for fact in understanding.new_facts)
        new = self._resources.reader.substance(understanding.new_facts)
        # A turn that only corrects or adds a fact asks for the last answer again.
        asks = "?" not in understanding.question or understanding.recommendation
        new = new or (bool(understanding.new_facts) and asks and not result)
        if result and case.found.fact and self._follows(case.found):
            return composer.content(asked)
        told = new and understanding.recommendation
        if result and asked.topics and not told and (decision.missing is not None or not new):
            return composer.content(asked)
        if asked.unstated and not asked.topics and understanding.quantity:
            # "How many MBq for her?" asks for a figure that the text does not state, and for no study.
            return composer.silent(asked)
        if decision.missing is not None:
            wanted = understanding.recommendation or not specific or self._asks_fit(case)
            return (
                self._compose_missing(composer, case, decision)
                if wanted
                else composer.content_or_silence(asked)
            )
        if new or not (asked.topics or asked.unstated):
            return composer.patient(decision, asked)
        if understanding.named and (asked.topics or asked.unstated):
            return composer.patient(decision, asked, brief=True)
        return composer.content_or_silence(asked) if specific else composer.patient(decision, asked)

    def _compose_missing(self, composer: Composer, case: Case, decision: Decision) -> Draft:
        taxonomy = self._resources.vocabulary
        if decision.missing is None:
            raise ValueError("nothing is missing in this decision")
        criterion = decision.missing.criterion
        yes, no = (
            decide(case.guideline.scope, (*case.understanding.facts, *map(example_fact, facts)), taxonomy)
            for facts in (criterion.if_yes, criterion.if_no)
        )
        return composer.missing(decision, yes, no, case.asked)

    @staticmethod
    def _compose_general(composer: Composer, asked: Asked, found: Found) -> Draft:
        return composer.content_or_silence(asked) if found.in_domain else composer.off_topic()

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
        if understanding.follow_up or not (asked.topics or asked.unstated):
            return False
        if any(one.criterion.role == "exclusion" and one.criterion.general for one in decision.blocking):
            return False
        reader, facts = self._resources.reader, understanding.facts
        drawn = reader.portrait(facts)
        choice = not _SCOPE_ASPECTS.isdisjoint(case.found.aspects)
        if case.found.fact and not (choice and drawn and decision.verdict == "does_not_apply"):
            return decision.verdict != "applies"
        if drawn and understanding.named and not asked.topics and decision.verdict == "does_not_apply":
            return False
        if self._asks_fit(case) and (drawn or (understanding.recommendation and reader.substance(facts))):
            return False
        specific = bool(asked.unstated) or any(not is_listing(topic) for topic in asked.topics)
        study = understanding.recommendation and not understanding.quantity
        if study and (reader.portrait(facts) or any(one.support for one in decision.blocking)):
            return False
        if not reader.portrait(facts):
            asked_for = understanding.bare or (study and reader.substance(facts))
            return specific or not asked_for
        return specific and not reader.portrait(facts, full=True)

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

    def _reply(self, facts: tuple[Fact, ...], yes: bool, text: str, turn: int) -> tuple[Fact, ...]:
        """The facts that a bare yes or no states, by what was missing before it."""
        vocabulary = self._resources.vocabulary
        guideline = max(self.guidelines, key=lambda one: relevance(one, facts, vocabulary))
        missing = decide(guideline.scope, facts, vocabulary).missing
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

    # ------------------------------------------------------------ the answer

    def _context(self, case: Case, draft: Draft | None, *, composed: bool = False) -> GuardContext:
        understanding, decision = case.understanding, case.decision
        preference = decision.preference if decision else None
        return GuardContext(
            question=understanding.question,
            user_texts=case.user_texts,
            verdict=decision.verdict if decision is not None and understanding.patient else "general",
            patient=understanding.patient,
            preferred=preference.options if preference else (),
            facts=fact_records(understanding.facts, self._resources.concept_name),
            citations=draft.citations if draft is not None else None,
            own_phrases=(
                *case.asked.unstated,
                case.guideline.metadata.covers,
                self._resources.wording.foreign,
                self._resources.wording.ask_again,
            ),
            composed=composed,
        )

    def _checked(self, case: Case, draft: Draft) -> tuple[Draft, tuple[Notice, ...]]:
        """The draft without what the guard refuses of it; nothing that is refused is ever shown."""
        guard = self._resources.guards[case.guideline.id]
        review = guard.review(draft.text, self._context(case, draft, composed=True))
        if review.verdict == "pass":
            return draft, ()
        _log.error("a rules answer was refused: %s", ", ".join(sorted({one.rule for one in review.findings})))
        kept = draft.without(tuple((one.start, one.end) for one in review.findings))
        notice = Notice(kind="guard", text=self._resources.wording.withheld)
        if kept.parts and guard.review(kept.text, self._context(case, kept, composed=True)).verdict == "pass":
            return kept, (notice,)
        empty = self._resources.composers[case.guideline.id].withheld()
        return empty, (notice,)

    def _answer(self, case: Case, draft: Draft) -> Answer:
        resources, understanding = self._resources, case.understanding
        decision = case.decision if understanding.patient or draft.status == "does_not_apply" else None
        draft, refused = self._checked(case, draft)
        notices = list(refused)
        text, source, failure = self._phrased(case, draft)
        if failure:
            notices.append(Notice(kind="drafting", text=failure))
        if understanding.identifiers:
            notices.append(Notice(kind="identifiers", text=resources.wording.identifiers))
        changes: tuple[Counterfactual, ...] = ()
        if decision is not None:
            changes = counterfactuals(
                case.guideline.scope, understanding.facts, decision, resources.vocabulary
            )
        scope = scope_record(
            case.guideline,
            decision.verdict if decision else "general",
            understanding.facts,
            decision,
            changes,
            understanding.contradictions,
            resources.concept_name,
        )
        _log.info(
            "answered",
            extra={
                "status": draft.status,
                "source": source,
                "turn": understanding.turn,
                "citations": len(draft.citations),
            },
        )
        return self._as_answer(draft).model_copy(
            update={"text": text, "source": source, "scope": scope, "notices": tuple(notices)}
        )

    def _phrased(self, case: Case, draft: Draft) -> tuple[str, AnswerSource, str]:
        """The text to show, who wrote it, and why a language model's draft is not shown, if one was asked for."""
        if self._drafter is None or not draft.citations:
            return draft.text, "rules", ""
        guard, context = self._resources.guards[case.guideline.id], self._context(case, draft)
        try:
            text = self._drafter.draft(
                case.understanding.question, draft, lambda one: guard.review(one, context)
            )
        except DraftingError as error:
            _log.warning("answered by rules: %s", error)
            return draft.text, "fallback", str(error)
        return text, "llm", ""

    def _as_answer(self, draft: Draft) -> Answer:
        return Answer(
            status=draft.status,
            text=draft.text,
            options=tuple(draft.options.values()),
            citations=draft.citations,
            follow_ups=tuple(draft.follow_ups),
        )

    def _refused(self, problem: str) -> Answer:
        text: str = getattr(self._resources.wording, problem)
        return Answer(
            status="not_covered",
            text=text.format(most=MAX_CHARACTERS),
            follow_ups=self.guidelines[0].metadata.examples[:3],
            notices=(Notice(kind="input", text=text.format(most=MAX_CHARACTERS)),),
        )


_shared: Assistant | None = None
_shared_lock = threading.Lock()


def review_draft(draft: str, *, question: str = "", history: Sequence[Mapping[str, str]] = ()) -> Review:
    """Check a text from any source against the guideline: the guard alone, on the default corpus.

    Returns `pass`, or `reject` with findings whose spans [start, end) are offsets into `draft`. What cannot
    be checked is rejected.
    """
    global _shared
    with _shared_lock:
        if _shared is None:
            _shared = Assistant.open()
    return _shared.review(draft, question, history)
