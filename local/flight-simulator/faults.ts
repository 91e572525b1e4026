import type { Platform } from "../discord/page-protocol.ts";

type Words = { platforms: readonly Platform[]; title: string; does: string; must: string; once: boolean };

const both = ["discord", "teams"] as const;
/** The Playground is Microsoft's and cannot be made to fail: on Teams' side only what both platforms share does, and the way between it and the bot. */
const discord = ["discord"] as const;

/** All that the flight simulator can do, in the order in which it is shown. The tests ask for them by these names. */
export const FAULTS = {
  "late-acknowledgement": {
    platforms: discord,
    title: "Late acknowledgement",
    does: "The first answer to what you do next reaches Discord after more than its three seconds.",
    must: "Discord has shut the door (10062) and says that nothing came: draw nothing, so that nothing is paid that nobody sees, and take the next request as ever.",
    once: true,
  },
  "dead-token": {
    platforms: discord,
    title: "Dead token",
    does: "The key that came with each command and press is not taken any more (50027).",
    must: "Go on with the bot's own token: the picture comes into the same message; what is for one person alone comes into their direct chat.",
    once: false,
  },
  "archived-thread": {
    platforms: discord,
    title: "Archived thread",
    does: "The thread is archived: messages in it cannot be changed (50083) until somebody posts there. Draw in the thread, then switch this on while it draws.",
    must: "Post the picture as a new message, which opens the thread again.",
    once: true,
  },
  "cloudflare-page": {
    platforms: discord,
    title: "Cloudflare's page",
    does: "All but first answers to Discord meet a page of Cloudflare's with status 503.",
    must: "Take the page for nobody's word, lose nothing, and deliver when it is gone.",
    once: false,
  },
  "delivered-twice": {
    platforms: both,
    title: "Delivered twice",
    does: "What you do next, on Discord or on Teams, is delivered two times.",
    must: "Do it once: one picture, one answer.",
    once: true,
  },
  "storage-away": {
    platforms: both,
    title: "Storage away",
    does: "Every connection to Azure Storage is cut.",
    must: "Say so where something new is asked for, keep what is under way, and go on when storage is back.",
    once: false,
  },
  "images-slow": {
    platforms: both,
    title: "Slow image service",
    does: "The image service takes 30 seconds longer.",
    must: "Keep the waiting message true, and let people cancel.",
    once: false,
  },
  "images-429": {
    platforms: both,
    title: "Image service: 429",
    does: "The image service answers each call with 429, to be tried again in five seconds.",
    must: "Wait as long as was asked, hold the others back too, and draw when it is over.",
    once: false,
  },
  "words-blocked": {
    platforms: both,
    title: "Words blocked",
    does: "The content filter stops the next request before anything is drawn.",
    must: "Say why in kind words, and offer to revise them. Nothing is tried again, as that would cost.",
    once: true,
  },
  "picture-blocked": {
    platforms: both,
    title: "Picture blocked",
    does: "The content filter stops the next picture after it was drawn.",
    must: "Say that it was the picture and not the words, and offer to revise or to try again.",
    once: true,
  },
  "picture-too-large": {
    platforms: both,
    title: "Picture too large",
    does: "The next picture has 16 MB: more than a message takes.",
    must: "Show a smaller copy, and lead to the original.",
    once: true,
  },
  "bot-killed": {
    platforms: both,
    title: "Bot killed",
    does: "Easel's process is killed without a warning, and started again.",
    must: "Take up what was unfinished, and answer in the same message. Buttons of before work on.",
    once: true,
  },
} as const satisfies Record<string, Words>;

export type FaultId = keyof typeof FAULTS;

export const FAULT_IDS = Object.keys(FAULTS) as FaultId[];
