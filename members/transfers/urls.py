"""Addresses of transfers; ``members.urls`` includes them."""

from django.urls import path

from .views import batches, lists, own, relations, single, starting

app_name = "transfers"

urlpatterns = [
    path("", own.my_transfer, name="my-transfer"),
    path("ask/", own.TransferAskView.as_view(), name="transfer-ask"),
    path("all/", lists.transfer_list, name="transfer-list"),
    path("people/<int:pk>/new/", starting.TransferCreateView.as_view(), name="transfer-create"),
    path("arrivals/new/", starting.ArrivalCreateView.as_view(), name="arrival-create"),
    path("batches/new/", batches.batch_create, name="batch-create"),
    path("batches/<int:pk>/", batches.batch_detail, name="batch-detail"),
    path("batches/<int:pk>/issue/", batches.BatchIssueView.as_view(), name="batch-issue"),
    path("away/", relations.relation_list, name="relation-list"),
    path("away/people/<int:pk>/new/", relations.RelationCreateView.as_view(), name="relation-create"),
    path("away/<int:pk>/", relations.relation_detail, name="relation-detail"),
    path("away/<int:pk>/contacts/new/", relations.ContactCreateView.as_view(), name="relation-contact"),
    path("away/<int:pk>/end/", relations.RelationEndView.as_view(), name="relation-end"),
    path("<int:pk>/", single.transfer_detail, name="transfer-detail"),
    path("<int:pk>/letter/", single.letter_print, name="letter-print"),
    path("<int:pk>/steps/<slug:verb>/", single.TransferStepView.as_view(), name="transfer-step"),
]
