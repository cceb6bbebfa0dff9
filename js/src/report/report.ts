/**
 * One file that can be sent: the same scenes and views that a notebook loads, over the state that the file holds.
 *   synced  what linked scenes share   view  nothing
 */
import { complain } from "../page/complain";
import type { Mount } from "../state/scene";
import { type Answer, link, StillModel } from "./model";
import { type Packed, type PackedScene, stateOf, unpack } from "./packed";
import { answerPictures } from "./pictures";

interface Scene {
  exports: { mount: Mount };
}

type Initialize = (given: { model: StillModel; signal: AbortSignal }) => Scene["exports"];

function modelOf(scene: PackedScene, packed: Packed): StillModel {
  const state = stateOf(scene, packed);
  return new StillModel(state, answerPictures(scene.sheets, state.tiles ?? {}, packed) as Answer);
}

/** A module in the file as one that can be imported. */
async function initializeOf(packed: Packed, file: string): Promise<Initialize> {
  const url = URL.createObjectURL(new Blob([packed.bytes(packed.header.files[file])], { type: "text/javascript" }));
  try {
    return (await import(url)).default.initialize;
  } finally {
    URL.revokeObjectURL(url);
  }
}

function addLooks(packed: Packed): void {
  for (const file of new Set(packed.header.scenes.map((scene) => scene.looks))) {
    const looks = document.createElement("style");
    looks.textContent = new TextDecoder().decode(packed.bytes(packed.header.files[file]));
    document.head.append(looks);
  }
}

async function open(packed: Packed, signal: AbortSignal): Promise<void> {
  const { scenes, links, views } = packed.header;
  addLooks(packed);
  const models = scenes.map((scene) => modelOf(scene, packed));
  for (const { trait, scenes: ends } of links) link(models[ends[0]], models[ends[1]], trait);
  const opened: Promise<Scene>[] = scenes.map(async ({ code }, i) => {
    const initialize = await initializeOf(packed, code);
    return { exports: initialize({ model: models[i], signal }) };
  });
  const host = { getWidget: (ref: string) => opened[Number(ref)] };
  const boxes = document.querySelectorAll<HTMLElement>("[data-view]");
  for (const [i, { scene, kind, options }] of views.entries()) {
    const el = boxes[i];
    (await opened[scene]).exports.mount(kind, el, { options, signal, host } as unknown as Parameters<Mount>[2]);
  }
}

async function begin(): Promise<void> {
  const held = document.getElementById("embwidget-packed");
  const main = document.querySelector<HTMLElement>("main");
  if (!held || !main) return;
  try {
    await open(await unpack(held.textContent ?? ""), new AbortController().signal);
    held.remove();
    document.body.dataset.ready = "true";
  } catch (problem) {
    complain(main, problem);
  }
}

void begin();
