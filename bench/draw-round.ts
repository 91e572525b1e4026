/**
 * A round of six drafts, from *Draw now* to the board with all of them; or, bare, the same calls to the image service and no more.
 * Says, as JSON in milliseconds, what the round took, and how long the last picture was kept before the board showed it.
 */
import { randomUUID } from "node:crypto";
import { DefaultAzureCredential } from "@azure/identity";
import OpenAI from "openai";
import { beginSession } from "../src/brainstorm/begin.ts";
import type { Board } from "../src/brainstorm/board.ts";
import { startSessions } from "../src/brainstorm/drive.ts";
import { doBoardPress } from "../src/brainstorm/press-board.ts";
import { sessionSender } from "../src/brainstorm/session-sender.ts";
import { log } from "../src/log.ts";
import type { Send } from "../src/replies/delivery.ts";
import { readSettings } from "../src/settings.ts";
import { connectAzure, prepareStorage } from "../src/storage/azure.ts";
import { startWorker } from "../src/work/worker.ts";

const { MODE, ROUNDS } = process.env;
const IDEAS = 6;
log.level = "silent";
const settings = readSettings(process.env, []);
const azure = connectAzure(settings);
await prepareStorage(azure, AbortSignal.timeout(60_000));

const credential = new DefaultAzureCredential();
const openai = new OpenAI({
  baseURL: `${process.env.AZURE_OPENAI_ENDPOINT}/openai/v1`,
  apiKey: async () => (await credential.getToken("https://ai.azure.com/.default")).token,
  maxRetries: 0,
});
const by = { platform: "bench", channel: randomUUID(), user: "Mia", name: "Mia" };
let lastKeptAt = 0;
let heard: (board: Board) => void = () => {};
const tellSession = sessionSender(settings, azure);
const session: Send = (address, reply, how) => {
  if (reply.role === "answer") lastKeptAt = performance.now();
  return tellSession(address, reply, how);
};
const boards = {
  bench: {
    show: (_address: unknown, board: Board) => {
      heard(board);
      return Promise.resolve({ delivered: true as const });
    },
    post: () => Promise.resolve({ delivered: true as const }),
    change: () => Promise.resolve({ delivered: true as const }),
  },
};

const rounds: number[] = [];
const waits: number[] = [];
const draw = MODE === "bare" ? drawBare : startDrawing();
for (let round = 0; round < Number(ROUNDS); round += 1) await draw();
console.log(JSON.stringify({ rounds, waits }));
process.exit();

function startDrawing(): () => Promise<void> {
  startWorker(settings, azure, { session });
  startSessions({ settings, azure, boards });
  return async () => {
    const asked = { topic: "a logo", options: {}, by, address: { platform: "bench" }, event: randomUUID() };
    const beginning = await beginSession(asked, settings, azure);
    if (!("began" in beginning)) throw new Error("no session began");
    const { id } = beginning.began;
    const shown = new Promise<void>((resolve) => {
      heard = (board) => {
        if (board.session === id && board.vote) resolve();
      };
    });
    const began = performance.now();
    const press = { does: "draw" as const, session: id, round: 1, values: {}, by, isModerator: false };
    await doBoardPress({ ...press, at: new Date().toISOString(), event: randomUUID() }, settings, azure);
    await shown;
    rounds.push(performance.now() - began);
    waits.push(performance.now() - lastKeptAt);
  };
}

/** As many at once as Easel's worker draws. */
async function drawBare(): Promise<void> {
  const [{ deployment: model }] = settings.models;
  const began = performance.now();
  const numbers = Array.from({ length: IDEAS }, (_, index) => index).values();
  const drawInTurn = async () => {
    for (const number of numbers)
      await openai.images.generate({ model, prompt: `a logo, ${number}`, size: "1536x1024", quality: "low" });
  };
  await Promise.all(Array.from({ length: settings.concurrency }, drawInTurn));
  rounds.push(performance.now() - began);
}
