"""For whom something is meant: one model, asked in both directions."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.organizations.duties import Post
from portal.organizations.models import Organization, Standing


class Visibility(models.TextChoices):
    """How far something may be seen; ``audience`` narrows it to named circles."""

    PUBLIC = "public", _("public")
    INTERNAL = "internal", _("everyone signed in")
    AUDIENCE = "audience", _("a chosen audience")


class Audience(models.Model):
    """The union of its rules."""

    note = models.CharField(_("note"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("audience")
        verbose_name_plural = _("audiences")

    def __str__(self) -> str:
        return self.note or f"{self._meta.verbose_name} {self.pk}"


class AudienceRule(models.Model):
    """One circle of an audience: a named person, or the people of a subtree narrowed by standing or by post."""

    audience = models.ForeignKey(Audience, on_delete=models.CASCADE, related_name="rules")
    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, null=True, blank=True, verbose_name=_("organization and below")
    )
    standing = models.CharField(_("standing"), max_length=20, choices=Standing, blank=True)
    post = models.CharField(_("post"), max_length=30, choices=Post, blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, verbose_name=_("person")
    )

    class Meta:
        verbose_name = _("audience rule")
        verbose_name_plural = _("audience rules")
        constraints = [
            models.CheckConstraint(
                name="audience_rule_person_or_place",
                condition=Q(user__isnull=False, organization=None, standing="", post="")
                | Q(user=None, organization__isnull=False),
                violation_error_message=_("Name a person, or an organization."),
            ),
            models.CheckConstraint(
                name="audience_rule_standing_or_post",
                condition=Q(standing="") | Q(post=""),
                violation_error_message=_("Narrow by standing or by post, not by both."),
            ),
        ]

    def __str__(self) -> str:
        return " · ".join(
            filter(
                None, [str(self.user or self.organization or ""), self.get_standing_display(), self.get_post_display()]
            )
        )


class AudienceMixin(models.Model):
    """Fields of everything that is public, internal, or for an audience; read through ``visible_to`` only."""

    visibility = models.CharField(_("who may see it"), max_length=10, choices=Visibility, default=Visibility.INTERNAL)
    audience = models.ForeignKey(
        Audience, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("audience")
    )

    class Meta:
        abstract = True
