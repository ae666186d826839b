"""What a training run is asked for, and what it reports while it runs. Knows no TensorFlow."""

from collections.abc import Callable
from dataclasses import asdict, dataclass

from pipeline.cells.registry import CELLS
from pipeline.core.errors import Sentence, SettingError
from pipeline.core.paths import checked_name
from pipeline.language.vocabulary import UnitLevel
from pipeline.language_models.units import UNITS
from pipeline.runs.config import KINDS, Kind

_NETWORK_LIMITS = {
    "units": 16_384,
    "layers": 64,
    "embedding": 16_384,
}  # beyond them no machine that Seize is for has the memory


@dataclass(frozen=True, kw_only=True)
class TrainSettings:
    """Settings of a training. The modelling units choose those that are None (`Units.default_settings`).

    minutes     budget of wall time; the learning rate falls along a cosine to reach its end with it
    steps       instead of minutes: this many updates, and then the run is the same on every repeat with one `seed`
    batch, time windows of (batch, time) tokens; the state is carried from window to window
    kind        a network mixed with the n-gram of the same songs (mixture), either of them alone (network, ngram)
    dropout     share of the hidden values left out at each step of training (Srivastava et al. 2014)
    recurrent_dropout  share of the recurrent weights left out, one draw a window (DropConnect; Merity et al. 2018)
    validations  how many at most: each has five times as many tokens learnt from before it as it reads
    patience    validations without an improvement after which training stops
    averaging   the share of the running average of the weights that an update leaves, such as 0.999, less at first:
                the average is validated and saved (Polyak & Juditsky 1992); 0: the weights themselves
    base        the run whose network it starts from (`training.base`), which then gives level and shape; None: afresh
    """

    name: str
    level: UnitLevel = "char"
    kind: Kind = "mixture"
    cell: str = "lstm"
    minutes: float = 15.0
    steps: int | None = None
    units: int | None = None
    layers: int = 1
    embedding: int | None = None
    dropout: float | None = None
    recurrent_dropout: float | None = None
    tied: bool | None = None
    batch: int | None = None
    time: int | None = None
    learning_rate: float = 1e-2
    weight_decay: float = 0.01
    clip: float = 1.0
    averaging: float | None = None
    patience: int = 6
    validations: int = 20
    vocabulary_limit: int | None = None
    seed: int = 1
    base: str | None = None

    def with_defaults(self, characters: int | None = None) -> "CompleteSettings":
        """Return the settings with each None filled in. `characters` is the size of the training text.

        Raise SettingError for a value outside its range.
        """
        epochs = 60 * self.minutes * _CHARACTERS_PER_SECOND / characters if characters else None
        by_units = asdict(UNITS[self.level].default_settings(self.minutes if self.steps is None else None, epochs))
        dropout = by_units["dropout"] if self.dropout is None else self.dropout
        by_units["recurrent_dropout"] = round(max(0.0, dropout - by_units.pop("recurrent_gap")), 2)
        chosen = {name: value for name, value in by_units.items() if getattr(self, name) is None}
        settings = CompleteSettings(**{**vars(self), **chosen})
        settings.check_ranges()
        return settings


@dataclass(frozen=True, kw_only=True)
class CompleteSettings(TrainSettings):
    """Training settings without None, made by `TrainSettings.with_defaults`."""

    units: int
    embedding: int
    dropout: float
    recurrent_dropout: float
    averaging: float
    tied: bool
    batch: int
    time: int
    vocabulary_limit: int

    def check_ranges(self) -> None:
        """Raise SettingError for a value outside its range."""
        checked_name(self.name)
        if self.kind not in KINDS:
            raise SettingError("Unknown kind {kind!r}: choose one of {known}.", kind=self.kind, known=", ".join(KINDS))
        if self.cell not in CELLS:
            raise SettingError("Unknown cell {cell!r}: choose one of {known}.", cell=self.cell, known=", ".join(CELLS))
        values = vars(self)
        for name in ("units", "layers", "embedding", "batch", "time", "patience", "validations", "vocabulary_limit"):
            if values[name] < 1:
                raise SettingError("{name} must be at least 1, not {value}.", name=name, value=values[name])
        for name, most in _NETWORK_LIMITS.items():
            if values[name] > most:
                raise SettingError(
                    "{name} must be at most {most:,}, not {value:,}.", name=name, most=most, value=values[name]
                )
        if not 0 <= self.seed < 2**32:
            raise SettingError("seed must be from 0 to {most:,}, not {seed}.", most=2**32 - 1, seed=self.seed)
        for name in ("minutes", "learning_rate", "clip"):
            if not values[name] > 0:
                raise SettingError("{name} must be above 0, not {value}.", name=name, value=values[name])
        for name in ("dropout", "recurrent_dropout", "averaging"):
            if not 0 <= values[name] < 1:
                raise SettingError("{name} must be at least 0 and below 1, not {value}.", name=name, value=values[name])
        if self.steps is not None and self.steps < 1:
            raise SettingError("{name} must be at least 1, not {value}.", name="steps", value=self.steps)


def ema_decay(step: int, most: float) -> float:
    """Return the decay of the moving average of the weights at a step. It rises to `most`, to forget early weights."""
    return min(most, step / (9 + step))


_CHARACTERS_PER_SECOND = 30_000  # characters a second of a network of that size on two cores, to a factor of two


@dataclass(frozen=True)
class TrainingProgress:
    """A progress report of a running training. Losses are in bits per token; `seconds_left` is an estimate.

    `baseline_bits` is what the best character Kneser-Ney of the same songs needs on validation, in bits a character;
    with each validation come the network's own, where they can be told, and a `sample` of how it writes by now.
    """

    step: int
    epoch: float
    seconds: float
    seconds_left: float
    train_bits: float
    valid_bits: float | None
    best_bits: float | None
    tokens_per_second: float
    baseline_bits: float | None = None
    valid_bits_per_char: float | None = None
    sample: str | None = None

    def terminal_line(self) -> Sentence:
        """Return the report as one line: update, epoch, losses, speed, time."""
        valid = ""
        if self.valid_bits is not None:
            valid = Sentence(" valid {valid:.3f} (best {best:.3f})", valid=self.valid_bits, best=self.best_bits)
        return Sentence(
            "step {step} epoch {epoch:.1f} train {train:.3f}{valid} bits per token, {pace:,.0f} tokens per "
            "second, {gone} elapsed, {left} left",
            step=self.step,
            epoch=self.epoch,
            train=self.train_bits,
            valid=valid,
            pace=self.tokens_per_second,
            gone=_minutes_and_seconds(self.seconds),
            left=_minutes_and_seconds(self.seconds_left),
        )


OnProgress = Callable[[TrainingProgress], None]


def _minutes_and_seconds(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"
