"""Forms by which courses and lessons are kept."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from portal.access.policy import duty_scope
from portal.audiences.forms import AudienceFormMixin
from portal.files.forms import KeptFileField, KeptFilesMixin
from portal.organizations.duties import Duty
from portal.web.forms import DayInput, SeenMixin

from .models import Course, Lesson, LessonKind


class CourseForm(SeenMixin, AudienceFormMixin, forms.ModelForm):
    """A course with its audience, within the nodes on which the person keeps courses."""

    audience_duty = Duty.KEEP_COURSES

    class Meta:
        model = Course
        fields = ["title", "summary", "organization", "hours", "is_required", "due_on"]
        widgets = {
            "summary": forms.Textarea(attrs={"rows": 4}),
            "due_on": DayInput(),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organization"].queryset = duty_scope(self.by, Duty.KEEP_COURSES)


class LessonForm(SeenMixin, KeptFilesMixin, forms.ModelForm):
    """A lesson: its text, or the file it teaches by."""

    document = KeptFileField(
        kind="document", label=_("Document"), required=False, help_text=_("For a document lesson.")
    )
    video = KeptFileField(
        kind="video", label=_("Video"), required=False, help_text=_("For a video lesson: MP4 or WebM.")
    )

    class Meta:
        model = Lesson
        fields = ["title", "kind", "minutes", "body", "transcript"]
        widgets = {
            "kind": forms.RadioSelect,
            "body": forms.Textarea(attrs={"rows": 14}),
            "transcript": forms.Textarea(attrs={"rows": 6}),
        }
        help_texts = {
            "body": _("Markdown works: ## heading, **strong**, lists, > quotation."),
            "transcript": _("What is said in the video, for those who cannot hear it."),
            "minutes": _("How long it takes; for a video, its length."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.file_id and self.instance.kind in (LessonKind.DOCUMENT, LessonKind.VIDEO):
            self.fields[self.instance.kind].initial = self.instance.file

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        kind = data.get("kind")
        if kind in (LessonKind.DOCUMENT, LessonKind.VIDEO) and not data.get(kind) and kind not in self.errors:
            self.add_error(kind, ValidationError(_("Choose the file of this lesson."), code="required"))
        if kind == LessonKind.TEXT and not data.get("body"):
            self.add_error("body", ValidationError(_("Write the text of this lesson."), code="required"))
        return data

    def _post_clean(self) -> None:
        kind = self.cleaned_data.get("kind")
        self.instance.file = self.cleaned_data.get(kind) if kind in ("document", "video") else None
        super()._post_clean()
