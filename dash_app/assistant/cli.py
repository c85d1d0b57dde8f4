"""``geoioc ask``: a question from the command line, or the score of a set of questions."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from dash_app.assistant.ask import Assistant
from dash_app.assistant.score import score
from dash_app.services import Services
from spatial.access import SYSTEM

console = Console()


def ask(
    question: Annotated[str | None, typer.Argument(help="A question in Vietnamese.")] = None,
    questions: Annotated[
        Path | None, typer.Option("--score", help="CSV of questions and expected readings; prints the score.")
    ] = None,
    lang: Annotated[str, typer.Option(help="Language of the answer: vi or en.")] = "vi",
) -> None:
    """Answer a question about the province's data, with the source of the number."""
    assistant = Assistant(Services(actor=SYSTEM))
    if questions is not None:
        with questions.open(encoding="utf-8", newline="") as source:
            result = score(list(csv.DictReader(source)), assistant.names(), assistant.services.today())
        for words in result.lines():
            console.print(words, highlight=False, markup=False)
        return
    if not question:
        raise typer.BadParameter("type a question, or --score FILE")
    reply = assistant.ask(question, lang)
    if reply.answer is None:
        console.print(reply.ask_back, highlight=False, markup=False)
        for option in reply.options:
            console.print(f"  {option}", highlight=False, markup=False)
        raise typer.Exit(1)
    console.print(reply.answer.sentence, highlight=False, markup=False)
    for line in reply.answer.lines:
        console.print(f"  {line.name}: {line.shown}", highlight=False, markup=False)
    if reply.answer.source:
        console.print(reply.answer.source, style="dim", highlight=False, markup=False)
