"""A server on loopback that speaks the OpenAI chat protocol and answers from a script: good, wrong, broken or silent."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Script:
    """Replies in order (the last one repeats): a text, an HTTP status, "hang", "half" or "garbage"."""

    replies: list[Any]
    requests: list[dict[str, Any]] = field(default_factory=list)

    def next(self, body: dict[str, Any]) -> Any:
        """Record a request and return what to do with it."""
        self.requests.append(body)
        return self.replies[min(len(self.requests), len(self.replies)) - 1]


def _handler(script: Script, stop: threading.Event) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            reply = script.next(body)
            if isinstance(reply, int):
                self.send_response(reply)
                self.send_header("content-type", "application/json")
                self.end_headers()
                self.wfile.write(b'{"error": {"message": "scripted failure"}}')
                return
            if reply == "hang":
                stop.wait(30)
                return
            self.send_response(200)
            self.send_header("content-type", "text/event-stream")
            self.end_headers()
            if reply == "garbage":
                self.wfile.write(b"\x00\xff not an event \xfe\n\n")
                return
            self._stream("The answer begins" if reply == "half" else reply, whole=reply != "half")

        def _stream(self, text: str, *, whole: bool) -> None:
            for start in range(0, len(text), 40):
                self._event({"content": text[start : start + 40]}, None)
            if whole:
                self._event({}, "stop")
                self.wfile.write(b"data: [DONE]\n\n")

        def _event(self, delta: dict[str, str], finish: str | None) -> None:
            choice = {"index": 0, "delta": {"role": "assistant", **delta}, "finish_reason": finish}
            event = {
                "id": "1",
                "object": "chat.completion.chunk",
                "created": int(time.time()),
                "model": "scripted",
            }
            self.wfile.write(f"data: {json.dumps({**event, 'choices': [choice]})}\n\n".encode())

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    return Handler


@contextmanager
def serve(*replies: Any) -> Iterator[tuple[Callable[[], Any], Script]]:
    """Run a scripted server; yields a function that makes LangChain's real client for it, and the script."""
    script, stop = Script(list(replies)), threading.Event()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(script, stop))
    threading.Thread(target=server.serve_forever, daemon=True).start()

    def client() -> Any:
        from langchain_openai import ChatOpenAI
        from pydantic import SecretStr

        address = f"http://127.0.0.1:{server.server_port}/v1"
        return ChatOpenAI(model="scripted", base_url=address, api_key=SecretStr("none"), max_retries=0)

    try:
        yield client, script
    finally:
        stop.set()
        server.shutdown()
        server.server_close()
