import type { IncomingHttpHeaders } from "node:http";
import type { WebSocket } from "ws";
import type { Person } from "./places.ts";
import type { Answer } from "./refusals.ts";
import type { Fields } from "./wire.ts";

/** A file as a request brought it: `index` is the n of `files[n]`. */
export type SentFile = { index: number; name: string; contentType: string; bytes: Uint8Array };

/** A file that Discord keeps. */
export type Upload = {
  id: string;
  channelId: string;
  name: string;
  contentType: string;
  bytes: Uint8Array;
  ephemeral: boolean;
  width?: number;
  height?: number;
};

export type Media = { url: string };

/** A component as a request brings it, after the description has found nothing wrong with it. */
export type Component = {
  type: number;
  id?: number | null;
  custom_id?: string | null;
  style?: number;
  label?: string | null;
  description?: string | null;
  url?: string | null;
  sku_id?: string | null;
  emoji?: { id?: string | null; name?: string } | null;
  content?: string;
  value?: string | null;
  disabled?: boolean | null;
  /** Of a single checkbox; in a list each option has its own. */
  default?: boolean | null;
  file_types?: string[] | null;
  required?: boolean | null;
  min_values?: number | null;
  max_values?: number | null;
  min_length?: number | null;
  max_length?: number | null;
  spoiler?: boolean | null;
  accent_color?: number | null;
  spacing?: number | null;
  divider?: boolean | null;
  options?: { label: string; value: string; description?: string | null; default?: boolean | null }[];
  /** Of a select of people, roles or channels: what is chosen already. */
  default_values?: { id: string; type: string }[];
  items?: { media: Media; description?: string | null; spoiler?: boolean | null }[];
  media?: Media;
  file?: Media;
  components?: Component[];
  accessory?: Component;
  component?: Component;
};

/** The part of an embed that the rules look at. */
export type Embed = {
  title?: string | null;
  description?: string | null;
  url?: string | null;
  fields?: { name: string; value: string; inline?: boolean | null }[] | null;
  footer?: { text?: string | null } | null;
  author?: { name?: string | null } | null;
  image?: { url?: string | null } | null;
  thumbnail?: { url?: string | null } | null;
};

/** Who would have heard a sound. */
export type Pings = { users: string[]; roles: string[]; everyone: boolean };

export type Attachment = { upload: Upload; description?: string; title?: string; spoiler: boolean };

/** What a call may change about a message. */
export type Contents = {
  content: string;
  embeds: readonly Embed[];
  components: readonly Component[];
  attachments: readonly Attachment[];
  flags: number;
  pings: Pings;
};

/** What can be seen of a message. */
export type Shown = Omit<Contents, "pings">;

/** What stood there from a time on (milliseconds since 1970), pictures and their bytes included, and what put it there. */
export type Moment = Shown & { time: number; by: "callback" | "webhook" | "bot" | "person" };

/** A message as it stands now. Components and embeds are as the bot sent them, `attachment://` and all. */
export type FakeMessage = Shown & {
  id: string;
  channelId: string;
  guildId?: string;
  author: Person;
  sender: "webhook" | "bot" | "person";
  /** Discord's type of message: 0 plain, 19 reply, 20 slash command, 23 context menu. */
  type: number;
  /** The only person who sees it. */
  ephemeralFor?: string;
  /** Whom this message has pinged so far, by any of its edits. */
  pinged: Pings;
  /** Whom the present text mentions. */
  mentions: Pings;
  interactionId?: string;
  interactionMetadata?: Fields;
  replyTo?: string;
  /** The frozen copy that a forward carries, and of what. */
  snapshot?: Shown &
    Pick<FakeMessage, "type" | "createdAt" | "editedAt" | "mentions"> & { of: { channelId: string; id: string } };
  userInstallOnly: boolean;
  nonce?: string | number;
  createdAt: number;
  editedAt?: number;
  edits: number;
  deleted: boolean;
  /** The one who sees it has put it away in their client, of which the bot hears nothing. */
  dismissed?: boolean;
  deletedAt?: number;
  /** All that it ever showed, oldest first; the last is what it shows, or showed when it was deleted. */
  history: Moment[];
};

export type Modal = { custom_id: string; title: string; components: Component[] };

/** What the bot said first. */
export type Callback = {
  type: number;
  flags: number;
  data: Fields;
  files: SentFile[];
  /** How long after the event. */
  milliseconds: number;
};

/** One event that waits for an answer, and all that came of it. */
export type Interaction = {
  id: string;
  token: string;
  kind: number;
  user: Person;
  channelId: string;
  guildId?: string;
  owners: Record<string, string>;
  /** The bot is not in that place: it came with the person. */
  userInstallOnly: boolean;
  /** External Apps is off for the person: whatever is public becomes ephemeral. */
  externalAppsOff: boolean;
  fileBytes: number;
  permissions: bigint;
  /** The message whose button was pressed, or whose button opened the modal. */
  sourceMessageId?: string;
  openedBy?: Interaction;
  /** Of a command from the menu of a message or of a person. */
  target?: FakeMessage | Person;
  event: Fields;
  sentAt: number;
  deliveries: number;
  callback?: Callback;
  modal?: Modal;
  originalId?: string;
  followupIds: string[];
};

/** One call of the REST interface. What the fake made of it is filled in when it is answered. */
export type LoggedRequest = {
  time: number;
  method: string;
  /** Decoded, and without `/api/v10`. */
  path: string;
  query: URLSearchParams;
  /** The body, or the `payload_json` of a multipart one. */
  body: unknown;
  files: SentFile[];
  headers: IncomingHttpHeaders;
  /** Undefined while under way, and for ever when it was cut or left hanging. */
  status?: number;
  answer?: unknown;
};

/**
 * What goes wrong. `answer` stands in place of Discord's own; `headers` are added to it; `hang` never answers; `cut`
 * tears the socket; `delaySeconds` comes late. With `applied`, the call takes effect first and only its answer is lost.
 */
export type FaultKind =
  | { answer: Answer; applied?: boolean }
  | { headers: Record<string, string> }
  | { hang: true; applied?: boolean }
  | { cut: true; applied?: boolean }
  | { delaySeconds: number };

export type Fault = {
  kind: FaultKind;
  matches: (request: LoggedRequest) => boolean;
  /** How many calls are let through first. */
  skip: number;
  /** How many more calls it will hit. */
  left: number;
  hits: number;
};

/** One call of cdn.discordapp.com or media.discordapp.net. */
export type LoggedFileRequest = {
  time: number;
  host: string;
  /** Decoded. */
  path: string;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  /** Undefined while nothing was answered. */
  status?: number;
  /** How much of the file was handed over. */
  sent: number;
};

/**
 * What goes wrong with a file, even at a good address. `gone` is a file that Discord has removed; `delaySeconds` passes
 * before the first byte and `bytesPerSecond` from then on; `cutAfter` so many bytes the socket is torn; `length` comes in
 * place of the file, in chunks and without a length told; `redirect` answers 302; `status` stands for an outage.
 */
export type FileTrouble =
  | { gone: true }
  | { delaySeconds: number }
  | { bytesPerSecond: number }
  | { cutAfter: number }
  | { length: number }
  | { redirect: string }
  | { status: number };

export type PlantedFileTrouble = { trouble: FileTrouble; name: string | RegExp; left: number; hits: number };

export type GatewayLogEntry = {
  time: number;
  what: "connected" | "refused" | "identify" | "resume" | "ready" | "resumed" | "invalid session" | "closed";
  session?: string;
  intents?: number;
  /** Of a close: the code, and which side closed. 1006 is a cut. */
  code?: number;
  by?: "bot" | "discord";
  /** Of a resume: how many events were replayed. */
  replayed?: number;
};

/** One session of the bot, which outlives its sockets until it is ended. */
export type Session = {
  id: string;
  intents: number;
  shard: [index: number, count: number];
  sequence: number;
  sent: { sequence: number; text: string }[];
  socket?: WebSocket;
};
