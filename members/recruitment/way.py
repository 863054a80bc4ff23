"""The way into the party in plain words: what each stage means, what one does in it, and what the rules promise.

Only the standing that was decided chooses among the words, and days come from the law or from decided records.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from members.development.rules import WRITERS, Quarter
from portal.organizations.models import Standing
from portal.rulesets.words import article_words

from .engine.course import DAY
from .engine.steps import STAGE_LABELS, Stage
from .letters import Probation
from .models import LetterKind
from .queries.mine import MyWay


@dataclass(frozen=True, slots=True)
class Chapter:
    """One of the five stages as the law tells it to everybody."""

    stage: Stage
    means: Promise
    does: Promise
    articles: str

    @property
    def label(self) -> Promise:
        return STAGE_LABELS[self.stage]


CHAPTERS = (
    Chapter(
        Stage.APPLICATION,
        gettext_lazy(
            "Whoever is eighteen and applies of their own free will hands a letter to the branch. "
            "The branch sends somebody to talk with the applicant within a month."
        ),
        gettext_lazy("You write the letter yourself, sign it, and tell of yourself in the talk."),
        "XZ26 5, 6, 7",
    ),
    Chapter(
        Stage.ACTIVIST,
        gettext_lazy(
            "Members or the youth league recommend; the branch committee decides and files it with the superior. "
            "One or two full members become your cultivation contacts. Cultivation lasts at least one year."
        ),
        gettext_lazy(
            "You write a thought report each quarter, hear party lectures, take part in activities and social work."
        ),
        "XZ26 8, 9, 10, 11",
    ),
    Chapter(
        Stage.TARGET,
        gettext_lazy(
            "Group, contacts, members and others are heard; the branch committee decides, the superior consents, "
            "and a notice hangs at least five working days. Two full members become sponsors. A political review and "
            "an intensive training of at least three days or 24 hours follow."
        ),
        gettext_lazy("You help with the papers of the review, take part in the training and go on with your reports."),
        "XZ26 13, 14, 16, 17",
    ),
    Chapter(
        Stage.ADMISSION,
        gettext_lazy(
            "The branch committee reviews, the superior reviews beforehand, you fill in the membership application "
            "form, the branch congress votes by secret ballot, somebody of the superior talks with you, and the "
            "superior decides within three months."
        ),
        gettext_lazy("You fill in the form by hand, report to the congress about yourself and answer questions."),
        "XZ26 18, 19, 20, 25",
    ),
    Chapter(
        Stage.PROBATION,
        gettext_lazy(
            "Probation lasts one year from the day of the congress and begins with the oath. After it the congress "
            "decides on conversion; it can extend the probation once by six to twelve months."
        ),
        gettext_lazy(
            "You take part in the life of the party, pay dues, go on with your reports and hand in the conversion "
            "application before the probation ends."
        ),
        "XZ26 29, 31, 32, 33",
    ),
)
# Where a standing places somebody among the chapters; an admission shows only once it was approved.
_PLACES = {
    Standing.MASS: 0,
    Standing.APPLICANT: 0,
    Standing.ACTIVIST: 1,
    Standing.DEVELOPMENT_TARGET: 2,
    Standing.PROBATIONARY: 4,
    Standing.FULL_MEMBER: 5,
}


@dataclass(frozen=True, slots=True)
class Next:
    """One thing that comes: ``by`` is its day, ``is_mine`` says whether the reader has to do it."""

    words: str
    by: date | None = None
    url: str = ""
    action: str = ""
    is_mine: bool = False


def stages(standing: Standing) -> list[dict[str, Any]]:
    """Return the five stages as the stepper draws them, as far as they were decided."""
    place = _PLACES[standing]
    found = []
    for number, chapter in enumerate(CHAPTERS):
        state = "done" if number < place else "current" if number == place else "later"
        found.append({"label": chapter.label, "state": state, "on": None, "note": "", "url": ""})
    return found


def what_comes(mine: MyWay, *, on: date) -> list[Next]:
    """Return what comes next for the person, in words: from decided facts and from what the law says to everybody."""
    if mine.standing == Standing.FULL_MEMBER:
        return [Next(_("You are a full member. Your way into the party is complete."))]
    if mine.standing == Standing.PROBATIONARY:
        found = list(_in_probation(mine, on))
    elif mine.standing == Standing.DEVELOPMENT_TARGET:
        found = list(_as_target())
    elif mine.standing == Standing.ACTIVIST:
        found = list(_as_activist())
    elif mine.way is not None and mine.way.is_open:
        found = list(_as_applicant(mine))
    else:
        found = [*_ended(mine), *_before(mine)]
    if mine.standing in WRITERS:
        found.insert(0, _report(on))
    return found


def _ended(mine: MyWay) -> Iterator[Next]:
    if mine.way is not None:
        yield Next(
            _("Your application of %(day)s is no longer under way. Your branch tells you why; you can apply again.")
            % {"day": mine.way.applied_on}
        )


def _before(mine: MyWay) -> Iterator[Next]:
    letter = mine.admission
    write = reverse("members:recruitment:letter-write", args=[LetterKind.ADMISSION])
    if mine.member.organization is None or not mine.member.organization.is_branch:
        yield Next(_("Only a branch takes applications, and you belong to none. Ask your college which one is yours."))
    elif letter is not None and letter.review.is_waiting:
        yield Next(
            _("Your application letter is with %(branch)s since %(day)s. You can take it back until it is received.")
            % {"branch": mine.member.organization, "day": letter.submitted_on},
            url=letter.get_absolute_url(),
            action=_("Look at the letter"),
        )
        yield from _talk(mine)
    elif letter is not None and letter.review.state == "returned":
        words = _("Your branch has returned your application letter with its words. Change it and hand it in again.")
        yield Next(words, url=write, action=_("Change the letter"), is_mine=True)
    else:
        yield Next(
            _(
                "When you are ready, write your application letter. You must be eighteen on the day you hand it in "
                "(%(article)s)."
            )
            % {"article": article_words("XZ26 5")},
            url=write,
            action=_("Go on with the letter") if letter else _("Write the letter"),
            is_mine=True,
        )


def _as_applicant(mine: MyWay) -> Iterator[Next]:
    yield from _talk(mine)
    yield Next(
        _(
            "After the talk members or the youth league can recommend you, and the branch committee decides. The law "
            "sets no term for it; your branch answers your questions at any time."
        )
    )
    yield Next(_("Until then take part in the open activities of your branch and in party lectures."), is_mine=True)


def _talk(mine: MyWay) -> Iterator[Next]:
    if mine.talk_by:
        yield Next(
            _(
                "Your branch sends somebody to talk with you within the term of the law (%(article)s). If nobody has "
                "come by then, ask your branch: the talk is your right."
            )
            % {"article": article_words(mine.talk_article)},
            by=mine.talk_by,
        )


def _as_activist() -> Iterator[Next]:
    yield Next(
        _(
            "One or two full members accompany you, and the branch looks at your progress at least every half-year "
            "(%(article)s)."
        )
        % {"article": article_words("XZ26 9, 11")}
    )
    yield Next(
        _(
            "Cultivation lasts at least one year (%(article)s). Whether and when somebody becomes a development "
            "target the branch decides after hearing many; you are told once it is decided."
        )
        % {"article": article_words("XZ26 13")}
    )


def _as_target() -> Iterator[Next]:
    yield Next(
        _(
            "Two sponsors, a political review and an intensive training belong to this stage (%(article)s). Your "
            "branch tells you the days of the training and what papers it needs."
        )
        % {"article": article_words("XZ26 14, 16, 17")}
    )
    yield Next(_("You are told of a decision once it is made."))


def _in_probation(mine: MyWay, on: date) -> Iterator[Next]:
    yield Next(
        _("The oath is generally taken within a month of the approval (%(article)s); your branch tells you the day.")
        % {"article": article_words("XZ26 29")}
    )
    if mine.probation is None:
        return
    last = mine.probation.convert_on - DAY
    words = (
        _("Your probation was extended and lasts until this day.")
        if mine.probation.is_extended
        else _("Your probation, which began on %(day)s, lasts until this day.") % {"day": mine.probation.since}
    )
    yield Next(words, by=last)
    yield from _conversion(mine, mine.probation, on)


def _conversion(mine: MyWay, probation: Probation, on: date) -> Iterator[Next]:
    letter = mine.conversion
    write = reverse("members:recruitment:letter-write", args=[LetterKind.CONVERSION])
    if probation.has_applied:
        yield Next(_(
            "Your conversion application is in the file. The congress can decide from the day after the probation."
        ))
    elif letter is not None and letter.review.is_waiting:
        words = _("Your conversion application is with your branch since %(day)s.") % {"day": letter.submitted_on}
        yield Next(words, url=letter.get_absolute_url(), action=_("Look at the letter"))
    elif letter is not None and letter.review.state == "returned":
        words = _("Your branch has returned your conversion application. Change it and hand it in again.")
        yield Next(words, url=write, action=_("Change the letter"), is_mine=True)
    elif on < probation.apply_from:
        yield Next(
            _("You can hand in your conversion application from %(day)s, and customarily by the day named here.")
            % {"day": probation.apply_from},
            by=probation.apply_until,
            url=write,
            action=_("Prepare the letter"),
        )
    else:
        late = on > probation.apply_until
        words = (
            _(
                "Hand in your conversion application now: the customary day has passed, and a late one is excused "
                "until the day named here."
            )
            if late
            else _("Hand in your conversion application by this day.")
        )
        day = probation.late_until if late else probation.apply_until
        action = _("Go on with the letter") if letter else _("Write the letter")
        yield Next(words, by=day, url=write, action=action, is_mine=True)


def _report(on: date) -> Next:
    """Return the thought report of the quarter: the custom for everybody of these standings."""
    return Next(
        _(
            "Each quarter you hand in a thought report; your contacts read and answer it. For %(period)s it is due "
            "by this day."
        )
        % {"period": Quarter.of(on).words},
        by=Quarter.of(on).last_day,
        url=reverse("members:development:my-thought-reports"),
        action=_("My thought reports"),
        is_mine=True,
    )
