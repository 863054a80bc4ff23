"""Addresses of the party school."""

from django.urls import path

from . import views

app_name = "partyschool"

urlpatterns = [
    path("", views.CourseListView.as_view(), name="course-list"),
    path("courses/create/", views.CourseCreateView.as_view(), name="course-create"),
    path("courses/<int:pk>/", views.CourseView.as_view(), name="course"),
    path("courses/<int:pk>/edit/", views.CourseEditView.as_view(), name="course-edit"),
    path("courses/<int:pk>/state/", views.CourseStateView.as_view(), name="course-state"),
    path("courses/<int:pk>/learners/", views.LearnerListView.as_view(), name="learner-list"),
    path("courses/<int:pk>/lessons/create/", views.LessonCreateView.as_view(), name="lesson-create"),
    path("lessons/<int:pk>/", views.LessonView.as_view(), name="lesson"),
    path("lessons/<int:pk>/beat/", views.lesson_beat, name="lesson-beat"),
    path("lessons/<int:pk>/finish/", views.lesson_finish, name="lesson-finish"),
    path("lessons/<int:pk>/edit/", views.LessonEditView.as_view(), name="lesson-edit"),
    path("lessons/<int:pk>/move/", views.lesson_move, name="lesson-move"),
    path("lessons/<int:pk>/remove/", views.LessonRemoveView.as_view(), name="lesson-remove"),
]
