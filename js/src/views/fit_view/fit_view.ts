/**
 * FitView: how the training of a learned similarity goes, and what came of it.
 *   synced  reads what controls/fitting_panel.ts reads, and title, sentence, notes; asks Python to stop   view  nothing
 */

import { finding } from "../../controls/finding";
import { FittingPanel, type FitWords } from "../../controls/fitting_panel";
import { makeBox } from "../../controls/frame";
import { h } from "../../page/dom";
import type { FittingModel } from "../../state/alignment";

const MEANINGS =
  "Loss: how badly partners were told from the other examples of a batch, mean of the steps since the last point. Validation: the same on fitted rows that no step sees; its best step is kept. Lower is better; batches of unlike size have unlike losses, so compare each curve with itself. Neither is the score: that needs rows that were not fitted.";

function wordsOf(title: string): FitWords {
  const done = `Trained ${title}`;
  const titles = { fitting: `Training ${title}`, scoring: done, failed: `${title} could not be trained`, done };
  const stop = "End the training: the encoders of the best step so far are kept";
  return { titles: { ...titles, stopped: done }, stop, meanings: MEANINGS, plain: true };
}

export function mountFit(el: HTMLElement, model: FittingModel, signal: AbortSignal): void {
  const title = model.get("title");
  const frame = makeBox(el, "fit", title, signal);
  const words = h("div");
  frame.body.append(words, new FittingPanel(model, wordsOf(title), frame, signal).node);
  const show = () => words.replaceChildren(...finding(model.get("sentence"), model.get("notes")));
  for (const event of ["change:sentence", "change:notes"] as const) {
    model.on(event, show);
    signal.addEventListener("abort", () => model.off(event, show));
  }
  show();
}
