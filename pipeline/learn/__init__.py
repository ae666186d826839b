"""What the Learn pages teach with: the six architectures of the article on one corpus, and its time series.

`architecture` is the contract: a name, its task, its data, how it is trained, opened and scored. Each module has one,
replays its weights with the NumPy cells, and returns what its figure needs. Every trained one is the run
`models/learn-<name>/`.

    module       name           task
    classic      classic        the next character: RNN, LSTM and GRU with equally many parameters
    cloze        cloze          a hidden word of a line, from both sides (bidirectional)
    many_to_one  many-to-one    a section -> its voice, its kind, its decade, after each word
    one_to_many  one-to-many    a voice -> a verse, classified by a many-to-one network of other songs
    reply        reply          a line -> the next line, through one vector (encoder and decoder) or with attention
    reversal     reversal       a known answer: symbols backwards, with and without attention
    series       series         a known floor: the two-dependency series of the article's TensorFlow example

Beside its record each module has the functions of its figure, which raise SettingError for what cannot be read.
They share `labelled_songs` (lines, sections, sides), `seq2seq` (encoder and decoder replayed) and `keras_fit`, which
alone knows Keras.
`architectures.train_architecture(name, ...)` trains one again (`python -m pipeline learn NAME`).
"""
