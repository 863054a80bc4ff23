"""The front page, the workbench and the guides."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.generic import TemplateView

from . import queries


@method_decorator(login_not_required, name="dispatch")
class LandingView(TemplateView):
    """The public front page: what the rooms show to whoever comes by."""

    template_name = "portal/home/landing.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        return super().get_context_data(
            **kwargs,
            main_blocks=queries.landing(user, "main"),
            side_blocks=queries.landing(user, "side"),
        )


class WorkbenchView(TemplateView):
    """What waits for me, from all rooms, with its due dates; and the doors to my work."""

    template_name = "portal/home/workbench.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        today = timezone.localdate()
        groups = queries.desk(user, on=today)
        return super().get_context_data(
            **kwargs,
            today=today,
            groups=groups,
            waiting=sum(entry.group.count for entry in groups),
            guides=queries.guides_for(user),
        )


class GuideListView(TemplateView):
    template_name = "portal/home/guide_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, guides=queries.guides_for(self.request.user))


class GuideView(TemplateView):
    """One guide, for those it is written for."""

    template_name = "portal/home/guide.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        guide = next((entry for entry in queries.guides_for(self.request.user) if entry.code == kwargs["code"]), None)
        if guide is None:
            raise Http404
        return super().get_context_data(**kwargs, guide=guide)
