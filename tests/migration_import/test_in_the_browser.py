"""A file comes in in a real browser, over the real worker, started from the keyboard."""

from __future__ import annotations

import pytest

from accounts.models import Account
from products.models import Product
from tests.migration_import.conftest import csv_bytes, line


@pytest.mark.browser
@pytest.mark.covers("C-16")
def test_a_file_comes_in_from_the_palette_to_the_customers_page(
    live, page_of, tenant_admin, settings, tmp_path
):
    # The worker is another process, and looks where the settings say.
    settings.MEDIA_ROOT = settings.PRIVATE_FILES_ROOT
    product = Product.objects.filter(division="ELECTRICITY", segment="RESIDENTIAL").first()
    rows = [
        line(
            n,
            Tarif=product.code,
            Lieferbeginn=product.valid_from.isoformat(),
            PLZ="nowhere" if n == 3 else "NW1 6XE",
        )
        for n in range(1, 9)
    ]
    path = tmp_path / "kunden.csv"
    path.write_bytes(csv_bytes(rows, encoding="cp1252"))
    page = page_of(tenant_admin)

    page.keyboard.press("Control+k")
    page.keyboard.type("import customers")
    page.get_by_role("option", name="Import customers and contracts from a file").wait_for()
    page.keyboard.press("Enter")
    page.wait_for_url("**/imports/new/")
    page.set_input_files("input[type=file]", str(path))
    page.get_by_label("Other system").fill("OldCRM")
    page.keyboard.press("Enter")
    page.wait_for_url("**/layout/")
    assert page.get_by_role("cell", name="Byron1", exact=True).is_visible()
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Map the columns").click(timeout=60_000)
    page.get_by_role("button", name="Go on").click()
    page.wait_for_url("**/codes/")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Import 7 rows").wait_for(timeout=60_000)
    page.get_by_role("link", name="Row by row").click()
    page.get_by_text("is not a postcode of GB").wait_for()
    page.go_back()
    page.get_by_role("link", name="Import 7 rows").click()
    page.get_by_role("button", name="Import now").click()
    page.get_by_text("What was made").wait_for(timeout=60_000)

    page.goto(page.url + "rows/2/")
    page.get_by_role("link", name="Ada Byron1").click()
    page.get_by_text("kunden.csv, row 2").first.wait_for()
    assert Account.objects.filter(source="IMPORT").count() == 7
