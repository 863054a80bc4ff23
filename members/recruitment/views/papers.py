"""The papers of a case, of a batch and of a month: what is in the file, what is missing, and what can be printed."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from portal.access.policy import fetch, scope
from portal.accounts.models import User
from portal.documents.registry import papers
from portal.documents.responses import paper_response
from portal.documents.services import Format, sheet_of
from portal.documents.sheets import plain
from portal.organizations.models import Organization
from portal.rulesets.words import article_words
from portal.web.views import refused

from ..engine.steps import STAGE_LABELS, STEPS, Stage, Step, cite, steps_of
from ..engine.vocabulary import KIND_LABELS, PAPER_LABELS
from ..forms.papers import FilingListForm
from ..models import Batch, Case, Paper
from ..papers.filling.left import Line, lines_of, own_codes
from ..papers.filling.table import fill_shared, find
from ..queries import boards
from ..queries.files import CaseFile, file_of
from ..queries.lists import SHARED, Taken, agreed, decided_in, people_of_batch, shared_papers
from ..queries.own import own_case_of
from ..services.papers import take_list, take_paper
from .boards import node_of, tabs_of

PREFIX = "recruitment."
_UNSAFE = re.compile(r'[\\/:*?"<>|\s]+')
_NAME_MAX = 80


@dataclass(frozen=True, slots=True)
class Row:
    """A paper as the table of a case shows it; ``code`` and ``record`` name what the buttons print."""

    label: Any
    note: str
    on: date | None
    state: str
    tone: str
    code: str
    record: int | None
    scan: Any = None


@dataclass(frozen=True, slots=True)
class Part:
    """A step with its papers."""

    step: Step
    article: str
    rows: tuple[Row, ...]


def title_of(code: str) -> Any:
    paper = papers.get(PREFIX + code)
    return paper.title if paper else code


def file_name(*words: str) -> str:
    """Return a name that every system takes for a file, in the language of its words."""
    return _UNSAFE.sub("_", plain("-".join(filter(None, words)))).strip("_.")[:_NAME_MAX] or "paper"


@require_GET
def case_papers(request: HttpRequest, pk: int) -> HttpResponse:
    """Show every paper of a case by step: filed, missing, or to be printed."""
    case = _case(request, pk)
    file = file_of(case, on=timezone.localdate())
    filed = scope(request.user, "view", Paper).filter(record__case=case, file__isnull=False).select_related("file")
    scans = {paper.pk: paper.file for paper in filed}
    lines = {step.code: lines_of(file, step.code) for step in steps_of(case.edition)}
    every = [line for found in lines.values() for line in found]
    context = {
        "case": case,
        "stages": _stages(file, lines, scans),
        "filed": sum(line.document is not None for line in every),
        "missing": [line for line in every if line.is_missing],
        "index_code": "dossier_index",
        "formats": _formats(),
    }
    return render(request, "members/recruitment/case_papers.html", context)


def _stages(
    file: CaseFile, lines: Mapping[str, list[Line]], scans: Mapping[int, Any]
) -> list[tuple[Any, list[Part]]]:
    found: dict[Stage, list[Part]] = {}
    for code, there in lines.items():
        if there:
            step = STEPS[code]
            rows = tuple(_row(line, scans) for line in there if line.code != "dossier_index")
            part = Part(step, article_words(cite(file.case.edition, step.article)), rows)
            if rows:
                found.setdefault(step.stage, []).append(part)
    return [(STAGE_LABELS[stage], parts) for stage, parts in found.items()]


def _row(line: Line, scans: Mapping[int, Any]) -> Row:
    label = PAPER_LABELS[line.kind] if line.kind else title_of(line.code)
    note = str(KIND_LABELS[line.record.kind]) if line.record else ""
    state, tone = _state(line)
    return Row(
        label=label,
        note=note if note != str(label) else "",
        on=line.on,
        state=state,
        tone=tone,
        code=line.code,
        record=line.record.key if line.record else None,
        scan=scans.get(line.document.key) if line.document else None,
    )


def _state(line: Line) -> tuple[str, str]:
    if line.document:
        signed = line.document.is_signed
        return (_("in the file, signed"), "success") if signed else (_("in the file, not signed"), "waiting")
    if line.is_missing:
        return _("not in the file"), "warning"
    return _("to be printed"), "neutral"


@require_POST
def paper_download(request: HttpRequest, pk: int, code: str, format: str) -> HttpResponse:
    """Send one paper of a case; of several records the one named, else the latest."""
    case = _case(request, pk)
    return _send(file_of(case, on=timezone.localdate()), code, format, by=request.user, record=_record(request))


def own_paper_response(user: User, code: str, format: str) -> HttpResponse:
    """Send candidates a paper that is theirs; every other, and whoever has no case, is told that there is none."""
    case = own_case_of(user)
    if case is None:
        raise Http404
    file = file_of(case, on=timezone.localdate())
    if code not in own_codes(file):
        raise Http404
    return _send(file, code, format, by=user)


def own_papers_to_print(user: User) -> list[dict[str, Any]]:
    """Return what the page of the own way offers to print: title and address by format."""
    case = own_case_of(user)
    if case is None:
        return []
    return [
        {
            "title": title_of(code),
            "urls": [
                (label, reverse("members:recruitment:own-paper", args=[code, kind])) for kind, label in _formats()
            ],
        }
        for code in own_codes(file_of(case, on=timezone.localdate()))
    ]


@require_POST
def own_paper(request: HttpRequest, code: str, format: str) -> HttpResponse:
    """Send one of the own papers."""
    return own_paper_response(request.user, code, format)


def _send(file: CaseFile, code: str, format: str, *, by: User, record: int | None = None) -> HttpResponse:
    kind, line = _format(format), find(file, code, record)
    if line is None:
        raise Http404
    facts = take_paper(file, line, format=kind, by=by)
    name = file_name(file.person.user.name, sheet_of(PREFIX + code, facts).title)
    return paper_response(PREFIX + code, facts, format=kind, name=name)


@require_POST
def batch_paper(request: HttpRequest, pk: int, code: str, format: str) -> HttpResponse:
    """Send the paper that names everybody of one meeting, list, notice or ceremony."""
    rows = Batch.objects.select_related("organization")
    batch = fetch(request.user, "view", Batch, queryset=rows, pk=pk)
    taken = people_of_batch(request.user, batch, on=timezone.localdate())
    if code not in shared_papers(taken):
        raise Http404
    return _send_shared(request, code, format, agreed(taken), issuer=batch.organization.name, on=batch.on)


def batch_papers(batch: Batch, kind: str) -> list[dict[str, Any]]:
    """Return what the page of a batch of such records offers to print: title and address by format."""
    return [
        {
            "title": title_of(code),
            "urls": [
                (label, reverse("members:recruitment:batch-paper", args=[batch.pk, code, ending]))
                for ending, label in _formats()
            ],
        }
        for code in SHARED.get((batch.step, kind), ())
    ]


@require_GET
def filing_list(request: HttpRequest) -> HttpResponse:
    """Show whom a branch decided on in a month, to be sent to the superior as a list."""
    today = timezone.localdate()
    node = node_of(request.user, request.GET)
    form = FilingListForm(request.GET, node=node, around=boards.around(request.user, node), on=today)
    taken = _listed(request, form, node, on=today) if form.is_valid() else []
    context = {
        "form": form,
        "node": node,
        "tabs": tabs_of(node, "filing-list"),
        "asked": form.data,
        "rows": [(file.case, fact.on) for file, fact in taken],
        "formats": _formats(),
    }
    return render(request, "members/recruitment/filing_list.html", context, status=200 if form.is_valid() else 400)


@require_POST
def filing_download(request: HttpRequest, format: str) -> HttpResponse:
    """Send the filing list of a month."""
    today = timezone.localdate()
    node = node_of(request.user, request.POST)
    form = FilingListForm(request.POST, node=node, around=boards.around(request.user, node), on=today)
    if not form.is_valid():
        return refused(request, [_("Choose a list and a month that are offered.")])
    taken = _listed(request, form, node, on=today)
    month, code = f"{form.cleaned_data['month']:%Y-%m}", form.cleaned_data["list"]
    return _send_shared(request, code, format, taken, issuer=node.name, on=today, note=month)


def _listed(request: HttpRequest, form: FilingListForm, node: Organization, *, on: date) -> Taken:
    return decided_in(request.user, form.cleaned_data["list"], node, form.cleaned_data["month"], on=on)


def _send_shared(
    request: HttpRequest, code: str, format: str, taken: Taken, *, issuer: str, on: date, note: str = ""
) -> HttpResponse:
    kind = _format(format)
    if not taken:
        return refused(request, [_("Nobody is on this list.")])
    facts = fill_shared(code, taken, issuer=issuer, on=on)
    take_list(code, (file for file, _fact in taken), format=kind, by=request.user)
    name = file_name(issuer, sheet_of(PREFIX + code, facts).title, note)
    return paper_response(PREFIX + code, facts, format=kind, name=name)


def _case(request: HttpRequest, pk: int) -> Case:
    return fetch(request.user, "view", Case, queryset=Case.objects.with_people(), pk=pk)


def _record(request: HttpRequest) -> int | None:
    """Return the key of the record that the button named."""
    text = request.POST.get("record", "")
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) < 19):
        raise BadRequest(f"no record is called {text!r:.40}")
    return int(text)


def _format(text: str) -> Format:
    try:
        return Format(text)
    except ValueError as error:
        raise Http404 from error


def _formats() -> tuple[tuple[str, str], ...]:
    return ((Format.PDF.value, "PDF"), (Format.DOCX.value, "Word"))
