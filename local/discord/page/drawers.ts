import { icon, make } from "./dom.ts";

export type Drawers = {
  channelsButton: HTMLElement;
  flightButton: HTMLElement;
  aside: HTMLElement;
  backdrop: HTMLElement;
  close: () => void;
};

const narrow = matchMedia("(max-width: 800px)");
const medium = matchMedia("(max-width: 1200px)");

/** What slides in from the sides: the channels where there is no room for them, and the flight simulator. */
export function makeDrawers(...panel: HTMLElement[]): Drawers {
  const channelsButton = drawerButton("channels", "Channels", icon("menu"));
  const flightButton = drawerButton("flight", "Flight simulator", icon("plane"), make("span", {}, "Flight simulator"));
  const close = () => {
    document.body.classList.remove("channels-open", "flight-open");
    for (const button of [channelsButton, flightButton]) button.setAttribute("aria-expanded", "false");
  };
  const closeFlight = () => {
    close();
    flightButton.focus();
  };
  const aside = make(
    "aside",
    { class: "aside", id: "flight", "aria-label": "Flight simulator" },
    make(
      "header",
      { class: "aside-top" },
      make("h2", {}, "Flight simulator"),
      make("button", { type: "button", class: "round", "aria-label": "Close", click: closeFlight }, icon("close")),
    ),
    ...panel,
  );
  document.addEventListener("keydown", ({ key, defaultPrevented }) => {
    if (key !== "Escape" || defaultPrevented || document.querySelector("dialog[open], .menu")) return;
    const { classList } = document.body;
    if (classList.contains("channels-open") && narrow.matches) {
      close();
      channelsButton.focus();
    } else if (classList.contains("flight-open") && (medium.matches || aside.contains(document.activeElement))) {
      closeFlight();
    }
  });
  const backdrop = make("div", { class: "backdrop", click: close });
  const closeIfNarrow = () => {
    if (narrow.matches) close();
  };
  return { channelsButton, flightButton, aside, backdrop, close: closeIfNarrow };
}

function drawerButton(drawer: "channels" | "flight", label: string, ...face: Node[]): HTMLButtonElement {
  const button = make(
    "button",
    {
      type: "button",
      class: `drawer-button for-${drawer}`,
      "aria-label": label,
      "aria-expanded": "false",
      "aria-controls": drawer === "channels" ? "sidebar" : "flight",
      click: () => {
        const isOpen = document.body.classList.toggle(`${drawer}-open`);
        button.setAttribute("aria-expanded", String(isOpen));
        const first = drawer === "flight" ? ".aside button" : ".sidebar [aria-current=page]";
        if (isOpen) document.querySelector<HTMLElement>(first)?.focus({ preventScroll: true });
      },
    },
    ...face,
  );
  return button;
}
