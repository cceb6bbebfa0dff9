// A page without Jupyter: models over a saved state, and the same scene and view modules that a notebook loads.
// Development only. Usage: a folder made by page.py, served over HTTP.

/** One model: get, set, on, off, save_changes, send; `answer` plays the kernel's part for custom messages. */
function makeModel(state, answer) {
  const listeners = new Map();
  const changed = new Set();
  const log = [];
  const emit = (name, ...args) => {
    for (const heard of [...(listeners.get(name) ?? [])]) heard(...args);
  };
  return {
    log,
    get: (name) => state[name],
    set(name, value) {
      state[name] = value;
      changed.add(name);
      emit(`change:${name}`);
    },
    on: (name, heard) => listeners.set(name, (listeners.get(name) ?? new Set()).add(heard)),
    off: (name, heard) => listeners.get(name)?.delete(heard),
    save_changes() {
      if (changed.size) log.push([...changed]);
      changed.clear();
    },
    async send(message) {
      log.push(message);
      const [reply, buffers] = await answer(message);
      emit("msg:custom", reply, buffers);
    },
  };
}

async function loadState() {
  const { state, buffers } = await (await fetch("state.json")).json();
  for (const { path, file } of buffers) {
    const data = new DataView(await (await fetch(file)).arrayBuffer());
    const last = path[path.length - 1];
    const owner = path.slice(0, -1).reduce((at, name) => at[name], state);
    owner[last] = data;
  }
  return state;
}

const sheets = new Map();
async function readSheet(number) {
  return createImageBitmap(await (await fetch(`sheet-${number}.bin`)).blob());
}

/** The rows asked for, cut from the sheets that page.py made of all of them. */
async function answerTiles({ rows }) {
  const { size, columns, per_sheet } = model.get("tiles");
  const canvas = new OffscreenCanvas(columns * size, Math.ceil(rows.length / columns) * size);
  const context = canvas.getContext("2d");
  const left = (place) => (place % columns) * size;
  const top = (place) => Math.floor(place / columns) * size;
  for (const [place, row] of rows.entries()) {
    const number = Math.floor(row / per_sheet);
    if (!sheets.has(number)) sheets.set(number, readSheet(number));
    const at = row % per_sheet;
    context.drawImage(await sheets.get(number), left(at), top(at), size, size, left(place), top(place), size, size);
  }
  const file = await canvas.convertToBlob();
  return [{ type: "tiles", rows, mime: file.type }, [new DataView(await file.arrayBuffer())]];
}

const scene = (await import("./scene.js")).default;
const view = (await import("./view.js")).default;
const model = makeModel(await loadState(), answerTiles);
const life = new AbortController();
const exports = scene.initialize({ model, signal: life.signal });
const host = { getWidget: async () => ({ exports }) };
for (const el of document.querySelectorAll("[data-view]")) {
  const doors = { scene: "anywidget:scene", kind: el.dataset.view, options: {} };
  await view.render({ model: { get: (name) => doors[name] }, el, signal: life.signal, host });
}
Object.assign(globalThis, { embw: { model, exports, life } });
document.body.dataset.ready = "true";
