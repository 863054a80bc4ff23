"""A thought report from the first word on a telephone to the accepted text, its reader beside it."""

from playwright.sync_api import Page, expect

from .conftest import People

OPENING = "这一季度我认真学习，参加了志愿服务，也看到了自己的不足。"
FIRST = "\n\n".join(f"第{n}段：{OPENING}" + "思考与行动。" * 12 for n in (1, 2, 3))
SECOND = FIRST + "\n\n补充一段：我把理论学习同社区服务结合起来，每周两次，记下了十条体会。"


def unread(page: Page) -> int:
    return int(page.locator("#inbox-link").get_attribute("data-unread") or 0)


def writing(page: Page) -> str:
    """Open my reports and return the address at which this quarter's is written."""
    page.goto("/members/development/thought-reports/")
    address = page.locator("a[href$='/write/']").first.get_attribute("href")
    assert address
    return address


def hand_in(page: Page) -> None:
    page.locator("button[name=action][value=check]").click()
    page.wait_for_url("**/check/")
    page.locator("form[data-once] button.btn-primary").click()
    page.wait_for_load_state()


def test_report_from_draft_to_accepted_text_on_a_phone(people: People) -> None:
    activist = people.window("activist", size="phone")
    address = writing(activist)
    activist.goto(address)
    activist.locator("[name=title]").fill("第四季度思想汇报")
    with activist.expect_response("**/drafts/**"):
        activist.locator("[name=body]").fill(FIRST)
    expect(activist.locator("[data-draft-status]")).not_to_be_empty()

    # The browser is killed; another device has the whole text.
    activist.context.close()
    activist = people.window("activist", size="phone")
    activist.goto(address)
    expect(activist.locator("[name=body]")).to_have_value(FIRST)

    contact = people.window("contact")
    contact.goto("/desk/")
    before = unread(contact)
    hand_in(activist)
    # The notice comes to the open page by itself.
    expect(contact.locator("#inbox-link")).to_have_attribute("data-unread", str(before + 1), timeout=20_000)

    contact.goto("/members/development/thought-reports/to-answer/")
    contact.get_by_text("第四季度思想汇报").first.click()
    contact.wait_for_load_state()
    if "/answer/" not in contact.url:
        contact.locator("a[href$='/answer/']").first.click()
    contact.wait_for_url("**/answer/**")
    answering = contact.url.split("?")[0]
    contact.goto(f"{answering}?comment=2")
    contact.locator(".review-comment-form [name=body]").fill("请结合一件具体的事来写。")
    contact.locator(".review-comment-form button.btn-primary").click()
    contact.goto(answering)
    expect(contact.locator("#p2 .review-comment")).to_have_count(1)
    contact.locator("form [name=decision][value=return]").check()
    contact.locator("form [name=words]").fill("第二段请写得更具体。")
    told = unread(activist)
    contact.locator("#answer ~ form button.btn-primary, section[aria-labelledby=answer] button.btn-primary").click()
    contact.wait_for_load_state()
    expect(activist.locator("#inbox-link")).to_have_attribute("data-unread", str(told + 1), timeout=20_000)

    activist.goto(address)
    activist.locator("[name=body]").fill(SECOND)
    hand_in(activist)
    contact.goto(answering)
    contact.locator("a[href*='/compare/']").first.click()
    expect(contact.locator("ins").first).to_be_visible()
    contact.goto(answering)
    contact.locator("form [name=decision][value=accept]").check()
    contact.locator("form [name=words]").fill("很好，继续努力。")
    contact.locator("section[aria-labelledby=answer] button.btn-primary").click()
    contact.wait_for_load_state()

    report = answering.removesuffix("answer/")
    activist.goto(report)
    expect(activist.locator(".state-accepted").first).to_be_visible()
    assert activist.goto(address).status in (403, 404, 409) or "/write/" not in activist.url
    with activist.expect_download() as download:
        activist.evaluate(f"location.assign('{report}print/')")
    assert download.value.path().read_bytes().startswith(b"%PDF")
    width = activist.evaluate("document.documentElement.scrollWidth")
    assert width <= 390


def test_two_devices_are_told_of_each_other(people: People) -> None:
    phone, laptop = people.window("target", size="phone"), people.window("target")
    address = writing(phone)
    phone.goto(address)
    laptop.goto(address)
    with phone.expect_response("**/drafts/**"):
        phone.locator("[name=body]").fill("在手机上写下的一段文字。")
    with laptop.expect_response("**/drafts/**") as answer:
        laptop.locator("[name=body]").fill("在电脑上写下的另一段文字。")
    assert answer.value.status == 409
    expect(laptop.locator("[data-draft-conflict]")).to_be_visible()
    expect(laptop.locator("[data-draft-theirs]")).to_contain_text("在手机上写下的一段文字")
    laptop.locator("[data-draft-take-theirs]").click()
    expect(laptop.locator("[name=body]")).to_have_value("在手机上写下的一段文字。")


def test_report_is_handed_in_without_script(people: People) -> None:
    person = people.window("probationary", size="phone", script=False)
    person.goto(writing(person))
    person.locator("[name=title]").fill("不用脚本也能提交")
    person.locator("[name=body]").fill(FIRST)
    hand_in(person)
    person.goto("/members/development/thought-reports/")
    expect(person.get_by_text("不用脚本也能提交").first).to_be_visible()
