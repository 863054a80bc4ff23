"""Addresses of meetings; ``members.urls`` includes them."""

from django.urls import path

from .urls_session import urlpatterns as day
from .views import agenda, answers, calendars, circle, feeds, lists, papers, planning, seats, single, templates

app_name = "meetings"

urlpatterns = [
    path("", lists.meeting_list, name="meeting-list"),
    path("calendar/", calendars.meeting_calendar, name="meeting-calendar"),
    path("year/", calendars.meeting_year, name="meeting-year"),
    path("leave/", answers.leave_list, name="leave-list"),
    path("leave/<int:pk>/", answers.LeaveDecideView.as_view(), name="leave-decide"),
    path("answer/<str:token>/", answers.answer_by_link, name="answer-by-link"),
    path("held/", planning.HeldEnterView.as_view(), name="held-enter"),
    path("new/", planning.MeetingCreateView.as_view(), name="meeting-create"),
    path("templates/", templates.template_list, name="template-list"),
    path("templates/new/", templates.TemplateCreateView.as_view(), name="template-create"),
    path("templates/<int:pk>/edit/", templates.TemplateEditView.as_view(), name="template-edit"),
    path("templates/<int:pk>/switch/", templates.template_switch, name="template-switch"),
    path("feeds/", feeds.feed_list, name="feed-list"),
    path("feeds/new/", feeds.feed_make, name="feed-make"),
    path("feeds/<int:pk>/revoke/", feeds.feed_revoke, name="feed-revoke"),
    path("feeds/<str:token>.ics", feeds.feed, name="feed"),
    path("seats/", seats.remark_list, name="remark-list"),
    path("seats/new/", seats.RemarkCreateView.as_view(), name="remark-create"),
    path("seats/<int:pk>/end/", seats.remark_end, name="remark-end"),
    path("agenda/<int:pk>/edit/", agenda.AgendaEditView.as_view(), name="agenda-edit"),
    path("agenda/<int:pk>/move/<slug:way>/", agenda.agenda_move, name="agenda-move"),
    path("agenda/<int:pk>/remove/", agenda.agenda_remove, name="agenda-remove"),
    path("<int:pk>/", single.meeting_detail, name="meeting-detail"),
    path("<int:pk>/edit/", planning.MeetingEditView.as_view(), name="meeting-edit"),
    path("<int:pk>/convene/", single.MeetingConveneView.as_view(), name="meeting-convene"),
    path("<int:pk>/cancel/", single.MeetingCancelView.as_view(), name="meeting-cancel"),
    path("<int:pk>/answer/", answers.MeetingAnswerView.as_view(), name="meeting-answer"),
    path("<int:pk>/agenda/new/", agenda.AgendaCreateView.as_view(), name="agenda-create"),
    path("<int:pk>/leaders/", circle.LeadersView.as_view(), name="leaders"),
    path("<int:pk>/guests/new/", circle.GuestInviteView.as_view(), name="guest-invite"),
    path("guests/<int:pk>/withdraw/", circle.guest_withdraw, name="guest-withdraw"),
    path("<int:pk>/papers/<int:file>/remove/", papers.paper_remove, name="paper-remove"),
    *day,
]
