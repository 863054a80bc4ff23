"""Addresses of votes; ``members.urls`` includes them."""

from django.urls import path

from . import views

app_name = "votes"

urlpatterns = [
    path("items/<int:pk>/new/", views.vote_create, name="vote-create"),
    path("items/<int:pk>/new/<slug:purpose>/", views.VoteCreateView.as_view(), name="vote-create-about"),
    path("<int:pk>/", views.vote_detail, name="vote-detail"),
    path("<int:pk>/figures/", views.vote_figures, name="vote-figures"),
    path("<int:pk>/paper/<slug:form>/", views.vote_paper, name="vote-paper"),
    path("<int:pk>/approve/", views.ElectionApproveView.as_view(), name="election-approve"),
    path("<int:pk>/steps/<slug:verb>/", views.VoteStepView.as_view(), name="vote-step"),
]
