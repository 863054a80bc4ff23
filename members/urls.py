"""Addresses of people; the sub-apps of the room hang below their own prefixes."""

from django.urls import include, path

from .views import keeping, own, people

app_name = "members"

urlpatterns = [
    path("", people.member_list, name="member-list"),
    path("export/", people.member_export, name="member-export"),
    path("new/", keeping.MemberCreateView.as_view(), name="member-create"),
    path("me/", own.my_record, name="my-record"),
    path("me/open/", own.my_record_open, name="my-record-open"),
    path("me/correction/", own.CorrectionAskView.as_view(), name="correction-ask"),
    path("corrections/", keeping.CorrectionListView.as_view(), name="correction-list"),
    path("corrections/<int:pk>/answer/", keeping.CorrectionAnswerView.as_view(), name="correction-answer"),
    path("documents/<int:pk>/remove/", keeping.document_remove, name="document-remove"),
    path("<int:pk>/", people.member_detail, name="member-detail"),
    path("<int:pk>/edit/", keeping.MemberEditView.as_view(), name="member-edit"),
    path("<int:pk>/place/", keeping.MemberPlaceView.as_view(), name="member-place"),
    path("<int:pk>/photo/", keeping.MemberPhotoView.as_view(), name="member-photo"),
    path("<int:pk>/documents/new/", keeping.DocumentCreateView.as_view(), name="document-create"),
    path("<int:pk>/reveal/<slug:field>/", keeping.MemberRevealView.as_view(), name="member-reveal"),
    path("development/", include("members.development.urls")),
    path("recruitment/", include("members.recruitment.urls")),
    path("transfers/", include("members.transfers.urls")),
    path("dues/", include("members.dues.urls")),
    path("activities/", include("members.activities.urls")),
    path("votes/", include("members.votes.urls")),
    path("obligations/", include("members.obligations.urls")),
    path("meetings/", include("members.meetings.urls")),
    path("minutes/", include("members.minutes.urls")),
    path("help/", include("members.help.urls")),
    path("appraisals/", include("members.appraisals.urls")),
]
