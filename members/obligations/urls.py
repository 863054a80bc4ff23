"""Addresses of the duties of organizational life; ``members.urls`` includes them."""

from django.urls import path

from .views import absences, boards, duties, waivers, years

app_name = "obligations"

urlpatterns = [
    path("", boards.board, name="board"),
    path("export/", boards.board_export, name="board-export"),
    path("pulse/", boards.pulse, name="pulse"),
    path("waivers/<int:pk>/revoke/", waivers.WaiverRevokeView.as_view(), name="waiver-revoke"),
    path("nodes/<int:pk>/", years.year, name="year"),
    path("nodes/<int:pk>/absences/", absences.absence_list, name="absence-list"),
    path("nodes/<int:pk>/<slug:kind>/<str:period>/", duties.duty, name="duty"),
    path("nodes/<int:pk>/<slug:kind>/<str:period>/lecture/", duties.lecture_mark, name="lecture-mark"),
    path("nodes/<int:pk>/<slug:kind>/<str:period>/waive/", waivers.WaiverCreateView.as_view(), name="waiver-create"),
]
