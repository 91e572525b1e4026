import type { DiscordChannel, DiscordUser, State } from "../page-protocol.ts";
import { avatar, icon, make, nameOf } from "./dom.ts";

export type Place = { channel: DiscordChannel | undefined; unread: ReadonlySet<string> };
export type Going = { go: (channel: string) => void; be: (person: string) => void };

/** The name of a channel as one says it: "#pictures", "@Easel". */
export function nameOfChannel({ type, name, recipients = [] }: DiscordChannel): string {
  if (type !== 1) return `#${name ?? ""}`;
  const [other] = recipients.filter(({ bot }) => bot);
  return `@${other ? nameOf(other) : (name ?? "")}`;
}

/** Servers, channels, and who one is: rebuilt whenever one of them changes, with the focus where it was. */
export function showSidebar(element: HTMLElement, state: State, place: Place, going: Going): void {
  const focused = element.contains(document.activeElement) ? (document.activeElement as HTMLElement).id : "";
  element.replaceChildren(rail(state, place, going), channels(state, place, going), people(state, going));
  if (focused) document.querySelector<HTMLElement>(`#${CSS.escape(focused)}`)?.focus();
}

function rail({ guild, channels, bot }: State, { channel }: Place, { go }: Going): HTMLElement {
  const direct = channels.find(({ type }) => type === 1);
  const first = channels.find(({ type }) => type === 0);
  const isDirect = channel?.type === 1;
  const initials = guild.name.replaceAll(/(\w)\w*\W*/g, "$1").slice(0, 3);
  const server = (id: string, label: string, to: DiscordChannel | undefined, face: Node | string) =>
    make(
      "button",
      {
        type: "button",
        id,
        class: "server",
        "aria-label": label,
        "aria-current": to !== undefined && (to.type === 1) === isDirect ? "true" : undefined,
        title: label,
        click: () => to && go(to.id),
      },
      face,
    );
  return make(
    "nav",
    { class: "rail", "aria-label": "Servers" },
    server("server-direct", `Direct messages with ${nameOf(bot)}`, direct, icon("message")),
    make("span", { class: "rail-line" }),
    server("server-guild", guild.name, first, initials),
  );
}

function channels({ guild, channels: all, bot, connected }: State, place: Place, { go }: Going): HTMLElement {
  const entry = (channel: DiscordChannel) => {
    const isUnread = place.unread.has(channel.id);
    const signs = { 0: "#", 1: avatar(bot), 11: icon("thread") };
    return make(
      "li",
      {},
      make(
        "button",
        {
          type: "button",
          id: `channel-${channel.id}`,
          class: `channel of-type-${channel.type}${isUnread ? " unread" : ""}`,
          "aria-current": channel.id === place.channel?.id ? "page" : undefined,
          "aria-label": `${nameOfChannel(channel)}${isUnread ? ", unread" : ""}`,
          click: () => go(channel.id),
        },
        make("span", { class: "sign", "aria-hidden": "true" }, signs[channel.type]),
        make("span", { class: "channel-name" }, nameOfChannel(channel).slice(1)),
        channel.type === 1 &&
          make("span", { class: connected ? "presence here" : "presence", title: connected ? "Online" : "Offline" }),
        channel.thread_metadata?.archived === true && make("small", {}, "archived"),
      ),
    );
  };
  const group = (title: string, those: DiscordChannel[]) =>
    those.length > 0 && make("section", {}, make("h3", {}, title), make("ul", {}, ...those.map(entry)));
  return make(
    "nav",
    { class: "channels", "aria-label": "Channels" },
    make("h2", {}, guild.name),
    make(
      "div",
      { class: "channel-list" },
      group(
        "Text channels",
        all.filter(({ type }) => type !== 1),
      ),
      group(
        "Direct messages",
        all.filter(({ type }) => type === 1),
      ),
    ),
  );
}

/** Who one is, and whom else one can be by one press. */
function people({ people: all, person }: State, { be }: Going): HTMLElement {
  const choice = (one: DiscordUser) =>
    make(
      "label",
      { class: "person", title: nameOf(one) },
      make("input", {
        type: "radio",
        name: "person",
        id: `person-${one.id}`,
        value: one.id,
        checked: one.id === person.id,
        "aria-label": nameOf(one),
        change: () => be(one.id),
      }),
      avatar(one),
    );
  return make(
    "fieldset",
    { class: "people", role: "radiogroup", "aria-label": "Be somebody else" },
    make("div", { class: "who" }, make("b", {}, nameOf(person)), make("small", {}, "That’s you")),
    make("div", { class: "faces" }, ...all.map(choice)),
  );
}
