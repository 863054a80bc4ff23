import pytest
from django.test import override_settings

from portal.encryption.crypto import (
    UndecryptableError,
    blind_index,
    blind_indexes,
    decrypt,
    decrypt_all,
    encrypt,
    encrypt_all,
    prefixes,
)


@pytest.mark.parametrize("text", ["11010519491231002X", "广西桂林象山区", "a", "😀" * 300])
def test_decrypt_returns_what_was_encrypted(text):
    assert decrypt(encrypt(text)) == text


def test_encrypt_hides_the_text_and_differs_each_time():
    first, second = encrypt("11010519491231002X"), encrypt("11010519491231002X")
    assert first != second
    assert first.startswith(prefixes()[0])
    assert "11010519491231002X" not in first


def test_encrypt_leaves_the_empty_text_empty():
    assert (encrypt(""), decrypt("")) == ("", "")


def test_decrypt_reads_older_keys_and_writes_the_first():
    with override_settings(FIELD_KEYS=["old"]):
        stored = encrypt("text")
    with override_settings(FIELD_KEYS=["new", "old"]):
        assert decrypt(stored) == "text"
        assert not stored.startswith(prefixes()[0])
        assert encrypt("text").startswith(prefixes()[0])


def test_decrypt_refuses_a_key_the_ring_lacks():
    stored = encrypt("text")
    with override_settings(FIELD_KEYS=["another"]), pytest.raises(UndecryptableError):
        decrypt(stored)


@pytest.mark.parametrize(
    "damage", [lambda s: s[:-6] + "AAAAAA", lambda s: s[:12], lambda s: "plain", lambda s: "v2" + s[2:]]
)
def test_decrypt_refuses_an_altered_value(damage):
    with pytest.raises(UndecryptableError):
        decrypt(damage(encrypt("a text that is long enough")))


def test_blind_index_ignores_blanks_and_case_and_depends_on_the_key():
    assert blind_index(" 11010519491231002x ") == blind_index("11010519491231002X")
    assert blind_index("") == ""
    plain = blind_index("13800001111")
    with override_settings(INDEX_KEY="another"):
        assert blind_index("13800001111") != plain


def test_lists_are_treated_as_their_texts_are():
    texts = ["11010519491231002X", "", "示例路1号"]
    sealed = encrypt_all(texts)
    assert [decrypt(value) for value in sealed] == texts
    assert decrypt_all(sealed) == texts
    assert len({value[:30] for value in encrypt_all(["same", "same"])}) == 2
    assert blind_indexes(texts) == [blind_index(text) for text in texts]
