/** Two maps of the same items, as a sign. */
import { LabIcon } from "@jupyterlab/ui-components";
import svgstr from "./icon.svg";

export const icon = new LabIcon({ name: "embwidget:maps", svgstr });
