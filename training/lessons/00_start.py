# %% [markdown]
# # Start: czy program działa i jak znaleźć jednostkę?
#
# Ta lekcja trwa najwyżej półtorej godziny. Nie trzeba znać programowania. W ćwiczeniach wpisuje się
# liczbę albo wybiera odpowiedź, a program od razu mówi, czy się zgadza i co sprawdzić.
#
# Po lekcji umiesz:
#
# - znaleźć jednostkę i jej kod,
# - odczytać wartość wskaźnika razem z rokiem, jednostką miary i znacznikiem,
# - odróżnić zero od braku danych,
# - powiedzieć, ile dzieli jednostkę od mediany grupy,
# - wskazać zbiór i plik, z którego pochodzi liczba.
#
# Lekcja korzysta z krainy przykładowej. Jej jednostki są fikcyjne, a liczby wymyślone: żadna nie
# opisuje prawdziwego urzędu. Dane, które masz już wczytane, pozostają bez zmian.

# %% [markdown] tags=["solution"]
# **Wersja z rozwiązaniami, dla prowadzących.** Pod każdym ćwiczeniem stoi rozwiązanie i odpowiedź
# programu.

# %% [markdown] tags=["notebook-only"]
# ## Wybierz jednostkę
#
# Lekcja działa od razu, na jednostce przykładowej. Aby pracować na innej, zmień nazwę w cudzysłowie
# w komórce poniżej, a potem wybierz z menu *Uruchom → Uruchom wszystkie komórki*. Tak samo zmienia
# się obszar usług i rok. Jeżeli masz wczytane dane prawdziwe, zamiast `sample` wpisz identyfikator
# stanu danych, który pokazuje polecenie `smup data list`.

# %% tags=["parameters"]
unit: str = "powiat olszyńsko-brzezicki"  # nazwa albo kod TERYT jednostki
area: str = "Kultura i rekreacja"  # obszar usług
year: int = 2023  # rok danych
snapshot: str = "sample"  # stan danych: sample to kraina przykładowa

# %% [markdown]
# ## Czy program działa?
#
# Poniżej powinien pojawić się nagłówek: obszar usług, nazwa jednostki, rok i dzień, z którego są
# dane. Jeżeli go widzisz, program działa, dane są wczytane, a jednostka została znaleziona. Jeżeli
# zamiast nagłówka widzisz komunikat, przeczytaj jego ostatnie wiersze: mówią, co zrobić.

# %%
import smup_lib as smup

data = smup.load_snapshot(snapshot)
view = smup.open_area(area, unit, year, snapshot=data)
view.title(level=2, code=False)

# %% [markdown]
# Napis „dane przykładowe, jednostki fikcyjne” stoi przy każdym wyniku z krainy przykładowej. Przy
# danych prawdziwych tego napisu nie ma.

# %% [markdown]
# ## Jak znaleźć jednostkę i jej kod?
#
# Nazwy się powtarzają, kody nie. Kod TERYT mówi bez wątpliwości, o której jednostce mowa, dlatego
# program i dane urzędowe łączą liczby po kodzie. Miasto na prawach powiatu ma dwa kody: jako gmina
# i jako powiat.
#
# Wpisz w polu „Szukaj jednostki” nazwę albo jej początek, z polskimi literami albo bez nich. Pod
# polem pojawią się pasujące jednostki, każda z kodem w nawiasie.
#
# W krainie przykładowej są tylko jednostki fikcyjne. Swoją gminę i swój powiat znajdziesz tak samo
# tam, gdzie wczytano dane prawdziwe. Gdy wybierzesz z listy inną jednostkę, program powie, jak
# przejść z nią całą lekcję.

# %% tags=["exercise"]
unit_code = smup.open_exercise("unit_code", view)
unit_code

# %% [markdown] tags=["solution"]
# Kod stoi na liście pod polem wyszukiwania, w nawiasie za nazwą. Ten sam wynik daje polecenie
# w komórce poniżej: najlepiej pasująca jednostka jest w nim pierwsza.

# %% tags=["solution"]
found = smup.find_units(unit, level=view.assessment.unit.level, snapshot=data)
unit_code.check(found["unit_code"].iloc[0])

# %%
view.summary()

# %% [markdown]
# Tak zaczyna się raport o jednostce. O Twojej gminie i o Twoim powiecie rada i mieszkańcy zobaczą
# w nim zdania tego samego rodzaju. Zdania mówią, gdzie jednostka różni się od podobnych. Nie mówią,
# dlaczego.
#
# ## Wszystkie wskaźniki w jednej tabeli
#
# Każdy wskaźnik ma swój wiersz. Zanim podasz liczbę, sprawdź cztery rzeczy: wiersz, jednostkę
# miary, rok w podpisie tabeli i to, czy czytasz kolumnę „Wartość”, czy „Mediana grupy”.
#
# W kolumnie „Wobec grupy” stoją czasem słowa zamiast oceny. „Nie oceniamy” znaczy: wskaźnik nie ma
# kierunku, więc mniej nie jest ani lepiej, ani gorzej. „Pytanie do wyjaśnienia” znaczy: koszt
# odbiega od grupy, w górę albo w dół. To nie zarzut, tylko powód, żeby zapytać dlaczego.

# %%
view.table()

# %% [markdown]
# ### Odczytaj jedną wartość
#
# W odpowiedzi możesz użyć przecinka albo kropki, odstępów i jednostki miary. Przepisz liczbę
# dokładnie: z tyloma cyframi po przecinku, ile ma w tabeli.

# %% tags=["exercise"]
own_value = smup.open_exercise("own_value", view)
own_value

# %% [markdown] tags=["solution"]
# Kolumna „Wartość” w wierszu wskaźnika. Najczęstsza pomyłka to mediana grupy z kolumny obok.

# %% tags=["solution"]
numbers = view.frame().set_index("indicator")
own_value.check(numbers.loc[own_value.indicator, "value"])

# %% [markdown]
# ### Liczba czy jej brak?
#
# Zero to wiadomość: zjawisko nie wystąpiło. Znak w miejscu liczby to co innego: liczby nie ma,
# a pod tabelą stoi, co ten znak znaczy. Wskaźniki, których nie ma ani jednostka, ani jej grupa, nie
# mają wiersza: są na liście pod tabelą, którą można rozwinąć. Pomylenie zera z brakiem zmienia
# każdą średnią i każdy wniosek.

# %% tags=["exercise"]
empty_cell = smup.open_exercise("empty_cell", view)
empty_cell

# %% [markdown] tags=["solution"]
# Trzeba przepisać liczbę, jeżeli jest, a wpisać „brak”, jeżeli stoi znak albo wskaźnik jest tylko
# na liście pod tabelą.

# %% tags=["solution"]
empty_cell.check(numbers.loc[empty_cell.indicator, "value"])

# %% [markdown]
# ## Dużo to czy mało?
#
# Sama wartość nic o tym nie mówi. Potrzebne są inne jednostki, wybrane regułą, którą da się podać.
# Mediana dzieli taką grupę na pół: połowa ma mniej, połowa więcej. Karta pokazuje wartość, medianę
# i rozrzut grupy.

# %%
view.indicator(own_value.indicator)

# %% [markdown]
# ### Policz różnicę do mediany
#
# Wystarczy odjąć dwie liczby z karty. Różnicę podaje się w jednostce wskaźnika. Różnica dwóch
# odsetków to punkty procentowe, a nie procenty.

# %% tags=["exercise"]
median_gap = smup.open_exercise("median_gap", view)
median_gap

# %% [markdown] tags=["solution"]
# Wartość jednostki minus mediana grupy. Minus w wyniku znaczy: mniej niż mediana.

# %% tags=["solution"]
own = numbers.loc[median_gap.indicator]
median_gap.check(own["value"] - own["median"])

# %%
view.sources()

# %% [markdown]
# Skąd więc jest ta liczba? Każda prowadzi do zbioru, wydawcy i pliku, z którego ją wczytano.
# Nazwa pliku stoi w kolumnie „Plik i początek sumy kontrolnej”. Kraina przykładowa nie ma plików,
# bo jej dane tworzy program, i tak jest tam napisane. Przy danych prawdziwych plik można otworzyć
# i sprawdzić.

# %% [markdown]
# ## Co możesz teraz powiedzieć o tej jednostce
#
# Po dobrej odpowiedzi na pytanie o różnicę stanie tu pełne zdanie: kto, kiedy, ile, w czym
# mierzone, na tle kogo i skąd to wiadomo. Obok będzie napisane, czego z niego nie wolno wyczytać.

# %%
median_gap.statement()

# %% [markdown]
# Zanim zamkniesz lekcję, zapisz trzy rzeczy:
#
# - kod jednostki z lekcji i miejsce, w którym znajdziesz kod swojej,
# - jedno zdanie o wartości, z rokiem, jednostką miary i medianą grupy,
# - jedno pytanie, na które ta liczba nie odpowiada.
