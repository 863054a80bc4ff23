"""Addresses of the day of a meeting; ``urls`` takes them in."""

from django.urls import path

from .views import check_in, roll, session

urlpatterns = [
    path("<int:pk>/session/", session.session, name="session"),
    path("<int:pk>/session/live/", session.session_live, name="session-live"),
    path("<int:pk>/session/code/", session.session_code, name="session-code"),
    path("<int:pk>/session/open/", session.session_open, name="session-open"),
    path("<int:pk>/session/close/", session.session_close, name="session-close"),
    path("<int:pk>/session/items/<int:item>/take-up/", session.session_item, {"verb": "take-up"}, name="item-take-up"),
    path("<int:pk>/session/items/<int:item>/finish/", session.session_item, {"verb": "finish"}, name="item-finish"),
    path("<int:pk>/check-in/", check_in.check_in, name="check-in"),
    path("<int:pk>/check-in/later/", check_in.check_in_later, name="check-in-later"),
    # Short, because it stands in the picture on the screen.
    path("<int:pk>/in/<slug:code>/", check_in.check_in_scan, name="check-in-scan"),
    path("<int:pk>/roll/", roll.roll, name="roll"),
    path("<int:pk>/roll/export/", roll.roll_export, name="roll-export"),
    path("<int:pk>/roll/<int:person>/make-up/", roll.AttendanceMakeUpView.as_view(), name="attendance-make-up"),
    path("<int:pk>/remarks/", roll.note_list, name="note-list"),
]
