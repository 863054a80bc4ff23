"""Which fields of the archive there are for whom, in the groups of the collection form, and how they are masked."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from portal.encryption.masks import mask_address, mask_id_no, mask_mobile

# Encrypted, masked by default, opened one at a time with a reason (domain.md 8.5).
SENSITIVE: dict[str, Callable[[str], str]] = {
    "id_no": mask_id_no,
    "mobile": mask_mobile,
    "home_address": mask_address,
    "current_address": mask_address,
}


@dataclass(frozen=True, slots=True)
class FieldGroup:
    code: str
    label: Any
    fields: tuple[str, ...]


GROUPS = (
    FieldGroup(
        "identity",
        _("Identity"),
        ("former_name", "sex", "ethnicity", "birth_date", "native_place", "birthplace", "id_no"),
    ),
    FieldGroup(
        "contact",
        _("Contact"),
        ("mobile", "landline", "home_address", "current_address", "household_police_station"),
    ),
    FieldGroup(
        "education",
        _("Education"),
        ("education_level", "degree", "education_mode", "school", "major", "enrolled_on", "graduated_on"),
    ),
    FieldGroup(
        "work",
        _("Study and work"),
        (
            "person_kind", "college", "grade", "class_name", "supervisor", "counsellor",
            "work_started_on", "job_category", "title", "job",
        ),
    ),
    FieldGroup(
        "party",
        _("Party"),
        (
            "political_status", "application_on", "activist_on", "target_on", "joined_on", "converted_on",
            "conversion_kind", "joined_branch", "sponsors", "contact_name", "entry_kind", "entered_on",
            "leave_kind", "left_on", "file_kept_at", "notes",
        ),
    ),
)  # fmt: skip
ARCHIVE_FIELDS = tuple(name for group in GROUPS for name in group.fields)
