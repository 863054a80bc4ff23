"""Addresses of the appraisal; ``members.urls`` includes them."""

from django.urls import path

from .views import gathering, reading, steps

app_name = "appraisals"

urlpatterns = [
    path("", reading.appraisal_list, name="appraisal-list"),
    path("mine/", reading.my_appraisals, name="my-appraisals"),
    path("new/", steps.AppraisalCreateView.as_view(), name="appraisal-create"),
    path("people/<int:pk>/", reading.self_read, name="self-read"),
    path("people/<int:pk>/paper/<slug:form>/", reading.person_paper, name="person-paper"),
    path("people/<int:pk>/write/", steps.SelfWriteView.as_view(), name="self-write"),
    path("<int:pk>/", reading.appraisal_detail, name="appraisal-detail"),
    path("<int:pk>/advance/", steps.AdvanceView.as_view(), name="advance"),
    path("<int:pk>/meeting/", gathering.MeetingView.as_view(), name="meeting"),
    path("<int:pk>/meeting/leave/", gathering.MeetingLeaveView.as_view(), name="meeting-leave"),
    path("<int:pk>/admit/", gathering.admit, name="admit"),
    path("<int:pk>/days/", gathering.DaysView.as_view(), name="days"),
    path("<int:pk>/call-off/", gathering.CallOffView.as_view(), name="call-off"),
    path("<int:pk>/opinions/", steps.OpinionsView.as_view(), name="opinions"),
    path("<int:pk>/report/", steps.ReportView.as_view(), name="report"),
    path("<int:pk>/confirm/", steps.ConfirmView.as_view(), name="confirm"),
    path("<int:pk>/return/", steps.ReturnView.as_view(), name="return"),
    path("<int:pk>/close/", steps.CloseView.as_view(), name="close"),
    path("<int:pk>/paper/<slug:form>/", reading.list_paper, name="list-paper"),
    path("<int:pk>/export/", reading.export, name="export"),
]
