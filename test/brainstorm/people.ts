import { randomUUID } from "node:crypto";
import { beginSession } from "../../src/brainstorm/begin.ts";
import type { AskedSession } from "../../src/brainstorm/begin.ts";
import type { BoardVerb } from "../../src/brainstorm/board.ts";
import { doBoardPress } from "../../src/brainstorm/press-board.ts";
import type { BoardPress } from "../../src/brainstorm/press-board.ts";
import { changeSession, readSession, roundOf } from "../../src/brainstorm/session.ts";
import type { Idea, Session } from "../../src/brainstorm/session.ts";
import type { Asker } from "../../src/request/request.ts";
import { spoken } from "../words/spoken.ts";
import type { Core } from "../src/core-world.ts";

/** Somebody in the channel where the sessions of these tests stand, unless said. */
export function person(name: string, where: Partial<Asker> = {}): Asker {
  return { platform: "discord", workspace: "guild", channel: "bakery", user: name.toLowerCase(), name, ...where };
}

export const mia = person("Mia");
export const tom = person("Tom");

export async function begun(core: Core, asked: Partial<AskedSession> = {}): Promise<Session> {
  const beginning = await beginSession(
    {
      topic: "a logo for our bakery",
      options: {},
      by: mia,
      address: { platform: "discord", message: "1" },
      event: randomUUID(),
      ...asked,
    },
    core.settings,
    core.azure,
  );
  if (!("began" in beginning)) throw new Error(`not begun: ${JSON.stringify(beginning)}`);
  return beginning.began;
}

/** A press by somebody on the newest round, and what they read. */
export async function pressed(
  core: Core,
  session: string,
  does: BoardVerb,
  press: Partial<BoardPress> = {},
): Promise<{ word?: string; isRefused?: true; form?: { fields: { id: string }[]; explanation?: string } }> {
  const at = new Date().toISOString();
  const round = press.round ?? roundOf(await recordOf(core, session)).number;
  const whole = { does, session, round, by: tom, isModerator: false, at, event: randomUUID(), ...press };
  return spoken(await doBoardPress(whole, core.settings, core.azure));
}

export async function recordOf(core: Core, id: string): Promise<Session> {
  const file = await readSession(id, core.azure);
  if (!file) throw new Error("there is no such session");
  return file.session;
}

export function drawnIdea(number: number, words = `idea ${number}`, by: Asker[] = [tom]): Idea {
  return {
    number,
    by,
    words,
    prompt: words,
    state: "drawn",
    from: [],
    picture: {
      ref: `session-job-${number}.1`,
      name: `${number}.png`,
      preview: `${number}-preview.jpg`,
      mediaType: "image/png",
      width: 1536,
      height: 1024,
      bytes: 1000,
    },
  };
}

/** A session whose last round has so many drawn ideas and is at its votes. */
export async function atVotes(core: Core, asked: Partial<AskedSession> = {}, count = 6): Promise<Session> {
  const { id } = await begun(core, asked);
  const session = await changeSession(
    id,
    (session) => {
      Object.assign(roundOf(session), {
        stage: "voting",
        votesUntil: new Date(Date.now() + 600_000).toISOString(),
        ideas: Array.from({ length: count }, (_, index) => drawnIdea(index + 1)),
      });
    },
    core.azure,
  );
  if (!session) throw new Error("no session");
  return session;
}

export async function putStage(core: Core, id: string, change: Partial<Session["rounds"][number]>): Promise<void> {
  await changeSession(id, (session) => void Object.assign(roundOf(session), change), core.azure);
}
