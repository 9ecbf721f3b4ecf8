"""Writes seeds/reference/crawlers.csv: the crawlers of the list crawler-user-agents, in texts to be looked for.

The list has regular expressions, nearly all of them plain texts. One that changes from row to row costs a database some
ten microseconds a row, and a text that it looks for a hundredth of that.
"""

from __future__ import annotations

import csv
import io
import itertools
import re
from pathlib import Path

import crawleruseragents

SEED = Path(__file__).with_name("reference") / "crawlers.csv"

# `[wW]get`, `Ahrefs(Bot|SiteAudit)`: a few texts in one.
_CHOICE = re.compile(r"\[(?P<letters>[A-Za-z]+)\]|\((?P<texts>[^()]*)\)")
# What may be anything: of a text that it divides the longest part is looked for.
_ANYTHING = re.compile(r"\\d.\\d\+|\[\\s\\S\]\*")
# What stands before or behind a name so that it is not part of another; without it a few more are found.
_BOUNDARIES = ("([^-]|$)", "(^| )")


def fragments(expression: str) -> list[str]:
    """The texts of which one is in a user agent that fits; `^` and `$` are its beginning and its end."""
    for boundary in _BOUNDARIES:
        expression = expression.replace(boundary, "")
    # signs that mean themselves are put out of the way
    plain = re.sub(r"\\([^dsS])", lambda sign: chr(0xE000 + ord(sign[1])), expression)
    parts = re.split(r"\|(?![^(]*\))", plain)
    found = [max(_ANYTHING.split(text), key=len) for part in parts for text in _spelled_out(part)]
    # a seed is read without blanks at the edges of a cell
    return [re.sub(r"[\uE000-\uE07F]", lambda sign: chr(ord(sign[0]) - 0xE000), text).strip() for text in found]


def crawlers_csv() -> str:
    """The seed as it has to be for the list that is installed."""
    expressions = [entry["pattern"] for entry in crawleruseragents.CRAWLER_USER_AGENTS_DATA]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["fragment"])
    writer.writerows([text] for text in sorted({text for each in expressions for text in fragments(each)}))
    return out.getvalue()


def _spelled_out(text: str) -> list[str]:
    """One text for each choice of the letters and words in brackets."""
    choices: list[list[str]] = []
    end = 0
    for choice in _CHOICE.finditer(text):
        choices += [[text[end : choice.start()]], list(choice["letters"] or "") or choice["texts"].split("|")]
        end = choice.end()
    return ["".join(chosen) for chosen in itertools.product(*choices, [text[end:]])]


if __name__ == "__main__":
    SEED.write_text(crawlers_csv(), encoding="utf-8")
