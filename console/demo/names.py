"""Invented names from several countries, some as long as names are."""

from typing import Final

import numpy as np

LONGEST: Final = "Anna Aleksandra Konstancja Wiśniewska-Kowalczyk z Zawadzkich"  # 60 characters

GIVEN: Final = {
    "PH": (
        "Maricel Rodel Jhoanna Analyn Reynaldo Kristine Dennis Marivic Jerome Lourdes Arnel Rowena Jomar Cherry "
        "Ronaldo Imelda Benjie Liezl Edwin Marites Ramil Jasmine Noel Precious Allan Divina Gerald Fe Rommel Aileen"
    ),
    "PL": (
        "Ewelina Wojciech Małgorzata Zbigniew Agnieszka Łukasz Katarzyna Grzegorz Żaneta Paweł Dorota Mścisław "
        "Joanna Krzysztof Beata Tomasz Halina Jędrzej Oliwia Stanisław"
    ),
    "CO": (
        "Yurany Andrés Marisol Óscar Luz Camilo Ximena Jhon Paola Iván Adriana Wilmer Natalia Édgar Daniela "
        "Fabián Viviana Néstor Lizeth Duván"
    ),
    "XX": (
        "Ingrid Tunde Priya Sven Chidinma Rohan Astrid Kofi Ananya Mikkel Folake Arjun Solveig Emeka Lakshmi Håkon "
        "Grace Daniel Hannah Marcus Olivia Trevor Denise Curtis Brenda Malik Shauna Victor Gloria Leon"
    ),
}
FAMILY: Final = {
    "PH": (
        "Santos Villanueva Macaraeg Dimaculangan Bautista Pangilinan Catacutan Manalastas Evangelista Dela-Cruz "
        "Magsaysay Tolentino Agbayani Salonga Lacsamana Batungbakal Quiambao Marasigan Ocampo Yap Sarmiento "
        "Panganiban Cabrera Mangubat Fajardo"
    ),
    "PL": (
        "Nowicka Wiśniewska-Kowalczyk Szczepański Brzęczyszczykiewicz Zając Kołodziejczyk Wróblewska Dąbrowski "
        "Gżegżółka Maciejewska Źdźbło Piątek Kaźmierczak Lis Sobczak-Wolańska"
    ),
    "CO": (
        "Rodríguez-Echeverri Quintero Muñoz Bejarano Zapata Castiblanco Ñáñez Ospina Villamizar Hurtado Cifuentes "
        "Arboleda Peñaranda Rincón Suárez-Montoya"
    ),
    "XX": (
        "Berg Okonkwo Ramachandran Lindqvist Adeyemi Subramanian Halvorsen Mensah Chatterjee Nyström Olufemi Iyer "
        "Whitfield Delgado Harrington Boateng Kessler Marchetti Abernathy Okafor Vance Thornbury Castellanos Pruitt "
        "Lindholm Beaumont Sorensen Achterberg Featherstonehaugh-Cholmondeley Ng"
    ),
}


def draw(rng: np.random.Generator, country: str) -> str:
    """One name as a person of that country may carry it; chance may draw it twice."""
    given, family = GIVEN[country].split(), FAMILY[country].split()
    return f"{given[int(rng.integers(len(given)))]} {family[int(rng.integers(len(family)))]}"


def different(rng: np.random.Generator, country: str, taken: set[str]) -> str:
    """One name nobody in `taken` has, added to it."""
    while True:
        name = draw(rng, country)
        if name not in taken:
            taken.add(name)
            return name
