"""Addresses of activities; ``members.urls`` includes them."""

from django.urls import path

from .views import approving, contests, desk, lists, own, planning

app_name = "activities"

urlpatterns = [
    path("", lists.activity_list, name="activity-list"),
    path("new/", planning.ActivityCreateView.as_view(), name="activity-create"),
    path("approvals/", approving.approval_list, name="approval-list"),
    path("approvals/rules/<int:pk>/", approving.RuleView.as_view(), name="rule-edit"),
    path("contributions/<int:pk>/", contests.contribution_detail, name="contribution-detail"),
    path("<int:pk>/", lists.activity_detail, name="activity-detail"),
    path("<int:pk>/results/", lists.results, name="results"),
    path("<int:pk>/edit/", planning.ActivityEditView.as_view(), name="activity-edit"),
    path("<int:pk>/submit/", planning.ActivitySubmitView.as_view(), name="activity-submit"),
    path("<int:pk>/discard/", planning.ActivityDiscardView.as_view(), name="activity-discard"),
    path("<int:pk>/adjust/", planning.ActivityAdjustView.as_view(), name="activity-adjust"),
    path("<int:pk>/cancel/", planning.ActivityCancelView.as_view(), name="activity-cancel"),
    path("<int:pk>/decide/", approving.ActivityDecideView.as_view(), name="activity-decide"),
    path("<int:pk>/enrol/", own.EnrolView.as_view(), name="enrol"),
    path("<int:pk>/withdraw/", own.WithdrawView.as_view(), name="withdraw"),
    path("<int:pk>/team/", own.TeamView.as_view(), name="team-change"),
    path("<int:pk>/contribution/", own.ContributeView.as_view(), name="contribute"),
    path("<int:pk>/scores/", contests.score_sheet, name="score-sheet"),
    path("<int:pk>/scores/close/", contests.scores_close, name="scores-close"),
    path("<int:pk>/vote/open/", contests.vote_open, name="vote-open"),
    path("<int:pk>/vote/close/", contests.vote_close, name="vote-close"),
    path("<int:pk>/desk/", desk.activity_desk, name="activity-desk"),
    path("<int:pk>/attendance/", desk.attendance, name="attendance"),
    path("<int:pk>/enrolment/close/", desk.enrolment_close, name="enrolment-close"),
    path("<int:pk>/enrolment/reopen/", desk.enrolment_reopen, name="enrolment-reopen"),
    path("<int:pk>/export/", desk.export, name="activity-export"),
    path("<int:pk>/pictures/", desk.PicturesView.as_view(), name="pictures"),
    path("<int:pk>/pictures/<int:picture>/remove/", desk.PictureRemoveView.as_view(), name="picture-remove"),
    path("<int:pk>/finish/", desk.FinishView.as_view(), name="activity-finish"),
]
