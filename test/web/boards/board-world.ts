import { randomBytes, randomUUID } from "node:crypto";
import sharp from "sharp";
import { createSession, newSessionId } from "../../../src/brainstorm/session.ts";
import type { Idea, Round, Session } from "../../../src/brainstorm/session.ts";
import { checkPicture } from "../../../src/pixels/check-picture.ts";
import { readSettings } from "../../../src/settings.ts";
import type { Settings } from "../../../src/settings.ts";
import { connectAzure, prepareStorage } from "../../../src/storage/azure.ts";
import type { Azure } from "../../../src/storage/azure.ts";
import { boardRoutes } from "../../../src/web/boards/routes.ts";
import { makeApp, startHttp } from "../../../src/web/http.ts";
import { keepPicture } from "../../../src/work/keep-picture.ts";
import { tenth } from "../../times.ts";
import { TIMES } from "../../../src/times.ts";

/** The page of a brainstorm on a real port, with real storage. */
export type BoardWorld = {
  settings: Settings;
  azure: Azure;
  origin: string;
  /** Writes a session, and says its page's address. */
  begin(change?: Partial<Session>): Promise<{ session: Session; page: string }>;
  /** An idea with a picture that is really there. */
  draw(number: number, change?: Partial<Idea>): Promise<Idea>;
  /** The process stops, and another one listens in its place. */
  away(): Promise<void>;
  back(): Promise<void>;
  stop(): Promise<void>;
};

export const ada = { platform: "discord", workspace: "1", channel: "2", user: "3", name: "Ada" };
export const ben = { platform: "teams", workspace: "t", channel: "c", user: "4", name: "Ben" };

export async function openBoardWorld(connectionString: string, times = tenth(TIMES)): Promise<BoardWorld> {
  const read = readSettings(
    { AZURE_STORAGE_CONNECTION_STRING: connectionString, AZURE_STORAGE_CONTAINER: `t${randomUUID()}` },
    [],
  );
  const settings = { ...read, times };
  const azure = connectAzure(settings);
  await prepareStorage(azure, AbortSignal.timeout(10_000));
  let stopping = new AbortController();
  const listen = (port: number) => {
    stopping = new AbortController();
    const app = makeApp(azure, () => Promise.resolve([]), boardRoutes(settings, azure, stopping.signal));
    return startHttp({ port, host: "127.0.0.1", times }, app);
  };
  let http = await listen(0);
  const origin = `http://127.0.0.1:${http.port}`;
  const away = async () => {
    stopping.abort();
    await http.stop();
  };
  return {
    settings,
    azure,
    origin,
    async begin(change) {
      const session = { ...sessionOf(change), id: newSessionId() };
      await createSession(session, azure);
      return { session, page: `${origin}/boards/${session.id}` };
    },
    async draw(number, change) {
      const name = randomBytes(20).toString("hex");
      const bytes = await scene(number);
      const checked = await checkPicture(bytes);
      if (!checked) throw new Error("no picture");
      await keepPicture(name, { ...checked, bytes }, azure);
      const picture = {
        ref: `session-${name.slice(0, 8)}.1`,
        name: `${name}.png`,
        preview: `${name}-preview.jpg`,
        mediaType: "image/png",
        width: 1536,
        height: 1024,
        bytes: bytes.length,
      };
      return idea(number, { state: "drawn", picture, ...change });
    },
    away,
    async back() {
      http = await listen(http.port);
    },
    stop: away,
  };
}

export function sessionOf(change: Partial<Session> = {}): Session {
  return {
    version: 1,
    id: newSessionId(),
    write: randomBytes(8).toString("hex"),
    beganAt: "2026-11-30T09:00:00.000Z",
    begunBy: ada,
    topic: "A sign for the bakery in the old harbour",
    options: { ideas: 6, minutes: 10, votes: 3, results: "hidden", others: true },
    boards: [{ platform: "discord", workspace: "1", channel: "2", address: { platform: "discord" }, by: ada }],
    rounds: [round(1)],
    ...change,
  };
}

export function round(number: number, change: Partial<Round> = {}): Round {
  return {
    number,
    kind: "first",
    begunBy: ada,
    begunAt: "2026-11-30T09:00:00.000Z",
    stage: "gathering",
    gatherUntil: new Date(Date.now() + 3_600_000).toISOString(),
    places: 6,
    ideas: [],
    ...change,
  };
}

export function idea(number: number, change: Partial<Idea> = {}): Idea {
  const words = `idea ${number}: ${["a loaf that is a boat", "waves of dough", "a gull with a pretzel"][number % 3]}`;
  return { number, by: [number % 2 ? ada : ben], words, prompt: words, state: "open", from: [], ...change };
}

/** Sea, sky and something in the middle, of another colour for each. */
async function scene(number: number): Promise<Buffer> {
  const hue = (number * 67) % 360;
  const drawing = `<svg xmlns="http://www.w3.org/2000/svg" width="1536" height="1024">
    <defs><linearGradient id="sky" x2="0" y2="1"><stop stop-color="hsl(${hue},60%,72%)"/><stop offset="1" stop-color="#fbe9c8"/></linearGradient></defs>
    <rect width="1536" height="1024" fill="url(#sky)"/><path d="M0 700q384-90 768-10t768-30v364H0z" fill="hsl(${hue + 180},45%,35%)"/>
    <circle cx="768" cy="520" r="${150 + number * 12}" fill="hsl(${hue + 40},70%,55%)"/>
  </svg>`;
  return sharp(Buffer.from(drawing)).png().toBuffer();
}

/** A session that went all the way: ideas and votes, a round from the winners, the winner finished. */
export async function wholeSession(world: BoardWorld, change: Partial<Session> = {}): Promise<Session> {
  const first = await Promise.all([1, 2, 3, 4].map((number) => world.draw(number)));
  first.push(idea(5, { state: "refused" }), idea(6, { state: "failed", by: [], lens: "linocut" }));
  const from = [refOf(first[1])];
  const second = await Promise.all([7, 8].map((number, place) => world.draw(number, { number: place + 1, from })));
  const third = [await world.draw(9, { number: 1, from: [refOf(second[0])], words: "the loaf boat, finished" })];
  const closed = { stage: "closed", closedAt: "2026-11-30T09:20:00.000Z" } as const;
  const counted = {};
  return sessionOf({
    boards: [ada, ben].map(({ platform, workspace, channel }) => ({
      platform,
      workspace,
      channel,
      address: { platform },
      by: ada,
    })),
    rounds: [
      round(1, {
        ...closed,
        ideas: first,
        toldDollars: 0.05,
        spentDollars: 0.034,
        result: { votes: { 1: 2, 2: 5, 3: 1 }, voters: 4, counted, winners: [2] },
      }),
      round(2, {
        ...closed,
        kind: "next",
        begunBy: ben,
        closedBy: ada,
        places: 2,
        ideas: second,
        result: { votes: { 1: 3, 2: 1 }, voters: 4, counted, winners: [1] },
      }),
      round(3, {
        ...closed,
        kind: "finish",
        places: 1,
        ideas: third,
        toldDollars: 0.2,
        spentDollars: 0.165,
        result: { votes: {}, voters: 0, counted, winners: [1] },
      }),
    ],
    endedAt: "2026-11-30T10:00:00.000Z",
    endedBy: ada,
    ...change,
  });
}

function refOf(drawn?: Idea) {
  const [job = "", place] = drawn?.picture?.ref.split(".") ?? [];
  return { job, place: Number(place) };
}
