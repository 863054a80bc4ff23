"""The menus of those with much work: by keyboard, and on a telephone."""

import pytest
from playwright.sync_api import expect

from .conftest import People


def test_work_menu_opens_by_keyboard_and_closes_behind_whoever_goes_on(people: People) -> None:
    secretary = people.window("secretary")
    secretary.goto("/about/")
    heading = secretary.locator(".work-bar summary").first
    panel = secretary.locator(".work-bar .drop-panel").first
    heading.focus()
    secretary.keyboard.press("Enter")
    expect(panel).to_be_visible()
    secretary.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(heading).to_be_focused()
    secretary.keyboard.press("Enter")
    panel.locator("a").last.focus()
    secretary.keyboard.press("Tab")
    expect(panel).to_be_hidden()
    expect(secretary.locator(".work-bar summary").nth(1)).to_be_focused()
    bar = secretary.locator(".work-bar").bounding_box()
    assert bar is not None and bar["height"] <= 60


@pytest.mark.parametrize("script", [True, False])
def test_work_menu_of_a_telephone_leads_to_every_kind_of_work(people: People, script: bool) -> None:
    secretary = people.window("secretary", size="phone", script=script)
    secretary.goto("/about/")
    secretary.locator(".menu > summary").click()
    headings = secretary.locator(".menu-group > summary")
    for place in range(headings.count()):
        headings.nth(place).click()
    dues = secretary.locator(".menu-group a[href='/members/dues/month/']")
    expect(dues).to_be_visible()
    dues.click()
    secretary.wait_for_url("**/members/dues/month/")
