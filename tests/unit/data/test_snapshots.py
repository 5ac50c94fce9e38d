"""What a source said is kept byte for byte, and a change in it is noticed before it is read."""

import json
import os
import signal
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import pytest

from ivp_analysis.data.snapshots import list_snapshots, list_strays, open_snapshot, take_snapshot
from ivp_analysis.data.workspace import Workspace, init_workspace
from ivp_analysis.errors import SnapshotError, UsageError, WorkspaceError

DAY = date(2025, 2, 15)


def test_a_snapshot_is_the_file_byte_for_byte_with_its_origin(workspace: Workspace, tmp_path: Path) -> None:
    file = tmp_path / "cijfers één.csv"
    file.write_bytes(b"\xef\xbb\xbfa;b\r\n1;2\r\n")
    taken = take_snapshot(
        workspace, "politie-47013", file, taken_on=DAY, url="https://example.org", modified="2025-02-14"
    )
    assert taken.path == workspace.raw / "politie-47013" / "2025-02-15" / "cijfers één.csv"
    assert open_snapshot(taken).read_bytes() == file.read_bytes()
    origin = json.loads(taken.path.with_name(taken.path.name + ".origin.json").read_text(encoding="utf-8"))
    assert origin["bytes"] == 13
    assert origin["simulated"] is False
    assert (origin["url"], origin["modified"]) == ("https://example.org", "2025-02-14")
    assert list_snapshots(workspace) == [taken]
    assert len(taken.id) == 12


def test_the_same_content_again_is_the_same_snapshot(workspace: Workspace) -> None:
    first = take_snapshot(workspace, "cbs-37230", b"same", name="a.csv", taken_on=DAY)
    again = take_snapshot(workspace, "cbs-37230", b"same", name="b.csv", taken_on=date(2025, 3, 1))
    assert again == first
    assert list_snapshots(workspace) == [first]
    assert [path.name for path in (workspace.raw / "cbs-37230").iterdir()] == ["2025-02-15"]


def test_other_content_of_one_day_gets_a_number_and_every_vintage_stays(workspace: Workspace) -> None:
    names = [
        take_snapshot(workspace, "cbs-37230", f"{i}".encode(), name="a.csv.gz", taken_on=DAY).path.name
        for i in range(11)
    ]
    assert names[:3] == ["a.csv.gz", "a-2.csv.gz", "a-3.csv.gz"]
    kept = list_snapshots(workspace, "cbs-37230")
    assert [s.path.name for s in kept] == names, "oldest first, also after the tenth"


def test_a_changed_file_is_refused_before_it_is_read(workspace: Workspace) -> None:
    taken = take_snapshot(workspace, "cbs-83651", b"a;b\n1;2\n", name="diefstal.csv")
    taken.path.write_bytes(b"a;b\n1;3\n")
    with pytest.raises(SnapshotError) as caught:
        open_snapshot(taken)
    assert "diefstal.csv" in caught.value.where
    assert 'ivp import "diefstal.csv" --source cbs-83651' in caught.value.todo


@pytest.mark.parametrize("spoil", ["changed", "gone"])
def test_following_the_advice_puts_the_file_right(workspace: Workspace, tmp_path: Path, spoil: str) -> None:
    file = tmp_path / "diefstal.csv"
    file.write_bytes(b"a;b\n1;2\n")
    taken = take_snapshot(workspace, "cbs-83651", file, taken_on=DAY)
    if spoil == "changed":
        taken.path.write_bytes(b"a;b\n1;3\n")
    else:
        taken.path.unlink()
    assert take_snapshot(workspace, "cbs-83651", file, taken_on=date(2025, 3, 1)) == taken
    assert open_snapshot(taken).read_bytes() == file.read_bytes()
    assert (list_snapshots(workspace), list_strays(workspace)) == ([taken], [])


def test_what_was_fetched_is_fetched_again_and_what_is_simulated_comes_from_the_project(
    workspace: Workspace,
) -> None:
    fetched = take_snapshot(workspace, "cbs-83651", b"x", name="83651NED.csv.gz", url="https://example.org")
    sample = take_snapshot(workspace, "halt", b"x", name="halt.csv.gz", simulated=True)
    for taken, says in ((fetched, "ivp fetch --source cbs-83651"), (sample, "git checkout data/raw/sample")):
        taken.path.write_bytes(b"y")
        with pytest.raises(SnapshotError) as caught:
            open_snapshot(taken)
        assert says in caught.value.todo
        assert "ivp import" not in caught.value.todo


def test_a_removed_file_is_reported_not_forgotten(workspace: Workspace) -> None:
    taken = take_snapshot(workspace, "cbs-83651", b"x", name="diefstal.csv")
    taken.path.unlink()
    assert list_snapshots(workspace) == [taken]
    with pytest.raises(SnapshotError, match="gone"):
        open_snapshot(taken)


def test_a_file_without_origin_is_no_snapshot_and_taking_it_again_finishes_it(workspace: Workspace) -> None:
    # This is what stays behind when the machine stops between the file and its origin.
    folder = workspace.raw / "cbs-83651" / DAY.isoformat()
    folder.mkdir(parents=True)
    (folder / "diefstal.csv").write_bytes(b"whole")
    assert list_snapshots(workspace) == []
    assert [path.name for path in list_strays(workspace)] == ["diefstal.csv"]
    taken = take_snapshot(workspace, "cbs-83651", b"whole", name="diefstal.csv", taken_on=DAY)
    assert taken.path == folder / "diefstal.csv"
    assert list_strays(workspace) == []


def test_a_stray_with_other_content_is_never_overwritten(workspace: Workspace) -> None:
    folder = workspace.raw / "cbs-83651" / DAY.isoformat()
    folder.mkdir(parents=True)
    (folder / "diefstal.csv").write_bytes(b"of the analyst")
    taken = take_snapshot(workspace, "cbs-83651", b"new", name="diefstal.csv", taken_on=DAY)
    assert taken.path.name == "diefstal-2.csv"
    assert (folder / "diefstal.csv").read_bytes() == b"of the analyst"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        '{"source": "cbs-83651"}',
        '{"source": 1, "file": "d.csv", "sha256": "", "bytes": 1}',
        "null",
    ],
)
def test_a_damaged_origin_is_an_error_that_names_it(workspace: Workspace, text: str) -> None:
    taken = take_snapshot(workspace, "cbs-83651", b"x", name="d.csv")
    taken.path.with_name("d.csv.origin.json").write_text(text, encoding="utf-8")
    with pytest.raises(SnapshotError, match=r"d\.csv\.origin\.json"):
        list_snapshots(workspace)


def test_the_sample_counts_only_where_nothing_real_was_taken(workspace: Workspace) -> None:
    sample = take_snapshot(workspace, "politie-47013", b"drawn", name="s.csv", taken_on=DAY, simulated=True)
    assert sample.path.parent == workspace.raw / "sample" / "politie-47013" / "2025-02-15"
    assert list_snapshots(workspace) == [sample]
    real = take_snapshot(workspace, "cbs-37230", b"said", name="r.csv", taken_on=DAY)
    assert list_snapshots(workspace) == [real]


@pytest.mark.parametrize(
    "name",
    [
        'a<b>:"c|d?.csv', "../../escape.csv", "nul\x00.csv", "x.origin.json", "...", "NUL.csv", "com1", ". .",
        "C:\\Windows\\x.csv", f"{'é' * 400}.csv.gz", "\udcff.csv", "a\u202eb.csv",
    ],
)  # fmt: skip
def test_names_are_made_safe_for_every_system(workspace: Workspace, name: str) -> None:
    taken = take_snapshot(workspace, "survey", b"x", name=name, taken_on=DAY)
    assert taken.path.parent == workspace.raw / "survey" / "2025-02-15"
    assert not set('<>:"/\\|?*\x00') & set(taken.path.name)
    assert taken.path.name.partition(".")[0].upper() not in ("NUL", "COM1")
    assert len(taken.path.name.encode()) < 220
    assert taken.path.suffix == ".gz" or not name.endswith(".gz")
    assert list_snapshots(workspace) == [taken]


def test_a_clock_that_was_set_back_stops_the_taking(workspace: Workspace) -> None:
    newest = take_snapshot(workspace, "cbs-37230", b"new", name="a.csv", taken_on=date(2999, 1, 1))
    with pytest.raises(WorkspaceError, match=r"the clock says .* taken on 2999-01-01"):
        take_snapshot(workspace, "cbs-37230", b"newer", name="b.csv")
    assert list_snapshots(workspace) == [newest]
    assert take_snapshot(workspace, "cbs-83651", b"newer", name="b.csv").taken_on == date.today()


def test_a_copy_interrupted_on_an_earlier_day_goes_once_its_bytes_are_kept(workspace: Workspace) -> None:
    folder = workspace.raw / "cbs-83651" / "2025-02-14"
    folder.mkdir(parents=True)
    (folder / "diefstal.csv").write_bytes(b"whole")
    (folder / "ander.csv").write_bytes(b"of the analyst")
    taken = take_snapshot(workspace, "cbs-83651", b"whole", name="diefstal.csv", taken_on=DAY)
    assert open_snapshot(taken).read_bytes() == b"whole"
    assert [path.name for path in list_strays(workspace)] == ["ander.csv"]


def test_files_touched_by_a_synchronised_folder_are_the_same_snapshots(workspace: Workspace) -> None:
    first = take_snapshot(workspace, "cbs-83651", b"a", name="a.csv", taken_on=DAY)
    second = take_snapshot(workspace, "cbs-83651", b"b", name="b.csv", taken_on=DAY)
    for age, path in enumerate(workspace.raw.rglob("*")):
        os.utime(path, (age, 2_000_000_000 - age))
    assert list_snapshots(workspace) == [first, second]
    assert open_snapshot(first).read_bytes() == b"a"


@pytest.mark.parametrize("source", ["", "sample", "../x", "Politie 47013"])
def test_a_source_that_is_no_id_is_refused(workspace: Workspace, source: str) -> None:
    with pytest.raises(UsageError):
        take_snapshot(workspace, source, b"x", name="a.csv")


def test_a_process_killed_at_any_moment_leaves_whole_snapshots_only(tmp_path: Path) -> None:
    workspace = init_workspace(tmp_path / "w")
    script = (
        "import sys\nfrom pathlib import Path\n"
        "from ivp_analysis.data.workspace import Workspace\n"
        "from ivp_analysis.data.snapshots import take_snapshot\n"
        "place = Workspace(Path(sys.argv[1]), Path(sys.argv[1]))\nprint('ready', flush=True)\n"
        "for i in range(10**6):\n"
        "    take_snapshot(place, 'cbs-83651', f'{i}'.encode() * 50_000, name='a.csv')\n"
    )
    for pause in (0.05, 0.11, 0.23):
        child = subprocess.Popen([sys.executable, "-c", script, str(workspace.root)], stdout=subprocess.PIPE)
        assert child.stdout is not None
        child.stdout.readline()
        time.sleep(pause)
        child.send_signal(signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)
        child.wait()
        child.stdout.close()
        for snapshot in list_snapshots(workspace):
            open_snapshot(snapshot)
    assert list_snapshots(workspace)
