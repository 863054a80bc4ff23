"""Boards, threads and posts, with counters kept in the same transaction so that no page has to count."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal.audiences.models import AudienceMixin
from portal.organizations.models import Organization


class Board(AudienceMixin):
    """A place for threads: of the whole university, or of one organization and its audience."""

    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", verbose_name=_("kept by organization")
    )
    name = models.CharField(_("name of the board"), max_length=60)
    slug = models.SlugField(_("address"), max_length=60, unique=True, help_text=_("Letters, digits and hyphens."))
    description = models.CharField(_("what it is for"), max_length=200, blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=100)
    is_open = models.BooleanField(_("takes new threads and replies"), default=True)
    thread_count = models.PositiveIntegerField(_("threads"), default=0, editable=False)
    post_count = models.PositiveIntegerField(_("posts"), default=0, editable=False)
    last_post_at = models.DateTimeField(_("latest post"), null=True, editable=False)

    class Meta:
        verbose_name = _("board")
        verbose_name_plural = _("boards")
        ordering = ["order", "pk"]
        constraints = [
            models.CheckConstraint(
                name="board_audience_named",
                condition=~Q(visibility="audience") | Q(audience__isnull=False),
                violation_error_message=_("Choose the audience of the board."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Thread(models.Model):
    """A conversation on a board. A hidden thread is seen by moderators alone."""

    board = models.ForeignKey(Board, on_delete=models.PROTECT, related_name="threads", verbose_name=_("board"))
    title = models.CharField(_("title"), max_length=120)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("author")
    )
    created_at = models.DateTimeField(_("started"))
    last_post_at = models.DateTimeField(_("latest post"))
    last_poster = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("latest post by")
    )
    post_count = models.PositiveIntegerField(_("posts"), default=0)
    is_pinned = models.BooleanField(_("pinned"), default=False)
    is_locked = models.BooleanField(_("locked"), default=False)
    hidden_at = models.DateTimeField(_("hidden"), null=True, blank=True)
    # What a double click sends twice is one thread.
    token = models.CharField(max_length=32, blank=True, editable=False)

    class Meta:
        verbose_name = _("thread")
        verbose_name_plural = _("threads")
        indexes = [
            models.Index(fields=["board", "-is_pinned", "-last_post_at", "-id"], name="thread_newest"),
        ]
        constraints = [
            models.CheckConstraint(name="thread_dates_in_order", condition=Q(last_post_at__gte=F("created_at"))),
            models.UniqueConstraint(fields=["author", "token"], condition=~Q(token=""), name="thread_once_per_form"),
        ]

    def __str__(self) -> str:
        return self.title


class Post(models.Model):
    """One contribution; ``number`` counts from 1 within the thread and gives the page it stands on."""

    thread = models.ForeignKey(Thread, on_delete=models.PROTECT, related_name="posts", verbose_name=_("thread"))
    number = models.PositiveIntegerField(_("number"))
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("author")
    )
    body = models.TextField(_("text"), max_length=20_000)
    body_html = models.TextField(editable=False)
    created_at = models.DateTimeField(_("written"))
    edited_at = models.DateTimeField(_("edited at"), null=True, blank=True)
    hidden_at = models.DateTimeField(_("hidden"), null=True, blank=True)
    hidden_reason = models.CharField(_("reason"), max_length=200, blank=True)
    token = models.CharField(max_length=32, blank=True, editable=False)

    class Meta:
        verbose_name = _("forum post")
        verbose_name_plural = _("forum posts")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["thread", "number"], name="post_one_per_number"),
            models.UniqueConstraint(fields=["author", "token"], condition=~Q(token=""), name="post_once_per_form"),
            models.CheckConstraint(name="post_number_from_one", condition=Q(number__gte=1)),
            models.CheckConstraint(
                name="post_hidden_has_reason",
                condition=Q(hidden_at=None, hidden_reason="") | Q(hidden_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.thread} #{self.number}"


class ReadMark(models.Model):
    """How far a person has read a thread."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="read_marks")
    number = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("read mark")
        verbose_name_plural = _("read marks")
        constraints = [models.UniqueConstraint(fields=["user", "thread"], name="read_mark_one_per_thread")]

    def __str__(self) -> str:
        return f"{self.user_id} · {self.thread_id} · {self.number}"


class BoardMark(models.Model):
    """Everything on a board up to this moment counts as read by a person."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    board = models.ForeignKey(Board, on_delete=models.CASCADE, related_name="marks")
    read_at = models.DateTimeField()

    class Meta:
        verbose_name = _("board mark")
        verbose_name_plural = _("board marks")
        constraints = [models.UniqueConstraint(fields=["user", "board"], name="board_mark_one_per_board")]

    def __str__(self) -> str:
        return f"{self.user_id} · {self.board_id}"


class Subscription(models.Model):
    """A person who wants to be told of new posts in a thread."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="subscriptions")

    class Meta:
        verbose_name = _("subscription")
        verbose_name_plural = _("subscriptions")
        constraints = [models.UniqueConstraint(fields=["user", "thread"], name="subscription_one_per_thread")]

    def __str__(self) -> str:
        return f"{self.user_id} · {self.thread_id}"
