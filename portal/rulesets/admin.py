"""The university's own layer of rules and the calendar, in the administration; both are written by services."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from portal.access.admin import site
from portal.access.admin_forms import ServiceModelAdmin
from portal.access.policy import duty_scope
from portal.organizations.duties import Duty

from . import words
from .forms import CalendarYearForm, RuleSettingForm
from .models import CalendarYear, RuleSetting
from .policies import keeps_for_all


@admin.register(RuleSetting, site=site)
class RuleSettingAdmin(ServiceModelAdmin):
    """What was set beside the national values; a first save shows what the amount would change, a second writes it."""

    form = RuleSettingForm
    change_form_before_template = "admin/rulesets/rulesetting/_preview.html"
    list_display = ("shown_rule", "shown_edition", "shown_amount", "shown_law", "organization", "by", "at")
    list_display_links = ("shown_rule",)
    list_filter = ("edition",)
    list_select_related = ("organization", "by")
    search_fields = ("code", "words")
    autocomplete_fields = ("organization",)
    ordering = ("edition", "code", "organization__path")
    actions = None

    def get_fields(self, request: HttpRequest, obj: RuleSetting | None = None) -> tuple[str, ...]:
        if obj is None:
            return ("value", "organization", "amount", "words")
        return ("shown_rule", "shown_edition", "organization", "shown_law", "amount", "words")

    def get_readonly_fields(self, request: HttpRequest, obj: RuleSetting | None = None) -> tuple[str, ...]:
        return ("shown_rule", "shown_edition", "organization", "shown_law") if obj else ()

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        # The rule comes with the form, not with the model.
        kwargs["fields"] = ("amount", "words") if obj else ("organization", "amount", "words")
        return super().get_form(request, obj, change=change, **kwargs)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Begin with the rule named in the address and the topmost node for which one may set it."""
        top = duty_scope(request.user, Duty.KEEP_RULES).order_by("path").first()
        return {"value": request.GET.get("value", ""), "organization": top.pk if top else None}

    def choice_action(self, field_name: str) -> str:
        return "set_rules" if field_name == "organization" else "view"

    @display(description=_("rule"), ordering="code")
    def shown_rule(self, obj: RuleSetting) -> str:
        return str(words.label(obj.code))

    @display(description=_("edition"), ordering="edition")
    def shown_edition(self, obj: RuleSetting) -> str:
        return str(words.EDITION_TITLES.get(obj.edition, obj.edition))

    @display(description=_("amount"))
    def shown_amount(self, obj: RuleSetting) -> str:
        return words.amount_words(obj.value, obj.amount) if obj.value else str(obj.amount)

    @display(description=_("national text"))
    def shown_law(self, obj: RuleSetting) -> str:
        if obj.value is None:
            return str(_("This edition does not know the rule."))
        return words.law_words(obj.value)


@admin.register(CalendarYear, site=site)
class CalendarYearAdmin(ServiceModelAdmin):
    """The years whose working days are kept; the days come by file and replace those kept before."""

    form = CalendarYearForm
    list_display = ("year", "is_announced", "day_count", "source", "by", "at")
    list_select_related = ("by",)
    ordering = ("-year",)
    actions = None

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return keeps_for_all(request.user)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return keeps_for_all(request.user)

    def get_queryset(self, request: HttpRequest) -> QuerySet[CalendarYear]:
        return super().get_queryset(request).annotate(day_count=Count("days")).prefetch_related("days")

    def get_fields(self, request: HttpRequest, obj: CalendarYear | None = None) -> tuple[str, ...]:
        if obj is None:
            return ("year", "is_announced", "source", "file")
        return ("year", "is_announced", "source", "file", "shown_days")

    def get_readonly_fields(self, request: HttpRequest, obj: CalendarYear | None = None) -> tuple[str, ...]:
        return ("year", "shown_days") if obj else ()

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        # The file comes with the form, not with the model.
        kwargs["fields"] = ("is_announced", "source") if obj else ("year", "is_announced", "source")
        return super().get_form(request, obj, change=change, **kwargs)

    @display(description=_("days"), ordering="day_count")
    def day_count(self, obj: CalendarYear) -> int:
        return obj.day_count

    @display(description=_("days kept"))
    def shown_days(self, obj: CalendarYear) -> SafeString:
        rows = ((f"{day.day:%Y-%m-%d}", day.get_kind_display(), day.name) for day in obj.days.all())
        return format_html_join("", "<div>{} {} {}</div>", rows)
