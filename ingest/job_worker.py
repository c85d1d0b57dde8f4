"""The worker: takes queued runs, asks for those that are due, and stops cleanly when told to."""

from __future__ import annotations

import logging
import os
import signal
import threading
from collections.abc import Mapping
from datetime import datetime
from types import FrameType

from croniter import croniter

from ingest.jobs import JOBS, Job, JobFailed, Stopped, execute, sync_jobs
from ingest.live_mqtt import listen
from spatial.access import SYSTEM, connect
from spatial.errors import DatabaseUnavailable
from spatial.queries import jobs as runs
from spatial.settings import LOCAL_ZONE

logger = logging.getLogger(__name__)

POLL_SECONDS = 2.0


class Worker:
    """One process that runs jobs, one at a time. A SIGTERM during a job rolls the job back and marks it interrupted."""

    def __init__(self, jobs: Mapping[str, Job] = JOBS) -> None:
        self._jobs = jobs
        self._stopping = threading.Event()
        self._busy = False
        self._since = datetime.now(LOCAL_ZONE)

    def listen_to_signals(self) -> None:
        """Stop on SIGTERM and SIGINT; call in the main thread."""
        signal.signal(signal.SIGTERM, self._stop)
        signal.signal(signal.SIGINT, self._stop)

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        if self._stopping.is_set():
            return
        self._stopping.set()
        if self._busy:
            raise Stopped

    def work(self) -> None:
        """Until told to stop. A database that is away for a while is waited for."""
        with connect(SYSTEM) as conn:
            sync_jobs(conn)
        broker = listen()
        while not self._stopping.is_set():
            try:
                worked = self.step()
            except DatabaseUnavailable as error:
                logger.warning("%s", error)
                worked = False
            except Stopped:
                break
            if not worked:
                self._stopping.wait(POLL_SECONDS)
        if broker is not None:
            broker.disconnect()
            broker.loop_stop()

    def step(self) -> bool:
        """Close dead runs, ask for due ones, run one. False when there was nothing to run."""
        with connect(SYSTEM) as conn:
            runs.close_dead_runs(conn)
            for name in self.due(runs.schedules(conn), datetime.now(LOCAL_ZONE)):
                runs.enqueue(conn, job=name)
            taken = runs.claim(conn, jobs=tuple(self._jobs), worker=os.getpid())
        if taken is None:
            return False
        run_id, name = taken
        self._busy = True
        try:
            execute(run_id, self._jobs[name])
        except JobFailed as error:
            logger.error("%s", error)
        finally:
            self._busy = False
        return True

    def due(self, schedules: list[tuple[str, str, datetime | None]], now: datetime) -> list[str]:
        """Jobs whose schedule passed since they were last asked for; missed times count once.

        A job that was never asked for counts from the start of the worker.
        """
        return [
            name
            for name, cron, last in schedules
            if name in self._jobs
            and croniter(cron, (last or self._since).astimezone(LOCAL_ZONE)).get_next(datetime) <= now
        ]
