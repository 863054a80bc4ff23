"""Where people vote; the rooms that hold ballots have their own pages for leading them."""

from django.urls import path

from . import views

app_name = "ballots"

urlpatterns = [
    path("<int:pk>/", views.ballot_vote, name="ballot-vote"),
    path("<int:pk>/count/", views.ballot_count, name="ballot-count"),
]
