"""Germany: real towns with their postcodes; invented people."""

from sandbox.erp.book.countries.country import Country, lines, towns, words

TOWNS = towns("""
Berlin|10115 10243 10405 10551 10785 12043 12157 13353|30|8
Hamburg|20095 20253 20357 21073 22041 22303|40|7
München|80331 80469 80634 80796 81371 81541|89|7
Köln|50667 50674 50823 50931 51065|221|7
Frankfurt am Main|60311 60316 60385 60486 60594|69|8
Stuttgart|70173 70176 70327 70499|711|7
Düsseldorf|40210 40215 40223 40472|211|7
Leipzig|04103 04109 04229 04315|341|7
Dortmund|44135 44137 44225 44309|231|7
Essen|45127 45130 45133 45276|201|7
Bremen|28195 28199 28203 28755|421|7
Dresden|01067 01097 01159 01309|351|7
Hannover|30159 30161 30449 30625|511|7
Nürnberg|90402 90408 90431 90461|911|7
Duisburg|47051 47057 47119 47228|203|7
Bochum|44787 44791 44801|234|7
Wuppertal|42103 42105 42277|202|7
Bielefeld|33602 33607 33615|521|7
Bonn|53111 53113 53173|228|7
Münster|48143 48145 48153|251|7
Karlsruhe|76131 76133 76185|721|7
Mannheim|68159 68161 68199|621|7
Augsburg|86150 86153 86161|821|7
Wiesbaden|65183 65185 65195|611|7
Mönchengladbach|41061 41063 41236|2161|6
Gelsenkirchen|45879 45888 45894|209|7
Braunschweig|38100 38102 38114|531|7
Chemnitz|09111 09112 09126|371|7
Kiel|24103 24105 24143|431|6
Aachen|52062 52066 52070|241|7
Halle (Saale)|06108 06110 06120|345|7
Magdeburg|39104 39106 39112|391|7
Freiburg im Breisgau|79098 79102 79104|761|7
Krefeld|47798 47799 47803|2151|6
Lübeck|23552 23554 23562|451|7
Erfurt|99084 99086 99096|361|7
Mainz|55116 55118 55122|6131|6
Rostock|18055 18057 18069|381|7
Kassel|34117 34119 34121|561|7
Saarbrücken|66111 66113 66117|681|7
Potsdam|14467 14469 14482|331|7
Regensburg|93047 93049 93051|941|7
Würzburg|97070 97072 97074|931|7
Göttingen|37073 37075 37081|551|7
Heilbronn|74072 74074 74076|7131|6
Ulm|89073 89075 89077|731|7
Osnabrück|49074 49076 49080|541|7
""")

STREETS = lines("""
Hauptstraße, Schulstraße, Bahnhofstraße, Gartenstraße, Dorfstraße, Bergstraße, Birkenweg
Lindenstraße, Kirchstraße, Waldstraße, Ringstraße, Schillerstraße, Goethestraße, Jahnstraße
Wiesenweg, Buchenweg, Ahornweg, Amselweg, Finkenweg, Eichenweg, Rosenstraße, Mühlenweg
Mozartstraße, Beethovenstraße, Friedhofstraße, Feldstraße, Blumenstraße, Kastanienallee
Am Sportplatz, Am Bahnhof, Im Winkel, Zum Hafen, Marktplatz, Domstraße, Burgstraße, Schloßstraße
Königstraße, Kaiserstraße, Wilhelmstraße, Friedrichstraße, Luisenstraße, Bismarckstraße
Moltkestraße, Roonstraße, Humboldtstraße, Kantstraße, Heinestraße, Lessingstraße, Uhlandstraße
Brunnenstraße, Weidenweg, Fliederweg, Tulpenweg, Lerchenweg, Sonnenstraße, Südstraße, Nordring
Hafenstraße, Fährstraße, Deichstraße, Werderstraße, Parkallee, Poststraße
""")

SURNAMES = words("""
Müller Schmidt Schneider Fischer Weber Meyer Wagner Becker Schulz Hoffmann Schäfer Koch Bauer
Richter Klein Wolf Schröder Neumann Schwarz Zimmermann Braun Krüger Hofmann Hartmann Lange Schmitt
Werner Schmitz Krause Meier Lehmann Schmid Schulze Maier Köhler Herrmann König Walter Mayer Huber
Kaiser Fuchs Peters Lang Scholz Möller Weiß Jung Hahn Schubert Vogel Friedrich Keller Günther Frank
Berger Winkler Roth Beck Lorenz Baumann Franke Albrecht Schuster Simon Ludwig Böhm Winter Kraus
Martin Schumacher Krämer Vogt Stein Jäger Otto Sommer Groß Seidel Heinrich Brandt Haas Schreiber
Graf Schulte Dietrich Ziegler Kuhn Kühn Pohl Engel Horn Busch Bergmann Thomas Voigt Sauer Arnold
Wolff Pfeiffer Ackermann Adam Arndt Auer Bachmann Barth Bartels Beckmann Behrens Benz Bender
Bischoff Blum Bock Böttcher Brenner Bruns Burger Carstens Christ Claußen Conrad Decker Diehl Döring
Dreyer Ebert Eckert Ehlers Eichhorn Engelhardt Ernst Esser Falk Feldmann Fiedler Fink Förster Freund
Frey Fritz Funk Gärtner Gebhardt Geiger Geißler Gerlach Giese Göbel Götz Gottschalk Greiner Grimm
Gruber Haase Hagen Hansen Harms Heck Heinemann Heinz Heller Henning Hermann Heß Hildebrandt Hinz
Hirsch Höfer Holz Hübner Jacob Jahn Janßen Jansen Kern Kirchner Klose Konrad Kramer Kunz Lindner
Yılmaz Kaya Demir Şahin Nowak Kowalski Petrović Nguyen Petersen Paulsen Thiessen Lüders Ohlsen
Brodersen Sievers Wulf Struck Timm
""")

FEMALE_NAMES = words("""
Emma Mia Hannah Emilia Sofia Lina Anna Marie Mila Clara Lea Ella Luisa Leni Frieda Ida Lia Mathilda
Johanna Charlotte Sophie Amelie Leonie Nele Lilly Maja Greta Paula Marlene Katharina Sabine Petra
Monika Ursula Renate Karin Helga Ingrid Brigitte Claudia Susanne Andrea Martina Gabriele Birgit
Heike Silke Anja Tanja Nicole Stefanie Melanie Julia Christina Sandra Kerstin Jana Franziska Ayşe
Zeynep Elif Swantje
""")

MALE_NAMES = words("""
Noah Matteo Elias Finn Leon Theo Paul Emil Henry Ben Liam Luca Felix Anton Jonas Oskar Jakob Karl
Leo Maximilian Moritz Konstantin David Carl Samuel Julian Philipp Friedrich Erik Jan Thomas Michael
Andreas Wolfgang Klaus Jürgen Hans Peter Uwe Bernd Frank Stefan Ralf Dieter Manfred Holger Jörg
Torsten Sven Lars Björn Dirk Markus Christian Martin Sebastian Tobias Florian Mehmet Emre Hinnerk
Thorben
""")

COUNTRY = Country(
    code="DE",
    language="de",
    calling_code="49",
    mobile_prefixes=("1510", "1511", "1512", "1514", "1515", "1516", "1520", "1522"),
    mobile_digits=7,
    towns=TOWNS,
    streets=STREETS,
    surnames=SURNAMES,
    female_names=FEMALE_NAMES,
    male_names=MALE_NAMES,
    titles=("Frau", "Herr"),
    business_words=words("""
Bäckerei Metzgerei Autohaus Tischlerei Druckerei Apotheke Gärtnerei Brauerei Elektrotechnik
Maschinenbau Spedition Reederei Zahntechnik Optik Floristik Gasthof Hotel Fischhandel Bauunternehmen
Dachdeckerei Malerbetrieb Zimmerei Weinhandel
    """),
    business_forms=("GmbH", "GmbH", "GmbH & Co. KG", "e.K.", "AG"),
    bank_codes=(
        ("10070000", "Deutsche Bank"),
        ("20050550", "Hamburger Sparkasse"),
        ("37040044", "Commerzbank"),
        ("70150000", "Stadtsparkasse München"),
    ),
    floors=("EG", "1. OG", "2. OG", "3. OG", "4. OG"),
)
