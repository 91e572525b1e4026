/** The bot as it is in production, among people at Teams; whatever it does there against Teams' rules fails the test. */
import { afterAll, afterEach, beforeAll, beforeEach, expect } from "vitest";
import { actionsOf } from "../fakes/microsoft/card-actions.ts";
import type { StandingActivity } from "../fakes/microsoft/conversations.ts";
import type { MessageOptions, Turn } from "../fakes/microsoft/teams-client.ts";
import { startWorld, untilTrue } from "./world.ts";
import type { Bot, World } from "./world.ts";

export type Place = Pick<Turn, "conversationId">;

export type Stage = {
  world: World;
  bot: Bot;
  /** A person, and so a personal chat, of its own for each test. */
  user: string;
  /** Another, who is in the same groups and channels. */
  other: string;
  restart(): Promise<void>;
};

const seconds = 60;
let people = 0;

export function stage(environment: (world: World) => Record<string, string> = () => ({})): Stage {
  const own = { user: "", other: "" } as Stage;
  beforeAll(async () => {
    own.world = await startWorld();
    own.bot = await own.world.startBot(environment(own.world));
    own.restart = async () => {
      await own.bot.end("SIGKILL");
      own.bot = await own.world.startBot(environment(own.world));
    };
  });
  afterAll(() => own.world.stop());
  beforeEach(() => {
    people += 1;
    own.user = `Ada ${people}`;
    own.other = `Grace ${people}`;
    own.world.microsoft.violations.splice(0);
  });
  afterEach(() => expect(own.world.microsoft.violations).toEqual([]));
  return own;
}

export const standing = ({ world }: Stage, { conversationId }: Place) => world.microsoft.activities(conversationId);
export const seenBy = ({ world }: Stage, user: string, { conversationId }: Place) =>
  world.microsoft.seenBy(user, conversationId);
export const textOf = (activity: unknown) => JSON.stringify(activity ?? null);
export const wordsOf = ({ body }: Turn) => String((body as { value?: unknown } | undefined)?.value);
export const titlesOf = (activity: StandingActivity) => actionsOf(activity).map(({ title }) => title);
export const isFinished = (activity: StandingActivity) =>
  titlesOf(activity).some((title) => title === "Again" || title === "All again");

/** Waits for so many finished messages in a place, oldest first. */
export async function untilFinished(own: Stage, place: Place, count = 1): Promise<StandingActivity[]> {
  const finished = () => standing(own, place).filter(isFinished);
  await untilTrue(() => finished().length >= count, seconds);
  return finished();
}

export async function untilText(own: Stage, place: Place, words: string): Promise<StandingActivity> {
  return untilTrue(() => standing(own, place).find((activity) => textOf(activity).includes(words)), seconds);
}

/** Presses Delete, and the button of the question that comes of it. */
export async function pressDelete(
  own: Stage,
  message: StandingActivity,
  turn: { user: string; asSubmit?: boolean },
): Promise<Turn> {
  await own.bot.teams.press("Delete", message, turn);
  const question = await untilTrue(() =>
    seenBy(own, turn.user, message).findLast((each) => titlesOf(each).includes("Delete for good")),
  );
  return own.bot.teams.press("Delete for good", question, turn);
}

/** What stands under one of several, in a message of its own. */
export async function pickOne(own: Stage, message: StandingActivity, number: number): Promise<StandingActivity> {
  const [address] = pictureAddresses(message).slice(number - 1);
  await own.bot.teams.press(String(number), message, { user: own.user });
  return untilTrue(
    () =>
      seenBy(own, own.user, message).findLast((each) => {
        const shown = pictureAddresses(each);
        return each.id !== message.id && shown.length === 1 && shown[0] === address;
      }),
    seconds,
  );
}

/** A finished picture, in a thread of its own unless the turn says where. */
export async function draw(
  own: Stage,
  words: string,
  turn: MessageOptions = {},
): Promise<{ message: StandingActivity; asked: Turn }> {
  const asked = await own.bot.teams.say(`imagine ${words}`, { conversation: "channel", user: own.user, ...turn });
  const [message] = await untilFinished(own, asked);
  if (!message) throw new Error("no picture");
  return { message, asked };
}

type Element = { type?: string; url?: string };
/** The addresses of the pictures in a message, in order. */
export function pictureAddresses(part: unknown): string[] {
  if (Array.isArray(part)) return part.flatMap(pictureAddresses);
  if (typeof part !== "object" || part === null) return [];
  const { type, url } = part as Element;
  return [...(type === "Image" && url ? [url] : []), ...Object.values(part).flatMap(pictureAddresses)];
}
