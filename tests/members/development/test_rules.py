from datetime import date, timedelta

import pytest

from members.development.likeness import PASSAGE_MIN, SKETCH_SIZE, likeness, sketch
from members.development.rules import (
    Cell,
    ContactGap,
    Mark,
    Quarter,
    ReportGap,
    answer_due,
    cell_of,
    gaps_before_contact,
    gaps_before_writing,
    is_due,
    lead_on,
    marks_of,
    oldest_quarter,
    weeks_overdue,
)

NOW = date(2026, 6, 12)
Q2 = Quarter(2026, 2)


@pytest.mark.parametrize(
    ("day", "quarter", "first", "last"),
    [
        (date(2026, 1, 1), Quarter(2026, 1), date(2026, 1, 1), date(2026, 3, 31)),
        (date(2026, 6, 30), Q2, date(2026, 4, 1), date(2026, 6, 30)),
        (date(2026, 12, 31), Quarter(2026, 4), date(2026, 10, 1), date(2026, 12, 31)),
    ],
)
def test_quarter_of_a_day(day, quarter, first, last):
    assert (Quarter.of(day), quarter.first_day, quarter.last_day) == (quarter, first, last)
    assert quarter.next.previous == quarter


@pytest.mark.parametrize(
    ("standing", "quarter", "state", "gaps"),
    [
        ("activist", Q2, "draft", []),
        ("development_target", Quarter(2025, 2), "returned", []),
        ("probationary", Q2, "withdrawn", []),
        ("applicant", Q2, "draft", [ReportGap.NOT_A_WRITER]),
        ("full_member", Q2, "draft", [ReportGap.NOT_A_WRITER]),
        ("mass", Quarter(2026, 3), "draft", [ReportGap.NOT_A_WRITER, ReportGap.NOT_YET]),
        ("activist", Quarter(2026, 3), "draft", [ReportGap.NOT_YET]),
        ("activist", Quarter(2025, 1), "draft", [ReportGap.TOO_OLD]),
        ("activist", Q2, "accepted", [ReportGap.LOCKED]),
        ("activist", Q2, "published", [ReportGap.LOCKED]),
    ],
)
def test_gaps_before_writing(standing, quarter, state, gaps):
    assert gaps_before_writing(standing=standing, quarter=quarter, state=state, on=NOW) == gaps


def test_oldest_quarter_and_promise():
    assert oldest_quarter(NOW) == Quarter(2025, 2)
    assert answer_due(NOW) == date(2026, 6, 19)


@pytest.mark.parametrize(
    ("submitted", "characters", "previous", "marks"),
    [
        (date(2026, 6, 30), 1500, None, []),
        (date(2026, 7, 1), 1500, None, [Mark.LATE]),
        (date(2026, 6, 30), 1499, None, [Mark.TOO_SHORT]),
        (date(2026, 6, 30), 1500, date(2026, 5, 31), []),
        (date(2026, 6, 30), 1500, date(2026, 6, 1), [Mark.TOO_CLOSE]),
        (date(2026, 7, 1), 10, date(2026, 7, 1), [Mark.LATE, Mark.TOO_SHORT, Mark.TOO_CLOSE]),
    ],
)
def test_marks(submitted, characters, previous, marks):
    assert marks_of(Q2, submitted_on=submitted, characters=characters, previous_on=previous) == marks


@pytest.mark.parametrize(
    ("state", "since", "on", "cell"),
    [
        ("accepted", None, NOW, Cell.ACCEPTED),
        ("submitted", None, NOW, Cell.WAITING),
        ("under_review", None, NOW, Cell.WAITING),
        ("returned", None, NOW, Cell.RETURNED),
        (None, date(2025, 1, 1), NOW, Cell.OPEN),
        ("draft", date(2025, 1, 1), date(2026, 6, 30), Cell.OPEN),
        ("withdrawn", date(2025, 1, 1), date(2026, 7, 1), Cell.MISSING),
        (None, date(2025, 1, 1), date(2026, 7, 1), Cell.MISSING),
        (None, date(2026, 5, 31), date(2026, 7, 1), Cell.MISSING),
        (None, date(2026, 6, 1), date(2026, 7, 1), Cell.NOT_DUE),
        (None, None, date(2026, 7, 1), Cell.NOT_DUE),
        (None, date(2025, 1, 1), date(2026, 3, 1), Cell.NOT_DUE),
    ],
)
def test_cell(state, since, on, cell):
    assert cell_of(Q2, state=state, writer_since=since, on=on) == cell


def test_due_from_thirty_days_before_the_end():
    assert is_due(Q2, writer_since=date(2026, 5, 31))
    assert not is_due(Q2, writer_since=date(2026, 6, 1))


@pytest.mark.parametrize(
    ("days_left", "lead"), [(15, None), (14, 14), (10, 14), (4, 14), (3, 3), (1, 3), (0, 0), (-1, None)]
)
def test_lead_on(days_left, lead):
    assert lead_on(Q2, Q2.last_day - timedelta(days=days_left)) == lead


@pytest.mark.parametrize(("late", "week"), [(-1, None), (0, None), (1, 0), (7, 0), (8, 1), (15, 2)])
def test_weeks_overdue(late, week):
    assert weeks_overdue(NOW, NOW + timedelta(days=late)) == week


@pytest.mark.parametrize(
    ("facts", "gaps"),
    [
        ({}, []),
        ({"current": [7]}, []),
        ({"current": [7, 8]}, [ContactGap.TOO_MANY]),
        ({"current": [2]}, [ContactGap.ALREADY]),
        ({"contact_id": 1}, [ContactGap.SAME_PERSON]),
        ({"contact_standing": "probationary"}, [ContactGap.NOT_FULL_MEMBER]),
        ({"person_standing": "applicant"}, [ContactGap.NOT_CULTIVATED]),
        ({"person_standing": "full_member", "contact_standing": "activist", "current": [7, 8]},
         [ContactGap.NOT_FULL_MEMBER, ContactGap.NOT_CULTIVATED, ContactGap.TOO_MANY]),
    ],
)  # fmt: skip
def test_gaps_before_contact(facts, gaps):
    usual = {
        "person_id": 1, "person_standing": "activist",
        "contact_id": 2, "contact_standing": "full_member", "current": [],
    }  # fmt: skip
    assert gaps_before_contact(**{**usual, **facts}) == gaps


OWN = "今年以来我认真学习了党的创新理论并且参加了学院组织的志愿服务活动"
OTHER = "上个季度里班级同学一起整理了实验室的旧仪器还写下了自己的体会和计划"


@pytest.mark.parametrize(
    ("mine", "theirs", "percent", "passages"),
    [
        (OWN, OWN, 100, 1),
        (OWN, OTHER, 0, 0),
        (f"{OWN}。{OTHER}", OWN, 49, 1),
        ("短", "短", 0, 0),
        ("", OWN, 0, 0),
        ("，".join(OWN), OWN, 100, 1),
    ],
)
def test_likeness(mine, theirs, percent, passages):
    found = likeness(mine, theirs)
    assert (found.percent, len(found.passages)) == (percent, passages)


def test_passages_stand_as_they_are_written_in_each_text():
    found = likeness(f"开头。{OWN[:20]}，结尾", f"另一篇：{OWN[:10]}、{OWN[10:20]}。")
    assert (found.passages[0].mine, found.passages[0].theirs) == (OWN[:20], f"{OWN[:10]}、{OWN[10:20]}")
    assert (found.passages[0].before, found.passages[0].after) == ("开头。", "，结尾")


def test_sketch_is_stable_small_and_shared_by_copies():
    long = OWN * 3 + OTHER * 3 + "".join(chr(0x4E00 + i) for i in range(400))
    assert len(sketch(long)) == SKETCH_SIZE
    assert sketch(long) == sketch("\n\n".join([long[:90], long[90:]]))
    assert len(set(sketch(OWN)) & set(sketch(f"{OWN}{OTHER}"))) >= 2
    assert sketch("短") == []


def test_repetitive_text_is_compared_in_time():
    assert likeness("我们要学习" * 3000, "我们要学习" * 3000).percent == 100
    assert len("中国共产党") < PASSAGE_MIN
