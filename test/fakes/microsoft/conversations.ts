/** What stands in the chats of Teams, who is in them, and whether the bot is. */

export type ConversationKind = "personal" | "groupChat" | "channel";

export type Account = { id: string; name?: string; aadObjectId?: string; isTargeted?: boolean };

export type Attachment = { contentType: string; content?: unknown; contentUrl?: string; name?: string };

/** An activity as it is on the wire. */
export type WireActivity = {
  type: string;
  id?: string;
  text?: string;
  value?: unknown;
  name?: string;
  replyToId?: string;
  from?: Account;
  recipient?: Account;
  attachments?: Attachment[];
  entities?: Record<string, unknown>[];
  channelData?: Record<string, unknown>;
  [member: string]: unknown;
};

/** A message of the bot. `changes` counts the updates it has seen; `targeted` is seen by its recipient alone. */
export type StandingActivity = WireActivity & {
  id: string;
  conversationId: string;
  changes: number;
  targeted: boolean;
};

export type Chat = {
  id: string;
  kind: ConversationKind;
  tenant: string;
  members: Map<string, Account>;
  hasBot: boolean;
};

export type Conversations = {
  chat(conversationId: string): Chat | undefined;
  /** Adds a chat with the bot in it, or a member to the chat. */
  join(chat: { conversationId: string; kind: ConversationKind; tenant: string }, member: Account): Chat;
  /** Remembers what a person wrote, so that threads and reactions have something to hang on. */
  hear(conversationId: string, activityId: string): void;
  isKnownPlace(conversationId: string): boolean;
  isKnownMessage(conversationId: string, activityId: string): boolean;
  stand(conversationId: string, activity: WireActivity, targeted: boolean): StandingActivity;
  find(activityId: string): StandingActivity | undefined;
  replace(standing: StandingActivity, activity: WireActivity): void;
  remove(standing: StandingActivity): void;
  /** What the bot wrote in exactly this place, oldest first. A channel's id without `;messageid=` is its top level. */
  standing(conversationId: string): StandingActivity[];
  nextId(): string;
};

export function keepConversations(): Conversations {
  const chats = new Map<string, Chat>();
  const heard = new Map<string, Set<string>>();
  let all: StandingActivity[] = [];
  let lastId = 0;

  const nextId = () => {
    lastId = Math.max(Date.now(), lastId + 1);
    return String(lastId);
  };
  const isKnownMessage = (conversationId: string, activityId: string) => {
    const { chatId } = placeOf(conversationId);
    if (heard.get(chatId)?.has(activityId)) return true;
    return all.some(({ id, conversationId }) => id === activityId && placeOf(conversationId).chatId === chatId);
  };

  return {
    chat: (conversationId) => chats.get(placeOf(conversationId).chatId),
    join({ conversationId, kind, tenant }, member) {
      const { chatId } = placeOf(conversationId);
      const chat = chats.get(chatId) ?? { id: chatId, kind, tenant, members: new Map<string, Account>(), hasBot: true };
      chat.members.set(member.id, member);
      chats.set(chatId, chat);
      return chat;
    },
    hear(conversationId, activityId) {
      const { chatId } = placeOf(conversationId);
      heard.set(chatId, (heard.get(chatId) ?? new Set()).add(activityId));
    },
    isKnownMessage,
    isKnownPlace(conversationId) {
      const { chatId, thread } = placeOf(conversationId);
      return chats.has(chatId) && (thread === undefined || isKnownMessage(chatId, thread));
    },
    stand(conversationId, activity, targeted) {
      const standing = { ...activity, id: nextId(), conversationId, changes: 0, targeted };
      all.push(standing);
      return standing;
    },
    find: (activityId) => all.find(({ id }) => id === activityId),
    replace(standing, activity) {
      const { id, conversationId, changes, targeted, replyToId } = standing;
      const changed = { ...activity, replyToId, id, conversationId, changes: changes + 1, targeted };
      all = all.map((other) => (other === standing ? changed : other));
    },
    remove(standing) {
      all = all.filter((other) => other !== standing);
    },
    standing: (conversationId) => all.filter((activity) => activity.conversationId === conversationId),
    nextId,
  };
}

/** `19:…@thread.tacv2;messageid=1700000000000` is the thread under that message of the channel `19:…@thread.tacv2`. */
export function placeOf(conversationId: string): { chatId: string; thread?: string } {
  const [chatId = "", thread] = conversationId.split(";messageid=");
  return { chatId, thread };
}
