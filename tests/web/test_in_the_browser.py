"""What the agent's fingers meet: search, palette, shortcuts, drafts, in a real Chromium."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Request, Route, expect

from tests.support.accessibility import OF_COLOURS, RULES, barriers

pytestmark = pytest.mark.browser

DESK, PHONE = {"width": 1366, "height": 768}, {"width": 390, "height": 844}
PAGES = {
    "workbench": "",
    "customers' page": "public/",
    "errors": "errors/",
    "not found": "error/404/",
}


@pytest.fixture
def desk(page: Page, style_guide: str) -> Page:
    page.set_viewport_size({"width": 1366, "height": 768})
    page.goto(style_guide)
    return page


class TestSearch:
    def test_a_slash_puts_the_cursor_into_the_box(self, desk: Page) -> None:
        desk.keyboard.press("/")
        expect(desk.locator("#search-input")).to_be_focused()
        expect(desk.locator("#search-input")).to_have_value("")

    def test_arrows_choose_and_enter_opens(self, desk: Page) -> None:
        desk.keyboard.press("/")
        desk.keyboard.type("okaf")
        box = desk.locator("#search-input")
        expect(box).to_have_attribute("aria-expanded", "true")
        expect(box).to_have_attribute("aria-activedescendant", "hit-1-1")
        desk.keyboard.press("ArrowDown")
        expect(box).to_have_attribute("aria-activedescendant", "hit-1-2")
        expect(desk.locator("#hit-1-2")).to_have_attribute("aria-selected", "true")
        desk.keyboard.press("Enter")
        expect(desk).to_have_url(re.compile("#hit-1$"))

    def test_the_number_of_hits_is_said(self, desk: Page) -> None:
        desk.locator("#search-input").fill("okaf")
        expect(desk.locator("[data-search-status]")).to_have_text("4 hits")

    def test_enter_before_the_answer_opens_nobody_by_chance(self, desk: Page) -> None:
        desk.keyboard.press("/")
        desk.keyboard.type("okaf")
        desk.keyboard.press("Enter")
        expect(desk.locator("#search-results")).to_be_visible()
        assert "#hit" not in desk.url
        desk.keyboard.press("Enter")
        expect(desk).to_have_url(re.compile("#hit-0$"))

    def test_escape_closes_then_empties_then_leaves(self, desk: Page) -> None:
        desk.keyboard.press("/")
        desk.keyboard.type("okaf")
        expect(desk.locator("#search-results")).to_be_visible()
        desk.keyboard.press("Escape")
        expect(desk.locator("#search-results")).to_be_hidden()
        desk.keyboard.press("Escape")
        expect(desk.locator("#search-input")).to_have_value("")
        desk.keyboard.press("Escape")
        expect(desk.locator("#search-input")).not_to_be_focused()

    def test_nobody_found_says_what_to_do_next(self, desk: Page) -> None:
        desk.locator("#search-input").fill("zzz")
        expect(desk.locator("#search-results")).to_contain_text("Try a postcode")
        expect(desk.locator("#hit-create")).to_be_visible()


class TestPalette:
    def test_a_command_starts_by_a_few_of_its_letters(self, desk: Page) -> None:
        desk.keyboard.press("Control+k")
        expect(desk.locator("#palette-input")).to_be_focused()
        desk.keyboard.type("nwq")
        expect(desk.locator("#palette-list [role=option]:visible")).to_have_count(1)
        desk.keyboard.press("Enter")
        expect(desk).to_have_url(re.compile("#quote$"))

    def test_another_word_for_it_finds_it(self, desk: Page) -> None:
        desk.keyboard.press("Control+k")
        desk.keyboard.type("offer")
        expect(desk.locator("#command-testquote")).to_have_attribute("aria-selected", "true")

    def test_what_makes_no_sense_now_is_not_offered(self, desk: Page) -> None:
        expect(desk.locator("#palette-list")).not_to_contain_text("Not now")

    def test_escape_closes_it_and_the_next_time_it_is_empty(self, desk: Page) -> None:
        desk.keyboard.press("Control+k")
        desk.keyboard.type("bills")
        desk.keyboard.press("Escape")
        expect(desk.locator("#palette")).to_be_hidden()
        desk.keyboard.press("Control+k")
        expect(desk.locator("#palette-input")).to_have_value("")


class TestShortcuts:
    def test_a_sequence_of_letters_goes_there(self, desk: Page) -> None:
        desk.keyboard.press("t")
        desk.keyboard.press("b")
        expect(desk).to_have_url(re.compile("#bills$"))

    def test_a_chord_presses_what_is_on_the_page(self, desk: Page) -> None:
        desk.keyboard.press("Alt+q")
        expect(desk).to_have_url(re.compile("#quote$"))

    @pytest.mark.parametrize("keys", ["/okaf", "Control+k"])
    def test_what_is_pressed_while_the_page_still_loads_counts(
        self, page: Page, style_guide: str, keys: str
    ) -> None:
        held: list[Route] = []

        def hold(route: Route) -> None:
            held.append(route)

        page.route("**/js/app*.js", hold)
        page.goto(style_guide, wait_until="commit")
        box = page.locator("#search-input")
        box.wait_for()
        if keys.startswith("/"):
            page.keyboard.type(keys)
        else:
            page.keyboard.press(keys)
        expect(box).to_have_value("")
        expect(page.locator("#palette")).to_be_hidden()
        for script in held:
            script.continue_()
        if keys.startswith("/"):
            expect(box).to_be_focused()
            expect(box).to_have_value("okaf")
            expect(page.locator("#hit-1-1")).to_be_visible()
        else:
            expect(page.locator("#palette")).to_be_visible()

    def test_letters_typed_into_a_field_are_letters(self, desk: Page) -> None:
        desk.locator("#scratch").fill("")
        desk.locator("#scratch").press_sequentially("t b / ?")
        expect(desk.locator("#scratch")).to_have_value("t b / ?")

    def test_all_of_them_are_listed(self, desk: Page) -> None:
        desk.keyboard.press("?")
        listed = desk.locator("#shortcuts")
        expect(listed).to_contain_text("New quotation")
        expect(listed).to_contain_text("Show bills")

    def test_single_keys_can_be_turned_off_for_good(self, desk: Page) -> None:
        desk.keyboard.press("?")
        desk.locator("[data-single-keys]").uncheck()
        desk.keyboard.press("Escape")
        desk.reload()
        desk.keyboard.press("/")
        expect(desk.locator("#search-input")).not_to_be_focused()
        desk.keyboard.press("Control+k")
        expect(desk.locator("#palette")).to_be_visible()


class TestForms:
    def fill(self, desk: Page, last_name: str) -> None:
        desk.locator("#id_first_name").fill("Ada")
        desk.locator("#id_last_name").fill(last_name)
        desk.locator("#id_iban").fill("GB29NWBK60161331926819")
        desk.locator("#id_start").fill("2026-12-01")
        desk.locator("#id_usage").fill("3100.5")
        desk.locator("#id_consent").check()

    def test_what_was_typed_survives_a_reload(self, desk: Page, style_guide: str) -> None:
        desk.goto(f"{style_guide}form/")
        desk.locator("#id_last_name").fill("Byron")
        desk.reload()
        expect(desk.locator("#id_last_name")).to_have_value("Byron")
        expect(desk.locator(".draft-note")).to_be_visible()
        desk.get_by_role("button", name="Discard").click()
        expect(desk.locator("#id_last_name")).to_have_value("")
        desk.reload()
        expect(desk.locator(".draft-note")).to_have_count(0)

    def test_what_was_sent_is_not_offered_again(self, desk: Page, style_guide: str) -> None:
        desk.goto(f"{style_guide}form/")
        self.fill(desk, "Byron")
        desk.get_by_role("button", name="Create the account").click()
        expect(desk.locator(".toast")).to_contain_text("The account was created.")
        expect(desk.locator("#id_last_name")).to_have_value("")
        expect(desk.locator(".draft-note")).to_have_count(0)

    def test_a_refused_form_points_to_what_is_wrong(self, desk: Page, style_guide: str) -> None:
        desk.goto(f"{style_guide}form/")
        desk.locator("#id_first_name").fill("Ada")
        desk.keyboard.press("Control+Enter")
        expect(desk.locator(".error-summary")).to_be_focused()
        expect(desk.locator("#id_first_name")).to_have_value("Ada")
        desk.locator(".error-summary").get_by_role("link", name="Last name").click()
        expect(desk.locator("#id_last_name")).to_be_focused()

    def test_two_clicks_send_once(self, desk: Page, style_guide: str) -> None:
        sent: list[Request] = []
        desk.goto(f"{style_guide}form/")
        self.fill(desk, "Byron")
        desk.on("request", lambda r: sent.append(r) if r.method == "POST" else None)
        desk.evaluate(
            "() => { const b = document.querySelector('.work form [type=submit]');"
            " b.click(); b.click(); }"
        )
        expect(desk.locator(".toast")).to_be_visible()
        assert len(sent) == 1


class TestLooks:
    def test_the_theme_is_remembered_and_rendered_by_the_server(self, desk: Page) -> None:
        desk.emulate_media(color_scheme="light")
        desk.locator("[data-theme-toggle]").first.click()
        page = desk.reload()
        assert page is not None
        assert 'data-theme="dark"' in page.text()

    def test_nothing_breaks_the_content_policy(self, desk: Page, style_guide: str) -> None:
        said: list[str] = []
        desk.on("console", lambda line: said.append(line.text) if line.type == "error" else None)
        desk.on("pageerror", lambda error: said.append(str(error)))
        for address in ("", "public/", "form/"):
            answer = desk.goto(f"{style_guide}{address}")
            assert answer is not None
            policy = answer.headers["content-security-policy"]
            assert "unsafe" not in policy
            desk.wait_for_load_state("networkidle")
        assert said == []

    def test_a_poll_asks_only_while_somebody_looks(self, desk: Page) -> None:
        with desk.expect_request("**/journey/", timeout=5000):
            pass
        desk.evaluate("Object.defineProperty(document, 'visibilityState', {get: () => 'hidden'})")
        asked: list[Request] = []
        desk.wait_for_timeout(300)
        desk.on("request", lambda request: asked.append(request))  # noqa: PLW0108 (playwright)
        desk.wait_for_timeout(2600)
        assert not [request for request in asked if "journey" in request.url]

    @pytest.mark.parametrize(
        ("theme", "size", "rules"),
        [("light", DESK, RULES), ("dark", DESK, OF_COLOURS), ("light", PHONE, RULES)],
        ids=["desk by day", "desk by night", "phone"],
    )
    def test_everybody_can_use_it(
        self, browser: Browser, style_guide: str, theme: Any, size: Any, rules: dict[str, Any]
    ) -> None:
        context = browser.new_context(viewport=size, color_scheme=theme)
        page = context.new_page()
        for name, address in PAGES.items():
            page.goto(f"{style_guide}{address}")
            page.wait_for_timeout(400)
            assert barriers(page, rules) == [], name
            sideways = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert sideways <= 0, name
        context.close()


class TestSigning:
    @pytest.fixture
    def phone(self, page: Page, style_guide: str) -> Page:
        page.set_viewport_size({"width": 390, "height": 844})
        page.goto(f"{style_guide}public/")
        page.locator("form [type=checkbox]").check()
        return page

    def test_a_drawn_signature_goes_along_as_a_picture(self, phone: Page) -> None:
        canvas = phone.locator(".signature-canvas")
        canvas.scroll_into_view_if_needed()
        box = canvas.bounding_box()
        assert box is not None
        phone.mouse.move(box["x"] + 40, box["y"] + 40)
        phone.mouse.down()
        phone.mouse.move(box["x"] + 160, box["y"] + 90, steps=8)
        phone.mouse.up()
        value = phone.locator("[name=signature_image]").input_value()
        assert value.startswith("data:image/png;base64,")

    def test_an_empty_one_is_not_sent(self, phone: Page) -> None:
        phone.get_by_role("button", name="Sign the contract").click()
        expect(phone.locator("[data-signature-error]")).to_contain_text("Please sign")

    def test_a_typed_name_will_do(self, phone: Page) -> None:
        phone.locator("label.segment", has_text="Type my name").click()
        name = phone.locator("#typed-name")
        expect(name).to_be_focused()
        name.fill("Margaret Okafor")
        expect(phone.locator("[data-signature-preview]")).to_have_text("Margaret Okafor")
