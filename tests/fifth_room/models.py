"""A book that may be public, internal, or for an audience."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from portal.audiences.models import AudienceMixin
from portal.organizations.models import Organization


class Book(AudienceMixin):
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=100)
    lent_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    back_on = models.DateField(null=True, blank=True)
    added_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.title
