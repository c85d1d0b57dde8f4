"""Jobs of processes as files, one per job, so that every server process sees them; old ones are removed."""

from __future__ import annotations

import json
import os
import re
import time
from pathlib import Path
from typing import Any

from flask import has_request_context
from pygeoapi.process.base import BaseProcessor, JobNotFoundError, JobResultNotFoundError
from pygeoapi.process.manager.base import BaseManager
from pygeoapi.util import JobStatus

from pygeoapi_config.processes.inputs import BadInput

KEPT_SECONDS = 24 * 3600
JOB_ID = re.compile(r"[0-9a-f-]{36}")


class JobManager(BaseManager):
    """File jobs. A failure that is ours, not the visitor's, reaches the server's error handler in a direct call."""

    def __init__(self, definition: dict[str, Any]) -> None:
        super().__init__(definition)
        self.is_async = True
        self._folder = Path(definition["connection"])
        self.output_dir = None  # results lie beside the job, written below

    def get_jobs(self, status: Any = None, limit: int | None = None, offset: int | None = None) -> dict[str, Any]:
        """Nobody sees the jobs of others: a job is found by its id alone."""
        return {"jobs": [], "numberMatched": 0}

    def add_job(self, job_metadata: dict[str, Any]) -> str:
        """Store a job; remove the ones older than a day."""
        # Not when constructed: describing the API constructs it too, with no place to write.
        self._folder.mkdir(parents=True, exist_ok=True)
        self._prune()
        self._write(job_metadata["identifier"], job_metadata)
        return str(job_metadata["identifier"])

    def update_job(self, job_id: str, update_dict: dict[str, Any]) -> bool:
        """Change a job."""
        self._write(job_id, self.get_job(job_id) | update_dict)
        return True

    def get_job(self, job_id: str) -> dict[str, Any]:
        """A job.

        :raises JobNotFoundError: when there is none of that id.
        """
        path = self._path(job_id, "json")
        if not path.is_file():
            raise JobNotFoundError
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return found

    def get_job_result(self, job_id: str) -> tuple[str, Any]:
        """Media type and result of a job.

        :raises JobResultNotFoundError: when it has none.
        """
        job = self.get_job(job_id)
        path = self._path(job_id, "result.json")
        if not path.is_file():
            raise JobResultNotFoundError
        return str(job["mimetype"]), json.loads(path.read_text(encoding="utf-8"))

    def delete_job(self, job_id: str) -> bool:
        """Remove a job and its result.

        :raises JobNotFoundError: when there is none of that id.
        """
        self.get_job(job_id)
        for end in ("json", "result.json"):
            self._path(job_id, end).unlink(missing_ok=True)
        return True

    def _execute_handler_sync(self, p: BaseProcessor, job_id: str, *args: Any, **kwargs: Any) -> tuple[Any, Any, Any]:
        watched = _Watched(p)
        media_type, outputs, status = super()._execute_handler_sync(watched, job_id, *args, **kwargs)
        if status == JobStatus.successful:
            self._path(job_id, "result.json").write_text(json.dumps(outputs, ensure_ascii=False), encoding="utf-8")
        if watched.error is not None and has_request_context():
            raise watched.error
        return media_type, outputs, status

    def _path(self, job_id: str, end: str) -> Path:
        if not JOB_ID.fullmatch(job_id):
            raise JobNotFoundError
        return self._folder / f"{job_id}.{end}"

    def _write(self, job_id: str, job: dict[str, Any]) -> None:
        path = self._path(job_id, "json")
        temporary = path.with_suffix(f".{os.getpid()}.tmp")
        temporary.write_text(json.dumps(job, ensure_ascii=False), encoding="utf-8")
        temporary.replace(path)

    def _prune(self) -> None:
        oldest = time.time() - KEPT_SECONDS
        for path in self._folder.glob("*.json"):
            try:
                if path.stat().st_mtime < oldest:
                    path.unlink()
            except FileNotFoundError:
                continue  # another server process was quicker

    def __repr__(self) -> str:
        return f"<JobManager> {self._folder}"


class _Watched:
    """A processor that remembers an error which is not the visitor's."""

    def __init__(self, processor: BaseProcessor) -> None:
        self._processor = processor
        self.error: Exception | None = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._processor, name)

    def execute(self, *args: Any, **kwargs: Any) -> Any:
        try:
            return self._processor.execute(*args, **kwargs)
        except BadInput:
            raise
        except Exception as error:
            self.error = error
            raise
