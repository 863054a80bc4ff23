"""Addresses of the dues; ``members.urls`` includes them."""

from django.urls import path

from .views import branches, collecting, people, receipts, reductions

app_name = "dues"

urlpatterns = [
    path("", people.my_dues, name="my-dues"),
    path("month/", branches.month, name="month"),
    path("overview/", branches.overview, name="overview"),
    path("statement/", branches.statement, name="statement"),
    path("export/", branches.export, name="export"),
    path("ledgers/open/", branches.ledger_open, name="ledger-open"),
    path("collect/", collecting.collect, name="collect"),
    path("receipts/", receipts.receipt_list, name="receipt-list"),
    path("receipts/<int:pk>/", receipts.receipt, name="receipt"),
    path("receipts/pdf/", receipts.receipt_list_print, name="receipt-list-print"),
    path("receipts/<int:pk>/pdf/", receipts.receipt_print, name="receipt-print"),
    path("receipts/<int:pk>/correct/", receipts.payment_correct, name="payment-correct"),
    path("people/<int:pk>/", people.person_dues, name="person-dues"),
    path("people/<int:pk>/standard/", people.standard_set, name="standard-set"),
    path("people/<int:pk>/reduction/", reductions.reduction_ask, name="reduction-ask"),
    path("standards/<int:pk>/base/", people.base_reveal, name="base-reveal"),
    path("reductions/", reductions.reduction_list, name="reduction-list"),
    path("reductions/<int:pk>/", reductions.reduction_detail, name="reduction-detail"),
]
