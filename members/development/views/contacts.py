"""Cultivation contacts: whom one accompanies, and for secretaries who accompanies whom."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from members.models import Member
from portal.access.policy import fetch
from portal.access.rights import rights_of
from portal.organizations.duties import Duty
from portal.web.pagination import numbered_page
from portal.web.refusals import RuleError
from portal.web.views import add_refusal, refused

from .. import services
from ..forms import ContactForm
from ..models import CultivationContact
from ..queries.contacts import accompanied_by, cultivated, past_contacts


@require_GET
def contact_list(request: HttpRequest) -> HttpResponse:
    """Show the people in the secretary's care with their contacts, and those the reader accompanies."""
    words = request.GET.get("words", "").replace("\x00", "").strip()[:60]
    people = cultivated(request.user, words=words, without=bool(request.GET.get("without")))
    context = {
        "may_assign": rights_of(request.user).holds(Duty.ASSIGN_CONTACTS),
        "page": numbered_page(request, people),
        "mine": list(accompanied_by(request.user)),
        "words": words,
        "without": bool(request.GET.get("without")),
    }
    return render(request, "members/development/contact_list.html", context)


def contact_assign(request: HttpRequest, pk: int) -> HttpResponse:
    """Name a contact for a person."""
    person = cultivated(request.user).filter(pk=pk).first()
    if person is None:
        raise Http404
    words = request.GET.get("words", "").replace("\x00", "").strip()[:60]
    form = ContactForm(
        request.POST or None, by=request.user, person=person, words=words, initial={"since": timezone.localdate()}
    )
    if request.method == "POST" and form.is_valid():
        contact: Member = form.cleaned_data["contact"]
        try:
            services.assign_contact(person, contact, by=request.user, on=form.cleaned_data["since"])
        except ValidationError as error:
            add_refusal(form, error)
        else:
            messages.success(request, _("%(name)s has been told of the assignment.") % {"name": contact.name})
            return redirect("members:development:contact-assign", pk)
    context = {
        "person": person,
        "form": form,
        "words": words,
        "past": list(past_contacts(person, timezone.localdate())),
    }
    return render(request, "members/development/contact_assign.html", context)


def contact_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, then end an assignment."""
    rows = CultivationContact.objects.select_related("person__user", "contact__user")
    row = fetch(request.user, "change", CultivationContact, queryset=rows, pk=pk)
    if request.method == "POST":
        try:
            services.end_contact(row, by=request.user, on=timezone.localdate())
        except RuleError as error:
            return refused(request, error.messages)
        messages.success(request, _("The assignment has ended."))
        return redirect("members:development:contact-assign", row.person_id)
    return render(request, "members/development/contact_end.html", {"row": row})
