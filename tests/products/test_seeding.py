"""What a new tenant's catalogue holds."""

import subprocess
import sys
from decimal import Decimal

import pytest

from access.choices import SegmentCode
from premises.choices import Division
from products.models import LoadProfile, LoadProfileShare, Product
from products.queries.pricing import load_profile
from products.queries.proposing import propose
from products.services.seeding import seed_demo_catalogue
from utilcrm import clock


@pytest.mark.django_db
def test_the_demonstration_offers_something_to_every_customer(tenant):
    made = seed_demo_catalogue()
    assert made == Product.objects.count()
    for division in Division.values:
        for segment in SegmentCode.values:
            proposals = propose(
                division=division,
                segment=segment,
                start_date=clock.today(),
                annual_kwh=4_000,
            )
            assert all(len(proposal.terms) == 3 for proposal in proposals)
            assert any(proposal.product.can_be_generated for proposal in proposals)
    assert Product.objects.filter(master_data_template="").count() == 1

    assert seed_demo_catalogue() == 0
    assert made == Product.objects.count()
    assert LoadProfileShare.objects.count() == 12 * LoadProfile.objects.count()
    _check_profiles()


def _check_profiles():
    for profile in LoadProfile.objects.all():
        shares = load_profile(division=profile.division, segment=profile.segment)
        assert sum(shares.months) == Decimal(1)
        assert shares.months[0] > shares.months[6], "more is used in January than in July"
    gas = load_profile(division=Division.GAS, segment=SegmentCode.RESIDENTIAL)
    power = load_profile(division=Division.ELECTRICITY, segment=SegmentCode.RESIDENTIAL)
    assert gas.months[0] / gas.months[6] > 4, "heating decides over gas"
    assert Decimal("0.15") < power.night_of_year < Decimal("0.25")


def test_a_web_process_never_imports_pandas():
    code = (
        "import django, sys; django.setup(); import utilcrm.urls;"
        "import products.queries.proposing, quotations.services.sending;"
        "assert 'pandas' not in sys.modules and 'demandlib' not in sys.modules"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
