/** People at one brainstorm with a board on either platform, whose process is killed and started again. */
import { ringSession } from "../../src/brainstorm/clock.ts";
import { changeSession, readSession, roundOf } from "../../src/brainstorm/session.ts";
import { mergeRow, readRow, readRows } from "../../src/storage/table.ts";
import { buttonsOf, selectsOf, textOf } from "../../local/discord/reading.ts";
import type { FakeMessage } from "../../local/discord/records.ts";
import type { StandingActivity } from "../fakes/microsoft/conversations.ts";
import { startIn } from "./kill-lanes.ts";
import type { Stand } from "./kill-lanes.ts";
import { untilTrue } from "./world.ts";

const TOPIC = "a logo for a bakery";
/** Of a machine that has much else to do. */
export const SECONDS = 90;

export type Brainstorm = {
  stand: Stand;
  id: string;
  /** Where its boards stand. */
  channel: string;
  chat: string;
  /** Calls to the image service up to the last round, and how many of this one were cut off: each may be made once more. */
  before: number;
  cutOff: number;
};

/** Begun on Discord, and brought to Teams. */
export async function openBrainstorm(stand: Stand, ideas: number): Promise<Brainstorm> {
  const { place, azure, bot } = stand;
  const asked = await place.discord.command({ name: "brainstorm", options: { topic: TOPIC, ideas, votes: 2 } });
  const brainstorm = { stand, id: "", channel: asked.channelId, chat: "", before: 0, cutOff: 0 };
  await untilTrue(() => textOnDiscord(brainstorm).includes("Ideas are welcome"), SECONDS);
  brainstorm.id = (await readRows("sessions", { count: 2 }, azure))[0]?.name ?? "";
  const told = await (
    await press("Join from another channel", brainstorm)
  ).untilOriginal((word) => /join \w{8}/.test(textOf(word)));
  const joined = await bot.teams.say(`brainstorm ${/join \w{8}/.exec(textOf(told))?.[0]}`, {
    conversation: "groupChat",
    user: "Grace",
  });
  brainstorm.chat = joined.conversationId;
  await says("Ideas are welcome", brainstorm);
  return brainstorm;
}

export function boardsOf({ stand, channel, chat }: Brainstorm): {
  discord: FakeMessage | undefined;
  teams: StandingActivity | undefined;
} {
  const title = `Brainstorm: ${TOPIC}`;
  return {
    discord: stand.place.discord.messages(channel).find((message) => textOf(message).includes(title)),
    teams: stand.world.microsoft.activities(chat).find((message) => JSON.stringify(message).includes(title)),
  };
}

function textOnDiscord(brainstorm: Brainstorm): string {
  const { discord } = boardsOf(brainstorm);
  return discord ? textOf(discord) : "";
}

const textOnTeams = (brainstorm: Brainstorm) => JSON.stringify(boardsOf(brainstorm).teams ?? "");

/** Waits until both boards say so. */
export async function says(words: string | RegExp, brainstorm: Brainstorm): Promise<void> {
  const isSaid = (text: string) => (typeof words === "string" ? text.includes(words) : words.test(text));
  await untilTrue(() => isSaid(textOnDiscord(brainstorm)) && isSaid(textOnTeams(brainstorm)), SECONDS).catch(() => {
    throw new Error(`the boards do not say ${words}:\n${textOnDiscord(brainstorm)}\n${textOnTeams(brainstorm)}`);
  });
}

const idIn = (message: FakeMessage, label: string) =>
  buttonsOf(message).find((button) => button.label === label)?.customId;

/** Ada, who began it, presses on her board. */
export async function press(label: string, brainstorm: Brainstorm) {
  const { discord } = brainstorm.stand.place;
  const message = await untilTrue(() => {
    const board = boardsOf(brainstorm).discord;
    return board && idIn(board, label) ? board : undefined;
  }, SECONDS);
  return discord.button({ message, customId: idIn(message, label) ?? "" });
}

/** And sends the form that it opens. */
export async function fill(label: string, values: Record<string, string | string[]>, brainstorm: Brainstorm) {
  const modal = await press(label, brainstorm);
  await modal.answered(SECONDS);
  return brainstorm.stand.place.discord.modalSubmit({ modal, values });
}

/** And says that she means it. */
export async function pressSurely(label: string, sure: string, brainstorm: Brainstorm) {
  const question = await (await press(label, brainstorm)).untilOriginal((word) => Boolean(idIn(word, sure)), SECONDS);
  return brainstorm.stand.place.discord.button({ message: question, customId: idIn(question, sure) ?? "" });
}

/** What the voter is told. */
export async function voteOnDiscord(values: string[], person: string, brainstorm: Brainstorm): Promise<string> {
  const { discord } = brainstorm.stand.place;
  const message = boardsOf(brainstorm).discord;
  const [select] = message ? selectsOf(message) : [];
  if (!message || !select) throw new Error("there is nothing to vote on");
  const user = person === discord.asker.name ? discord.asker : discord.addPerson(person);
  const voted = await discord.select({ message, customId: select.customId, values, user });
  return textOf(await voted.untilOriginal((word) => textOf(word) !== "", SECONDS));
}

export async function pressOnTeams(label: string, user: string, brainstorm: Brainstorm): Promise<string> {
  const { teams } = boardsOf(brainstorm);
  if (!teams) throw new Error("there is no board on Teams");
  const { body } = await brainstorm.stand.bot.teams.press(label, teams, { user });
  return String((body as { value?: unknown }).value);
}

export async function addOnTeams(words: string, brainstorm: Brainstorm): Promise<void> {
  const { stand, chat } = brainstorm;
  await pressOnTeams("Add an idea", "Grace", brainstorm);
  const form = await untilTrue(() =>
    stand.world.microsoft.seenBy("Grace", chat).findLast((message) => JSON.stringify(message).includes("said_words")),
  );
  await stand.bot.teams.press("Add it", form, { user: "Grace", inputs: { said_words: words } });
}

/** The process dies in the middle of whatever it is at, and another starts. What it hid and held is nobody's at once. */
export async function kill({ stand, id }: Brainstorm, meanwhile = () => Promise.resolve()): Promise<void> {
  const { azurite } = stand.world;
  await stand.bot.end("SIGKILL");
  await meanwhile();
  azurite.surface(stand.azure.queue.name);
  if (await readRow("sessions", id, stand.azure))
    await mergeRow({ partition: "sessions", name: id, values: { holdUntil: "" } }, stand.azure);
  Object.assign(stand, await startIn(stand));
}

type Cut = { call: string; nth?: number; cut?: "before" | "after" };

/** Dies at a storage call that comes of what somebody does. Where it was not taken by then, it is done again. */
export async function killAt(
  { call, nth = 1, cut = "after" }: Cut,
  act: () => Promise<unknown>,
  brainstorm: Brainstorm,
): Promise<void> {
  const { stand } = brainstorm;
  const { storageProxy } = stand.place;
  const standing = async () => {
    const session = (await readSession(brainstorm.id, stand.azure))?.session;
    return session && JSON.stringify([roundOf(session).number, roundOf(session).stage, session.endedAt]);
  };
  const before = await standing();
  const from = storageProxy.calls.length;
  const plan = storageProxy.fail({ call, from: nth }, { cut, and: () => void stand.bot.process.kill("SIGKILL") });
  void act().catch(() => undefined);
  await untilTrue(() => plan.met.length > 0, SECONDS);
  await kill(brainstorm, async () => {
    const kept = storageProxy.calls
      .slice(from)
      .filter(({ name, status = 500 }) => name === "PUT picture" && status < 300);
    brainstorm.cutOff += stand.world.images.calls.length - brainstorm.before - kept.length;
  });
  if ((await standing()) === before) await act();
}

/** The votes' time is up by then, whoever looks. */
export async function endVotes({ stand, id }: Brainstorm): Promise<void> {
  const end = (round: { votesUntil?: string } | undefined) => {
    if (round) round.votesUntil = new Date().toISOString();
  };
  await changeSession(id, ({ rounds }) => end(rounds.at(-1)), stand.azure);
  ringSession(id, stand.azure);
}
