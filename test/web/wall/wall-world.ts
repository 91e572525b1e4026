import { randomUUID } from "node:crypto";
import { checkPicture } from "../../../src/pixels/check-picture.ts";
import { createJob, newJob } from "../../../src/jobs/job.ts";
import type { Job } from "../../../src/jobs/job.ts";
import { changeKept, wallOf, wallPageOf } from "../../../src/jobs/wall.ts";
import { makeApp, startHttp } from "../../../src/web/http.ts";
import { wallRoutes } from "../../../src/web/wall/routes.ts";
import { keepPicture } from "../../../src/work/keep-picture.ts";
import { paint } from "../../fakes/scripted-images.ts";
import { openCore } from "../../src/core-world.ts";
import type { Core } from "../../src/core-world.ts";

/** The page of a wall on a real port, with real storage. */
export type WallWorld = {
  core: Core;
  origin: string;
  /** A picture that is really there, kept by these people on a wall of the test's own. */
  hang(channel: string, words: string, keepers: string[], how?: { at?: Date; isPrivate?: boolean }): Promise<Job>;
  pageOf(channel: string): Promise<string>;
  stop(): Promise<void>;
};

export async function openWallWorld(connectionString: string): Promise<WallWorld> {
  const core = await openCore(connectionString, "https://example.org", { OPERATOR_NAME: "The harbour office" });
  const { settings, azure } = core;
  const app = makeApp(azure, () => Promise.resolve([]), wallRoutes(settings, azure), settings);
  const http = await startHttp({ port: 0, host: "127.0.0.1", times: azure.times }, app);
  const origin = `http://127.0.0.1:${http.port}`;
  const person = (channel: string, name: string) => ({ platform: "test", channel, user: name, name });
  let painted = 0;
  return {
    core,
    origin,
    async hang(channel, words, keepers, { at, isPrivate = false } = {}) {
      const order = {
        model: "gpt-image-2",
        deployment: "d",
        prompt: words,
        size: "1024x1024",
        quality: "low",
      } as const;
      const request = { ...core.request(), prompt: words, askedBy: person(channel, "Ada"), private: isPrivate };
      const job = newJob(request, { ...order, count: 1 }, 0, at);
      const [picture] = job.pictures;
      painted += 1;
      const bytes = await paint(painted % 2 ? 1024 : 1536, 1024, `hsl(${(painted * 47) % 360}, 45%, 45%)`);
      const checked = await checkPicture(bytes);
      if (!picture || !checked) throw new Error("no picture");
      Object.assign(picture, { state: "kept", kept: await keepPicture(picture.id, { ...checked, bytes }, azure) });
      await createJob(job, azure);
      const member = { ref: { job: job.id, place: 1 }, job };
      for (const name of keepers) await changeKept(member, { by: person(channel, name), event: randomUUID() }, azure);
      return job;
    },
    pageOf: async (channel) => `${origin}/walls/${await wallPageOf(wallOf(person(channel, "")), azure)}`,
    stop: () => http.stop(),
  };
}
