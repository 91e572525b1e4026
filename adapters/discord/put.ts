import { MessageFlags } from "discord.js";
import type { APIMessage, REST } from "discord.js";
import type { Azure } from "../../src/azure.ts";
import { log } from "../../src/log.ts";
import type { ChatReply } from "../../src/reply.ts";
import { failed, finished, waiting } from "../../src/sentences.ts";
import type { DiscordAddress } from "./address.ts";
import { faultOf } from "./faults.ts";
import type { Authority, DiscordFault } from "./faults.ts";
import type { Place } from "./place.ts";
import { showReply } from "./show.ts";
import { loadCargo } from "./upload.ts";
import type { Cargo } from "./upload.ts";

/** What writing to Discord takes. */
export type Desk = { rest: REST; azure: Azure; signal?: AbortSignal };

export type Outcome = { message: APIMessage } | { fault: DiscordFault };

/** `bare` is without somebody's words and without a picture's buttons, `silent` without links and facts as well. */
type Wording = "whole" | "filtered" | "bare" | "silent";
type Ease = { cargo: Cargo; wording: Wording };

/** Writes a reply, and where Discord takes issue with its size or its words, writes what it does take. */
export async function putReply(reply: ChatReply, place: Place, address: DiscordAddress, desk: Desk): Promise<Outcome> {
  let ease: Ease = { cargo: firstCargo(reply, address), wording: "whole" };
  for (;;) {
    const worded = reworded(reply, ease.wording);
    const { files, shown } = await loadCargo(worded.pictures, ease.cargo, address.attachmentSizeLimit, desk.azure);
    const body = showReply(worded, shown, place.namesAsker);
    const outcome = await call(place.authority, desk, async (signal) => ({
      message: (await desk.rest.request({
        method: place.method,
        fullRoute: place.path,
        auth: place.authority === "bot",
        body: { ...place.fields, ...body, flags: body.flags | (place.ephemeral ? MessageFlags.Ephemeral : 0) },
        files,
        signal,
      })) as APIMessage,
    }));
    const next = "fault" in outcome && easier(outcome.fault, ease, files.length > 0);
    if (!next) return outcome;
    log.warn(
      { interaction: address.interactionId, fault: outcome.fault, ...next },
      "discord did not take a message; trying a simpler one",
    );
    ease = next;
  }
}

/** Clients whose bot token got a 401, which is for good: more of them would lock the machine out. */
const refusedClients = new WeakSet<REST>();

const PATIENCE_MILLISECONDS = 120_000;

/** Makes one call to Discord; what goes wrong comes back as a fault, unless it is a bug. */
export async function call<Result>(
  authority: Authority,
  desk: Desk,
  send: (signal: AbortSignal) => Promise<Result>,
): Promise<Result | { fault: DiscordFault }> {
  if (authority === "bot" && refusedClients.has(desk.rest)) return { fault: "bad bot token" };
  const signal = desk.signal ?? AbortSignal.timeout(PATIENCE_MILLISECONDS);
  try {
    return await send(signal);
  } catch (error) {
    const fault = faultOf(error, authority);
    if (fault === "bad bot token") {
      refusedClients.add(desk.rest);
      log.error(
        "Discord refuses the bot's token: reset it at discord.com/developers/applications, set DISCORD_TOKEN and start again",
      );
    }
    // Out of patience it may never have gone out: the client sits through rate limits first.
    return { fault: fault === "answer lost" && signal.aborted ? "trouble" : fault };
  }
}

/** Where the bot may not attach files and the picture has an address, the attempt would only be refused. */
function firstCargo({ pictures }: ChatReply, { appPermissions, guildId }: DiscordAddress): Cargo {
  const mayAttach = !guildId || hasPermission(appPermissions, "AttachFiles");
  return mayAttach || !pictures.every(({ url }) => url) ? "originals" : "nothing";
}

const permissionBits = {
  ViewChannel: 1n << 10n,
  SendMessages: 1n << 11n,
  ManageMessages: 1n << 13n,
  AttachFiles: 1n << 15n,
  SendMessagesInThreads: 1n << 38n,
};

export function hasPermission(permissions: string, name: keyof typeof permissionBits): boolean {
  return /^\d+$/.test(permissions) && (BigInt(permissions) & permissionBits[name]) !== 0n;
}

/** What to try after a fault; nothing where no other message would fare better. */
function easier(fault: DiscordFault, { cargo, wording }: Ease, withFiles: boolean): Ease | undefined {
  if (fault === "too large" && withFiles) return { cargo: cargo === "originals" ? "previews" : "nothing", wording };
  if ((fault === "no uploads" || fault === "no permission") && withFiles) return { cargo: "nothing", wording };
  if (fault === "filtered" && wording !== "silent")
    return { cargo, wording: wording === "whole" ? "filtered" : "silent" };
  if (fault === "malformed" && wording !== "bare" && wording !== "silent") return { cargo: "nothing", wording: "bare" };
  return undefined;
}

/** Alternative texts are somebody's words as well. */
function reworded(reply: ChatReply, wording: Wording): ChatReply {
  if (wording === "whole") return reply;
  const pictures = reply.pictures.map((picture) => ({ ...picture, altText: finished.generated }));
  if (wording === "silent") {
    const line = reply.mood === "waiting" ? waiting.willStandHere : failed.nothingTaken;
    const paragraphs = pictures.length ? [] : [line];
    const actions = reply.actions.filter((action) => action.do !== "open");
    return { ...reply, title: undefined, paragraphs, quotes: [], facts: [], actions, pictures, askedBy: undefined };
  }
  const note = wording === "filtered" && reply.quotes.length ? [finished.withoutWords] : [];
  const shown = wording === "bare" ? pictures.map((picture) => ({ ...picture, actions: [] })) : pictures;
  return { ...reply, quotes: [], pictures: shown, paragraphs: [...reply.paragraphs, ...note] };
}
