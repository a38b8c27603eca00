"""One operation on one screen, and every way it can end."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse

from access.choices import Role, SegmentCode
from access.models import User
from tests.factories.accounts import AccountFactory, OrganisationFactory
from tests.support.people import TenantClient
from tests.web.screens import Rename, rename

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("screens_at_hand")]

HTMX = {"HX-Request": "true"}


@pytest.fixture
def account() -> Any:
    return AccountFactory(first_name="Ada", last_name="Byron", town="London")


@pytest.fixture
def at_desk(client_for: Callable[..., TenantClient], agent: User) -> TenantClient:
    return client_for(agent)


def address(account: Any) -> str:
    return reverse("screens:rename", args=[account.uuid])


def filled(account: Any, **changes: Any) -> dict[str, Any]:
    was = {"first_name": "Ada", "last_name": "Byron", "town": "London"}
    return {
        **was,
        **{f"initial-{name}": value for name, value in was.items()},
        "version": account.version,
        "form_token": uuid.uuid4().hex,
        **changes,
    }


class TestWhoMay:
    def test_somebody_not_logged_in_is_sent_to_the_log_in_page_and_back(
        self, client_for: Any, account: Any
    ) -> None:
        response = client_for(None).get(address(account))
        assert response.status_code == 302
        assert response["Location"].endswith(f"?next={address(account)}")

    def test_a_fragment_of_somebody_not_logged_in_sends_its_whole_page_there(
        self, client_for: Any, account: Any
    ) -> None:
        headers = {**HTMX, "HX-Current-URL": "/accounts/"}
        response = client_for(None).get(address(account), headers=headers)
        assert response.status_code == 204
        assert "/accounts/" in response["HX-Redirect"]

    def test_somebody_without_the_permission_is_refused(
        self, client_for: Any, outsider: User, account: Any
    ) -> None:
        assert client_for(outsider).get(address(account)).status_code in {403, 404}

    def test_a_row_that_may_not_be_seen_is_not_found(
        self, client_for: Any, regional_manager: User
    ) -> None:
        hidden = OrganisationFactory(segment=SegmentCode.CORPORATE)
        assert client_for(regional_manager).get(address(hidden)).status_code == 404

    def test_a_person_who_sees_the_row_but_lacks_the_permission_gets_403(
        self, client_for: Any, clerk: User, account: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(Rename, "permission_required", "accounts.nobody_has_this")
        assert Role.ADMINISTRATION_CLERK in set(clerk.groups.values_list("name", flat=True))
        assert client_for(clerk).get(address(account)).status_code == 403


class TestDoing:
    def test_it_does_the_work_and_goes_on(self, at_desk: TenantClient, account: Any) -> None:
        response = at_desk.post(address(account), filled(account, last_name="Lovelace"))
        account.refresh_from_db()
        assert account.last_name == "Lovelace"
        assert response["Location"] == reverse("screens:detail", args=[account.uuid])

    def test_it_tells_the_browser_which_draft_to_forget(
        self, at_desk: TenantClient, account: Any
    ) -> None:
        form = filled(account, last_name="Lovelace")
        response = at_desk.post(address(account), form)
        assert response.cookies["submitted"].value == form["form_token"]

    def test_the_same_form_sent_twice_works_once_and_leads_to_the_same_place(
        self, at_desk: TenantClient, account: Any
    ) -> None:
        form = filled(account, last_name="Lovelace")
        first = at_desk.post(address(account), form)
        second = at_desk.post(address(account), form)
        assert second["Location"] == first["Location"]
        assert Rename.calls == ["Lovelace"]

    def test_htmx_is_redirected_as_a_whole_page(self, at_desk: TenantClient, account: Any) -> None:
        form = filled(account, last_name="Lovelace")
        response = at_desk.post(address(account), form, headers=HTMX)
        assert response.status_code == 204
        assert response["HX-Redirect"] == reverse("screens:detail", args=[account.uuid])


class TestRefusing:
    def test_what_is_missing_is_named_at_its_field_and_in_the_summary(
        self, at_desk: TenantClient, account: Any
    ) -> None:
        response = at_desk.post(address(account), filled(account, last_name="", town="Leeds"))
        page = response.content.decode()
        assert response.status_code == 422
        assert 'href="#id_last_name"' in page
        assert 'aria-describedby="id_last_name_error"' in page
        assert 'value="Leeds"' in page

    def test_a_service_that_refuses_speaks_at_the_field_and_keeps_what_was_typed(
        self, at_desk: TenantClient, account: Any
    ) -> None:
        form = filled(account, last_name="Taken", town="Leeds")
        response = at_desk.post(address(account), form)
        page = response.content.decode()
        assert response.status_code == 422
        assert "This name is taken." in page
        assert 'value="Leeds"' in page
        assert form["form_token"] in page

    def test_a_refused_form_may_be_sent_again(self, at_desk: TenantClient, account: Any) -> None:
        form = filled(account, last_name="Taken")
        at_desk.post(address(account), form)
        at_desk.post(address(account), {**form, "last_name": "Lovelace"})
        account.refresh_from_db()
        assert account.last_name == "Lovelace"

    def test_htmx_gets_the_form_alone(self, at_desk: TenantClient, account: Any) -> None:
        response = at_desk.post(address(account), filled(account, last_name=""), headers=HTMX)
        assert response.status_code == 422
        assert "<html" not in response.content.decode()


class TestTwoPeople:
    def test_the_second_is_told_what_changed_and_loses_nothing(
        self, at_desk: TenantClient, account: Any
    ) -> None:
        form = filled(account, last_name="Lovelace")
        rename(account=account, version=1, first_name="Ada", last_name="King", town="Bath")

        response = at_desk.post(address(account), form)

        page = response.content.decode()
        assert response.status_code == 409
        assert 'name="last_name" value="Lovelace"' in page
        assert 'name="town" value="Bath"' in page, "only the other one changed the town"
        assert "King" in page
        account.refresh_from_db()
        assert account.last_name == "King"

    def test_sending_the_merged_form_saves_it(self, at_desk: TenantClient, account: Any) -> None:
        form = filled(account, last_name="Lovelace")
        rename(account=account, version=1, first_name="Ada", last_name="King", town="Bath")
        again = at_desk.post(address(account), form).context["form"]

        at_desk.post(address(account), {**again.data.dict(), "form_token": form["form_token"]})

        account.refresh_from_db()
        assert (account.last_name, account.town) == ("Lovelace", "Bath")

    def test_the_same_change_by_both_is_no_clash(self, at_desk: TenantClient, account: Any) -> None:
        form = filled(account, last_name="King")
        rename(account=account, version=1, first_name="Ada", last_name="King", town="London")
        differences = at_desk.post(address(account), form).context["differences"]
        assert [(found.name, found.is_clash) for found in differences] == [("last_name", False)]


class TestOtherScreens:
    def test_a_detail_shows_its_record(self, at_desk: TenantClient, account: Any) -> None:
        page = at_desk.get(reverse("screens:detail", args=[account.uuid])).content.decode()
        assert page == account.name

    def test_a_list_goes_forth_and_back_without_losing_a_row(self, at_desk: TenantClient) -> None:
        for name in ("C", "A", "B", "A", "D", "E", "A"):
            AccountFactory(last_name=name)

        def page(cursor: str) -> list[str]:
            response = at_desk.get(reverse("screens:list"), {"after": cursor})
            return response.content.decode().split("|")

        first = page("")
        second = page(first[1])
        third = page(second[1])
        assert [first[0], second[0], third[0]] == ["A;A;A;", "B;C;D;", "E;"]
        assert third[1] == ""
        assert page(third[2])[0] == second[0]
        assert page(second[2])[0] == first[0]
        assert page(second[2])[2] == ""

    @pytest.mark.parametrize("cursor", ["nonsense", "WzFd", "bnVsbA", "W1tdXQ"])
    def test_a_cursor_that_the_list_did_not_make_is_not_found(
        self, at_desk: TenantClient, cursor: str
    ) -> None:
        assert at_desk.get(reverse("screens:list"), {"after": cursor}).status_code == 404
