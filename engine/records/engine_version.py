"""Which version of the program runs, as every record of a run says it."""


def engine_version() -> str:
    """The version of the program that runs."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("fordela")
    except PackageNotFoundError:
        return "unknown"
