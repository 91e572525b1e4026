import { PANEL } from "../../../src/panels/panel.ts";

const [BUTTON, MENU] = ["panel:", "panels:"];

/** `panel:usage.people.month`; the form that a button opens has the name of the panel that takes it. */
export function panelControlId(panel: string): string {
  return `${BUTTON}${panel}`;
}

/** A message may have several menus, each with a name of its own; what is chosen is a panel. */
export function panelMenuId(menu: string): string {
  return `${MENU}${menu}`;
}

/** The panel that a component leads to. Nothing for any other component. */
export function readPanelControl(customId: string, chosen: readonly string[] = []): string | undefined {
  const panel = customId.startsWith(MENU) ? chosen[0] : customId.startsWith(BUTTON) && customId.slice(BUTTON.length);
  return panel && PANEL.test(panel) ? panel : undefined;
}
