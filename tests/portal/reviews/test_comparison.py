from dataclasses import dataclass

import pytest

from portal.reviews.comparison import changes, compare


@dataclass
class Text:
    body: str


def words(spans):
    return [(span.kind, span.text) for span in spans]


def test_chinese_is_compared_by_character():
    assert words(changes("我认真学习了党史", "我认真学习了新思想")) == [
        ("same", "我认真学习了"), ("deleted", "党史"), ("inserted", "新思想"),
    ]  # fmt: skip


def test_latin_is_compared_by_word():
    assert words(changes("the old plan holds", "the new plan holds")) == [
        ("same", "the "), ("deleted", "old"), ("inserted", "new"), ("same", " plan holds"),
    ]  # fmt: skip


def test_single_shared_character_between_changes_is_drawn_in():
    assert words(changes("甲乙丙的丁戊己", "子丑寅的卯辰巳")) == [
        ("deleted", "甲乙丙的丁戊己"),
        ("inserted", "子丑寅的卯辰巳"),
    ]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("a b c d\nsecond line", "a b c d\nsecond line", [("same", 1, 1), ("same", 2, 2)]),
        ("keep\ngone", "keep", [("same", 1, 1), ("deleted", 2, None)]),
        ("keep", "fresh start\nkeep", [("inserted", None, 1), ("same", 1, 2)]),
        ("今年我学习了很多\n尾", "今年我学习了很多新的内容\n尾", [("changed", 1, 1), ("same", 2, 2)]),
        ("完全不同的一段", "天地玄黄宇宙洪荒", [("deleted", 1, None), ("inserted", None, 1)]),
        ("", "new", [("inserted", None, 1)]),
        ("", "", []),
    ],
)
def test_paragraphs_are_aligned(old, new, expected):
    assert [(row.kind, row.older, row.newer) for row in compare(Text(old), Text(new))] == expected


@pytest.mark.parametrize(
    ("old", "new"),
    [("甲一二三四\n乙五六七八\n丙九十", "乙五六七九\n丁\n丙九十"), ("x\ny\nz", "z\ny\nx"), ("abc", "abd\nabc\nabe")],
)
def test_both_texts_can_be_read_back_from_the_rows(old, new):
    rows = compare(Text(old), Text(new))
    assert "\n".join("".join(s.text for s in row.older_spans) for row in rows if row.older) == old
    assert "\n".join("".join(s.text for s in row.newer_spans) for row in rows if row.newer) == new


def test_long_texts_are_compared_in_time():
    old = "\n".join("很长的一段" * 400 + str(number) for number in range(10))
    assert len(compare(Text(old), Text(old.replace("3", "三")))) == 10
