"""The stages in order: question -> understanding -> scope -> topics -> composition -> guard -> answer."""

from __future__ import annotations

import logging
import threading
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from assistant.answering.composition import Asked, Draft, topic_question
from assistant.answering.drafting import Drafter, load_prompt
from assistant.answering.llm import open_model
from assistant.basis import fact_records, scope_record
from assistant.cases import Case, CaseReader
from assistant.errors import CorpusChangedError, DraftingError
from assistant.guard import SCOPE, GuardContext
from assistant.guidelines.pack import Guideline
from assistant.messages import MAX_CHARACTERS, clean_text, find_problem, read_turns
from assistant.resources import Resources
from assistant.routing import Router
from assistant.scope.decision import counterfactuals
from assistant.settings import load_settings
from assistant.types import Answer, AnswerSource, Counterfactual, Notice, Review

_log = logging.getLogger(__name__)


class Stages:
    """The stages over one state of the corpus: a question is answered from one state, whole."""

    def __init__(self, resources: Resources, drafter: Drafter | None) -> None:
        """`resources` are those of one reading of the corpus."""
        self.resources = resources
        self._drafter = drafter
        self._cases = CaseReader(resources)
        self._router = Router(resources)

    def ask(
        self, question: str, history: Sequence[Mapping[str, str]], without: Collection[tuple[int, str]]
    ) -> Answer:
        """See `Assistant.ask`."""
        turns = read_turns(history)
        text = clean_text(question)
        problem = find_problem(text)
        if problem:
            return self._refused(problem)
        if self.resources.languages.foreign(text):
            case = self._cases.unread(text, turns)
            return self._answer(case, self.resources.composers[case.guideline.id].foreign())
        case = self._cases.read(text, turns, without)
        return self._answer(case, self._router.compose(case))

    def faq(self, query: str) -> list[tuple[str, Answer]]:
        """See `Assistant.faq`."""
        guidelines = self.resources.guidelines
        if query.strip():
            topics = self.resources.finder.faq(clean_text(query))
        else:
            topics = tuple(topic for one in guidelines for topic in one.topics if topic.faq)
        found = []
        for topic in topics:
            guideline = next(one for one in guidelines if topic in one.topics)
            draft = self.resources.composers[guideline.id].content(Asked(topics=(topic,)))
            found.append((topic_question(topic), self._as_answer(draft)))
        return found

    def review(self, draft: str, question: str, history: Sequence[Mapping[str, str]]) -> Review:
        """See `Assistant.review`."""
        turns = read_turns(history)
        text = clean_text(question)
        if text.strip() and not find_problem(text):
            case = self._cases.read(text, turns, ())
            return self.resources.guards[case.guideline.id].review(draft, self._context(case, None))
        return self.resources.guards[self.resources.guidelines[0].id].review(draft, GuardContext())

    def _context(self, case: Case, draft: Draft | None, *, composed: bool = False) -> GuardContext:
        understanding, decision = case.understanding, case.decision
        preference = decision.preference if decision else None
        verdict = decision.verdict if decision is not None and understanding.patient else "general"
        if verdict == "general" and not composed and decision is not None and self._router.turns_away(case):
            verdict = "does_not_apply"  # a question that only draws somebody: its answer is the decision too
        return GuardContext(
            question=understanding.question,
            user_texts=case.user_texts,
            verdict=verdict,
            patient=understanding.patient,
            preferred=preference.options if preference else (),
            facts=fact_records(understanding.facts, self.resources.concept_name),
            citations=draft.citations if draft is not None else None,
            own_phrases=(
                *case.asked.unstated,
                case.guideline.metadata.covers,
                self.resources.wording.foreign,
                self.resources.wording.ask_again,
            ),
            composed=composed,
        )

    def _checked(self, case: Case, draft: Draft) -> tuple[Draft, tuple[Notice, ...]]:
        """The draft without what the guard refuses of it; nothing that is refused is ever shown."""
        guard = self.resources.guards[case.guideline.id]
        review = guard.review(draft.text, self._context(case, draft, composed=True))
        if review.verdict == "pass":
            return draft, ()
        if all(one.rule == SCOPE for one in review.findings):
            # A general answer would put a study forward for somebody whom it is not for: the decision is the answer.
            decided = self._router.decided(case)
            if decided is not None:
                context = self._context(case, decided, composed=True)
                if guard.review(decided.text, context).verdict == "pass":
                    return decided, ()
        _log.error("a rules answer was refused: %s", ", ".join(sorted({one.rule for one in review.findings})))
        kept = draft.without(tuple((one.start, one.end) for one in review.findings))
        notice = Notice(kind="guard", text=self.resources.wording.withheld)
        if kept.parts and guard.review(kept.text, self._context(case, kept, composed=True)).verdict == "pass":
            return kept, (notice,)
        empty = self.resources.composers[case.guideline.id].withheld()
        return empty, (notice,)

    def _answer(self, case: Case, draft: Draft) -> Answer:
        resources, understanding = self.resources, case.understanding
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
        guard, context = self.resources.guards[case.guideline.id], self._context(case, draft)
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
        text: str = getattr(self.resources.wording, problem)
        return Answer(
            status="not_covered",
            text=text.format(most=MAX_CHARACTERS),
            follow_ups=self.resources.guidelines[0].metadata.examples[:3],
            notices=(Notice(kind="input", text=text.format(most=MAX_CHARACTERS)),),
        )


class Assistant:
    """Answers questions from the guidelines of a corpus. Safe to share between threads."""

    def __init__(self, resources: Resources, llm: Any = None) -> None:
        """Use `Assistant.open()`."""
        self._drafter: Drafter | None = None
        if llm is not None:
            settings = resources.settings
            model = open_model(llm, settings.llm_timeout_s)
            self._drafter = Drafter(model, load_prompt(resources.corpus), settings.llm_timeout_s)
        self._stages = Stages(resources, self._drafter)

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
        return self._stages.resources.guidelines

    @property
    def resources(self) -> Resources:
        """What was loaded: vocabulary, index, reader."""
        return self._stages.resources

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
        return self._settled(question).ask(question, history, without)

    def faq(self, query: str = "") -> list[tuple[str, Answer]]:
        """Return the guidelines' frequent questions with their answers, or those near `query`, best first."""
        return self._settled(query).faq(query)

    def review(self, draft: str, question: str = "", history: Sequence[Mapping[str, str]] = ()) -> Review:
        """Check any text against the guideline that the question is about; see `review_draft`."""
        return self._settled(question).review(draft, question, history)

    def _settled(self, text: object) -> Stages:
        """The stages; with what is read late, if there is a text to look up.

        A corpus that was edited since it was opened is opened again, whole.
        """
        if isinstance(text, str) and text.strip():
            try:
                _ = self._stages.resources.finder
            except CorpusChangedError:
                self._stages = Stages(Resources.open(self._stages.resources.settings), self._drafter)
        return self._stages


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
