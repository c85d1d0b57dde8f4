"""Jobs ``briefing_daily`` and ``briefing_weekly``: ask whoever draws briefings for them, and send them by e-mail.

Drawing stands above this package; it is found through the entry point group ``geoioc.briefing``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from email.message import EmailMessage
from importlib.metadata import entry_points
from pathlib import Path
from typing import cast

from ingest.alert_channels import NotSent, deliver
from spatial.errors import GeoIOCError
from spatial.progress import Progress
from spatial.settings import alert_settings, briefing_settings, server_settings

GROUP = "geoioc.briefing"
SUBJECTS = {"daily": "Bản tin điều hành ngày", "weekly": "Bản tin điều hành tuần"}

type Made = list[tuple[str, Path]]  # title and file of each briefing
type Maker = Callable[[str, Progress], tuple[str, Made]]


class NobodyDraws(GeoIOCError):
    """No installed package makes briefings."""


def brief_daily(progress: Progress) -> str:
    """The morning's briefings."""
    return make("daily", progress)


def brief_weekly(progress: Progress) -> str:
    """The week's briefings."""
    return make("weekly", progress)


def make(cycle: str, progress: Progress) -> str:
    """Have the briefings of a cycle made and send them; a sentence about both.

    An e-mail that is not taken is said in the sentence and not sent again: the briefings are kept and can be opened.

    :raises NobodyDraws: when no installed package makes briefings.
    """
    makers = [cast(Maker, point.load()) for point in entry_points(group=GROUP)]
    if not makers:
        raise NobodyDraws(f"No installed package makes briefings (entry point group {GROUP}).")
    sentences: list[str] = []
    made: Made = []
    for maker in makers:
        sentence, files = maker(cycle, progress)
        sentences.append(sentence)
        made += files
    return "; ".join([*sentences, *_send(cycle, made)])


def _send(cycle: str, made: Made) -> list[str]:
    settings, receivers = alert_settings(), briefing_settings().receivers
    if not (made and receivers and settings.smtp_host and settings.mail_from):
        return []
    try:
        remark = deliver(build_mail(cycle, made, settings.mail_from, receivers), settings)
    except NotSent as error:
        return [f"e-mail not sent: {error}"]
    return [f"sent to {len(receivers)} by e-mail{f' ({remark})' if remark else ''}"]


def build_mail(cycle: str, made: Made, sender: str, receivers: Sequence[str]) -> EmailMessage:
    """One message with all briefings of the cycle attached."""
    message = EmailMessage()
    message["Subject"] = f"[GeoIOC] {SUBJECTS[cycle]}: {', '.join(title for title, _ in made)}"
    message["From"], message["To"] = sender, ", ".join(receivers)
    message.set_content(
        f"{SUBJECTS[cycle]} gửi kèm: {', '.join(title for title, _ in made)}.\n"
        f"Các bản tin đã lập: {server_settings().url}/briefings\n\n"
        f"The briefings are attached. All that were made: {server_settings().url}/briefings?lang=en\n"
    )
    for number, (_, path) in enumerate(made, 1):
        message.add_attachment(
            path.read_bytes(), maintype="application", subtype="pdf", filename=f"ban-tin-{cycle}-{number}.pdf"
        )
    return message
