"""How dirty the nine shapes are. Counts come from nine real collections that may not be passed on; what was not
counted there is marked "chosen", and only has to be frequent enough to be met in a world of one megabyte.

Rates of traps are per song of the shape that carries them.
"""

# K: tagged songs, one a file, with a CSV of metadata in another folder
K_SONGS = 6_062
K_WITH_YEAR = 4_870 / K_SONGS
K_WITH_GUESTS = 2_135 / K_SONGS
K_REPEATED = 991 / K_SONGS  # songs that stand under a guest's name too, with the same id
K_SONGS_AN_ARTIST = K_SONGS / 391

# R: tree decade/genre/Album-artist-Artist/Title.txt without tags
R_FILES = 3_558
R_DOUBLE_SPACED = 2_198 / 3_218
R_SPACED_IN_PART = 1_083 / 2_198  # of these: dense for a stanza, sometimes for half of the song, then double-spaced
R_REPEATED = 308 / R_FILES
R_EMPTY = 32 / R_FILES
R_NUMBERED_ALBUMS = 0.1  # chosen: folders whose files run 01, 02, 03

# M: CSV with lists as Python reprs
M_STANZAS = 5_254 / 1_559  # a song

# L: the shape of LRFAF
L_STANZAS = 14_402 / 2_000
L_WITH_YEAR = 1 - 3_611 / 37_307
L_TAG_LINES = 10 / 191_700  # a line
L_REPEATS_TO_THE_LETTER = 1_237 / 2_000  # songs that hold one stanza twice

# F: files of all songs of an artist, glued
F_FILES, F_FULL, F_SONGS = 445, 339, 14_000
F_EMPTY = 1 - F_FULL / F_FILES
F_GLUED_WORDS = 11_030 / F_SONGS  # junctions that make one pseudo-word of two; at the others a tag follows
F_BROKEN_TAGS = 0.02  # a tag; chosen

# G, T, D, S
G_WORDS_A_SONG = 109_641 / 179
T_ARTISTS = 4
D_SONGS_AN_ARTIST = 399 / 40
S_FILES, S_CP1252, S_SONGS = 32, 23, 98

# Tagged songs, from 2,000 songs with their tags
SECTIONS = 7.09  # a song
COUPLET_LINES = 12  # median
OF_SIXTEEN = 0.134  # couplets of exactly sixteen lines
REFRAIN_LINES = 0.246  # share of lines

# Words: 10.7 million of them had 236,811 types. One line in three gets a word that no other text has to have
# (log-uniform over two million), and most lines get known words in new places, so that no line comes twice.
INVENTED = 0.3
MOST_INVENTED = 2_000_000

# Traps, a song
TRAPS = {
    "bare-repeat": 73 / K_SONGS,  # x2 alone on a line repeats the stanza before it
    "bracketed-repeat": 0.05,  # (x2) alone on a line; chosen
    "line-repeat": 0.05,  # … (x2) at the end of a line; chosen
    "bracketed-lyric": 68 / K_SONGS,
    "names-first": 82 / K_SONGS,  # [Untel - Couplet 1]
    "numbered-part": 190 / K_SONGS,  # [Round 1], [Morceau 3]: no performers
    "speaker": 450 / K_SONGS,  # Untel : on a line of its own
    "swallowed-couplet": 0.005,  # an untagged couplet below the first refrain, which later tags repeat
    "asterisks": 0.03,  # *No limit* is sung; chosen
    "sound-note": 0.02,  # *bruit de porte* is not; chosen
    "header": 0.02,  # Paroles de la chanson … par …; chosen, like the five that follow
    "glued-credits": 0.02,
    "to-transcribe": 0.01,
    "image": 0.01,
    "being-written": 0.01,
    "english": 0.02,
    "vocalise": 0.02,
    "brands": 0.01,
    "arabic": 0.01,
    "russian": 0.005,
    "title": 0.08,
}
