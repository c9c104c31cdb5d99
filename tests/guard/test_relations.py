"""The records of relations name only signs that exist, and rest on statements of the text."""

from __future__ import annotations

from assistant.guard import Guard
from assistant.guard.records import Relation
from assistant.guidelines.pack import Guideline


def names_of(relation: Relation) -> set[str]:
    groups = [*relation.about, *relation.needs, relation.unless, relation.nowhere]
    groups += [names for kind, names in relation.slots.items() if kind != "study"]
    return {name for names in groups for name in names}


def test_every_name_is_a_cue_group_or_a_concept(guard: Guard) -> None:
    know = guard.knowledge
    known = {*know.claims.cues, *know.rating_names, *know.vocabulary.concepts}
    unknown = {
        relation.id: sorted(names_of(relation) - known)
        for relation in know.claims.relations
        if names_of(relation) - known
    }
    assert unknown == {}


def test_every_slot_and_side_is_of_a_kind_in_the_data(guard: Guard) -> None:
    claims = guard.knowledge.claims
    wrong = [
        relation.id
        for relation in claims.relations
        if set(relation.slots) - {*claims.kinds, "study"}
        or any(side not in claims.poles.get(pole, ()) for pole, side in relation.poles.items())
    ]
    assert wrong == []


def test_every_record_rests_on_statements_of_the_text(guard: Guard, guideline: Guideline) -> None:
    missing = {
        name
        for relation in guard.knowledge.claims.relations
        for name in relation.statements
        if name not in guideline.statements
    }
    assert missing == set()


def test_no_two_records_have_one_id(guard: Guard) -> None:
    ids = [relation.id for relation in guard.knowledge.claims.relations]
    assert len(ids) == len(set(ids))
