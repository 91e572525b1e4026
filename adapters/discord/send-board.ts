import { createHash } from "node:crypto";
import { RequestMethod, Routes } from "discord.js";
import type { APIMessage } from "discord.js";
import type { Board, Boards } from "../../src/brainstorm/board.ts";
import type { Delivery } from "../../src/replies/delivery.ts";
import type { ChatReply } from "../../src/replies/reply.ts";
import type { Azure } from "../../src/storage/azure.ts";
import { DiscordAddress } from "./address.ts";
import { readBoardControl } from "./message/board-controls.ts";
import { controlsIn } from "./message/read-message.ts";
import { keyIsOver } from "./rest/by-key.ts";
import { call } from "./rest/call.ts";
import type { Desk } from "./rest/call.ts";
import type { DiscordFault, Refusal } from "./rest/faults.ts";
import { makeRest } from "./rest/first-answer.ts";
import { followUpTo, messageIn, standingOf } from "./rest/places.ts";
import type { Place } from "./rest/places.ts";
import { putBoard } from "./rest/put-board.ts";
import { putReply } from "./rest/put-message.ts";
import { deliveryOf } from "./rest/shut.ts";
import { reopenThread } from "./rest/threads.ts";
import type { DiscordSettings } from "./settings.ts";

/** Shows boards by Discord's REST API alone, so any process can do it. */
export function discordBoards(discord: DiscordSettings, azure: Azure): Boards[string] {
  const open: Desk = { rest: makeRest(discord), azure, times: discord.times };
  const desk = () => ({ ...open, signal: AbortSignal.timeout(open.times.boardLimitMilliseconds) });
  return {
    show: (address, board) => withAddress(address, (known) => show(known, board, desk())),
    post: (address, reply, once) =>
      withAddress(address, async (known) => {
        const [place] = newPlaces(known, once);
        if (!place) return noWay;
        const outcome = await putReply(reply, place, known, desk());
        if ("fault" in outcome) return deliveryOf([outcome], known, open);
        return { delivered: true, address: { ...known, ...standingAt(outcome.message, place) } };
      }),
    change: (address, reply) => withAddress(address, (known) => change(known, reply, desk())),
  };
}

async function change(address: DiscordAddress, reply: ChatReply, desk: Desk): Promise<Delivery> {
  const refusals: Refusal[] = [];
  for (const place of standingPlaces(address)) {
    const outcome = await putReply(reply, place, address, desk);
    if (!("fault" in outcome) || outcome.fault === "message gone") return { delivered: true };
    refusals.push(outcome);
    if (!OF_THIS_WAY.includes(outcome.fault)) break;
  }
  return notShown(refusals, address, desk);
}

const noWay: Delivery = {
  delivered: false,
  because: "the interaction's time is over, and the bot is not in that channel",
};

async function withAddress(address: unknown, send: (address: DiscordAddress) => Promise<Delivery>): Promise<Delivery> {
  const { success, data } = DiscordAddress.safeParse(address);
  return success ? send(data) : { delivered: false, because: "the address is not one of Discord's" };
}

type Shown = { delivered: true; address?: DiscordAddress };

/** What another way may know better: the key is spent, or the bot sees nothing there. */
const OF_THIS_WAY: readonly DiscordFault[] = [
  "token gone",
  "token unknown",
  "message gone",
  "no way there",
  "no permission",
  "follow-ups spent",
];

/** In the message where it stands; where that is gone, in a new one. */
async function show(address: DiscordAddress, board: Board, desk: Desk): Promise<Delivery> {
  const refusals: Refusal[] = [];
  for (const place of standingPlaces(address)) {
    const outcome = await edit(place, { address, board }, desk);
    if (!("fault" in outcome)) return outcome;
    refusals.push(outcome);
    if (!OF_THIS_WAY.includes(outcome.fault) || isStillComing(outcome, address, desk))
      return notShown(refusals, address, desk);
  }
  const isGone = !address.messageId || refusals.some(({ fault }) => fault === "message gone");
  for (const place of isGone ? newPlaces(address, onceOf(board, address)) : []) {
    const outcome = await postAnew(place, { address, board }, desk);
    if (!("fault" in outcome)) return outcome;
    refusals.push(outcome);
    if (!OF_THIS_WAY.includes(outcome.fault)) break;
  }
  return notShown(refusals, address, desk);
}

/** The first answer to the event is on its way yet. */
function isStillComing({ fault }: Refusal, { createdAt }: DiscordAddress, { times }: Desk): boolean {
  return fault === "token unknown" && Date.now() - Date.parse(createdAt) < times.youngMilliseconds;
}

function notShown(refusals: Refusal[], address: DiscordAddress, desk: Desk): Delivery {
  if (!refusals.length) return noWay;
  const delivery = deliveryOf(refusals, address, desk);
  const mayBeGivenBack = !delivery.delivered && refusals.some(({ fault }) => fault === "no permission");
  return mayBeGivenBack ? { againInSeconds: desk.times.refusedSeconds, isRefused: true, ...delivery } : delivery;
}

/** Where it stands: by the key as long as that lives, and by the bot. */
function standingPlaces(address: DiscordAddress): Place[] {
  const { byBot, botIsThere, channelId, messageId, followUp } = address;
  const isToCome = followUp && !messageId;
  return [
    ...(byBot || keyIsOver(address) || isToCome ? [] : [standingOf(address)]),
    ...(botIsThere && messageId ? [messageIn(channelId, messageId)] : []),
  ];
}

type Written = { address: DiscordAddress; board: Board };

async function edit(place: Place, { address, board }: Written, desk: Desk): Promise<Shown | Refusal> {
  const first = await putBoard(board, place, address, desk);
  const isClosed = "fault" in first && first.fault === "thread closed" && address.botIsThere;
  const reopened = isClosed ? await reopenThread(address, desk) : undefined;
  const outcome = reopened && !("fault" in reopened) ? await putBoard(board, place, address, desk) : first;
  if ("fault" in outcome) return outcome;
  const { id: messageId } = outcome.message;
  return messageId === address.messageId
    ? { delivered: true }
    : { delivered: true, address: { ...address, messageId } };
}

/** One that stands there already, whose address was lost, is found again; and posting twice within some minutes makes one. */
async function postAnew(place: Place, { address, board }: Written, desk: Desk): Promise<Shown | Refusal> {
  const found = place.authority === "bot" ? await findBoard(address, board, desk) : undefined;
  const there = found && { ...address, ...standingAt(found, place) };
  const outcome = there
    ? await putBoard(board, messageIn(there.channelId, found.id), there, desk)
    : await putBoard(board, place, address, desk);
  return "fault" in outcome
    ? outcome
    : { delivered: true, address: { ...address, ...standingAt(outcome.message, place) } };
}

/** By the bot, which can change it for ever; and by the key, as long as that lives. */
function newPlaces(address: DiscordAddress, once: string): Place[] {
  const { botIsThere, byBot, channelId } = address;
  const fields = { nonce: once, enforce_nonce: true };
  const path = Routes.channelMessages(channelId);
  return [
    ...(botIsThere
      ? [{ method: RequestMethod.Post as const, path, authority: "bot" as const, way: "new message", fields }]
      : []),
    ...(byBot || keyIsOver(address) ? [] : [followUpTo(address, false)]),
  ];
}

function standingAt({ id }: APIMessage, { authority }: Place) {
  const byBot = authority === "bot";
  return { messageId: id, byBot, followUp: !byBot, ephemeral: false };
}

/** Another board after this message is another one. */
function onceOf({ session }: Board, { channelId, messageId }: DiscordAddress): string {
  return createHash("sha256").update(`${session}/${channelId}/${messageId}`).digest("hex").slice(0, 25);
}

/** As many as Discord gives at once, the newest. */
const MOST_MESSAGES = 50;

async function findBoard(address: DiscordAddress, { session }: Board, desk: Desk): Promise<APIMessage | undefined> {
  const { channelId, messageId } = address;
  const query = new URLSearchParams({ limit: String(MOST_MESSAGES) });
  const found = await call({ way: "look for a board", authority: "bot" }, desk, async (signal) => {
    return { messages: (await desk.rest.get(Routes.channelMessages(channelId), { query, signal })) as APIMessage[] };
  });
  if ("fault" in found || !Array.isArray(found.messages)) return undefined;
  return found.messages.find(
    (message) =>
      message.author?.bot === true &&
      message.id !== messageId &&
      controlsIn(message).some((id) => readBoardControl(id)?.session === session),
  );
}
