"""What stands in a node's own home: its stream, the posts of its people with their replies, and its documents."""

from django.conf import settings
from django.contrib.contenttypes.fields import GenericRelation
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.audiences.models import Audience
from portal.files.models import StoredFile
from portal.organizations.models import Organization


class Reach(models.TextChoices):
    """How far something in a space may be seen: as ``Visibility``, and by those whom the space belongs to."""

    PUBLIC = "public", _("public")
    INTERNAL = "internal", _("everyone signed in")
    SPACE = "space", _("the people of this organization and below")
    AUDIENCE = "audience", _("a chosen audience")


# What a person may choose for something of a space; an audience only ever comes with the content of a room.
CHOSEN = [Reach.SPACE, Reach.INTERNAL, Reach.PUBLIC]


class ReachMixin(models.Model):
    """Where something stands and how far it may be seen; read through ``portal.spaces.reach`` only."""

    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", verbose_name=_("organization")
    )
    visibility = models.CharField(_("who may see it"), max_length=10, choices=Reach, default=Reach.SPACE)

    class Meta:
        abstract = True


class SpacePost(ReachMixin):
    """What somebody wrote, showed or said to the people of a node.

    What its author removed is kept for a while, so that it can be taken back.
    """

    visibility = models.CharField(
        _("who may see it"), max_length=10, choices=[choice for choice in Reach.choices if choice[0] in CHOSEN],
        default=Reach.SPACE,
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("author")
    )
    text = models.TextField(_("text"), max_length=5000, blank=True)
    # Pictures, video and voice together; the two below are named because a post has one of each at most.
    files = GenericRelation(StoredFile)
    video = models.ForeignKey(
        StoredFile, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("video")
    )
    voice = models.ForeignKey(
        StoredFile, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("voice message")
    )
    spoken = models.TextField(
        _("what is said"), max_length=2000, blank=True,
        help_text=_("For those who cannot hear it, and for the search."),
    )
    picture_count = models.PositiveSmallIntegerField(default=0, editable=False)
    reply_count = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(_("written"))
    edited_at = models.DateTimeField(_("edited at"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    hidden_at = models.DateTimeField(_("hidden"), null=True, blank=True)
    hidden_reason = models.CharField(_("reason"), max_length=200, blank=True)
    removed_at = models.DateTimeField(_("removed at"), null=True, blank=True)
    # What a double click sends twice is one post.
    token = models.CharField(max_length=32, blank=True, editable=False)

    class Meta:
        verbose_name = _("post in a space")
        verbose_name_plural = _("posts in spaces")
        indexes = [
            models.Index(fields=["removed_at"], condition=Q(removed_at__isnull=False), name="space_post_removed"),
        ]
        constraints = [
            models.CheckConstraint(name="space_post_reach_known", condition=Q(visibility__in=CHOSEN)),
            models.CheckConstraint(
                name="space_post_hidden_has_reason",
                condition=Q(hidden_at=None, hidden_reason="") | (Q(hidden_at__isnull=False) & ~Q(hidden_reason="")),
            ),
            models.UniqueConstraint(fields=["author", "token"], condition=~Q(token=""), name="space_post_once"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("spaces:post", args=[self.pk])

    @property
    def title(self) -> str:
        """Return the beginning of the text, or what there is instead of one."""
        first = next((line.strip() for line in (self.text or self.spoken).splitlines() if line.strip()), "")
        if first:
            return first if len(first) <= 60 else f"{first[:59]}…"
        if self.voice_id:
            return str(_("Voice message"))
        return str(_("Video") if self.video_id else _("Pictures"))


class SpaceReply(models.Model):
    """An answer under a post; replies are not answered in turn."""

    post = models.ForeignKey(SpacePost, on_delete=models.CASCADE, related_name="replies", verbose_name=_("post"))
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("author")
    )
    text = models.TextField(_("reply"), max_length=1000)
    created_at = models.DateTimeField(_("written"))
    hidden_at = models.DateTimeField(_("hidden"), null=True, blank=True)
    hidden_reason = models.CharField(_("reason"), max_length=200, blank=True)
    removed_at = models.DateTimeField(_("removed at"), null=True, blank=True)
    token = models.CharField(max_length=32, blank=True, editable=False)

    class Meta:
        verbose_name = _("reply in a space")
        verbose_name_plural = _("replies in spaces")
        indexes = [models.Index(fields=["post", "created_at", "id"], name="space_reply_in_order")]
        constraints = [
            models.CheckConstraint(
                name="space_reply_hidden_has_reason",
                condition=Q(hidden_at=None, hidden_reason="") | (Q(hidden_at__isnull=False) & ~Q(hidden_reason="")),
            ),
            models.UniqueConstraint(fields=["author", "token"], condition=~Q(token=""), name="space_reply_once"),
        ]

    def __str__(self) -> str:
        return self.text[:60]

    def get_absolute_url(self) -> str:
        """Return the address that leads to the page of the post on which the reply stands."""
        return f"{reverse('spaces:post', args=[self.post_id])}?reply={self.pk}"


class StreamEntry(ReachMixin):
    """One line of a node's stream: what happened, when, and where it is told in full."""

    kind = models.CharField(_("kind"), max_length=40)
    # What the entry stands for in its room; telling it again changes the entry and adds none.
    key = models.CharField(max_length=100, unique=True, editable=False)
    title = models.CharField(_("title"), max_length=200)
    words = models.CharField(_("words"), max_length=500, blank=True)
    url = models.CharField(_("address"), max_length=300, blank=True)
    at = models.DateTimeField(_("when"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name=_("by"),
    )
    audience = models.ForeignKey(
        Audience, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("audience")
    )
    post = models.OneToOneField(
        SpacePost, on_delete=models.CASCADE, null=True, blank=True, related_name="entry", verbose_name=_("post")
    )
    is_shown = models.BooleanField(_("shown"), default=True)

    class Meta:
        verbose_name = _("entry of a stream")
        verbose_name_plural = _("entries of streams")
        indexes = [models.Index(fields=["organization", "-at", "-id"], name="stream_newest")]
        constraints = [
            models.CheckConstraint(name="stream_reach_known", condition=Q(visibility__in=Reach.values)),
            models.CheckConstraint(
                name="stream_audience_belongs",
                condition=Q(audience=None) | Q(visibility=Reach.AUDIENCE),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class SpaceDocument(ReachMixin):
    """A paper that a node keeps at hand for its people, in a category that serves as its folder."""

    visibility = models.CharField(
        _("who may see it"), max_length=10, choices=[choice for choice in Reach.choices if choice[0] in CHOSEN],
        default=Reach.SPACE,
    )
    title = models.CharField(_("title"), max_length=120)
    category = models.CharField(
        _("category"), max_length=40, blank=True, help_text=_("Documents of one category stand together.")
    )
    note = models.CharField(_("note"), max_length=300, blank=True)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+", verbose_name=_("file"))
    kept_at = models.DateTimeField(_("kept since"))
    kept_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("kept by")
    )

    class Meta:
        verbose_name = _("document of a space")
        verbose_name_plural = _("documents of spaces")
        indexes = [models.Index(fields=["organization", "category", "-kept_at", "-id"], name="space_document_listed")]
        constraints = [
            models.CheckConstraint(name="space_document_reach_known", condition=Q(visibility__in=CHOSEN)),
            models.UniqueConstraint(fields=["file"], name="space_document_own_file"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return f"{reverse('spaces:documents', args=[self.organization_id])}#document-{self.pk}"


class SpaceFollow(models.Model):
    """A person who wants to be told once a day what is new in a space."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")

    class Meta:
        verbose_name = _("wish to be told of a space")
        verbose_name_plural = _("wishes to be told of spaces")
        constraints = [models.UniqueConstraint(fields=["user", "organization"], name="space_follow_once")]

    def __str__(self) -> str:
        return f"{self.user_id} · {self.organization_id}"
