"""Live pages: a stream that says only which revision is newest; the page then asks for what it shows.

One frame per revision, encoded once for all listeners. A slow listener gets the newest frame when it is
ready for one, never a queue. A stream ends after ten minutes, on disconnect, and when the process is stopping.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from collections.abc import Hashable

from litestar.types import Receive, Scope, Send

LIFE = 600.0
ALIVE_EVERY = 20.0
MOST_LISTENERS = 20_000

_START = {
    "type": "http.response.start",
    "status": 200,
    "headers": [
        (b"content-type", b"text/event-stream; charset=utf-8"),
        (b"cache-control", b"no-store"),
        (b"x-accel-buffering", b"no"),
    ],
}
_ALIVE = b"event: alive\ndata: {}\n\n"


class Listener:
    """One open stream. `wake` is set when there is something to send or the stream has to end."""

    __slots__ = ("alive", "gone", "sent", "wake")

    def __init__(self, sent: int) -> None:
        self.wake = asyncio.Event()
        self.sent = sent
        self.gone = False
        self.alive = False


class Hub:
    """Who listens to which topic, and the newest frame of each. Belongs to one event loop."""

    def __init__(self) -> None:
        self._listeners: dict[Hashable, set[Listener]] = {}
        self._newest: dict[Hashable, tuple[int, bytes]] = {}
        self._stopping = False

    def count(self, topic: Hashable | None = None) -> int:
        if topic is not None:
            return len(self._listeners.get(topic, ()))
        return sum(map(len, self._listeners.values()))

    def topics(self) -> list[Hashable]:
        """What somebody listens to now."""
        return list(self._listeners)

    def tell(self, topic: Hashable, before: int, after: int) -> None:
        """Say that a topic has moved; forgotten at once when nobody listens."""
        listeners = self._listeners.get(topic)
        if not listeners:
            return
        self._newest[topic] = after, frame(before, after)
        for listener in listeners:
            listener.wake.set()

    async def keep(self, stopping: asyncio.Event) -> None:
        """Run beside the application: signs of life, and the end of all streams when it stops."""
        while not stopping.is_set():
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stopping.wait(), ALIVE_EVERY)
            self._stopping = stopping.is_set()
            for listeners in self._listeners.values():
                for listener in listeners:
                    listener.alive = True
                    listener.wake.set()

    async def stream(
        self, topic: Hashable, since: int, now: int, scope: Scope, receive: Receive, send: Send
    ) -> None:
        """Answer a request with the stream of a topic. `since`: the revision the page shows; `now`: the newest."""
        if self.count() >= MOST_LISTENERS or self._stopping:
            await _busy(send)
            return
        listener = Listener(now)
        self._listeners.setdefault(topic, set()).add(listener)
        watching = asyncio.create_task(_watch(receive, listener))
        try:
            await send(_START)  # type: ignore[arg-type]
            await _part(send, frame(since, now) if now > since else _ALIVE)
            await self._follow(topic, listener, send)
        finally:
            watching.cancel()
            self._forget(topic, listener)

    async def _follow(self, topic: Hashable, listener: Listener, send: Send) -> None:
        end = time.monotonic() + LIFE
        while not (listener.gone or self._stopping or time.monotonic() > end):
            await listener.wake.wait()
            listener.wake.clear()
            after, text = self._newest.get(topic, (listener.sent, b""))
            if after > listener.sent:
                listener.sent = after
                await _part(send, text)
            elif listener.alive and not listener.gone:
                await _part(send, _ALIVE)
            listener.alive = False
        if not listener.gone:
            await send({"type": "http.response.body", "body": b"", "more_body": False})

    def _forget(self, topic: Hashable, listener: Listener) -> None:
        listeners = self._listeners.get(topic)
        if listeners is not None:
            listeners.discard(listener)
            if not listeners:
                del self._listeners[topic]
                self._newest.pop(topic, None)


def frame(before: int, after: int) -> bytes:
    return f"event: moved\ndata: {json.dumps({'before': before, 'after': after})}\n\n".encode()


async def _part(send: Send, body: bytes) -> None:
    await send({"type": "http.response.body", "body": body, "more_body": True})


async def _watch(receive: Receive, listener: Listener) -> None:
    """A client that has gone is told of only here."""
    while (await receive())["type"] != "http.disconnect":
        pass
    listener.gone = True
    listener.wake.set()


async def _busy(send: Send) -> None:
    headers = [(b"retry-after", b"5"), (b"content-length", b"0")]
    await send({"type": "http.response.start", "status": 503, "headers": headers})
    await send({"type": "http.response.body", "body": b"", "more_body": False})
