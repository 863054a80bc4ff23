"""Columns and the articles in them."""

from django.conf import settings
from django.contrib.contenttypes.fields import GenericRelation
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from portal.audiences.models import AudienceMixin, Visibility
from portal.files.models import StoredFile
from portal.organizations.models import Organization
from portal.web.addresses import address


class Column(models.Model):
    """A standing column; one that is internal shows nothing to people who are not signed in."""

    slug = models.SlugField(_("address"), max_length=40, unique=True)
    name = models.CharField(_("name of the column"), max_length=40)
    name_en = models.CharField(_("name in English"), max_length=60, blank=True)
    description = models.CharField(_("what belongs here"), max_length=200, blank=True)
    visibility = models.CharField(
        _("who may see it"),
        max_length=10,
        choices=[choice for choice in Visibility.choices if choice[0] != Visibility.AUDIENCE],
        default=Visibility.PUBLIC,
    )
    position = models.PositiveSmallIntegerField(_("place in the order"), default=100)
    is_open = models.BooleanField(_("shown"), default=True)

    class Meta:
        verbose_name = _("column")
        verbose_name_plural = _("columns")
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                name="column_visibility_known", condition=Q(visibility__in=[Visibility.PUBLIC, Visibility.INTERNAL])
            ),
        ]

    def __str__(self) -> str:
        return self.name_en if self.name_en and (get_language() or "").startswith("en") else self.name

    def get_absolute_url(self) -> str:
        return reverse("news:column", args=[self.slug])


class State(models.TextChoices):
    """Where an article stands (domain.md 9.1)."""

    DRAFT = "draft", _("draft")
    PUBLISHED = "published", _("published")
    WITHDRAWN = "withdrawn", _("withdrawn")


class Article(AudienceMixin):
    """A piece of news; ``body_html`` is cleaned when it is written, so that pages show it as it is."""

    column = models.ForeignKey(Column, on_delete=models.PROTECT, related_name="articles", verbose_name=_("column"))
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", verbose_name=_("whose news"),
        help_text=_("The organization that publishes it; its editors may change it."),
    )
    title = models.CharField(_("title"), max_length=120)
    subtitle = models.CharField(_("subtitle"), max_length=120, blank=True)
    summary = models.CharField(_("summary"), max_length=300, blank=True, help_text=_("Shown in lists and feeds."))
    body_html = models.TextField(_("text"), blank=True)
    source = models.CharField(_("source"), max_length=80, blank=True)
    source_url = models.URLField(_("address of the source"), max_length=500, blank=True)
    author_name = models.CharField(_("author"), max_length=80, blank=True)
    cover = models.ForeignKey(
        StoredFile, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("cover picture")
    )
    files = GenericRelation(StoredFile)
    # Kept by the services, so that a page without attachments does not ask for them.
    attachment_count = models.PositiveSmallIntegerField(default=0, editable=False)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT)
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)
    top_until = models.DateField(_("on top until"), null=True, blank=True)
    # Empty: as usual for its visibility (``tells_readers``).
    notify_readers = models.BooleanField(_("notify readers"), null=True, blank=True, editable=False)
    told_at = models.DateTimeField(_("readers notified at"), null=True, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("written by")
    )
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+",
        verbose_name=_("responsible editor"),
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    changed_at = models.DateTimeField(_("changed at"), auto_now=True)

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        indexes = [
            models.Index(fields=["state", "-published_at", "-id"], name="article_newest"),
            models.Index(fields=["column", "state", "-published_at", "-id"], name="article_in_column"),
            models.Index(fields=["state", "top_until"], name="article_on_top"),
        ]
        constraints = [
            models.CheckConstraint(name="article_state_known", condition=Q(state__in=State.values)),
            models.CheckConstraint(name="article_visibility_known", condition=Q(visibility__in=Visibility.values)),
            models.CheckConstraint(
                name="article_published_has_time", condition=Q(state=State.DRAFT) | Q(published_at__isnull=False)
            ),
            models.CheckConstraint(
                name="article_for_an_audience_names_it",
                condition=~Q(visibility=Visibility.AUDIENCE) | Q(audience__isnull=False),
                violation_error_message=_("Choose the audience."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return address("news:article", self.pk)

    @property
    def cover_url(self) -> str:
        return self.cover.rendition_url("card") if self.cover else ""

    @property
    def cover_wide_url(self) -> str:
        return self.cover.rendition_url("wide") if self.cover else ""

    @property
    def cover_alt(self) -> str:
        """Return what the picture shows; nothing when its caption only repeats the title that stands beside it."""
        return self.cover.caption if self.cover and self.cover.caption != self.title else ""

    @property
    def tells_readers(self) -> bool:
        """Say whether publishing notifies the readers: as chosen, otherwise unless everybody in the world may read."""
        return self.visibility != Visibility.PUBLIC if self.notify_readers is None else self.notify_readers

    @property
    def is_published(self) -> bool:
        return self.state == State.PUBLISHED
