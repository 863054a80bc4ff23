"""How minutes are found by the portal's search: sealed ones, with what was added to them."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from portal.extensions.registry import SearchSource, search_sources

from .models import Minutes
from .papers import title_of
from .queries.finding import readable

CODE = "minutes"


def title(minutes: Minutes) -> str:
    return f"{minutes.title} {title_of(minutes.kind)}"


def text(minutes: Minutes) -> str:
    """Return all that was said in the minutes, without who was there or absent: that is asked by person."""
    facts = minutes.facts
    words = [minutes.decisions, minutes.dissent, minutes.remarks]
    words += [f"{row['person']} {row['gist']}" for row in minutes.speeches]
    words += [f"{row['title']} {row['words']}" for row in facts.get("agenda", ())]
    words += [row["words"] for row in facts.get("resolutions", ())]
    words += [row["title"] for row in facts.get("votes", ())]
    words += [facts.get("organization", ""), facts.get("place", "")]
    words += minutes.addenda.values_list("words", flat=True)
    return " \n ".join(word for word in words if word)


def _at(minutes: Minutes) -> datetime | None:
    # What is not sealed is found by nobody.
    return minutes.held_at if minutes.is_sealed else None


def register() -> None:
    search_sources.register(
        SearchSource(
            code=CODE,
            label=_("Minutes"),
            model="minutes.Minutes",
            title=title,
            text=text,
            url=lambda minutes: minutes.get_absolute_url(),
            at=_at,  # type: ignore[arg-type]
            order=40,
            readable=readable,
        )
    )
