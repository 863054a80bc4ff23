import pytest

from portal.reviews.rules import TRANSITIONS, State, Verb, next_state, sources
from portal.reviews.texts import clean_text, count_characters, paragraphs

ALLOWED = {
    ("draft", "submit"): "submitted",
    ("returned", "submit"): "submitted",
    ("withdrawn", "submit"): "submitted",
    ("submitted", "take_up"): "under_review",
    ("submitted", "return"): "returned",
    ("under_review", "return"): "returned",
    ("submitted", "accept"): "accepted",
    ("under_review", "accept"): "accepted",
    ("accepted", "publish"): "published",
    ("draft", "withdraw"): "withdrawn",
    ("submitted", "withdraw"): "withdrawn",
    ("under_review", "withdraw"): "withdrawn",
    ("returned", "withdraw"): "withdrawn",
    ("published", "withdraw"): "withdrawn",
}


@pytest.mark.parametrize("state", State.values)
@pytest.mark.parametrize("verb", Verb.values)
def test_next_state_is_the_allowed_one_or_none(state, verb):
    assert next_state(state, verb) == ALLOWED.get((state, verb))


def test_transitions_cover_every_verb():
    assert set(TRANSITIONS) == set(Verb)
    assert sources("publish") == [State.ACCEPTED]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        (" \n\u3000\n\t", []),
        ("one\ntwo", ["one", "two"]),
        ("\u3000\u3000一段\r\n\r\n\u3000\u3000二段", ["一段", "二段"]),
        ("a\u200bb\ufeff\u00a0c", ["ab c"]),
        ("one\u2028two\x0bthree", ["one", "two", "three"]),
        ("bell\x07 and \x00 zero", ["bell and zero"]),
    ],
)
def test_paragraphs_come_out_plain(text, expected):
    assert paragraphs(text) == expected
    assert clean_text(text) == "\n\n".join(expected)


def test_characters_are_counted_without_spaces():
    assert count_characters("思想 汇报\n。ab") == 7
