"""A run: everything about one trained model, in the folder models/<name>/. Knows no TensorFlow.

    config.json      what it is (`config`): kind, level, network, corpus, scores, and a checksum of each file below
    vocabulary.json  word2index / index2word
    model.keras      the weights (not in a pure n-gram run)
    ngrams.npz       the Kneser-Ney n-gram of the same songs: baseline, expert of a mixture, or the model itself
    words.npz        what followed the same words in them (the mixture of a character model)
    texts.npz        the plain text that it learnt from, in UTF-8 (a run of corpora names them instead)
    *.json, *.npz    other parts by name, such as how a word model spells unknown words
    history.csv      one row a validation
    card.md          the model card; card.fr.md, where a person translated it

Only arrays, JSON and text are read: nothing in a run's folder can execute.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.cells.keras_file import read_keras_weights
from pipeline.cells.replay import Network, NetworkSpec, network_from_weights
from pipeline.core.checksums import changed_files, has_valid_checksum
from pipeline.core.errors import DAMAGED_FILE_ERRORS, CorpusError, RunError, Sentence, short_reason, spelling_suggestion
from pipeline.core.folders import read_consistently
from pipeline.core.paths import DEMO_NAME, checked_name, models_folder
from pipeline.language.vocabulary import UnitLevel, Vocabulary
from pipeline.language_models.casing import CasingModel, CharacterBits, SpellingModel, UnmodelledTextBits, WordTextBits
from pipeline.language_models.control_tokens import control_tokens_of
from pipeline.language_models.kneser_ney import KneserNey
from pipeline.language_models.mixture import EVEN_SHARES, NO_CACHE, Mixture
from pipeline.language_models.network import NetworkModel
from pipeline.language_models.protocol import LanguageModel
from pipeline.language_models.text_model import TextModel
from pipeline.language_models.unit_contract import Units
from pipeline.language_models.units import vocabulary_units
from pipeline.language_models.word_contexts import WordContexts
from pipeline.runs.config import (
    CONFIG,
    WORD_CONTEXTS,
    check_files,
    list_stored_runs,
    read_config,
    read_json_part,
    run_folder,
)

LEARN_PREFIX = "learn-"
VOCABULARY, WEIGHTS, NGRAMS, HISTORY, CARD = ("vocabulary.json", "model.keras", "ngrams.npz", "history.csv", "card.md")
TEXTS = "texts.npz"
SPELLING, SPELLING_VOCABULARY, CASING = "spelling.npz", "spelling.json", "surface.json"
FILES_WITHOUT_CHECKSUM = (CONFIG, CARD)  # a person may edit the card
Arrays = Mapping[str, npt.NDArray[Any]]


@dataclass(frozen=True, eq=False)
class Run:
    """A trained model in its folder; weights and tables are read when they are needed."""

    name: str
    folder: Path
    config: Mapping[str, Any] = field(repr=False)
    vocabulary: Vocabulary = field(repr=False)

    @property
    def unit_level(self) -> UnitLevel:
        """The modelling units of the run: char, subword or word."""
        return self.vocabulary.level

    @property
    def modelling_units(self) -> Units:
        """The modelling units of the run, which cut texts into tokens and write texts from tokens."""
        return vocabulary_units(self.vocabulary)

    @property
    def kind(self) -> str:
        """The kind of model: network, ngram or mixture (of both)."""
        return str(self.config["kind"])

    @property
    def training_corpora(self) -> tuple[str, ...]:
        """Names of the corpora that the run was trained on: mostly one; none if it was trained on a plain text."""
        about = self.config.get("corpus", {})
        return () if about.get("text") else tuple(map(str, about.get("names", [about.get("name", DEMO_NAME)])))

    @property
    def corpus_name(self) -> str:
        """Name of the corpus for the run's pronunciations and word vectors: its first corpus, or the demo corpus."""
        return next(iter(self.training_corpora), DEMO_NAME)

    @cached_property
    def training_texts(self) -> tuple[str, ...]:
        """The plain texts that the run was trained on; () if trained on corpora. Raise RunError for damaged texts."""
        if not self.has_file(TEXTS):
            return ()
        try:
            return tuple(bytes(array).decode() for _, array in sorted(self.read_npz(TEXTS).items()))
        except ValueError as error:
            raise RunError("{file} is damaged. Train the model again.", file=self.folder / TEXTS) from error

    @property
    def scores(self) -> dict[str, Any]:
        """The test report of the run: bits per character and other scores, of the run and of its n-gram baseline."""
        return dict(self.config.get("scores", {}))

    @property
    def spec(self) -> NetworkSpec:
        """The architecture of the run's network. Raise RunError when it has none."""
        if "network" not in self.config:
            raise RunError("The model {name!r} is of type {kind}: it has no network.", name=self.name, kind=self.kind)
        return NetworkSpec.from_json(self.config["network"])

    def network(self) -> Network:
        """Return the network of the run as NumPy cells. Raise RunError for missing, damaged or unfitting weights."""
        return network_from_weights(self.spec, self.weights())

    def weights(self) -> list[npt.NDArray[Any]]:
        """Return the network's weights in Keras's order. Raise RunError when they are missing or damaged."""
        return read_keras_weights(self.folder / WEIGHTS)

    def language_model(self) -> LanguageModel:
        """Return the language model of the run, network, n-gram or mixture, which generates and scores texts."""
        if self.kind == "ngram":
            return self.ngram_model
        if self.kind == "network":
            return self.network_model()
        return replace(
            self.unfitted_mixture(),
            shares=np.array(self.config["shares"]),
            cache_weights=self.cache_weights,
            word_weights=self.word_weights,
        )

    def unfitted_mixture(self) -> Mixture:
        """Return an equal mixture of the run's network and n-gram model, whose weights are still to be fitted."""
        words = len(self.vocabulary) - len(self.control_token_names)
        return Mixture(self.network_model(), self.ngram_model, EVEN_SHARES, NO_CACHE, words, self.word_contexts)

    def network_model(self) -> NetworkModel:
        """Return the run's network alone, as a language model."""
        return NetworkModel(self.network(), len(self.control_token_names))

    def text_model(self) -> TextModel:
        """Return the run's language model with vocabulary, spelling and casing, to score texts. Raise RunError."""
        weights = self.cache_weights if "cache_weights" in self.config else None
        return TextModel(self.language_model(), self.vocabulary, self.spelling_and_casing_bits, weights)

    @property
    def control_token_names(self) -> tuple[str, ...]:
        """The control tokens that the run's network knows, such as `<voice:Bétadine>`."""
        return control_tokens_of(self.vocabulary) if self.kind != "ngram" else ()

    @property
    def cache_weights(self) -> npt.NDArray[np.float64]:
        """Interpolation weights of the cache of a song, one row a context length: (order, 3)."""
        return np.array(self.config["cache_weights"])

    @property
    def word_weights(self) -> npt.NDArray[np.float64] | None:
        """Interpolation weights of the word contexts by number of words: (MAX_CONTEXT_WORDS + 1, 3), or None."""
        return np.array(self.config["word_weights"]) if "word_weights" in self.config else None

    @cached_property
    def word_contexts(self) -> WordContexts | None:
        """Counts of the tokens that followed the same words in training songs. Raise RunError when they are damaged."""
        return (
            WordContexts.from_arrays(self.read_npz(WORD_CONTEXTS), self.vocabulary)
            if self.has_file(WORD_CONTEXTS)
            else None
        )

    @cached_property
    def ngram_model(self) -> KneserNey:
        """The n-gram trained on the same songs. Raise RunError when its tables are missing or damaged."""
        model = KneserNey.from_arrays(self.read_npz(NGRAMS))
        if model.vocabulary_size != len(self.vocabulary):
            raise RunError(
                "The n-gram tables and the vocabulary of the model {name!r} do not match. Train it again.",
                name=self.name,
            )
        return model

    @cached_property
    def spelling_and_casing_bits(self) -> UnmodelledTextBits:
        """The bits of spelling and casing that word tokens leave out. Raise RunError when these models are damaged."""
        if self.modelling_units.complete:
            return CharacterBits()
        letters = Vocabulary.from_json(self.read_json(SPELLING_VOCABULARY))
        spelling = SpellingModel(letters, KneserNey.from_arrays(self.read_npz(SPELLING)))
        return WordTextBits(spelling, CasingModel.from_json(self.read_json(CASING)))

    def read_npz(self, file: str) -> Arrays:
        """Return the arrays in one .npz file of the run, by name. Raise RunError when it cannot be read."""
        try:
            with (self.folder / file).open("rb") as opened, np.load(opened, allow_pickle=False) as arrays:
                return {name: arrays[name] for name in arrays.files}
        except DAMAGED_FILE_ERRORS as error:
            raise RunError(
                "{file} cannot be read ({reason}). Train the model again.",
                file=self.folder / file,
                reason=short_reason(error),
            ) from error

    def read_json(self, file: str) -> Any:
        """Return the content of one .json file of the run. Raise RunError when it cannot be read."""
        return read_json_part(self.folder / file)

    def history(self) -> pd.DataFrame:
        """Return the training history, one row per validation: step, seconds, train_bits, valid_bits (bits a token)."""
        with _convert_read_errors(self.folder / HISTORY) as file:
            return pd.read_csv(file)

    def card(self, language: str = "") -> str:
        """Return the model card as Markdown: card.fr.md for `fr`, if it exists. Raise RunError."""
        translated = self.folder / f"card.{language}.md"
        with _convert_read_errors(translated if translated.is_file() else self.folder / CARD) as file:
            return file.read_text("utf-8")

    def has_file(self, file: str) -> bool:
        return file in self.config["files"]


@contextmanager
def _convert_read_errors(file: Path) -> Iterator[Path]:
    try:
        yield file
    except (OSError, ValueError) as error:
        raise RunError("{file} cannot be read ({reason}).", file=file, reason=short_reason(error)) from error


def list_runs() -> list[str]:
    """Return the names of the runs that can write lyrics, in alphabetical order. Runs of the Learn pages cannot."""
    return [name for name in list_stored_runs() if not name.startswith(LEARN_PREFIX)]


def changed_parts(name: str) -> list[str]:
    """Return the names of a run's files that are missing or lack their checksum. Raise RunError without config.json."""
    folder = run_folder(name)
    config = read_json_part(folder / CONFIG)
    files = config.get("files", {}) if isinstance(config, dict) else None
    return changed_files(folder, files) if isinstance(files, dict) and has_valid_checksum(config) else [CONFIG]


def run_version(name: str) -> int:
    """Return a version number of a run, which changes when it is trained again; 0 when there is no such run."""
    try:
        return (run_folder(name) / CONFIG).stat().st_mtime_ns
    except FileNotFoundError:
        return 0


def load_run(name: str) -> Run:
    """Return a trained run by name. Raise RunError when there is none, or its files are damaged or do not fit."""
    folder = run_folder(name)
    if not (folder / CONFIG).is_file():
        raise RunError(
            "There is no model {name!r}{near} (models: {known}). Train it with `python -m pipeline train`.",
            name=name,
            known=", ".join(list_runs()) or Sentence("none yet"),
            near=spelling_suggestion(name, list_runs()),
        )
    return read_consistently(folder, read_run)


def read_run(folder: Path) -> Run:
    """Return the run in a folder. Raise RunError when its files are damaged or do not fit."""
    config = read_config(folder)
    check_files(folder, config["files"])
    try:
        vocabulary = Vocabulary.from_json(read_json_part(folder / VOCABULARY))
    except CorpusError as error:
        raise RunError("{file} is damaged. Train the model again.", file=folder / VOCABULARY) from error
    if len(vocabulary) != config["vocabulary_size"] or vocabulary.level != config["level"]:
        raise RunError(
            "The vocabulary of the model {name!r} belongs to another: {size} {level} entries instead of {wanted_size} "
            "{wanted_level}. Restore both files from one copy.",
            name=folder.name,
            size=len(vocabulary),
            level=vocabulary.level,
            wanted_size=config["vocabulary_size"],
            wanted_level=config["level"],
        )
    return Run(folder.name, folder, config, vocabulary)


def checkpoint_path(name: str) -> Path:
    """Return the path of the checkpoint from which a training of this name can be resumed."""
    return models_folder() / f".{checked_name(name)}.resume.npz"
