"""Pages of the party school: taking courses, and keeping them."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from django.views.generic import FormView, TemplateView

from portal.access.policy import fetch, may, with_power
from portal.access.rights import rights_of
from portal.drafts.views import DraftMixin
from portal.organizations.duties import Duty
from portal.web.pagination import KeysetPaginator, per_page_of
from portal.web.views import ServiceFormMixin

from . import queries, rules, services
from .forms import CourseForm, LessonForm
from .models import Course, CourseState, Lesson

_LESSON = Lesson._default_manager.select_related("course", "file")


@method_decorator(login_not_required, name="dispatch")
class CourseListView(TemplateView):
    """The courses one may take or keeps, newest first."""

    template_name = "partyschool/course_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        courses = queries.courses_for(user)
        only = self.request.GET.get("only", "")
        if only == "open" and user.is_authenticated:
            courses = courses.filter(state=CourseState.PUBLISHED, finished_at=None)
        elif only == "required":
            courses = courses.filter(is_required=True)
        page = KeysetPaginator(courses, ["-pk"], per_page_of(self.request.GET)).page(self.request.GET)
        return super().get_context_data(
            **kwargs, page=page, only=only, may_create=rights_of(user).holds(Duty.KEEP_COURSES)
        )


@method_decorator(login_not_required, name="dispatch")
class CourseView(TemplateView):
    """One course: its lessons, how far I am, where to go on."""

    template_name = "partyschool/course.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        course = fetch(user, "view", Course, pk=kwargs["pk"], queryset=queries.with_place)
        lessons = queries.lessons_with_progress(course, user)
        done = sum(1 for lesson in lessons if lesson.finished_at)
        keeps = rights_of(user).holds_on(Duty.KEEP_COURSES, course.organization.path)
        return super().get_context_data(
            **kwargs,
            course=course,
            lessons=lessons,
            done=done,
            percent=rules.percent(done, len(lessons)),
            next_lesson=next((lesson for lesson in lessons if not lesson.finished_at), None),
            may_change=keeps,
            may_see_learning=rights_of(user).holds(Duty.SEE_LEARNING),
        )


@method_decorator(login_not_required, name="dispatch")
class LessonView(TemplateView):
    """One lesson: text, document or video, going on where it was left."""

    template_name = "partyschool/lesson.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        lesson = fetch(user, "view", Lesson, pk=kwargs["pk"], queryset=with_power(_LESSON, user, "learn"))
        return super().get_context_data(
            **kwargs,
            lesson=lesson,
            course=lesson.course,
            progress=queries.progress_of(lesson, user) if user.is_authenticated else None,
            beat_seconds=rules.BEAT_SECONDS,
            may_learn=lesson.may_learn,
            **queries.neighbours(lesson),
        )


@require_POST
def lesson_beat(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a heartbeat of the playing video; the answer says what is proved so far."""
    lesson = fetch(request.user, "learn", Lesson, pk=pk, queryset=_LESSON)
    position = request.POST.get("position", "")
    if not (position.isascii() and position.isdigit() and len(position) < 7):
        return JsonResponse({"error": _("The position could not be read.")}, status=400)
    progress = services.beat(lesson, position=int(position), by=request.user)
    return JsonResponse({"watched": progress.watched, "done": bool(progress.completed_at)})


@require_POST
def lesson_finish(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark a lesson as done and go on to the next."""
    lesson = fetch(request.user, "learn", Lesson, pk=pk, queryset=_LESSON)
    try:
        services.finish_lesson(lesson, by=request.user)
    except ValidationError as refusal:
        messages.warning(request, " ".join(refusal.messages))
        return redirect("partyschool:lesson", pk=lesson.pk)
    following = queries.neighbours(lesson)["next"]
    if following:
        return redirect("partyschool:lesson", pk=following.pk)
    messages.success(request, _("You have reached the end of the course."))
    return redirect("partyschool:course", pk=lesson.course_id)


class CourseCreateView(ServiceFormMixin, FormView):
    """Begin a course; it stays a draft until it is published."""

    form_class, template_name = CourseForm, "partyschool/course_form.html"
    success_message = gettext_lazy("The course is saved. Add its lessons now.")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not rights_of(request.user).holds(Duty.KEEP_COURSES):
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "by": self.request.user, "instance": self.course()}

    def course(self) -> Course:
        return Course()

    def form_valid(self, form: CourseForm) -> HttpResponse:
        self.form = form
        return super().form_valid(form)

    def perform(self, **data: Any) -> Course:
        course = self.form.instance
        course.visibility = data["visibility"]
        course.audience = self.form.saved_audience()
        return services.save_course(course, by=self.request.user)

    def get_success_url(self) -> str:
        return reverse("partyschool:course", args=[self.result.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, course=self.course())


class CourseEditView(CourseCreateView):
    """Change a course one keeps."""

    success_message = gettext_lazy("The course is saved.")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.row = fetch(request.user, "change", Course, pk=kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)

    def course(self) -> Course:
        return self.row


class CourseStateView(TemplateView):
    """Publish or withdraw a course, after a page that says what follows."""

    template_name = "partyschool/course_state.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.course = fetch(request.user, "change", Course, pk=kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            **kwargs, course=self.course, publishes=self.course.state != CourseState.PUBLISHED
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            if request.POST.get("act") == "withdraw":
                services.withdraw_course(self.course, by=request.user)
                messages.success(request, _("The course is withdrawn. What people learned stays on record."))
            else:
                services.publish_course(self.course, by=request.user)
                messages.success(request, _("The course is published."))
        except ValidationError as refusal:
            messages.warning(request, " ".join(refusal.messages))
        return redirect("partyschool:course", pk=self.course.pk)


class LessonCreateView(DraftMixin, ServiceFormMixin, FormView):
    """Add a lesson at the end of a course; the draft is kept while one types."""

    form_class, template_name = LessonForm, "partyschool/lesson_form.html"
    success_message = gettext_lazy("The lesson is saved.")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.course = fetch(request.user, "change", Course, pk=kwargs["pk"])
        self.lesson = Lesson(course=self.course)
        return super().dispatch(request, *args, **kwargs)

    def draft_key(self) -> str:
        return f"partyschool.lesson.{self.course.pk}.new"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "by": self.request.user, "instance": self.lesson}

    def form_valid(self, form: LessonForm) -> HttpResponse:
        self.form = form
        return super().form_valid(form)

    def perform(self, **data: Any) -> Lesson:
        return services.save_lesson(self.form.instance, by=self.request.user)

    def get_success_url(self) -> str:
        return reverse("partyschool:course", args=[self.course.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, course=self.course, lesson=self.lesson)


class LessonEditView(LessonCreateView):
    """Change a lesson of a course one keeps."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.lesson = fetch(request.user, "change", Lesson, pk=kwargs["pk"], queryset=_LESSON)
        self.course = self.lesson.course
        return FormView.dispatch(self, request, *args, **kwargs)

    def draft_key(self) -> str:
        return f"partyschool.lesson.{self.course.pk}.{self.lesson.pk}"


@require_POST
def lesson_move(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a lesson change places with its neighbour."""
    lesson = fetch(request.user, "change", Lesson, pk=pk)
    services.move_lesson(lesson, up=request.POST.get("to") == "up", by=request.user)
    return redirect("partyschool:course", pk=lesson.course_id)


class LessonRemoveView(TemplateView):
    """Take a lesson out, after a page that says what follows."""

    template_name = "partyschool/lesson_remove.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.lesson = fetch(request.user, "change", Lesson, pk=kwargs["pk"], queryset=_LESSON)
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, lesson=self.lesson, course=self.lesson.course)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            services.remove_lesson(self.lesson, by=request.user)
            messages.success(request, _("The lesson is removed."))
        except ValidationError as refusal:
            messages.warning(request, " ".join(refusal.messages))
        return redirect("partyschool:course", pk=self.lesson.course_id)


class LearnerListView(TemplateView):
    """Who learns in a course, for those who see learning where these people belong."""

    template_name = "partyschool/learner_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        course = fetch(user, "view", Course, pk=kwargs["pk"])
        if not rights_of(user).holds(Duty.SEE_LEARNING) and not may(user, "see_learning", course):
            raise Http404
        learners = queries.learners_of(course, user)
        page = KeysetPaginator(learners, ["-started_at", "-pk"], per_page_of(self.request.GET)).page(self.request.GET)
        return super().get_context_data(**kwargs, course=course, page=page)
