import type { DiscordMessage, DiscordUser, InteractionState } from "../page-protocol.ts";
import { dots, showAttachments, showComponent } from "./components.ts";
import { avatar, icon, make, nameOf } from "./dom.ts";
import { showEmbed } from "./embeds.ts";
import { markdown, type Names } from "./markdown.ts";
import type { Sight } from "./sight.ts";

const flag = { ephemeral: 64, loading: 128, components: 32_768 };
const groupMilliseconds = 7 * 60_000;

export const isForOne = ({ flags }: DiscordMessage) => (flags & flag.ephemeral) !== 0;
export const isLoading = ({ flags }: DiscordMessage) => (flags & flag.loading) !== 0;

/** A message as an article. `previous` is the one above it: what one person says in a row stands together. */
export function showMessage(message: DiscordMessage, previous: DiscordMessage | undefined, sight: Sight): HTMLElement {
  const above = usedLine(message) ?? replyLine(message, sight);
  const isCompact = above === undefined && previous !== undefined && continues(message, previous);
  const article = make(
    "article",
    {
      class: `message${isCompact ? " compact" : ""}${isForOne(message) ? " for-one" : ""}`,
      id: `message-${message.id}`,
      "data-message": message.id,
      tabindex: "-1",
      "aria-label": `${nameOf(message.author)}, ${spokenTime(message.timestamp)}`,
      contextmenu: (event: MouseEvent) => {
        if ((event.target as Element).closest("a, input, textarea")) return;
        event.preventDefault();
        sight.does.openMenu(message, { x: event.clientX, y: event.clientY }, article);
      },
    },
    above,
    make("div", { class: "face" }, isCompact ? smallTime(message.timestamp) : avatar(message.author)),
    make(
      "div",
      { class: "body" },
      !isCompact && head(message),
      ...content(message, sight),
      failure(sight.pressed(message.id)),
      threadCard(message, sight),
      isForOne(message) && onlyYou(message, sight),
    ),
    toolbar(message, sight),
  );
  return article;
}

function continues(message: DiscordMessage, previous: DiscordMessage): boolean {
  const between = Date.parse(message.timestamp) - Date.parse(previous.timestamp);
  const isSameDay = new Date(message.timestamp).toDateString() === new Date(previous.timestamp).toDateString();
  return (
    previous.author.id === message.author.id &&
    between < groupMilliseconds &&
    isSameDay &&
    isForOne(message) === isForOne(previous)
  );
}

function content(message: DiscordMessage, sight: Sight): HTMLElement[] {
  const shown = { message, sight };
  if (isLoading(message)) return [make("p", { class: "thinking" }, dots(), `${nameOf(message.author)} is thinking…`)];
  const components = message.components.map((one) => showComponent(one, shown));
  if ((message.flags & flag.components) !== 0) return [make("div", { class: "components" }, ...components)];
  const text = make("div", { class: "content" }, markdown(message.content, sight.names));
  if (message.edited_timestamp !== null) text.append(make("small", { class: "edited" }, " (edited)"));
  return [
    ...(message.content ? [text] : []),
    ...showAttachments(shown),
    ...message.embeds.map((embed) => showEmbed(embed, sight)),
    ...(components.length > 0 ? [make("div", { class: "components" }, ...components)] : []),
  ];
}

function head({ author, timestamp }: DiscordMessage): HTMLElement {
  return make(
    "header",
    {},
    make("b", { class: author.bot ? "author bot" : "author" }, nameOf(author)),
    author.bot && appBadge(),
    make("time", { datetime: timestamp }, spokenTime(timestamp)),
  );
}

export function appBadge(): HTMLElement {
  return make("span", { class: "badge" }, "APP");
}

function usedLine({ type, interaction_metadata: used }: DiscordMessage): HTMLElement | undefined {
  if (!used || (type !== 20 && type !== 23) || !used.name) return undefined;
  return make(
    "div",
    { class: "above" },
    small(used.user),
    make("b", {}, nameOf(used.user)),
    " used ",
    make("span", { class: "command" }, type === 20 ? `/${used.name}` : used.name),
  );
}

function replyLine(message: DiscordMessage, sight: Sight): HTMLElement | undefined {
  const to = message.message_reference?.message_id;
  if (to === undefined) return undefined;
  const original = sight.messages.get(to);
  if (!original) return make("div", { class: "above" }, make("i", {}, "Original message was deleted"));
  return make(
    "div",
    { class: "above" },
    small(original.author),
    make("b", {}, nameOf(original.author)),
    make(
      "button",
      { type: "button", class: "excerpt", click: () => sight.does.goTo(to) },
      excerptOf(original, sight.names) || "Click to see attachment",
    ),
  );
}

function small(user: DiscordUser): HTMLElement {
  const face = avatar(user);
  face.classList.add("small");
  return face;
}

/** The first words of a message, as a line. */
export function excerptOf(message: DiscordMessage, names: Names): string {
  const texts: string[] = [message.content];
  const walk = (components: DiscordMessage["components"]) => {
    for (const { content: text, components: inner = [] } of components) {
      if (typeof text === "string") texts.push(text);
      walk(inner);
    }
  };
  walk(message.components);
  const read = texts.flatMap((text) => [...markdown(text, names).childNodes].map(({ textContent }) => textContent));
  const words = read.join(" ").replaceAll(/\s+/g, " ").trim();
  return words.length > 140 ? `${words.slice(0, 139)}…` : words;
}

function failure(pressed: InteractionState | undefined): HTMLElement | undefined {
  if (pressed?.state !== "failed") return undefined;
  return make("p", { class: "failed", role: "alert" }, "This interaction failed");
}

/** The thread that hangs on a message has its id. */
function threadCard({ id }: DiscordMessage, { names, does }: Sight): HTMLElement | undefined {
  const name = names.channel(id);
  if (name === undefined) return undefined;
  return make(
    "button",
    { type: "button", class: "thread-card", click: () => does.goToChannel(id) },
    icon("thread"),
    make("b", {}, name),
    make("span", {}, "See thread ›"),
  );
}

function onlyYou(message: DiscordMessage, { does }: Sight): HTMLElement {
  return make(
    "p",
    { class: "only-you" },
    icon("eye"),
    "Only you can see this • ",
    make("button", { type: "button", class: "as-link", click: () => does.dismiss(message) }, "Dismiss message"),
  );
}

function toolbar(message: DiscordMessage, { does }: Sight): HTMLElement {
  const more = make(
    "button",
    {
      type: "button",
      class: "more",
      "aria-label": "More of this message",
      "aria-haspopup": "menu",
      click: () => {
        const { right, bottom } = more.getBoundingClientRect();
        does.openMenu(message, { x: right, y: bottom }, more);
      },
    },
    icon("dots"),
  );
  return make("div", { class: "toolbar" }, more);
}

/** Between the days. */
export function dayLine(timestamp: string): HTMLElement {
  const day = new Intl.DateTimeFormat("en", { dateStyle: "long" }).format(new Date(timestamp));
  return make("div", { class: "day", role: "separator", "aria-label": day }, make("span", {}, day));
}

/** A slash command on its way, or one that nobody answered. */
export function showCommand(
  interaction: InteractionState,
  { person, sight, dismiss }: { person: DiscordUser; sight: Sight; dismiss: () => void },
): HTMLElement {
  const hasFailed = interaction.state === "failed";
  return make(
    "article",
    {
      class: `message sending${hasFailed ? " for-one" : ""}`,
      "aria-label": `${nameOf(person)} used ${interaction.name ?? ""}`,
    },
    make(
      "div",
      { class: "above" },
      small(person),
      make("b", {}, nameOf(person)),
      " used ",
      make("span", { class: "command" }, `/${interaction.name ?? ""}`),
    ),
    make("div", { class: "face" }, avatar(sight.bot)),
    make(
      "div",
      { class: "body" },
      make("header", {}, make("b", { class: "author bot" }, nameOf(sight.bot)), appBadge()),
      hasFailed
        ? make("p", { class: "failed", role: "alert" }, "The application did not respond")
        : make("p", { class: "thinking" }, dots(), "Sending command…"),
      hasFailed &&
        make(
          "p",
          { class: "only-you" },
          icon("eye"),
          "Only you can see this • ",
          make("button", { type: "button", class: "as-link", click: dismiss }, "Dismiss message"),
        ),
    ),
  );
}

function smallTime(timestamp: string): HTMLElement {
  return make("time", { class: "small-time", datetime: timestamp }, clock(timestamp));
}

function clock(timestamp: string): string {
  return new Intl.DateTimeFormat("en", { timeStyle: "short" }).format(new Date(timestamp));
}

function spokenTime(timestamp: string): string {
  const date = new Date(timestamp);
  const yesterday = new Date(Date.now() - 86_400_000);
  if (date.toDateString() === new Date().toDateString()) return clock(timestamp);
  if (date.toDateString() === yesterday.toDateString()) return `Yesterday at ${clock(timestamp)}`;
  return new Intl.DateTimeFormat("en", { dateStyle: "short", timeStyle: "short" }).format(date);
}
