import { afterAll, beforeAll, expect, it } from "vitest";
import { setImmediate as soon } from "node:timers/promises";
import { connectAzure, prepareStorage } from "../../src/storage/azure.ts";
import type { Azure } from "../../src/storage/azure.ts";
import { newJob } from "../../src/jobs/job.ts";
import type { Job } from "../../src/jobs/job.ts";
import { prepareInputs } from "../../src/work/prepare-inputs.ts";
import { readSettings } from "../../src/settings.ts";
import { startAzurite } from "../fakes/azurite.ts";
import type { Azurite } from "../fakes/azurite.ts";
import { paint } from "../fakes/scripted-images.ts";

let azurite: Azurite;
let azure: Azure;
beforeAll(async () => {
  azurite = await startAzurite();
  const container = `t${crypto.randomUUID()}`;
  const environment = {
    AZURE_STORAGE_CONNECTION_STRING: azurite.connectionString,
    AZURE_STORAGE_CONTAINER: container,
  };
  azure = connectAzure(readSettings(environment, []));
  await prepareStorage(azure, AbortSignal.timeout(10_000));
});
afterAll(() => azurite.stop());

it("fetches the pictures of an edit one after the other, in their order", async () => {
  const order = {
    model: "gpt-image-2",
    deployment: "x",
    prompt: "a hat",
    size: "1024x1024",
    quality: "low",
    count: 1,
  } as const;
  const sources = ["red", "lime", "blue"].map((url) => ({ from: "chat" as const, url }));
  const askedBy = { platform: "test", channel: "1", user: "2", name: "Ada" };
  const request = { id: "test-1", prompt: "a hat", options: {}, unknownOptions: [], private: false, sources };
  const job: Job = newJob({ ...request, askedBy, address: { platform: "test" } }, order);
  const never = new AbortController().signal;
  const held = { job, lost: never, change: async (mutate: (job: Job) => void) => mutate(job), release: async () => {} };

  const asked: string[] = [];
  let atOnce = 0;
  const fetchers = {
    test: async ({ url }: { url: string }) => {
      asked.push(url);
      atOnce += 1;
      const bytes = await paint(64, 64, url);
      for (let turn = 0; turn < 20; turn++) await soon();
      expect(atOnce).toBe(1);
      atOnce -= 1;
      return bytes;
    },
  };
  const inputs = await prepareInputs(held, { azure, fetchers, enough: never });
  expect(asked).toEqual(["red", "lime", "blue"]);
  expect(inputs?.pictures).toHaveLength(3);
});
