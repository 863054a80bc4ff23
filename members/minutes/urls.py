"""Addresses of minutes and resolutions; ``members.urls`` includes them."""

from django.urls import path

from .views import binding, lists, resolutions, single, writing

app_name = "minutes"

urlpatterns = [
    path("", lists.minutes_list, name="minutes-list"),
    path("<int:pk>/", single.minutes_detail, name="minutes-detail"),
    path("<int:pk>/told/", single.minutes_told, name="minutes-told"),
    path("<int:pk>/edit/", writing.MinutesEditView.as_view(), name="minutes-edit"),
    path("<int:pk>/writers/", writing.minutes_writers, name="minutes-writers"),
    path("<int:pk>/files/", writing.FilesAddView.as_view(), name="files-add"),
    path("<int:pk>/files/<int:file>/remove/", writing.file_remove, name="file-remove"),
    path("<int:pk>/confirm/", writing.MinutesConfirmView.as_view(), name="minutes-confirm"),
    path("<int:pk>/take-back/", writing.confirmation_take_back, name="confirmation-take-back"),
    path("<int:pk>/add/", writing.AddendumCreateView.as_view(), name="addendum-create"),
    path("<int:pk>/paper/<slug:form>/", single.minutes_paper, name="minutes-paper"),
    path("<int:pk>/resolutions/new/", resolutions.ResolutionCreateView.as_view(), name="resolution-create"),
    path("parts/<int:pk>/begin/", writing.minutes_begin, name="minutes-begin"),
    path("branches/", binding.chain_list, name="chain-list"),
    path("branches/<int:pk>/", binding.chain_detail, name="chain-detail"),
    path("branches/<int:pk>/<int:year>/volume/", binding.volume, name="volume"),
    path("volumes/<int:pk>/", binding.volume_detail, name="volume-detail"),
    path("volumes/<int:pk>/drop/", binding.volume_drop, name="volume-drop"),
    path("resolutions/", resolutions.resolution_list, name="resolution-list"),
    path("resolutions/<int:pk>/", resolutions.resolution_detail, name="resolution-detail"),
    path("resolutions/<int:pk>/note/", resolutions.ResolutionNoteView.as_view(), name="resolution-note"),
    path("resolutions/<int:pk>/change/", resolutions.ResolutionChangeView.as_view(), name="resolution-change"),
    path("resolutions/<int:pk>/close/", resolutions.ResolutionCloseView.as_view(), name="resolution-close"),
    path("resolutions/<int:pk>/strike/", resolutions.resolution_strike, name="resolution-strike"),
]
