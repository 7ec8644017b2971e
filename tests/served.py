"""A server on this machine, and small stand-ins for the official files."""

import hashlib
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@contextmanager
def server(content: bytes) -> Iterator[tuple[str, list[str]]]:
    """Its address, and the paths it was asked for; /good, /cut, /slow, /more, or 404."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            kind = self.path.rpartition("/")[2].partition(".")[0]
            if kind not in ("good", "cut", "slow", "more"):
                return self.send_error(404)
            if kind == "slow":
                time.sleep(1)
            try:
                self.send_response(200)
                if kind != "more":
                    self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content[: len(content) // 2] if kind == "cut" else content)
                while kind == "more":
                    self.wfile.write(content)
            except OSError:  # whoever asked has gone
                pass

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as running:
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{running.server_port}", asked
        finally:
            running.shutdown()
            thread.join()


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
