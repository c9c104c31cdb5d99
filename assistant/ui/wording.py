"""The words of the user interface. What is clinical comes from answers and guideline metadata instead."""

from __future__ import annotations

from typing import Final

from assistant.types import AnswerSource, AnswerStatus, AssertionStatus, CriterionState, ScopeVerdict

NAME: Final = "Guideline assistant"
PLACEHOLDER: Final = "Ask in your own words. No names."
ASK_TITLE: Final = "Ask the guideline"
COVERS: Final = "Covers"
NOT_COVERED: Final = "Does not cover"
TRY: Final = "Try one of these"
PRIVACY: Final = "Leave out names, birth dates and record numbers; nothing is kept after this tab closes."
INTENDED: Final = "Decision support for clinicians, who check the basis of each answer. Not for patients."
WAIT: Final = "Reading the guideline…"
OPENING: Final = "Opening the guideline. The first time takes a minute…"

UNEXPECTED: Final = (
    "Something went wrong with this question, and it was not answered. Your question is kept above: "
    "try again, or put it in other words."
)
CANNOT_OPEN: Final = "The assistant cannot start"
CANNOT_OPEN_HINT: Final = (
    "After putting it right, reload this page. In a terminal, `guideline-assistant doctor` says more."
)
OFFLINE: Final = (
    "The assistant does not answer: it was stopped, or the connection to it is broken. What is on this page can "
    "still be read. It connects again by itself."
)
RESTARTED: Final = (
    "The assistant was started again in between, and what was said before is gone: this answer does not rest on it. "
    "Say again what matters of the patient."
)
NO_ANSWER: Final = "Not answered"

#: words, icon and colour of each status: never told apart by colour alone.
STATUS: Final[dict[AnswerStatus, tuple[str, str, str]]] = {
    "answered": ("Answered from the guideline", ":material/check_circle:", "green"),
    "does_not_apply": ("The guidance does not apply", ":material/block:", "orange"),
    "needs_information": ("One fact is missing", ":material/help:", "blue"),
    "not_covered": ("Not in the guideline", ":material/search_off:", "gray"),
}
SOURCE: Final[dict[AnswerSource, tuple[str, str, str] | None]] = {
    "rules": None,
    "llm": ("Phrased by a language model, each word checked", ":material/smart_toy:", "violet"),
    "fallback": (
        "A language model's draft was refused; this is the rule-based answer",
        ":material/gpp_maybe:",
        "violet",
    ),
}
CRITERION: Final[dict[CriterionState, tuple[str, str, str]]] = {
    "met": ("Met", ":material/check:", "green"),
    "failed": ("Not met", ":material/close:", "orange"),
    "unknown": ("Not known", ":material/help:", "gray"),
}
EXCLUSION: Final[dict[CriterionState, tuple[str, str, str]]] = {
    "met": ("Excludes", ":material/block:", "orange"),
    "failed": ("Not the case", ":material/check:", "green"),
    "unknown": ("Not known", ":material/help:", "gray"),
}
VERDICT: Final[dict[ScopeVerdict, str]] = {
    "applies": "the guidance applies",
    "does_not_apply": "the guidance does not apply",
    "needs_information": "one more fact is needed",
    "general": "answered in general, for no one patient",
}
ASSERTION: Final[dict[AssertionStatus, str]] = {
    "present": "",
    "absent": "absent",
    "possible": "possible",
    "historical": "in the past",
    "hypothetical": "supposed",
    "family": "in the family",
}

SOURCES: Final = "The exact words"
OPEN_IN_GUIDELINE: Final = "Read it in the guideline"
WHY: Final = "Why this answer"
WHY_VERDICT: Final = "Decided"
WHY_CRITERIA: Final = "Criteria"
WHY_CHANGE: Final = "What would change it"
WHY_GENERAL: Final = "The question is general: no patient was described, so no criterion was decided."
IF: Final = "If"
MORE: Final = "More"
ASSUMED: Final = "assumed, not stated"
CONTRADICTION: Final = "Contradiction"
NEXT: Final = "Ask next"
OPTIONS: Final = "Rated studies"
OPTIONS_ALT: Final = "Rated studies with rating and radiation level"
PREFERRED: Final = "put first by the text"
STUDY, RATING, RADIATION = "Study", "Rating", "Radiation"
RADIATION_HELP: Final = "Radiation level as the guideline gives it; more symbols mean more radiation."
REPLY: Final = "Your answer"
REPLIES: Final = ("Yes", "No", "Unknown")

PATIENT: Final = "Patient as understood"
PATIENT_EMPTY: Final = (
    "No patient is described so far. What you say of one appears here, and can be put right."
)
PATIENT_NEW: Final = "New patient"
REMOVED: Final = "Removed by you"
RESTORE: Final = "Put back"
REMOVE: Final = "Remove"
CORRECT: Final = "Correct"
CORRECT_LABEL: Final = "Your words, corrected"
CORRECT_DONE: Final = "Answer again"
CORRECT_FAILED: Final = "These words are not in the question as they stand; edit the question instead."

EDIT: Final = "Edit the question"
EDITED: Final = "edited"
EDIT_LABEL: Final = "Your question"
EDIT_AGAIN: Final = "Ask again"
EDIT_DROPS: Final = "What came after it is dropped."
CANCEL: Final = "Cancel"
SAVE: Final = "Copy or save"
COPY_HINT: Final = "This answer as plain text, for the record"
COPY: Final = "Copy"
WHOLE: Final = "The whole conversation"
LINK_HINT: Final = "A link that asks this question"
PDF_NEEDS: Final = "PDF needs a font and fpdf2: install fonts-dejavu-core and fpdf2."
FEEDBACK: Final = "Was this answer useful?"
FEEDBACK_COMMENT: Final = "Comment (optional)"
FEEDBACK_SEND: Final = "Store on this computer"
FEEDBACK_DONE: Final = "Stored on this computer, with identifiers removed."

FAQ_TITLE: Final = "Frequent questions"
FAQ_SEARCH: Final = "Search the frequent questions"
FAQ_NONE: Final = "No frequent question is near that. Ask it in the chat instead."
FAQ_ASK: Final = "Ask it in the chat"
GUIDELINE_TITLE: Final = "Guideline"
CITED: Final = "Cited passage"
CITE_BAD: Final = "The link points to no passage of this guideline."
CONTENTS: Final = "Contents"
EVALUATION_TITLE: Final = "Evaluation"
EVALUATION_NONE: Final = "There is no report yet. In the project's folder, run:"
EVALUATION_READ: Final = (
    "What the program was asked, and how often it was right. The measures on the **held** part count most: it was "
    "kept from tuning. Lines on bars are 95 % intervals. The expected answers were written by a language model "
    "from the guideline's text; no clinician has reviewed them."
)
EVALUATION_RUN: Final = "The run"
EVALUATION_MADE: Final = "Last run:"
EVALUATION_HINT: Final = "It writes evals/report/report.json, which this page then shows."
ABOUT_TITLE: Final = "About"
STALE: Final = "This guideline was last reviewed over a year ago. Check whether a newer version exists."
INTENDED_TITLE: Final = "Intended use"
INTENDED_USE: Final = (
    "For clinicians who choose a study and who look at the basis of each answer before they act on it.",
    "It is not a medical device, it is not for patients, and it does not replace clinical judgement.",
)
LIMITS_TITLE: Final = "Limits"
LIMITS: Final = (
    "It knows the guidelines listed here and nothing else. What they do not state, it says is not stated.",
    "It reads English, with the usual abbreviations and typing errors, and it can misread a sentence.",
    "What it understood stands beside the answer in your own words: a misreading can be seen and put right.",
    "A guideline is as current as its review date.",
)
PRIVACY_TITLE: Final = "Privacy"
PRIVACY_TEXT: Final = (
    "It runs on this computer.",
    "It makes no connection unless a language model or a database server is configured.",
    "A conversation lives in its browser tab and is gone when the tab closes.",
)
ATTRIBUTION_TITLE: Final = "Sources"
