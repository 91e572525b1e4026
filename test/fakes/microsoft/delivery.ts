/** How Teams hands an activity to the bot: signed, with little patience, and sometimes more than once. */
import type { WireActivity } from "./conversations.ts";

export type Delivery = { status: number; body: unknown; milliseconds: number };

export type Patience = {
  /** Milliseconds until Teams gives up on a turn and sends the activity once more. */
  turn: number;
  /** How often it is sent once more. */
  repeats: number;
  /** Milliseconds until a person reads that the app did not answer; only message extensions are tried again, twice. */
  invoke: number;
};

export const teamsPatience: Patience = { turn: 15_000, repeats: 1, invoke: 5_000 };

export type Letter = { botUrl: string; activity: WireActivity; authorization: string | undefined; patience: Patience };

/** All deliveries that it took, in order. Giving up on one reads as 504, a bot that is not there as 502. */
export async function deliver(letter: Letter): Promise<Delivery[]> {
  const { repeats } = budgetOf(letter);
  const deliveries = [await deliverOnce(letter)];
  while (deliveries.at(-1)?.status === 504 && deliveries.length <= repeats) deliveries.push(await deliverOnce(letter));
  return deliveries;
}

async function deliverOnce(letter: Letter): Promise<Delivery> {
  const { activity, authorization, botUrl } = letter;
  const began = performance.now();
  const end = (status: number, body: unknown) => ({ status, body, milliseconds: performance.now() - began });
  try {
    const response = await fetch(botUrl, {
      method: "POST",
      headers: {
        "content-type": "application/json; charset=utf-8",
        "user-agent": "Microsoft-SkypeBotApi (Microsoft-BotFramework/3.0)",
        ...(authorization !== undefined && { authorization }),
      },
      body: JSON.stringify(activity),
      redirect: "manual",
      signal: AbortSignal.timeout(budgetOf(letter).milliseconds),
    });
    return end(response.status, parse(await response.text()));
  } catch (error) {
    const gaveUp = error instanceof Error && error.name === "TimeoutError";
    return end(gaveUp ? 504 : 502, String(error));
  }
}

function budgetOf({ activity, patience }: Letter): { milliseconds: number; repeats: number } {
  if (activity.type !== "invoke") return { milliseconds: patience.turn, repeats: patience.repeats };
  return { milliseconds: patience.invoke, repeats: activity.name?.startsWith("composeExtension/") ? 2 : 0 };
}

function parse(text: string): unknown {
  try {
    return text === "" ? undefined : (JSON.parse(text) as unknown);
  } catch {
    return text;
  }
}
