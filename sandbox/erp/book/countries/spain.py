"""Spain: real towns with their postcodes; invented people."""

from sandbox.erp.book.countries.country import Country, lines, towns, words

TOWNS = towns("""
Madrid|28001 28004 28009 28012 28020 28028 28045|91|7
Barcelona|08001 08007 08012 08018 08025 08036|93|7
Valencia|46001 46004 46010 46021 46023|96|7
Sevilla|41001 41004 41010 41013|954|6
Zaragoza|50001 50004 50008 50018|976|6
Málaga|29001 29005 29010 29016|952|6
Murcia|30001 30003 30008|968|6
Palma|07001 07004 07010|971|6
Las Palmas de Gran Canaria|35001 35004 35010|928|6
Alicante|03001 03003 03005|965|6
Bilbao|48001 48005 48011|94|7
Valladolid|47001 47004 47010|983|6
Vigo|36201 36204 36208|986|6
Gijón|33201 33204 33209|985|6
Vitoria-Gasteiz|01001 01004 01008|945|6
Córdoba|14001 14004 14010|957|6
Granada|18001 18004 18009|958|6
Oviedo|33001 33004 33008|985|6
Santa Cruz de Tenerife|38001 38004 38008|922|6
Pamplona|31001 31004 31008|948|6
San Sebastián|20001 20004 20008|943|6
Santander|39001 39004 39008|942|6
Castellón de la Plana|12001 12003 12006|964|6
Logroño|26001 26003 26006|941|6
Burgos|09001 09003 09006|947|6
Salamanca|37001 37004 37007|923|6
Albacete|02001 02003 02006|967|6
Huelva|21001 21003 21006|959|6
León|24001 24004 24008|987|6
Badajoz|06001 06004 06010|924|6
Cádiz|11001 11005 11010|956|6
Tarragona|43001 43003 43005|977|6
Lleida|25001 25003 25006|973|6
Girona|17001 17003 17005|972|6
Jaén|23001 23004 23007|953|6
Almería|04001 04004 04008|950|6
Ourense|32001 32003 32005|988|6
Lugo|27001 27002 27004|982|6
Cáceres|10001 10003 10005|927|6
Toledo|45001 45003 45005|925|6
Ciudad Real|13001 13003 13005|926|6
Huesca|22001 22003 22005|974|6
Teruel|44001 44002 44003|978|6
Ávila|05001 05003 05005|920|6
""")

STREETS = lines("""
Calle Mayor, Calle Real, Calle del Sol, Calle de la Luna, Calle Nueva, Calle San Juan
Calle San Pedro, Calle San José, Calle Santa María, Calle de la Iglesia, Calle de la Fuente
Calle Cervantes, Calle Goya, Calle Velázquez, Calle Murillo, Calle Colón, Calle Hernán Cortés
Calle Pizarro, Calle Quevedo, Calle Lope de Vega, Calle Federico García Lorca, Calle Picasso
Calle Antonio Machado, Calle Miguel Hernández, Calle Rosalía de Castro, Calle Jaén, Calle Sevilla
Calle Toledo, Calle Zaragoza, Calle Valencia, Calle Aragón, Calle Castilla, Calle Andalucía
Calle Extremadura, Avenida de la Constitución, Avenida de España, Avenida de Europa
Avenida del Mar, Avenida de Andalucía, Avenida de la Paz, Avenida del Puerto, Avenida Diagonal
Plaza Mayor, Plaza de España, Plaza del Ayuntamiento, Plaza Nueva, Paseo Marítimo
Paseo de la Alameda, Paseo del Prado, Ronda Norte, Ronda Sur, Camino Viejo, Calle del Molino
Calle de los Olivos, Calle Almendros, Calle Naranjos, Calle Rosales, Calle Jardines, Calle Azahar
Calle Ribera
""")

SURNAMES = words("""
García Rodríguez González Fernández López Martínez Sánchez Pérez Gómez Martín Jiménez Hernández
Ruiz Díaz Moreno Muñoz Álvarez Romero Gutiérrez Alonso Navarro Torres Domínguez Ramos Vázquez
Ramírez Gil Serrano Morales Molina Blanco Suárez Castro Ortega Delgado Ortiz Marín Rubio Núñez
Medina Sanz Castillo Iglesias Cortés Garrido Santos Guerrero Lozano Cano Cruz Méndez Flores Prieto
Herrera Peña León Márquez Cabrera Gallego Calvo Vidal Campos Reyes Vega Fuentes Carrasco Díez
Aguilar Caballero Nieto Vargas Santana Pascual Giménez Herrero Hidalgo Montero Lorenzo Santiago
Benítez Durán Ibáñez Arias Mora Ferrer Carmona Vicente Rojas Soto Crespo Román Pastor Velasco
Parra Sáez Moya Bravo Rivera Gallardo Soler Esteban Silva Pardo Lara Rivas Franco Espinosa
Izquierdo Camacho Arroyo Bernal Merino Mendoza Exposito Vera Miranda Contreras Montes Segura
Escobar Guerra Luque Beltrán Robles Varela Casado Mateo Rey Heredia Bermúdez Valero Quintana
Aranda Salazar Carrillo Acosta Ballesteros Andrés Guillén Roldán Padilla Villar Simón Galán Otero
Benito Salas Conde Jurado Trujillo Mateos Redondo Rosa Marcos Manzano Abad Cuesta Rico Estévez
Villanueva Avilés Bautista Santamaría Pacheco Plaza Zamora Blasco Menéndez Rueda Aguirre
Etxebarria Goikoetxea Puig Ferrando Bosch Roig Vilanova Castells Pujol Serra Riera Camps Ribas Mas
Costa Prats Vives Grau Amorós Llorens Peris Sala Esteve Ventura Crespí Oliver Salvà Ferragut
Barrio Cordero Luna
""")

FEMALE_NAMES = words("""
Lucía Sofía Martina María Julia Paula Valeria Emma Daniela Carla Alba Noa Alma Sara Carmen Vega
Lara Mía Valentina Olivia Claudia Jimena Lola Chloe Aitana Abril Ana Laia Triana Candela Alejandra
Elena Vera Manuela Adriana Inés Marta Carlota Irene Victoria Blanca Marina Laura Rocío Alicia
Clara Nora Lia Ariadna Zoe Amira Gala Diana Ángela Leire Mara Pilar Dolores Concepción Mercedes
Montserrat Begoña
""")

MALE_NAMES = words("""
Martín Mateo Hugo Leo Lucas Manuel Alejandro Pablo Daniel Álvaro Enzo Adrián Lucio Mario Diego
Thiago Bruno Oliver David Gonzalo Marco Marcos Nicolás Javier Izan Antonio Miguel Juan Álex Carlos
José Luis Jorge Sergio Rubén Iván Francisco Rafael Ángel Fernando Jesús Andrés Pedro Ramón Vicente
Joaquín Santiago Eduardo Enrique Alberto Guillermo Ignacio Jaime Óscar Raúl Víctor Samuel Gabriel
Eric Iker Unai Jordi
""")

COUNTRY = Country(
    code="ES",
    language="en",
    calling_code="34",
    mobile_prefixes=("600", "612", "626", "639", "655", "667", "678", "699"),
    mobile_digits=6,
    towns=TOWNS,
    streets=STREETS,
    surnames=SURNAMES,
    female_names=FEMALE_NAMES,
    male_names=MALE_NAMES,
    titles=("Sra.", "Sr."),
    business_words=words("""
Panadería Talleres Bodegas Conservas Cerámicas Transportes Imprenta Farmacia Viveros Hotel Pescados
Carpintería Construcciones Electricidad Fontanería Textil Aceites Quesería Floristería Óptica
    """),
    business_forms=("S.L.", "S.L.", "S.A.", "S.Coop.", "e Hijos S.L."),
    bank_codes=(
        ("21000418", "CaixaBank"),
        ("00491500", "Banco Santander"),
        ("01820200", "BBVA"),
        ("00810024", "Banco Sabadell"),
    ),
    floors=("Bajo", "1º", "2º", "3º", "4º"),
)
