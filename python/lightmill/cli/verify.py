"""`lightmill verify`."""

import click

from . import output
from .failure import Exit


@click.command()
@click.argument("out", metavar="OUT")
@click.option("--quiet", is_flag=True, help="Report no progress.")
def verify(out: str, quiet: bool) -> int:
    """Prove the data set OUT whole: every byte is what it was when it was written.

    Prints a line for each fault, and then exits with 3.
    """
    from ..progress import progress
    from ..sink.verify import verify as prove

    with progress(quiet) as reports:
        faults = prove(out, reports)
    output.say("\n".join(f"{out}/{fault}" for fault in faults) if faults else f"{out}: whole")
    return Exit.DAMAGED if faults else Exit.DONE
