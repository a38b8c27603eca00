"""Texts that a new tenant starts with, by language: facts of the law, to be made one's own."""

from __future__ import annotations

Texts = dict[str, tuple[str, str]]

LETTERS: dict[str, Texts] = {
    "RECEIPT": {
        "en": (
            "We have received your message",
            (
                "Dear {customer},\n\n"
                "thank you for getting in touch. We received your message about “{subject}” on "
                "{received_on}. Its number is {number}; please name it when you ask about it.\n\n"
                "You will have our answer by {answer_by}.\n\n"
                "You can reach us at any time: {contact}.\n\n"
                "{company}"
            ),
        ),
        "de": (
            "Wir haben Ihre Nachricht erhalten",
            (
                "Guten Tag {customer},\n\n"
                "vielen Dank für Ihre Nachricht zu „{subject}“, die am {received_on} bei uns "
                "eingegangen ist. Sie trägt die Nummer {number}; bitte nennen Sie sie bei "
                "Rückfragen.\n\n"
                "Unsere Antwort erhalten Sie bis zum {answer_by}.\n\n"
                "Sie erreichen uns jederzeit: {contact}.\n\n"
                "{company}"
            ),
        ),
    },
    "ANSWER": {
        "en": (
            "Our answer to your message",
            (
                "Dear {customer},\n\n"
                "on {received_on} you contacted us about “{subject}” (number {number}).\n\n"
                "{decision}\n\n{reasons}\n\n{redress}\n\n"
                "If you have questions, you can reach us: {contact}.\n\n"
                "{ombudsman}\n\n{ombudsman_free}\n\n"
                "{company}"
            ),
        ),
        "de": (
            "Unsere Antwort auf Ihre Nachricht",
            (
                "Guten Tag {customer},\n\n"
                "am {received_on} haben Sie sich wegen „{subject}“ an uns gewandt (Nummer "
                "{number}).\n\n"
                "{decision}\n\n{reasons}\n\n{redress}\n\n"
                "Bei Fragen erreichen Sie uns: {contact}.\n\n"
                "{ombudsman}\n\n{ombudsman_free}\n\n"
                "{company}"
            ),
        ),
    },
    "DEADLOCK": {
        "en": (
            "Your complaint is not settled yet",
            (
                "Dear {customer},\n\n"
                "on {received_on} you complained to us about “{subject}” (number {number}). We are "
                "sorry: we could not settle it within the time that you may expect.\n\n"
                "You now have the right to take it to an independent body.\n\n"
                "{ombudsman}\n\n{ombudsman_free}\n\n{ombudsman_powers}\n\n"
                "We go on working on your complaint. You can reach us: {contact}.\n\n"
                "{company}"
            ),
        ),
        "de": (
            "Ihre Beschwerde ist noch nicht gelöst",
            (
                "Guten Tag {customer},\n\n"
                "am {received_on} haben Sie sich wegen „{subject}“ bei uns beschwert (Nummer "
                "{number}). Es tut uns leid: Wir konnten Ihre Beschwerde nicht in der Zeit "
                "lösen, die Sie erwarten dürfen.\n\n"
                "Sie haben jetzt das Recht, sich an eine unabhängige Stelle zu wenden.\n\n"
                "{ombudsman}\n\n{ombudsman_free}\n\n{ombudsman_powers}\n\n"
                "Wir arbeiten weiter an Ihrer Beschwerde. Sie erreichen uns: {contact}.\n\n"
                "{company}"
            ),
        ),
    },
}

MODULES: dict[str, Texts] = {
    "estimated-bill": {
        "en": (
            "Why a bill is estimated",
            (
                "Your bill rests on an estimate, because we had no reading of your meter for its "
                "last day. Send us a reading and we have the bill made anew."
            ),
        ),
        "de": (
            "Warum eine Rechnung geschätzt ist",
            (
                "Ihre Rechnung beruht auf einer Schätzung, weil uns für ihren letzten Tag kein "
                "Zählerstand vorlag. Nennen Sie uns einen Stand, lassen wir die Rechnung neu "
                "erstellen."
            ),
        ),
    },
    "price-change": {
        "en": (
            "Why the price has changed",
            (
                "Our price changed within the period of this bill. Each part of it is billed "
                "with the price that held then."
            ),
        ),
        "de": (
            "Warum sich der Preis geändert hat",
            (
                "Innerhalb des Abrechnungszeitraums hat sich unser Preis geändert. Jeder Teil des "
                "Zeitraums ist mit dem Preis berechnet, der damals galt."
            ),
        ),
    },
}

_FREE = {
    "en": ("Free and independent", "It is free of charge for you and independent of us."),
    "de": (
        "Kostenlos und unabhängig",
        "Das ist für Sie kostenlos, und die Stelle ist von uns unabhängig.",
    ),
}
_POWERS = {
    "en": (
        "What the body can do",
        "It can make us explain, apologise, put things right and pay compensation.",
    ),
    "de": (
        "Was die Stelle bewirken kann",
        (
            "Sie kann bewirken, dass wir uns erklären, uns entschuldigen, den Fehler beheben "
            "und eine Entschädigung zahlen."
        ),
    ),
}
_BODY = {
    "GB": "Energy Ombudsman, PO Box 966, Warrington WA4 9DF, energyombudsman.org",
    "DE": "Schlichtungsstelle Energie e. V., Friedrichstraße 133, 10117 Berlin, "
    "schlichtungsstelle-energie.de",
    "DK": "Ankenævnet på Energiområdet, Toldboden 2, 8800 Viborg",
    # which board it is depends on the region: the administrator writes it
    "ES": "",
    "": "",
}
_NAMES = {
    "en": ("Body for the settlement of disputes", "If you do not agree with us, you can turn to: "),
    "de": ("Stelle zur Streitbeilegung", "Wenn Sie anderer Meinung sind, wenden Sie sich an: "),
}


def _modules(body: str) -> dict[str, Texts]:
    if not body:
        nothing = {language: (name, "") for language, (name, _lead) in _NAMES.items()}
        return {
            "ombudsman": nothing,
            "ombudsman-free": _emptied(_FREE),
            "ombudsman-powers": _POWERS,
        }
    return {
        "ombudsman": {lang: (name, f"{lead}{body}.") for lang, (name, lead) in _NAMES.items()},
        "ombudsman-free": _FREE,
        "ombudsman-powers": _POWERS,
    }


def _emptied(texts: Texts) -> Texts:
    return {language: (name, "") for language, (name, _text) in texts.items()}


OMBUDSMAN: dict[str, dict[str, Texts]] = {market: _modules(body) for market, body in _BODY.items()}
"""By market, "" for any other. Empty texts are refused by letters that must contain them."""
