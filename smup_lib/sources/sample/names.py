"""What are the units of the fictional land called, and which gmina lies where?

One line a voivodeship, a powiat (gminy after the colon, with RODZ of 2025) or a city with powiat
rights. No name is that of a real gmina or powiat; a test holds it against the official register.
The names try the pages on purpose: very long ones, a city and a powiat of one root, two powiaty
that share a word, an urban and a rural gmina of the same name.
"""

from __future__ import annotations

LAND = """
90 WIERZBOGÓRSKIE
9001 brzezicki: Kalinogród 1, Brzezica 2, Dębolin 3, Łopianów 2, Sosnogóra 2, Starowierzby 2, \
Zarzecze Brzezickie 3
9002 olszyńsko-brzezicki: Olszyńsk 1, Olszyńsk 2, Brzezicko 3, Dolne Łęgi 2, Trzcinogóra 2, \
Wola Olszyńska 2, Żurawiec Mały 2
9003 wierzbogórski: Wierzbogóra 2, Jarzębów 3, Kruszynki 2, Modrzewnik 2, Podgórze Wierzbowe 2, \
Rokitnik 2, Świerczyn Stary 3
9004 zamleński: Zamlenie 3, Borowniki 2, Czaplinek Polny 2, Gęsia Wólka 2, Jezierna 2, Łąkoszyn 2
9005 krasnoborski: Krasnobór 1, Krasnobór 2, Bukowianka 2, Grabiszyn 3, Jaworzec 3, \
Stawiska Leśne 2
9006 mokrzański: Mokrza 3, Cisowniki 2, Olchowiec Stary 2, Piaskowice Nowe 2, Trzemeszka 2, \
Wilczogóra 2
9007 dąbrosielski: Dąbrosiele 3, Gołębiowo 2, Kłosów 2, Lipniki Wielkie 2, Orlikowo 2
9008 strzelnogórsko-białowierzbicki: Strzelnogóra 1, Białowierzbice 3, Chmielniki Górne 2, \
Głogowina 2, Nowa Dąbrowa nad Olszanką 2, Przybrodzie 2, Sarnowiec 2
9009 tarninowski: Tarninów 3, Jodłogóra 2, Koniczynowo 2, Ruczaj 2, Wrzosowniki 2
9010 pszeniczyński: Pszeniczyn 3, Jęczmionki 2, Owsianka 2, Prosowo 2, Rżanówek 2, Stodolin 2
9061 Brzezica
9062 Wierzbogóra
9063 Łęgowiec
9064 Zimna Struga
92 ŁĘGOBORSKIE
9201 łęgoborski: Łęgobór 2, Czeremszyn 3, Jarzyniec 2, Kobylanka Górna 2, Olszogóra 2, Turzyniec 2
9202 bystrzański: Bystrzanka 1, Bystrzanka 2, Kamienny Bród 3, Pstrągowo 2, Strumianka 2, \
Wartogóra 2, Zapotocze 2
9203 cisogórski: Cisogóra 3, Głębokie Jary 2, Jałowiec Cisogórski 2, Paprociny 2, Skalniki 2, \
Żbikowiec 2
9204 mirosielski: Mirosiele 3, Bartodziejka 2, Ciechosław 2, Dobrosielec 2, Radowierz 2
9205 niedźwiadzki: Niedźwiadek 3, Borsukowo 2, Jeleniogrzbiet 2, Rysiniec 2, Sobolewka 2, \
Zającówka 2
9206 starołąkowski: Stara Łąkowa 1, Stara Łąkowa 2, Koniakówka 3, Łanowice 2, Miedziniec 2, \
Pasternik 2, Gródek Królewski 2
9207 wrzosowski: Wrzosowo Leśne 3, Jagodniki 2, Malinogóra 2, Poziomkowo 2, Żurawinka 2
9208 kalinogórsko-rokitnicki: Kalinogóra 1, Rokitnica Górna 3, Bzowiec 2, Derenie 2, \
Ostrokrzew 2, Trzmielowo 2
9209 zdrojowiecki: Zdrojowiec 3, Białe Źródła 2, Siarczysko 2, Solanki 2, Wodzisko 3
9261 Łęgobór
9262 Cisowa Góra
9263 Gródek Królewski
94 NADOLSZAŃSKIE
9401 nadolszański: Nadolsza 1, Nadolsza 2, Brodowiec Wielki 2, Piaszczyce 3, Promniki 2, Zakole 2
9402 trzcinowski: Trzcinowo 3, Bagnisko 2, Czaplogóra 2, Rozlewisko 2, Szuwarek 2, Tatarakowo 2
9403 jesionogórski: Jesionogóra 3, Grabogóra 2, Klonowiec Mały 2, Topolanka 2, Wiązowniki 2
9404 zagajnicki: Strażnica Mała 1, Piaskogóra 2, Zagajnik 3, Miedzianka Nowa 2, Sztolniki 2, \
Wyrobiska 2
9405 sarnogórski: Sarnogóra 1, Sarnogóra 2, Danielówka 2, Koziołkowo 2, Łosiniec 3, Żubrowiec 2
9406 świerkowiański: Świerkowiec 3, Iglaki 2, Jodlinek 2, Mchowiec 2, Żywiczno 2
9407 ziołogórski: Ziołogóra 3, Dziurawiec 2, Miętowo 2, Rumianek 2, Szałwiec 2, Tymianek 2
9408 kruczoborski: Kruczobór 3, Ćwirkowo 2, Kawczyn Nowy 2, Sójczyn 2, Srokowiec 2
9461 Nadolsza Zdrój
9462 Kopalnica Królewska
"""
