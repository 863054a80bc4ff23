"""The share of excellent, opinions, papers, groups and floors: tables without a database."""

from fractions import Fraction

import pytest

from members.appraisals.rules import (
    Counts,
    Grade,
    Limit,
    Opinion,
    Stage,
    base_of,
    electors_of,
    flaws_of,
    following,
    groups_of,
    paper_flaw,
    shown_counts,
)

THIRD = Fraction(1, 3)


@pytest.mark.parametrize(
    ("base", "most"), [(0, 0), (1, 0), (2, 0), (3, 1), (5, 1), (6, 2), (8, 2), (9, 3), (10, 3), (50, 16), (51, 17)]
)
def test_excellent_are_at_most_a_third_rounded_down(base, most):
    limit = Limit(base, THIRD, "DJ 18")
    assert limit.most == most
    assert limit.exceeded_by(most) is None
    words = limit.exceeded_by(most + 1)
    assert words is not None
    assert str(most + 1) in words
    assert "1/3" in words


@pytest.mark.parametrize(
    ("full", "probationary", "counts", "base"), [(8, 1, True, 9), (8, 1, False, 8), (0, 3, False, 0)]
)
def test_base_counts_probationary_members_by_setting(full, probationary, counts, base):
    assert base_of(full, probationary, counts_probationary=counts) == base


def test_probationary_members_grade_by_setting_and_full_members_always():
    standings = {1: True, 2: True, 3: False}
    assert electors_of(standings, probationary_grade=True) == {1, 2, 3}
    assert electors_of(standings, probationary_grade=False) == {1, 2}


def test_stages_follow_each_other_to_the_end():
    stages, stage = [], Stage.ANNOUNCED
    while stage is not None:
        stages.append(stage)
        stage = following(stage)
    assert stages == list(Stage)


NAMES = {1: "An", 2: "Bo", 3: "Cai", 4: "Du"}
LIMIT = Limit(5, THIRD, "DJ 18")  # at most one
Q = Opinion("qualified")


@pytest.mark.parametrize(
    ("opinions", "whole", "flaws"),
    [
        ({1: Opinion("excellent"), 2: Q, 3: Q, 4: Q}, True, 0),
        ({1: Opinion("excellent"), 2: Opinion("excellent"), 3: Q, 4: Q}, True, 1),
        ({1: Opinion("excellent"), 2: Opinion("excellent")}, False, 1),  # a draft keeps to the third as well
        ({1: Q}, False, 0),
        ({1: Q}, True, 1),  # three without a grade: one sentence names them
        ({1: Q, 2: Q, 3: Q, 4: Q, 9: Q}, True, 1),  # a probationary member, or somebody from elsewhere
        ({1: Opinion("unqualified"), 2: Opinion("basically_qualified", " "), 3: Q, 4: Q}, True, 1),
        ({1: Opinion("unqualified", "Absent all year."), 2: Q, 3: Q, 4: Q}, True, 0),
        ({1: Opinion("outstanding"), 2: Q, 3: Q, 4: Q}, True, 1),
        ({}, True, 1),
        ({9: Opinion("unqualified"), 1: Opinion("best")}, True, 3),  # everything at once
    ],
)
def test_flaws_of_names_everything_that_is_wrong(opinions, whole, flaws):
    assert len(flaws_of(opinions, graded=NAMES, limit=LIMIT, whole=whole)) == flaws


def test_flaws_of_names_the_people():
    (flaw,) = flaws_of({1: Q}, graded=NAMES, limit=LIMIT)
    assert all(name in flaw for name in ("Bo", "Cai", "Du"))


@pytest.mark.parametrize(
    ("choices", "own", "limit", "refused"),
    [
        ({7: "qualified", 8: "excellent"}, 9, LIMIT, False),
        ({7: "qualified", 9: "qualified"}, 9, LIMIT, True),  # oneself
        ({7: "excellent", 8: "excellent"}, 9, LIMIT, True),  # one too many
        ({7: "excellent", 8: "excellent"}, 9, None, False),  # the mutual appraisal knows no third
        ({7: "qualified"}, None, LIMIT, False),  # a probationary member is not on the paper
        ({}, 9, LIMIT, False),
    ],
)
def test_paper_flaw_refuses_oneself_and_too_many(choices, own, limit, refused):
    assert (paper_flaw(choices, own=own, limit=limit) is not None) == refused


@pytest.mark.parametrize(
    ("sizes", "groups"),
    [
        ({"a": 6, "b": 5}, [6, 5]),
        ({"a": 6, "b": 2}, [8]),
        ({"a": 5, "b": 6, "c": 1}, [5 + 1, 6]),  # the small one joins the smallest other
        ({"a": 2, "b": 2, "c": 2}, [6]),
        ({"a": 3}, [3]),
        ({}, []),
    ],
)
def test_groups_below_the_floor_join_others(sizes, groups):
    places, person = {}, 0
    for place, (_name, size) in enumerate(sizes.items()):
        for _one in range(size):
            person += 1
            places[person] = place
    found = groups_of(places, least=5)
    assert sorted(len(group) for group in found) == sorted(groups)
    assert {person for group in found for person in group} == set(places)


def test_counts_of_few_are_not_shown_and_zero_is_a_count():
    rows = [(1, "excellent", 3), (1, "qualified", 2), (1, "unqualified", 0), (2, "qualified", 4), (2, "excellent", 0)]
    assert shown_counts(rows, least=5) == {
        1: Counts({"excellent": 3, "qualified": 2, "unqualified": 0}, 5), 2: Counts(None),
    }  # fmt: skip


def test_grades_are_those_that_ballots_count():
    from portal.ballots.vocabulary import GRADES

    assert [grade.value for grade in Grade] == [mark.value for mark in GRADES]
