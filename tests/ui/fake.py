"""A stand-in for `assistant.Assistant` with hand-made answers of every status, for tests of the interface.

Its quotes are taken from the real guideline, so that citations open the real words.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

from assistant.errors import QuestionError
from assistant.guidelines.loader import load_corpus
from assistant.types import (
    Answer,
    AnswerSource,
    AssertionStatus,
    Citation,
    Counterfactual,
    CriterionRecord,
    FactRecord,
    Notice,
    Option,
    Role,
    ScopeRecord,
)

ROOT = Path(__file__).resolve().parents[2]

FACTS: tuple[tuple[str, str, str, AssertionStatus, str], ...] = (
    ("adult", "52 years old", "demographic", "present", r"\b52\s*F\b"),
    ("breast-cancer", "Breast cancer", "cancer", "present", r"breast cancer"),
    ("neoadjuvant-therapy", "Neoadjuvant therapy", "therapy", "present", r"neoadjuvant( chemo)?"),
    ("bone-pain", "Bone pain", "symptom", "present", r"new back pain( for 3 weeks)?"),
    ("headache", "Headache", "symptom", "absent", r"denies headache"),
    ("seizure", "Seizure", "symptom", "present", r"new seizures?"),
)


class Fake:
    """Answers by a word in the question; `calls` remembers what it was asked."""

    def __init__(self) -> None:
        self.guidelines = load_corpus(ROOT / "corpus")
        self.calls: list[dict[str, Any]] = []

    @classmethod
    def open(cls, **_: Any) -> Fake:
        return cls()

    def faq(self, query: str = "") -> list[tuple[str, Answer]]:
        return [
            (topic.faq, self._answer(list(topic.answer), "From the text: {0}"))
            for topic in self.guidelines[0].topics
            if topic.faq and all(word in topic.faq.lower() for word in query.lower().split())
        ]

    def ask(self, question: str, history: Sequence[Any] = (), without: Any = ()) -> Answer:
        self.calls.append({"question": question, "history": list(history), "without": tuple(without)})
        if "boom" in question:
            raise RuntimeError("secret traceback")
        if "refuse" in question:
            raise QuestionError("The question is not readable text; type it as words.")
        turns = [item["content"] for item in history if item["role"] == "user"] + [question]
        facts = tuple(fact for fact in _facts(turns) if (fact.turn, fact.concept) not in set(without))
        concepts = {fact.concept for fact in facts}
        text = question.lower()
        if "dose of chemo" in text:
            return Answer(status="not_covered", text="The guideline does not state it.", scope=ScopeRecord())
        if "seizure" in concepts:
            answer = self._answer(
                ["faq-neuro-mri-brain", "cns-dedicated-neuroimaging"],
                "**The guidance does not apply.** {0} {1}",
                status="does_not_apply",
            )
            return answer.model_copy(update={"scope": self._scope(facts, "does_not_apply")})
        if "flare" in text:
            asked = self._scope(facts, "needs_information", "Is the therapy given before surgery?")
            return self._answer(["bone-scan-advantage"], "In general: {0}", scope=asked)
        if "bone-pain" in concepts and "neoadjuvant-therapy" not in concepts and "yes" not in text:
            return self._answer(
                ["usually-appropriate-studies"],
                "It depends on the treatment. {0}",
                status="needs_information",
                scope=self._scope(facts, "needs_information", "Is the therapy given before surgery?"),
            )
        source = "llm" if "draft" in text else "fallback" if "fallback" in text else "rules"
        return self._answer(
            ["scenario-acr-rating", "bone-scan-advantage", "bone-scan-alone-insufficient"],
            "**A whole-body bone scan** is put first. {0}\n\n{1}\n\n- {2}",
            options=("bone-scan", "ct-cap-with-contrast", "fdg-pet-ct", "mri-cap", "ct-without-contrast"),
            source=cast(AnswerSource, source),
            scope=self._scope(facts, "applies") if facts else ScopeRecord(guideline=self.guidelines[0].id),
            follow_ups=("What if the bone scan is negative?", "Is it safe with kidney disease?"),
            notices=(Notice(kind="identifier", text="A name was left out."),) if "Mrs" in question else (),
        )

    def _scope(self, facts: tuple[FactRecord, ...], verdict: Any, question: str = "") -> ScopeRecord:
        criteria = tuple(
            CriterionRecord(id=f"c{number}", name=name, state=state, words=words)
            for number, (name, state, words) in enumerate(
                (
                    ("Adult", "met", ("52F",)),
                    ("Breast cancer", "met", ("breast cancer",)),
                    ("On neoadjuvant therapy", "unknown" if question else "met", ()),
                )
            )
        )
        return ScopeRecord(
            guideline=self.guidelines[0].id,
            verdict=verdict,
            facts=facts,
            criteria=criteria,
            missing="neoadjuvant-therapy" if question else "",
            question=question,
            counterfactuals=(Counterfactual(change="there were a new seizure", verdict="does_not_apply"),),
        )

    def _answer(self, statements: list[str], text: str, options: Sequence[str] = (), **rest: Any) -> Answer:
        guideline = self.guidelines[0]
        citations = []
        said = []
        for number, name in enumerate(statements, start=1):
            found = guideline.statements[name]
            citations.append(
                Citation(
                    number=number,
                    guideline=guideline.id,
                    section=found.section,
                    quote=found.quote,
                    start=found.start,
                    end=found.end,
                )
            )
            said.append(f"{found.quote} [{number}]")
        rated = []
        for name in options:
            record = guideline.option(name)
            assert record is not None
            role: Role = "recommended" if record.appropriate else "not_recommended"
            rated.append(
                Option(
                    id=name,
                    name=record.name,
                    rating=record.rating,
                    radiation=record.radiation.text,
                    role=role,
                    preferred=name == "bone-scan",
                )
            )
        return Answer(
            text=text.format(*said),
            citations=tuple(citations),
            options=tuple(rated),
            **{"status": "answered", **rest},
        )


def _facts(turns: Sequence[str]) -> list[FactRecord]:
    found = []
    for turn, content in enumerate(turns):
        for concept, name, kind, status, pattern in FACTS:
            if match := re.search(pattern, content, re.IGNORECASE):
                found.append(
                    FactRecord(
                        concept=concept, name=name, kind=kind, status=status, words=match.group(), turn=turn
                    )
                )
    return found
