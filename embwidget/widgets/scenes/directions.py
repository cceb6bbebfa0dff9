"""Close groups or broad directions of the same embeddings: the other ones, computed when asked for and kept."""

import weakref
from typing import Any

from embwidget.arrays.options import check_one_of
from embwidget.spectral.result import SpectralComparison
from embwidget.spectral.spec import spec
from embwidget.work.background import Background, StoppedError

KERNELS = {"close": "auto", "broad": "cosine"}


def directions_of(result: SpectralComparison) -> str:
    """``"close"`` groups, ``"broad"`` directions, or nothing where the kernel gives neither."""
    kernel = result.params.get("kernel")
    return {"gaussian": "close", "cosine": "broad"}.get(str(kernel), "")


def why_not(result: SpectralComparison) -> str:
    """Why the other ones cannot be computed; nothing where they can."""
    if not directions_of(result):
        kernel = result.params.get("kernel")
        return f"The {kernel} kernel was compared, which gives neither close groups (gaussian) nor directions (cosine)."
    if result.source is None:
        return "The result was loaded without its embeddings: show result.attach(X, Y) instead."
    return ""


def other_directions(result: SpectralComparison, which: str, progress: Any = None) -> SpectralComparison:
    """The same embeddings by the other kernel, and all else as it was.

    Raises:
        ValueError: it cannot be, see `why_not`; and whatever `spec` raises.

    """
    if reason := why_not(result):
        raise ValueError(f"expected a result that can be computed anew but got another: {reason}")
    assert result.source is not None
    pair, p = result.source[0], result.params
    found = spec(
        pair.x,
        pair.y,
        kernel=KERNELS[which],
        eta=p["eta"],
        center=p["center"],
        unmix=p.get("unmix", True),
        n_components=min(p["n_components"], pair.n, sum(p["widths"])),
        splits=p["splits"],
        permutations=p["permutations"],
        items=result.items,
        names=result.names,
        maps=result.maps,
        device=p["device"],
        random_state=p["random_state"],
        progress=progress,
    )
    found.params["dropped"] = p["dropped"]
    return found


class DirectionsSwitch:
    """Which of the two a scene shows; its `state` is what the page is told."""

    def __init__(self, scene: Any) -> None:
        # The thread keeps the switch, and must not keep a scene that is closed.
        self._scene = weakref.ref(scene)
        self._found: dict[str, SpectralComparison] = {}
        self._shown: SpectralComparison | None = None
        self._work: Background | None = None
        self._wanted, self._turn = "", 0

    def begin(self, result: SpectralComparison) -> None:
        """Another result is on the scene: what was found or is on its way is of no use to it."""
        self.stop()
        self._work, self._wanted, self._turn = None, "", self._turn + 1
        self._shown = result
        self._found = {directions_of(result): result}

    def stop(self) -> None:
        """End what is on its way; what is shown stays."""
        if self._work is not None:
            self._work.stop()

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until nothing is on its way; whether that is so."""
        return self._work is None or self._work.wait(timeout)

    def state(self, share: float = 0.0, what: str = "") -> dict[str, Any]:
        """Which is shown, why the other cannot be, which is on its way and how far that is."""
        if self._shown is None:
            return {}
        known = {"shown": directions_of(self._shown), "reason": why_not(self._shown)}
        return known | {"wanted": self._wanted, "share": float(share), "what": what}

    def find(self, which: Any) -> SpectralComparison:
        """The result of these, computed here and now unless it is there, and shown.

        Raises:
            ValueError: no such ones, nothing to compute them from; and whatever `spec` raises.

        """
        which = check_one_of("which", which, tuple(KERNELS))
        if self._shown is None:
            raise ValueError(
                "expected a spectral comparison on the scene but it has none; use scene.add_spectral first"
            )
        self.stop()
        self.wait()
        found = self._found.get(which) or other_directions(self._shown, which, progress=True)
        self._show(which, found)
        return found

    def start(self, which: Any) -> None:
        """Show these at once where they are there, else compute them in a thread and show them then."""
        which = check_one_of("which", which, tuple(KERNELS))
        if self._shown is None or not self.wait(0):
            return
        if which in self._found:
            self._show(which, self._found[which])
            return
        result, self._wanted = self._shown, which
        if reason := why_not(result):
            self._wanted = ""
            raise ValueError(reason)
        self._tell(0.0, "starting")
        turn = self._turn
        self._work = Background(
            lambda progress: other_directions(result, which, progress),
            self._tell,
            lambda work: self._end(turn, work),
        )

    def _show(self, which: str, found: SpectralComparison) -> None:
        scene = self._scene()
        self._found[which], self._wanted = found, ""
        if scene is not None:
            self._shown = found
            scene._put_spectral(found)

    def _tell(self, done: float, what: str) -> None:
        if (scene := self._scene()) is not None and scene.comm is not None:
            with scene._writing():
                scene.directions = self.state(done, what)

    def _end(self, turn: int, work: Background) -> None:
        """What came of it, in its own thread; nothing where another result is shown meanwhile."""
        scene = self._scene()
        if scene is None or turn != self._turn:
            return
        which, self._wanted = self._wanted, ""
        try:
            if work.error is not None:
                raise work.error
            self._show(which, work.result)
        except StoppedError:
            self._tell(0.0, "")
        except Exception as problem:
            self._tell(0.0, "")
            scene._show(problem)
