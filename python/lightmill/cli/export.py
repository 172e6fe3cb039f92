"""`lightmill export`."""

import click

from . import output


@click.command()
@click.argument("out", metavar="OUT")
@click.argument("kind", metavar="FORMAT")
@click.argument("path", metavar="[PATH]", required=False)
@click.option("--overwrite", is_flag=True, help="Replace the file that is there.")
@click.option("--quiet", is_flag=True, help="Report no progress.")
def export(out: str, kind: str, path: str | None, overwrite: bool, quiet: bool) -> None:
    """Copy the data set OUT into one file, by default OUT.FORMAT.

    FORMAT is npz: what numpy.load reads, with every array, the targets together as `label`, and the names that
    measurements of galaxies know: img, img_nonoise, psf_img, psf_r, snr, sigma, train_test.
    """
    from ..formats import FORMATS
    from ..formats import export as write
    from ..progress import progress, size

    if kind not in FORMATS:
        raise click.UsageError(f"FORMAT {kind!r} is not known; allowed: {', '.join(FORMATS)}")
    try:
        with progress(quiet) as reports:
            written = write(out, kind, path, overwrite=overwrite, progress=reports)
    except FileExistsError as fault:
        raise click.UsageError(f"{fault} with --overwrite") from None
    output.say(f"{written}: {size(written.stat().st_size)}")
