"""A form sent twice has one effect."""

from __future__ import annotations

import threading

import pytest
from django.db import connection

from events.services.submissions import new_token, once
from tenants.models import Tenant


@pytest.mark.django_db
def test_the_second_post_of_a_form_is_led_to_the_first_ones_result(agent) -> None:
    token = new_token()
    with once(token, agent, "quotations:create") as first:
        assert not first.is_repeat
        first.finish("/quotations/1/")

    with once(token, agent, "quotations:create") as second:
        assert second.is_repeat
        assert second.result_url == "/quotations/1/"


@pytest.mark.django_db
def test_a_form_whose_operation_failed_may_be_sent_again(agent) -> None:
    token = new_token()
    with pytest.raises(ZeroDivisionError), once(token, agent, "r"):
        raise ZeroDivisionError

    with once(token, agent, "r") as again:
        assert not again.is_repeat


@pytest.mark.django_db
@pytest.mark.parametrize("token", [None, "", "not a token"])
def test_a_form_without_a_token_is_taken_as_new(agent, token: str | None) -> None:
    for _ in range(2):
        with once(token, agent, "r") as submission:
            assert not submission.is_repeat


@pytest.mark.django_db
def test_somebody_elses_token_says_nothing(agent, clerk) -> None:
    token = new_token()
    with once(token, agent, "r") as submission:
        submission.finish("/secret/")

    with once(token, clerk, "r") as other:
        assert not other.is_repeat
        assert other.result_url == ""


def test_two_posts_at_the_same_moment_do_the_work_once(real_commits, tenant: Tenant) -> None:
    token, done, repeats = new_token(), [], []
    together = threading.Barrier(2)

    def post() -> None:
        connection.set_tenant(tenant)
        together.wait()
        with once(token, None, "r") as submission:
            if submission.is_repeat:
                repeats.append(submission.result_url)
            else:
                done.append(1)
                submission.finish("/result/")
        connection.close()

    threads = [threading.Thread(target=post) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (done, repeats) == ([1], ["/result/"])
