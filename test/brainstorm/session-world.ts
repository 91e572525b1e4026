import { randomUUID } from "node:crypto";
import { beginSession } from "../../src/brainstorm/begin.ts";
import type { Board, Boards, BoardVerb } from "../../src/brainstorm/board.ts";
import { ringSession } from "../../src/brainstorm/clock.ts";
import { startSessions } from "../../src/brainstorm/drive.ts";
import type { Sessions } from "../../src/brainstorm/drive.ts";
import { doBoardPress } from "../../src/brainstorm/press-board.ts";
import type { BoardPress } from "../../src/brainstorm/press-board.ts";
import { sessionSender } from "../../src/brainstorm/session-sender.ts";
import { changeSession, readSession, roundOf } from "../../src/brainstorm/session.ts";
import type { Round, Session } from "../../src/brainstorm/session.ts";
import type { Delivery } from "../../src/replies/delivery.ts";
import type { ChatReply } from "../../src/replies/reply.ts";
import type { Address, Asker } from "../../src/request/request.ts";
import { connectAzure } from "../../src/storage/azure.ts";
import type { Azure } from "../../src/storage/azure.ts";
import { TIMES } from "../../src/times.ts";
import type { Times } from "../../src/times.ts";
import { startWorker } from "../../src/work/worker.ts";
import type { Worker } from "../../src/work/worker.ts";
import { openCore, until } from "../src/core-world.ts";
import type { Core } from "../src/core-world.ts";
import { failed } from "../../src/words/sentences.ts";
import { SHORT_HOLD, tenth } from "../times.ts";
import { spoken } from "../words/spoken.ts";

/** A chat that boards stand in, and what stood there. */
export type BoardChat = {
  boards: Boards;
  shown: { address: Address; board: Board; at: number; ended: number }[];
  posted: { address: Address; reply: ChatReply; once: string }[];
  changed: { address: Address; reply: ChatReply }[];
  /** What the chat makes of the next board. */
  deliver: (address: Address, board: Board) => Delivery | Promise<Delivery>;
};

export type Replica = { azure: Azure; worker: Worker; sessions: Sessions; stop(): Promise<void> };

export type SessionWorld = Core & {
  chat2: BoardChat;
  /** One process: on storage of its own way, with worker and clock. */
  replica(on?: Azure): Replica;
  begin(options?: Record<string, string>, on?: Azure): Promise<string>;
  session(id: string): Promise<Session>;
  /** Somebody presses on the board, on the newest round unless said; what they read. */
  press(id: string, does: BoardVerb, press?: Partial<BoardPress>, on?: Azure): Promise<string>;
  /** Changes the record behind everybody's back, and rings. */
  change(id: string, mutate: (session: Session) => false | void): Promise<void>;
  /** Its last round, as soon as that is at `stage`. */
  at(id: string, stage: Round["stage"], number?: number): Promise<Round>;
};

export const ada: Asker = { platform: "test", workspace: "w", channel: "1", user: "ada", name: "Ada" };

/** At a tenth of its times, and holds that a test can wait for. */
export function shortTimes(): Times {
  const times = tenth(TIMES);
  return {
    ...times,
    jobs: { ...times.jobs, ...SHORT_HOLD },
    brainstorm: {
      ...times.brainstorm,
      ...SHORT_HOLD,
      gatherMilliseconds: 300,
      // A busy machine needs as long for many votes at once.
      readLimitMilliseconds: TIMES.brainstorm.readLimitMilliseconds,
    },
  };
}

export async function openSessionWorld(
  connectionString: string,
  imagesOrigin: string,
  times = shortTimes(),
): Promise<SessionWorld> {
  const core = await openCore(connectionString, imagesOrigin, {}, times);
  const replicas: Replica[] = [];
  const chat2 = openBoardChat();
  const world: SessionWorld = {
    ...core,
    chat2,
    replica(azure = connectAzure(core.settings)) {
      const senders = { session: sessionSender(core.settings, azure) };
      const worker = startWorker(core.settings, azure, senders);
      const sessions = startSessions({ settings: core.settings, azure, boards: chat2.boards });
      const stop = async () => void (await Promise.all([worker.stop(), sessions.stop()]));
      const replica = { azure, worker, sessions, stop };
      replicas.push(replica);
      return replica;
    },
    async begin(options = {}, on = core.azure) {
      const event = randomUUID();
      const asked = { topic: "a logo for a bakery", options, unknownOptions: [], by: ada, event };
      // A busy machine gives up what it can be asked for once more.
      for (let tries = 1; ; tries += 1) {
        const begun = await beginSession({ ...asked, address: { platform: "test", message: null } }, core.settings, on);
        if ("began" in begun) return begun.began.id;
        if ("known" in begun) return begun.known.id;
        if (tries === 5) throw new Error(JSON.stringify(begun));
      }
    },
    async session(id) {
      const file = await readSession(id, core.azure);
      if (!file) throw new Error("no such session");
      return file.session;
    },
    async press(id, does, press = {}, on = core.azure) {
      const round = roundOf(await world.session(id)).number;
      const of = { session: id, round, by: ada, isModerator: false, at: new Date().toISOString(), event: randomUUID() };
      // A busy machine gives up what it can be asked for once more.
      for (let tries = 1; ; tries += 1) {
        const outcome = await doBoardPress({ does, values: {}, ...of, ...press }, core.settings, on);
        const word = "word" in outcome ? spoken(outcome.word) : "a form";
        if (tries === 5 || word !== spoken(failed.notNoted)) return word;
      }
    },
    async change(id, mutate) {
      await changeSession(id, mutate, core.azure);
      ringSession(id, core.azure);
    },
    at: (id, stage, number = 1) =>
      until(async () => {
        const round = roundOf(await world.session(id));
        return round.number === number && round.stage === stage && round;
      }),
    async stop() {
      await Promise.all(replicas.map((replica) => replica.stop()));
      await core.stop();
    },
  };
  return world;
}

function openBoardChat(): BoardChat {
  const chat: BoardChat = {
    shown: [],
    posted: [],
    changed: [],
    deliver: (address) => ({ delivered: true, address: { ...address, message: address.message ?? "1" } }),
    boards: {
      test: {
        async show(address, board) {
          const one = { address, board, at: Date.now(), ended: Infinity };
          chat.shown.push(one);
          const delivery = await chat.deliver(address, board);
          one.ended = Date.now();
          return delivery;
        },
        post(address, reply, once) {
          chat.posted.push({ address, reply, once });
          return Promise.resolve({ delivered: true, address: { ...address, message: "recap" } });
        },
        change(address, reply) {
          chat.changed.push({ address, reply });
          return Promise.resolve({ delivered: true });
        },
      },
    },
  };
  return chat;
}
