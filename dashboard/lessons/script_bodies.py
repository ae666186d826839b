"""How each script of `lesson_scripts` uses the functions above it; the last line that it prints is a check."""

LINE = """line = "je compte les mesures"
alphabet = sorted(set(line))
ids, n, V, rng = [alphabet.index(c) for c in line], 16, len(alphabet), np.random.default_rng(0)
"""
RNN = """p = {"Waa": np.linalg.qr(rng.normal(size=(n, n)))[0], "ba": np.zeros((n, 1))}
p |= {"Wax": rng.normal(0, 0.3, (n, V)), "Wya": rng.normal(0, 0.3, (V, n))}
"""
CELL = """a, nats = np.zeros((n, 1)), 0.0
for read, came in zip(ids, ids[1:]):
    a, _ = rnn_cell_forward(np.eye(V)[:, [read]], a, p)
    y_hat = softmax(p["Wya"] @ a)[:, 0]
    nats -= np.log(y_hat[came])
    bet = alphabet[y_hat.argmax()]
    print(f"reads {alphabet[read]!r}, bets on {bet!r}; {alphabet[came]!r} came, at {y_hat[came]:.2f}")
print(f"{nats / (len(ids) - 1):.3f} nats a character; knowing nothing costs {np.log(V):.3f}")
by_hand = np.tanh(p["Waa"] @ np.zeros((n, 1)) + p["Wax"][:, [ids[0]]] + p["ba"])
first, _ = rnn_cell_forward(np.eye(V)[:, [ids[0]]], np.zeros((n, 1)), p)
print(f"error {abs(by_hand - first).max():.1e}")
"""
BPTT = """
def loss_and_caches(p):
    a, loss, caches, dz = np.zeros((n, 1)), 0.0, [], []
    for read, came in zip(ids, ids[1:]):
        a, cache = rnn_cell_forward(np.eye(V)[:, [read]], a, p)
        y_hat = (e := np.exp(p["Wya"] @ a)) / e.sum()
        loss -= np.log(y_hat[came, 0])
        caches.append(cache), dz.append(y_hat - np.eye(V)[:, [came]])
    return loss, caches, dz

loss, caches, dz = loss_and_caches(p)
dWaa, da = np.zeros((n, n)), np.zeros((n, 1))
for cache, error in zip(caches[::-1], dz[::-1]):  # from the end: the step's own error, and what comes from after it
    step = rnn_cell_backward(p["Wya"].T @ error + da, cache)
    dWaa, da = dWaa + step["dWaa"], step["da_prev"]
moved = [p["Waa"] + h * np.eye(n)[:, [1]] * np.eye(n)[[2]] for h in (1e-5, -1e-5)]
slope = np.subtract(*(loss_and_caches({**p, "Waa": W})[0] for W in moved)) / 2e-5
print(f"loss {loss:.3f}, gradient of Waa[1, 2] {dWaa[1, 2]:+.8f}, slope of the loss {slope:+.8f}")
print(f"error {abs(dWaa[1, 2] - slope):.1e}")
"""
VANISHING = """for scale in (0.5, 1.0, 1.5):
    weights, a, product = {**p, "Waa": scale * p["Waa"]}, np.zeros((n, 1)), np.eye(n)
    for lag, read in enumerate(ids, 1):
        a, cache = rnn_cell_forward(np.eye(V)[:, [read]], a, weights)
        product = rnn_jacobian(cache) @ product
        if lag % 7 == 0:
            print(f"scale {scale}: of an error {np.linalg.norm(product, 2):.1e} is left after {lag} steps")
z = 1j * 1e-30 * np.eye(n)  # the complex step of the last Jacobian, a column a unit
moved = next_rnn_state(weights["Waa"] @ (cache.a_prev + z) + weights["Wax"] @ cache.xt).imag / 1e-30
print(f"error {abs(moved - rnn_jacobian(cache)).max():.1e}")
"""
LSTM = """p = {f"W{q}": rng.normal(0, 0.3, (n, n + V)) for q in "ifco"} | {f"b{q}": np.zeros((n, 1)) for q in "ifco"}
p["bf"] += 1  # keep, until there is a reason to forget
a, c, direct = np.zeros((n, 1)), np.zeros((n, 1)), np.ones((n, 1))
for read in ids:
    a, c, cache = lstm_cell_forward(np.eye(V)[:, [read]], a, c, p)
    direct *= cache.gates.forget
    kept, written = cache.gates.forget.mean(), cache.gates.input.mean()
    print(f"reads {alphabet[read]!r}: keeps {kept:.2f}, writes {written:.2f}; of c0 there is {direct.mean():.1e} left")
again = cache.gates.forget * cache.c_prev + cache.gates.input * cache.gates.candidate
print(f"error {abs(again - c).max():.1e}")
"""
COST = """z = rng.normal(size=(V, 1, len(ids) - 1))  # logits, one column a step
y = np.eye(V)[ids[1:]].T[:, None]
for step in range(61):
    J = cross_entropy(z, y)
    if step % 10 == 0:
        mean = J / y.shape[2]
        print(f"step {step}: {mean:.3f} nats, {mean / np.log(2):.3f} bits, perplexity {np.exp(mean):.2f}")
    z -= 0.5 * cross_entropy_backward(z, y)
h = np.zeros_like(z)
h[1, 0, 2] = 1e-5
slope = (cross_entropy(z + h, y) - cross_entropy(z - h, y)) / 2e-5
print(f"error {abs(slope - cross_entropy_backward(z, y)[1, 0, 2]):.1e}")
"""
STORY = """k, d, h, rate = 3, 6, 16, 0.05
x, y = np.array([ids[i : i + k] for i in range(len(ids) - k)]), np.eye(V)[ids[k:]].T[:, :, None]
print(f"{len(x)} examples of {k} letters and the next")
E, W1, b1 = rng.normal(0, 0.5, (V, d)), rng.normal(0, 0.3, (h, k * d)), np.zeros((h, 1))
W2, b2 = rng.normal(0, 0.3, (V, h)), np.zeros((V, 1))

def read(x):
    e = E[x].reshape(len(x), -1).T[:, :, None]  # (k·d, m, 1)
    a = np.tanh(dense_forward(e, W1, b1))
    return e, a, softmax(dense_forward(a, W2, b2))

for step in range(201):
    e, a, y_hat = read(x)
    if step % 50 == 0:
        print(f"step {step}: {-np.log((y_hat * y).sum(0)).mean():.3f} nats; knowing nothing costs {np.log(V):.3f}")
    top = dense_backward(y_hat - y, a, W2)
    low = dense_backward(top.da * tanh_derivative(a), e, W1)
    np.add.at(E, x, -rate * low.da[:, :, 0].T.reshape(len(x), k, d))
    W1, b1, W2, b2 = W1 - rate * low.dW, b1 - rate * low.db, W2 - rate * top.dW, b2 - rate * top.db
other = [(ids[-k - 1] + 1) % V, *ids[-k:]]  # another letter, k + 1 back: the window is blind to it
print(f"error {abs(read(np.array([other[1:]]))[2] - read(np.array([ids[-k:]]))[2]).max():.1e}")
"""
FUNCTIONS = """z, h = np.linspace(-4, 4, 9), 1e-30
for name, f, slope in (("sigmoid", sigmoid, sigmoid_derivative), ("tanh", np.tanh, tanh_derivative)):
    exact = f(z + 1j * h).imag / h  # the complex step
    for at, value, steep in zip(z, f(z), slope(f(z))):
        print(f"{name}({at:+.0f}) = {value:+.4f}, slope {steep:.4f}")
    print(f"{name}: slope off by {abs(slope(f(z)) - exact).max():.1e}")
logits = np.array([2.0, 1.0, 0.0])
for temperature in (0.5, 1.0, 2.0):
    print(f"softmax at temperature {temperature}: {softmax(logits / temperature).round(3)}")
J = softmax_jacobian(softmax(logits))
exact = np.stack([softmax(logits + 1j * h * unit).imag / h for unit in np.eye(3)], axis=1)
print("columns of its Jacobian sum to", J.sum(axis=0).round(12))
print(f"error {abs(J - exact).max():.1e}")
"""
ATTENTION = """line, n, rng, MASKED_SCORE = "je compte les mesures", 16, np.random.default_rng(0), -1e9
p = {"Ws": rng.normal(size=(n, n)), "Wh": rng.normal(size=(n, n)), "be": np.zeros((n, 1)), "v": rng.normal(size=(n, 1))}
s, h, da = rng.normal(size=(n, 1)), rng.normal(size=(n, 1, len(line))), rng.normal(size=(n, 1))  # who writes, what was read
context, alpha, cache = attention_forward(s, h, p)
for symbol, share in zip(line, alpha[0]):
    print(f"{symbol!r} {share:.3f} {'#' * round(60 * share)}")
ours = attention_backward(da, cache)["dWs"]
step = 1e-30j * np.eye(n)[:, [2]] * np.eye(n)[[1]]
slope = (attention_forward(s, h, {**p, "Ws": p["Ws"] + step})[0] * da).sum().imag / 1e-30
print(f"weights sum to {alpha.sum():.12f}; gradient of Ws[2, 1] {ours[2, 1]:+.6f}, slope {slope:+.6f}")
print(f"error {abs(ours[2, 1] - slope):.1e}")
"""
SERIES = """n, rng, rate = 12, np.random.default_rng(0), 0.05
p = {"Waa": np.linalg.qr(rng.normal(size=(n, n)))[0], "ba": np.zeros((n, 1)), "Wax": rng.normal(0, 0.5, (n, 2))}
p |= {"Wya": rng.normal(0, 0.3, (2, n)), "by": np.zeros((2, 1))}

def draw(m, T):  # x is a coin; y is 1 with 1/2, and 1/2 more after x three steps back, 1/4 less after eight
    x = rng.integers(2, size=(T + 8, m))
    return x[8:], (rng.random((T, m)) < 0.5 + 0.5 * x[5:-3] - 0.25 * x[:-8]).astype(int)

H = lambda q: -q * np.log(q) - (1 - q) * np.log(1 - q) if 0 < q < 1 else 0.0
cases = [(a, b, 0.5 + 0.5 * a - 0.25 * b) for a in (0, 1) for b in (0, 1)]
nothing, both = H(np.mean([q for *_, q in cases])), np.mean([H(q) for *_, q in cases])
one = np.mean([H(np.mean([q for a, _, q in cases if a == known])) for known in (0, 1)])
print(f"floors: {nothing:.6f} knowing nothing, {one:.6f} with one lag, {both:.6f} with both")
for step in range(51):
    x, y = draw(32, 16)
    states, dz, loss = [np.zeros((n, 32))], [], 0.0
    for xt, yt in zip(x, y):
        states.append(np.tanh(p["Waa"] @ states[-1] + p["Wax"][:, xt] + p["ba"]))
        y_hat = softmax(p["Wya"] @ states[-1] + p["by"])
        loss -= np.log(y_hat[yt, np.arange(32)]).mean() / 16
        dz.append((y_hat - np.eye(2)[:, yt]) / 32)
    da, total = np.zeros((n, 32)), {q: np.zeros_like(w) for q, w in p.items()}
    for t in reversed(range(16)):  # from the end: the step's own error, and what comes from after it
        d = (p["Wya"].T @ dz[t] + da) * (1 - states[t + 1] ** 2)
        own = {"Wya": dz[t] @ states[t + 1].T, "by": dz[t].sum(1, keepdims=True), "Waa": d @ states[t].T}
        own |= {"Wax": d @ np.eye(2)[x[t]], "ba": d.sum(1, keepdims=True)}
        da, total = p["Waa"].T @ d, {q: total[q] + own[q] for q in p}
    p = {q: p[q] - rate * total[q] for q in p}
    if step % 10 == 0:
        print(f"step {step}: {loss:.4f} nats")
print(f"error {abs(nothing - H(0.625)):.1e}")
"""
WORDS = """verse = "la nuit tombe et la nuit monte et je compte".split()
index2word = ["<unk>", *dict.fromkeys(verse)]
word2index = {word: place for place, word in enumerate(index2word)}
ids = [word2index.get(word, 0) for word in [*verse, "zénith"]]
print("ids", ids, "back", " ".join(index2word[i] for i in ids))
V, d, rng = len(index2word), 3, np.random.default_rng(0)
x, E = np.eye(V)[ids].T, rng.normal(size=(V, d))
print(f"one-hot {x.shape}: {x.nbytes} bytes, one 1 a column; ids: {np.int32(ids).nbytes} bytes")
letters = sorted(set("".join(verse)))
print(f"{len(letters)} letters against {V} words; {sum(map(len, verse)) + len(verse) - 1} steps against {len(verse)}")
unit = E / np.linalg.norm(E, axis=1, keepdims=True)
for word in ("nuit", "compte"):
    near = np.argsort(-unit @ unit[word2index[word]])[1]
    print(f"nearest to {word} among vectors as they are drawn: {index2word[near]}")
print(f"error {abs(E.T @ x - E[ids].T).max():.1e}")  # a product with one-hot columns is a look-up
"""
BUGS = """
def loss_and_gradient(W, bug=""):
    a, loss, total, da, steps = np.zeros((n, 1)), 0.0, np.zeros((n, n)), np.zeros((n, 1)), []
    for read, came in zip(ids, ids[1:]):
        a, cache = rnn_cell_forward(np.eye(V)[:, [read]], a, {**p, "Waa": W})
        y_hat = (e := np.exp(p["Wya"] @ a)) / e.sum()
        loss -= np.log(y_hat[came, 0])
        steps.append((cache, y_hat - np.eye(V)[:, [came]]))
    for cache, error in steps[::-1]:
        own = p["Wya"].T @ (-error if bug == "sign" else error)
        back = rnn_cell_backward(own + (bug != "no carry") * da, cache)
        da, total = back["da_prev"], back["dWaa"] + (bug != "last step only") * total
    return loss, total

W, units = p["Waa"], [1e-5 * np.eye(n)[:, [i]] * np.eye(n)[[j]] for i, j in np.ndindex(2, n)]  # two rows of Waa
slopes = [np.subtract(*(loss_and_gradient(moved)[0] for moved in (W + unit, W - unit))) / 2e-5 for unit in units]
for bug in ("sign", "no carry", "last step only", ""):
    off = np.linalg.norm(loss_and_gradient(W, bug)[1][:2].ravel() - slopes) / np.linalg.norm(slopes)
    print(f"{bug or 'no bug'}: the gradient is off by {off:.1e}")
print(f"error {off:.1e}")
"""
HEAD_OF_ATTENTION = """p = {name: rng.normal(0, 0.3, (n, n)) for name in ("Wq", "Wk", "Wv", "Wo")} | {"We": rng.normal(0, 1, (n, V))}
e = p["We"][:, ids][:, None] + positional_encoding(n, len(ids))  # (n, 1, T)
q, k, v = (np.tensordot(p[name], e, axes=1) for name in ("Wq", "Wk", "Wv"))
context, alpha = attend(q, k, v)
a = e + np.tensordot(p["Wo"], context, axes=1)
for t in (4, 9, len(ids) - 1):
    best = np.argsort(-alpha[0, t])[:3]
    print(f"{line[t]!r} at {t} looks at", ", ".join(f"{line[j]!r} {alpha[0, t, j]:.2f}" for j in best))
keys = values = np.zeros((n, 1, 0))
for t, read in enumerate(ids):  # the same a step at a time: the keys and values of all before are carried
    at, keys, values = head_step(np.eye(V)[:, [read]], keys, values, p)
    assert abs(at - a[:, :, t]).max() < 1e-12
print(f"carried at the end: {keys.size + values.size} numbers; a cell carries {n}")
print(f"error {abs(at - a[:, :, -1]).max():.1e}")
"""
