"""Denmark: real towns with their postcodes; invented people. Numbers have no area codes."""

from sandbox.erp.book.countries.country import Country, lines, towns, words

TOWNS = towns("""
København K|1050 1123 1256 1310|96|6
København N|2200|96|6
København S|2300|96|6
Frederiksberg|2000|96|6
Hellerup|2900|96|6
Valby|2500|96|6
Roskilde|4000|96|6
Køge|4600|96|6
Næstved|4700|96|6
Slagelse|4200|96|6
Holbæk|4300|96|6
Hillerød|3400|96|6
Helsingør|3000|96|6
Rønne|3700|96|6
Nykøbing Falster|4800|96|6
Odense C|5000|96|6
Odense M|5230|96|6
Svendborg|5700|96|6
Nyborg|5800|96|6
Middelfart|5500|96|6
Kolding|6000|96|6
Aabenraa|6200|96|6
Sønderborg|6400|96|6
Esbjerg|6700|96|6
Ribe|6760|96|6
Fredericia|7000|96|6
Vejle|7100|96|6
Billund|7190|96|6
Herning|7400|96|6
Holstebro|7500|96|6
Struer|7600|96|6
Thisted|7700|96|6
Skive|7800|96|6
Aarhus C|8000|96|6
Aarhus N|8200|96|6
Viby J|8260|96|6
Silkeborg|8600|96|6
Horsens|8700|96|6
Skanderborg|8660|96|6
Viborg|8800|96|6
Randers C|8900|96|6
Grenaa|8500|96|6
Aalborg|9000|96|6
Aalborg Øst|9220|96|6
Hjørring|9800|96|6
Frederikshavn|9900|96|6
Skagen|9990|96|6
""")

STREETS = lines("""
Hovedgaden, Nørregade, Søndergade, Østergade, Vestergade, Algade, Bredgade, Skolegade, Kirkegade
Kirkevej, Skolevej, Stationsvej, Banegårdsgade, Jernbanegade, Havnegade, Strandvejen, Strandgade
Møllevej, Mølleparken, Engvej, Skovvej, Birkevej, Bøgevej, Elmevej, Egevej, Lindevej, Ahornvej
Kastanievej, Rosenvej, Tulipanvej, Syrenvej, Violvej, Solsikkevej, Lærkevej, Svalevej, Mågevej
Falkevej, Ravnevej, Vibevej, Industrivej, Fabriksvej, Håndværkervej, Nygade, Torvegade, Storegade
Kongensgade, Dronningensgade, Prinsensgade, Frederiksgade, Christiansgade, Søvej, Fjordvej
Fjordgade, Klitvej, Bakkevej, Højvangen, Parkvej, Parkallé, Ringgaden, Tværgade
""")

SURNAMES = words("""
Nielsen Jensen Hansen Andersen Pedersen Christensen Larsen Sørensen Rasmussen Jørgensen Petersen
Madsen Kristensen Olsen Thomsen Christiansen Poulsen Johansen Møller Mortensen Knudsen Jakobsen
Jacobsen Mikkelsen Olesen Frederiksen Laursen Henriksen Lund Holm Schmidt Eriksen Kristiansen
Simonsen Clausen Svendsen Andreasen Iversen Jeppesen Mogensen Jespersen Nissen Lauridsen
Østergaard Frandsen Jepsen Kjær Carlsen Vestergaard Jessen Nørgaard Dahl Christoffersen
Søndergaard Skov Bertelsen Bruun Lassen Bach Gregersen Friis Johnsen Steffensen Kjeldsen Bech
Krogh Lauritsen Danielsen Mathiesen Andresen Brandt Winther Toft Ravn Mathiasen Dam Holst Nilsson
Lind Berg Schou Overgaard Kristoffersen Schultz Klausen Karlsen Paulsen Hermansen Thorsen Koch
Thygesen Bak Kruse Bang Juhl Davidsen Berthelsen Nygaard Lorentzen Villadsen Lorenzen Damgaard
Bjerregaard Lange Hedegaard Bendtsen Lauritzen Svensson Justesen Juul Hald Beck Kofoed Søgaard
Meyer Kjærgaard Riis Johannsen Carstensen Bonde Ibsen Fischer Andersson Bundgaard Johannesen
Eskildsen Hemmingsen Andreassen Thomassen Schrøder Persson Hjorth Enevoldsen Nguyen Henningsen
Jønsson Olsson Asmussen Michelsen Vinther Markussen Kragh Thøgersen Johansson Dalsgaard Gade
Bjerre Ali Laustsen Buch Ludvigsen Hougaard Kirkegaard Marcussen Mølgaard Ipsen Sommer Ottosen
Müller Krog Hoffmann Clemmensen Nikolajsen Brodersen Therkildsen Leth Michaelsen Graversen Frost
Dalgaard Albertsen Laugesen Due Ebbesen Munch Svane Ahmed Hussain Yilmaz Agerbo Birk Bisgaard
Bruhn Ellegaard Fisker Grønbech Halkjær Højgaard Kaspersen Kyed Lykke Lyng Nyborg Pilgaard
Rosenkilde Skaarup Stokholm Sylvest Tang Ulriksen Vang
""")

FEMALE_NAMES = words("""
Ida Alma Ella Frida Luna Olivia Emma Agnes Sofia Clara Freja Ellie Josefine Karla Anna Lily Nora
Asta Aya Astrid Liva Ellen Isabella Alberte Lærke Mathilde Laura Filippa Mille Malou Victoria
Esther Signe Marie Vigga Anne Kirsten Mette Hanne Anna Helle Susanne Lene Maria Marianne Inge
Karen Lone Bente Camilla Pia Charlotte Jette Tina Inger Christina Louise Birgitte Birthe Ulla
Gitte Dorthe
""")

MALE_NAMES = words("""
William Noah Oscar Carl Malthe Emil Valdemar Arthur Aksel Lucas Alfred August Victor Elias Oliver
Anton Magnus Otto Theo Nohr Konrad Felix Villads Alexander Walter Johan Adam Viggo Erik Storm
Peter Michael Lars Jens Thomas Henrik Søren Christian Martin Jan Morten Jesper Anders Niels Mads
Rasmus Per Hans Jørgen Mikkel Kim Ole Claus Bent Steen Torben Flemming Carsten Jakob Kristian
Bjarne Mogens
""")

COUNTRY = Country(
    code="DK",
    language="en",
    calling_code="45",
    mobile_prefixes=("26", "27", "28"),
    mobile_digits=6,
    towns=TOWNS,
    streets=STREETS,
    surnames=SURNAMES,
    female_names=FEMALE_NAMES,
    male_names=MALE_NAMES,
    titles=("Fru", "Hr."),
    business_words=words("""
Bageri Autoværksted Tømrerfirma Bryggeri Rederi Fiskeeksport Maskinfabrik Trykkeri Apotek Gartneri
Kro Hotel Møbelfabrik Mejeri Smedje Elservice Malerfirma Blomsterhandel Tandklinik Vinhandel
    """),
    business_forms=("ApS", "ApS", "A/S", "I/S", "& Søn ApS"),
    bank_codes=(
        ("0040", "Danske Bank"),
        ("2000", "Nordea Danmark"),
        ("5301", "Arbejdernes Landsbank"),
        ("7858", "Jyske Bank"),
    ),
    floors=("st.", "1. sal", "2. sal", "3. sal", "4. sal"),
)
