"""One error family. The message is the clear sentence the user reads; ``exit_code`` is what the command returns."""

from __future__ import annotations


class GeoIOCError(Exception):
    """Something the user can act on."""

    exit_code = 1


class SettingsError(GeoIOCError):
    """A setting is missing or wrong."""

    exit_code = 2


class DatabaseUnavailable(GeoIOCError):
    """The database does not answer."""

    exit_code = 3


class ClusterFailed(DatabaseUnavailable):
    """The private cluster cannot be made, started or stopped."""


class NotMigrated(DatabaseUnavailable):
    """The database answers, but its tables are missing or of another version."""


class PortTaken(GeoIOCError):
    """Another program listens on the port."""

    exit_code = 4


class DiskFull(GeoIOCError):
    """There is no room left on the disk."""

    exit_code = 5


class DatabaseDiskFull(DatabaseUnavailable, DiskFull):
    """The database went away because its disk is full: PostgreSQL stops when its log has no room."""

    exit_code = 5


class SourceUnreadable(GeoIOCError):
    """A source file cannot be read: missing, damaged, or not of the format its name says."""

    exit_code = 6


class WrongEncoding(SourceUnreadable):
    """A text file is not in the encoding that was declared."""


class WrongCRS(SourceUnreadable):
    """Coordinates do not fall where the province lies."""


class UnknownUnit(GeoIOCError):
    """There is no administrative unit of that code on that date."""


class UnknownJob(GeoIOCError):
    """There is no job of that name."""


class ServerFailed(GeoIOCError):
    """The web server or the job worker does not stay up."""

    exit_code = 7


class CommandMissing(GeoIOCError):
    """A sub-command's package cannot be imported."""


class LayerRefused(GeoIOCError):
    """A layer definition cannot be made or changed as asked."""

    exit_code = 2


class FeedbackRefused(GeoIOCError):
    """A report, or a step with a case, is refused; the message says why, in Vietnamese."""


class ReportRefused(FeedbackRefused):
    """A new report cannot be taken: empty, too long, outside the province, a photo that is none."""


class UnknownCase(FeedbackRefused):
    """There is no case of that tracking code."""


class StepNotAllowed(FeedbackRefused):
    """The step is not for this role, this unit, or lacks what it needs."""


class CaseChanged(FeedbackRefused):
    """The case is no longer in the state the step starts in: somebody else was faster."""
