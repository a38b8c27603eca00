"""
Networks of the other demo markets: few, real, and enough to derive one where the market lets us.

ES: characters 3 to 6 of a CUPS are the distributor's code (Ministry's register). DK: one company
runs the gas network; for electricity the postcode proposes. DE: a MaLo names no operator, so the
postcode proposes.
"""

# (market, division): {code: (name, recognised by, prefixes)}
NETWORKS: dict[tuple[str, str], dict[str, tuple[str, str, str]]] = {
    ("ES", "ELECTRICITY"): {
        "0021": ("i-DE Redes Eléctricas Inteligentes", "IDENTIFIER", "ES0021"),
        "0022": ("UFD Distribución Electricidad", "IDENTIFIER", "ES0022"),
        "0027": ("Viesgo Distribución Eléctrica", "IDENTIFIER", "ES0027"),
        "0031": ("e-distribución Redes Digitales", "IDENTIFIER", "ES0031"),
    },
    ("ES", "GAS"): {
        "0230": ("Nedgia", "IDENTIFIER", "ES0230"),
        "0229": ("Nortegas", "IDENTIFIER", "ES0229"),
    },
    ("DK", "ELECTRICITY"): {
        "791": ("Radius Elnet", "POSTCODE", "1 2 3"),
        "740": ("Cerius", "POSTCODE", "4"),
        "131": ("N1", "POSTCODE", "7 8 9"),
    },
    ("DK", "GAS"): {"EVIDA": ("Evida", "IDENTIFIER", "571313")},
    ("DE", "ELECTRICITY"): {
        "SNH": ("Stromnetz Hamburg", "POSTCODE", "20 21 22"),
        "SNB": ("Stromnetz Berlin", "POSTCODE", "10 12 13"),
        "SHN": ("Schleswig-Holstein Netz", "POSTCODE", "23 24 25"),
        "WESN": ("wesernetz Bremen", "POSTCODE", "28"),
    },
    ("DE", "GAS"): {
        "GNH": ("Gasnetz Hamburg", "POSTCODE", "20 21 22"),
        "NBB": ("NBB Netzgesellschaft Berlin-Brandenburg", "POSTCODE", "10 12 13"),
        "SHN-GAS": ("Schleswig-Holstein Netz", "POSTCODE", "23 24 25"),
        "WESN-GAS": ("wesernetz Bremen", "POSTCODE", "28"),
    },
}
