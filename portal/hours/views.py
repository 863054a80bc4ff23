"""My hours by year with their totals, those of a person in one's care, and taking an entry back."""

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST
from django.views.generic import FormView

from portal.access.policy import fetch, with_power
from portal.imports.exports import workbook_response
from portal.web.pagination import numbered_page
from portal.web.views import ServiceFormMixin, refused

from . import services
from .forms import AnnulForm
from .models import HourEntry
from .policies import people_read
from .queries import annulled_of, in_words, shown_to, totals_by_year

ANNULLED_SHOWN = 20


@require_GET
def my_hours(request: HttpRequest) -> HttpResponse:
    """Show one's own hours: totals of every year, and the entries of one."""
    context = _page(request, request.user.pk) | {"person": None, "address": reverse("hours:my-hours")}
    return render(request, "portal/hours/my_hours.html", context)


@require_POST
def my_hours_export(request: HttpRequest) -> HttpResponse:
    """Send one's own entries as a workbook, of one year if the form says which."""
    rows = shown_to(request.user, request.user.pk)
    if year := _year(request.POST.get("year", "")):
        rows = rows.filter(on__year=year)
    taken = services.hours_workbook(rows, person=request.user, by=request.user)
    names = [request.user.name, _("My hours"), *([year] if year else [])]
    return workbook_response(taken, *names, on=timezone.localdate())


@require_GET
def person_hours(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the hours of somebody whose learning or archive one sees; of others there is no such page."""
    person = people_read(request.user).filter(pk=pk).first()
    if person is None:
        raise Http404
    context = _page(request, person.pk) | {"person": person, "address": reverse("hours:person-hours", args=[person.pk])}
    return render(request, "portal/hours/person_hours.html", context)


def _page(request: HttpRequest, person_id: int) -> dict[str, Any]:
    rows = shown_to(request.user, person_id)
    years = totals_by_year(rows)
    wanted = _year(request.GET.get("year", ""))
    year = wanted if wanted in {row.year for row in years} else (years[0].year if years else None)
    shown = rows.filter(on__year=year) if year else rows
    page = numbered_page(request, with_power(shown.select_related("organization"), request.user, "annul"))
    annulled = list(annulled_of(request.user, person_id)[:ANNULLED_SHOWN])
    for entry in [*page.object_list, *annulled]:
        entry.words = in_words(entry.minutes)
    return {
        "years": years,
        "year": year,
        "page": page,
        "annulled": annulled,
        "totals": next((row.totals for row in years if row.year == year), []),
    }


def _year(text: str) -> int | None:
    """Read a year of the address; anything else is none."""
    return int(text) if len(text) == 4 and text.isascii() and text.isdecimal() and date.min.year <= int(text) else None


class EntryAnnulView(ServiceFormMixin, FormView):
    """Take an entry back with words; the row stays, and counts no more."""

    form_class, template_name = AnnulForm, "portal/hours/entry_annul.html"
    success_message = gettext_lazy("The entry is annulled.")

    def dispatch(self, request: HttpRequest, *args: Any, pk: int) -> HttpResponse:
        rows = HourEntry.objects.select_related("person", "organization")
        self.entry = fetch(request.user, "annul", HourEntry, queryset=rows, pk=pk)
        if self.entry.annulled_at is not None:
            return refused(request, [_("This entry is annulled already.")])
        return super().dispatch(request, *args, pk=pk)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        effects = [
            _("%(duration)s of %(name)s count no longer.")
            % {"duration": in_words(self.entry.minutes), "name": self.entry.person.name},
            _("The entry, your name and your words stay in the trail."),
        ]
        return super().get_context_data(**kwargs) | {"entry": self.entry, "effects": effects}

    def perform(self, words: str) -> int:
        return services.annul_hours(services.only(self.entry), words=words, by=self.request.user)

    def get_success_url(self) -> str:
        return f"{reverse('hours:person-hours', args=[self.entry.person_id])}?year={self.entry.on.year}"
