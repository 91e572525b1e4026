/** A select menu from which several can be chosen: as with Discord's, what is ticked is sent when the menu closes. */
import type { DiscordComponent } from "../page-protocol.ts";
import { make } from "./dom.ts";

type Option = { label: string; value: string; description?: string; default?: boolean };

export function severalOf(component: DiscordComponent, send: (values: string[]) => void): HTMLDetailsElement {
  const {
    options = [],
    placeholder = "Make a selection",
    min_values: least = 1,
    max_values: most = 1,
  } = component as unknown as { options?: Option[]; placeholder?: string; min_values?: number; max_values?: number };
  const boxes = options.map(({ value, label, description, default: isChosen = false }) => {
    const box = make("input", { type: "checkbox", value, checked: isChosen });
    const words = make("span", {}, label, description !== undefined && make("small", {}, ` ${description}`));
    return { box, label, row: make("label", {}, box, words) };
  });
  const ticked = () => boxes.filter(({ box }) => box.checked);
  const values = () => ticked().map(({ box }) => box.value);
  const face = make("summary", { role: "button", "aria-label": placeholder });
  const done = make("button", { type: "button", class: "button primary", click: () => (menu.open = false) }, "Done");
  const rows = boxes.map(({ row }) => row);
  const list = make("div", { class: "several-options", role: "group", "aria-label": placeholder }, ...rows, done);
  const menu = make("details", { class: "several", "data-as": JSON.stringify(component) }, face, list);
  let sent = values().join();
  const tell = () => {
    face.textContent =
      ticked()
        .map(({ label }) => label)
        .join(", ") || placeholder;
    for (const { box } of boxes) box.disabled = !box.checked && ticked().length >= most;
  };
  tell();
  menu.addEventListener("change", tell);
  menu.addEventListener("keydown", ({ key }) => key === "Escape" && (menu.open = false));
  menu.addEventListener("toggle", () => {
    const now = values().join();
    if (menu.open || now === sent || ticked().length < least || ticked().length > most) return;
    sent = now;
    send(values());
  });
  return menu;
}
