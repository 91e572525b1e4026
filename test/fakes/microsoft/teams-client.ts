/** A person at Teams, talking to the bot at `botUrl` the way Teams does. */
import { findAction, submittedData } from "./card-actions.ts";
import type { Account, ConversationKind, StandingActivity, WireActivity } from "./conversations.ts";
import { deliver, teamsPatience, type Delivery, type Patience } from "./delivery.ts";
import type { Microsoft } from "./microsoft.ts";
import { chatIdOf, kindOf, person } from "./people.ts";
import {
  activityOf,
  editOf,
  installationOf,
  invokeOf,
  membershipOf,
  messageOf,
  submitOf,
  type Scene,
} from "./teams-activities.ts";

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

export type MessageOptions = TurnOptions & {
  /** Names the bot; so in groups and channels unless said. */
  mention?: boolean;
  /** Seen by the bot alone, as after a slash command. */
  targeted?: boolean;
};

/** `replyTo` is the id of the message whose card was pressed; its place is where it stands, unless said. */
export type PressOptions = TurnOptions & { replyTo: string };

/** Status, body and time are those of the last delivery. */
export type Turn = Delivery & { activity: WireActivity; conversationId: string; deliveries: Delivery[] };

export type TeamsClient = ReturnType<typeof teamsClient>;

export function teamsClient(options: TeamsClientOptions) {
  const { microsoft, botUrl } = options;
  const { conversations } = microsoft;
  const bot = { id: `28:${microsoft.appId}`, name: options.botName ?? "Easel" };
  const patience = { ...teamsPatience, ...options.patience };

  const setScene = (turn: TurnOptions, startsThread = false): Scene => {
    const user = person(turn.user ?? "Ada Lovelace");
    const id = turn.id ?? conversations.nextId();
    const kind = turn.conversationId ? kindOf(turn.conversationId) : (turn.conversation ?? "personal");
    const chatId = chatIdOf(kind, user);
    const thread = kind === "channel" && startsThread ? `;messageid=${id}` : "";
    const conversationId = turn.conversationId ?? `${chatId}${thread}`;
    const tenant = turn.tenant ?? microsoft.tenant;
    conversations.join({ conversationId, kind, tenant }, user);
    return { id, kind, conversationId, user, bot, tenant, locale: turn.locale ?? "en-GB" };
  };

  const send = async (activity: WireActivity, scene: Scene, turn: TurnOptions): Promise<Turn> => {
    const changed = turn.change?.(activity) ?? activity;
    const authorization = turn.authorization === undefined ? `Bearer ${microsoft.channelToken()}` : turn.authorization;
    const letter = { botUrl, activity: changed, authorization: authorization ?? undefined, patience };
    const copies = await Promise.all(Array.from({ length: turn.copies ?? 1 }, () => deliver(letter)));
    const deliveries = copies.flat();
    const last = deliveries.at(-1) ?? { status: 502, body: undefined, milliseconds: 0 };
    return { ...last, activity: changed, conversationId: scene.conversationId, deliveries };
  };

  const setSceneAt = (press: PressOptions): Scene => {
    const standing = conversations.find(press.replyTo);
    const conversationId = press.conversationId ?? (press.conversation ? undefined : standing?.conversationId);
    if (!standing && !press.conversation && !conversationId)
      throw new Error(`No message ${press.replyTo} stands anywhere`);
    return setScene({ ...press, conversationId });
  };

  const executeAt = async (action: object, press: PressOptions): Promise<Turn> => {
    const scene = setSceneAt(press);
    const value = { action: { type: "Action.Execute", ...action }, trigger: "manual" };
    const turn = await send(invokeOf(scene, "adaptiveCard/action", value, press.replyTo), scene, press);
    const standing = conversations.find(press.replyTo);
    const card = readReplacementCard(turn.body);
    if (standing && card) conversations.replace(standing, { ...standing, attachments: [card] });
    return turn;
  };

  const submitAt = (value: unknown, press: PressOptions): Promise<Turn> => {
    const scene = setSceneAt(press);
    return send(submitOf(scene, value, press.replyTo), scene, press);
  };

  const invoke = (name: string, value: unknown, turn: TurnOptions & { replyTo?: string } = {}): Promise<Turn> => {
    const scene = turn.replyTo === undefined ? setScene(turn) : setSceneAt({ ...turn, replyTo: turn.replyTo });
    return send(invokeOf(scene, name, value, turn.replyTo), scene, turn);
  };

  return {
    bot: bot as Account,
    /** Where this person writes when no place is named; a channel without its thread. */
    chatId: (kind: ConversationKind, user = "Ada Lovelace") => chatIdOf(kind, person(user)),

    say(text: string, turn: MessageOptions = {}): Promise<Turn> {
      const scene = setScene(turn, true);
      conversations.hear(scene.conversationId, scene.id);
      const activity = messageOf(scene, text, turn.mention ?? (scene.kind !== "personal" && !turn.targeted));
      const recipient = { ...bot, isTargeted: true };
      return send(turn.targeted ? { ...activity, recipient } : activity, scene, turn);
    },

    /** The message of an earlier turn, changed by the person who wrote it. */
    edit(earlier: Turn, text: string, turn: MessageOptions = {}): Promise<Turn> {
      const { conversationId, activity } = earlier;
      const scene = setScene({ conversationId, id: activity.id, user: activity.from?.name, ...turn });
      return send(editOf(scene, text, turn.mention ?? scene.kind !== "personal"), scene, turn);
    },

    submit: submitAt,

    /** A card in the answer takes the place of the pressed one, as at Teams. */
    execute: (verb: string, data: unknown, press: PressOptions) => executeAt({ verb, data }, press),

    /** Presses the button that bears this title, whatever it is. */
    press(
      title: string,
      on: StandingActivity,
      press: TurnOptions & { inputs?: Record<string, unknown> } = {},
    ): Promise<Turn> {
      const action = findAction(on, title);
      const data = submittedData(action, press.inputs ?? {});
      const at = { ...press, replyTo: on.id, conversationId: press.conversationId ?? on.conversationId };
      if (action.type === "Action.Execute") return executeAt({ id: action.id, title, verb: action.verb, data }, at);
      if (action.type !== "Action.Submit") throw new Error(`"${title}" is an ${action.type}: nothing reaches the bot`);
      if (!opensDialog(data)) return submitAt(data, at);
      return invoke("task/fetch", { data, context: { theme: "default" } }, at);
    },

    invoke,

    /** Adds the bot to a chat or team. Teams tells it twice, in two activities. */
    async install(turn: TurnOptions = {}): Promise<{ conversationUpdate: Turn; installationUpdate: Turn }> {
      const scene = setScene(turn);
      const chat = conversations.chat(scene.conversationId);
      if (chat) chat.hasBot = true;
      const conversationUpdate = await send(membershipOf(scene, "membersAdded"), scene, turn);
      const another = { ...scene, id: conversations.nextId() };
      const installationUpdate = await send(installationOf(another, "add"), another, turn);
      return { conversationUpdate, installationUpdate };
    },

    /** From now on the connector answers 403 BotNotInConversationRoster there. */
    uninstall(turn: TurnOptions = {}): Promise<Turn> {
      const scene = setScene(turn);
      const chat = conversations.chat(scene.conversationId);
      if (chat) chat.hasBot = false;
      return send(installationOf(scene, "remove"), scene, turn);
    },

    /** Any other activity: `members` are laid over what all activities have. */
    other(type: string, members: Record<string, unknown>, turn: TurnOptions = {}): Promise<Turn> {
      const scene = setScene(turn);
      return send({ ...activityOf(scene, type), ...members }, scene, turn);
    },
  };
}

function readReplacementCard(body: unknown): { contentType: string; content: unknown } | undefined {
  const answer = body as { type?: string; value?: unknown } | undefined;
  const contentType = "application/vnd.microsoft.card.adaptive";
  return answer?.type === contentType ? { contentType, content: answer.value } : undefined;
}

function opensDialog(data: unknown): boolean {
  const { msteams } = (typeof data === "object" && data !== null ? data : {}) as { msteams?: { type?: string } };
  return msteams?.type === "task/fetch";
}
