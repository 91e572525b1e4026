/** A person at Teams, talking to the bot at `botUrl` the way Teams does. */
import { pressed, type Which } from "./card-actions.ts";
import type { Filled } from "./card-inputs.ts";
import { adaptiveCard } from "./card-parts.ts";
import type { Account, ConversationKind, StandingActivity } from "./conversations.ts";
import { dialogsOf } from "./dialogs.ts";
import type { PersonsFile } from "./files.ts";
import { fieldsOf, replacementCard } from "./invoke-answers.ts";
import { chatIdOf, person } from "./people.ts";
import { sentAlong } from "./sent-along.ts";
import {
  activityOf,
  editOf,
  htmlOf,
  installationOf,
  membershipOf,
  messageOf,
  submitOf,
  type Scene,
} from "./teams-activities.ts";
import { defaultUser, turnsOf, type TeamsClientOptions, type Turn, type TurnAt, type TurnOptions } from "./turns.ts";

export type { TeamsClientOptions, Turn, TurnOptions } from "./turns.ts";

export type MessageOptions = TurnOptions & {
  /** Names the bot; so in groups and channels unless said. */
  mention?: boolean;
  /** Seen by the bot alone, as after a slash command. Not in personal chats, which have no slash commands. */
  targeted?: boolean;
  /** Pasted into the message. Only in a personal chat does the bot get them. */
  pictures?: PersonsFile[];
  /** Attached to the message. Only in a personal chat does the bot get them. */
  files?: PersonsFile[];
};

/** `replyTo` is the id of the message whose card was pressed; its place is where it stands, unless said. */
export type PressOptions = TurnAt;

export type ButtonOptions = TurnOptions &
  Which & {
    /** Filled into the fields that the button sends; the others are sent as they stand. */
    inputs?: Filled;
    /** As a client presses it that knows no Action.Execute: its fallback is sent. */
    asSubmit?: boolean;
  };

/** What a person sees of a message, and the turn in which the bot was asked for it, if the card refreshes for this person. */
export type Look = { activity: StandingActivity; card: unknown; turn?: Turn };

export type TeamsClient = ReturnType<typeof teamsClient>;

/** Up to so many members a card refreshes for everybody, unless it says for whom. */
const refreshesForAll = 60;

export function teamsClient(options: TeamsClientOptions) {
  const turns = turnsOf(options);
  const { microsoft, bot, setScene, setSceneAt, send, invoke } = turns;
  const { conversations } = microsoft;

  /** The answer's card takes the pressed one's place, for this person alone. */
  const executeAt = async (action: object, at: TurnAt, trigger: "manual" | "automatic" = "manual"): Promise<Turn> => {
    const value = { action: { type: "Action.Execute", ...action }, trigger };
    const turn = await invoke("adaptiveCard/action", value, at);
    const standing = conversations.find(at.replyTo);
    const card = turn.status === 200 ? replacementCard(turn.body) : undefined;
    if (standing && card) conversations.show(standing, turn.activity.from?.id ?? "", card);
    return turn;
  };

  const submitAt = (value: unknown, at: TurnAt): Promise<Turn> => {
    const scene = setSceneAt(at);
    return send(submitOf(scene, value, at.replyTo), scene, at);
  };

  /** The message as it stands; throws where this person has no such message before their eyes. */
  const findFor = (message: { id: string }, user: string): StandingActivity => {
    const standing = conversations.find(message.id);
    if (!standing) throw new Error(`Message ${message.id} stands no more`);
    const { id } = person(user);
    const chat = conversations.chat(standing.conversationId);
    const isShut = chat?.kind === "personal" && !chat.members.has(id);
    if (isShut || (standing.targeted && standing.recipient?.id !== id))
      throw new Error(`${user} does not see message ${message.id}`);
    return standing;
  };

  const messageIn = (scene: Scene, text: string, { mention, targeted, ...turn }: MessageOptions) => {
    const isMentioned = mention ?? (scene.kind !== "personal" && !targeted);
    const along = sentAlong(microsoft.files, scene, turn);
    const html = htmlOf(text, { bot, mention: isMentioned, html: along.html });
    conversations.hear(scene.conversationId, scene.id, { from: scene.user, html, targeted });
    return messageOf(scene, text, isMentioned, along);
  };

  return {
    ...dialogsOf(turns),

    bot: bot as Account,
    /** Where this person writes when no place is named; a channel without its thread. */
    chatId: (kind: ConversationKind, user = defaultUser) => chatIdOf(kind, person(user)),

    say(text: string, turn: MessageOptions = {}): Promise<Turn> {
      const scene = setScene(turn, true);
      if (turn.targeted && scene.kind === "personal") throw new Error("A personal chat has no targeted messages");
      const activity = messageIn(scene, text, turn);
      const recipient = { ...bot, isTargeted: true };
      return send(turn.targeted ? { ...activity, recipient } : activity, scene, turn);
    },

    /** What people say to each other: the bot hears nothing of it, but its message extension can be used on it. */
    overhear(text: string, turn: MessageOptions = {}): { id: string; conversationId: string } {
      const scene = setScene(turn, true);
      messageIn(scene, text, { ...turn, mention: false });
      return { id: scene.id, conversationId: scene.conversationId };
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

    /**
     * Presses the button that bears this title, whatever it is, on the card in `on`: as it stands, or as it stood when a
     * slower person looked. Throws where a person could not press it, or no client would send it. Where it opens a
     * dialog, the turn goes to `submitDialog`.
     */
    press(title: string, on: StandingActivity, options: ButtonOptions = {}): Promise<Turn> {
      const { nth, picture, within, inputs, asSubmit, ...turn } = options;
      const standing = findFor(on, turn.user ?? defaultUser);
      const { action, data } = pressed(on, title, { nth, picture, within, inputs, asSubmit });
      const at = { ...turn, replyTo: on.id, conversationId: turn.conversationId ?? on.conversationId };
      const { id, verb, type } = action;
      if (type === "Action.Execute") return executeAt({ id, title, verb, data }, at);
      if (type !== "Action.Submit") throw new Error(`"${title}" is an ${type}: nothing reaches the bot`);
      const does = fieldsOf(fieldsOf(data).msteams).type;
      if (does === "task/fetch") return invoke("task/fetch", { data, context: { theme: "default" } }, at);
      if (does !== undefined) throw new Error(`"${title}" does ${JSON.stringify(does)}, which is not played here`);
      // On a card that a person sent with the message extension, it is another invoke.
      return standing.author ? invoke("composeExtension/onCardButtonClicked", data, at) : submitAt(data, at);
    },

    /** What this person sees of a message now. Where its card refreshes for them, the client asks the bot first. */
    async look(message: { id: string }, turn: TurnOptions = {}): Promise<Look> {
      const user = turn.user ?? defaultUser;
      const { id, conversationId } = findFor(message, user);
      setScene({ ...turn, conversationId });
      const seen = () => {
        const all = conversations.seenBy(person(user).id, conversationId);
        const activity = all.find((one) => one.id === id);
        if (!activity) throw new Error(`Message ${id} stands no more`);
        return { activity: structuredClone(activity), card: activity.attachments?.find(isCard)?.content };
      };
      const refresh = fieldsOf(fieldsOf(seen().card).refresh);
      const listed = refresh.userIds as string[] | undefined;
      const members = conversations.chat(conversationId)?.members.size ?? 0;
      const refreshes = listed ? listed.includes(person(user).id) : members <= refreshesForAll;
      if (!refresh.action || !refreshes) return seen();
      const turnTaken = await executeAt(
        fieldsOf(refresh.action),
        { ...turn, replyTo: id, conversationId },
        "automatic",
      );
      return { ...seen(), turn: turnTaken };
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

function isCard({ contentType }: { contentType: string }): boolean {
  return contentType === adaptiveCard;
}
