/**
 * All eigenpairs of a symmetric matrix: Householder to tridiagonal form, then implicit QL (Bowdler, Martin, Reinsch and
 * Wilkinson, 1968). Pure; owns no state.
 */

interface Eigenpairs {
  /** In no order. */
  values: Float64Array;
  /** (n · n): column j belongs to value j. */
  vectors: Float64Array;
}

export function symmetricEigen(matrix: Float64Array): Eigenpairs {
  const n = Math.sqrt(matrix.length);
  const vectors = matrix.slice();
  const [diagonal, beside] = [new Float64Array(n), new Float64Array(n)];
  tridiagonal(vectors, diagonal, beside, n);
  gathered(vectors, diagonal, n);
  iterate(vectors, diagonal, beside, n);
  return { values: diagonal, vectors };
}

/** Reflections that leave a diagonal and one beside it; each is kept in the rows and columns that it cleared. */
function tridiagonal(a: Float64Array, d: Float64Array, e: Float64Array, n: number): void {
  for (let i = n - 1; i > 0; i--) {
    let [scale, size] = [0, 0];
    for (let k = 0; k < i; k++) scale += Math.abs(a[i * n + k]);
    if (i === 1 || scale === 0) {
      e[i] = a[i * n + i - 1];
      d[i] = 0;
      continue;
    }
    for (let k = 0; k < i; k++) {
      a[i * n + k] /= scale;
      size += a[i * n + k] ** 2;
    }
    const last = a[i * n + i - 1];
    const root = last >= 0 ? -Math.sqrt(size) : Math.sqrt(size);
    e[i] = scale * root;
    size -= last * root;
    a[i * n + i - 1] = last - root;
    reflect(a, e, i, size, n);
    d[i] = size;
  }
}

/** Applies the reflection that row i holds to the block before it. */
function reflect(a: Float64Array, e: Float64Array, i: number, size: number, n: number): void {
  let along = 0;
  for (let j = 0; j < i; j++) {
    a[j * n + i] = a[i * n + j] / size;
    let product = 0;
    for (let k = 0; k <= j; k++) product += a[j * n + k] * a[i * n + k];
    for (let k = j + 1; k < i; k++) product += a[k * n + j] * a[i * n + k];
    e[j] = product / size;
    along += e[j] * a[i * n + j];
  }
  const half = along / (size + size);
  for (let j = 0; j < i; j++) {
    const f = a[i * n + j];
    const g = e[j] - half * f;
    e[j] = g;
    for (let k = 0; k <= j; k++) a[j * n + k] -= f * e[k] + g * a[i * n + k];
  }
}

/** The product of all reflections, in the place of what they were made from. */
function gathered(a: Float64Array, d: Float64Array, n: number): void {
  d[0] = 0;
  for (let i = 0; i < n; i++) {
    if (d[i] !== 0) {
      for (let j = 0; j < i; j++) {
        let product = 0;
        for (let k = 0; k < i; k++) product += a[i * n + k] * a[k * n + j];
        for (let k = 0; k < i; k++) a[k * n + j] -= product * a[k * n + i];
      }
    }
    d[i] = a[i * n + i];
    a[i * n + i] = 1;
    for (let j = 0; j < i; j++) a[j * n + i] = a[i * n + j] = 0;
  }
}

const MOST_TURNS = 60;

function iterate(z: Float64Array, d: Float64Array, e: Float64Array, n: number): void {
  e.copyWithin(0, 1);
  e[n - 1] = 0;
  for (let first = 0; first < n; first++) {
    for (let turns = 0; turns < MOST_TURNS; turns++) {
      let last = first;
      while (last < n - 1 && Math.abs(e[last]) > Number.EPSILON * (Math.abs(d[last]) + Math.abs(d[last + 1]))) last++;
      if (last === first) break;
      sweep(z, d, e, first, last, n);
    }
  }
}

/** One shifted QL step on the block from `first` to `last`. */
function sweep(z: Float64Array, d: Float64Array, e: Float64Array, first: number, last: number, n: number): void {
  const slope = (d[first + 1] - d[first]) / (2 * e[first]);
  const root = Math.hypot(slope, 1);
  // Wilkinson's shift, without cancellation.
  let g = d[last] - d[first] + e[first] / (slope + (slope >= 0 ? root : -root));
  let [sine, cosine, p] = [1, 1, 0];
  for (let i = last - 1; i >= first; i--) {
    const [f, b] = [sine * e[i], cosine * e[i]];
    const r = Math.hypot(f, g);
    e[i + 1] = r;
    if (r === 0) {
      d[i + 1] -= p;
      e[last] = 0;
      return;
    }
    [sine, cosine] = [f / r, g / r];
    g = d[i + 1] - p;
    const turned = (d[i] - g) * sine + 2 * cosine * b;
    p = sine * turned;
    d[i + 1] = g + p;
    g = cosine * turned - b;
    for (let k = 0; k < n; k++) {
      const [low, high] = [z[k * n + i], z[k * n + i + 1]];
      z[k * n + i + 1] = sine * low + cosine * high;
      z[k * n + i] = cosine * low - sine * high;
    }
  }
  d[first] -= p;
  e[first] = g;
  e[last] = 0;
}
