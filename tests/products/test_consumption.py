"""What a household is expected to consume."""

import pytest

from access.choices import SegmentCode
from premises.choices import Division
from products.choices import Dwelling
from products.queries.consumption import NoEstimate, estimate_annual_kwh


def estimate(division=Division.ELECTRICITY, segment=SegmentCode.RESIDENTIAL, market="GB", **facts):
    return estimate_annual_kwh(division=division, segment=segment, market=market, **facts)


def test_persons_decide_before_floor_area_and_dwelling():
    assert estimate(persons=1, floor_area=500, dwelling=Dwelling.DETACHED) == 1_800


@pytest.mark.parametrize("market", ["GB", "DE", "ES", "DK"])
@pytest.mark.parametrize("division", Division.values)
def test_more_persons_never_use_less(market, division):
    by_persons = [estimate(division, market=market, persons=count) for count in range(1, 9)]
    assert by_persons == sorted(by_persons)
    assert by_persons[-1] > by_persons[3]


@pytest.mark.parametrize("division", Division.values)
@pytest.mark.parametrize("dwelling", Dwelling.values)
def test_every_kind_of_home_has_a_usual_consumption(division, dwelling):
    assert estimate(division, dwelling=dwelling) > 0


def test_gas_grows_with_the_floor_area():
    assert estimate(Division.GAS, floor_area=120) == 2 * estimate(Division.GAS, floor_area=60)


def test_nothing_known_gives_no_estimate():
    with pytest.raises(NoEstimate):
        estimate()


def test_a_business_is_estimated_by_its_floor_area_only():
    assert estimate(segment=SegmentCode.CORPORATE, floor_area=100) == 9_000
    with pytest.raises(NoEstimate):
        estimate(segment=SegmentCode.CORPORATE, persons=3)
