"""Uploaded files: in forms and in the API, with a name that can be kept."""

from collections.abc import Mapping
from typing import Any

from flask_smorest.fields import Upload
from marshmallow import ValidationError
from werkzeug.datastructures import FileStorage

from plenary_kit.web.fields import Text

LONGEST_NAME = 255
_NAME = Text(min=1, max=LONGEST_NAME)


class UploadedFile(Upload):  # type: ignore[misc]
    """A file that was chosen and has a name without controls; handed on as werkzeug's `FileStorage`."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **_kwargs: Any) -> FileStorage:
        if not isinstance(value, FileStorage) or not value.filename:
            raise ValidationError("Choose a file.")
        value.filename = _NAME.deserialize(value.filename)
        return value
