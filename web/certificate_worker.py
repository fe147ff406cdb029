"""The one who makes certificates behind the pages: claims a running batch, makes the next few, and again.

All state is in the database. A site that is killed goes on after the next start; of several processes one has the
claim. Pages only turn batches on and off.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import secrets
import socket
from collections.abc import AsyncIterator

from litestar import Litestar

from contests.certificates import batches
from federation.refusals import Conflict
from web.reports.certificates import certificate_pdf

log = logging.getLogger("saichuang.certificates")

LOOK_EVERY = 5.0
"""Seconds between two looks for a batch that another process started, or that one left behind."""
STOP_WITHIN = 10.0


def a_name() -> str:
    """Who holds a claim: machine, process and a random part, since process numbers come back."""
    return f"{socket.gethostname()[:30]}-{os.getpid()}-{secrets.token_hex(4)}"


class Worker:
    """Belongs to one event loop. `wake` is set when a batch was turned on here."""

    def __init__(self) -> None:
        self.name = a_name()
        self.wake = asyncio.Event()
        self.stopping = False

    async def run(self) -> None:
        while not self.stopping:
            try:
                batch = await batches.next_claim(self.name)
                if batch is not None:
                    await self.work_on(batch)
                    continue
            except Exception:
                log.exception("a batch of certificates could not go on")
            self.wake.clear()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.wake.wait(), LOOK_EVERY)

    async def work_on(self, batch: int) -> None:
        """Until it is done, stopped, or claimed by another; the claim is given back on the way out."""
        try:
            while not self.stopping and await batches.work(batch, self.name, certificate_pdf):
                pass
        except Conflict:
            log.info("batch %s was stopped or is claimed elsewhere", batch)
        finally:
            await batches.release(batch, self.name)


@contextlib.asynccontextmanager
async def certificate_worker(app: Litestar) -> AsyncIterator[None]:
    """Runs beside the site from start to stop; `app.state.certificate_worker` is the worker."""
    worker = Worker()
    app.state.certificate_worker = worker
    task = asyncio.create_task(worker.run())
    try:
        yield
    finally:
        worker.stopping = True
        worker.wake.set()
        done, _ = await asyncio.wait([task], timeout=STOP_WITHIN)
        if not done:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
