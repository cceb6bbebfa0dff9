/**
 * The items as lists: most changed, by class, and those that are selected, with the named selections.
 *   synced  reads k; reads and writes selected and the named selections   view  the open tab, and what each tab keeps
 */

import { makeFrame } from "../../controls/frame";
import { perFrame } from "../../page/dom";
import { count } from "../../page/format";
import type { View } from "../../state/context";
import { ChangedTab } from "./changed_tab";
import { ClassTab } from "./class_tab";
import { type Ranking, rankItems } from "./ranking";
import { SelectedTab } from "./selected_tab";
import { type Tab, Tabs } from "./tabs";
import "./rows.css";

export const mountRows: View = (el, context, options, signal) => {
  const { data, linked } = context;
  const frame = makeFrame(el, "rows", "Items", context, options, signal);
  let found: Ranking | undefined;
  const ranking = () => {
    found ??= rankItems(data);
    return found;
  };
  const changed = data.compared ? new ChangedTab(context, ranking, signal) : undefined;
  const classes = data.classes.length ? new ClassTab(context, () => frame.theme, signal) : undefined;
  const selected = new SelectedTab(context, () => frame.theme, ranking, signal);
  const selectedName = () => (linked.selected.length ? `Selected (${count(linked.selected.length)})` : "Selected");
  const all: (Tab | undefined)[] = [
    changed && { name: "Most changed", panel: changed.node, opened: () => changed.show() },
    classes && { name: "Classes", panel: classes.node, opened: () => classes.show() },
    { name: selectedName(), panel: selected.node, opened: () => selected.show() },
  ];
  const tabs = new Tabs(
    all.filter((tab) => tab !== undefined),
    signal,
  );
  frame.body.append(tabs.node, ...[changed, classes, selected].flatMap((tab) => tab?.node ?? []));
  const open = () => [changed, classes, selected].find((tab) => tab && tabs.shows(tab.node));
  const onSelected = () => {
    tabs.rename(selected.node, selectedName());
    if (open() !== classes) open()?.show();
  };
  const onK = () => {
    const tab = open();
    if (tab && "moveK" in tab) tab.moveK();
    else tab?.show();
  };
  linked.on("selected", perFrame(onSelected, signal), signal);
  linked.on("k", perFrame(onK, signal), signal);
  linked.on("named", () => tabs.shows(selected.node) && selected.showNamed(), signal);
  frame.onTheme(() => {
    if (open() === classes) classes?.show();
    else if (open() === selected) selected.showNamed();
  });
};
