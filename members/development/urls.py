"""Addresses of cultivation; ``members.urls`` includes them."""

from django.urls import path

from .views import contacts, lists, papers, reading, showcase, writing

app_name = "development"

_REPORT = "thought-reports/<int:pk>/"
urlpatterns = [
    path("thought-reports/", writing.my_thought_reports, name="my-thought-reports"),
    path("thought-reports/all/", lists.thought_report_list, name="thought-report-list"),
    path("thought-reports/to-answer/", lists.thought_report_to_answer, name="thought-report-to-answer"),
    path("thought-reports/grid/", lists.thought_report_grid, name="thought-report-grid"),
    path("thought-reports/grid/remind/", lists.thought_report_remind, name="thought-report-remind"),
    path("thought-reports/<int:year>/<int:quarter>/write/", writing.thought_report_write, name="thought-report-write"),
    path("thought-reports/<int:year>/<int:quarter>/check/", writing.thought_report_check, name="thought-report-check"),
    path(_REPORT, reading.thought_report_detail, name="thought-report-detail"),
    path(_REPORT + "answer/", reading.thought_report_answer, name="thought-report-answer"),
    path(_REPORT + "read/", reading.thought_report_read, name="thought-report-read"),
    path(_REPORT + "comments/", reading.thought_report_comment, name="thought-report-comment"),
    path(_REPORT + "comments/<int:comment>/settle/", reading.thought_report_settle, name="thought-report-settle"),
    path(_REPORT + "compare/", reading.thought_report_compare, name="thought-report-compare"),
    path(_REPORT + "likeness/", reading.thought_report_likeness, name="thought-report-likeness"),
    path(_REPORT + "withdraw/", writing.thought_report_withdraw, name="thought-report-withdraw"),
    path(_REPORT + "scans/", writing.thought_report_scan, name="thought-report-scan"),
    path(_REPORT + "scans/<int:file>/remove/", writing.thought_report_scan_remove, name="thought-report-scan-remove"),
    path(_REPORT + "print/", papers.thought_report_print, name="thought-report-print"),
    path(_REPORT + "copy-sheet/", papers.thought_report_copy_sheet, name="thought-report-copy-sheet"),
    path(_REPORT + "propose/", showcase.showcase_propose, name="showcase-propose"),
    path("contacts/", contacts.contact_list, name="contact-list"),
    path("contacts/people/<int:pk>/", contacts.contact_assign, name="contact-assign"),
    path("contacts/<int:pk>/end/", contacts.contact_end, name="contact-end"),
    path("showcase/", showcase.showcase_list, name="showcase-list"),
    path("showcase/manage/", showcase.showcase_manage, name="showcase-manage"),
    path("showcase/texts/<str:token>/", showcase.showcase_detail, name="showcase-detail"),
    path("showcase/texts/<str:token>/consent/", showcase.showcase_consent, name="showcase-consent"),
    path("showcase/texts/<str:token>/publish/", showcase.showcase_publish, name="showcase-publish"),
    path("showcase/texts/<str:token>/withdraw/", showcase.showcase_withdraw, name="showcase-withdraw"),
]
