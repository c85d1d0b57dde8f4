"""The page of questions. A question is an address (``/ask?q=...``): it can be sent to a colleague."""

from __future__ import annotations

from urllib.parse import urlencode

from dash import Dash, dcc, html
from dash.development.base_component import Component

from dash_app.address import Address
from dash_app.assistant.ask import LONGEST, Assistant, Reply
from dash_app.assistant.asked import Answer
from dash_app.assistant.words import word
from dash_app.components.attributes import extra
from dash_app.components.page import framed
from dash_app.services import Services

EXAMPLES = (
    "AQI hiện nay",
    "trạm nào PM2.5 cao nhất hôm qua",
    "xã nào trễ hạn phản ánh nhiều nhất tháng này",
    "thu ngân sách 9 tháng đầu năm so kế hoạch",
    "top 3 xã hộ nghèo thấp nhất",
    "lượng mưa 7 ngày qua",
    "có bao nhiêu camera mất kết nối",
    "có cảnh báo nào hôm nay",
)


def layout(services: Services, address: Address) -> Component:
    """The page in one language, with the answer when the address holds a question."""
    language, question = address.language, address.query.get("q", "").strip()
    reply = Assistant(services).ask(question, language) if question else None
    return framed(services, address, _body(question, reply, language), active="/ask")


def validation_layout() -> Component:
    """The page without a question."""
    return _body("", None, "vi")


def register(app: Dash, services: Services) -> None:
    """No callbacks: the browser asks by going to the question's address."""


def _body(question: str, reply: Reply | None, language: str) -> Component:
    form = html.Form(
        [
            *([dcc.Input(type="hidden", name="lang", value="en")] if language == "en" else []),
            html.Label(word("title", language), htmlFor="question", className="visually-hidden"),
            dcc.Input(
                id="question",
                name="q",
                value=question,
                placeholder=word("placeholder", language),
                maxLength=LONGEST,
                autoFocus=True,
                autoComplete="off",
                type="text",
                className="ask-input",
            ),
            html.Button(word("ask", language), type="submit", className="tool primary"),
        ],
        method="get",
        action="/ask",
        className="ask-form",
    )
    return html.Main(
        [
            html.Section([html.H2(word("title", language)), form], className="card"),
            html.Section(_reply(reply, language), className="card ask-reply", **extra({"aria-live": "polite"})),
        ],
        id="main",
        className="page-stack ask-page",
    )


def _reply(reply: Reply | None, language: str) -> list[Component]:
    if reply is None:
        return [html.H3(word("examples", language)), _questions(EXAMPLES, language)]
    if reply.answer is None:
        return [
            html.P(reply.ask_back, className="ask-sentence", role="status"),
            _questions(reply.options or EXAMPLES, language),
        ]
    found: list[Component] = [html.P(reply.answer.sentence, className="ask-sentence", role="status")]
    if reply.answer.lines:
        found.append(_table(reply.answer, language))
    return [*found, _evidence(reply, reply.answer, language)]


def _questions(questions: tuple[str, ...], language: str) -> Component:
    return html.Ul(
        [html.Li(html.A(question, href=address_of(question, language))) for question in questions],
        className="ask-examples",
    )


def address_of(question: str, language: str) -> str:
    """The address of a question."""
    return f"/ask?{urlencode({'q': question} | ({'lang': 'en'} if language == 'en' else {}))}"


def _table(answer: Answer, language: str) -> Component:
    rows = [
        html.Tr(
            [
                html.Th(html.A(line.name, href=line.link) if line.link else line.name, scope="row"),
                html.Td(line.shown, className="number"),
            ]
        )
        for line in answer.lines
    ]
    heads = html.Tr(
        [html.Th(word("rank_where", language), scope="col"), html.Th(word("rank_value", language), scope="col")]
    )
    return html.Table([html.Thead(heads), html.Tbody(rows)], className="table ask-table")


def _evidence(reply: Reply, answer: Answer, language: str) -> Component:
    parts = [f"{word('source', language)}: {answer.source}"] if answer.source else []
    if answer.until:
        parts.append(f"{word('until', language)}: {answer.until}")
    words = ", ".join(f"«{words}»" for words, _ in reply.reading.spans if words)
    if words:
        parts.append(f"{word('read_as', language)}: {words}")
    link = answer.link or ""
    return html.Div(
        [
            html.P(" · ".join(parts), className="muted small-text"),
            *(
                [html.A(word("on_map" if "#" in link else "open", language), href=link, className="tool")]
                if answer.link
                else []
            ),
        ],
        className="ask-evidence",
    )
