"""A process that answers requests, one JSON object a line: in on stdin, out on stdout. Started by `pool`.

    python -m pipeline.writers.worker

It ends at once when stdin does: whoever started it is gone, in whatever way.
"""

import json
import os
import sys
from queue import SimpleQueue
from threading import Thread

PATIENT = 5  # added to its niceness: pages come first


def main() -> None:
    """Answer until stdin ends."""
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what is printed meanwhile is no reply
    os.nice(PATIENT)
    messages = SimpleQueue[str]()
    Thread(target=_read, args=(messages,), daemon=True).start()
    from pipeline.writers.desk import Desk  # a second of imports, in which stdin is read already

    desk = Desk()
    while True:
        out.write(json.dumps(desk.answer(json.loads(messages.get()))) + "\n")
        out.flush()


def _read(messages: SimpleQueue[str]) -> None:
    """Pass messages on; the end of stdin ends the process, whatever it is doing."""
    for line in sys.stdin:
        messages.put(line)
    os._exit(0)


if __name__ == "__main__":
    main()
