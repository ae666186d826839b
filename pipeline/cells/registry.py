"""The cells there are, in both layouts: the same numbers, transposed and renamed.

| article | Keras |
|---|---|
| x `(n_x, m, T)` | inputs `(m, T, n_x)` |
| Waxᵀ, Waaᵀ, ba | kernel, recurrent_kernel, bias of `SimpleRNN` |
| Wq = [Wqa, Wqx], q = i, f, c, o | column blocks of recurrent_kernel and kernel of `LSTM`, in the order i, f, c, o |
| Wz, Wr and Waa, Wax, ba, bx | blocks z, r, h of `GRU`; the two biases of z and of r only ever add up |

Gradients convert the same way: name them without their d. A new cell is its own file and a line here; to be trained it
needs its recurrence in `networks.scan`, too.
"""

from pipeline.cells.cell import Cell
from pipeline.cells.gru import GRU
from pipeline.cells.lstm import LSTM
from pipeline.cells.mingru import MINGRU
from pipeline.cells.rnn import RNN
from pipeline.cells.self_attention import ATTENTION, SelfAttention

CELLS: dict[str, Cell] = {cell.name: cell for cell in (RNN, LSTM, GRU, MINGRU)}
# what `bptt` can put before an output layer: the cells, and the head that carries no state
LAYERS: dict[str, Cell | SelfAttention] = {**CELLS, ATTENTION.name: ATTENTION}
LABELS: dict[str, str] = {cell.name: cell.label for cell in CELLS.values()}
