"""Makes a candidate or publishes where no file may grow beyond a limit, which is refused as a full disk is.

Arguments: the data folder, `candidate` or `publish`, the limit in bytes. Prints the error and ends with its exit code.
"""

from __future__ import annotations

import resource
import sys
from pathlib import Path

from orchestration.errors import DiskError
from orchestration.publication.candidate import make_candidate
from orchestration.publication.publish import publish
from tests.small_marts import new_small_run


def main() -> None:
    """See above."""
    run = new_small_run(Path(sys.argv[1]))
    where, limit = sys.argv[2], int(sys.argv[3])
    try:
        if where == "publish":
            make_candidate(run)
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
        if where == "candidate":
            make_candidate(run)
        else:
            publish(run)
    except DiskError as error:
        sys.stdout.write(f"{error}\n")
        sys.exit(error.outcome.exit_code)


if __name__ == "__main__":
    main()
