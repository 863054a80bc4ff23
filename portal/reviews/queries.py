"""What the pages of a room show of a text: paragraphs with their comments, and its history."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from .models import Comment, Review, Step, Version
from .texts import paragraphs


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph with its number from 1 and the comments on it."""

    number: int
    text: str
    comments: tuple[Comment, ...]


def with_comments(version: Version, comments: Iterable[Comment]) -> list[Paragraph]:
    """Return the paragraphs of ``version``, each with those of ``comments`` that stand on it."""
    by_paragraph: dict[int, list[Comment]] = defaultdict(list)
    for comment in comments:
        if comment.version_id == version.pk:
            by_paragraph[comment.paragraph].append(comment)
    return [
        Paragraph(number, text, tuple(by_paragraph[number]))
        for number, text in enumerate(paragraphs(version.body), start=1)
    ]


def history(review: Review) -> QuerySet[Step]:
    """Return the steps of ``review`` in their order, with who took them."""
    return review.steps.select_related("by")
