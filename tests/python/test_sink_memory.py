"""Peak memory does not depend on the number of rows."""

from sink_toy import python

SCRIPT = """
import resource, sys
from pathlib import Path
from sink_toy import make
make(Path(sys.argv[1]), int(sys.argv[2]), shard_rows=1000)
make(Path(sys.argv[1]), int(sys.argv[2]), resume=True)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def test_peak_memory(tmp_path):
    peaks = []
    for count in (5_000, 50_000):
        done = python(SCRIPT, str(tmp_path / str(count)), str(count))
        assert done.returncode == 0, done.stderr
        peaks.append(int(done.stdout))
    # 45,000 further rows are 95 MB; columns kept by mistake would be 4 MB.
    assert peaks[1] - peaks[0] < 3_000, peaks
