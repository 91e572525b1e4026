import { MessageFlags } from "discord.js";
import type { APIMessage, RawFile } from "discord.js";
import type { Board } from "../../../src/brainstorm/board.ts";
import { log } from "../../../src/log.ts";
import { discordBoard, finished } from "../../../src/words/sentences.ts";
import type { DiscordAddress } from "../address.ts";
import { showBoard } from "../show-board.ts";
import type { MessageBody } from "../show.ts";
import { boardFiles, forgetFiles, rememberFiles, standingFiles } from "./board-files.ts";
import { call } from "./call.ts";
import type { Desk } from "./call.ts";
import type { Refusal } from "./faults.ts";
import { wellFormed } from "./first-answer.ts";
import { leaveOut, partsNamed } from "./malformed.ts";
import type { Parts } from "./malformed.ts";
import type { Place } from "./places.ts";
import { mayAttach } from "./put-message.ts";
import type { Outcome } from "./put-message.ts";

type Ease = { isAttaching: boolean; isWorded: boolean; keepsFiles: boolean; without: Parts };

const MOST_TRIES = 6;

/** Writes a board, and where Discord takes issue with a part of it, writes what it does take: the whole is tried anew each time. */
export async function putBoard(board: Board, place: Place, address: DiscordAddress, desk: Desk): Promise<Outcome> {
  let ease: Ease = { isAttaching: mayAttach(address), isWorded: true, keepsFiles: true, without: [] };
  for (let tries = 1; ; tries += 1) {
    const isBare = !board.ideas.some(({ picture }) => picture);
    const standing = isBare || !ease.keepsFiles ? [] : await standingFiles(place, address, desk);
    if ("fault" in standing) return standing;
    const worded = ease.isWorded ? board : withoutWords(board);
    const given = { mayAttach: ease.isAttaching, sizeLimit: address.attachmentSizeLimit };
    const { fresh, ...shown } = await boardFiles(worded, standing, given, desk);
    const body = wellFormed(leaveOut(ease.without, showBoard(worded, shown, address.locale)));
    const outcome = await write({ place, body, files: fresh }, desk);
    if (!("fault" in outcome)) {
      rememberFiles(outcome.message);
      return outcome;
    }
    forgetFiles(address.messageId);
    const next = tries < MOST_TRIES && easier(outcome, ease, body);
    if (!next) return outcome;
    log.warn(
      { interaction: address.interactionId, because: outcome.because, fields: outcome.fields },
      "discord did not take a board; trying a simpler one",
    );
    ease = next;
  }
}

async function write(
  { place, body, files }: { place: Place; body: MessageBody; files: RawFile[] },
  desk: Desk,
): Promise<Outcome> {
  const { method, path, authority, fields, way } = place;
  return call<Outcome>(place, desk, async (signal) => {
    const auth = authority === "bot";
    const flags = body.flags | (place.ephemeral ? MessageFlags.Ephemeral : 0);
    const whole = { ...fields, ...body, flags };
    const message = (await desk.rest.request({ method, fullRoute: path, auth, body: whole, files, signal })) as
      | Partial<APIMessage>
      | undefined;
    const isMessage = typeof message?.id === "string" && /^\d+$/.test(message.id);
    if (!isMessage) return { fault: "answer lost", because: `${way}: answered with something that is no message` };
    return { message: message as APIMessage };
  });
}

/** What to try after a fault; nothing where it does not say what another message would have to do without. */
function easier({ fault, fields = [] }: Refusal, ease: Ease, body: MessageBody): Ease | undefined {
  const { isAttaching, isWorded, keepsFiles, without } = ease;
  const hasFiles = body.attachments.length > 0;
  const named = fault === "malformed" ? partsNamed(fields, body) : undefined;
  // A file that was to be kept may be gone: then all of them go along anew.
  if (named === "pictures" && hasFiles && keepsFiles) return { ...ease, keepsFiles: false };
  const isAboutFiles = fault === "too large" || fault === "no uploads" || named === "pictures";
  if (isAboutFiles && isAttaching && hasFiles) return { ...ease, isAttaching: false };
  if (Array.isArray(named)) return { ...ease, without: [...without, ...named] };
  if ((fault === "filtered" || named === "words") && isWorded) return { ...ease, isWorded: false };
  return undefined;
}

/** Nobody's words are in it, for a place with a rule against some of them. */
function withoutWords(board: Board): Board {
  const nameless = (number: number | string) => discordBoard.ideaNumber({ number: Number(number) });
  return {
    ...board,
    title: discordBoard.untitled,
    facts: [],
    notes: [finished.withoutWords],
    page: undefined,
    ideas: board.ideas.map((idea) => ({
      ...idea,
      words: nameless(idea.number),
      by: "",
      ...(idea.picture && { picture: { ...idea.picture, altText: nameless(idea.number) } }),
    })),
    ...(board.vote && {
      vote: { ...board.vote, choices: board.vote.choices.map(({ value }) => ({ value, name: nameless(value) })) },
    }),
  };
}
