"""The work of a spectral comparison from checked input to its result."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from embwidget.arrays.blocks import full_precision
from embwidget.arrays.pair import Pair
from embwidget.eigen.decompose import Decomposition, Task, choose_route, decompose
from embwidget.eigen.kernel_choice import Compared, KernelChoice, compared
from embwidget.eigen.turned import tied_directions, turned_directions
from embwidget.eigen.unrelated import mean_spectrum, unrelated_spectra
from embwidget.items.items import Items
from embwidget.layouts.drawn import Drawn
from embwidget.layouts.pca import principal_maps
from embwidget.measures.spec_diff import scored
from embwidget.spectral.cluster import Cluster
from embwidget.spectral.clusters import make_clusters
from embwidget.spectral.likeness import likeness, likeness_notes
from embwidget.spectral.naming.asked import NameFunction
from embwidget.spectral.neighbor_lists import drawn_by_neighbors
from embwidget.spectral.notes import constant_share, heavy_notes, notes, parameters
from embwidget.spectral.result import SpectralComparison
from embwidget.work.progress import Progress, part

_COMPONENTS = 20
_MAP_ROWS = 10_000


@dataclass(frozen=True, eq=False, kw_only=True)
class Job:
    """Everything that a spectral comparison needs, checked; see `embwidget.spec`."""

    pair: Pair
    items: Items
    names: tuple[str, str]
    choice: KernelChoice
    unmix: bool
    n_components: int | None
    name: NameFunction | None
    method: str
    splits: int
    permutations: int
    maps: Drawn | None
    by_neighbors: bool
    device: Any

    def run(self, report: Progress) -> SpectralComparison:
        """Kernels, eigenvectors, references, clusters, maps."""
        with full_precision():
            report(0.0, "kernels")
            both = compared(self.pair, self.choice, self.device)
            choose_route(both.spaces, self.method)
            task = self._task(both)
            found = decompose(both.spaces, task, self.method, part(report, 0.05, 0.7))
            report(0.7, "unrelated pairings")
            spectra, permuted = unrelated_spectra(
                both.spaces, task.eta, task.centered, task.count, self.permutations, task.random_state
            )
            clusters = self._clusters(both, found, part(report, 0.8, 0.96))
            report(0.96, "likeness")
            alike = likeness(self.pair, device=self.device, random_state=task.random_state)
            report(0.97, "maps")
            drawn = self._drawn(both, part(report, 0.97, 1.0))
            heavy, carried = heavy_notes(self.pair, both.choice, self.device)
        params = parameters(self.pair, self.choice, both, found, task, permutations=self.permutations)
        params |= {"unmix": self.unmix, "permuted_rows": permuted, "likeness": alike, **heavy}
        said = notes(self.pair, both, found, task, self.n_components)
        report(1.0, "done")
        largest = float(np.abs(found.values).max(initial=0.0))
        return SpectralComparison(
            names=self.names,
            eigenvalues=found.values,
            eigenvectors=found.vectors,
            residuals=found.residuals,
            constant_share=constant_share(found.vectors),
            held_out=found.held_out.values,
            noise_floor=both.noise_floor,
            unrelated=mean_spectrum(spectra),
            spec_diff=largest,
            score=scored(largest, np.abs(spectra).max(1, initial=0.0), params),
            clusters=clusters,
            maps=drawn[0].maps,
            drawn=drawn,
            items=self.items,
            params=params,
            warnings=(*likeness_notes(params), *carried, *both.warnings, *said),
            stability=found.held_out.stability,
            source=(self.pair, both.choice, both),
        )

    def _task(self, both: Compared) -> Task:
        c, count = both.choice, _count(self.n_components, both, self.pair.n)
        return Task(c.eta, c.centered, count, self.splits, c.random_state, turned=self.unmix)

    def _clusters(self, both: Compared, found: Decomposition, report: Progress) -> tuple[Cluster, ...]:
        report(0.0, "groups")
        return make_clusters(
            found.vectors,
            turned_directions(found) if self.unmix else tied_directions(found),
            both.exact,
            self.items,
            noise_floor=both.noise_floor,
            random_state=both.choice.random_state,
            name=self.name,
            report=part(report, 0.1, 1.0),
        )

    def _drawn(self, both: Compared, report: Progress) -> tuple[Drawn, ...]:
        unit = both.choice.kernel == "cosine" or bool(both.choice.normalize)
        how: dict[str, Any] = {"normalize": unit, "device": self.device, "fit_rows": _MAP_ROWS}
        plain = self.maps or principal_maps(self.pair.x, self.pair.y, **how)
        if not self.by_neighbors:
            return (plain,)
        return drawn_by_neighbors(both, plain.maps[0], both.choice.random_state, report), plain


def _count(n_components: int | None, both: Compared, n: int) -> int:
    # Landmarks are of the kernel, whose width they bound; more components than they hold are none of it.
    widths = [space.width for space in both.spaces if space.width is not None]
    most = min(n, sum(widths)) if widths else n
    if n_components is not None and n_components > most:
        what = f"{n} items" + (f" and {sum(widths)} features of both spaces" if widths else "")
        raise ValueError(f"expected n_components of at most {most} ({what}) but got {n_components}")
    return min(most, n_components or _COMPONENTS)
