import { createHash } from "node:crypto";
import { z } from "zod";

const Text = z.string().transform((text) => text.slice(0, 300));
const Reference = z.string();
const Deployment = z.string();
const Time = z.iso.datetime();

/** What may be over by itself, or by what somebody did elsewhere. */
const ENDED = ["suspended", "quota", "closed", "misconfigured", "not allowed"] as const;
export type EndedKind = (typeof ENDED)[number];
/** Enough of an alert to find it by. */
export type Ended = { kind: EndedKind; deployment: string };

/**
 * What whoever runs Easel should know, as values: `src/words/alert-sentences.ts` says it. Nobody's words or names go into one;
 * a picture is its reference, and a person is the hash that the log has too.
 */
export const Alert = z.discriminatedUnion("kind", [
  /** `scope` is a server's, channel's or person's id as the rules name it; `spent` and `most` are dollars or pictures. */
  z.object({
    kind: z.literal("budget"),
    percent: z.union([z.literal(80), z.literal(100)]),
    scope: z.enum(["bot", "workspace", "channel", "person"]),
    id: Text.optional(),
    per: z.enum(["day", "week", "month"]),
    unit: z.enum(["dollars", "pictures"]),
    spent: z.number(),
    most: z.number(),
    /** `2026-11`, as the ledger names it: told once in each. */
    period: Text,
    refillsAt: Time.optional(),
    isSoft: z.boolean().optional(),
  }),
  z.object({ kind: z.literal("quota"), deployment: Deployment, reference: Reference.optional() }),
  z.object({ kind: z.literal("suspended"), openAgainAt: Time, reference: Reference.optional() }),
  /** A rate limit asks to stay away for longer than anybody is left waiting. */
  z.object({ kind: z.literal("closed"), deployment: Deployment, seconds: z.number(), reference: Reference.optional() }),
  /** Was told of, and is over. */
  z.object({
    kind: z.literal("open again"),
    was: z.enum(ENDED),
    deployment: Deployment.optional(),
  }),
  z.object({ kind: z.literal("misconfigured"), deployment: Deployment, reference: Reference.optional() }),
  z.object({ kind: z.literal("not allowed"), deployment: Deployment, reference: Reference.optional() }),
  z.object({ kind: z.literal("guardrail"), deployment: Deployment, reference: Reference.optional() }),
  z.object({ kind: z.literal("bad request"), deployment: Deployment, reference: Reference.optional() }),
  z.object({ kind: z.literal("set aside"), reference: Reference }),
  z.object({ kind: z.literal("broken"), reference: Reference }),
  /** Days that are left: 60, 30 or 7, told once each; 0 where it is over. */
  z.object({
    kind: z.literal("model ends"),
    model: Text,
    deployment: Deployment,
    on: Text,
    within: z.union([z.literal(60), z.literal(30), z.literal(7), z.literal(0)]),
    replacement: Text,
  }),
  z.object({ kind: z.literal("storage refuses"), because: Text, mend: Text.optional() }),
  /** A deployment without rates: what it costs is reckoned as the dearest that is known. */
  z.object({ kind: z.literal("unknown price"), deployment: Deployment }),
  z.object({ kind: z.literal("config fault"), file: Text, faults: z.array(Text).max(20) }),
  /** `by` is the reporter's hash. What they wrote stands in the log. */
  z.object({ kind: z.literal("reported"), reference: Reference, place: z.number(), by: Text }),
  z.object({
    kind: z.literal("person paused"),
    person: Text,
    blocks: z.number(),
    /** Of them, how many for the words; the others for the picture. */
    ofWords: z.number(),
    until: Time,
  }),
  z.object({
    kind: z.literal("blocks pile up"),
    blocks: z.number(),
    minutes: z.number(),
    perMinute: z.number(),
    since: Time,
  }),
  z.object({ kind: z.literal("blocks are fewer"), since: Time }),
  /** So many more came faster than they could be noted. */
  z.object({ kind: z.literal("many more"), count: z.number(), mark: z.string() }),
]);
export type Alert = z.infer<typeof Alert>;
export type AlertKind = Alert["kind"];

/** What makes two alerts the same one: told once. A new reference makes no new quota. */
export function keyOf(alert: Alert | Ended): string {
  switch (alert.kind) {
    case "budget":
      return `${alert.kind} ${alert.percent} ${alert.scope} ${alert.id ?? ""} ${alert.unit} ${alert.per} ${alert.period} ${alert.most}`;
    case "quota":
    case "closed":
    case "misconfigured":
    case "not allowed":
    case "guardrail":
    case "bad request":
    case "unknown price":
      return `${alert.kind} ${alert.deployment}`;
    case "suspended":
      return alert.kind;
    case "open again":
      return `${alert.kind} ${alert.was} ${alert.deployment ?? ""}`;
    case "set aside":
    case "broken":
      return `${alert.kind} ${alert.reference}`;
    case "reported":
      return `${alert.kind} ${alert.reference} ${alert.place}`;
    case "model ends":
      return `${alert.kind} ${alert.deployment} ${alert.model} ${alert.within}`;
    case "storage refuses":
      return `${alert.kind} ${alert.because}`;
    case "config fault":
      return `${alert.kind} ${alert.faults.join(" ")}`;
    case "person paused":
      return `${alert.kind} ${alert.person}`;
    case "blocks pile up":
    case "blocks are fewer":
      return `${alert.kind} ${alert.since}`;
    case "many more":
      return `${alert.kind} ${alert.mark}`;
  }
}

/** A row's name may hold no sign of its own, and no text of a configuration. */
export function nameOfKey(key: string): string {
  return createHash("sha256").update(key).digest("hex").slice(0, 40);
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** What goes on is told again after that; what cannot come again, never. */
export function quietMilliseconds({ kind }: Alert): number {
  switch (kind) {
    case "open again":
      return HOUR / 6;
    case "config fault":
      return HOUR;
    case "quota":
    case "suspended":
    case "closed":
    case "misconfigured":
    case "not allowed":
    case "guardrail":
    case "bad request":
    case "storage refuses":
    case "person paused":
      return DAY;
    case "unknown price":
      return 30 * DAY;
    case "budget":
    case "set aside":
    case "broken":
    case "model ends":
    case "reported":
    case "blocks pile up":
    case "blocks are fewer":
    case "many more":
      return Infinity;
  }
}
