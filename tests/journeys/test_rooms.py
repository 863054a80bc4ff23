"""The doors of the rooms: news, forum and party school, as visitor and as member."""

from playwright.sync_api import expect

from .conftest import People

READ = ("/", "/desk/", "/news/", "/forum/", "/party-school/", "/members/me/", "/notices/", "/organizations/")


def test_visitor_reads_the_news_and_leaves_no_session(people: People) -> None:
    visitor = people.window(size="phone")
    visitor.goto("/")
    visitor.locator(".landing-main a").first.click()
    expect(visitor.locator("h1")).to_have_count(1)
    visitor.goto("/news/")
    assert "session" not in {cookie["name"] for cookie in visitor.context.cookies()}
    assert visitor.evaluate("document.documentElement.scrollWidth") <= 390


def test_thread_is_started_answered_and_followed(people: People) -> None:
    activist = people.window("activist")
    activist.goto("/forum/boards/branch-1/threads/create/")
    activist.locator("[name=title]").fill("下次小组会讨论什么？")
    activist.locator("[name=body]").fill("请大家**提议**。")
    activist.locator(".form-actions button.btn-primary").click()
    activist.wait_for_url("**/forum/threads/**")
    address = activist.url
    told = int(activist.locator("#inbox-link").get_attribute("data-unread") or 0)
    member = people.window("member", size="phone")
    member.goto("/forum/boards/branch-1/")
    expect(member.locator("tr.is-unread", has_text="下次小组会讨论什么？")).to_have_count(1)
    member.goto(address)
    with member.expect_response("**/read/"):
        member.reload()
    member.locator("section.reply [name=body]").fill("建议读一读支部工作条例。")
    member.locator("section.reply button.btn-primary").click()
    member.wait_for_load_state()
    expect(member.locator(".post")).to_have_count(2)
    expect(activist.locator("#inbox-link")).to_have_attribute("data-unread", str(told + 1), timeout=20_000)
    member.goto("/forum/boards/branch-1/")
    expect(member.locator("tr.is-unread", has_text="下次小组会讨论什么？")).to_have_count(0)
    stranger = people.window("public")
    assert stranger.goto(address).status == 404


def test_course_goes_on_where_the_tab_was_closed(people: People) -> None:
    activist = people.window("activist")
    activist.goto("/party-school/")
    activist.locator(".course-row a").first.wait_for()
    activist.get_by_role("link", name="党章导读").first.click()
    activist.locator(".lesson-row", has_text="走近党章").locator("a").first.click()
    video = activist.locator("video")
    lesson = activist.url
    video.evaluate("async v => { v.muted = true; await v.play(); }")
    with activist.expect_response("**/beat/"):
        activist.wait_for_timeout(3500)
        video.evaluate("v => v.pause()")
    activist.wait_for_timeout(500)
    activist.context.close()
    again = people.window("activist", size="phone")
    again.goto(lesson)
    assert int(again.locator("video").get_attribute("data-position") or 0) >= 2


def test_editor_publishes_in_the_admin_and_visitors_read(people: People) -> None:
    editor = people.window("editor")
    editor.goto("/admin/news/article/add/")
    editor.locator("[name=title]").fill("新闻：管理后台发布的文章")
    editor.locator("[name=column]").select_option(index=1)
    organization = editor.locator("select[name=organization]")
    if organization.count():
        organization.select_option(index=1)
    editor.locator("[name=visibility][value=public]").check()
    editor.locator(".ProseMirror[contenteditable=true]").click()
    editor.keyboard.type("正文第一段。")
    editor.locator("[name=_continue]").first.click()
    editor.wait_for_url("**/change/")
    editor.goto(editor.locator("a[href$='/publish/']").first.get_attribute("href") or "")
    editor.locator("form.confirm button[type=submit], main form button[type=submit]").last.click()
    editor.wait_for_load_state()
    visitor = people.window()
    visitor.goto("/news/")
    expect(visitor.get_by_text("新闻：管理后台发布的文章").first).to_be_visible()


def test_everything_that_is_read_works_without_script(people: People) -> None:
    person = people.window("member", script=False, size="phone")
    for address in READ:
        answer = person.goto(address)
        assert answer.status == 200
        expect(person.locator("h1")).to_have_count(1)
