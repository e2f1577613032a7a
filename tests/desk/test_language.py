"""Which language the program speaks."""

import pytest

from desk.language import language_of


@pytest.mark.parametrize(
    ("arguments", "environment", "language"),
    [
        ([], {}, "sv"),
        ([], {"LANG": "en_US.UTF-8"}, "en"),
        ([], {"LANG": "sv_SE.UTF-8"}, "sv"),
        ([], {"LANG": "en"}, "en"),
        ([], {"LANG": "de_DE.UTF-8"}, "sv"),
        ([], {"LANG": "C"}, "sv"),
        ([], {"LC_ALL": "POSIX", "LANG": "en_US.UTF-8"}, "sv"),
        ([], {"LC_ALL": "", "LC_MESSAGES": "en_GB", "LANG": "sv_SE"}, "en"),
        ([], {"LC_ALL": "en_GB.UTF-8", "LC_MESSAGES": "sv_SE", "LANG": "sv_SE"}, "en"),
        (["--lang", "en"], {"LANG": "sv_SE"}, "en"),
        (["run", "x", "--lang", "en"], {}, "en"),
        (["run", "x", "--lang=sv"], {"LANG": "en_US"}, "sv"),
        (["--lang", "sv", "run", "x", "--lang", "EN"], {}, "en"),
        (["--lang", "de"], {"LANG": "en_US"}, "en"),
        (["--lang"], {}, "sv"),
        (["run", "--", "--lang", "en"], {}, "sv"),
    ],
)
def test_the_option_comes_before_the_environment(
    arguments: list[str], environment: dict[str, str], language: str
) -> None:
    assert language_of(arguments, environment) == language
