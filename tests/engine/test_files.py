"""Files of a ruleset: what is read, what is refused, and the rulesets beside it."""

import os
from pathlib import Path

import pytest

from engine.inputs import files as module
from engine.inputs.files import Files, Folder, Memory, Unreadable, package_data


@pytest.fixture
def rulesets(tmp_path: Path) -> Path:
    for folder in ("2024/nara-vard/data", "2024/besked", "2023/nara-vard"):
        (tmp_path / "rulesets" / folder).mkdir(parents=True)
    (tmp_path / "rulesets/2024/nara-vard/data/a.csv").write_bytes(b"2024")
    (tmp_path / "rulesets/2023/nara-vard/b.csv").write_bytes(b"2023")
    (tmp_path / "secret.csv").write_bytes(b"secret")
    return tmp_path / "rulesets"


@pytest.fixture
def folder(rulesets: Path) -> Folder:
    return Folder(rulesets / "2024/nara-vard")


@pytest.fixture
def memory() -> Memory:
    contents = {"2024/nara-vard/data/a.csv": b"2024", "2023/nara-vard/b.csv": b"2023"}
    return Memory({**contents, "2024/besked/c.csv": b""}, "2024/nara-vard")


@pytest.fixture(params=["folder", "memory"])
def files(request: pytest.FixtureRequest) -> Files:
    both: Files = request.getfixturevalue(request.param)
    return both


def reason(files: Files, path: str) -> str:
    with pytest.raises(Unreadable) as caught:
        files.read(path)
    return caught.value.reason_key


def test_a_file_is_read_by_its_path(files: Files) -> None:
    assert files.read("data/a.csv") == b"2024"


def test_paths_are_listed(files: Files) -> None:
    assert files.paths() == ("data/a.csv",)


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("data/b.csv", "missing"),
        ("data/a.csv/b", "missing"),
        ("../besked/c.csv", "outside"),
        ("data/../../../../secret.csv", "outside"),
        ("/etc/passwd", "outside"),
        ("~/x.csv", "outside"),
        ("data//a.csv", "bad_path"),
        ("./data/a.csv", "bad_path"),
        ("data\\a.csv", "bad_path"),
        ("C:/a.csv", "bad_path"),
        ("data/a\0.csv", "bad_path"),
        ("data/\ud800.csv", "bad_path"),
        ("", "bad_path"),
        ("a" * 10_000, "bad_path"),
    ],
)
def test_other_paths_are_refused(files: Files, path: str, why: str) -> None:
    assert reason(files, path) == why


def test_siblings_of_the_same_and_of_another_year(files: Files) -> None:
    assert files.sibling("2023/nara-vard").read("b.csv") == b"2023"
    assert files.sibling("2023/nara-vard").sibling("2024/nara-vard").paths() == ("data/a.csv",)
    assert files.sibling("besked").sibling("nara-vard").read("data/a.csv") == b"2024"


def test_a_sibling_is_shown_as_a_path_from_here(files: Files) -> None:
    assert files.shown("x.csv") == "x.csv"
    assert files.sibling("besked").shown("x.csv") == "../besked/x.csv"
    assert files.sibling("2023/nara-vard").shown("x.csv") == "../../2023/nara-vard/x.csv"


@pytest.mark.parametrize(
    "name", ["..", "../2024", "a/b", "2023/../x", "23/x", "Åre", "a.b", "", "/"]
)
def test_odd_names_of_rulesets_are_refused(files: Files, name: str) -> None:
    with pytest.raises(Unreadable, match="bad_path"):
        files.sibling(name)


@pytest.mark.parametrize("name", ["nara", "2022/nara-vard", "-"])
def test_rulesets_that_do_not_exist_are_missing(files: Files, name: str) -> None:
    with pytest.raises(Unreadable, match="missing"):
        files.sibling(name)


def test_links_that_leave_the_folder_are_refused(folder: Folder) -> None:
    data = folder.root / "data"
    (data / "out.csv").symlink_to(folder.root.parent.parent.parent / "secret.csv")
    (data / "up").symlink_to(folder.root.parent)
    (data / "in.csv").symlink_to(data / "a.csv")
    (data / "round.csv").symlink_to(data / "round.csv")
    (folder.root.parent / "elsewhere").symlink_to(folder.root.parent.parent.parent)
    assert reason(folder, "data/out.csv") == "outside"
    assert reason(folder, "data/up/besked/c.csv") in {"outside", "missing"}
    assert reason(folder, "data/round.csv") in {"missing", "denied"}
    assert folder.read("data/in.csv") == b"2024"
    with pytest.raises(Unreadable, match="outside"):
        folder.sibling("elsewhere")


def test_only_ordinary_files_are_read(folder: Folder) -> None:
    os.mkfifo(folder.root / "data/pipe.csv")
    assert reason(folder, "data/pipe.csv") == "not_a_file"
    assert reason(folder, "data") == "not_a_file"


def test_large_files_are_refused(files: Files, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_BYTES", 3)
    assert reason(files, "data/a.csv") == "too_large"


def test_files_without_leave_are_denied(folder: Folder) -> None:
    path = folder.root / "data/a.csv"
    path.chmod(0)
    if os.access(path, os.R_OK):
        pytest.skip("the superuser may read everything")
    assert reason(folder, "data/a.csv") == "denied"


def test_a_folder_that_does_not_exist_has_nothing(tmp_path: Path) -> None:
    assert reason(Folder(tmp_path / "nothing"), "a.csv") == "missing"
    assert Folder(tmp_path / "nothing").paths() == ()


def test_hidden_files_are_not_listed(folder: Folder) -> None:
    (folder.root / ".git").mkdir()
    (folder.root / ".git/config").write_bytes(b"")
    (folder.root / ".hidden").write_bytes(b"")
    assert folder.paths() == ("data/a.csv",)


def test_a_folder_may_be_given_relative_to_here(
    rulesets: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(rulesets / "2024/nara-vard")
    here = Folder(Path())
    assert here.read("data/a.csv") == b"2024"
    assert here.sibling("2023/nara-vard").read("b.csv") == b"2023"


def test_memory_of_one_ruleset_needs_no_folder() -> None:
    alone = Memory({"data/a.csv": b"1"})
    assert alone.read("data/a.csv") == b"1"
    assert alone.paths() == ("data/a.csv",)
    with pytest.raises(Unreadable, match="missing"):
        alone.sibling("besked")


def test_the_program_carries_data() -> None:
    assert b"Norrbotten" in package_data("engine.registers", "regioner.csv")


def test_a_name_too_long_for_the_disk_is_denied(folder: Folder) -> None:
    assert reason(folder, "data/" + "a" * 300) == "denied"


def test_a_file_beside_is_no_ruleset(folder: Folder) -> None:
    (folder.root.parent / "utredning").write_bytes(b"")
    with pytest.raises(Unreadable, match="missing"):
        folder.sibling("utredning")
    assert folder.siblings() == ("besked",)


def test_a_place_without_rulesets_or_with_too_many_has_none_beside(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert Folder(folder.root / "nothing/here").siblings() == ()
    monkeypatch.setattr(module, "MAX_SIBLINGS", 1)
    assert folder.siblings() == ()


def test_what_takes_a_files_place_before_it_is_read_is_refused(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.open
    monkeypatch.setattr(os, "open", lambda _path, flags: real(os.devnull, flags))
    assert reason(folder, "data/a.csv") == "not_a_file"


def test_a_name_that_the_locale_cannot_spell_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_such_letter(*_: object) -> Path:
        raise UnicodeEncodeError("ascii", "å", 0, 1, "ordinal not in range")

    monkeypatch.setattr("engine.inputs.files._inside", no_such_letter)
    with pytest.raises(Unreadable, match="missing"):
        Folder(tmp_path).read("data/mål.csv")
