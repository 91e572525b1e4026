import { afterAll, afterEach, beforeAll, beforeEach, expect, vi } from "vitest";
import type { Call } from "../../local/images-api/call.ts";
import { untilTrue } from "../end-to-end/world.ts";
import type { Chat, Platform, Seen, Who } from "./platform.ts";

export type Stage = {
  platform: Platform;
  /** A new one for each test. */
  chat: Chat;
  /** What the image service was asked for since the test began. */
  calls(): Call[];
};

/** Long: nothing here is decided by a slow machine. */
const SECONDS = 60;
vi.setConfig({ testTimeout: 4 * SECONDS * 1000, hookTimeout: 4 * SECONDS * 1000 });

/** One world for all tests of a platform. What the bot does against the platform's rules fails the test. */
export function openStage(open: () => Promise<Platform>): Stage {
  const own = { calls: () => own.platform.world.images.calls.slice(before) } as Stage;
  let before = 0;
  beforeAll(async () => {
    own.platform = await open();
  });
  beforeEach(() => {
    own.chat = own.platform.openChat();
    before = own.platform.world.images.calls.length;
  });
  afterEach(() => {
    own.platform.world.images.release();
    expect(own.platform.violations().splice(0)).toEqual([]);
  });
  afterAll(() => own.platform.stop());
  return own;
}

/** Waits for a message that this person sees, the newest that pleases. */
export async function untilSeen({ chat }: Stage, pleases: (seen: Seen) => boolean, who: Who = "asker"): Promise<Seen> {
  return untilTrue(() => chat.seenBy(who).findLast(pleases), SECONDS).catch(() => {
    throw new Error(`in vain; there stands ${JSON.stringify(chat.seenBy(who), undefined, 1)}`);
  });
}

export const reads =
  (...words: (string | RegExp)[]) =>
  ({ text }: Seen) =>
    words.every((each) => (typeof each === "string" ? text.includes(each) : each.test(text)));

/** Waits until this person alone has been told so. */
export function untilTold({ chat }: Stage, words: string | RegExp, who: Who = "asker"): Promise<boolean> {
  return untilTrue(() => new RegExp(words).test(chat.toldTo(who)), SECONDS);
}

export const isFinished = ({ buttons, text }: Seen) =>
  buttons.some((label) => ["Again", "All again"].includes(label)) && !text.includes("still in the making");
export const finishedOnes = ({ chat }: Stage, who: Who = "asker") => chat.seenBy(who).filter(isFinished);

type How = Parameters<Chat["imagine"]>[1];

/** Painted soonest. */
const QUICKLY = { options: { quality: "low" } };

/** A finished picture, and its message as the asker sees it. */
export async function draw(own: Stage, words: string, how: How = QUICKLY): Promise<Seen> {
  await own.chat.imagine(words, how);
  return untilSeen(own, (seen) => isFinished(seen) && seen.text.includes(withoutMarkers(words)));
}

/** Waits for so many finished pictures' messages. */
export function untilFinished(own: Stage, count: number): Promise<Seen[]> {
  return untilTrue(() => {
    const finished = finishedOnes(own);
    return finished.length >= count && finished;
  }, SECONDS);
}

/** What was drawn is in the lists, a moment after its message stands: nothing is left to do. */
export async function untilIdle({ platform }: Stage): Promise<void> {
  const { queue } = platform.world.storage();
  await untilTrue(async () => (await queue.getProperties()).approximateMessagesCount === 0, SECONDS);
}

/** A message that waits, as it stands while the image service is held. */
export async function ask(own: Stage, words: string, how: How = QUICKLY): Promise<Seen> {
  own.platform.world.images.hold();
  await own.chat.imagine(words, how);
  await untilTrue(() => own.calls().length > 0, SECONDS);
  return untilSeen(own, reads(withoutMarkers(words)));
}

/** The image service's stage directions are words with marks in them, which each platform shows in its own way. */
const withoutMarkers = (words: string) => words.replaceAll(/ *\[\[[^\]]*\]\]/g, "");
