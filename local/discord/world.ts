import type {
  FakeMessage,
  Fault,
  GatewayLogEntry,
  Interaction,
  LoggedFileRequest,
  LoggedRequest,
  PlantedFileTrouble,
  Session,
  Upload,
} from "./records.ts";
import type { Channel, Guild, Person } from "./places.ts";
import { makeApplication, makeChannel, makeGuild, makePerson } from "./places.ts";
import type { Problem } from "./refusals.ts";
import type { Fields } from "./wire.ts";

/** Something that Discord would refuse as malformed, or that the fake itself answered against the description. */
export type Violation = { kind: "request" | "answer" | "event"; call: string; problems: Problem[] };

export type Limits = {
  /** How long an event may wait for its first answer, from the moment it is sent. */
  interactionSeconds: number;
  /** How long an interaction's token lives, from the moment the event is sent. */
  tokenSeconds: number;
  /** How long the address of an attachment is good for. */
  attachmentSeconds: number;
  heartbeatSeconds: number;
  /** What a server without boosts takes for one file. */
  fileBytes: number;
  /** The answer to a file that is too large; Discord has both. */
  tooLarge: 40005 | 50045;
  /** How many edits of messages older than an hour a channel takes in so many seconds. */
  oldEdits: { edits: number; seconds: number };
  /** Whether the buckets of Discord's rate limits are counted. */
  rateLimits: boolean;
  /** Privileged intents that were granted in the developer portal. */
  grantedIntents: number;
};

export type Addresses = { cdn: string; media: string; gateway: string };

/** Everything that the fake knows. */
export type World = {
  limits: Limits;
  addresses: Addresses;
  token: string;
  application: ReturnType<typeof makeApplication>;
  bot: Person;
  asker: Person;
  people: Map<string, Person>;
  guilds: Map<string, Guild>;
  channels: Map<string, Channel>;
  messages: Map<string, FakeMessage>;
  /** Those that were deleted. */
  goneMessages: FakeMessage[];
  uploads: Map<string, Upload>;
  interactions: Map<string, Interaction>;
  /** By `global` or by guild. */
  commands: Map<string, Fields[]>;
  nonces: Map<string, string>;
  requests: LoggedRequest[];
  violations: Violation[];
  faults: Set<Fault>;
  buckets: Map<string, { remaining: number; resetAt: number }>;
  /** When messages older than an hour were edited, by channel. */
  oldEdits: Map<string, number[]>;
  /** Raised when all addresses of files that were given out so far have expired. */
  addressEpoch: number;
  fileTroubles: Set<PlantedFileTrouble>;
  fileRequests: LoggedFileRequest[];
  sessions: Map<string, Session>;
  gateway: GatewayState;
  watchers: Set<() => void>;
};

export type GatewayState = {
  log: GatewayLogEntry[];
  /** A gateway that takes no new connection answers 503. */
  refusing: boolean;
  withholdingAcks: boolean;
  identifies: number;
};

/** Who is there and where, from the beginning. Somebody at least asks, and somewhere. */
export type Cast = { bot: Person; people: [Person, ...Person[]]; guild: Guild; channels: [Channel, ...Channel[]] };

function usualCast(): Cast {
  const guild = makeGuild("The Drawing Room");
  const channel = makeChannel({ guildId: guild.id, name: "pictures" });
  return { bot: makePerson("Easel", { bot: true }), people: [makePerson("Ada")], guild, channels: [channel] };
}

export function makeWorld(limits: Limits, addresses: Addresses, cast = usualCast()): World {
  const { bot, people, guild, channels } = cast;
  return {
    limits,
    addresses,
    bot,
    asker: people[0],
    token: `${Buffer.from(bot.id).toString("base64url")}.fake.${crypto.randomUUID().replaceAll("-", "")}`,
    application: makeApplication(bot),
    people: new Map([bot, ...people].map((person) => [person.id, person])),
    guilds: new Map([[guild.id, guild]]),
    channels: new Map(channels.map((channel) => [channel.id, channel])),
    messages: new Map(),
    goneMessages: [],
    uploads: new Map(),
    interactions: new Map(),
    commands: new Map(),
    nonces: new Map(),
    requests: [],
    violations: [],
    faults: new Set(),
    buckets: new Map(),
    oldEdits: new Map(),
    addressEpoch: 0,
    fileTroubles: new Set(),
    fileRequests: [],
    sessions: new Map(),
    gateway: { log: [], refusing: false, withholdingAcks: false, identifies: 0 },
    watchers: new Set(),
  };
}

/** Tells those who wait that something happened. */
export function noteChange(world: World): void {
  for (const look of world.watchers) look();
}

/** Waits until `look` finds something, and says what was waited for when it does not. */
export async function until<Found>(
  world: World,
  look: () => Found | undefined | false,
  { seconds = 40, what = "something to happen" } = {},
): Promise<Found> {
  const { promise, resolve, reject } = Promise.withResolvers<Found>();
  const tryIt = (): void => {
    try {
      const found = look();
      if (found !== undefined && found !== false) resolve(found);
    } catch (error) {
      reject(error);
    }
  };
  const tick = setInterval(tryIt, 20);
  const timeout = setTimeout(() => {
    reject(new Error(`waited ${seconds} s in vain for ${what}`));
  }, seconds * 1000);
  world.watchers.add(tryIt);
  tryIt();
  try {
    return await promise;
  } finally {
    clearInterval(tick);
    clearTimeout(timeout);
    world.watchers.delete(tryIt);
  }
}
