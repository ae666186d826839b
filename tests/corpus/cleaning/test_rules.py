"""Every cleaning rule on invented text: what goes in, what comes out, and that it was counted."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.corpus.account import Tally
from pipeline.corpus.cleaning import RULES, clean_lyrics

CASES = [
    ("double-encoding", "Ã la fin, Ã\xa9tÃ\xa9, câ\x80\x99est", "à la fin, été, c'est"),
    ("double-encoding", "ma sÅ“ur est lÃ\xa0, câ€™est l'Ã©tÃ©", "ma sœur est là, c'est l'été"),
    ("line-ends", "la mer\r\nla rue\rla nuit\nle jour", "la mer\nla rue\nla nuit\nle jour"),
    ("hidden-line-breaks", "la mer\x85la rue\u2028la nuit\u2029le jour", "la mer\nla rue\nla nuit\nle jour"),
    ("c1-residue", "mon c\x9cur \x96 c\x92est", "mon cœur – c'est"),
    ("invisible", "\ufeffla\u200b mer\u00ad est\u200d là", "la mer est là"),
    ("controls", "la\x07 mer\x1b", "la mer"),
    ("odd-spaces", "la\u00a0mer\u202f!\u2005et\u205fla\u200anuit\u3000là\tbas", "la mer ! et la nuit là bas"),
    ("loose-accents", unicodedata.normalize("NFD", "été à la forêt, ça"), "été à la forêt, ça"),
    ("styled-letters", "𝘭𝘢 𝐦𝐞𝐫 ｅｓｔ ﬁne", "la mer est fine"),
    ("look-alikes", "la ruе а froid", "la rue a froid"),
    ("lost-ligature", "mon c\ufffdur, ma s\ufffdur", "mon cœur, ma sœur"),
    ("lost-apostrophe", "j\ufffdsuis, qu\ufffdil, l\ufffdeau", "j'suis, qu'il, l'eau"),
    ("lost-letter", "ma t\ufffdte, d\ufffdj\ufffd, \ufffdt\ufffd", "ma t*te, d*j*, *t*"),
    ("lost-character", "la mer \ufffd là", "la mer là"),
    ("apostrophes", "j’ai l‘amour dʼici n`est t´es", "j'ai l'amour d'ici n'est t'es"),
    ("html-break", "la mer<br>la rue<br />la nuit", "la mer\nla rue\nla nuit"),
    ("html-tag", '<p class="x"><i>la mer</i><a href="y">là</a><!-- z -->', "la merlà"),
    ("html-entity", "l&#39;&eacute;t&eacute; &amp; moi &inconnu;", "l'été & moi &inconnu;"),
    ("break-mark", "la mer *BREAK* la rue*BREAK*la nuit", "la mer\nla rue\nla nuit"),
    ("escaped-break", r"la mer\nla rue\r\nla nuit", "la mer\nla rue\nla nuit"),
    ("indentation", "  la mer  \n    la rue\n ", "la mer\nla rue"),
    ("wide-spaces", "la   mer  là", "la mer là"),
    ("tag-broken", "[Couplet 1 :\nUntel\n]\nla mer", "[Couplet 1 : Untel]\nla mer"),
    ("tag-broken", "[Couplet 2 : Untel &\nUnetelle]\nla mer", "[Couplet 2 : Untel & Unetelle]\nla mer"),
    ("parenthesis-broken", "la mer (\nOuais\n)\nla rue", "la mer (Ouais)\nla rue"),
    ("parenthesis-broken", "(\nOuais\n) la rue", "(Ouais) la rue"),
    ("page-header", "12 ContributorsLe port Lyrics[Couplet 1]\nla mer", "[Couplet 1]\nla mer"),
    (
        "page-description",
        "263 ContributorsRue Lyrics« Rue » est un titre d'Untel.\nIl sort en 2004… Read More\u00a0\n[Intro]\nla mer",
        "[Intro]\nla mer",
    ),
    ("time-stamp", "[00:12.50] la mer\n[01:02]la rue\n[01:05.1][01:09.2] la nuit", "la mer\nla rue\nla nuit"),
    ("page-header", "1 ContributorTranslationsEnglishLe port Lyrics\nla mer", "\nla mer".strip()),
    ("page-footer", "la mer\nla rue123Embed", "la mer\nla rue"),
    ("page-footer", "la mer\n1.2KEmbed", "la mer"),
    ("advert", "la mer\nYou might also likela rue", "la mer\n\nla rue"),
    ("tickets", "See Untel LiveGet tickets as low as $42\nla mer", "la mer"),
    ("credits", "la mer\nParoles rédigées et annotées par la communauté\nla rue", "la mer\nla rue"),
    ("credits", "Paroles de la chanson Le port par Untel\nla mer", "la mer"),
    ("credits-glued", "la mer\nla rueParoles rédigées et annotées par la communauté", "la mer\nla rue"),
    ("image", 'la mer\nImg src="https://example.org/x.jpg"\nla rue', "la mer\nla rue"),
    ("web-address", "la mer https://example.org/x", "la mer"),
    ("not-released", "Lyrics for this song have yet to be released. Please check back later\n", ""),
    ("to-complete", "la mer\n(À compléter)\nla rue", "la mer\nla rue"),
    ("to-complete", "la mer\nÀ RETRANSCRIRE\nEn cours d'écriture…\nla rue", "la mer\nla rue"),
    ("instrumental", "la mer\n[Instrumental]\nla rue", "la mer\nla rue"),
    ("sound-adlib", "la mer *pan*", "la mer (pan)"),
    ("sound-note", "*bruit de porte*\nla mer", "la mer"),
    ("emphasis", "elle dit *No limit*, ma *bête noire*", "elle dit No limit, ma bête noire"),
    ("closing-asterisk", "la mer *\nla rue * \nla *nuit", "la mer\nla rue\nla *nuit"),
    ("bracketed-lyrics", "[on est là pour durer, tu sais]\nla mer", "on est là pour durer, tu sais\nla mer"),
    ("bracketed-lyrics", "[On Est là ensemble]\n[On est ensemble]", "On Est là ensemble\n[On est ensemble]"),
    (
        "speaker",
        "[Couplet 1]\nUntel :\nla mer\n\nUnetelle :\nla rue",
        "[Couplet 1 : Untel]\nla mer\n\n[Unetelle]\nla rue",
    ),
    ("speaker", "Refrain :\nla mer\n\nUntel :\nla rue", "Refrain :\nla mer\n\n[Untel]\nla rue"),
    ("inaudible", "la mer [?] et [inaudible]", "la mer et"),
    ("inaudible", "J'suis XXX dans la [xxx] rue xxx, (XXX)", "J'suis dans la rue,"),
    ("censored", "p***, la m*r", "p***, la m*r"),
    ("tag-amid-line", "la mer [Refrain] la rue", "la mer \n[Refrain]\nla rue"),
    ("double-spaced", "\n\n".join("abcdefghi"), "\n".join("abcdefghi")),  # eight gaps
    ("double-spaced", "\n\n".join("abcde") + "\n\n\n" + "\n\n".join("fghij"), "a\nb\nc\nd\ne\n\nf\ng\nh\ni\nj"),
    ("double-spaced", "a\nb\nc\nd\n\n" + "\n\n".join("efghijklmn"), "a\nb\nc\nd\n\n" + "\n".join("efghijklmn")),
    ("double-spaced", "a\n\n" + "\n\n".join("bcdefghij") + "\n\nk\nl\nm", "\n".join("abcdefghij") + "\n\nk\nl\nm"),
    (
        "double-spaced",
        "a\nb\nc\n\nd\ne\nf\n\n" + "\n\n".join("ghijklmno") + "\n\n\n" + "\n\n".join("pqr"),
        "a\nb\nc\n\nd\ne\nf\n\n" + "\n".join("ghijklmno") + "\n\n" + "\n".join("pqr"),
    ),
    ("blank-lines", "la mer\n\n\n\nla rue", "la mer\n\nla rue"),
]
LINES = [
    "La mer est belle ce soir",
    "J'regarde le port depuis l'bar",
    "On attend que l'jour se lève",
    "Personne ne rêve",
]


def test_spoken_lines_are_cut_where_a_breath_is_taken() -> None:
    sentence = "je te dis que la mer est loin et que le port est froid."
    spoken = " ".join([sentence] * 12)
    tally = Tally()
    lines = clean_lyrics(f"La mer\n{spoken}\nLe port", tally).split("\n")
    assert lines == ["La mer", *[" ".join([sentence] * 2)] * 6, "Le port"]
    assert tally.rules["long-line"].lines == 1
    assert tally.rules["long-line"].dropped.words == 0
    for endless in ("mot " * 150, "(mot " * 150, "mot, " * 150):
        cut = clean_lyrics(endless.strip())
        assert cut.split() == endless.split()
        assert max(len(line.split()) for line in cut.split("\n")) <= 40
    whole = " ".join(["mot"] * 100)
    assert clean_lyrics(f"La mer\n{whole}") == f"La mer\n{whole}"


@pytest.mark.parametrize("stanza", ["a\nb\nc\nd", "a\nb", "a\nb\nc"])
def test_stanzas_are_no_double_spacing(stanza: str) -> None:
    text = "\n\n".join([stanza] * 20 + list("abcdefg"))
    assert clean_lyrics(text) == text


@pytest.mark.parametrize(
    ("rule", "before", "after"), CASES, ids=[f"{rule}-{at}" for at, (rule, *_) in enumerate(CASES)]
)
def test_a_rule_mends_and_counts(rule: str, before: str, after: str) -> None:
    tally = Tally()
    assert "\n".join(line.strip() for line in clean_lyrics(before, tally).splitlines()) == "\n".join(
        line.strip() for line in after.splitlines()
    )
    count = tally.rules[rule]
    assert count.songs == 1
    assert count.lines >= 1
    assert count.characters >= 1
    assert count.examples[0]["before"]
    assert count.what


@pytest.mark.parametrize("glue", [" / ", " | ", "", " "])
def test_a_whole_song_on_one_line_is_cut(glue: str) -> None:
    tally = Tally()
    text = glue.join(LINES * 3)
    assert clean_lyrics(text, tally).splitlines() == LINES * 3
    assert tally.rules["one-line-song"].songs == 1


def test_four_lines_of_sixteen_words_are_a_song_and_fewer_or_longer_ones_are_none() -> None:
    for lines, words, parts in ((4, 16, 4), (3, 16, 1), (4, 17, 1)):
        assert len(clean_lyrics(" / ".join([" ".join(["nuit"] * words)] * lines)).splitlines()) == parts


def test_every_rule_has_a_case() -> None:
    assert {rule.name for rule in RULES} == {rule for rule, *_ in CASES} | {"one-line-song", "long-line"}


def test_clean_text_stays_as_it_is() -> None:
    text = "[Couplet 1 : X & Y]\n« L'été », dit-il… (ouais)\nÇa coûte 10 000 € — p't-être\n\n[Refrain x2]\nŒil pour œil"
    tally = Tally()
    assert clean_lyrics(text, tally) == text
    assert not tally.rules


@pytest.mark.parametrize(
    "line",
    [
        "[Extrait du film La Haine]",
        "[Couplet 1 : Untel & Unetelle]",
        "Refrain :",
        "J'lui ai dit :\nviens",
        "Ма́ма",
        "Я люблю тебя",
        "La ποίησις",
        "J'ai <3 pour toi",
        "5 < 6 > 4",
        "Tom & Jerry",
        "A venir",
    ],
)
def test_what_only_resembles_dirt_stays(line: str) -> None:
    assert clean_lyrics(line) == unicodedata.normalize("NFC", line)


@given(st.text(max_size=300) | st.text(alphabet="a b\n[]()*<&;/\r\t\x85\x9c\ufffdéÃ©’RefrainEmbd12", max_size=300))
def test_cleaning_never_fails_and_a_second_time_changes_little(text: str) -> None:
    once = clean_lyrics(text)
    assert "\r" not in once
    assert "\x85" not in once
    assert not once.startswith("\n")


def test_counts_add_up_over_songs() -> None:
    tally = Tally()
    for text in ("j’ai\nt’as\nrien", "l’eau", "rien"):
        clean_lyrics(text, tally)
        tally.end_song("x")
    count = tally.rules["apostrophes"]
    assert (count.songs, count.lines, count.characters) == (2, 3, 3)  # two songs, three lines, three apostrophes
