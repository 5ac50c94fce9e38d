"""The bar of a run: for people at a terminal, with the job, how many are done and the time left; never in a log."""

import os
import subprocess
import sys
import time

import pytest

CODE = """
import time
from ivp_analysis.report.run.progress_bar import RunBar
with RunBar(3) as bar:
    bar.say("reports")
    for job, outcome in (("region", "made"), ("municipality:vaals", "failed")):
        time.sleep(0.3)
        bar.advance(job, outcome)
"""


def test_a_log_holds_no_bar() -> None:
    done = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("", "")


@pytest.mark.skipif(os.name != "posix", reason="no pseudo-terminal here")
def test_a_terminal_shows_the_job_and_the_time_left() -> None:
    import termios

    ours, theirs = os.openpty()
    # Without a width nothing is drawn.
    termios.tcsetwinsize(theirs, (24, 100))
    process = subprocess.Popen([sys.executable, "-c", CODE], stderr=theirs)
    os.close(theirs)
    shown, end = b"", time.monotonic() + 30
    while time.monotonic() < end:
        try:
            part = os.read(ours, 1 << 16)
        except OSError:
            # Linux says so at the end of a terminal that nobody holds any more.
            break
        if not part:
            break
        shown += part
    os.close(ours)
    assert process.wait(timeout=10) == 0
    last = shown.decode().replace("\r\n", "\r").rstrip("\r").rpartition("\r")[2]
    assert last.startswith("reports |")
    assert "| 2/3 [00:0" in last
    assert " left]" in last
    assert last.rstrip().endswith("municipality:vaals failed")
