"""Worker processes: fresh for each call where the system can fork, and a death that ends one call only."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import partial
from importlib import import_module
from pathlib import Path

import pytest

from ivp_analysis.errors import InputError, UsageError
from ivp_analysis.registry import slug
from ivp_analysis.report.run.pool import WorkerLostError, WorkerPool
from ivp_analysis.report.run.worker import CAN_FORK

needs_fork = pytest.mark.skipif(not CAN_FORK, reason="this system cannot fork")
LEAVE_A_MARK = "import os; os.environ['IVP_MARK'] = 'dirty'"
SEE_THE_MARK = "__import__('os').environ.get('IVP_MARK')"
THREADS = "len(__import__('os').listdir('/proc/self/task'))"


@pytest.fixture(params=[pytest.param(True, marks=needs_fork, id="fork"), pytest.param(False, id="plain")])
def pool(request: pytest.FixtureRequest) -> Iterator[WorkerPool]:
    with WorkerPool(2, limit=20, fork=request.param) as made:
        yield made


def test_a_call_gives_its_result_or_raises_what_it_raised(pool: WorkerPool) -> None:
    assert pool.submit(divmod, 7, 2).result() == (3, 1)
    with pytest.raises(ZeroDivisionError):
        pool.submit(divmod, 7, 0).result()
    with pytest.raises(InputError, match="cannot name a file") as caught:
        pool.submit(slug, "日本").result()
    assert "Latin letters" in caught.value.todo


@pytest.mark.parametrize(
    "death", [(os._exit, 3), (os.kill, 0, 9), (os.abort,)], ids=["exit", "kill", "abort"]
)
def test_a_death_ends_one_call_only(pool: WorkerPool, death: tuple[object, ...]) -> None:
    lost = pool.submit(*death)  # type: ignore[arg-type]
    others = [pool.submit(divmod, n, 2) for n in range(6)]
    with pytest.raises(WorkerLostError, match="the process stopped"):
        lost.result()
    assert [other.result() for other in others] == [divmod(n, 2) for n in range(6)]


@pytest.mark.parametrize("fork", [pytest.param(True, marks=needs_fork), False])
def test_what_takes_too_long_is_stopped_with_all_that_it_started(fork: bool, tmp_path: Path) -> None:
    late = tmp_path / "late"
    with WorkerPool(1, limit=1, fork=fork) as pool:
        start = time.monotonic()
        with pytest.raises(WorkerLostError, match="stopped after 1 seconds"):
            pool.submit(os.system, f"sleep 3; touch {late}").result()
        assert time.monotonic() - start < 3
        assert pool.submit(divmod, 7, 2).result() == (3, 1)
    time.sleep(max(0.0, 3.5 - (time.monotonic() - start)))
    assert not late.exists()


@needs_fork
def test_nothing_of_a_call_reaches_the_next_and_all_inherit_what_was_prepared() -> None:
    with WorkerPool(1) as pool:
        pool.prepare = partial(import_module, "wave")
        parents = {pool.submit(os.getppid).result() for _ in range(3)}
        children = {pool.submit(os.getpid).result() for _ in range(3)}
        assert (len(parents), len(children)) == (1, 3)
        pool.submit(exec, LEAVE_A_MARK).result()
        assert pool.submit(eval, SEE_THE_MARK).result() is None
        assert pool.submit(eval, "'wave' in __import__('sys').modules").result() is True
        assert pool.submit(eval, THREADS).result() == 1


def test_a_fault_in_preparing_is_the_fault_of_each_call(pool: WorkerPool) -> None:
    pool.prepare = os.abort
    for _ in range(2):
        with pytest.raises(WorkerLostError):
            pool.submit(os.getpid).result()
    pool.prepare = None
    assert pool.submit(divmod, 7, 2).result() == (3, 1)


@needs_fork
def test_workers_end_when_their_driver_is_killed() -> None:
    code = (
        "import os, time; from ivp_analysis.report.run.pool import WorkerPool; pool = WorkerPool(1);"
        "print(pool.submit(os.getppid).result(), flush=True); pool.submit(time.sleep, 60); time.sleep(60)"
    )
    driver = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert driver.stdout is not None
    worker = int(driver.stdout.readline())
    driver.kill()
    driver.wait()
    driver.stdout.close()
    end = time.monotonic() + 10
    while _is_alive(worker) and time.monotonic() < end:
        time.sleep(0.1)
    assert not _is_alive(worker)


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return not Path(f"/proc/{pid}/stat").is_file() or ") Z " not in Path(f"/proc/{pid}/stat").read_text()


def test_no_workers_at_all_is_wrong_use() -> None:
    with pytest.raises(UsageError, match="0 workers"):
        WorkerPool(0)
