"""The democratic appraisal (domain.md 5.4): its order, the share of excellent, who grades, what may be shown.

Pure: numbers and keys in, findings out. At most a third of the branch's members are excellent; probationary members
take part and get no grade; the committee decides, and the counts of the ballots are only shown to it (DJ 18).
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.rulesets.words import article_words


class Grade(models.TextChoices):
    """The four grades; their codes are those that ballots count."""

    EXCELLENT = "excellent", _("excellent")
    QUALIFIED = "qualified", _("qualified")
    BASICALLY_QUALIFIED = "basically_qualified", _("basically qualified")
    UNQUALIFIED = "unqualified", _("unqualified")


# With these the person is told what is missing, and what follows (DJ 18, ZC24).
WITH_WORDS = frozenset({Grade.BASICALLY_QUALIFIED, Grade.UNQUALIFIED})


class Stage(models.TextChoices):
    """How far an appraisal is. It goes on step by step; only a report may be returned to the committee."""

    ANNOUNCED = "announced", _("announcement")
    SELF = "self", _("self-appraisal")
    PEERS = "peers", _("mutual appraisal")
    BALLOT = "ballot", _("ballot of the branch")
    COMMITTEE = "committee", _("opinion of the committee")
    REPORTED = "reported", _("reported to the superior")
    CONFIRMED = "confirmed", _("confirmed by the superior")
    CLOSED = "closed", _("everybody told")


ORDER = tuple(Stage)
# What the branch itself moves on; the report and its confirmation are verbs of their own.
ADVANCING = (Stage.ANNOUNCED, Stage.SELF, Stage.PEERS, Stage.BALLOT)

# Until the ballot opens days may move, and a meeting may be chosen for it.
BEFORE_BALLOT = (Stage.ANNOUNCED, Stage.SELF, Stage.PEERS)


class PeersForm(models.TextChoices):
    """How members appraise each other before the ballot."""

    SPOKEN = "spoken", _("spoken in the meeting, nothing in the portal")
    WHOLE = "whole", _("secretly, in the whole branch")
    GROUPS = "groups", _("secretly, in party groups")


def following(stage: str) -> Stage | None:
    """Return the stage after ``stage``, or ``None`` after the last."""
    place = ORDER.index(Stage(stage)) + 1
    return ORDER[place] if place < len(ORDER) else None


@dataclass(frozen=True, slots=True)
class Limit:
    """How many may be excellent: ``share`` of ``base``, rounded down."""

    base: int
    share: Fraction
    article: str = ""

    @property
    def most(self) -> int:
        return self.base * self.share.numerator // self.share.denominator

    def exceeded_by(self, excellent: int) -> str | None:
        """Return the sum in words when ``excellent`` are too many, else ``None``."""
        if excellent <= self.most:
            return None
        said = gettext("%(excellent)d excellent: of %(base)d at most %(share)s may be, that is %(most)d (%(article)s).")
        return said % {
            "excellent": excellent,
            "base": self.base,
            "share": f"{self.share.numerator}/{self.share.denominator}",
            "most": self.most,
            "article": article_words(self.article),
        }


def base_of(full: int, probationary: int, *, counts_probationary: bool) -> int:
    """Return from how many the share of excellent is taken."""
    return full + probationary if counts_probationary else full


@dataclass(frozen=True, slots=True)
class Opinion:
    """What the committee decides about one person."""

    grade: str
    words: str = ""


def flaws_of(
    opinions: Mapping[int, Opinion], *, graded: Mapping[int, str], limit: Limit, whole: bool = True
) -> list[str]:
    """Return everything that forbids these opinions; ``graded`` are the names of those who get a grade.

    ``whole`` asks a grade of everybody: a report is whole, a draft need not be.
    """
    found: list[str] = []
    if opinions.keys() - graded.keys():
        found.append(gettext("Somebody here gets no grade: probationary members take part without one."))
    if unknown := sorted({opinion.grade for opinion in opinions.values()} - set(Grade.values)):
        found.append(gettext("There is no such grade: %(grade)s.") % {"grade": ", ".join(unknown)})
    if whole and (missing := [name for key, name in graded.items() if key not in opinions]):
        found.append(gettext("Without a grade: %(names)s.") % {"names": _joined(missing)})
    excellent = sum(opinion.grade == Grade.EXCELLENT for opinion in opinions.values())
    if words := limit.exceeded_by(excellent):
        found.append(words)
    if whole:
        silent = [
            graded[key]
            for key, opinion in opinions.items()
            if key in graded and opinion.grade in WITH_WORDS and not opinion.words.strip()
        ]
        if silent:
            found.append(gettext("Say what is missing and what follows: %(names)s.") % {"names": _joined(silent)})
    return found


def _joined(names: Iterable[str]) -> str:
    return "、".join(names)


def paper_flaw(choices: Mapping[int, str], *, own: int | None, limit: Limit | None) -> str | None:
    """Return why one paper cannot be taken: it grades its own author, or too many as excellent."""
    if own is not None and own in choices:
        return gettext("Nobody grades oneself. Leave your own name out.")
    if limit is None:
        return None
    return limit.exceeded_by(sum(str(choice) == Grade.EXCELLENT for choice in choices.values()))


def groups_of(places: Mapping[int, int], *, least: int) -> list[frozenset[int]]:
    """Share people out into the groups they belong to, by the key of their place.

    A group below ``least`` would tell who said what; it joins the smallest other one, and stays alone only when there
    is no other.
    """
    groups: dict[int, set[int]] = {}
    for person, place in places.items():
        groups.setdefault(place, set()).add(person)
    ordered = sorted(groups.values(), key=lambda group: (len(group), min(group)))
    while len(ordered) > 1 and len(ordered[0]) < least:
        smallest = ordered.pop(0)
        ordered[0] |= smallest
        ordered.sort(key=lambda group: (len(group), min(group)))
    return [frozenset(group) for group in sorted(ordered, key=min)]


@dataclass(frozen=True, slots=True)
class Counts:
    """How often each grade was put on one person; ``None`` where too few did to be shown."""

    grades: Mapping[str, int] | None
    total: int = 0


def shown_counts(rows: Iterable[tuple[int, str, int]], *, least: int) -> dict[int, Counts]:
    """Return the counts by person from ``(person, grade, count)``, without the rows of fewer than ``least`` marks.

    Neither the grades nor their number are given then.
    """
    found: dict[int, Counter[str]] = {}
    for person, grade, count in rows:
        found.setdefault(person, Counter())[grade] += count
    return {
        person: Counts(dict(grades), total) if (total := grades.total()) >= least else Counts(None)
        for person, grades in found.items()
    }


def electors_of(standings: Mapping[int, bool], *, probationary_grade: bool) -> Collection[int]:
    """Return who fills in a paper; ``standings`` says of each participant whether the person gets a grade."""
    return {person for person, is_graded in standings.items() if is_graded or probationary_grade}
