import { make, wayBack } from "./dom.ts";

export type MenuEntry = { label: string; group?: string; do: () => void };

/** Opens the menu of a message. Arrow keys walk in it, Escape goes back to where it was opened. */
export function openMenu(entries: MenuEntry[], { x, y }: { x: number; y: number }, cameFrom: HTMLElement): void {
  document.querySelector<HTMLElement>(".menu")?.remove();
  const goBack = wayBack(cameFrom);
  const close = () => {
    menu.remove();
    document.removeEventListener("pointerdown", closeOutside);
  };
  const closeOutside = ({ target }: PointerEvent) => {
    if (!menu.contains(target as Node)) close();
  };
  const items = entries.map(({ label, do: act }) =>
    make(
      "button",
      {
        type: "button",
        role: "menuitem",
        tabindex: "-1",
        click: () => {
          close();
          goBack();
          act();
        },
      },
      label,
    ),
  );
  const children = entries.flatMap(({ group }, index) => {
    const isNew = group !== undefined && group !== entries[index - 1]?.group;
    return [...(isNew ? [make("p", { class: "menu-group", role: "presentation" }, group)] : []), items[index] ?? ""];
  });
  const menu = make(
    "div",
    {
      class: "menu",
      role: "menu",
      "aria-label": "This message",
      keydown: (event: KeyboardEvent) => {
        const at = items.indexOf(document.activeElement as HTMLButtonElement);
        const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
        if (to !== undefined) items.at(to % items.length)?.focus();
        else if (event.key === "Escape" || event.key === "Tab") {
          close();
          goBack();
        } else return;
        event.preventDefault();
        event.stopPropagation();
      },
    },
    ...children,
  );
  document.body.append(menu);
  menu.style.left = `${Math.max(8, Math.min(x, innerWidth - menu.offsetWidth - 8))}px`;
  menu.style.top = `${Math.max(8, Math.min(y, innerHeight - menu.offsetHeight - 8))}px`;
  document.addEventListener("pointerdown", closeOutside);
  items[0]?.focus();
}
