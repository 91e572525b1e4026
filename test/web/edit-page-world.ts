import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import sharp from "sharp";
import { startImagesApi } from "../../local/images-api/images-api.ts";
import type { ImagesApi } from "../../local/images-api/images-api.ts";
import { bringPicture } from "../../src/storage/input-blobs.ts";
import type { Delivery } from "../../src/replies/delivery.ts";
import { editLink, saveDraft } from "../../src/jobs/drafts.ts";
import type { Draft } from "../../src/jobs/drafts.ts";
import { putRow } from "../../src/storage/table.ts";
import { editPageRoutes } from "../../src/web/edit-page/routes.ts";
import { makeApp, startHttp } from "../../src/web/http.ts";
import type { ChatReply, SpokenReply } from "../../src/replies/reply.ts";
import type { Address } from "../../src/request/request.ts";
import { openCore, until } from "../src/core-world.ts";
import type { Core } from "../src/core-world.ts";

/** The edit page on a real port, with real storage and an Images API behind it, and a chat that writes down what it is sent. */
export type EditWorld = {
  core: Core;
  images: ImagesApi;
  origin: string;
  /** What the page itself has put into the chat: each a message of its own. */
  waiting: { address: Address; reply: ChatReply }[];
  /** What the chat makes of the page's next message, which is the `number`th. */
  deliver: (address: Address, number: number) => Delivery | Promise<Delivery>;
  begin(change?: Partial<Draft> & { picture?: Buffer }): Promise<{ draft: Draft; link: string }>;
  /** As if it were found again at another time, or changed. */
  rewrite(draft: Draft, change: Partial<Draft>): Promise<void>;
  /** The answer in the `number`th message. */
  answer(number: number): Promise<SpokenReply>;
  leave(): Promise<void>;
  comeBack(): Promise<void>;
  stop(): Promise<void>;
};

export async function openEditWorld(connectionString: string, publicUrl?: string): Promise<EditWorld> {
  const images = await startImagesApi({ plainly: true, latency: 0 });
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const core = await openCore(connectionString, images.url, { PUBLIC_URL: publicUrl ?? origin });
  const { settings, azure } = core;
  const send = async (address: Address, reply: ChatReply): Promise<Delivery> => {
    world.waiting.push({ address, reply });
    return world.deliver(address, world.waiting.length);
  };
  const routes = editPageRoutes(settings, azure, { test: send });
  const listen = () =>
    startHttp(
      { port, host: "127.0.0.1", times: azure.times },
      makeApp(azure, () => Promise.resolve([]), routes),
    );
  let http: Awaited<ReturnType<typeof startHttp>> | undefined = await listen();
  const world: EditWorld = {
    core,
    images,
    origin,
    waiting: [],
    deliver: (address, number) => ({ delivered: true, address: { ...address, message: number } }),
    async begin({ picture, ...change } = {}) {
      const brought = await bringPicture(picture ?? (await meadow(800, 600)), azure);
      if ("fault" in brought) throw new Error(brought.fault.fault);
      const { name, width, height } = brought;
      const begun = {
        source: { from: "input", name } as const,
        blob: `inputs/${name}`,
        width,
        height,
        options: { model: "gpt-image-2", quality: "low" },
        private: false,
        askedBy: { platform: "test", channel: "1", user: "2", name: "Ada" },
        address: { platform: "test" },
        ...change,
      };
      const draft = await saveDraft(begun, azure);
      return { draft, link: editLink(draft, settings) ?? "" };
    },
    async rewrite(draft, change) {
      const values = { draft: JSON.stringify({ ...draft, ...change }) };
      await putRow({ partition: "drafts", name: draft.id, values }, azure);
    },
    answer: (number) =>
      until(
        () => core.chat.find(({ address, reply }) => address.message === number && reply.mood !== "waiting")?.reply,
      ),
    async leave() {
      await http?.stop();
      http = undefined;
    },
    async comeBack() {
      http = await listen();
    },
    async stop() {
      await http?.stop();
      await core.stop();
      await images.stop();
    },
  };
  return world;
}

/** Sky, sun and grass: something to look at in a screenshot. */
export async function meadow(width: number, height: number): Promise<Buffer> {
  const drawing = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 800 600" preserveAspectRatio="none">
    <defs>
      <linearGradient id="sky" x2="0" y2="1"><stop stop-color="#8ec5ef"/><stop offset="1" stop-color="#fbe9c8"/></linearGradient>
      <linearGradient id="grass" x2="0" y2="1"><stop stop-color="#7fae54"/><stop offset="1" stop-color="#3f6f3a"/></linearGradient>
    </defs>
    <rect width="800" height="600" fill="url(#sky)"/><circle cx="620" cy="140" r="58" fill="#ffd75e"/>
    <path d="M0 420q200-90 400-10t400-30v220H0z" fill="url(#grass)"/>
    <path d="M170 430V300l90-70 90 70v130z" fill="#f4ede4"/><path d="M150 310l110-90 110 90z" fill="#b8452f"/>
    <path d="M235 430v-70h50v70z" fill="#6b4a36"/>
  </svg>`;
  return sharp(Buffer.from(drawing)).png().toBuffer();
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
