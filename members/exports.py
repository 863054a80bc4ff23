"""The list of people as a workbook: masked, identifiers as text."""

from collections.abc import Iterator
from typing import IO, Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.audit import services as audit
from portal.encryption.masks import mask_address, mask_email, mask_id_tail, mask_mobile
from portal.imports.exports import workbook
from portal.organizations.models import Standing

from .codes import ETHNICITIES, Degree, EducationLevel, PersonKind, Sex
from .models import Member

CHUNK = 2000


@transaction.atomic
def people_workbook(people: QuerySet[Member], *, by: User, filters: dict[str, Any]) -> IO[bytes]:
    """Write ``people`` (from ``queries.people_for``) row by row, and record who took which list along."""
    taken = workbook(_columns(), _rows(people.select_related("user").order_by("pk")), sheet=_("People"))
    audit.record(
        "members.exported",
        None,
        by=by,
        at=filters.get("organization"),
        changes={name: ["", str(value)] for name, value in filters.items() if name != "words"},
    )
    return taken


def _columns() -> list[Any]:
    field = Member._meta.get_field
    return [
        (_("Number"), 16), (_("Name"), 12), field("sex").verbose_name, field("ethnicity").verbose_name,
        (_("Month of birth"), 12), field("id_no").verbose_name, field("person_kind").verbose_name,
        field("education_level").verbose_name, field("degree").verbose_name, (_("Organization"), 30), _("Standing"),
        _("Since"), field("application_on").verbose_name, field("activist_on").verbose_name,
        field("target_on").verbose_name, field("joined_on").verbose_name, field("converted_on").verbose_name,
        field("mobile").verbose_name, (_("E-mail address"), 24), field("native_place").verbose_name,
        (field("home_address").verbose_name, 20),
    ]  # fmt: skip


def _rows(people: QuerySet[Member]) -> Iterator[list[Any]]:
    names = {
        field: {code: str(label) for code, label in choices}
        for field, choices in {
            "sex": Sex.choices,
            "ethnicity": ETHNICITIES,
            "person_kind": PersonKind.choices,
            "education_level": EducationLevel.choices,
            "degree": Degree.choices,
            "standing": Standing.choices,
        }.items()
    }
    for person in people.iterator(chunk_size=CHUNK):
        yield [
            person.user.number,
            person.user.name,
            names["sex"].get(person.sex, ""),
            names["ethnicity"].get(person.ethnicity, ""),
            f"{person.birth_date:%Y-%m}" if person.birth_date else "",
            mask_id_tail(person.id_no),
            names["person_kind"].get(person.person_kind, ""),
            names["education_level"].get(person.education_level, ""),
            names["degree"].get(person.degree, ""),
            person.place or "",
            names["standing"].get(person.stood, ""),
            person.stood_since,
            person.application_on,
            person.activist_on,
            person.target_on,
            person.joined_on,
            person.converted_on,
            mask_mobile(person.mobile),
            mask_email(person.user.email or ""),
            person.native_place,
            mask_address(person.home_address),
        ]
