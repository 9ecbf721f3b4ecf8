"""`closedloop.yml` as YAML: the document, the line of each of its fields, and where a mistake stands."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

from orchestration.errors import ConfigurationError

# A field of the document, such as ("sources", "crm", "connector"), and the line on which it stands.
Location = tuple[str, ...]

SECRET_NAME = re.compile(r"token|secret|passw|credential|api_?key|private_?key|identifier_?key", re.IGNORECASE)
_SECRET_IN_URL = re.compile(r"://[^/\s:@]+:[^/\s@]+@")

REFERENCE = "docs/configuration.md has every field and what it takes"


def read_document(path: Path) -> tuple[Any, dict[Location, int]]:
    """The document and the line of each of its fields."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise ConfigurationError(
            "there is no such file",
            where=str(path),
            fix="run `closedloop init DIR FILES...`, or name the file with --config",
        ) from None
    except UnicodeDecodeError:
        raise ConfigurationError("the file is not UTF-8", where=str(path), fix="save it as UTF-8") from None
    except OSError as error:
        raise ConfigurationError(
            f"the file cannot be read: {error.strerror}",
            where=str(path),
            fix="name the file itself, and let it be read",
        ) from None
    try:
        tree = yaml.compose(text, Loader=yaml.SafeLoader)
        lines = _lines(path, tree)
        document = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise _broken_yaml(path, error) from None
    except ValueError as error:  # a date such as 2026-02-30
        raise ConfigurationError(
            f"a value is no YAML: {error}", where=str(path), fix="correct the date, or put the value in quotes"
        ) from None
    if document is None:
        raise ConfigurationError(
            "the file is empty",
            where=str(path),
            fix=f"write at least `sources:`, or run `closedloop init`; {REFERENCE}",
        )
    return document, lines


def _broken_yaml(path: Path, error: yaml.YAMLError) -> ConfigurationError:
    mark = getattr(error, "problem_mark", None)
    problem = str(getattr(error, "problem", None) or error)
    is_tab = "'\\t'" in problem
    return ConfigurationError(
        "a tab where YAML takes spaces only" if is_tab else f"the YAML is broken: {problem}",
        where=f"{path}, line {mark.line + 1}" if mark else str(path),
        fix="replace the tab by spaces"
        if is_tab
        else "check indentation, colons and quotes there and in the line before",
    )


def _lines(path: Path, root: yaml.Node | None) -> dict[Location, int]:
    """The line of each field; a field that stands there twice, or a password, is an error."""
    lines: dict[Location, int] = {}
    seen: set[int] = set()  # an alias (*name) is walked where it is defined only

    def walk(node: yaml.Node | None, at: Location) -> None:
        if node is None or id(node) in seen:
            return
        seen.add(id(node))
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                here = (*at, str(key.value))
                line = key.start_mark.line + 1
                if here in lines:
                    raise ConfigurationError(
                        f"'{here[-1]}' stands in line {lines[here]} already, and only one of the two would count",
                        where=place(path, line, here),
                        fix="remove or rename one of the two",
                    )
                lines[here] = line
                walk(value, here)
        elif isinstance(node, yaml.SequenceNode):
            for index, value in enumerate(node.value):
                here = (*at, str(index))
                lines[here] = value.start_mark.line + 1
                walk(value, here)
        elif _SECRET_IN_URL.search(str(node.value)):
            raise ConfigurationError(
                "the address has a password in it, and secrets do not belong in this file",
                where=place(path, node.start_mark.line + 1, at),
                fix="give the credentials through the environment or .env, and renew the password if others saw it",
            )

    walk(root, ())
    return lines


def place(path: Path, line: int, at: Location) -> str:
    """Where an error is: file, line and field."""
    return f"{path}, line {line}" + (f", field {'.'.join(at)}" if at else "")
