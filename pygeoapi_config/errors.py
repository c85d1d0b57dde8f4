"""Errors as pygeoapi answers them: our sentence, a 4xx status."""

from __future__ import annotations

from http import HTTPStatus

from pygeoapi.provider.base import ProviderInvalidQueryError, ProviderItemNotFoundError


class BadRequest(ProviderInvalidQueryError):
    """A parameter of the request is wrong; the sentence says which and how to write it."""

    ogc_exception_code = "InvalidParameterValue"
    http_status_code = HTTPStatus.BAD_REQUEST

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence, user_msg=sentence)


class NotFound(ProviderItemNotFoundError):
    """There is no such thing."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence, user_msg=sentence)
