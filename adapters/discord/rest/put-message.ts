import { MessageFlags } from "discord.js";
import type { APIMessage } from "discord.js";
import { log } from "../../../src/log.ts";
import type { ChatReply } from "../../../src/replies/reply.ts";
import { failed, finished, waiting } from "../../../src/words/sentences.ts";
import type { DiscordAddress } from "../address.ts";
import { call } from "./call.ts";
import type { Desk } from "./call.ts";
import type { Refusal } from "./faults.ts";
import { leaveOut, partsNamed } from "./malformed.ts";
import type { Parts } from "./malformed.ts";
import type { Place } from "./places.ts";
import { filesBeside, showReply } from "../show.ts";
import { loadCargo } from "./attachments.ts";
import type { Cargo } from "./attachments.ts";
import { wellFormed } from "./first-answer.ts";

export type Outcome = { message: APIMessage } | Refusal;

/** `silent` is without links and facts as well. */
type Wording = "whole" | "filtered" | "silent";
type Ease = { cargo: Cargo; wording: Wording; without: Parts };

/** Each takes one thing away: what Discord takes issue with after that, it would with anything. */
const MOST_TRIES = 8;

/**
 * Writes a reply, and where Discord says by a code that it takes issue with its size, its words or a part of it, writes what
 * it does take. Nothing of that is remembered: whoever comes again begins with the whole.
 */
export async function putReply(reply: ChatReply, place: Place, address: DiscordAddress, desk: Desk): Promise<Outcome> {
  let ease: Ease = { cargo: firstCargo(reply, address), wording: "whole", without: [] };
  for (let tries = 1; ; tries += 1) {
    const worded = reworded(reply, ease.wording);
    const { files, shown } = await loadCargo(worded.pictures, ease.cargo, address.attachmentSizeLimit, desk.azure);
    const mayBringFile = ease.cargo !== "nothing" && mayAttach(address);
    const showing = { withAsker: place.namesAsker, locale: address.locale, mayBringFile };
    if (mayBringFile) files.push(...filesBeside(worded, showing));
    const body = wellFormed(leaveOut(ease.without, showReply(worded, shown, showing)));
    const outcome = await call(place, desk, async (signal) => {
      const message = (await desk.rest.request({
        method: place.method,
        fullRoute: place.path,
        auth: place.authority === "bot",
        body: { ...place.fields, ...body, flags: body.flags | (place.ephemeral ? MessageFlags.Ephemeral : 0) },
        files,
        signal,
      })) as Partial<APIMessage>;
      return isMessage(message) ? { message } : noMessage(place);
    });
    const next = "fault" in outcome && tries < MOST_TRIES && easier(outcome, ease, { body, files, address });
    if (!next) return outcome;
    log.warn(
      {
        interaction: address.interactionId,
        because: outcome.because,
        cargo: next.cargo,
        wording: next.wording,
        without: next.without.length,
      },
      "discord did not take a message; trying a simpler one",
    );
    ease = next;
  }
}

function isMessage(message: Partial<APIMessage>): message is APIMessage {
  return typeof message.id === "string" && /^\d+$/.test(message.id);
}

function noMessage({ way }: Place): Refusal {
  return { fault: "answer lost", because: `${way}: answered with something that is no message` };
}

/** Where the bot may not attach files and the picture has an address, the attempt would only be refused. */
function firstCargo({ pictures }: ChatReply, address: DiscordAddress): Cargo {
  return mayAttach(address) || !pictures.every(({ url }) => url) ? "originals" : "nothing";
}

export function mayAttach({ appPermissions, guildId }: DiscordAddress): boolean {
  return !guildId || hasPermission(appPermissions, "AttachFiles");
}

const permissionBits = {
  Administrator: 1n << 3n,
  ViewChannel: 1n << 10n,
  SendMessages: 1n << 11n,
  ManageMessages: 1n << 13n,
  AttachFiles: 1n << 15n,
  CreatePublicThreads: 1n << 35n,
  SendMessagesInThreads: 1n << 38n,
};

export function hasPermission(permissions: string, name: keyof typeof permissionBits): boolean {
  return /^\d{1,40}$/.test(permissions) && (BigInt(permissions) & permissionBits[name]) !== 0n;
}

type Written = { body: ReturnType<typeof showReply>; files: unknown[]; address: DiscordAddress };

/** What to try after a fault; nothing where it does not say what another message would have to do without. */
function easier({ fault, fields = [] }: Refusal, ease: Ease, { body, files, address }: Written): Ease | undefined {
  const { cargo, wording, without } = ease;
  const smaller = { ...ease, cargo: cargo === "originals" ? ("previews" as const) : ("nothing" as const) };
  if (fault === "too large" && files.length) return smaller;
  if (fault === "no uploads" && files.length) return { ...ease, cargo: "nothing" };
  // It is the files that are forbidden only where the event said so.
  if (fault === "no permission" && files.length && !mayAttach(address)) return { ...ease, cargo: "nothing" };
  const named = fault === "malformed" ? partsNamed(fields, body) : undefined;
  if (named === "pictures" && files.length) return { ...ease, cargo: "nothing" };
  if (Array.isArray(named)) return { ...ease, without: [...without, ...named] };
  if ((fault === "filtered" || named === "words") && wording !== "silent")
    return { ...ease, wording: wording === "whole" ? "filtered" : "silent" };
  return undefined;
}

/** Alternative texts are somebody's words as well. */
function reworded(reply: ChatReply, wording: Wording): ChatReply {
  if (wording === "whole") return reply;
  const pictures = reply.pictures.map((picture) => ({ ...picture, altText: finished.generated }));
  if (wording === "silent") {
    const line = reply.role === "progress" ? waiting.willStandHere : failed.heldBackHere;
    const paragraphs = pictures.length ? [] : [line];
    const actions = reply.actions.filter((action) => action.do !== "open");
    const empty = { title: undefined, origin: undefined, quotes: [], facts: [], askedBy: undefined };
    return { ...reply, ...empty, paragraphs, actions, pictures };
  }
  const note = reply.quotes.length ? [finished.withoutWords] : [];
  return { ...reply, origin: undefined, quotes: [], pictures, paragraphs: [...reply.paragraphs, ...note] };
}
