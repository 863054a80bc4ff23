"""Days that come again, starting templates, agendas as typed."""

from datetime import date

import pytest

from members.meetings.models import MeetingKind
from members.meetings.rules.agenda_text import Line, read_agenda, write_agenda
from members.meetings.rules.circles import kinds_for
from members.meetings.rules.drafts import DRAFTS, draft_for
from members.meetings.rules.recurrence import monday_of, occurrence, occurrences
from portal.organizations.models import OrganizationType


@pytest.mark.parametrize(
    ("recurrence", "month", "facts", "found"),
    [
        ("monthly_day", date(2027, 2, 1), {"day": 31}, date(2027, 2, 28)),
        ("monthly_day", date(2028, 2, 29), {"day": 31}, date(2028, 2, 29)),
        ("monthly_day", date(2027, 4, 9), {"day": 31}, date(2027, 4, 30)),
        ("monthly_day", date(2027, 4, 9), {"day": 5}, date(2027, 4, 5)),
        ("monthly_day", date(2027, 4, 9), {}, None),
        ("monthly_weekday", date(2026, 11, 22), {"week": 1, "on_weekday": 6}, date(2026, 11, 1)),
        ("monthly_weekday", date(2026, 11, 22), {"week": 4, "on_weekday": 3}, date(2026, 11, 26)),
        ("monthly_weekday", date(2026, 11, 22), {"week": 5, "on_weekday": 0}, date(2026, 11, 30)),
        ("monthly_weekday", date(2026, 2, 1), {"week": 5, "on_weekday": 6}, date(2026, 2, 22)),
        ("monthly_weekday", date(2026, 2, 1), {"week": 1}, None),
        ("quarterly", date(2026, 12, 31), {"week": 2, "on_weekday": 3}, date(2026, 12, 10)),
        ("quarterly", date(2026, 11, 1), {"week": 2, "on_weekday": 3}, None),
        ("", date(2026, 11, 1), {"day": 3}, None),
    ],
)
def test_occurrence_in_a_month(recurrence, month, facts, found):
    assert occurrence(recurrence, month, **facts) == found


def test_occurrences_leave_out_the_first_day_and_take_the_last():
    found = occurrences("monthly_day", since=date(2026, 12, 5), until=date(2027, 2, 5), day=5)
    assert list(found) == [date(2027, 1, 5), date(2027, 2, 5)]
    assert list(occurrences("monthly_day", since=date(2026, 12, 5), until=date(2026, 12, 30), day=5)) == []


def test_monday_of_a_day():
    assert monday_of(date(2026, 11, 22)) == date(2026, 11, 16)
    assert monday_of(date(2026, 11, 16)) == date(2026, 11, 16)


def test_each_kind_has_a_starting_template_and_each_is_held_somewhere():
    assert set(DRAFTS) == set(MeetingKind.values)
    held = {str(kind) for org_type in OrganizationType.values for kind in kinds_for(org_type)}
    assert held == set(DRAFTS)
    for draft in DRAFTS.values():
        assert sum(minutes for _title, minutes in draft.agenda) == draft.minutes


def test_draft_of_several_kinds_joins_titles_and_agendas():
    title, minutes, agenda = draft_for(["theme_party_day", "party_lecture"])
    assert title == "主题党日暨专题党课"
    assert minutes == 135
    assert [kind for kind, _title, _minutes in agenda] == ["theme_party_day"] * 4 + ["party_lecture"] * 3
    assert draft_for(["nothing"]) == ("", 60, [])


LABELS = {"party_lecture": "Party lecture", "theme_party_day": "Theme day"}


def test_agenda_as_typed():
    text = "Study | 20\n\n[theme day]\nWalk｜30\n【Party lecture】\nWords about A | B\nEnd"
    with pytest.raises(ValueError, match="Words about A"):
        read_agenda(text, LABELS, first="party_lecture")
    found = read_agenda(text.replace("A | B", "A"), LABELS, first="party_lecture")
    assert found == [
        Line("party_lecture", "Study", 20), Line("theme_party_day", "Walk", 30),
        Line("party_lecture", "Words about A", None), Line("party_lecture", "End", None),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "line", ["[Nothing]", "Study | 0", "Study | 481", "Study | ٣", "Study | -1", "| 5", "x" * 161, "Study | 1_0"]
)
def test_agenda_lines_that_cannot_be_read(line):
    with pytest.raises(ValueError):
        read_agenda(line, LABELS, first="party_lecture")


def test_agenda_is_written_as_it_is_read():
    lines = [
        {"kind": "party_lecture", "title": "Study", "minutes": 20},
        {"kind": "theme_party_day", "title": "Walk", "minutes": None},
    ]
    text = write_agenda(lines, LABELS)
    assert text == "[Party lecture]\nStudy | 20\n[Theme day]\nWalk"
    again = read_agenda(text, LABELS, first="party_lecture")
    assert [(line.kind, line.title, line.minutes) for line in again] == [tuple(line.values()) for line in lines]
