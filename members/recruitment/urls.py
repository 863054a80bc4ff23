"""Addresses of recruitment; ``members.urls`` includes them."""

from django.urls import path

from .views import batches, boards, cases, coming, keeping, letters, mine, papers, recording, records, sealing

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
    path("people/<int:pk>/new/", keeping.CaseCreateView.as_view(), name="case-create"),
    path("cases/<int:pk>/", cases.case_detail, name="case-detail"),
    path("cases/<int:pk>/close/", keeping.CaseCloseView.as_view(), name="case-close"),
    path("cases/<int:pk>/move/", keeping.CaseMoveView.as_view(), name="case-move"),
    path("cases/<int:pk>/exceptions/new/", keeping.ExceptionGrantView.as_view(), name="exception-grant"),
    path("cases/<int:pk>/sealed/", sealing.sealed_list, name="sealed-list"),
    path("cases/<int:pk>/sealed/new/", sealing.SealedCreateView.as_view(), name="sealed-create"),
    path("cases/<int:pk>/sealed/<int:sealed_pk>/open/", sealing.SealedOpenView.as_view(), name="sealed-open"),
    path("cases/<int:pk>/sealed/<int:sealed_pk>/remove/", sealing.SealedRemoveView.as_view(), name="sealed-remove"),
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
    path("mine/", mine.my_way_page, name="my-way"),
    path("mine/letters/<slug:kind>/write/", mine.letter_write, name="letter-write"),
    path("mine/letters/<slug:kind>/check/", mine.letter_check, name="letter-check"),
    path("letters/", letters.letter_list, name="letter-list"),
    path("letters/<int:pk>/", letters.letter_detail, name="letter-detail"),
    path("letters/<int:pk>/withdraw/", mine.letter_withdraw, name="letter-withdraw"),
    path("letters/<int:pk>/answer/", letters.letter_answer, name="letter-answer"),
    path("letters/<int:pk>/compare/", letters.letter_compare, name="letter-compare"),
    path("letters/<int:pk>/print/<slug:format>/", letters.letter_print, name="letter-print"),
    path("letters/<int:pk>/files/<int:file>/remove/", mine.letter_scan_remove, name="letter-scan-remove"),
]
