"""Results of appraisals on a person's timeline, as far as the reader may see them."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.access.rights import AnyUser
from portal.accounts.models import User
from portal.extensions.registry import TimelineEntry, TimelineSource, timeline_sources

from .queries import results_of


def results(person: User, reader: AnyUser, limit: int) -> Iterator[TimelineEntry]:
    for row in results_of(person, reader)[:limit]:
        grade = row.get_grade_display() if row.grade else _("took part without a grade")
        yield TimelineEntry(
            on=row.told_on,
            title=_("Democratic appraisal %(year)d: %(grade)s") % {"year": row.appraisal.year, "grade": grade},
            note=str(row.appraisal.organization),
            icon="award",
        )


def register() -> None:
    timeline_sources.register(
        TimelineSource(code="appraisals", label=gettext_lazy("Democratic appraisal"), find=results, order=70)
    )
