"""Great Britain: real towns with their outward codes; invented people."""

from sandbox.erp.book.countries.country import Country, lines, towns, words

TOWNS = towns("""
London|E1 E3 N1 N7 NW3 SE1 SE15 SW4 SW11 W6 W12|207|7
Leeds|LS1 LS4 LS6 LS8 LS11 LS17|1132|6
Sheffield|S1 S6 S7 S10 S11|1142|6
Nottingham|NG1 NG5 NG7 NG9|1159|6
Leicester|LE1 LE2 LE3 LE5|1162|6
Bristol|BS1 BS3 BS5 BS7|1179|6
Reading|RG1 RG2 RG4 RG30|1189|6
Birmingham|B1 B13 B14 B17 B29|1214|6
Edinburgh|EH1 EH3 EH6 EH10|1315|6
Glasgow|G1 G11 G12 G20 G41|1413|6
Liverpool|L1 L4 L15 L17 L18|1517|6
Manchester|M1 M4 M14 M20 M21|1618|6
Newcastle upon Tyne|NE1 NE2 NE4 NE6|1912|6
Cambridge|CB1 CB2 CB4|12233|5
Bath|BA1 BA2|12253|5
Brighton|BN1 BN2|12736|5
Bradford|BD1 BD3 BD9|12747|5
Derby|DE1 DE22 DE23|13323|5
Exeter|EX1 EX2 EX4|13924|5
Kingston upon Hull|HU1 HU3 HU5|14823|5
Lincoln|LN1 LN2 LN6|15225|5
Norwich|NR1 NR2 NR3|16036|5
Peterborough|PE1 PE2 PE3|17333|5
Plymouth|PL1 PL3 PL4|17522|5
Oxford|OX1 OX2 OX4|18652|5
York|YO1 YO10 YO24 YO31|19046|5
Worcester|WR1 WR3 WR5|19057|5
Colchester|CO1 CO2 CO4|12065|5
Cheltenham|GL50 GL51 GL52|12422|5
Darlington|DL1 DL3|13254|5
Harrogate|HG1 HG2|14235|5
Gloucester|GL1 GL2|14523|5
Ipswich|IP1 IP3 IP4|14732|5
Guildford|GU1 GU2|14835|5
Northampton|NN1 NN3 NN5|16046|5
Southend-on-Sea|SS0 SS1 SS2|17023|5
Shrewsbury|SY1 SY3|17433|5
Preston|PR1 PR2|17725|5
Stoke-on-Trent|ST1 ST4 ST6|17824|5
Swindon|SN1 SN2 SN3|17935|5
Wolverhampton|WV1 WV3 WV6|19027|5
Bournemouth|BH1 BH8 BH9|12025|5
Dundee|DD1 DD2 DD3|13822|5
Aberdeen|AB10 AB24 AB25|12245|5
Inverness|IV2 IV3|14632|5
Newport|NP19 NP20|16332|5
Swansea|SA1 SA2|17924|5
Cardiff|CF5 CF10 CF14 CF24|2920|6
Southampton|SO14 SO15 SO17|2380|6
Coventry|CV1 CV3 CV5 CV6|2476|6
""")

STREETS = lines("""
High Street, Station Road, Church Lane, Victoria Road, Albert Street, Queens Road, Kings Avenue
Park Road, Mill Lane, Manor Road, The Crescent, York Road, Windsor Drive, Springfield Road
George Street, Grange Road, Alexandra Road, Chester Street, Oxford Terrace, Elm Grove
Beech Avenue, Chestnut Close, Cedar Road, Hawthorn Drive, Linden Gardens, Willow Walk, Ash Grove
Orchard Close, Meadow View, Brook Street, Bridge Street, River Terrace, Canal Street, Wharf Road
Castle Street, Cathedral Close, Abbey Road, Priory Gardens, Chapel Street, St John's Road
St Mary's Lane, St Andrew's Street, Nelson Street, Wellington Road, Trafalgar Terrace
Waterloo Street, Cromwell Road, Gladstone Street, Stanley Road, Derby Lane, Lancaster Avenue
Clarence Street, Regent Street, Gloucester Road, Harrow Lane, Foxglove Way, Kestrel Close
Heathfield Road, Moorland Avenue, Hillside Crescent, Valley Road, Northgate, Westfield Lane
""")

SURNAMES = words("""
Smith Jones Taylor Brown Williams Wilson Johnson Davies Robinson Wright Thompson Evans Walker White
Roberts Green Hall Wood Jackson Clarke Patel Khan Lewis James Phillips Mason Mitchell Rose Davis
Rodgers Harrison Cox Alexander Campbell Cooper Cook Ward Turner Hill Moore Clark Morris Morgan Lee
Bell Baker Allen Watson Young Allison Bennett Carter Collins Edwards Fletcher Foster Gibson Graham
Gray Griffiths Hamilton Harvey Hughes Hunt Hunter Hussain Jenkins Kelly Kennedy King Knight Lloyd
Marshall Martin Matthews McDonald Miller Mills Murphy Murray Owen Palmer Parker Pearson Powell Price
Reid Reynolds Richards Richardson Rogers Ross Russell Saunders Scott Shaw Simpson Singh Stevens
Stewart Stone Thomas Walsh Webb Wells West Wilkinson Begum Ahmed Ali Akhtar Kaur Shah Chowdhury
Islam Rahman Adeyemi Okonkwo Mensah Boateng Osei Nwosu Balogun Kowalski Nowak Wisniewski Popescu
Ionescu Silva Santos Ferreira Costa Rossi Russo Chen Wang Li Zhang Nguyen Tran Kim Park Ashworth
Barraclough Birtwistle Blackwood Bradshaw Broadbent Butterworth Cavendish Chadwick Cheetham
Crabtree Crossley Dewhurst Duckworth Eastwood Entwistle Fairbairn Fairclough Farnsworth Greenhalgh
Greenwood Grimshaw Halliwell Hardcastle Haworth Heaton Hepworth Holroyd Horsfall Illingworth Kershaw
Lumley Murgatroyd Naylor Ogden Oldroyd Ormerod Pickersgill Pilkington Priestley Ramsbottom Rawlinson
Redfern Rothwell Rushworth Schofield Sutcliffe Tattersall Thackeray Thistlethwaite Threlfall
Townsend Uttley Wadsworth Warburton Whitcombe Whittaker Winterbottom Woodhead Yates
""")

FEMALE_NAMES = words("""
Olivia Amelia Isla Ava Ivy Freya Lily Florence Mia Willow Rosie Sophia Isabella Grace Daisy Sienna
Poppy Elsie Emily Ella Evelyn Phoebe Evie Charlotte Harper Millie Matilda Maya Sophie Alice Emilia
Isabelle Ruby Luna Maisie Aria Penelope Mila Bonnie Eva Hallie Eliza Ada Violet Esme Arabella Imogen
Jessica Delilah Chloe Margaret Susan Patricia Christine Jacqueline Karen Helen Deborah Tracey Joanne
Nicola Priya Fatima Aisha Yasmin Gwendolyn
""")

MALE_NAMES = words("""
Noah Oliver George Arthur Muhammad Leo Harry Oscar Archie Henry Theodore Freddie Jack Charlie Theo
Alfie Jacob Thomas Finley Arlo William Lucas Roman Tommy Isaac Teddy Alexander Luca Edward James
Joshua Albie Elijah Max Mohammed Reuben Mason Sebastian Rory Jude Adam Louis Benjamin Hugo Daniel
Samuel David John Michael Stephen Peter Robert Christopher Andrew Richard Kenneth Graham Trevor
Nigel Rajesh Imran Kwame Tomasz Dylan
""")

COUNTRY = Country(
    code="GB",
    language="en",
    calling_code="44",
    mobile_prefixes=("7400", "7456", "7725", "7811", "7890", "7912", "7975", "7535"),
    mobile_digits=6,
    towns=TOWNS,
    streets=STREETS,
    surnames=SURNAMES,
    female_names=FEMALE_NAMES,
    male_names=MALE_NAMES,
    titles=("Ms", "Mr"),
    business_words=words("""
Bakery Garage Dental Veterinary Brewery Joinery Textiles Logistics Printing Pharmacy Nursery Hotel
Fisheries Foods Ceramics Plumbing Roofing Engineering Interiors Florists Butchers Cycles Catering
    """),
    business_forms=("Ltd", "Ltd", "LLP", "plc", "& Sons Ltd"),
    bank_codes=(
        ("NWBK601613", "NatWest"),
        ("BARC200000", "Barclays"),
        ("LOYD309634", "Lloyds Bank"),
        ("MIDL400515", "HSBC UK"),
    ),
    floors=("Ground floor", "First floor", "Second floor", "Third floor", "Fourth floor"),
    house_before_street=True,
)
