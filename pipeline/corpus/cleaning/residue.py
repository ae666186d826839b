"""What web pages leave around lyrics: page headers, footers, adverts, credits, and notes on sounds."""

import re

from pipeline.corpus.cleaning.rule import Rule


def _whole_line_pattern(words: str) -> re.Pattern[str]:
    return re.compile(rf"^[^\w\n]*+(?:{words})[^\w\n]*+(?:\n|\Z)", re.M | re.I)


CLEANING_RULES = (
    Rule(
        "page-description",
        "Text about the song above its lyrics, up to Read More",
        re.compile(
            r"^(?P<header>[ \t]*\d{1,4} Contributors?[^\n]{0,250}?(?:Lyrics|Paroles))(?:[^\n]|\n){0,2000}?"
            r"\bRead More\b[ \t]*+",
            re.M,
        ),
        r"\g<header>\n",
        needs=("Read More",),
    ),
    Rule(
        "page-header",
        "A page header: 12 ContributorsTitre Lyrics",
        re.compile(r"^[ \t]*\d{1,4} Contributors?(?:Translations?[^\n]{0,80}?)?[^\n]{0,150}?(?:Lyrics|Paroles)", re.M),
        "",
        needs=("Contributor",),
    ),
    Rule(
        "page-footer",
        "A page footer: 123Embed",
        re.compile(r"(?:\d{1,6}(?:\.\d{1,3})?K?)?Embed(?:Share\w{0,40}+)?[ \t]*+$", re.M),
        "",
        needs=("Embed",),
    ),
    Rule(
        "advert",
        "You might also like, inserted between lines",
        re.compile(r"You might also like", re.I),
        "\n",
        needs=("ight also like", "IGHT ALSO LIKE"),
    ),
    Rule(
        "tickets",
        "“See X Live” and ticket offers",
        re.compile(
            r"^See [^\n]{1,60} Live[ \t]*(?:\n?Get tickets as low as \$?\d*)?|Get tickets as low as \$?\d*", re.M
        ),
        "",
        needs=("See ", "Get tickets"),
    ),
    Rule(
        "credits",
        "Paroles rédigées et annotées par…",
        _whole_line_pattern(
            r"(?:paroles|lyrics) +(?:r[ée]dig[ée]e?s|annot[ée]e?s|transcrites?|expliqu[ée]e?s|[ée]crites?)\b[^\n]*"
            r"|paroles d(?:e la chanson|u titre|u morceau|e) [^\n]{1,150} par [^\n]*"
            r"|(?:transcribed|annotated) by[^\n]*"
            r"|(?:source|retrouvez|toutes les paroles) *+:?+[^\n]*(?:\.com|\.fr|genius)[^\n]*"
        ),
        "",
        needs=("aroles", "AROLES", "yrics", "ranscribed", "nnotated", "ource", "etrouvez"),
    ),
    Rule(
        "credits-glued",
        "Paroles rédigées et annotées par…, at the end of a line",
        re.compile(r"(?<=[^\s\[(])(?:Paroles|Lyrics) (?:rédigées|annotées|transcrites|expliquées|écrites)\b[^\n]*+"),
        "",
        needs=("aroles r", "aroles a", "aroles t", "aroles e", "aroles é", "yrics "),
    ),
    Rule(
        "time-stamp",
        "Time stamps before a line, [01:23.45]",
        re.compile(r"^(?:[ \t]*+\[\d{1,3}:\d\d(?:[.:]\d{1,3})?\])++[ \t]?", re.M),
        "",
        hint=re.compile(r"\[\d{1,3}:\d\d"),
    ),
    Rule(
        "image",
        "Image leftovers: Img src=…",
        _whole_line_pattern(r"img +(?:src|alt|class) *=[^\n]*"),
        "",
        needs=("mg ", "MG "),
    ),
    Rule(
        "web-address", "Web addresses", re.compile(r"\b(?:https?://|www\.)\S+", re.I), "", needs=("://", "www.", "WWW.")
    ),
    Rule(
        "not-released",
        "Lyrics not yet released when the page was saved",
        _whole_line_pattern(
            r"(?:lyrics for this song have yet to be released|lyrics will be available)[^\n]*"
            r"|les paroles (?:de ce (?:titre|morceau|son)|seront|ne sont pas)"
            r"[^\n]*(?:disponibles?|publiées|sorties?)[^\n]*"
            r"|please check back once the song has been released"
        ),
        "",
        needs=("yrics", "aroles", "lease check"),
    ),
    Rule(
        "to-complete",
        "Notes that the lyrics are incomplete",
        _whole_line_pattern(
            r"(?:paroles? +(?:incompl[eè]tes?|[àa] venir|manquantes?)"
            r"|(?:paroles? +)?[àa] (?:compl[ée]ter|(?:re)?transcrire)"
            r"|(?:paroles? +)?en cours d(?:'[ée]criture|e (?:r[ée]daction|(?:re)?transcription)))"
            r" *+(?:prochainement)?"
        ),
        "",
        needs=("ompl", "OMPL", "aroles", "AROLES", "transcri", "TRANSCRI", "n cours d", "N COURS D"),
    ),
    Rule(
        "instrumental",
        "Notes saying that nobody raps here",
        _whole_line_pattern(r"(?:instrumental[e]?|beat|scratchs?)"),
        "",
        needs=("nstru", "NSTRU", "eat", "EAT", "cratch"),
    ),
    Rule(
        "sound-adlib",
        "A sound in one word between asterisks, *pan*: read as an ad-lib",
        re.compile(r"(?<![\w*])\*([^\W\d_]{2,20})\*(?![\w*])"),
        r"(\1)",
        needs="*",
    ),
    Rule(
        "sound-note",
        "A description of a sound between asterisks, *bruit de porte*",
        re.compile(
            r"(?<![\w*])\*(?:bruit|son|cri|rire|coup|tir|d[ée]tonation|sonnerie|sir[èe]ne|musique|voix|t[ée]l[ée]phone"
            r"|scratch|toux|applaudissement|sifflement|soupir|respiration|porte|moteur|silence|beat|explosion|radio"
            r"|pleurs?|pas |on entend|[^\W\d_]{3,12}(?:er|ir) (?:de|du|des) )[^*\n]{0,80}\*(?![\w*])",
            re.I,
        ),
        "",
        needs="*",
    ),
    Rule(
        "emphasis",
        "Lyrics between asterisks, *bête noire*: the words stay",
        re.compile(r"(?<![\w*])\*([^\s*]++(?: [^\s*]++)++)\*(?![\w*])"),
        r"\1",
        needs="*",
    ),
    Rule(
        "closing-asterisk",
        "A lone asterisk at the end of a line",
        re.compile(r"(?<=[^\s*])[ \t]++\*[ \t]*+$", re.M),
        "",
        needs="*",
    ),
    Rule(
        "inaudible",
        "Marks of unintelligible words: [?], XXX, [xxx]",
        re.compile(
            r" ?[\[(]\s*(?:\?+|inaudible|incompréhensible|x{3,}(?: x{3,})*)\s*[\])]"
            r"|(?:^|[ \t])x{3,}(?=[\s,.;:!?…]|$)(?! ?tentacion)",
            re.I | re.M,
        ),
        "",
        hint=re.compile(r"[\[(xX](?:(?<=[\[(])\s*+[?xXiIİı]|(?<=[xX])[xX]{2})"),
    ),
    Rule(
        "censored",
        "Censored words, p***: kept as they are",
        re.compile(r"\b[^\W\d_]\w*\*+\w*"),
        r"\g<0>",
        marks=True,
        needs="*",
    ),
)
