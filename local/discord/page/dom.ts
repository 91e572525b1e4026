type Child = Node | string | undefined | false;
type Attributes = Record<string, string | number | boolean | undefined | ((event: never) => void)>;

/** An element. A function listens to the event of its name; texts become text, never HTML. */
export function make<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name, value as EventListener);
    else if (value !== undefined && value !== false) element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children.filter((child) => child !== undefined && child !== false));
  return element;
}

const drawings = {
  close: "M6 6l12 12M18 6L6 18",
  dots: "M5 12h.01M12 12h.01M19 12h.01",
  eye: "M2 12s4-7 10-7 10 7 10 7-4 7-10 7S2 12 2 12zM12 9a3 3 0 100 6 3 3 0 000-6z",
  file: "M6 2h8l5 5v15H6zM14 2v5h5",
  menu: "M4 6h16M4 12h16M4 18h16",
  message: "M4 4h16v12H10l-5 4v-4H4z",
  plane: "M21 3L3 11l7 3 3 7zM10 14l4-4",
  thread: "M5 4v8a4 4 0 004 4h9M14 12l4 4-4 4",
} as const;

export function icon(name: keyof typeof drawings): SVGSVGElement {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", `icon icon-${name}`);
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(space, "path");
  path.setAttribute("d", drawings[name]);
  svg.append(path);
  return svg;
}

/** Who it is at a glance: a letter on a colour of their own; the bot has its picture. */
export function avatar(user: { id: string; username: string; global_name: string | null; bot?: boolean }): HTMLElement {
  if (user.bot) return make("img", { class: "avatar", src: "easel.svg", alt: "" });
  const colours = ["#3ba55d", "#eb459e", "#5865f2", "#ed4245", "#d07a00"];
  const face = make("span", { class: "avatar", "aria-hidden": "true" }, nameOf(user).slice(0, 1).toUpperCase());
  face.style.background = colours[Number(user.id.slice(-4)) % colours.length] ?? "#5865f2";
  return face;
}

export function nameOf(user: { username: string; global_name: string | null }): string {
  return user.global_name ?? user.username;
}

/** Said to whoever listens instead of looking. */
export function announce(text: string): void {
  const live = document.querySelector("#live");
  if (live) live.textContent = text;
}

/** Goes back later to where one was, also when that message has been shown anew meanwhile. */
export function wayBack(from: Element | null): () => void {
  const article = from?.closest("article") ?? undefined;
  const controlsOf = (one: Element) => [...one.querySelectorAll<HTMLElement>("button, a, select, summary")];
  const index = article && from instanceof HTMLElement ? controlsOf(article).indexOf(from) : -1;
  const customId = from instanceof HTMLElement ? from.dataset["customId"] : undefined;
  return () => {
    if (from instanceof HTMLElement && from.isConnected && from !== document.body)
      return from.focus({ preventScroll: true });
    const fresh = article && document.querySelector<HTMLElement>(`#${CSS.escape(article.id)}`);
    const controls = fresh ? controlsOf(fresh) : [];
    const same =
      controls.find((one) => customId !== undefined && one.dataset["customId"] === customId) ?? controls[index];
    (same ?? fresh ?? document.querySelector<HTMLElement>(".composer textarea"))?.focus({ preventScroll: true });
  };
}
