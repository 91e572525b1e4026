import { createHash, randomUUID } from "node:crypto";
import { fromSketch } from "../../src/ask/begin-sketch.ts";
import type { ImageRequest } from "../../src/request/request.ts";
import { chatOf, isCardAlone, sentAlong, showsOutOfReach } from "./door/activity.ts";
import type { TeamsActivity } from "./door/activity.ts";
import { addressOf, askerOf } from "./address.ts";
import type { TeamsAddress } from "./address.ts";
import { readCommand } from "./commands.ts";
import type { Command } from "./commands.ts";
import type { StyleCommand } from "../../src/styles/read-style-words.ts";
import type { AskedPicture } from "../../src/request/read-words.ts";
import { ExtensionCall } from "./card/extension-call.ts";
import { member } from "./door/own-member.ts";
import { wordsFor } from "./door/text.ts";
import { Pressed } from "./card/button-data.ts";

/** What an activity means for Easel. */
export type Heard =
  | { heard: "request"; request: ImageRequest; address: TeamsAddress }
  | HeardWords
  /** `event` is the same in each copy of the message. */
  | { heard: "brainstorm"; asked: AskedBrainstorm; address: TeamsAddress; event: string }
  /**
   * A button of one of our cards, which stands at `address`. `execute` is answered with what takes the card's place or with
   * words, `submit` with a message. `event` tells this press from all others, and is the same in each copy of it; `at` is its time.
   */
  | { heard: "press"; by: "execute" | "submit"; pressed: Pressed; address: TeamsAddress; event: string; at: string }
  /** A button whose card is not ours, or no longer understood. */
  | { heard: "strange press"; by: "execute" | "submit"; address: TeamsAddress }
  /** The message extension: a dialog is to be opened, or was sent. */
  | { heard: "extension"; call: ExtensionCall; address: TeamsAddress }
  | { heard: "installed"; place: string; address: TeamsAddress }
  | { heard: "removed"; place: string; address: TeamsAddress }
  | { heard: "feedback"; reaction: string }
  | { heard: "acknowledge" }
  | { heard: "unknown invoke"; name: string }
  | { heard: "nothing" };

type HeardWords = {
  [W in Words as W["words"]]: { heard: W["words"]; words: W; address: TeamsAddress };
}[Words["words"]];

/** A button of ours, however it was pressed. */
export type Press = Omit<Extract<Heard, { heard: "press" }>, "heard" | "by">;

export type AskedBrainstorm = Extract<Command, { command: "brainstorm" | "join" }>;

/** Words that ask for no picture of themselves. */
export type Words =
  | { words: "help" | "unknown words" | "history" | "wall" | "privacy" }
  | { words: "form" }
  /** `event` is the same in each copy of the message. */
  | { words: "usage" | "easel"; event: string }
  | { words: "no sketch"; outOfReach: boolean }
  | { words: "describe"; pictures: string[]; outOfReach: boolean }
  /** An edit with nothing to change that was sent along. `outOfReach`: a picture stands there that no bot gets. */
  | { words: "no picture"; request: ImageRequest; outOfReach: boolean }
  /** `withPicture`: one was sent along. */
  | { words: "sentence"; text: string; withPicture: boolean }
  /** `pictures`: where those are that were sent along; `outOfReach`: one stands there that no bot gets. */
  | { words: "style"; style: StyleCommand; pictures: string[]; outOfReach: boolean; event: string }
  | { words: "family"; number: number | undefined };

export function readActivity(activity: TeamsActivity): Heard {
  // The message extension can be used where there is no chat at all, as in the command box.
  const isExtension = activity.name?.startsWith("composeExtension/");
  const address = addressOf(
    isExtension ? { ...activity, conversation: activity.conversation ?? { id: "" } } : activity,
  );
  if (!address) return { heard: "nothing" };
  switch (activity.type) {
    case "message":
      return readMessage(activity, address);
    case "invoke":
      return readInvoke(activity, address);
    case "installationUpdate":
      if (activity.action === "add") return { heard: "installed", place: placeOf(activity, address), address };
      return activity.action === "remove"
        ? { heard: "removed", place: placeOf(activity, address), address }
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
  if (isCardAlone(activity)) return { heard: "nothing" };
  const words = (words: Words) => ({ heard: words.words, words, address }) as HeardWords;
  const request = (asked: AskedPicture, pictures: string[] = []): Heard => {
    const sources = pictures.length ? { sources: pictures.map((url) => ({ from: "chat", url }) as const) } : {};
    return { heard: "request", request: { ...requestFrom(asked, address, [activity.id ?? ""]), ...sources }, address };
  };
  const along = sentAlong(activity);
  const command = readCommand(wordsFor(activity), { isWithPicture: along.length > 0 });
  switch (command.command) {
    case "imagine":
      return request(command);
    case "edit": {
      if (along.length) return request(command, along);
      const asked = requestFrom(command, address, [activity.id ?? ""]);
      return words({ words: "no picture", request: asked, outOfReach: showsOutOfReach(activity) });
    }
    case "style": {
      const event = jobIdOf(address, [activity.id ?? ""]);
      const outOfReach = !along.length && showsOutOfReach(activity);
      return words({ words: "style", style: command.style, pictures: along, outOfReach, event });
    }
    case "brainstorm":
    case "join":
      return { heard: "brainstorm", asked: command, address, event: eventOf(address, [activity.id ?? ""]) };
    case "sketch": {
      if (!along.length) return words({ words: "no sketch", outOfReach: showsOutOfReach(activity) });
      const sketch = fromSketch(command.prompt, askerOf(address));
      const { options, unknownOptions } = command;
      const heard = request({ ...sketch, options: { ...sketch.options, ...options }, unknownOptions }, along);
      return heard.heard === "request" ? { ...heard, request: { ...heard.request, sketch: true } } : heard;
    }
    case "describe":
      return words({ words: "describe", pictures: along, outOfReach: showsOutOfReach(activity) });
    case "family":
      return words({ words: "family", number: command.number });
    case "usage":
    case "easel":
      return words({ words: command.command, event: eventOf(address, [activity.id ?? ""]) });
    case "form":
    case "help":
    case "history":
    case "wall":
    case "privacy":
      return words({ words: command.command });
    case "sentence":
      return words({ words: "sentence", text: command.words, withPicture: along.length > 0 });
    case "unknown":
      return words({ words: "unknown words" });
  }
}

function readInvoke(activity: TeamsActivity, address: TeamsAddress): Heard {
  const name = activity.name ?? "";
  switch (name) {
    case "adaptiveCard/action":
      return readPress(member(member(activity.value, "action"), "data"), "execute", activity, address);
    // Action.Submit on a card that a person sent with the message extension.
    case "composeExtension/onCardButtonClicked":
      return readPress(activity.value, "submit", activity, address);
    case "composeExtension/fetchTask":
    case "composeExtension/submitAction": {
      const call = ExtensionCall.parse({ ...Object(activity.value), submits: name.endsWith("submitAction") });
      return { heard: "extension", call, address };
    }
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
  if (!pressed.success) return { heard: "strange press", by, address: at };
  const { id, timestamp } = activity;
  const event = id || timestamp ? JSON.stringify([id, timestamp]) : randomUUID();
  const time = timestamp ?? new Date().toISOString();
  return { heard: "press", by, pressed: pressed.data, address: at, event, at: time };
}

/** What was asked in a place, by the person and for the eyes that `address` says. `event`: see `jobIdOf`. */
export function requestFrom(asked: AskedPicture, address: TeamsAddress, event: string[]): ImageRequest {
  return {
    id: jobIdOf(address, event),
    prompt: asked.prompt,
    options: asked.options,
    unknownOptions: asked.unknownOptions,
    private: address.targeted,
    askedBy: askerOf(address),
    address,
  };
}

/** `event` tells this event from all others in the same place: the same event twice is the same job. */
export function jobIdOf(place: Pick<TeamsAddress, "conversationId">, event: string[]): string {
  return `teams-${eventOf(place, event)}`;
}

/** Short, and the same for the same event in the same place. */
export function eventOf({ conversationId }: Pick<TeamsAddress, "conversationId">, event: string[]): string {
  const digest = createHash("sha256").update(JSON.stringify([conversationId, ...event]));
  return digest.digest("hex").slice(0, 40);
}

/** Where an installation counts: a team once, whichever of its channels tells it. */
function placeOf({ channelData }: TeamsActivity, address: TeamsAddress): string {
  return channelData?.team?.id || chatOf(address.conversationId);
}
