"""The jobs, and how one is run and recorded. What a job does stands in ``ingest/jobs_*.py``."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from sqlalchemy import Connection

from ingest.forecast_job import run_forecasts
from ingest.jobs_alerts import evaluate_alerts
from ingest.jobs_attention import look_around
from ingest.jobs_briefing import brief_daily, brief_weekly
from ingest.jobs_cameras import find_gaps, probe_cameras
from ingest.jobs_feedback import work_on_feedback
from ingest.jobs_grids import compute_zonal
from ingest.jobs_indicators import put_together
from ingest.jobs_live import load_spool
from ingest.jobs_observations import roll_up
from ingest.jobs_outlook import look_ahead
from ingest.jobs_sample import feed_sample
from ingest.jobs_summaries import index, summarise
from ingest.jobs_surface import make_surfaces
from ingest.jobs_units import build_units, place_all
from ingest.jobs_upkeep import clear_up
from ingest.notify import send_due
from layers.model import Text
from spatial.access import SYSTEM, connect
from spatial.errors import GeoIOCError, UnknownJob
from spatial.progress import Progress, part, silent
from spatial.queries import jobs as runs

logger = logging.getLogger(__name__)

REPORT_SECONDS = 1.0


@dataclass(frozen=True)
class Job:
    """Something that is computed again and again. ``cron`` is local time; ``run`` returns a sentence for the record."""

    name: str
    cron: str
    title: Text
    run: Callable[[Progress], str]


class JobFailed(GeoIOCError):
    """A job ended with an error; the run keeps its text, the log its traceback."""


class Stopped(BaseException):
    """The worker was told to stop while a job ran. Not an Exception: nothing on the way may take it for an error."""


_ALL = (
    Job("links", "40 2 * * *", Text(vi="Liên kết đơn vị hành chính", en="Unit links"), build_units),
    Job("place", "50 2 * * *", Text(vi="Gán đối tượng vào đơn vị", en="Features into units"), place_all),
    Job("indicators", "8 * * * *", Text(vi="Chỉ tiêu qua sắp xếp đơn vị", en="Figures across reforms"), put_together),
    Job("feedback", "*/5 * * * *", Text(vi="Tổng hợp phản ánh", en="Feedback by unit and month"), work_on_feedback),
    Job("rollup", "10 * * * *", Text(vi="Tổng hợp quan trắc theo ngày", en="Observations by day"), roll_up),
    Job("zonal", "12 * * * *", Text(vi="Thống kê lưới theo đơn vị", en="Grids by unit"), compute_zonal),
    Job("summary", "14 * * * *", Text(vi="Đếm đối tượng theo đơn vị", en="Features by unit"), summarise),
    Job("search", "16 * * * *", Text(vi="Chỉ mục tìm kiếm", en="Search index"), index),
    Job("forecast", "20 * * * *", Text(vi="Dự báo trạm và chỉ tiêu", en="Forecasts"), run_forecasts),
    Job("outlook", "22 * * * *", Text(vi="Triển vọng năm, số bất thường", en="Outlook, odd figures"), look_ahead),
    Job(
        "surface",
        "25 * * * *",
        Text(vi="Bề mặt giữa các trạm, người phơi nhiễm", en="Surfaces, exposure"),
        make_surfaces,
    ),
    Job("alerts", "30 * * * *", Text(vi="Đánh giá cảnh báo", en="Alerts"), evaluate_alerts),
    Job("attention", "*/10 * * * *", Text(vi="Việc cần chú ý", en="What needs attention"), look_around),
    Job("notify", "*/2 * * * *", Text(vi="Gửi cảnh báo", en="Sending alerts"), send_due),
    Job("cameras", "*/5 * * * *", Text(vi="Kiểm tra camera", en="Cameras asked"), probe_cameras),
    Job("coverage", "18 * * * *", Text(vi="Nơi chưa có camera", en="Gaps between cameras"), find_gaps),
    Job("live", "* * * * *", Text(vi="Nạp số đếm trực tiếp", en="Live counts"), load_spool),
    Job("sample_feed", "4 * * * *", Text(vi="Dòng số liệu mẫu", en="Sample feed"), feed_sample),
    Job("briefing_daily", "30 6 * * *", Text(vi="Bản tin hằng ngày", en="Daily briefing"), brief_daily),
    Job("briefing_weekly", "35 6 * * 1", Text(vi="Bản tin hằng tuần", en="Weekly briefing"), brief_weekly),
    Job("retention", "30 3 * * *", Text(vi="Dọn dữ liệu tạm", en="Clearing up"), clear_up),
)

JOBS: Mapping[str, Job] = MappingProxyType({job.name: job for job in _ALL})


def get_job(name: str) -> Job:
    """:raises UnknownJob: naming the jobs there are."""
    try:
        return JOBS[name]
    except KeyError:
        raise UnknownJob(f"There is no job {name!r}; the jobs are: {', '.join(JOBS)}.") from None


def sync_jobs(conn: Connection) -> None:
    """Write the jobs of this version into the database, so that screens may ask for them."""
    runs.register(conn, crons={job.name: job.cron for job in JOBS.values()})


def run_job(name: str, progress: Progress = silent) -> str:
    """Run a job now, in this process, and record the run. Returns the job's sentence.

    :raises UnknownJob: when there is none of that name.
    :raises JobFailed: when it ended with an error.
    """
    job = get_job(name)
    with connect(SYSTEM) as conn:
        sync_jobs(conn)
        run_id = runs.start_run(conn, job=name, worker=os.getpid())
    return execute(run_id, job, progress)


def run_jobs(names: Iterable[str], progress: Progress = silent) -> list[str]:
    """Run several jobs one after the other; stops at the first that fails."""
    wanted = [get_job(name) for name in names]
    sentences = []
    for number, job in enumerate(wanted):
        step = part(progress, number / len(wanted), (number + 1) / len(wanted))
        step(job.title.vi, 0.0)
        sentences.append(f"{job.name}: {run_job(job.name, step)}")
    return sentences


def execute(run_id: int, job: Job, progress: Progress = silent) -> str:
    """Run a job whose run is recorded as running, and close the record whatever happens.

    :raises JobFailed: when it ended with an error.
    """
    started = time.monotonic()
    try:
        with connect(SYSTEM) as guard:  # its locks say that the run is alive
            runs.hold(guard, run_id=run_id, job=job.name)
            message = job.run(_recorded(run_id, progress))
    except Exception as error:
        logger.exception("job %s failed", job.name)
        _finish(run_id, "failed", f"{type(error).__name__}: {error}")
        raise JobFailed(f"Job {job.name!r} failed: {error}") from error
    except BaseException:
        _finish(run_id, "interrupted", "stopped before the end; nothing half-done was kept")
        raise
    _finish(run_id, "done", message)
    logger.info("job %s done in %.1f s: %s", job.name, time.monotonic() - started, message)
    return message


def _recorded(run_id: int, listener: Progress) -> Progress:
    """Pass progress on, and write it at most once a second, in a transaction of its own."""
    written = 0.0

    def report(text: str, fraction: float) -> None:
        nonlocal written
        listener(text, fraction)
        now = time.monotonic()
        if now - written >= REPORT_SECONDS:
            written = now
            with connect(SYSTEM) as conn:
                runs.report(conn, run_id=run_id, progress=min(max(fraction, 0.0), 1.0), message=text)

    return report


def _finish(run_id: int, state: str, message: str) -> None:
    with connect(SYSTEM) as conn:
        runs.finish(conn, run_id=run_id, state=state, message=message)
