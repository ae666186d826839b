"""Make data/lexicons/french_words.tsv.xz, the words of French that the rhyming dictionary knows beyond a corpus.

    python benchmarks/french_words.py french.txt.xz

The file holds sentences, one a line (Common Voice's French sentence collection, CC0 1.0). A word is in when it stands
`LEAST` times or more inside sentences in small letters, and so mostly: names are out. Each with its count and IPA.
"""

import argparse
import lzma
import re
from collections import Counter
from pathlib import Path

from pipeline.core.paths import lexicons_folder
from pipeline.language.phones import transcribe_tokens

LEAST = 1
MOSTLY = 0.6  # of its occurrences
MOST = 100_000  # words
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_PRONOUN = r"-(?:je|tu|ils?|elles?|on|nous|vous|ce|les?|la|lui|leur|moi|toi|y|en|là|ci)$"
_FRENCH = re.compile(rf"(?!.*{_PRONOUN})[a-zàâäéèêëîïôöùûüçœæ]{{2,}}(?:-[a-zàâäéèêëîïôöùûüçœæ]+)*")


def main() -> None:
    """See the module."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    counts: Counter[str] = Counter()
    for line in lzma.decompress(parser.parse_args().file.read_bytes()).decode().splitlines():
        counts.update(_WORD.findall(line)[1:])  # the first has its capital from the sentence
    every: Counter[str] = Counter()
    for word, n in counts.items():
        every[word.lower()] += n
    small = [(n, word) for word, n in counts.items() if n >= LEAST and n >= MOSTLY * every[word.lower()]]
    words = [(word, n) for n, word in sorted(small, key=lambda each: (-each[0], each[1])) if _FRENCH.fullmatch(word)][
        :MOST
    ]
    rows = zip(words, transcribe_tokens([word for word, _ in words]), strict=True)
    text = "word\tipa\tcount\n" + "".join(f"{word}\t{said.ipa}\t{n}\n" for (word, n), said in rows if said.ipa)
    path = lexicons_folder() / "french_words.tsv.xz"
    path.write_bytes(lzma.compress(text.encode(), preset=9 | lzma.PRESET_EXTREME))
    print(len(words), "words,", path.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
