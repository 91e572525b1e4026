import { createHash } from "node:crypto";
import { z } from "zod";
import { nearestName } from "../near.ts";

/** What is written into storage may be of a newer version, which wrote more into it: that is handed on untouched. */
export const record = z.looseObject as unknown as typeof z.object;

/** Who asked, and where. `workspace` is a Discord guild or a Teams tenant; a direct message has none. */
export const Asker = record({
  platform: z.string(),
  workspace: z.string().optional(),
  channel: z.string(),
  /** Of a thread, the channel that it is in: rules for that hold there, and its money is spent. */
  parentChannel: z.string().optional(),
  user: z.string(),
  name: z.string(),
  locale: z.string().optional(),
});
export type Asker = z.infer<typeof Asker> & { [AT_EVENT]?: AtEvent };

/** Where it is carried. A symbol, so that no JSON and so no record ever holds it. */
export const AT_EVENT = Symbol("at the event");

/** What the platform says of somebody at the moment of an event, and what may be otherwise the next moment. */
export type AtEvent = {
  /** Ids of roles, where the platform tells them. */
  roles?: string[];
  /** May rule the workspace, as the platform has it. */
  isAdmin?: boolean;
  /** Nobody else is there. */
  isDirect?: boolean;
  /** The person has installed Easel, and the place has not. */
  isUserInstall?: boolean;
  /** What the channel is called, where the platform tells. */
  channelName?: string;
};

/** Empty for what comes from a record, as the ideas of a brainstorm do. */
export function atEvent(asker: object): AtEvent {
  return (asker as Asker)[AT_EVENT] ?? {};
}

/** One person in all places of a platform, as a hash: fit for a blob's name and for the provider's watch over misuse. */
export function personOf({ platform, user }: Pick<Asker, "platform" | "user">): string {
  return createHash("sha256").update(`${platform}/${user}`).digest("hex").slice(0, 32);
}

/** A job's id is a blob's name, and made of the platform's own id of the event. */
export const JobId = z.string().regex(/^[a-z0-9-]{1,100}$/);

/** Where the answer goes. Plain JSON, written and read by one platform alone. */
export const Address = z.object({ platform: z.string() }).catchall(z.json());
export type Address = z.infer<typeof Address>;

export const OPTION_NAMES = ["model", "size", "quality", "style", "background", "count"] as const;
export type OptionName = (typeof OPTION_NAMES)[number];

/** What people type who know another bot: `--ar 16:9` is Midjourney's. */
export const OPTION_ALIASES = new Map<string, OptionName>([
  ["ar", "size"],
  ["aspect", "size"],
  ["aspect-ratio", "size"],
  ["ratio", "size"],
  ["n", "count"],
  ["num", "count"],
  ["r", "count"],
  ["repeat", "count"],
]);

/** Names that are asked about instead: what they mean here is likely, and not sure. */
const LIKELY = new Map<string, OptionName>([
  ["format", "size"],
  ["shape", "size"],
  ["orientation", "size"],
  ["resolution", "size"],
  ["dimensions", "size"],
  ["bg", "background"],
  ["engine", "model"],
  ["number", "count"],
  ["amount", "count"],
  ["images", "count"],
  ["pictures", "count"],
]);

/** The option of this name, however its letters are written. */
export function optionNamed(typed: string): OptionName | undefined {
  const word = typed.toLowerCase();
  return OPTION_NAMES.find((name) => name === word) ?? OPTION_ALIASES.get(word);
}

/** The option that a misspelt name most likely means. The dashes before it do not count. */
export function nearestOption(typed: string): OptionName | undefined {
  const name = typed.replace(/^[-—–]{1,3}/, "");
  return LIKELY.get(name.toLowerCase()) ?? nearestName(name, OPTION_NAMES) ?? optionNamed(nearestAlias(name) ?? "");
}

function nearestAlias(name: string): string | undefined {
  return nearestName(
    name,
    [...OPTION_ALIASES.keys()].filter((alias) => alias.length > 3),
  );
}

/** A picture of a job by its place there, from 1. As text `<job>.<place>`: that is all a button holds. */
export const PictureRef = record({ job: JobId, place: z.number().int().min(1).max(99) });
export type PictureRef = z.infer<typeof PictureRef>;

export function textOfRef({ job, place }: PictureRef): string {
  return `${job}.${place}`;
}

export function readRef(text: string): PictureRef | undefined {
  const [job = "", place = ""] = text.split(".");
  const { success, data } = PictureRef.safeParse({ job, place: Number(place) });
  return success && textOfRef(data) === text ? data : undefined;
}

/** How a request goes on from a picture: what a family tree says beside it. */
export const CHANGES = ["again", "words", "like", "edit", "finish"] as const;
export type Change = (typeof CHANGES)[number];

/** The picture that something goes on from: what its message says of it, too. Of before December 2026 it has no words. */
export const Parent = PictureRef.extend({
  /** The beginning of them. */
  words: z.string().optional(),
  /** Whose they are, if they are somebody else's. */
  by: z.string().optional(),
  /** `personOf` them. */
  person: z.string().optional(),
});
export type Parent = z.infer<typeof Parent>;

/** What can be done with a finished picture. Each is a button that holds the picture's `ref` and nothing else. */
export const PICTURE_ACTIONS = [
  "again",
  "words",
  "revised",
  "like",
  "edit",
  "keep",
  "finish",
  "finest",
  "family",
  "describe",
  "style",
  "report",
  "delete",
] as const;
export type PictureAction = (typeof PICTURE_ACTIONS)[number];

/** A picture to draw from, and where it is. */
export const Source = z.discriminatedUnion("from", [
  /** One that Easel drew. */
  record({ from: z.literal("drawn"), picture: PictureRef }),
  /** Brought, checked and in storage: a blob's name under `inputs/`. */
  record({ from: z.literal("input"), name: z.string() }),
  /** Still in the chat. The asker's platform knows whether this address is one of its own, and how to fetch from it. */
  record({ from: z.literal("chat"), url: z.string(), declaredBytes: z.number().optional() }),
]);
export type Source = z.infer<typeof Source>;

/** What may change of the first source: cells of the grid (`grid-and-mask.ts`), or what a mask leaves transparent. */
export const Region = z.union([record({ cells: z.array(z.string()) }), record({ mask: Source })]);
export type Region = z.infer<typeof Region>;

/** A saved style as it was when it was used: whatever becomes of it later, a picture goes on in what it was drawn in. */
export const StyleUsed = record({
  /** As it was saved. */
  name: z.string(),
  version: z.number(),
  /** How it looks. Empty where pictures alone say that. */
  words: z.string(),
  /** Colours in words, the one that covers most first. */
  palette: z.array(z.string()),
  /** Pictures that show it. */
  references: z.array(Source),
});
export type StyleUsed = z.infer<typeof StyleUsed>;

/**
 * What somebody asked for, in their own words: nothing in it is checked yet. `id` is made from the platform's own id of
 * the event, so that the same event twice is the same job. It is a blob's name: `a-z 0-9 -` only, 100 characters at most.
 */
export const ImageRequest = record({
  id: JobId,
  prompt: z.string(),
  options: z.partialRecord(z.enum(OPTION_NAMES), z.string()),
  /** Options that no model has, as they were typed. */
  unknownOptions: z.array(z.string()),
  /** The answer is for the asker alone. */
  private: z.boolean(),
  askedBy: Asker,
  address: Address,
  parent: Parent.extend({ change: z.enum(CHANGES) }).optional(),
  /** What it is drawn from beside the words: with any, it is an edit. */
  sources: z.array(Source).optional(),
  region: Region.optional(),
  /** A saved style. Null: none is wanted. Absent where nothing is said of it: then the channel's own goes into it. */
  style: StyleUsed.nullish(),
  /** The first source is a sketch: its layout stays, and the words say what becomes of it. */
  sketch: z.boolean().optional(),
  /** A model has written the words. */
  isSuggested: z.boolean().optional(),
  /** The idea of a brainstorm that it draws. */
  brainstorm: record({
    /** Its words are those of one person alone, whoever asks. */
    isOwnWords: z.boolean().optional(),
    session: z.string(),
    round: z.number(),
    idea: z.number(),
    /** Whoever began the round, whosever idea it is. */
    paidBy: Asker.optional(),
  }).optional(),
});
export type ImageRequest = z.infer<typeof ImageRequest>;

/**
 * Half of a character that stands for two, as a cut somewhere on the way leaves it, becomes the sign for an unreadable one:
 * JSON that holds such a half is refused by Discord, and the Images API draws no half either.
 */
export function wellFormed(request: ImageRequest): ImageRequest {
  const mend = (_: string, value: unknown) => (typeof value === "string" ? value.toWellFormed() : value);
  const text = JSON.stringify(request);
  if (!/\\ud[89a-f]/i.test(text)) return request;
  const mended = JSON.parse(text, mend) as ImageRequest;
  if (AT_EVENT in request.askedBy) Object.assign(mended.askedBy, { [AT_EVENT]: atEvent(request.askedBy) });
  return mended;
}
