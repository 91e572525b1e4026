import type { DiscordAttachment, DiscordComponent, DiscordMessage } from "../page-protocol.ts";
import { icon, make } from "./dom.ts";
import { markdown } from "./markdown.ts";
import { severalOf } from "./several.ts";
import type { Picture, Sight } from "./sight.ts";

type Shown = { message: DiscordMessage; sight: Sight };
type Media = { url: string; width?: number; height?: number };
type GalleryItem = { media: Media; description?: string; spoiler?: boolean };

/** Discord's components of a message, by their numbers. */
const kinds: Record<number, (component: DiscordComponent, shown: Shown) => HTMLElement> = {
  1: (row, shown) => make("div", { class: "action-row" }, ...componentsOf(row, shown)),
  2: button,
  3: select,
  9: section,
  10: (text, { sight }) => make("div", { class: "text-display" }, markdown(textIn(text["content"]), sight.names)),
  11: (thumbnail, shown) => make("div", { class: "thumbnail" }, gallery([thumbnail as unknown as GalleryItem], shown)),
  12: (one, shown) => gallery((one["items"] ?? []) as GalleryItem[], shown),
  13: (file, { message }) => {
    const { url } = file["file"] as Media;
    const attachment = message.attachments.find((one) => one.url === url);
    return fileCard({
      url,
      filename: attachment?.filename ?? nameIn(url),
      size: attachment?.size ?? Number(file["size"] ?? 0),
    });
  },
  14: ({ divider, spacing }) =>
    make(divider === false ? "div" : "hr", { class: `separator ${spacing === 2 ? "large" : "small"}` }),
  17: container,
};

export function showComponent(component: DiscordComponent, shown: Shown): HTMLElement {
  const show = kinds[component.type];
  return show?.(component, shown) ?? make("p", { class: "unknown" }, `A component of type ${component.type}`);
}

function componentsOf({ components = [] }: DiscordComponent, shown: Shown): HTMLElement[] {
  return components.map((one) => showComponent(one, shown));
}

function container(component: DiscordComponent, shown: Shown): HTMLElement {
  const box = make("div", { class: "container" }, ...componentsOf(component, shown));
  const colour = component["accent_color"];
  if (typeof colour === "number") {
    box.classList.add("accented");
    box.style.setProperty("--accented", `#${colour.toString(16).padStart(6, "0")}`);
  }
  return component["spoiler"] ? hide(box) : box;
}

function section(component: DiscordComponent, shown: Shown): HTMLElement {
  return make(
    "div",
    { class: "section" },
    make("div", { class: "section-texts" }, ...componentsOf(component, shown)),
    component.accessory && make("div", { class: "accessory" }, showComponent(component.accessory, shown)),
  );
}

const buttonStyles = ["", "primary", "secondary", "success", "danger", "link"];

function button(component: DiscordComponent, { message, sight }: Shown): HTMLElement {
  const {
    custom_id: customId = "",
    style,
    url,
    disabled,
    label,
    emoji,
  } = component as DiscordComponent & {
    style?: number;
    url?: string;
    disabled?: boolean;
    label?: string;
    emoji?: { name?: string };
  };
  const face = [
    emoji?.name ? make("span", { class: "emoji", "aria-hidden": label ? "true" : undefined }, emoji.name) : undefined,
    label ? make("span", { class: "label" }, label) : undefined,
  ];
  const look = `button ${buttonStyles[style ?? 2] ?? "secondary"}`;
  if (url !== undefined)
    return make("a", { class: look, href: safeAddress(url), target: "_blank", rel: "noreferrer" }, ...face, outside());
  const pressed = sight.pressed(message.id);
  const isWaiting = pressed?.state === "waiting" && pressed.custom_id === customId;
  const isHeld = pressed?.state === "waiting";
  return make(
    "button",
    {
      class: isWaiting ? `${look} waiting` : look,
      type: "button",
      disabled: disabled === true,
      "data-custom-id": customId,
      "aria-busy": isWaiting ? "true" : undefined,
      "aria-disabled": isHeld ? "true" : undefined,
      click: () => {
        if (!isHeld) sight.does.press(message, customId);
      },
    },
    ...face,
    isWaiting && dots(),
  );
}

function outside(): HTMLElement {
  return make("span", { class: "outside", "aria-hidden": "true" }, "↗");
}

export function dots(): HTMLElement {
  return make("span", { class: "dots", "aria-hidden": "true" }, make("i"), make("i"), make("i"));
}

export type Choice = {
  label: string;
  value: string;
  description?: string;
  default?: boolean;
  emoji?: { name?: string };
};

function select(component: DiscordComponent, { message, sight }: Shown): HTMLElement {
  const { custom_id: customId = "" } = component;
  const isWaiting = sight.pressed(message.id)?.state === "waiting";
  const send = (values: string[]) => sight.does.select(message, customId, values);
  const box = make("div", {
    class: isWaiting ? "select waiting" : "select",
    "aria-busy": isWaiting ? "true" : undefined,
  });
  box.inert = isWaiting;
  if (Number(component["max_values"] ?? 1) > 1) {
    const several = severalOf(component, send);
    several.querySelector("summary")?.setAttribute("data-custom-id", customId);
    box.append(several);
    return box;
  }
  const list = selectOf(component);
  list.dataset["customId"] = customId;
  list.disabled = component["disabled"] === true;
  list.addEventListener("change", () => send(chosenIn(list)));
  box.append(list);
  return box;
}

/** A select's own list: with what it is filled with, or the words that stand in its place. */
export function selectOf(component: DiscordComponent): HTMLSelectElement {
  const {
    options = [],
    placeholder = "Make a selection",
    max_values: most = 1,
  } = component as DiscordComponent & {
    options?: Choice[];
    placeholder?: string;
    max_values?: number;
  };
  const list = make("select", {
    multiple: most > 1,
    "aria-label": placeholder,
    size: most > 1 ? Math.min(6, options.length) : undefined,
  });
  if (most <= 1)
    list.append(make("option", { value: "", disabled: component["required"] !== false, hidden: true }, placeholder));
  for (const { label, value, description, emoji, default: isDefault = false } of options) {
    const text = [emoji?.name, description ? `${label} – ${description}` : label].filter(Boolean).join(" ");
    const option = make("option", { value }, text);
    option.selected = isDefault;
    list.append(option);
  }
  if (most <= 1 && !options.some((one) => one.default)) list.selectedIndex = 0;
  return list;
}

export function chosenIn(list: HTMLSelectElement): string[] {
  return [...list.selectedOptions].map(({ value }) => value).filter((value) => value !== "");
}

function gallery(items: GalleryItem[], { message, sight }: Shown): HTMLElement {
  const pictures = items.map(({ media: { url }, description = "" }): Picture => ({ url, description }));
  const places = items.map(({ media, description, spoiler }, index) => {
    const attachment = message.attachments.find(({ url }) => url === media.url);
    const size = { width: media.width ?? attachment?.width, height: media.height ?? attachment?.height };
    return picture({ url: media.url, description: description ?? attachment?.description, spoiler, ...size }, () =>
      sight.does.view(pictures, index),
    );
  });
  return make("div", { class: `gallery of-${Math.min(items.length, 5)}` }, ...places);
}

type Seen = { url: string; description?: string; spoiler?: boolean; width?: number; height?: number };

/** A picture that opens large by a press. */
function picture({ url, description = "", spoiler, width, height }: Seen, open: () => void): HTMLElement {
  const image = make("img", { src: url, alt: description, width, height, draggable: "false" });
  const place = make(
    "button",
    {
      class: "picture",
      type: "button",
      click: open,
      "aria-label": `Look at the picture${description && `: ${description}`}`,
    },
    image,
  );
  return spoiler ? hide(place) : place;
}

function hide(element: HTMLElement): HTMLElement {
  element.inert = true;
  const cover = make("div", { class: "hidden-away" }, element);
  const reveal = make(
    "button",
    {
      class: "reveal",
      type: "button",
      click: () => {
        element.inert = false;
        cover.classList.add("seen");
        reveal.remove();
        element.focus();
      },
    },
    "Spoiler",
  );
  cover.append(reveal);
  return cover;
}

/** What hangs on a message without components: pictures together, other files each on a card. */
export function showAttachments(shown: Shown): HTMLElement[] {
  const { attachments } = shown.message;
  const isPicture = ({ content_type: type = "" }: DiscordAttachment) => type.startsWith("image/");
  const pictures = attachments.filter(isPicture).map((one) => ({
    media: { url: one.url, width: one.width, height: one.height },
    description: one.description,
    spoiler: ((one.flags ?? 0) & 8) !== 0,
  }));
  return [
    ...(pictures.length > 0 ? [gallery(pictures, shown)] : []),
    ...attachments.filter((one) => !isPicture(one)).map(fileCard),
  ];
}

function fileCard({ url, filename, size }: { url: string; filename: string; size: number }): HTMLElement {
  return make(
    "div",
    { class: "file" },
    icon("file"),
    make(
      "div",
      {},
      make("a", { href: safeAddress(url), download: filename }, filename),
      make("small", {}, sizeOf(size)),
    ),
  );
}

function sizeOf(bytes: number): string {
  return bytes >= 1_048_576 ? `${(bytes / 1_048_576).toFixed(1)} MB` : `${Math.max(1, Math.round(bytes / 1024))} KB`;
}

function nameIn(url: string): string {
  return decodeURIComponent(new URL(url, location.href).pathname.split("/").at(-1) ?? "file");
}

/** An address that a link may have; anything else leads nowhere. */
export function safeAddress(url: string): string | undefined {
  return /^(?:https?:\/\/|\/)/.test(url) ? url : undefined;
}

/** A member that is a text where it is there. */
export function textIn(member: unknown): string {
  return typeof member === "string" ? member : "";
}
