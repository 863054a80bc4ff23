"""Addresses of the tree, its nodes and their posts."""

from django.urls import path

from . import views

app_name = "organizations"

urlpatterns = [
    path("", views.organization_tree, name="organization-tree"),
    path("terms/", views.term_list, name="term-list"),
    path("people/", views.person_suggest, name="person-suggest"),
    path("posts/<int:pk>/end/", views.DismissView.as_view(), name="dismiss"),
    path("<int:pk>/", views.organization_detail, name="organization-detail"),
    path("<int:pk>/new/", views.OrganizationCreateView.as_view(), name="organization-create"),
    path("<int:pk>/edit/", views.OrganizationEditView.as_view(), name="organization-edit"),
    path("<int:pk>/move/", views.OrganizationMoveView.as_view(), name="organization-move"),
    path("<int:pk>/close/", views.OrganizationCloseView.as_view(), name="organization-close"),
    path("<int:pk>/merge/", views.OrganizationMergeView.as_view(), name="organization-merge"),
    path("<int:pk>/split/", views.OrganizationSplitView.as_view(), name="organization-split"),
    path("<int:pk>/appoint/", views.AppointView.as_view(), name="appoint"),
    path("<int:pk>/posts/", views.post_history, name="post-history"),
]
