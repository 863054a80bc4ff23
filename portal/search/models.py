"""The index: one row per part of a text, found by its tokens and shown only through its model's policy."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class SearchEntry(models.Model):
    """A text, or a part of a long one, that can be found.

    ``tokens`` is what is searched: the migration lays an FTS5 table over it on SQLite and a ``tsvector`` index on
    PostgreSQL.
    """

    source = models.CharField(_("kind"), max_length=40)
    object_id = models.BigIntegerField()
    part = models.PositiveSmallIntegerField(default=0)
    at = models.DateTimeField()
    title = models.CharField(max_length=300)
    url = models.CharField(max_length=300)
    text = models.TextField(blank=True)
    tokens = models.TextField(blank=True)

    class Meta:
        verbose_name = _("search entry")
        verbose_name_plural = _("search entries")
        indexes = [models.Index(fields=["-at", "-id"], name="search_entry_newest")]
        constraints = [
            models.UniqueConstraint(fields=["source", "object_id", "part"], name="search_entry_one_per_part"),
        ]

    def __str__(self) -> str:
        return self.title
