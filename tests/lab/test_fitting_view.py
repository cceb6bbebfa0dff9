"""A fit that is watched in a real page: the kernel is free meanwhile, Stop keeps the best, what goes wrong is said."""

import re
from collections.abc import Iterator

import pytest
from alignment_page import SPACES, AlignmentPage
from lab_page import NotebookPage
from lab_server import LabServer
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

# Very many steps of many rows, each so small that for minutes they make things better: Stop is what ends them.
MANY = 4000
LIVE = """
fit = ew.align(X, Y, steps=1_000_000, lr=1e-4, k=5, items=items, names=("mine", "yours"), live=True)
w = ew.show(fit)
w
"""
# A cell that waits for the fit. What ends the fit comes from outside: the page has seen enough.
WAITS = """
import pathlib, threading, time

def end():
    while not pathlib.Path("seen").exists():
        time.sleep(0.1)
    fit.stop()

threading.Thread(target=end, daemon=True).start()
print("waiting", flush=True)
r = w.wait(300)
print("stopped" if r.stopped else "over")
"""
# A fit that says nothing for a while, and then fails.
FAILS = """
import threading
go = threading.Event()

def work(course):
    go.wait(60)
    raise ValueError("expected <b>something else</b>; do that")

w = ew.show(ew.Fitting(work, ("mine", "yours"), 10))
w
"""
# The last cell has begun and is not over, and the view has come farther. (The kernel's own status does not tell: it is
# idle between two messages of the view, whatever runs.)
WAITING_AFTER = """
(step) => {
  const cell = [...document.querySelectorAll('.jp-CodeCell')].at(-1);
  const running = cell.querySelector('.jp-InputPrompt').textContent.includes('*');
  const begun = cell.querySelector('.jp-OutputArea')?.textContent.includes('waiting');
  return running && begun && Number(document.querySelector('.embw-fitting')?.dataset.step ?? 0) > step;
}
"""


@pytest.fixture
def live(notebook: NotebookPage) -> Iterator[AlignmentPage]:
    """A view of a fit that nothing but Stop will end."""
    notebook.show(SPACES % MANY, LIVE)
    page = AlignmentPage(notebook)
    page.fitting.scroll_into_view_if_needed()
    expect(page.fitting).to_have_attribute("data-step", re.compile("[1-9].*"))
    yield page
    notebook.ask("fit.stop()")


def test_a_fit_is_linked_to_the_view_beside_it_once_it_is_over(notebook: NotebookPage) -> None:
    beside = "c = ew.compare(X, Y, k=5, items=items, progress=False)\ne = ew.show(c, 'map_pair')\ne"
    live = LIVE.replace("1_000_000", "20").replace("show(fit)", "show(fit, scene=e.scene)")
    notebook.show(SPACES % 240, beside, live)
    view = AlignmentPage(notebook).drawn()
    notebook.ask("w.wait(60); w.selected = [3, 1, 4]")
    pair = notebook.page.locator(".embw-map[data-space=x]")
    expect(pair).to_have_attribute("data-selected", "3")
    notebook.ask("e.selected = [5, 6]")
    expect(view.map).to_have_attribute("data-selected", "2")


def test_the_kernel_is_free_while_it_fits_and_stop_keeps_the_best(live: AlignmentPage) -> None:
    notebook = live.notebook
    assert notebook.ask("print(w.result, w.scene.status, 6 * 7)") == "None fitting 42"
    expect(live.fitting.locator(".embw-fitting-steps")).to_contain_text("of 1,000,000")
    expect(live.fitting.locator("[data-line=loss]")).to_have_attribute("d", re.compile("M.+L.+"))
    expect(live.fitting.locator("[data-line=validation]")).to_have_attribute("d", re.compile("M.+"))
    notebook.photograph("test_the_fit_while_it_goes")
    live.fitting.get_by_role("button", name="Stop and keep the best so far").click()
    live.drawn()
    assert notebook.ask("print(w.wait(10).stopped, w.scene.status, fit.status)") == "stopped stopped stopped"
    assert notebook.ask("print(w.result is fit.result(), len(w.result.history.step) < 1_000_000)") == "True True"
    step = notebook.ask("print(w.result.history.best_step)")
    live.root.locator("summary").click()
    expect(live.root.locator(".embw-history")).to_contain_text(f"best: step {int(step):,}")
    live.slider.fill("100")
    expect(live.map).to_have_attribute("data-position", "1.000")
    assert (
        notebook.ask("import threading; print([t.name for t in threading.enumerate() if 'alignment' in t.name])")
        == "[]"
    )


def test_the_view_follows_the_fit_while_a_cell_waits_for_it(notebook: NotebookPage, lab: LabServer) -> None:
    notebook.fill(SPACES % MANY, LIVE, WAITS)
    notebook.start()
    page = AlignmentPage(notebook)
    expect(page.fitting).to_have_attribute("data-step", re.compile("[1-9].*"))
    notebook.page.wait_for_function(WAITING_AFTER, arg=0)
    step = int(str(page.fitting.get_attribute("data-step")))
    notebook.page.wait_for_function(WAITING_AFTER, arg=step)
    (lab.root / "seen").touch()
    page.drawn()
    expect(notebook.page.locator(".jp-OutputArea-output pre", has_text="stopped")).to_be_visible(timeout=60_000)
    assert notebook.ask("print(r is w.result)") == "True"


def test_a_page_that_goes_away_leaves_the_fit_alone(live: AlignmentPage) -> None:
    step = int(live.notebook.ask("print(fit.step)"))
    live.notebook.reload()
    again = AlignmentPage(live.notebook)
    expect(again.fitting).to_have_attribute("data-status", "fitting")
    assert int(live.notebook.ask("print(fit.step)")) > step
    live.notebook.ask("w.stop()")
    again.drawn()
    live.notebook.until("print(w.scene.status)", "stopped")


def test_a_fit_that_says_nothing_has_a_phase_and_moves_and_what_it_raises_is_said(notebook: NotebookPage) -> None:
    notebook.show("import embwidget as ew", FAILS)
    page = AlignmentPage(notebook)
    page.page.emulate_media(reduced_motion="no-preference")
    expect(page.fitting.locator(".embw-fitting-steps")).to_have_text(
        re.compile(r"Preparing the held-out rows · \d+ s so far")
    )
    bar = page.fitting.get_by_role("progressbar", name="Progress of the fit")
    moving = "(bar) => bar.getAnimations({ subtree: true }).map((one) => one.playState).join()"
    assert bar.evaluate(moving) == "running"
    page.page.emulate_media(reduced_motion="reduce")
    assert bar.evaluate(moving) == ""
    notebook.ask("go.set()")
    problem = page.fitting.get_by_role("alert")
    expect(problem).to_have_text("ValueError: expected <b>something else</b>; do that")
    expect(page.fitting).to_have_attribute("data-status", "failed")
    expect(page.fitting.get_by_role("button")).to_be_disabled()
