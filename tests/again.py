"""Reports the tests that passed only when they were run again, in CI, and fails if there were many.

A plugin beside pytest-rerunfailures: `pytest -p tests.again --reruns 1 …`. Why: docs/decisions/0064.
"""

import pytest

MOST = 2  # in one run


def _first_failures(config: pytest.Config) -> list[pytest.TestReport]:
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    return reporter.stats.get("rerun", []) if reporter else []


def pytest_sessionfinish(session: pytest.Session) -> None:
    if len(_first_failures(session.config)) > MOST:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Show why each of them failed the first time."""
    failures = _first_failures(config)
    if not failures:
        return
    terminalreporter.section("run again")
    for report in failures:
        terminalreporter.write_line(f"{report.nodeid}, the first time:", bold=True)
        terminalreporter.write_line(report.longreprtext)
    if len(failures) > MOST:
        terminalreporter.write_line(f"FAILED: {len(failures)} tests were run again; {MOST} may be.", red=True)
