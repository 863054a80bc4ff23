"""Tables of the tree and of those who belong to it."""

from .people import Affiliation, Appointment, AppointmentMode, OrganizationUserObjectPermission, Standing
from .tree import (
    BRANCH_TYPES,
    LinkKind,
    Organization,
    OrganizationLink,
    OrganizationParent,
    OrganizationStatus,
    OrganizationType,
    held_on,
    standing_on,
)

__all__ = [
    "Affiliation",
    "Appointment",
    "AppointmentMode",
    "BRANCH_TYPES",
    "LinkKind",
    "Organization",
    "OrganizationLink",
    "OrganizationParent",
    "OrganizationStatus",
    "OrganizationType",
    "OrganizationUserObjectPermission",
    "Standing",
    "held_on",
    "standing_on",
]
