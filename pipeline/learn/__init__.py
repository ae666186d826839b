"""The six architectures of the article on one corpus, and its time series: what each is asked, how well it answers.

One module an architecture; each knows its task, replays its weights with the NumPy cells, and returns what its figure
needs. No module but `fit` knows TensorFlow. Every trained one is the run `models/learn-<name>/`.

    module              name            task
    classic             classic         the next character: RNN, LSTM and GRU with equally many parameters
    cloze               cloze           a hidden word of a line, from both sides (bidirectional)
    tagging             tagging         couplet or refrain, line by line, from both sides (bidirectional)
    many_to_one         many-to-one     a section -> its voice, its kind, its decade, after each word
    one_to_many         one-to-many     a voice -> a verse, classified by a many-to-one network of other songs
    reply               reply           a line -> the next line, with one vector between (encoder and decoder),
                                        and with attention
    reversal            reversal        a known answer: symbols backwards, with and without attention
    series              series          a known floor: the two-dependency series of the article's TensorFlow example

Each has `load()`, which raises RunError when its run is missing or damaged, and the functions of its figure, which
raise SettingError for what cannot be read:

    classic      surprisal(model, text), guesses(model, cell, text, k=5), parameters(model)
    cloze        fill(model, text, hidden, k=5) -> Filled
    tagging      tag(model, lines)
    many_to_one  after_each_word(model, text, label), evidence(model, text, label),
                 confusion(model, label), curve(model)
    one_to_many  write(model, voice, generator, lines=4, temperature=0.8), side_by_side(model, voices, seed, ...)
    reply        answer(model, line, door="attention"), by_length(model) -> Answer
    reversal     reverse(model, symbols) -> Reversed
    series       draw(n, generator), batches(x, y, batch, time_steps), predictions(model, series)
    known        next_symbol(generator), first_token(generator), fixed_strings(generator),
                 overfit(cell, text, generator)
    scores       table(): one row a claim, with its interval and its baseline

`learn.learn(name, ...)` trains one again (`python -m pipeline learn NAME --minutes M`); `series` prints its steps.
"""
