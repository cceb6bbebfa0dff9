"""A notebook of marimo's, which a test opens: views of one comparison and of an alignment."""

import marimo

app = marimo.App()


@app.cell
def _():
    import marimo as mo
    import numpy as np

    import embwidget as ew

    rng = np.random.default_rng(0)
    X = rng.normal(size=(60, 6)).astype("float32")
    Y = X + 0.7 * rng.normal(size=(60, 6)).astype("float32")
    c = ew.compare(X, Y, k=10, max_k=30, names=("left", "right"), measures=["nngs"], progress=False)
    return X, Y, c, ew, mo


@app.cell
def _(c, ew):
    maps = ew.show(c, "map_pair")
    maps  # noqa: B018
    return (maps,)


@app.cell
def _(c, ew, maps, mo):
    curve = mo.ui.anywidget(ew.show(c, "k_sweep", scene=maps.scene))
    curve  # noqa: B018
    return


@app.cell
def _(X, Y, ew, maps):
    ew.show(ew.align(X, Y, method="procrustes", progress=False), scene=maps.scene)
    return


@app.cell
def _(maps, mo):
    heard, hear = mo.state((10, []))
    maps.scene.observe(lambda _: hear((maps.k, maps.selected.tolist())), ["k", "selected"])
    return (heard,)


@app.cell
def _(heard, mo):
    mo.md(f"Python has k = {heard()[0]} and {heard()[1]}")
    return


if __name__ == "__main__":
    app.run()
