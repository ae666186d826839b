"""What addresses of before held where they hold keys now: the labels of the options, as they were worded in English.

Widget key -> old value -> key. Labels that are data (the title of a song, a number) are not here: `bound` compares them
with the labels of the moment. Add a line when an option's key changes; take none away.
"""

from collections.abc import Mapping

_GROUPS = {"Artist": "artist", "Year": "year", "Section": "kind"}
_VARIANTS = {"As written": "written", "As heard": "heard", "Each line once": "once", "Solo sections": "solo"}
_SERIES = {"words per line": "words", "rhyme letters": "rhymes"}
_GATES = {
    "Γi, written": "input",
    "Γf, kept": "forget",
    "c̃, offered": "candidate",
    "Γo, shown": "output",
    "c, the cell": "cell",
    "a, the state": "hidden",
}

OLD_VALUES: Mapping[str, Mapping[str, str]] = {
    "rhyme": {"As it comes": "free", "AABB, pairs": "AABB", "ABAB, crossed": "ABAB", "ABBA, embraced": "ABBA"},
    "richness": {
        "Assonance: the vowel": "assonance",
        "Pauvre: the last vowel": "pauvre",
        "Suffisante: 2 sounds": "suffisante",
        "Riche: 3 sounds": "riche",
        "Léonine: 2 syllables": "leonine",
        "Multi: 2 vowels": "multi2",
        "Multi: 3 vowels": "multi3",
        "Multi: 4 vowels": "multi4",
    },
    "plan": {
        "Couplet and refrain": "couplet 8, refrain 4 ABAB",
        "Short song: the refrain returns": "couplet 8, refrain 4 ABAB, couplet, refrain",
        "Whole song, sixteens": "couplet 16, refrain 4 ABAB, couplet, refrain, pont 4, refrain",
        "Song with a pré-refrain": (
            "intro 2, couplet 12, pré-refrain 2, refrain 4 AAAA, couplet, pré-refrain, refrain"
        ),
    },
    "layer": {"Lyrics": "lyrics", "Ad-libs": "adlibs", "Both": "all"},
    "by": _GROUPS,
    "rank": _GROUPS,
    "built": _GROUPS,
    "sound-by": _GROUPS,
    "lexicon_version": _VARIANTS,
    "version": _VARIANTS,
    "phrase_version": _VARIANTS,
    "words": {"120 most frequent": "frequent", "All words": "all"},
    "class": {
        "Ad-libs and cries": "ad-lib",
        "African loans": "african",
        "Anglicisms": "anglicism",
        "Arabic loans": "arabic",
        "Argot": "argot",
        "Romani loans": "romani",
        "Verlan": "verlan",
    },
    "measure": {
        "Vocabulary in 5,000 words, E[V(5,000)]": "rarefied_5000",
        "Vocabulary in 10,000 words, E[V(10,000)]": "rarefied_10000",
        "Vocabulary in 35,000 words, E[V(35,000)]": "rarefied_35000",
        "MATTR, windows of 50": "mattr_50",
        "MATTR, windows of 100": "mattr_100",
        "MTLD, threshold 0.72, factors of 10 words or more": "mtld",
        "HD-D, 42 draws": "hdd",
        "vocd-D, fitted to exact samples": "vocd_d",
        "Yule's K": "yule_k",
        "Simpson's D": "simpson_d",
        "Herdan's Vm": "herdan_vm",
        "Maas's a², base 10": "maas_a2",
        "Dugast's U, base 10": "dugast_u",
        "Herdan's C": "herdan_c",
        "Summer's S, base 10": "summer_s",
        "Guiraud's R": "root_ttr",
        "Carroll's CTTR": "corrected_ttr",
        "Type-token ratio": "ttr",
        "Entropy in bits": "entropy",
        "Honoré's H": "honore_h",
        "Sichel's S": "sichel_s",
        "Yule's I": "yule_i",
        "Rhyme density": "density",
        "Rhymed lines": "rhymed_lines",
        "Rhyme factor": "factor",
        "Inside the line": "internal",
        "Syllables": "syllables",
    },
    "sort": {"In order": "position", "By the word after": "after", "By the word before": "before"},
    "said_as": {"Share of songs": "share", "Per million words": "per_million"},
    "points": {"Artists": "artist", "Songs": "song", "Years": "year"},
    "distance": {"Labbé": "labbe", "Cosine": "cosine"},
    "count": {"As spoken": "spoken", "In classical verse": "verse"},
    "least-rhyme": {
        "Assonance": "assonance",
        "Pauvre": "pauvre",
        "Suffisante": "suffisante",
        "Riche": "riche",
        "Léonine": "leonine",
    },
    "look": {
        "Curves": "curves",
        "Card": "card",
        "Compare two": "compare",
        "Surprise": "surprisal",
        "surprise": "surprisal",
        "Move and delete": "files",
    },
    "trained": {"not at all": "0", "20 steps": "20", "50 steps": "50", "100 steps": "100"},
    "meter_trained": {"as drawn": "0", "trained 60 steps on your line": "60"},
    "reach_trained": {
        "as they are drawn": "0",
        "trained 30 steps on the line": "30",
        "trained 100 steps on the line": "100",
    },
    "clip": {"By value": "value", "By norm, each array": "norm", "By global norm": "global-norm"},
    "made_of": {"two dependencies": "coins", **_SERIES},
    "what": _SERIES,
    "shape": {
        "Classic RNN, Tx = Ty": "F1",
        "Bidirectional": "F2",
        "Many to one": "F3",
        "One to many": "F4",
        "Encoder and decoder": "F5",
        "Attention": "F6",
    },
    "gate": _GATES,
    "force": _GATES,
    "fires": {"line end": "line-end", "start of a word": "word-start"},
}
