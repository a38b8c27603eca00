"""Names and regional structure per country: facts that fit together, people that do not exist."""

from sandbox.erp.book.countries import denmark, germany, great_britain, spain
from sandbox.erp.book.countries.country import Country

COUNTRIES: dict[str, Country] = {
    country.code: country
    for country in (great_britain.COUNTRY, germany.COUNTRY, spain.COUNTRY, denmark.COUNTRY)
}
