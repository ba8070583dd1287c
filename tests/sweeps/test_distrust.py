"""Folders of sweeps that were damaged, edited, mixed up or taken: a message or the same files again, never a guess."""

from __future__ import annotations

import errno
import json
import shutil
import warnings
from contextlib import suppress
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from scipy import stats

import gasflow as gf
from gasflow.errors import FolderError, GasflowError
from gasflow.sweeps.manifest import differences, manifest_content
from gasflow.sweeps.plan import plan_sweep
from gasflow.sweeps.seal import is_sealed
from gasflow.sweeps.store import Store
from gasflow.sweeps.sweep import Executor, run_plan
from tests.sweeps.test_resume import contents

OUTPUTS = ["prices.B", "unserved.total"]


def swept(folder: Path, resume: bool = False, seed: int = 1, low: float = 0.5) -> gf.Sweep:
    """Six scenarios in three chunks."""
    draws = gf.sample(6, seed, gf.DemandChange(stats.uniform(low, 1.0)))
    return gf.sweep(gf.Model(gf.toys.two_nodes(), threads=1), draws, OUTPUTS, folder, chunk=2, resume=resume)


@pytest.fixture(scope="module")
def pristine(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("pristine") / "out"
    swept(folder)
    return folder


@pytest.fixture
def folder(pristine, tmp_path) -> Path:
    return Path(shutil.copytree(pristine, tmp_path / "out"))


def chunk(folder: Path, number: int = 1) -> Path:
    return folder / "chunks" / f"chunk-{number:04d}.parquet"


def edited_with_pandas(folder: Path) -> None:
    frame = pd.read_parquet(chunk(folder))
    frame.loc[0, "prices.B"] = 9999.0
    frame.to_parquet(chunk(folder))


def edited_with_its_marks(folder: Path) -> None:
    """A price is edited by someone who keeps every word the file says about itself."""
    file = pq.ParquetFile(chunk(folder))
    table = file.read()
    prices = pa.array([9999.0] * table.num_rows)
    table = table.set_column(table.column_names.index("prices.B"), "prices.B", prices)
    said = file.metadata.metadata[b"gasflow"]
    file.close()
    with pq.ParquetWriter(chunk(folder), table.schema, compression="zstd") as writer:
        writer.write_table(table)
        writer.add_key_value_metadata({b"gasflow": said})


def without_a_column(folder: Path) -> None:
    pd.read_parquet(chunk(folder)).drop(columns="prices.B").to_parquet(chunk(folder))


def text_for_numbers(folder: Path) -> None:
    pd.read_parquet(chunk(folder)).astype({"prices.B": str}).to_parquet(chunk(folder))


def of_another_seed(folder: Path) -> None:
    swept(folder.with_name("other"), seed=2)
    shutil.copy(chunk(folder.with_name("other")), chunk(folder))


def of_other_scenarios(folder: Path) -> None:
    shutil.copy(chunk(folder, 0), chunk(folder))


def cut_short(folder: Path) -> None:
    chunk(folder).write_bytes(chunk(folder).read_bytes()[:-7])


def emptied(folder: Path) -> None:
    chunk(folder).write_bytes(b"")


DAMAGES = [
    edited_with_pandas, edited_with_its_marks, without_a_column, text_for_numbers, of_another_seed,
    of_other_scenarios, cut_short, emptied,
]  # fmt: skip


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_chunk_that_is_not_as_it_was_written_is_computed_again_and_said(damage, folder, pristine):
    done = swept(folder, resume=True)
    damage(folder)
    with pytest.raises(FolderError, match=r"chunk-0001\.parquet.*resume"):
        done.table()
    with pytest.warns(UserWarning, match=r"1 chunk .*chunk-0001\.parquet"):
        again = swept(folder, resume=True)
    assert contents(folder) == contents(pristine)
    pd.testing.assert_frame_equal(again.summary, done.summary)


@pytest.mark.parametrize("name", ["manifest.json", "chunks/chunk-0001.parquet"])
def test_every_single_flipped_bit_breaks_the_seal(name, pristine):
    content = bytearray((pristine / name).read_bytes())
    assert is_sealed(bytes(content))
    for place in range(len(content)):
        for bit in range(8) if place % 4 == 0 else (place % 8,):
            content[place] ^= 1 << bit
            assert not is_sealed(bytes(content)), (place, bit)
            content[place] ^= 1 << bit


@pytest.mark.slow
def test_a_flipped_bit_anywhere_ends_in_the_same_folder_or_a_message(folder, pristine):
    expected, rng, refused = contents(pristine), np.random.default_rng(3), []
    for name in sorted(expected):
        for place in rng.integers(0, len(expected[name]), 4):
            flipped = bytearray(expected[name])
            flipped[place] ^= 1 << int(rng.integers(8))
            (folder / name).write_bytes(flipped)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", UserWarning)
                try:
                    swept(folder, resume=True)
                except FolderError as error:
                    refused.append((name, "remove that file and resume" in str(error)))
                    (folder / name).unlink()
                    swept(folder, resume=True)
            assert contents(folder) == expected, (name, place)
    assert refused == [("manifest.json", True)] * 4


def test_an_interrupted_sweep_without_its_manifest_does_not_become_another(folder, pristine, tmp_path):
    for name in ("manifest.json", "summary.csv", "certificates.csv", "chunks/chunk-0002.parquet"):
        (folder / name).unlink()
    before = contents(folder)
    with pytest.raises(FolderError, match=r"no manifest\.json.*resume"):
        swept(folder, seed=2)
    assert contents(folder) == before
    with pytest.warns(UserWarning, match=r"2 chunks .*another sweep"):
        swept(folder, resume=True, seed=2)
    swept(tmp_path / "two", seed=2)
    assert contents(folder) == contents(tmp_path / "two")


def test_distributions_that_do_not_say_what_they_are_cannot_be_mixed_up(tmp_path):
    class Odd:
        """Says no more than its name, and differs in one scenario of a thousand."""

        def __init__(self, place: float) -> None:
            self.place = place

        def ppf(self, level):
            return np.where(np.abs(np.asarray(level) - self.place) < 1e-3, 1.2, 1.0)

    def run(place: float, resume: bool) -> gf.Sweep:
        draws = gf.sample(2_000, 1, gf.DemandChange(Odd(place)))
        return gf.sweep(gf.toys.two_nodes(), draws, ["prices.B"], tmp_path / "out", chunk=1_000, resume=resume)

    run(0.3, resume=False)
    with pytest.warns(UserWarning, match="other draws"):
        run(0.6, resume=True)


NO_MANIFESTS = [b"", b"{}", b"\xff\xfe\x00", b'{"seal": "sha256:"}', b"null", b"[" * 100_000]


@pytest.mark.parametrize("text", NO_MANIFESTS)
def test_a_manifest_that_is_none_says_what_to_do(text, folder):
    (folder / "manifest.json").write_bytes(text)
    for resume in (False, True):
        with pytest.raises(FolderError, match="damaged, was changed or is of no sweep"):
            swept(folder, resume=resume)


def test_a_chunk_is_no_manifest(folder):
    shutil.copy(chunk(folder), folder / "manifest.json")
    with pytest.raises(FolderError, match="damaged, was changed or is of no sweep"):
        swept(folder, resume=True)


def test_strays_add_nothing(folder, pristine):
    strays = ["notes.txt", ".DS_Store", "chunks/.DS_Store", "chunks/copy of chunk-0001.parquet", "chunks/x.parquet",
              "chunks/chunk-1.parquet", "chunks/chunk-0003.parquet", "chunks/chunk-9999.parquet"]  # fmt: skip
    for name in strays:
        shutil.copy(chunk(folder), folder / name)
    done = swept(folder, resume=True)
    assert len(done.table()) == 6
    assert {name: content for name, content in contents(folder).items() if name not in strays} == contents(pristine)


WRONG_KINDS = ["manifest.json", "summary.csv", "certificates.csv", "chunks", "chunks/chunk-0001.parquet",
               "chunks/chunk-0001.parquet.part", "manifest.json.part"]  # fmt: skip


@pytest.mark.parametrize("name", WRONG_KINDS)
def test_a_directory_for_a_file_or_a_file_for_a_directory_is_named(name, folder):
    path = folder / name
    if path.is_dir():
        shutil.rmtree(path)
        path.write_bytes(b"")
    else:
        path.unlink(missing_ok=True)
        path.mkdir()
    before = contents(folder)
    with pytest.raises(FolderError, match=name.split("/")[-1]):
        swept(folder, resume=True)
    assert contents(folder) == before


def test_a_folder_that_is_a_file_or_not_allowed_is_refused(tmp_path):
    (tmp_path / "file").write_text("dear")
    with pytest.raises(FolderError, match="is a file"):
        swept(tmp_path / "file")
    with pytest.raises(FolderError, match="cannot be used"):
        swept(tmp_path / "file" / "below")
    with pytest.raises(FolderError, match="cannot be used"):
        swept(tmp_path / ("long" * 100))


def test_a_full_disk_is_named_and_the_sweep_goes_on_when_there_is_room(tmp_path, monkeypatch, pristine):
    written = []

    def full(handle) -> None:
        written.append(handle)
        if len(written) == 3:
            raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("gasflow.sweeps.store.os.fsync", full)
        with pytest.raises(FolderError, match=r"No space left on device.*resume"):
            swept(tmp_path / "out")
    swept(tmp_path / "out", resume=True)
    assert contents(tmp_path / "out") == contents(pristine)


def test_two_sweeps_at_once_are_refused_and_the_first_goes_on(folder, pristine):
    plan = swept(folder, resume=True).plan
    chunk(folder).unlink()
    refused = []

    def second(progress) -> None:
        with suppress(FolderError), pytest.raises(FolderError, match="in use by another sweep") as caught:
            swept(folder, resume=True)
        refused.append(caught)

    run_plan(plan, folder, Executor(1), True, second)
    assert len(refused) == 2
    assert contents(folder) == contents(pristine)


def test_a_sweep_that_ends_before_its_first_chunk_does_not_bar_the_corrected_call(tmp_path, monkeypatch, pristine):
    folder = tmp_path / "out"

    def fails(self, number):
        raise GasflowError("no")

    with monkeypatch.context() as patch:
        patch.setattr("gasflow.sweeps.plan.Plan.columns", fails)
        with pytest.raises(GasflowError, match="no"):
            swept(folder, seed=2)
    assert contents(folder) == {}
    # Killed between the manifest and the first chunk.
    plan = plan_sweep(gf.toys.two_nodes(), gf.sample(6, 2, gf.DemandChange(stats.uniform(0.5, 1.0))), OUTPUTS, 2)
    from gasflow.sweeps.manifest import manifest_text

    (folder / "manifest.json").write_text(manifest_text(plan))
    (folder / "chunks").mkdir()
    swept(folder)
    assert contents(folder) == contents(pristine)


def test_a_summary_is_there_only_when_the_sweep_is_complete(folder):
    plan = swept(folder, resume=True).plan
    chunk(folder).unlink()

    def stop(progress) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_plan(plan, folder, Executor(1), True, stop)
    assert set(contents(folder)) == {"manifest.json", "chunks/chunk-0000.parquet", "chunks/chunk-0002.parquet"}


def test_ctrl_c_says_what_is_kept(tmp_path):
    plan = plan_sweep(gf.toys.two_nodes(), gf.sample(6, 1, gf.DemandChange(stats.uniform(0.5, 1.0))), OUTPUTS, 2)

    def stop(progress) -> None:
        if progress.done == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt) as caught:
        run_plan(plan, tmp_path / "out", Executor(1), False, stop)
    assert "4 of 6 scenarios are kept" in caught.value.__notes__[0]
    assert "resume=True" in caught.value.__notes__[0]


def test_manifests_differ_by_what_fixes_the_numbers(pristine):
    content = manifest_content((pristine / "manifest.json").read_bytes())
    assert content is not None
    assert {"gasflow", "numpy", "numba", "clarabel"} <= set(content["versions"])
    other = json.dumps(content | {"ties": "least", "versions": content["versions"] | {"gasflow": "0.0"}})
    assert differences(content, other) == ["ties", "versions.gasflow"]


def test_chunks_of_another_version_are_not_taken(folder, monkeypatch):
    plan = swept(folder, resume=True).plan
    monkeypatch.setattr("gasflow.sweeps.manifest.__version__", "0.0")
    with pytest.raises(FolderError, match=r"versions\.gasflow"):
        swept(folder, resume=True)
    (folder / "manifest.json").unlink()
    with pytest.warns(UserWarning, match=r"3 chunks .*another sweep"):
        swept(folder, resume=True)
    assert Store(folder, "").held(plan) == [0, 1, 2]
