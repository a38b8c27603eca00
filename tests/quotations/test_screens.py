"""The quotation screen over HTTP."""
import pytest
from django.urls import reverse

pytestmark = pytest.mark.django_db

def test_pages_open(draft, sent, agent, client_for, premise, supervisor):
    browser = client_for(agent)
    for name, args in (("list", []), ("edit", [draft.uuid]), ("detail", [sent.uuid]), ("detail", [draft.uuid]), ("create", []), ("state",[sent.uuid]), ("reject",[sent.uuid]), ("again",[sent.uuid])):
        r = browser.get(reverse(f"quotations:{name}", args=args))
        assert r.status_code == 200, (name, r)
    r = browser.get(reverse("quotations:create"), {"account": draft.account.uuid})
    assert r.status_code == 200
    r = browser.get(reverse("quotations:create"), {"account": draft.account.uuid, "premise": premise.uuid})
    assert r.status_code == 200
    open("/tmp/r7/edit.html","w").write(browser.get(reverse("quotations:edit", args=[draft.uuid])).content.decode())
    assert client_for(supervisor).get(reverse("quotations:approvals")).status_code == 200
