import { createHash } from "node:crypto";
import type { ImageRequest } from "../../src/request.ts";
import { chatOf, mentionsIn } from "./activity.ts";
import type { TeamsActivity } from "./activity.ts";
import { addressOf } from "./address.ts";
import type { TeamsAddress } from "./address.ts";
import { readCommand } from "./commands.ts";
import type { AskedPicture } from "./commands.ts";
import { member } from "./member.ts";
import { Pressed } from "./pressed.ts";

/** What an activity means for Easel. */
export type Heard =
  | { heard: "request"; request: ImageRequest; address: TeamsAddress }
  | { heard: "help" | "form" | "unknown words"; address: TeamsAddress }
  /** A button of one of our cards. `execute` is answered with what takes the card's place, `submit` with a message. */
  | { heard: "press"; by: "execute" | "submit"; pressed: Pressed; address: TeamsAddress }
  /** A button whose card is not ours, or no longer understood. */
  | { heard: "strange press"; by: "execute" | "submit"; address: TeamsAddress }
  | { heard: "installed"; place: string; address: TeamsAddress }
  | { heard: "removed"; place: string }
  | { heard: "feedback"; reaction: string }
  | { heard: "acknowledge" }
  | { heard: "unknown invoke"; name: string }
  | { heard: "nothing" };

export function readActivity(activity: TeamsActivity): Heard {
  const address = addressOf(activity);
  if (!address) return { heard: "nothing" };
  switch (activity.type) {
    case "message":
      return readMessage(activity, address);
    case "invoke":
      return readInvoke(activity, address);
    case "installationUpdate":
      if (activity.action === "add") return { heard: "installed", place: placeOf(activity, address), address };
      return activity.action === "remove"
        ? { heard: "removed", place: placeOf(activity, address) }
        : { heard: "nothing" };
    case "conversationUpdate":
      // Whoever else joins is not greeted.
      return activity.membersAdded?.some(({ id }) => id === address.bot.id)
        ? { heard: "installed", place: placeOf(activity, address), address }
        : { heard: "nothing" };
    default:
      // `messageUpdate` too: words that are edited must not be drawn and paid again in silence.
      return { heard: "nothing" };
  }
}

function readMessage(activity: TeamsActivity, address: TeamsAddress): Heard {
  if (activity.value && !activity.text?.trim()) return readPress(activity.value, "submit", activity, address);
  const command = readCommand(wordsFor(activity));
  switch (command.command) {
    case "imagine":
      return { heard: "request", request: requestFrom(command, address, [activity.id ?? ""]), address };
    case "form":
    case "help":
      return { heard: command.command, address };
    case "unknown":
      return { heard: "unknown words", address };
  }
}

function readInvoke(activity: TeamsActivity, address: TeamsAddress): Heard {
  const name = activity.name ?? "";
  switch (name) {
    case "adaptiveCard/action":
      return readPress(member(member(activity.value, "action"), "data"), "execute", activity, address);
    case "message/submitAction":
      return {
        heard: "feedback",
        reaction: String(member(member(activity.value, "actionValue"), "reaction")).slice(0, 20),
      };
    case "suggestedAction/submit":
      return { heard: "acknowledge" };
    default:
      return { heard: "unknown invoke", name: name.slice(0, 60) };
  }
}

function readPress(data: unknown, by: "execute" | "submit", activity: TeamsActivity, address: TeamsAddress): Heard {
  const pressed = Pressed.safeParse(data);
  const at = { ...address, activityId: activity.replyToId ?? null };
  return pressed.success
    ? { heard: "press", by, pressed: pressed.data, address: at }
    : { heard: "strange press", by, address: at };
}

/**
 * What was asked in a place. `event` tells this event from all others there: the activity's id for a message; for a
 * button the message that bears it and all that was sent along, so that pressing twice is asking once.
 */
export function requestFrom(asked: AskedPicture, address: TeamsAddress, event: string[]): ImageRequest {
  const digest = createHash("sha256")
    .update(JSON.stringify([address.conversationId, ...event]))
    .digest("hex");
  return {
    id: `teams-${digest.slice(0, 40)}`,
    ...asked,
    private: false,
    askedBy: {
      platform: "teams",
      workspace: address.tenantId ?? undefined,
      channel: chatOf(address.conversationId),
      user: personOf(address.user),
      name: address.user.name ?? "",
      locale: address.locale ?? undefined,
    },
    address,
  };
}

/** The same in all chats of a tenant; `id` alone differs from bot to bot. */
export function personOf({ id, aadObjectId }: TeamsAddress["user"]): string {
  return aadObjectId ?? id;
}

/** The text without the bot's own name, wherever and however often it stands; other people's names stay as names. */
function wordsFor(activity: TeamsActivity): string {
  const { text, recipient } = activity;
  const own = mentionsIn(activity)
    .filter(({ mentioned }) => mentioned.id === recipient?.id)
    .map(({ text, mentioned }) => text || `<at>${mentioned.name}</at>`);
  let words = text ?? "";
  for (const mention of own) words = words.replaceAll(mention, " ");
  return words
    .replaceAll(/<at[^>]*>([^<]*)<\/at>/gi, (_, name: string) => (name === recipient?.name ? " " : name))
    .replaceAll(/&nbsp;|\u00a0|\r\n?|\n/gi, " ")
    .trim();
}

/** Where an installation counts: a team once, whichever of its channels tells it. */
function placeOf({ channelData }: TeamsActivity, address: TeamsAddress): string {
  return channelData?.team?.id ?? chatOf(address.conversationId);
}
