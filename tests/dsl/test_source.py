"""The bytes of a rule file become numbered lines of rules, and nothing in it is lost silently."""

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsl.source import (
    MAX_BYTES,
    MAX_LINE_LENGTH,
    MAX_LINES,
    Source,
    Span,
    read_source,
)

RULESETS = Path(__file__).parents[2] / "rulesets"


def read(text: str, file: str = "regler.fordela") -> Source:
    return read_source(file, text.encode())


def codes(source: Source) -> list[str]:
    return [line.code for line in source.lines]


def faults(source: Source) -> list[tuple[str, int]]:
    return [(fault.code, fault.span.line) for fault in source.faults]


# ---------------------------------------------------------------- plain files


def test_a_line_has_its_words_its_comment_and_its_place() -> None:
    (line,) = read("\n  pott A = 4 kr  # enligt bilagan\n").lines
    assert line.code == "pott A = 4 kr"
    assert line.comment == "# enligt bilagan"
    whole = "  pott A = 4 kr  # enligt bilagan"
    assert line.span == Span("regler.fordela", 2, 3, 16)
    assert line.span.text == whole
    assert whole[line.span.column - 1 : line.span.end - 1] == line.code


def test_blank_lines_and_whole_comments_are_left_out() -> None:
    source = read("# rubrik\n\n \t \nregelverk A\n   # mer\nbudgetår 2024")
    assert [(line.code, line.span.line) for line in source.lines] == [
        ("regelverk A", 4),
        ("budgetår 2024", 6),
    ]
    assert not source.faults


@pytest.mark.parametrize(
    ("text", "code"),
    [("källa C# och F#", "källa C# och F#"), ("källa nr#1 # hm", "källa nr#1"), ("#a # b", None)],
)
def test_a_comment_begins_at_the_start_or_after_a_blank(text: str, code: str | None) -> None:
    assert codes(read(text)) == ([] if code is None else [code])


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_lines_may_end_in_any_way(ending: str) -> None:
    source = read(ending.join(("regelverk A", "", "budgetår 2024", "")))
    assert [(line.code, line.span.line) for line in source.lines] == [
        ("regelverk A", 1),
        ("budgetår 2024", 3),
    ]


def test_a_byte_order_mark_is_no_part_of_the_first_word() -> None:
    source = read_source("regler.fordela", b"\xef\xbb\xbf" + b"regelverk A")
    assert codes(source) == ["regelverk A"]
    assert source.lines[0].span.column == 1
    assert not source.faults


def test_letters_are_the_same_however_they_were_composed() -> None:
    text = "pott Öst på Åland = 4 kr"
    apart = unicodedata.normalize("NFD", text)
    assert apart != text
    (line,) = read(apart).lines
    assert line.code == text
    assert line.span.end == len(text) + 1


@pytest.mark.parametrize("blank", ["\u00a0", "\u2009", "\u202f", "\t"])
def test_blanks_of_other_kinds_are_kept_within_a_line(blank: str) -> None:
    assert codes(read(f"{blank}pott A ={blank}4 kr{blank}")) == [f"pott A ={blank}4 kr"]


def test_an_empty_file_has_no_rules() -> None:
    for text in ("", "\n\n", "# bara en kommentar", "\ufeff"):
        assert faults(read(text)) == [("F013", 1)]


# ---------------------------------------------------------------- what cannot be read


def test_bytes_that_are_no_utf_8_are_shown_where_they_stand() -> None:
    source = read_source("regler.fordela", "regelverk A\nbudgetår 2024".encode("cp1252"))
    (fault,) = source.faults
    assert not source.lines
    assert (fault.code, fault.data) == ("F011", {"line": 2, "byte": "0xE5"})
    assert fault.span == Span("regler.fordela", 2, 7, 8)
    assert fault.span.text == "budgetår 2024"


@pytest.mark.parametrize("char", ["\u200b", "\u202e", "\u00ad", "\x00", "\x1b", "\ue000"])
def test_invisible_characters_are_pointed_at(char: str) -> None:
    source = read(f"regelverk A\n pott{char} B = 4 kr\n")
    (fault,) = source.faults
    assert fault.code == "F018"
    assert fault.span == Span("regler.fordela", 2, 6, 7)
    assert fault.data == {"character": f"U+{ord(char):04X}"}


def test_invisible_characters_in_a_comment_do_no_harm() -> None:
    source = read("regelverk A # \u200b\n")
    assert codes(source) == ["regelverk A"]
    assert not source.faults


def test_a_line_has_a_longest_length() -> None:
    longest = "regelverk " + "A" * (MAX_LINE_LENGTH - 10)
    assert codes(read(longest)) == [longest]
    source = read(f"budgetår 2024\n{longest}A\n")
    (fault,) = source.faults
    assert (fault.code, fault.span.line) == ("F016", 2)
    assert fault.data == {"length": MAX_LINE_LENGTH + 1, "limit": MAX_LINE_LENGTH}
    assert fault.span.end <= len(fault.span.text) + 1


def test_a_file_has_a_largest_size_and_a_largest_number_of_lines() -> None:
    assert faults(read_source("a", b"\n" * (MAX_BYTES + 1))) == [("F010", 1)]
    assert faults(read("\n" * MAX_LINES)) == [("F012", MAX_LINES + 1)]
    assert faults(read("\n" * (MAX_LINES - 1))) == [("F013", 1)]


# ---------------------------------------------------------------- Markdown


FENCED = """# God och nära vård

Prosa med pott A = 4 kr.

```fördela
regelverk A
budgetår 2024
```

Mer prosa.

~~~ Fordela extra
  mottagare regioner
~~~
"""


@pytest.mark.parametrize("file", ["regler.md", "REGLER.MD", "regler.markdown"])
def test_in_markdown_only_fenced_lines_are_rules(file: str) -> None:
    source = read(FENCED, file)
    assert [(line.code, line.span.line) for line in source.lines] == [
        ("regelverk A", 6),
        ("budgetår 2024", 7),
        ("mottagare regioner", 13),
    ]
    assert not source.faults


def test_elsewhere_a_fence_is_no_fence() -> None:
    assert codes(read("```fördela\nregelverk A\n```\n")) == ["```fördela", "regelverk A", "```"]


@pytest.mark.parametrize("info", ["python", "text fördela", "sh", "JSON", "markdown"])
def test_fences_of_other_things_are_prose(info: str) -> None:
    assert faults(read(f"```{info}\nregelverk A\n```\n", "a.md")) == [("F013", 1)]


@pytest.mark.parametrize("inside", ["S2023/03334", "Pengarna går till SKR.", "> pott A = 4 kr"])
def test_an_unmarked_block_without_rules_is_prose(inside: str) -> None:
    assert faults(read(f"```\n{inside}\n```\n", "a.md")) == [("F013", 1)]


RULES = "pott A = 4 kr\n  500 kr till varje region"


@pytest.mark.parametrize("info", ["", "regler", "# fördela"])
def test_rules_in_an_unmarked_block_are_pointed_at(info: str) -> None:
    source = read(f"text\n```{info}\n{RULES}\n```\n", "a.md")
    assert faults(source) == [("F027", 2)]
    assert codes(source) == ["pott A = 4 kr", "500 kr till varje region"]


@pytest.mark.parametrize(("opening", "closing"), [("``", "```"), ("~", "~~~"), ("´´´", "´´´")])
def test_rules_behind_a_damaged_fence_are_pointed_at(opening: str, closing: str) -> None:
    source = read(f"text\n{opening}fördela\n{RULES}\n{closing}\ntext\n", "a.md")
    assert faults(source) == [("F027", 2)]
    assert codes(source) == ["pott A = 4 kr", "500 kr till varje region"]


@pytest.mark.parametrize("before", ["", "text.\n", "text.\n\n"])
@pytest.mark.parametrize("slip", ["", "  resten efterr befolkning\n"])
def test_rules_that_no_fence_opens_are_pointed_at(before: str, slip: str) -> None:
    text = f"# A\n{before}{RULES}\n{slip}```\ntext\n\n```fördela\npott B = 4 kr\n```\n"
    source = read(text, "a.md")
    assert faults(source) == [("F027", 2 + before.count("\n"))]
    assert codes(source)[:2] == ["pott A = 4 kr", "500 kr till varje region"]
    assert codes(source)[-1] == "pott B = 4 kr"


def test_prose_above_another_block_stays_prose() -> None:
    text = "> pott A = 4 kr\n\nResten går till SKR, som\nsamordnar.\n```\nx\n```\n"
    assert faults(read(text, "a.md")) == [("F013", 1)]


@pytest.mark.parametrize("between", ["", "\nMer text om\npotten.\n\n# B\n\nBeslut fattas.\n"])
@pytest.mark.parametrize("fence", ["```fördela", "```fördella", "```text"])
def test_a_fence_within_rules_shows_that_the_one_before_has_no_end(
    between: str, fence: str
) -> None:
    source = read(f"text\n```fördela\n{RULES}\n{between}{fence}\npott B = 4 kr\n```\n", "a.md")
    (fault, *_) = source.faults
    assert (fault.code, fault.data["opened"]) == ("F028", 2)
    assert [code for code in codes(source) if not code.startswith("pott B")] == RULES.split("\n  ")


@pytest.mark.parametrize(
    "path", sorted(RULESETS.glob("*/*/regler.md")), ids=lambda p: p.parent.name
)
def test_no_fence_of_a_real_decision_can_be_lost_without_a_word(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").split("\n")
    assert not read("\n".join(lines), "regler.md").faults
    for place in (place for place, line in enumerate(lines) if line.startswith("```")):
        source = read("\n".join(lines[:place] + lines[place + 1 :]), "regler.md")
        assert [code for code, _ in faults(source)] in (["F027"], ["F028"], ["F014"])


@pytest.mark.parametrize("start", [b"PK\x03\x04", b"\xd0\xcf\x11\xe0"])
def test_a_word_document_is_no_rule_file(start: bytes) -> None:
    assert faults(read_source("regler.md", start + b"\x00\xff")) == [("F029", 1)]


@pytest.mark.parametrize(
    ("opening", "inside", "closing"),
    [
        ("````fördela", "```", "````"),
        ("~~~fördela", "```", "~~~"),
        ("```fördela", "~~~", "`````"),
        ("   ```  fördela", "``` x", " ``` "),
    ],
)
def test_a_fence_ends_with_as_many_marks_of_its_kind(
    opening: str, inside: str, closing: str
) -> None:
    source = read(f"{opening}\n{inside}\n{closing}\nprosa\n", "a.md")
    assert codes(source) == [inside]
    assert not source.faults


def test_a_fence_in_an_indented_block_is_prose() -> None:
    assert faults(read("    ```fördela\n    regelverk A\n    ```\n", "a.md")) == [("F013", 1)]


def test_a_fence_that_is_never_closed_is_pointed_at() -> None:
    source = read("```fördela\nregelverk A\n```\n\n```fördela\nbudgetår 2024\n", "a.md")
    (fault,) = source.faults
    assert (fault.code, fault.span) == ("F014", Span("a.md", 5, 1, 11))


def test_another_fence_that_is_never_closed_is_no_ones_business() -> None:
    source = read("```fördela\nregelverk A\n```\n```python\nbudgetår 2024\n", "a.md")
    assert codes(source) == ["regelverk A"]
    assert not source.faults


@pytest.mark.parametrize("word", ["fördella", "fordelala", "FÖRDELLA", "förela"])
def test_a_damaged_fence_word_never_turns_rules_into_prose(word: str) -> None:
    source = read(f"prosa\n```{word}\nregelverk A\n```\n", "a.md")
    (fault,) = source.faults
    assert fault.code == "F015"
    assert fault.data == {"word": word}
    assert fault.span == Span("a.md", 2, 4, 4 + len(word))


# ---------------------------------------------------------------- for all files

LINES = st.lists(
    st.sampled_from(
        [
            "```fördela",
            "```",
            "``fördela",
            "~~~ fordela",
            "~~~",
            "````",
            "regelverk A # x",
            " ",
            "p",
        ]
    )
    | st.text(max_size=8),
    max_size=8,
)


@given(LINES, st.sampled_from(["\n", "\r\n"]), st.sampled_from(["a.md", "a.fordela"]))
def test_every_place_is_within_its_line(lines: list[str], ending: str, file: str) -> None:
    source = read_source(file, ending.join(lines).encode("utf-8", "replace"))
    assert source.lines or source.faults
    spans = [line.span for line in source.lines] + [fault.span for fault in source.faults]
    for span in spans:
        assert span.file == file
        assert span.line >= 1
        assert 1 <= span.column <= span.end <= len(span.text) + 1


@given(LINES)
def test_a_plain_file_loses_no_words(lines: list[str]) -> None:
    text = "\n".join(lines).encode("utf-8", "replace").decode()
    source = read(text)
    kept = "".join(f"{line.code}{line.comment}" for line in source.lines)
    dropped = [fault for fault in source.faults if fault.code == "F018"]
    written = unicodedata.normalize("NFC", text).split("\n")
    expected = "".join(line for line in written if not line.lstrip().startswith("#"))
    if not dropped and not set(text) & {"\r", "\ufeff"}:
        assert "".join(kept.split()) == "".join(expected.split())
