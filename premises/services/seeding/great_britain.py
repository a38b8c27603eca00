"""
Great Britain's networks.

Electricity: the first two digits of an MPAN name the distributor (Ofgem's list of distribution
network operators and independent ones). Gas: the networks' postcode areas overlap at their borders,
so a postcode proposes and a person decides.
"""

ELECTRICITY: dict[str, tuple[str, str]] = {
    "10": ("EELC", "UK Power Networks (Eastern)"),
    "11": ("EMEB", "National Grid Electricity Distribution (East Midlands)"),
    "12": ("LOND", "UK Power Networks (London)"),
    "13": ("MANW", "SP Energy Networks (Merseyside and North Wales)"),
    "14": ("MIDE", "National Grid Electricity Distribution (West Midlands)"),
    "15": ("NEEB", "Northern Powergrid (North East)"),
    "16": ("NORW", "Electricity North West"),
    "17": ("HYDE", "Scottish and Southern Electricity Networks (North Scotland)"),
    "18": ("SPOW", "SP Energy Networks (South Scotland)"),
    "19": ("SEEB", "UK Power Networks (South Eastern)"),
    "20": ("SOUT", "Scottish and Southern Electricity Networks (Southern)"),
    "21": ("SWAE", "National Grid Electricity Distribution (South Wales)"),
    "22": ("SWEB", "National Grid Electricity Distribution (South West)"),
    "23": ("YELG", "Northern Powergrid (Yorkshire)"),
    "24": ("IPNL", "Independent Power Networks"),
    "25": ("LENG", "ESP Electricity"),
    "26": ("GUCL", "Last Mile Electricity"),
    "27": ("ETCL", "The Electricity Network Company"),
    "28": ("EDFI", "UK Power Networks (IDNO)"),
    "29": ("HARL", "Harlaxton Energy Networks"),
    "30": ("PENL", "Leep Electricity Networks"),
    "31": ("UKPD", "UK Power Distribution"),
    "32": ("UDNL", "Energy Assets Networks"),
    "33": ("GGEN", "Eclipse Power Networks"),
    "34": ("MPDL", "Murphy Power Distribution"),
    "35": ("FEAL", "Fulcrum Electricity Assets"),
    "36": ("VATT", "Vattenfall Networks"),
    "37": ("FORB", "Optimal Power Networks"),
    "38": ("INDI", "Indigo Power"),
}

GAS: dict[str, tuple[str, str]] = {
    "CADENT": (
        "Cadent",
        (
            "AL B BB BL CB CH CM CO CV CW DE DN DY E EN FY HA HP HR IG IP L LE LN LU M MK N NG NN "
            "NR NW OL PE PR RM S SG SK SS ST SY TF UB WA WD WF WN WR WS WV"
        ),
    ),
    "NGN": ("Northern Gas Networks", "BD CA DH DL HG HU HX HD LA LS NE SR TS YO"),
    "SGN-SOUTH": (
        "SGN (Southern)",
        "BH BN BR CR CT DA GU KT ME OX PO RG RH SE SL SM SO SP SW TN TW",
    ),
    "SGN-SCOTLAND": ("SGN (Scotland)", "AB DD DG EH FK G IV KA KY ML PA PH TD"),
    "WWU": ("Wales & West Utilities", "BA BS CF DT EX GL LD LL NP PL SA SN TA TQ TR"),
}
