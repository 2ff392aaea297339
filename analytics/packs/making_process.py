"""The process that makes one pack: the review as JSON on stdin, the file on stdout, how far it is in lines of JSON on stderr.

It is polite: whoever looks at a page at the same time goes first.
"""

import json
import os
import sys
from collections.abc import Callable
from datetime import datetime

from analytics.errors import DashboardError
from analytics.packs.files import PackFormat
from analytics.review.frozen import from_json
from analytics.review.model import QuarterlyReview

_READ, _BUILDING = 0.2, 0.3
_NICER = 10


def builder_of(made_as: PackFormat) -> Callable[[QuarterlyReview, datetime], bytes]:
    """What makes this format; its libraries are loaded now and not before."""
    match made_as:
        case PackFormat.PDF:
            from analytics.packs.pdf import pdf_pack

            return pdf_pack
        case PackFormat.PPTX:
            from analytics.packs.pptx import pptx_pack

            return pptx_pack
        case PackFormat.XLSX:
            from analytics.packs.xlsx import xlsx_pack

            return xlsx_pack


def say(**words: object) -> None:
    """One line to whoever waits."""
    print(json.dumps(words), file=sys.stderr, flush=True)


def made(made_as: PackFormat, built_on: datetime) -> bytes:
    """The pack of the review on stdin."""
    say(what="Reading the review", done=_READ)
    review = from_json(sys.stdin.buffer.read())
    say(what=f"Building the {made_as.upper()}", done=_BUILDING)
    return builder_of(made_as)(review, built_on)


def main() -> None:
    """`making_process FORMAT MOMENT`."""
    if hasattr(os, "nice"):
        os.nice(_NICER)
    made_as, moment = sys.argv[1:]
    try:
        content = made(PackFormat(made_as), datetime.fromisoformat(moment))
    except DashboardError as problem:
        say(message=problem.message, remedy=problem.remedy)
        sys.exit(1)
    except Exception as problem:
        say(crash=f"{type(problem).__name__}: {problem}")
        sys.exit(1)
    sys.stdout.buffer.write(content)


if __name__ == "__main__":
    main()
