import { expect, it } from "vitest";
import { finalReply } from "../../src/compose-reply.ts";
import { newJob } from "../../src/job.ts";
import type { Job, JobPicture } from "../../src/job.ts";
import { readSettings } from "../../src/settings.ts";

const settings = readSettings({ IMAGE_MODELS: "gpt-image-2" }, []);

function jobWith(...pictures: Partial<JobPicture>[]): Job {
  const askedBy = { platform: "test", channel: "1", user: "2", name: "Ada" };
  const request = { id: "test-1", prompt: "a lighthouse", options: {}, unknownOptions: [], private: false };
  const order = {
    model: "gpt-image-2",
    deployment: "x",
    prompt: "a lighthouse",
    size: "1024x1024",
    quality: "low",
  } as const;
  const job = newJob({ ...request, askedBy, address: { platform: "test" } }, { ...order, count: pictures.length });
  return { ...job, pictures: job.pictures.map((picture, index) => ({ ...picture, ...pictures[index] })) };
}

const refused = { state: "refused", refusal: { because: "sexual", stage: "picture" } } as const;
const deleted = { state: "deleted", deletedBy: { name: "Mia", at: "2026-11-24T00:00:00.000Z" } } as const;

it("what is left when the last picture is deleted says that, and nothing of why others did not come", () => {
  const reply = finalReply(jobWith(deleted, refused, { state: "cancelled" }), settings);
  expect(reply).toMatchObject({ paragraphs: ["Mia has deleted this picture."], forAskerOnly: false, actions: [] });
});

it("a cancelled job is free only where no call was made", () => {
  const told = (...pictures: Partial<JobPicture>[]) => finalReply(jobWith(...pictures), settings).paragraphs.join(" ");
  expect(told({ state: "cancelled" }, { state: "cancelled" })).toContain("costs nothing");
  for (const other of [refused, { state: "cancelled", callCancelled: true } as const]) {
    const words = told({ state: "cancelled" }, other);
    expect(words).not.toContain("costs nothing");
    expect(words).toContain("was left undrawn");
  }
  expect(told({ state: "cancelled" }, { state: "cancelled", callCancelled: true })).toContain("may charge for it");
});
