"""The candidate's own page: plain words of what was decided, and nothing that tells of what is being discussed."""

import re
from datetime import date

import pytest
from django.urls import reverse

from members.development.models import CultivationContact
from members.recruitment.candidate import letters_returned, letters_to_answer
from members.recruitment.models import Case, Paper
from members.recruitment.queries import own_papers
from members.recruitment.queries.mine import my_way
from members.recruitment.services import return_letter
from members.recruitment.way import stages, what_comes
from portal.notifications.models import Message, Notice
from portal.organizations.models import Standing

from .test_letters import browser, handed_in
from .way import APPLIED_ON, at, case_at, dossier, make_cast, walk

MINE = reverse("members:recruitment:my-way")
LATER = date(2030, 6, 3)
CHANGING = re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"|nonce="[^"]*"|data-csrf="[^"]*"')


@pytest.fixture
def cast(world):
    return make_cast(world)


def page_of(cast, on):
    """Return the candidate's page on a day, without what differs between any two requests."""
    with at(on):
        Notice.objects.all().delete()
        Message.objects.all().delete()
        response = browser(cast).get(MINE)
    assert response.status_code == 200
    return CHANGING.sub("", response.content.decode())


def decided(cast):
    """Return all that the page may depend on: standing, own papers, contacts, and the end of probation."""
    case = Case.objects.get()
    papers = tuple(own_papers(cast.person.user).values_list("kind", "record__case"))
    contacts = tuple(CultivationContact.objects.current().values_list("pk", flat=True))
    own = case.records.filter(kind__in=["application", "conversion"]).count()
    # Sponsors are named to probationary members, whose congress heard them.
    return case.standing, case.state, papers, contacts, own


def test_page_tells_nothing_of_what_is_undecided(cast):
    """The same bytes before and after every record that decides nothing, all along the way."""
    pages, records, kinds = {}, 0, set()
    for row in walk(cast, dossier()):
        key, page = decided(cast), page_of(cast, LATER)
        if key in pages:
            records += 1
            kinds.add(row.kind)
        assert pages.setdefault(key, page) == page, (row.step, row.kind)
    assert records > 20
    assert {"talk", "opinions", "review", "political_review", "pre_review", "ballot", "sponsors"} <= kinds


def test_page_shows_no_word_of_a_rejected_review(cast):
    case = case_at(cast, before="propose_target")
    before = page_of(cast, LATER)
    Case.objects.filter(pk=case.pk).update(
        stage="admission", current_step="approve", next_due=date(2028, 1, 2), overdue_since=date(2028, 1, 2),
        gap_count=7, leaves_on=date(2028, 3, 3),
    )  # fmt: skip
    assert page_of(cast, LATER) == before


def words_on(cast, on):
    with at(on):
        mine = my_way(cast.person.user, on=on)
        return [(item.words, item.by) for item in what_comes(mine, on=on)], mine


def test_applicant_is_promised_the_talk_by_the_day_of_the_law(cast):
    with at(APPLIED_ON):
        handed_in(cast)
        found, mine = words_on(cast, APPLIED_ON)
    assert mine.talk_by == date(2027, 4, 1)
    assert date(2027, 4, 1) in [by for _words, by in found]
    with_case = make_way(cast, through="talk")
    assert with_case.talk_by == date(2027, 4, 1)


def make_way(cast, **until):
    """Return the way of a candidate whose branch recorded the paper letter itself."""
    from members.recruitment.models import Letter

    Letter.objects.all().delete()
    case_at(cast, **until)
    return my_way(cast.person.user, on=date(2027, 3, 20))


@pytest.mark.parametrize(
    ("standing", "place"),
    [
        (Standing.MASS, 0),
        (Standing.APPLICANT, 0),
        (Standing.ACTIVIST, 1),
        (Standing.DEVELOPMENT_TARGET, 2),
        (Standing.PROBATIONARY, 4),
        (Standing.FULL_MEMBER, 5),
    ],
)
def test_stages_stand_where_the_standing_was_decided(standing, place):
    found = [stage["state"] for stage in stages(standing)]
    assert found == ["done"] * place + ["current"] * (place < 5) + ["later"] * (4 - place)


def test_probation_and_window_of_the_conversion_application_are_told(cast):
    case = case_at(cast, before="convert_apply")
    held = case.records.get(step="congress", kind="ballot").on
    ends = held.replace(year=held.year + 1)
    _found, mine = words_on(cast, held.replace(year=held.year + 1))
    assert mine.standing == Standing.PROBATIONARY
    assert (mine.probation.since, mine.probation.convert_on, mine.probation.is_extended) == (held, ends, False)
    assert not mine.probation.has_applied
    assert len(mine.sponsors) == 2
    found, _mine = words_on(cast, ends)
    assert mine.probation.late_until in [by for _words, by in found]


def test_everybody_signed_in_has_a_page(world):
    for name in ("author", "applicant", "target", "probationary", "member", "secretary", "admin", "outsider"):
        response = world.client(name).get(MINE)
        assert response.status_code == 200, name
        own = 'href="/members/recruitment/mine/"' in response.content.decode()
        assert own == (world.users[name].pk not in full_members(world)), name


def full_members(world):
    return {world.users[name].pk for name in ("member", "secretary")}


def test_work_waits_for_branch_and_writer(cast):
    with at(APPLIED_ON):
        letter = handed_in(cast)
        waiting = letters_to_answer(cast.world.user("secretary"), APPLIED_ON)
        assert ([item.due_on for item in waiting.items], waiting.count) == ([date(2027, 4, 1)], 1)
        assert letters_to_answer(cast.world.user("neighbor"), APPLIED_ON).count == 0
        assert letters_returned(cast.person.user, APPLIED_ON).count == 0
        return_letter(letter, words="Say more.", by=cast.world.user("secretary"))
        assert letters_to_answer(cast.world.user("secretary"), APPLIED_ON).count == 0
        assert letters_returned(cast.person.user, APPLIED_ON).count == 1


@pytest.mark.parametrize(
    "name",
    ["board", "case-list", "calendar", "quota-list", "letter-list"],
)
def test_candidate_opens_no_page_of_the_branch(cast, name):
    case = case_at(cast, through="talk")
    with at(date(2027, 4, 2)):
        client = browser(cast)
        assert client.get(reverse(f"members:recruitment:{name}")).status_code == 403
        for page in ("case-detail", "case-papers", "case-coming"):
            assert client.get(reverse(f"members:recruitment:{page}", args=[case.pk])).status_code == 404


def test_page_asks_the_same_whatever_is_in_the_file(cast, django_assert_num_queries):
    case_at(cast, through="cultivate")
    few = Paper.objects.count()
    with at(LATER):
        client = browser(cast)
        client.get(MINE)
        with django_assert_num_queries(PAGE_QUERIES):
            client.get(MINE)
        application = Paper.objects.filter(kind="application_letter").first()
        for _number in range(10):
            Paper.objects.create(record=application.record, kind="autobiography", is_signed=True)
        assert Paper.objects.count() == few + 10
        with django_assert_num_queries(PAGE_QUERIES):
            client.get(MINE)


PAGE_QUERIES = 28
