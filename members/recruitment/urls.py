"""Addresses of recruitment; ``members.urls`` includes them."""

from django.urls import path

from .views import batches, boards, cases, coming, papers, recording, records

app_name = "recruitment"

urlpatterns = [
    path("", boards.board, name="board"),
    path("cases/", boards.case_list, name="case-list"),
    path("cases/export/", boards.case_export, name="case-export"),
    path("calendar/", boards.calendar, name="calendar"),
    path("plan/", boards.quota_list, name="quota-list"),
    path("plan/<int:pk>/<int:year>/", boards.QuotaSetView.as_view(), name="quota-set"),
    path("coming/", coming.coming_list, name="coming-list"),
    path("cases/<int:pk>/coming/", coming.case_coming, name="case-coming"),
    path("cases/<int:pk>/", cases.case_detail, name="case-detail"),
    path("cases/<int:pk>/papers/", papers.case_papers, name="case-papers"),
    path("cases/<int:pk>/papers/<slug:code>/<slug:format>/", papers.paper_download, name="paper-download"),
    path("batches/<int:pk>/papers/<slug:code>/<slug:format>/", papers.batch_paper, name="batch-paper"),
    path("mine/papers/<slug:code>/<slug:format>/", papers.own_paper, name="own-paper"),
    path("lists/", papers.filing_list, name="filing-list"),
    path("lists/<slug:format>/", papers.filing_download, name="filing-download"),
    path("cases/<int:pk>/record/<slug:step>/<slug:kind>/", recording.record_create, name="record-create"),
    path("records/<int:pk>/", records.record_detail, name="record-detail"),
    path("records/<int:pk>/correct/", records.record_correct, name="record-correct"),
    path("records/<int:pk>/annul/", records.record_annul, name="record-annul"),
    path("records/<int:pk>/papers/new/", records.paper_create, name="paper-create"),
    path("batches/", batches.batch_list, name="batch-list"),
    path("batches/new/<slug:step>/<slug:kind>/", batches.batch_create, name="batch-create"),
    path("batches/<int:pk>/", batches.batch_detail, name="batch-detail"),
]
