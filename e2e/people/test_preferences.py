"""Personal settings: status, time zone, what the title counts."""

import re
from collections.abc import Callable
from datetime import timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone
from playwright.sync_api import Page, expect

from e2e.browser_state import notices_stay, pass_time
from e2e.chat import Chat
from messaging.models import Conversation, User
from messaging.models.inbox.status import set_status
from messaging.models.messages.saving import post


def test_a_status_is_set_seen_and_cleared(
    open_page: Callable[..., Page], ada: User, ben: User, script: bool
) -> None:
    direct = Conversation.objects.direct(ada, ben)
    page = open_page(ada, script=script)
    his = Chat(open_page(ben, script=script)).open(direct)
    page.goto("/")
    page.get_by_title("Your status").click()
    when = page.get_by_label("Date and time", exact=False)
    expect(when).to_be_hidden()
    page.get_by_label("Status").fill("At lunch")
    page.get_by_label("Ends").select_option("At another time")
    when.fill("2020-01-01T10:00")
    page.get_by_role("button", name="Set status").click()
    expect(page.locator(".errors")).to_contain_text("This time is in the past")
    expect(page.get_by_label("Status")).to_have_value("At lunch")
    expect(when).to_have_value("2020-01-01T10:00")
    page.get_by_label("Ends").select_option("In 1 hour")
    page.get_by_role("button", name="Set status").click()
    expect(page.locator(".current-status")).to_contain_text("At lunch until")
    expect(page.locator(".me")).to_contain_text("At lunch")

    shown = his.page.locator(".bar .status"), his.place("Ada Lovelace").locator(".status")
    for part in shown:
        if not script:
            his.page.reload()
        expect(part).to_have_text("At lunch")
    page.get_by_role("button", name="Clear status").click()
    expect(page.locator(".me")).to_contain_text("@ada")
    for part in shown:
        if not script:
            his.page.reload()
        expect(part).to_have_count(0)


def test_an_open_page_takes_a_status_away_at_its_end(
    open_page: Callable[..., Page], ada: User, ben: User
) -> None:
    direct = Conversation.objects.direct(ada, ben)
    set_status(ada, "Back in ten", timezone.now() + timedelta(minutes=10))
    page = open_page(ben)
    page.clock.install()
    his = Chat(page).open(direct)
    shown = his.page.locator(".status")
    expect(shown).to_have_text(["Back in ten"] * 2)
    page.clock.run_for(20_000)
    expect(shown).to_have_count(2)
    page.clock.fast_forward("10:00")
    pass_time(page, lambda: not shown.count(), seconds=20)


def test_another_time_is_in_the_browsers_time_zone(open_page: Callable[..., Page], ada: User) -> None:
    """Here Auckland. Without script the server does not know the zone and uses UTC."""
    for script, zone in ((True, "Pacific/Auckland"), (False, "UTC")):
        page = open_page(ada, script=script, timezone_id="Pacific/Auckland")
        page.goto("/account/status/")
        page.get_by_label("Status").fill("Travelling")
        page.get_by_label("Ends").select_option("At another time")
        day = f"{timezone.now() + timedelta(days=2):%Y-%m-%d}"
        page.get_by_label("Date and time", exact=False).fill(f"{day}T09:15")
        page.get_by_role("button", name="Set status").click()
        expect(page.locator(".current-status")).to_be_visible()
        ada.refresh_from_db()
        assert ada.status_until
        expected = ada.status_until.astimezone(ZoneInfo(zone))
        assert f"{expected:%Y-%m-%dT%H:%M}" == f"{day}T09:15"


def test_times_and_days_are_shown_in_the_chosen_time_zone(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation, script: bool
) -> None:
    late = timezone.now().replace(hour=23, minute=30) - timedelta(days=2)
    message = post(room, ben, "Late at night", timestamp=late)
    page = notices_stay(open_page(ada, script=script, timezone_id="America/New_York"))
    page.goto("/account/")
    page.get_by_label("Time zone").select_option("Asia/Kolkata")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".notices")).to_contain_text("saved")
    chat = Chat(page).open(room)
    there = late + timedelta(hours=5, minutes=30)  # the next morning
    day = page.locator(".timeline > .day time").first
    clock = chat.row(message).locator("time").first
    if script:
        expect(clock).to_have_text(re.compile(rf"0?5:{there:%M}"))
        expect(day).to_have_attribute("datetime", f"{there:%Y-%m-%d}")
        expect(day).to_contain_text(str(there.day))
    else:  # the timeline is cached for all members, in UTC; the reader's own lists use their zone
        expect(clock).to_have_text("23:30")
        page.goto("/search/?q=from:ben")
        expect(page.locator(".line time")).to_have_text(f"{there.day} {there:%b}, 05:00")
    his = open_page(ben, script=script)
    his.goto(f"/people/{ada.pk}/")
    expect(his.locator(".profile")).to_contain_text("(UTC+5:30)")


def test_a_page_that_is_open_at_midnight_says_yesterday_then(
    open_page: Callable[..., Page], ada: User, room: Conversation
) -> None:
    noon = timezone.now().replace(hour=12, minute=0) - timedelta(days=1)
    root = post(room, ada, "High water", timestamp=noon)
    page = open_page(ada, timezone_id="UTC")
    page.route("**/live/*", lambda route: route.abort())  # or what comes would have the times drawn again
    page.clock.install(time=noon)
    Chat(page).open_thread(root)
    shown = page.locator(f"#t-{root.pk} .moment time")
    expect(shown).to_have_text(re.compile(r"^12:00"))
    page.clock.pause_at(noon + timedelta(hours=11, minutes=58))  # however long the page took to load
    expect(shown).to_have_text(re.compile(r"^12:00"))
    page.clock.fast_forward("00:05:00")
    expect(shown).to_have_text(re.compile(r"yesterday\W+12:00"))


def test_a_zone_that_the_browser_does_not_know_breaks_nothing(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation
) -> None:
    post(room, ben, "Land ho")
    page = open_page(ada)
    page.route(
        "**/conversations/*/",
        lambda route: route.fulfill(
            response=(answer := route.fetch()),
            body=answer.text().replace("<body ", '<body data-zone="Mars/Olympus" '),
        ),
    )
    chat = Chat(page).open(room)
    expect(page.locator("body")).to_have_attribute("data-zone", "Mars/Olympus")
    expect(page.locator(".timeline > .day")).to_have_count(1)
    chat.send("Aye")
    expect(chat.row_with("Aye")).to_be_visible()


def test_title_of_two_tabs_follows_the_preference(
    open_page: Callable[..., Page], ada: User, ben: User, room: Conversation, script: bool
) -> None:
    post(room, ben, "To all")
    post(room, ben, "To @ada")
    page = notices_stay(open_page(ada, script=script))
    other = page.context.new_page()
    for tab in (page, other):
        tab.goto("/inbox/")
        expect(tab).to_have_title("(2) Inbox · Parley")
    page.get_by_role("link", name="Notification settings").click()
    page.get_by_label("Only direct messages").check()
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".notices")).to_contain_text("saved")
    expect(page).to_have_title("(1) Notification settings · Parley")
    if not script:
        expect(page.locator("#desktop")).to_be_hidden()
        other.reload()
    expect(other).to_have_title("(1) Inbox · Parley")
    expect(other.locator("#badge-inbox")).to_have_text("1 unread")
