"""The command that opens the dashboard: its arguments, what the server is started with."""

import os
import socket
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from pipeline.commands.arguments import command, options_dataclass
from pipeline.core.errors import SettingError
from pipeline.core.reproducibility import reproducible_environment
from pipeline.core.translation import t

SERVER_SCRIPT_PATH = Path(__file__).with_name("server.py")
PORT = 8501
# What comes with Seize is prepared while the first page is looked at, and not when a first verse is asked for.
PREPARE_CORPORA_CODE = (
    "from pipeline.core.paths import SHIPPED_CORPORA; from pipeline.corpus.prepare import open_corpus;"
    "[open_corpus(name) for name in SHIPPED_CORPORA]"
)
ENVIRONMENT = {
    # Small matrices, several sessions: one compute thread each is faster than threads that wait for each other.
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    # Each script run and each file sent has a thread, and glibc gives threads heaps of their own, which keep what was
    # freed in them: 430 to 730 MB, up and down with the visits, instead of 430 to 440.
    "MALLOC_ARENA_MAX": "2",
    # What lies in the folder where `seize` was typed, such as a pipeline.py, is no part of it.
    "PYTHONSAFEPATH": "1",
}


@options_dataclass()
class ServeArguments:
    """Where the dashboard listens, and whether it opens a browser.

    --port: port to listen on (default 8501)
    --address IP: address to listen on; 0.0.0.0: any (default 127.0.0.1)
    --host NAME: host name of this server for browsers, such as that of a proxy, besides localhost; may be repeated
    --no-browser: do not open a browser
    """

    port: int = PORT
    address: str = "127.0.0.1"
    host: Sequence[str] = ()
    no_browser: bool = False


@command()
def serve(args: ServeArguments) -> None:
    """Open the dashboard, for this computer only unless --host is given."""
    _check_port(args.address, args.port)
    print(t("Seize: http://localhost:{port} (Ctrl-C to stop)", port=args.port), flush=True)
    server, environment = serve_command(args), {**reproducible_environment(), **ENVIRONMENT, **os.environ}
    subprocess.Popen(
        [sys.executable, "-c", PREPARE_CORPORA_CODE],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    if os.name == "posix":
        os.execve(server[0], server, environment)
    sys.exit(subprocess.call(server, env=environment))


def serve_command(args: ServeArguments) -> list[str]:
    """Return the command that starts Streamlit with these arguments."""
    options = {
        "server.port": args.port,
        "server.address": args.address,
        "server.headless": str(args.no_browser).lower(),
        "logger.hideWelcomeMessage": "true",
    }
    command = [sys.executable, "-m", "streamlit", "run", str(SERVER_SCRIPT_PATH)]
    command += [part for name, value in options.items() for part in (f"--{name}", str(value))]
    for host in ("127.0.0.1", "localhost", *args.host) if args.host else ():
        command += ["--server.allowedHosts", host]
    for host in args.host:
        command += ["--server.corsAllowedOrigins", f"https://{host}"]
    return command


def _check_port(address: str, port: int) -> None:
    """Raise SettingError when the server cannot listen at this address and port."""
    if not 0 < port < 1 << 16:
        raise SettingError("--port is {port}: use a number from 1 to 65535.", port=port)
    try:
        with socket.create_server((address, port)):
            pass
    except OSError as error:
        raise SettingError(
            "Cannot listen on {address}:{port} ({reason}). Choose another --port, such as {other}.",
            address=address,
            port=port,
            reason=error.strerror or str(error),
            other=PORT + 1 if port == PORT else PORT,
        ) from error
