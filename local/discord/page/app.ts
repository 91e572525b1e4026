import type {
  DiscordChannel,
  DiscordMessage,
  Faults,
  InteractionState,
  PageEvents,
  Sent,
  State,
} from "../page-protocol.ts";
import { makeComposer } from "./composer.ts";
import { announce, make, nameOf } from "./dom.ts";
import { makeDrawers } from "./drawers.ts";
import { makeFlightPanel } from "./flight.ts";
import { makeIntro } from "./intro.ts";
import { openMenu, type MenuEntry } from "./menu.ts";
import { excerptOf, isLoading } from "./messages.ts";
import { openModal, type Offers, type OpenModal } from "./modal.ts";
import { notice, noticeRefusal, showRefusals } from "./notices.ts";
import { post, upload } from "./server.ts";
import { nameOfChannel, showSidebar } from "./sidebar.ts";
import type { Doings, Sight } from "./sight.ts";
import { makeTimeline } from "./timeline.ts";
import { openViewer } from "./viewer.ts";

let state: State | undefined;
let events: EventSource | undefined;
let current = "";
const messages = new Map<string, DiscordMessage>();
const interactions = new Map<string, InteractionState>();
const unread = new Set<string>();
const intros = new Map<string, HTMLElement>();
/** What this very page began: only it opens the forms that come of it. */
const begun = new Set<string>();
const modals = new Map<string, OpenModal>();
/** Which form an interaction of type 5 was sent from. */
const sentFrom = new Map<string, OpenModal>();

const sidebar = make("div", { class: "sidebar", id: "sidebar" });
const title = make("h1", { class: "title" });
const offline = make("p", { class: "offline", role: "status" });
const timeline = makeTimeline();
const panel = makeFlightPanel();
const refusals = make("section", { class: "refusals", hidden: true });
const composer = makeComposer({
  command: async (name, options) => {
    await begin("command", { ...here(), name, options });
    timeline.goToEnd();
  },
  say: async (content) => {
    await post("say", { ...here(), content });
    timeline.goToEnd();
  },
  upload,
});

const drawers = makeDrawers(panel.element, refusals);

document
  .querySelector("#app")
  ?.append(
    sidebar,
    make(
      "main",
      { class: "main" },
      make(
        "header",
        { class: "top" },
        drawers.channelsButton,
        title,
        make("p", { class: "topic" }, "A look-alike for trying Easel. Not Discord, and none of Discord’s."),
        drawers.flightButton,
      ),
      offline,
      timeline.element,
      composer.element,
    ),
    drawers.aside,
    drawers.backdrop,
  );
const here = () => ({ person: state?.person.id ?? "", channel: current });

/** Sends what becomes an interaction, which is this page's own from then on. */
async function begin(what: string, body: object): Promise<string> {
  const { interaction } = await post<Sent>(what, body);
  begun.add(interaction);
  const known = interactions.get(interaction);
  if (known) hearInteraction(known);
  return interaction;
}

function tryTo(doing: Promise<unknown>): void {
  doing.catch((error: Error) => notice(error.message));
}

const does: Doings = {
  press: (message, customId) =>
    tryTo(begin("press", { person: here().person, message: message.id, custom_id: customId })),
  select: (message, customId, values) =>
    tryTo(begin("select", { person: here().person, message: message.id, custom_id: customId, values })),
  dismiss: (message) => tryTo(post("dismiss", { person: here().person, message: message.id })),
  view: openViewer,
  goTo: (message) => timeline.goTo(message),
  goToChannel: (channel) => go(channel),
  openMenu: (message, at, cameFrom) => openMenu(entriesOf(message), at, cameFrom),
};

function entriesOf(message: DiscordMessage): MenuEntry[] {
  const copy = (text: string) => () => tryTo(navigator.clipboard.writeText(text));
  const commands = (state?.commands ?? []).filter(({ type }) => type === 3);
  return [
    ...commands.map(({ name }) => ({
      label: name,
      group: "Apps",
      do: () => tryTo(begin("message-command", { person: here().person, name, message: message.id })),
    })),
    { label: "Copy Text", group: "Message", do: copy(firstWords(message)) },
    { label: "Copy Message ID", group: "Message", do: copy(message.id) },
  ];
}

function sightOf({ people, bot, channels }: State): Sight {
  const users = new Map([...people, bot].map((user) => [user.id, nameOf(user)]));
  const pressed = new Map<string, InteractionState>();
  for (const interaction of interactions.values())
    if (interaction.type === 3 && interaction.message_id) pressed.set(interaction.message_id, interaction);
  return {
    names: {
      user: (id) => users.get(id),
      channel: (id) => channels.find((channel) => channel.id === id)?.name,
    },
    messages,
    pressed: (message) => pressed.get(message),
    bot,
    does,
  };
}

/** Discord's types of selects: 5 people, 6 roles (of which there are none here), 8 channels. */
function offersOf({ people, bot, channels }: State): Offers {
  return {
    5: [...people, bot].map((user) => ({ label: nameOf(user), value: user.id })),
    6: [],
    8: channels.flatMap(({ id, name, type }) => (type === 1 ? [] : [{ label: `#${name ?? id}`, value: id }])),
  };
}

let isPlanned = false;

/** All that changes within one frame is shown at once. */
function show(): void {
  if (isPlanned) return;
  isPlanned = true;
  queueMicrotask(() => {
    isPlanned = false;
    if (state) showState(state);
  });
}

let shownCommands = "";

function showState(now: State): void {
  const channel = now.channels.find(({ id }) => id === current) ?? now.channels[0];
  if (!channel) return;
  current = channel.id;
  unread.delete(current);
  const name = nameOfChannel(channel);
  document.title = `${name} · Discord look-alike · Easel`;
  title.textContent = name;
  offline.textContent = now.connected ? "" : `${nameOf(now.bot)} is offline.`;
  showSidebar(sidebar, now, { channel, unread }, { go, be });
  const commands = JSON.stringify([current, now.person.id, now.commands]);
  if (commands !== shownCommands) composer.show({ name, commands: now.commands.filter(({ type }) => type === 1) });
  shownCommands = commands;
  showRefusals(refusals, now.refusals);
  timeline.show({
    name,
    intro: introOf(channel),
    messages: [...messages.values()].filter(({ channel_id: id }) => id === current).sort(byAge),
    commands: [...interactions.values()].filter(isOpenCommand),
    person: now.person,
    sight: sightOf(now),
    dismissCommand: (id) => {
      interactions.delete(id);
      show();
    },
  });
}

function introOf(channel: DiscordChannel): HTMLElement {
  const intro = intros.get(channel.id) ?? makeIntro(channel, (command) => composer.begin(command));
  intros.set(channel.id, intro);
  return intro;
}

const byAge = (one: DiscordMessage, other: DiscordMessage) => (BigInt(one.id) < BigInt(other.id) ? -1 : 1);

function isOpenCommand({ type, channel_id: id, state: now, message_id: of }: InteractionState): boolean {
  return type === 2 && of === undefined && id === current && (now === "waiting" || now === "failed");
}

function go(channel: string): void {
  current = channel;
  drawers.close();
  show();
  timeline.goToEnd();
  if (matchMedia("(min-width: 801px)").matches) queueMicrotask(() => composer.focus());
}

function be(person: string): void {
  for (const modal of modals.values()) modal.close();
  connect(person);
}

function hearInteraction(interaction: InteractionState): void {
  // The newest goes last, so that it is the one that speaks for its message.
  interactions.delete(interaction.id);
  interactions.set(interaction.id, interaction);
  const form = sentFrom.get(interaction.id);
  if (form && interaction.state === "answered") form.close();
  if (form && interaction.state === "failed") form.fail("Something went wrong. Try again.");
  const { modal } = interaction;
  if (interaction.state === "modal" && modal && begun.has(interaction.id) && !modals.has(interaction.id) && state) {
    const opened = openModal(modal, {
      names: sightOf(state).names,
      offers: offersOf(state),
      from: nameOf(state.bot),
      send: async (values) => {
        const sent = await begin("modal", { person: here().person, interaction: interaction.id, values });
        sentFrom.set(sent, opened);
        const known = interactions.get(sent);
        if (known) hearInteraction(known);
      },
    });
    modals.set(interaction.id, opened);
  }
  show();
}

function firstWords(message: DiscordMessage): string {
  return state ? excerptOf(message, sightOf(state).names) : "";
}

function hearMessage(message: DiscordMessage): void {
  const before = messages.get(message.id);
  messages.set(message.id, message);
  const isNew = before === undefined;
  const isOther = message.author.id !== state?.person.id;
  if (message.channel_id !== current && isNew && isOther) unread.add(message.channel_id);
  const hasCome = before !== undefined && (isLoading(before) || before.attachments.length < message.attachments.length);
  if (message.channel_id === current && isOther && (isNew || hasCome))
    announce(
      isLoading(message)
        ? `${nameOf(message.author)} is thinking`
        : `${nameOf(message.author)}: ${firstWords(message)}`,
    );
  show();
}

const hear: { [Name in keyof PageEvents]: (data: PageEvents[Name]) => void } = {
  READY: (ready) => {
    state = ready;
    messages.clear();
    interactions.clear();
    for (const message of ready.messages) messages.set(message.id, message);
    for (const interaction of ready.interactions) hearInteraction(interaction);
    show();
  },
  MESSAGE_CREATE: hearMessage,
  MESSAGE_UPDATE: hearMessage,
  MESSAGE_DELETE: ({ id }) => {
    messages.delete(id);
    show();
  },
  CHANNEL_UPDATE: (channel) => change(({ channels }) => ({ channels: withChannel(channels, channel) })),
  CHANNEL_DELETE: ({ id }) => change(({ channels }) => ({ channels: channels.filter((channel) => channel.id !== id) })),
  COMMANDS: (commands) => change(() => ({ commands })),
  INTERACTION: hearInteraction,
  REFUSAL: (refusal) => {
    noticeRefusal(refusal);
    change(({ refusals: all }) => ({ refusals: [...all, refusal] }));
  },
  CONNECTED: ({ connected }) => change(() => ({ connected })),
  FAULTS: (faults) => showFaults(faults),
};

/** A new thread stands after the last one of its channel. */
function withChannel(channels: DiscordChannel[], channel: DiscordChannel): DiscordChannel[] {
  if (channels.some(({ id }) => id === channel.id))
    return channels.map((one) => (one.id === channel.id ? channel : one));
  const parent = channel.parent_id;
  const last = channels.findLastIndex(({ id, parent_id: of }) => parent && (id === parent || of === parent));
  return last < 0 ? [...channels, channel] : channels.toSpliced(last + 1, 0, channel);
}

function change(to: (now: State) => Partial<State>): void {
  if (state) state = { ...state, ...to(state) };
  show();
}

function showFaults(faults: Faults): void {
  drawers.flightButton.hidden = faults.faults.length === 0;
  drawers.flightButton.classList.toggle(
    "on",
    faults.faults.some(({ on }) => on),
  );
  panel.show(faults);
}

function connect(person: string): void {
  events?.close();
  localStorage.setItem("person", person);
  events = new EventSource(`events${person && `?person=${encodeURIComponent(person)}`}`);
  for (const name of Object.keys(hear) as (keyof PageEvents)[])
    events.addEventListener(name, ({ data }: MessageEvent<string>) =>
      (hear[name] as (data: unknown) => void)(JSON.parse(data)),
    );
  events.addEventListener("error", () => {
    if (events?.readyState === EventSource.CLOSED && person) connect("");
    else offline.textContent = "The look-alike’s server is not there. Trying again…";
  });
}

connect(localStorage.getItem("person") ?? "");
tryTo(fetch("faults").then(async (response) => showFaults((await response.json()) as Faults)));
