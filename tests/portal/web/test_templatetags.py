"""The tags and filters that every template may use."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.template import Context, RequestContext, Template
from django.test import RequestFactory
from django.utils import timezone, translation

from portal.web.templatetags import portal as tags


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def ahead(days):
    return timezone.localdate() + timedelta(days=days)


@pytest.mark.parametrize(
    "days, words, state",
    [
        (-2, "2 days overdue", "late"),
        (-1, "1 day overdue", "late"),
        (0, "Due today", "soon"),
        (1, "1 day left", "soon"),
        (3, "3 days left", "soon"),
        (4, "4 days left", "far"),
    ],
)
def test_due_says_how_far_the_day_is(days, words, state):
    assert tags.due_words(ahead(days)) == f"{words} ({ahead(days):%Y-%m-%d})"
    assert f'class="due due-{state}"' in tags.due_label(ahead(days))


def test_due_without_a_day_is_silent():
    assert (tags.due_words(None), tags.due_label(None), tags.due_words("x")) == ("", "", "")


def test_due_of_what_is_done_shows_the_day_alone():
    assert tags.due_label(date(2026, 6, 15), done=True) == '<time datetime="2026-06-15">2026-06-15</time>'


def test_due_takes_an_instant_as_its_local_day():
    assert 'datetime="2026-06-16"' in tags.due_label(datetime(2026, 6, 15, 20, tzinfo=UTC))


def draw(source, address="/?a=1&page=3", **context):
    request = RequestFactory().get(address)
    return Template(source).render(RequestContext(request, context))


@pytest.mark.parametrize(
    "tag, shown",
    [
        ("{% query page=4 %}", "?a=1&amp;page=4"),
        ("{% query b='x y' %}", "?a=1&amp;b=x+y"),
        ("{% query a=None %}", "?"),
        ("{% query page=None %}", "?a=1"),
    ],
)
def test_query_changes_one_parameter_and_forgets_the_page(tag, shown):
    assert draw(tag) == shown


def test_query_escapes_what_the_address_holds():
    assert "<" not in draw("{% query page=1 %}", '/?a="><script>')


def test_icon_alone_has_a_name_and_beside_words_none():
    assert Template('{% icon "bell" %}').render(Context()).count('aria-hidden="true"') == 1
    assert 'role="img" aria-label="&lt;b&gt;"' in Template("{% icon 'bell' label %}").render(Context({"label": "<b>"}))


def test_status_escapes_its_word():
    assert tags.status("<b>", "success").endswith("&lt;b&gt;</span>")


@pytest.mark.parametrize(
    "size, shown",
    [
        (None, ""),
        (0, "0 bytes"),
        (1, "1 byte"),
        (1023, "1023 bytes"),
        (1024, "1 KB"),
        (640 * 1024, "640 KB"),
        (1258000, "1.2 MB"),
        (500 * 1024**2, "500 MB"),
        (5 * 1024**4, "5120 GB"),
    ],
)
def test_filesize_reads_as_people_say_it(size, shown):
    assert tags.filesize(size) == shown


@pytest.mark.parametrize("name, shown", [("a.PDF", "PDF"), ("a.tar.gz", "GZ"), ("a", ""), (None, ""), ("", "")])
def test_filetype_is_read_from_the_name(name, shown):
    assert tags.filetype(name) == shown


@pytest.mark.parametrize("name, shown", [("张三", "张"), (" ada", "A"), (None, ""), ("", "")])
def test_initial_is_the_first_sign(name, shown):
    assert tags.initial(name) == shown
