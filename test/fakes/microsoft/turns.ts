/** One thing that a person does, from the place where it happens to the bot's answer. */
import { randomUUID } from "node:crypto";
import type { Account, ConversationKind, WireActivity } from "./conversations.ts";
import { deliver, teamsPatience, type Delivery, type Patience } from "./delivery.ts";
import { invokeFaults } from "./invoke-answers.ts";
import type { Microsoft } from "./microsoft.ts";
import { chatIdOf, chatOfTwo, kindOf, person } from "./people.ts";
import { invokeOf, type Scene } from "./teams-activities.ts";

export type TeamsClientOptions = {
  microsoft: Microsoft;
  /** The whole address, `http://127.0.0.1:3978/api/messages`. */
  botUrl: string;
  botName?: string;
  patience?: Partial<Patience>;
};

export type TurnOptions = {
  /** Personal unless said. In a channel a message starts a thread of its own. */
  conversation?: ConversationKind;
  /** An exact place instead, such as an earlier turn's; in a channel with `;messageid=`. */
  conversationId?: string;
  /** The chat with this person instead, where the bot is not. */
  chatWith?: string;
  /** A display name; "Ada Lovelace" unless said. */
  user?: string;
  tenant?: string;
  locale?: string;
  id?: string;
  /** The whole header in place of a right one; null sends none. */
  authorization?: string | null;
  /** Sends this in place of the right activity. */
  change?: (activity: WireActivity) => WireActivity;
  /** Delivered so many times at once. */
  copies?: number;
};

/** Status, body and time are those of the last delivery. */
export type Turn = Delivery & { activity: WireActivity; conversationId: string; deliveries: Delivery[] };

/** A turn on a message that stands; its place is where it stands, unless said. */
export type TurnAt = TurnOptions & { replyTo: string };

export const defaultUser = "Ada Lovelace";

export type Turns = ReturnType<typeof turnsOf>;

export function turnsOf(options: TeamsClientOptions) {
  const { microsoft, botUrl } = options;
  const { conversations, violations } = microsoft;
  const bot: Account & { name: string } = { id: `28:${microsoft.appId}`, name: options.botName ?? "Easel" };
  const patience = { ...teamsPatience, ...options.patience };

  const placeFor = (turn: TurnOptions, user: Account): string => {
    if (turn.conversationId) return turn.conversationId;
    if (turn.chatWith) return chatOfTwo(user, person(turn.chatWith));
    return chatIdOf(turn.conversation ?? "personal", user);
  };

  const setScene = (turn: TurnOptions, startsThread = false): Scene => {
    const user = person(turn.user ?? defaultUser);
    const id = turn.id ?? conversations.nextId();
    const place = placeFor(turn, user);
    const kind = kindOf(place);
    const thread = kind === "channel" && startsThread && !turn.conversationId ? `;messageid=${id}` : "";
    const conversationId = `${place}${thread}`;
    const tenant = turn.tenant ?? microsoft.tenant;
    const joining = { conversationId, kind, tenant, withoutBot: turn.chatWith !== undefined };
    conversations.join(joining, user);
    if (turn.chatWith) conversations.join(joining, person(turn.chatWith));
    return { id, kind, conversationId, user, bot, tenant, locale: turn.locale ?? "en-GB" };
  };

  const setSceneAt = (turn: TurnAt): Scene => {
    const standing = conversations.find(turn.replyTo);
    const conversationId = turn.conversationId ?? (turn.conversation ? undefined : standing?.conversationId);
    if (!standing && !turn.conversation && !conversationId)
      throw new Error(`No message ${turn.replyTo} stands anywhere`);
    return setScene({ ...turn, conversationId });
  };

  const send = async (activity: WireActivity, scene: Scene, turn: TurnOptions): Promise<Turn> => {
    const changed = turn.change?.(activity) ?? activity;
    const authorization = turn.authorization === undefined ? `Bearer ${microsoft.channelToken()}` : turn.authorization;
    const letter = { botUrl, activity: changed, authorization: authorization ?? undefined, patience };
    const copies = await Promise.all(Array.from({ length: turn.copies ?? 1 }, () => deliver(letter)));
    const isGenuine = turn.authorization === undefined && turn.change === undefined;
    const faults = isGenuine ? copies.flatMap((deliveries) => invokeFaults(activity, deliveries)) : [];
    const where = `${activity.name} ${activity.id}`;
    violations.push(...faults.map((what) => ({ about: "invoke" as const, where, what })));
    const deliveries = copies.flat();
    const last = deliveries.at(-1) ?? { status: 502, body: undefined, milliseconds: 0 };
    return { ...last, activity: changed, conversationId: scene.conversationId, deliveries };
  };

  /** An invoke's id is another than a message's, and never the same twice. */
  const invoke = (name: string, value: unknown, turn: TurnOptions & { replyTo?: string } = {}): Promise<Turn> => {
    const { replyTo } = turn;
    const fresh = { ...turn, id: turn.id ?? `f:${randomUUID()}` };
    const scene = replyTo === undefined ? setScene(fresh) : setSceneAt({ ...fresh, replyTo });
    return send(invokeOf(scene, name, value, replyTo), scene, turn);
  };

  return { microsoft, bot, setScene, setSceneAt, send, invoke };
}
