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
    emit,
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

async function loadState(folder) {
  const { state, buffers } = await (await fetch(`${folder}state.json`)).json();
  for (const { path, file } of buffers) {
    const data = new DataView(await (await fetch(folder + file)).arrayBuffer());
    const last = path[path.length - 1];
    const owner = path.slice(0, -1).reduce((at, name) => at[name], state);
    owner[last] = data;
  }
  return state;
}

const sheets = new Map();
async function readSheet(file) {
  return createImageBitmap(await (await fetch(file)).blob());
}

/** The rows asked for, cut from the sheets that page.py made of all of them; a single picture is such a tile too. */
async function answerTiles(folder, state, message) {
  const { size, columns, per_sheet } = state.tiles;
  const alone = message.type === "picture";
  const rows = alone ? [message.row] : message.rows;
  const side = alone ? 512 : (message.size ?? size);
  const canvas = new OffscreenCanvas((alone ? 1 : columns) * side, Math.ceil(rows.length / columns) * side);
  const context = canvas.getContext("2d");
  const left = (place, wide) => (place % columns) * wide;
  const top = (place, wide) => Math.floor(place / columns) * wide;
  for (const [place, row] of rows.entries()) {
    const sheet = `${folder}sheet-${Math.floor(row / per_sheet)}.bin`;
    if (!sheets.has(sheet)) sheets.set(sheet, readSheet(sheet));
    const at = row % per_sheet;
    const from = [left(at, size), top(at, size), size, size];
    context.drawImage(await sheets.get(sheet), ...from, left(place, side), top(place, side), side, side);
  }
  const file = await canvas.convertToBlob();
  const how = alone ? { row: message.row } : { rows, size: side };
  return [{ type: message.type, ...how, mime: file.type }, [new DataView(await file.arrayBuffer())]];
}

/** A matrix opens the one pair that page.py made, whichever is asked for; the row of the second space fails. */
async function answerPair(state, { type, pair }) {
  const put = (changes) => {
    Object.assign(state, changes);
    for (const name of Object.keys(changes)) main.model.emit(`change:${name}`);
  };
  put({ error: "", comparing: pair ?? [] });
  await new Promise((done) => setTimeout(done, type === "open" ? 1500 : 0));
  if (pair?.[0] === 1) put({ comparing: [], error: "ValueError: expected something else but got this; do that." });
  else put({ comparing: [], pair: pair ?? [], opened: type === "open" ? "anywidget:pair" : null });
  return [{ type: "answered" }, []];
}

/** Groups are renamed as Python does it; nothing else is there to be computed. */
function answerGroups(state, model, { cluster, name }) {
  if (cluster === undefined) return;
  const rows = state.clusters.map((one) => (one.index === cluster ? { ...one, given_name: name, title: name } : one));
  state.clusters = rows;
  model.emit("change:clusters");
}

async function loadScene(folder) {
  const state = await loadState(folder);
  performance.mark("embw-state");
  const pairs = "comparing" in state;
  const pictured = (message) => message.type === "tiles" || message.type === "picture";
  const answer = (message) => {
    if (pairs) return answerPair(state, message);
    if (pictured(message)) return answerTiles(folder, state, message);
    answerGroups(state, model, message);
    return [{ type: "answered" }, []];
  };
  const model = makeModel(state, answer);
  const { initialize } = (await import(`./${folder}code.js`)).default;
  return { model, exports: initialize({ model, signal: life.signal }) };
}

const view = (await import("./view.js")).default;
const life = new AbortController();
const main = await loadScene("");
let pair;
const host = {
  async getWidget(ref) {
    if (ref !== "anywidget:pair") return main;
    pair ??= loadScene("pair/");
    return pair;
  },
};
for (const el of document.querySelectorAll("[data-view]")) {
  const doors = { scene: "anywidget:scene", kind: el.dataset.view, options: {} };
  await view.render({ model: { get: (name) => doors[name] }, el, signal: life.signal, host });
}
Object.assign(globalThis, { embw: { ...main, life } });
document.body.dataset.ready = "true";
