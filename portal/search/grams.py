"""How text becomes tokens that both databases index alike: Chinese as overlapping pairs, the rest as words.

Every token is plain ASCII (a pair of characters becomes their code points), so neither database's own idea of a word,
nor its collation, matters; a word of two characters is found, which trigram indexes cannot do.
"""

import re
import unicodedata

_HAN = "\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_RUN = re.compile(rf"(?P<han>[{_HAN}]+)|(?P<word>[^\W{_HAN}]+)")
_LONGEST_WORD = 60


def fold(text: str) -> str:
    """Return ``text`` with full-width forms and case folded, as both sides of the index see it."""
    return unicodedata.normalize("NFKC", text).casefold()


def _code(characters: str) -> str:
    return "x" + "".join(f"{ord(character):05x}" for character in characters)


def _word(word: str) -> str:
    """Return a word as one token; letters outside ASCII are written by code point."""
    word = word.replace("_", "")[:_LONGEST_WORD]
    return word if word.isascii() else _code(word[:10])


def tokens(text: str) -> list[str]:
    """Return the index tokens of ``text``, in order: pairs, the last single character of each run, and words."""
    found: list[str] = []
    for match in _RUN.finditer(fold(text)):
        if han := match["han"]:
            found += [_code(han[index : index + 2]) for index in range(len(han))]
        elif word := _word(match["word"]):
            found.append(word)
    return found


def phrases(words: str) -> list[list[str]]:
    """Return what a query asks for: one list of adjoining tokens per run of characters or word.

    A run of one character becomes a single token that stands for its beginning (``prefix``), marked with ``*``.
    """
    asked: list[list[str]] = []
    for match in _RUN.finditer(fold(words)):
        if han := match["han"]:
            asked.append([_code(han) + "*"] if len(han) == 1 else [_code(han[i : i + 2]) for i in range(len(han) - 1)])
        elif word := _word(match["word"]):
            asked.append([word + "*"])
    return asked
