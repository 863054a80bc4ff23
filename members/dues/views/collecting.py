"""Record what was paid: the chosen months of people, looked at once more before they are written."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from members.models import Member
from portal.organizations.models import Organization
from portal.web.views import add_refusal

from .. import services
from ..forms import AmountForm, CollectForm
from ..months import as_text, from_text, in_words, month_of
from ..queries.facts import facts_of
from ..queries.tables import month_of_node
from ..rules import amount_owed, owed_in
from .addressing import month_in, node_of
from .branches import address

LINES_MAX = 300


@dataclass(frozen=True, slots=True)
class Chosen:
    """One line of the page: a month of a person with the form of its amount."""

    person: Member
    month: date
    owed: Decimal | None
    form: AmountForm

    @property
    def label(self) -> str:
        return _("Amount paid by %(name)s for %(month)s") % {"name": self.person.name, "month": in_words(self.month)}

    @property
    def key(self) -> str:
        return f"{self.person.pk}.{as_text(self.month)}"


def collect(request: HttpRequest) -> HttpResponse:
    """Show the chosen months with what is owed, then record them: all, or none with every reason."""
    today = timezone.localdate()
    sent = request.POST if request.method == "POST" else request.GET
    branch = node_of(request.user, sent)
    keys = _keys(sent)
    if request.GET.get("all") and request.method != "POST":
        keys = [(row.pk, month_in(sent, today)) for row in month_of_node(branch, month_in(sent, today), on=today)
                if row.is_collectable]  # fmt: skip
    lines = chosen(branch, keys, sent if request.method == "POST" else None)
    form = CollectForm(request.POST or None, initial={"paid_on": today, "channel": "cash"})
    if request.method == "POST" and lines:
        fine = [line.form.is_valid() for line in lines]
        if form.is_valid() and all(fine):
            try:
                made = services.record_payments(
                    [services.Line(line.person.pk, line.month, line.form.cleaned_data["amount"]) for line in lines],
                    branch=branch, by=request.user, on=today, **form.cleaned_data,
                )  # fmt: skip
            except ValidationError as error:
                add_refusal(form, error)
            else:
                total = sum((row.amount for row in made), Decimal())
                words = ngettext(
                    "%(count)d payment of %(total)s yuan is recorded.",
                    "%(count)d payments of %(total)s yuan are recorded.",
                    len(made),
                )
                messages.success(request, words % {"count": len(made), "total": total})
                return redirect(address("receipt-list", branch, token=made[0].token))
    context = {
        "branch": branch,
        "lines": lines,
        "form": form,
        "total": sum((line.owed or Decimal() for line in lines), Decimal()),
        "back_url": address("month", branch, month=as_text(lines[0].month if lines else month_of(today))),
    }
    return render(
        request, "members/dues/collect.html", context, status=200 if lines or request.method != "POST" else 422
    )


def _keys(sent: QueryDict) -> list[tuple[int, date]]:
    """Read ``line=12.2026-11`` as often as it comes; what is none is left out. Raises ``Http404`` past a bound."""
    texts = dict.fromkeys(sent.getlist("line"))
    if len(texts) > LINES_MAX:
        raise Http404(_("Too many lines at once."))
    found = []
    for text in texts:
        person, _dot, month_text = text.partition(".")
        month = from_text(month_text)
        if month and person.isascii() and person.isdecimal() and len(person) < 19:
            found.append((int(person), month))
    return found


def chosen(branch: Organization, keys: list[tuple[int, date]], sent: QueryDict | None) -> list[Chosen]:
    """Return the lines that ``branch`` collects; of people and months that are not the branch's nothing is shown."""
    if not keys:
        return []
    months = [month for _person, month in keys]
    people_keys = {person for person, _month in keys}
    facts = facts_of(people_keys, min(months), max(months))
    people = {person.pk: person for person in Member.objects.with_person().filter(pk__in=people_keys)}
    found = []
    for pk, month in keys:
        if pk not in people or pk not in facts or owed_in(facts[pk], month) != branch.pk:
            continue
        owed = amount_owed(facts[pk], month)
        prefix = f"{pk}.{as_text(month)}"
        found.append(Chosen(people[pk], month, owed, AmountForm(sent, prefix=prefix, initial={"amount": owed})))
    return sorted(found, key=lambda line: (line.person.number, line.month))
