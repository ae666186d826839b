"""The cells there are. A new one is its own file, a line here, and one in `networks.trained_cells`."""

from pipeline.cells.cell import Cell
from pipeline.cells.gru import GRU
from pipeline.cells.lstm import LSTM
from pipeline.cells.mingru import MINGRU
from pipeline.cells.rnn import RNN

CELLS: dict[str, Cell] = {cell.name: cell for cell in (RNN, LSTM, GRU, MINGRU)}
LABELS: dict[str, str] = {cell.name: cell.label for cell in CELLS.values()}
