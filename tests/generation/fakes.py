"""Models whose every answer is known, and untrained networks on a corpus that rhymes."""

from dataclasses import dataclass
from functools import cache

import numpy as np

from pipeline.cells.replay import NetworkSpec, network_from_weights
from pipeline.corpus.song import Line, Section, Song
from pipeline.generation.constraints import Constraints
from pipeline.generation.lyric import LyricSettings
from pipeline.generation.search import constraint_index
from pipeline.generation.training_text import TrainingText
from pipeline.language.vocabulary import LINE, Vocabulary
from pipeline.language_models.control_tokens import add_control_tokens
from pipeline.language_models.network import NetworkModel
from pipeline.language_models.protocol import LanguageModel
from pipeline.language_models.splits import song_texts
from pipeline.language_models.units import UNITS
from tests.corpora import make_corpus


@dataclass(frozen=True)
class CountingModel(LanguageModel):
    """After token t the likeliest is t + 1, by `sharpness` nats; after the last `<line>`, after a line end the first.

    Its state is the last token.
    """

    size: int
    sharpness: float = 50.0

    @property
    def vocabulary_size(self):
        return self.size

    def initial_state(self, batch=1):
        return ((np.zeros((batch, 1)),),)

    def feed_tokens(self, tokens, state):
        tokens = np.asarray(tokens)
        logits = np.zeros((len(tokens), self.size), np.float32)
        following = np.where(tokens < 4, 4, np.where(tokens + 1 < self.size, tokens + 1, LINE))
        logits[np.arange(len(tokens)), following] = self.sharpness
        return logits, ((tokens[:, None].astype(float),),)


@dataclass(frozen=True, eq=False)
class FakeRun:
    vocabulary: Vocabulary
    model: object
    name: str = "fake"
    training_corpora: tuple[str, ...] = ()
    training_texts: tuple[str, ...] = ()

    def language_model(self):
        return self.model


def fake_run(words, level="word", sharpness=50.0, model=None):
    """A run whose vocabulary is `words` in this order (each once less than the one before)."""
    counts = {word: len(words) - i for i, word in enumerate(words)}
    vocabulary = Vocabulary.from_counts(counts, level=level)
    return FakeRun(vocabulary, model or CountingModel(len(vocabulary), sharpness))


LINES = [
    "Je marche dans la ville et j'oublie ma maison",
    "Le soir tombe sur nous et je perds la raison",
    "On attend le matin au fond d'une saison",
    "J'ai laissé mes amis derrière une prison",
    "La lune est sur le toit, je regarde la nuit",
    "On partage le pain, un café et l'ennui",
    "Dans le bus de minuit je n'entends plus le bruit",
    "Tu me parles de toi, de ta vie, de la pluie",
    "Le quartier se réveille et je cherche un chemin",
    "Ma mère dit tout bas que j'irai bien demain",
    "Je garde un peu de rue dans le creux de ma main",
    "Elle rit, elle danse et j'écris au gamin",
    "Le stade était fermé, on jouait dans la cour",
    "On rêvait de partir, on rêvait de l'amour",
    "Le grand frère au balcon nous disait bonjour",
    "Je compte les étoiles et j'attends ton retour",
]
MANY = [
    Line(" ".join([*words[turn:-1], *words[:turn], words[-1]])) for words in map(str.split, LINES) for turn in range(3)
]
CORPUS = make_corpus("test", [Song("T", "A", (Section("couplet", tuple(MANY)),))])


@cache
def index_of(level, uses_end_words=False):
    """The tables of an untrained run; with `uses_end_words` one that hears which word a line is to end on."""
    vocabulary = UNITS[level].vocabulary(song_texts(CORPUS), minimum=1)
    vocabulary = add_control_tokens(vocabulary, (), uses_end_words=True) if uses_end_words else vocabulary
    spec = NetworkSpec(cell="gru", units=16, layers=1, embedding=8, tied=False, vocabulary_size=len(vocabulary))
    rng = np.random.default_rng(0)
    weights = [rng.normal(0, 0.3, shape) for shape in spec.weight_shapes()]
    network = NetworkModel(network_from_weights(spec, weights), 2 if uses_end_words else 0)
    return constraint_index.ConstraintIndex(FakeRun(vocabulary, network), learnt(CORPUS))


def run_of(index):
    """A run whose index is this one."""
    run = FakeRun(index.vocabulary, index.model)
    constraint_index._CACHED[run] = (), index
    return run


def learnt(corpus):
    """What a run of this corpus learnt from."""
    return TrainingText.from_corpora([corpus])


def asking(**constraints):
    return LyricSettings(constraints=Constraints(**constraints))
