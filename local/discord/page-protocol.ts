/**
 * What the page of the Discord look-alike and its server say to each other. The page is at `/look-alike/`; everything below
 * is relative to it. Messages, components, modals, commands, channels and people are Discord's own JSON (API v10), so that
 * the page shows what a real client would; only addresses of files are changed, to paths of the look-alike's own server
 * (`/attachments/…`, `/ephemeral-attachments/…`), which an `<img src>` takes as they are.
 *
 * | call                              | body                   | answer                                               |
 * | --------------------------------- | ---------------------- | ---------------------------------------------------- |
 * | GET `state?person=<id>`           |                        | `State`, as this person sees it; without a person as the first one does |
 * | GET `events?person=<id>`          |                        | server-sent events, see `PageEvent`; begins with READY |
 * | POST `command`                    | `SendCommand`          | `Sent`                                               |
 * | POST `message-command`            | `SendMessageCommand`   | `Sent`                                               |
 * | POST `press`                      | `SendPress`            | `Sent`                                               |
 * | POST `select`                     | `SendSelect`           | `Sent`                                               |
 * | POST `modal`                      | `SendModal`            | `Sent`                                               |
 * | POST `say`                        | `Say`                  | `Said`                                               |
 * | POST `dismiss`                    | `Dismiss`              | 204; an ephemeral message is away, for its person    |
 * | POST `upload?name=<file name>`    | the file's bytes       | `Uploaded`                                           |
 * | GET `faults`                      |                        | `Faults`                                             |
 * | POST `faults`                     | `SwitchFault`          | `Faults`                                             |
 *
 * A POST has `content-type: application/json` (`upload`: the file's own type) and is answered only to a page of this
 * server (`Origin`, `Host`). What a client would not let a person send is 400 with `NotSent`.
 */

export type DiscordId = string;

/** https://docs.discord.com/developers/resources/user */
export type DiscordUser = { id: DiscordId; username: string; global_name: string | null; bot?: boolean };

/** Type 0 text, 1 direct message (no `guild_id`; the person's with the bot), 11 thread (`parent_id`). */
export type DiscordChannel = {
  id: DiscordId;
  type: 0 | 1 | 11;
  guild_id?: DiscordId;
  name?: string;
  parent_id?: DiscordId | null;
  recipients?: DiscordUser[];
  thread_metadata?: { archived: boolean; locked: boolean };
};

/** https://docs.discord.com/developers/components/reference; which members there are depends on `type`. */
export type DiscordComponent = {
  type: number;
  id?: number;
  custom_id?: string;
  components?: DiscordComponent[];
  component?: DiscordComponent;
  accessory?: DiscordComponent;
  [member: string]: unknown;
};

export type DiscordAttachment = {
  id: DiscordId;
  filename: string;
  size: number;
  url: string;
  content_type?: string;
  width?: number;
  height?: number;
  description?: string;
  /** 8: a spoiler. */
  flags?: number;
};

/**
 * https://docs.discord.com/developers/resources/message. Flags: 64 ephemeral ("Only you can see this"), 128 loading
 * ("Easel is thinking…"), 32768 Components V2. `interaction_metadata.user` and `.type` say who used what; of a slash
 * command `name` is the command ("Ada used /imagine"; Discord's clients show it, its API has it no more).
 */
export type DiscordMessage = {
  id: DiscordId;
  channel_id: DiscordId;
  author: DiscordUser;
  /** 0 plain, 19 reply (`message_reference.message_id`), 20 answer to a slash command, 23 to a message command. */
  type: number;
  content: string;
  timestamp: string;
  edited_timestamp: string | null;
  flags: number;
  mentions: DiscordUser[];
  attachments: DiscordAttachment[];
  embeds: Record<string, unknown>[];
  components: DiscordComponent[];
  interaction_metadata?: { id: DiscordId; type: number; user: DiscordUser; name?: string };
  message_reference?: { type: number; channel_id: DiscordId; message_id: DiscordId };
};

/** As registered: type 1 slash, 3 message command. Options: 3 string, 4 integer, 5 boolean, 11 attachment. */
export type DiscordCommand = {
  id: DiscordId;
  type: 1 | 2 | 3;
  name: string;
  description: string;
  options?: DiscordCommandOption[];
};
export type DiscordCommandOption = {
  type: number;
  name: string;
  description: string;
  required?: boolean;
  choices?: { name: string; value: string | number }[];
  min_value?: number;
  max_value?: number;
  min_length?: number;
  max_length?: number;
  autocomplete?: boolean;
  options?: DiscordCommandOption[];
};

export type DiscordModal = { custom_id: string; title: string; components: DiscordComponent[] };

export type State = {
  /** Who looks. */
  person: DiscordUser;
  /** Everybody that one can be, the one who looks too; the bot is not among them. */
  people: DiscordUser[];
  bot: DiscordUser;
  /** Whether the bot is connected to the gateway: its green dot. */
  connected: boolean;
  guild: { id: DiscordId; name: string };
  /** In the order in which they are to be shown: text channels, each with its threads after it, and at last the direct message. */
  channels: DiscordChannel[];
  commands: DiscordCommand[];
  /** Of all channels that the person sees, oldest first, those for them alone included. */
  messages: DiscordMessage[];
  /** What the person has sent and what is not answered yet, and a modal that is open. */
  interactions: InteractionState[];
  refusals: Refusal[];
};

/**
 * What became of what a person did. `waiting`: show the button as loading (a slash command: "Sending command…").
 * `answered`: a message came or will come by itself. `modal`: open `modal`, and answer with POST `modal`, naming this
 * interaction. `failed`: "The application did not respond" (a command) or "This interaction failed" (a press, a modal).
 */
export type InteractionState = {
  id: DiscordId;
  /** 2 command, 3 press or select, 5 modal. */
  type: 2 | 3 | 5;
  channel_id: DiscordId;
  /** Of a command. */
  name?: string;
  /** The message whose control it was, and which. */
  message_id?: DiscordId;
  custom_id?: string;
  state: "waiting" | "answered" | "modal" | "failed";
  modal?: DiscordModal;
};

/** A call of the bot that Discord did not take. */
export type Refusal = {
  /** Milliseconds since 1970. */
  at: number;
  /** "PATCH /webhooks/…/messages/@original", without tokens. */
  call: string;
  status: number;
  /** Discord's code (10062, 50027 …); absent where somebody in between answered, such as Cloudflare. */
  code?: number;
  message: string;
  /** Of a form that Discord did not take: what was wrong with which field. */
  problems?: string[];
};

/** As `event:` says it; `data:` is one line of JSON, of the type at its name. */
export type PageEvents = {
  /** The first after each connection, and after a change of nearly all: forget what you had. */
  READY: State;
  MESSAGE_CREATE: DiscordMessage;
  /** The whole message, not only what changed. */
  MESSAGE_UPDATE: DiscordMessage;
  MESSAGE_DELETE: { id: DiscordId; channel_id: DiscordId };
  /** One that the page has not heard of is new. */
  CHANNEL_UPDATE: DiscordChannel;
  CHANNEL_DELETE: { id: DiscordId };
  COMMANDS: DiscordCommand[];
  INTERACTION: InteractionState;
  REFUSAL: Refusal;
  CONNECTED: { connected: boolean };
  FAULTS: Faults;
};
export type PageEvent = { [Name in keyof PageEvents]: { event: Name; data: PageEvents[Name] } }[keyof PageEvents];

/** Who does it, and where. */
export type By = { person: DiscordId; channel: DiscordId };

/** Options by name. `{ upload }` is a file that was sent to `upload` before. */
export type SendCommand = By & {
  name: string;
  options: Record<string, string | number | boolean | { upload: string }>;
};
export type SendMessageCommand = { person: DiscordId; name: string; message: DiscordId };
export type SendPress = { person: DiscordId; message: DiscordId; custom_id: string };
export type SendSelect = SendPress & { values: string[] };
/** Fields by `custom_id`: a text's, a select's values, uploads. Absent is empty, or what the field was filled with. */
export type SendModal = {
  person: DiscordId;
  interaction: DiscordId;
  values: Record<string, string | boolean | string[] | { uploads: string[] }>;
};
export type Say = By & { content: string };
export type Dismiss = { person: DiscordId; message: DiscordId };

export type Sent = { interaction: DiscordId };
export type Said = { message: DiscordId };
export type Uploaded = { upload: string; name: string; size: number };
/** A sentence to show. */
export type NotSent = { error: string };

export type Platform = "discord" | "teams";

export type Fault = {
  /** "late-acknowledgement", "dead-token" … */
  id: string;
  /** Where it strikes. */
  platforms: Platform[];
  title: string;
  /** What it does, in a sentence. */
  does: string;
  /** What Easel must do, in a sentence. */
  must: string;
  /** A fault that strikes once switches itself off when it has; another stays until it is switched off. */
  once: boolean;
  on: boolean;
  /** What it did and what Easel did, the newest last, since it was switched on the last time. */
  happened: { at: number; what: string }[];
};
export type Faults = { faults: Fault[] };
export type SwitchFault = { id: string; on: boolean };
