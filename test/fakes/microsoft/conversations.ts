/** What stands in the chats of Teams, who sees it, who is in them, and whether the bot is. */

/** A meeting's chat is a group chat to the bot, but for its id and what `channelData` says. */
export type ConversationKind = "personal" | "groupChat" | "channel";

export type Account = { id: string; name?: string; aadObjectId?: string; isTargeted?: boolean; userRole?: string };

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
  /** Set where a person sent it, with a message extension: the bot can neither change nor delete it. */
  author?: Account;
};

/** What a person wrote. */
export type Said = {
  id: string;
  conversationId: string;
  at: number;
  from?: Account;
  html: string;
  targeted: boolean;
};

/**
 * Something that happened to a message, in milliseconds since 1970. `activity` is how it read from then on. An answered
 * press changes the card for the one who pressed (`by`, an account's id), and for nobody else.
 */
export type Edit = {
  at: number;
  what: "sent" | "changed" | "answered" | "deleted" | "expired";
  by?: string;
  activity?: StandingActivity;
};

export type Chat = {
  id: string;
  kind: ConversationKind;
  tenant: string;
  members: Map<string, Account>;
  hasBot: boolean;
};

/** Where a chat is, and who it is with: without the bot, if it was not added there. */
export type Joining = { conversationId: string; kind: ConversationKind; tenant: string; withoutBot?: boolean };

export type Conversations = {
  chat(conversationId: string): Chat | undefined;
  /** Adds a chat with the bot in it, or a member to the chat. */
  join(chat: Joining, member: Account): Chat;
  /** Remembers what a person wrote, so that threads, reactions and message extensions have something to hang on. */
  hear(conversationId: string, activityId: string, said?: Partial<Pick<Said, "from" | "html" | "targeted">>): void;
  isKnownPlace(conversationId: string): boolean;
  isKnownMessage(conversationId: string, activityId: string): boolean;
  /** What a person wrote; undefined for a message of the bot's, and for one that nobody wrote. */
  said(conversationId: string, activityId: string): Said | undefined;
  stand(conversationId: string, activity: WireActivity, targeted: boolean, author?: Account): StandingActivity;
  find(activityId: string): StandingActivity | undefined;
  replace(standing: StandingActivity, activity: WireActivity): void;
  /** The card that one person sees in place of the message's own, until the message changes. */
  show(standing: StandingActivity, userId: string, card: Attachment): void;
  remove(standing: StandingActivity): void;
  /**
   * What the bot wrote in exactly this place, oldest first, each with the card that a press was last answered with. A
   * channel's id without `;messageid=` is its top level.
   */
  standing(conversationId: string): StandingActivity[];
  /** What this person sees in exactly this place: nothing targeted at others, and the cards that are this person's. */
  seenBy(userId: string, conversationId: string): StandingActivity[];
  history(activityId: string): Edit[];
  nextId(): string;
  now(): number;
  letTimePass(milliseconds: number): void;
};

/** Milliseconds that a targeted message stands. */
export const targetedLifetime = 24 * 60 * 60 * 1000;

/** Views are by person, in the order in which they were last shown. */
type Kept = { activity: StandingActivity; at: number; views: Map<string, Attachment> };

export function keepConversations(): Conversations {
  const chats = new Map<string, Chat>();
  const heard = new Map<string, Map<string, Said>>();
  const kept = new Map<string, Kept>();
  const histories = new Map<string, Edit[]>();
  let lastId = 0;
  let passed = 0;

  const now = () => Date.now() + passed;
  const nextId = () => {
    lastId = Math.max(now(), lastId + 1);
    return String(lastId);
  };
  const note = (id: string, edit: Omit<Edit, "at">) => {
    const written = { at: now(), ...edit, activity: edit.activity && structuredClone(edit.activity) };
    histories.set(id, [...(histories.get(id) ?? []), written]);
  };
  const forgetTheExpired = () => {
    const old = [...kept.values()].filter(({ activity, at }) => activity.targeted && now() - at >= targetedLifetime);
    for (const { activity } of old) {
      kept.delete(activity.id);
      note(activity.id, { what: "expired" });
    }
  };
  const all = () => {
    forgetTheExpired();
    return [...kept.values()];
  };
  const said = (conversationId: string, activityId: string) =>
    heard.get(placeOf(conversationId).chatId)?.get(activityId);
  const isKnownMessage = (conversationId: string, activityId: string) => {
    const { chatId } = placeOf(conversationId);
    if (said(conversationId, activityId)) return true;
    return all().some(
      ({ activity }) => activity.id === activityId && placeOf(activity.conversationId).chatId === chatId,
    );
  };

  return {
    chat: (conversationId) => chats.get(placeOf(conversationId).chatId),
    join({ conversationId, kind, tenant, withoutBot }, member) {
      const { chatId } = placeOf(conversationId);
      const made = { id: chatId, kind, tenant, members: new Map<string, Account>(), hasBot: !withoutBot };
      const chat = chats.get(chatId) ?? made;
      chat.members.set(member.id, member);
      chats.set(chatId, chat);
      return chat;
    },
    hear(conversationId, activityId, { from, html = "", targeted = false } = {}) {
      const { chatId } = placeOf(conversationId);
      const inChat = heard.get(chatId) ?? new Map<string, Said>();
      inChat.set(activityId, { id: activityId, conversationId, at: now(), from, html, targeted });
      heard.set(chatId, inChat);
    },
    isKnownMessage,
    said,
    isKnownPlace(conversationId) {
      const { chatId, thread } = placeOf(conversationId);
      return chats.has(chatId) && (thread === undefined || isKnownMessage(chatId, thread));
    },
    stand(conversationId, activity, targeted, author) {
      const standing = { ...activity, id: nextId(), conversationId, changes: 0, targeted, ...(author && { author }) };
      kept.set(standing.id, { activity: standing, at: now(), views: new Map() });
      note(standing.id, { what: "sent", activity: standing });
      return standing;
    },
    find(activityId) {
      forgetTheExpired();
      return kept.get(activityId)?.activity;
    },
    replace({ id }, activity) {
      const before = kept.get(id);
      if (!before) return;
      const { conversationId, changes, targeted, replyToId, author, recipient } = before.activity;
      const lasting = {
        replyToId,
        id,
        conversationId,
        targeted,
        ...(targeted && { recipient }),
        ...(author && { author }),
      };
      const changed = { ...activity, ...lasting, changes: changes + 1 };
      kept.set(id, { ...before, activity: changed, views: new Map() });
      note(id, { what: "changed", activity: changed });
    },
    show({ id }, userId, card) {
      const before = kept.get(id);
      if (!before) return;
      before.views.delete(userId);
      before.views.set(userId, card);
      note(id, { what: "answered", by: userId, activity: { ...before.activity, attachments: [card] } });
    },
    remove({ id }) {
      if (kept.delete(id)) note(id, { what: "deleted" });
    },
    standing: (conversationId) =>
      all()
        .filter(({ activity }) => activity.conversationId === conversationId && !activity.author)
        .map(({ activity, views }) => withCard(activity, [...views.values()].at(-1))),
    seenBy(userId, conversationId) {
      if (!chats.get(placeOf(conversationId).chatId)?.members.has(userId)) return [];
      return all()
        .filter(({ activity }) => activity.conversationId === conversationId && isFor(activity, userId))
        .map(({ activity, views }) => withCard(activity, views.get(userId)));
    },
    history: (activityId) => histories.get(activityId) ?? [],
    nextId,
    now,
    letTimePass(milliseconds) {
      passed += milliseconds;
    },
  };
}

function isFor({ targeted, recipient }: StandingActivity, userId: string): boolean {
  return !targeted || recipient?.id === userId;
}

function withCard(activity: StandingActivity, card: Attachment | undefined): StandingActivity {
  return card ? { ...activity, attachments: [card] } : activity;
}

/** `19:…@thread.tacv2;messageid=1700000000000` is the thread under that message of the channel `19:…@thread.tacv2`. */
export function placeOf(conversationId: string): { chatId: string; thread?: string } {
  const [chatId = "", thread] = conversationId.split(";messageid=");
  return { chatId, thread };
}
