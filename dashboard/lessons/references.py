"""What the sources say, what is implemented here, and where it differs; the errata of the article."""

from typing import NamedTuple


class Reference(NamedTuple):
    """A source: who and what, what of it is here, and the difference."""

    source: str
    here: str
    differs: str


REFERENCES = (
    Reference("“Python : RNN & LSTM”, and its programs python-lstm and python-raplyricsgenerator", "Every heading, on pages 1 to 10; the plots of the lexicon under Explore", "Accents kept (its errors=\"ignore\" ate them); ids that never change (its word2index came from a set); the same windows in training and writing; held-out songs; temperature; unknown seed characters survive; line breaks kept"),
    Reference("Karpathy, The unreasonable effectiveness of RNNs (2015), and min-char-rnn", "Surprise with the five best guesses (3), text coloured by one unit (7), five shapes of sequences (4)", "Validation songs, LSTM gradients checked, Unicode; Adam and clipping by norm instead of Adagrad and ±5"),
    Reference("Deep Learning Specialization, course 5, week 1 (step by step; Dinosaurus)", "Its notation; its published numbers as tests (12)", "Backward starts at the loss, not at da; both da_prev and dc_prev are carried. The first release's lstm_backward numbers come from carrying neither, and are not used"),
    Reference("Stanford CS231n, RNN captioning", "Its linspace vectors as tests (12)", "Gates in Keras's order i, f, c, o instead of i, f, o, g"),
    Reference("Britz, WildML RNN tutorial (2015)", "The parameter count, loss against ln C, a gradient check (3, 5)", "Biases; threshold 1e-3 or less instead of 1e-2; truncation is a slider, not fixed at 4"),
    Reference("Zhang et al., Dive into Deep Learning, chapters 9 and 10", "Scratch before framework; perplexity; truncation", "BPTT with tanh and biases; the book derives it for identity activations without bias"),
    Reference("Hochreiter & Schmidhuber (1997); Gers, Schmidhuber & Cummins (2000)", "The LSTM with a forget gate (7)", "No peepholes"),
    Reference("Cho et al. (2014)", "The GRU, in Keras's reset_after form", "Γz keeps the past: 1 − Γu of the course"),
    Reference("Bengio, Simard & Frasconi (1994); Pascanu, Mikolov & Bengio (2013)", "Exact Jacobians, the bound, clipping (6)", "Measured on a line, with trained weights too"),
    Reference("Bahdanau, Cho & Bengio (2015)", "Additive attention, forward and backward (4)", "Padding is masked to a weight of exactly 0"),
    Reference("Kingma & Ba (2015); Hinton, RMSprop (2012); Polyak (1964)", "Four optimisers (8)", "Keras's epsilon as an option: it meets the uncorrected root"),
    Reference("Squire & Trapp, the complex step (1998)", "Gradient checks (5, 11, 12)", "The softmax is shifted by the real part of its largest logit, so it stays analytic"),
    Reference("Cashman et al., RNNbow (2018)", "The triangle of contributions (5)", "On words of one's own; exact sums, equal to the recursion"),
    Reference("Madsen, Visualizing memorization in RNNs, Distill (2019)", "Connectivity (6)", "Of the loss, on one's own line, three cells"),
    Reference("Strobelt et al., LSTMVis (2018)", "Gates, units that fire, other places where they fire (7)", "Keras models, by replay; interventions"),
    Reference("Bäuerle et al., exploRNN (2020)", "Text and interaction side by side", "French lyrics instead of toy functions"),
    Reference("R2RT, Recurrent neural networks in TensorFlow (2016)", "The two-dependency series and its floors (9)", "TensorFlow 2; floors in closed form. Carried state beats the short-window floor: truncation blocks the gradient, not the memory"),
    Reference("Chen & Goodman (1998)", "Interpolated modified Kneser-Ney, the baseline of every network", "No network is called good without it"),
)  # fmt: skip

# number, what the article says, what is right, page
ERRATA = (
    ("1", "i ≠ j: ∂σⱼ/∂zᵢ = σⱼσᵢ", "−σⱼσᵢ", "5"),
    ("2", "∂E/∂V = Σ Eₜ/∂V", "Σ ∂Eₜ/∂V", "5"),
    ("3", "Eₜ = −yₜ * log ŷₜ, a vector", "−Σₖ yₜₖ log ŷₜₖ, a number; mean over m", "3"),
    ("4", "never multiplies its two factors", "∂Eₜ/∂zₜ = ŷₜ − yₜ", "5"),
    ("5", "∂zₜ/∂V = sₜ", "a third-order tensor; the product is (ŷₜ − yₜ)sₜᵀ", "5"),
    ("6", "no biases in its equations, though its notation lists them", "b_a, b_y and their gradients", "3, 5"),
    ("7", "announces a, W, n_a, then writes s, U, V, W", "one notation, with the other beside it", "2"),
    ("8", "dE/dW: only (g∘f)′ = (g′∘f)f′", "the whole sum; a⟨t−1⟩ depends on W", "5"),
    ("9", "dE/dU: empty", "Σ δ_z x ᵀ", "5"),
    ("10", "says nothing of s₀, Tx ≠ Ty, padding", "a⟨0⟩ given; a mask μ", "8"),
    (
        "11",
        "clipping is an effective solution to vanishing and exploding",
        "exploding only; by value it bends the step",
        "6",
    ),
    ("12", "LSTM is a solution for the vanishing gradient", "it mitigates; all depends on Γf", "6"),
    ("13", "LSTM cell, cost and optimisation, TensorFlow: empty", "pages 7, 8 and 9", "7–9"),
    (
        "14",
        "the two just have a different method to calculate the hidden state",
        "the LSTM carries a second state, c",
        "7",
    ),
    ("15", "for all j ε K, K a number", "j ∈ {1, …, K}", "5"),
)
