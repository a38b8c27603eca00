"""How other systems call our fields and codes, in English and German: what guesses are made of."""

from __future__ import annotations

HEADERS: dict[str, tuple[str, ...]] = {
    "account_key": (
        "customer number", "customer no", "customer id", "customer", "account number",
        "account no", "account id", "account", "client id", "partner", "business partner",
        "kundennummer", "kunden nr", "kundennr", "kundenid", "kunde", "geschaeftspartner",
        "gp nummer", "debitor", "debitorennummer",
    ),
    "account_erp_number": (
        "erp number", "erp partner", "sap number", "sap partner", "sap bp", "erp customer",
        "erp nummer", "sap nummer", "sap gp", "erp kundennummer", "gp sap",
    ),
    "kind": ("kind", "customer type", "type", "person or organisation", "kundenart", "art", "typ"),
    "segment": ("segment", "customer segment", "kundensegment", "kundengruppe", "sparte kunde"),
    "title": ("title", "salutation", "anrede", "titel"),
    "first_name": ("first name", "firstname", "given name", "forename", "vorname"),
    "last_name": (
        "last name", "lastname", "surname", "family name", "name", "nachname", "familienname",
    ),
    "organisation_name": (
        "organisation", "organization", "company", "company name", "organisation name",
        "firma", "firmenname", "unternehmen", "organisation name 1",
    ),
    "birth_date": (
        "date of birth", "birth date", "birthdate", "birthday", "dob", "geburtsdatum",
        "geburtstag", "geb datum",
    ),
    "tax_id": (
        "tax id", "tax number", "vat", "vat number", "vat id", "utr", "steuernummer",
        "steuer id", "ust id", "ustid", "ust idnr",
    ),
    "language": ("language", "sprache", "korrespondenzsprache"),
    "email": ("email", "e mail", "mail", "email address", "e mail adresse", "emailadresse"),
    "phone": (
        "phone", "telephone", "phone number", "tel", "landline", "telefon", "telefonnummer",
        "festnetz",
    ),
    "mobile": ("mobile", "mobile phone", "cell", "cell phone", "mobil", "handy", "mobilnummer"),
    "street": ("street", "address", "road", "street name", "strasse", "str"),
    "house_number": ("house number", "house no", "number", "building", "hausnummer", "hausnr"),
    "flat": ("flat", "apartment", "unit", "door", "wohnung", "adresszusatz"),
    "postcode": ("postcode", "post code", "zip", "zip code", "postal code", "plz", "postleitzahl"),
    "town": ("town", "city", "place", "ort", "stadt", "wohnort"),
    "payment_method": (
        "payment method", "payment", "pay method", "zahlungsart", "zahlart", "zahlungsweise",
        "zahlweg",
    ),
    "iban": ("iban", "bank account", "bankverbindung", "kontonummer iban"),
    "account_holder": ("account holder", "payer name", "kontoinhaber"),
    "invoice_delivery": (
        "invoice delivery", "bill delivery", "invoice by", "delivery", "rechnungsversand",
        "rechnungszustellung", "versandart",
    ),
    "agreement_erp_number": (
        "contract account", "erp contract account", "contract account number", "erp agreement",
        "vertragskonto", "vertragskontonummer", "vk nummer",
    ),
    "contract_key": (
        "contract number", "contract no", "contract id", "contract", "agreement number",
        "vertragsnummer", "vertrag nr", "vertragsnr", "vertrag", "vertragsid",
    ),
    "contract_erp_number": (
        "erp contract", "erp contract number", "sap contract", "erp vertrag", "sap vertrag",
        "erp vertragsnummer",
    ),
    "grid_erp_number": (
        "erp grid contract", "grid contract", "erp netznutzung", "netznutzungsvertrag",
    ),
    "pod_id": (
        "point of delivery", "pod", "pod id", "mpan", "mprn", "cups", "gsrn", "malo", "malo id",
        "market location", "marktlokation", "marktlokations id", "zaehlpunkt", "lieferstelle",
    ),
    "division": ("division", "commodity", "energy", "fuel", "sparte", "energieart", "medium"),
    "product_code": (
        "product", "product code", "product name", "tariff", "tariff code", "tariff name",
        "produkt", "produktcode", "produktname", "tarif", "tarifcode", "tarifname",
    ),
    "starts_on": (
        "start", "start date", "supply start", "start of supply", "contract start", "valid from",
        "beginn", "lieferbeginn", "vertragsbeginn", "belieferungsbeginn", "gueltig ab",
    ),
    "ends_on": (
        "end", "end date", "supply end", "end of supply", "contract end", "valid to", "ende",
        "lieferende", "vertragsende", "gueltig bis",
    ),
    "term_months": (
        "term", "term months", "term in months", "months", "laufzeit", "laufzeit monate",
        "laufzeit in monaten",
    ),
    "expected_annual_kwh": (
        "annual consumption", "consumption", "expected consumption", "annual kwh", "kwh",
        "eac", "aq", "jahresverbrauch", "verbrauch", "verbrauch kwh", "jvp",
    ),
    "energy_price": (
        "energy price", "unit rate", "price per kwh", "unit price", "day rate", "arbeitspreis",
        "ap", "arbeitspreis netto", "arbeitspreis ht",
    ),
    "night_price": ("night rate", "night price", "arbeitspreis nt", "nachtpreis"),
    "standing_charge": (
        "standing charge", "daily charge", "standing charge per day", "base price", "grundpreis",
        "grundpreis pro tag", "gp tag",
    ),
    "supply_street": ("supply street", "site street", "lieferstrasse", "lieferstelle strasse"),
    "supply_house_number": (
        "supply house number", "site house number", "lieferstelle hausnummer", "lieferhausnummer",
    ),
    "supply_flat": ("supply flat", "site flat", "lieferstelle wohnung"),
    "supply_postcode": ("supply postcode", "site postcode", "liefer plz", "lieferstelle plz"),
    "supply_town": ("supply town", "supply city", "site town", "lieferort", "lieferstelle ort"),
    "meter_serial": (
        "meter", "meter number", "meter serial", "serial number", "msn", "zaehler",
        "zaehlernummer", "zaehlernr", "geraetenummer",
    ),
    "meter_rate": ("meter rate", "rates", "meter type", "tarifigkeit", "zaehlertyp", "zaehlerart"),
    "meter_digits": ("digits", "meter digits", "register digits", "vorkommastellen", "stellen"),
    "reading": (
        "reading", "opening reading", "start reading", "meter reading", "zaehlerstand",
        "anfangsstand", "anfangszaehlerstand",
    ),
    "night_reading": ("night reading", "zaehlerstand nt", "anfangsstand nt"),
}  # fmt: skip
"""Names of columns, folded: lower case, without accents and punctuation, ä as ae."""

CODES: dict[str, dict[str, tuple[str, ...]]] = {
    "kind": {
        "PERSON": ("person", "p", "private", "individual", "privat", "privatperson", "natuerlich"),
        "ORGANISATION": (
            "organisation", "organization", "o", "company", "business", "firma", "juristisch",
            "gewerbe", "unternehmen",
        ),
    },
    "segment": {
        "RESIDENTIAL": (
            "residential", "res", "private", "household", "domestic", "home", "privat",
            "privatkunde", "haushalt", "haushaltskunde", "pk",
        ),
        "CORPORATE": (
            "corporate", "corp", "business", "commercial", "sme", "company", "gewerbe",
            "geschaeftskunde", "firmenkunde", "gk",
        ),
    },
    "title": {
        "MR": ("mr", "mister", "herr", "m"),
        "MRS": ("mrs", "frau", "f"),
        "MS": ("ms", "miss"),
        "MX": ("mx", "divers"),
        "DR": ("dr", "doctor", "doktor"),
    },
    "language": {
        "en": ("en", "english", "englisch", "e"),
        "de": ("de", "german", "deutsch", "d"),
        "es": ("es", "spanish", "spanisch"),
        "da": ("da", "dk", "danish", "daenisch"),
    },
    "payment_method": {
        "DIRECT_DEBIT": (
            "direct debit", "dd", "debit", "sepa", "sepa dd", "lastschrift", "bankeinzug", "ls",
            "einzug", "abbucher", "sepa lastschrift",
        ),
        "TRANSFER": (
            "transfer", "bank transfer", "bt", "ueberweisung", "ueberweiser", "ue",
            "selbstzahler", "standing order", "dauerauftrag",
        ),
        "CARD": ("card", "credit card", "cc", "karte", "kreditkarte"),
        "COUNTER": ("counter", "cash", "at the counter", "bar", "barzahler", "barzahlung"),
    },
    "invoice_delivery": {
        "EMAIL": ("email", "e mail", "mail", "electronic", "e", "elektronisch"),
        "PAPER": ("paper", "post", "letter", "p", "papier", "brief", "postalisch"),
        "PORTAL": ("portal", "online", "web", "kundenportal"),
    },
    "division": {
        "ELECTRICITY": ("electricity", "elec", "power", "e", "el", "strom", "s", "01"),
        "GAS": ("gas", "g", "natural gas", "erdgas", "02"),
    },
    "meter_rate": {
        "SINGLE": ("single", "single rate", "1", "et", "eintarif", "standard"),
        "DOUBLE": (
            "double", "double rate", "two rate", "day and night", "2", "economy 7", "dt",
            "ht nt", "doppeltarif", "zweitarif",
        ),
    },
}  # fmt: skip
"""Values in other systems, folded, that stand for our codes."""
