"""The monitor on real figures that are yearly only: a page of a few sentences instead of a failure."""

import pytest

from ivp_analysis.data.workspace import Workspace
from ivp_analysis.errors import UsageError
from ivp_analysis.report.monitor import notebook as report


def test_yearly_figures_leave_nothing_to_watch_and_the_page_says_so(real_workspace: Workspace) -> None:
    book = report.open_monitor(str(real_workspace.root))
    assert book.watched == []
    assert report.summarise_monitor(book, []) == [
        "In deze gegevens staan geen maandcijfers. Er is daarom niets om per maand te volgen."
    ]
    targets = report.watch_targets(book)
    assert {t.absent for t in targets} <= {
        "deze bron heeft geen maandcijfers",
        "de bron ontbreekt in deze gegevens",
        "onze cijfers geven een andere uitgangswaarde dan het plan",
    }
    for section in (
        report.signal_section,
        report.change_section,
        report.series_section,
        report.account_section,
    ):
        assert section(book).html()
    assert "niet te beoordelen" in report.target_section(book, targets).html()
    with pytest.raises(UsageError, match="no figures over 2021-05"):
        report.open_monitor(str(real_workspace.root), month="2021-05")
