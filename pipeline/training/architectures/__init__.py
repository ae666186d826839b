"""The six architectures of the article on one corpus, and its time series: what each is asked, how well it answers.

One module an architecture; each knows its task, replays its weights with the NumPy cells, and returns what its figure
needs. No module but `fit` knows TensorFlow. Every trained one is the run `models/learn-<name>/`.

    module              name            task
    classic             classic         the next character: RNN, LSTM and GRU with equally many parameters
    cloze               cloze           a hidden word of a line, from both sides (bidirectional)
    tagging             tagging         couplet or refrain, line by line, from both sides (bidirectional)
    many_to_one         many-to-one     a section -> its voice, its kind, its decade, after each word
    one_to_many         one-to-many     a voice -> a verse, judged by a many-to-one network of other songs
    reply               reply           a line -> the next line, with one vector between (encoder and decoder),
                                        and with attention
    reversal            reversal        a known answer: symbols backwards, with and without attention
    series              series          a known floor: the two-dependency series of the article's TensorFlow example

Every module has `load() -> …` (raises RunError when its run is missing or damaged) and the functions of its figure:

    classic      surprise(model, text) -> DataFrame  position character rnn lstm gru ngram (bits of each character)
                 guesses(model, cell, text, k=5) -> DataFrame  position rank character probability
    cloze        fill(model, line, hidden, k=5) -> Filled  words, guesses (side rank word probability), left and right
                 states (time, units)
    tagging      tag(model, lines) -> DataFrame  text both left_to_right (probability of refrain)
    many_to_one  after_each_word(model, text, label) -> DataFrame  word, one column a class (probabilities)
                 evidence(model, text, label) -> DataFrame  word gradient (norm of d logit / d x)
                 confusion(model, label) -> DataFrame  (true class, predicted class) counts on the test songs
    one_to_many  write(model, voice, generator, lines=4, temperature=0.8) -> str
                 side_by_side(model, voices, seed, lines=4, temperature=0.8) -> DataFrame  voice verse judged share
    reply        answer(model, line, generator=None) -> Answer  source, reply (words), weights (reply, source), vector,
                 entropy (reply,), log_p (reply,); weights is None without attention
                 weights_of(model, line, reply) -> Answer  the same for a reply that is given
    reversal     reverse(model, symbols) -> Answer
    series       draw(n, generator) -> Series  x, y int (n,)
                 batches(x, y, batch, time_steps) -> batch_x, batch_y  (windows, batch, time_steps)
                 predictions(model, x) -> DataFrame  t x probability  (of y = 1), floor: the true probability
    known        next_symbol(generator), first_token(generator), fixed_strings(generator), overfit(cell, text,
                 generator) -> DataFrames: the sanity tasks that NumPy trains while one waits
    scores       table() -> DataFrame  architecture measure n value low high baseline_name baseline; one row a claim
"""
