import { describe, expect, it } from "vitest";
import { finalReply } from "../../src/replies/compose-reply.ts";
import { onePictureReply } from "../../src/replies/picture-reply.ts";
import { speaksOfSelfHarm } from "../../src/words/self-harm.ts";
import { newJob } from "../../src/jobs/job.ts";
import type { Job, JobPicture } from "../../src/jobs/job.ts";
import { readSettings } from "../../src/settings.ts";
import { spoken } from "../words/spoken.ts";

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
  const reply = spoken(finalReply(jobWith(deleted, refused, { state: "cancelled" }), settings));
  expect(reply).toMatchObject({ paragraphs: ["Mia has deleted this picture."], forAskerOnly: false, actions: [] });
});

it("a cancelled job is free only where no call was made", () => {
  const told = (...pictures: Partial<JobPicture>[]) =>
    spoken(finalReply(jobWith(...pictures), settings)).paragraphs.join(" ");
  expect(told({ state: "cancelled" }, { state: "cancelled" })).toContain("costs nothing");
  for (const other of [refused, { state: "cancelled", callCancelled: true } as const]) {
    const words = told({ state: "cancelled" }, other);
    expect(words).not.toContain("costs nothing");
    expect(words).toContain("was left undrawn");
  }
  expect(told({ state: "cancelled" }, { state: "cancelled", callCancelled: true })).toContain("may charge for it");
});

it("what is drawn of a brainstorm is not said to be anybody's own words", () => {
  const job = jobWith({
    state: "kept",
    kept: { name: "a.png", mediaType: "image/png", width: 3, height: 2, bytes: 9 },
  });
  const brainstorm = { session: "0".repeat(32), round: 1, idea: 1 };
  const labelsOf = (one: Job) => spoken(onePictureReply(one, 1, settings)).quotes.map(({ label }) => label);
  expect(labelsOf(job)).toEqual(["Your words"]);
  expect(labelsOf({ ...job, request: { ...job.request, brainstorm } })).toEqual(["Drawn from"]);
});

it("who has no name is somebody", () => {
  const nameless = { state: "deleted", deletedBy: { name: "", at: "2026-11-24T00:00:00.000Z" } } as const;
  const job = { ...jobWith({ state: "cancelled" }), cancelledBy: { name: "", isAsker: false } };
  expect(spoken(finalReply(jobWith(nameless), settings)).paragraphs).toEqual(["Somebody has deleted this picture."]);
  expect(spoken(finalReply(job, settings)).paragraphs[0]).toBe("Somebody has cancelled this.");
});

describe("a refusal over harming oneself", () => {
  const told = (because: string, prompt: string, helpLine?: string) => {
    const job = jobWith({ state: "refused", refusal: { because, stage: "prompt" } } as Partial<JobPicture>);
    const reply = finalReply({ ...job, request: { ...job.request, prompt } }, { ...settings, helpLine });
    return spoken(reply).paragraphs.join(" ");
  };

  it.each([
    ["self-harm", "a sad clown"],
    ["violence", "a girl who wants to kill herself"],
    ["unknown", "jemand, der sich umbringt"],
  ])("%s, %s: points to help, and does not say that filters err", (because, prompt) => {
    const text = told(because, prompt);
    expect(text).toContain("talk to somebody you trust");
    expect(text).toContain("findahelpline.com");
    expect(text).not.toMatch(/sometimes wrong|wounds or weapons/);
    expect(told(because, prompt, "Call 116 123.")).toMatch(/Call 116 123\.$/);
  });

  it.each([
    ["violence", "a knight killing time before the battle"],
    ["sexual", "somebody who wants to die"],
  ])("%s, %s: is a refusal as any other", (because, prompt) => {
    expect(told(because, prompt)).toContain("Filters are careful and sometimes wrong");
    expect(told(because, prompt)).not.toContain("findahelpline");
  });
});

describe("words that speak of harming oneself", () => {
  it.each([
    "I want to kill myself",
    "a man hanging himself",
    "how I will end my life",
    "SELF-HARM scars",
    "she cuts her wrists",
    "a suicide note",
    "he wants to die",
    "I don’t want to live any more",
    "Selbstmord im Wald",
    "wie ich mich umbringe",
    "er bringt sich um",
    "ich will nicht mehr leben",
    "ich ritze mich",
    "eine Frau, die sich das Leben nimmt",
    "je veux mourir",
    "me suicider",
    "il veut se pendre",
    "mettre fin à ses jours",
    "quiero morir",
    "quiero matarme",
    "una chica que quiere suicidarse",
    "cortarme las venas",
  ])("%s", (words) => expect(speaksOfSelfHarm(words)).toBe(true));

  it.each([
    "killing time",
    "a cat killing a mouse",
    "the Suicide Squad in the rain",
    "Zeit totschlagen",
    "ein Ritter tötet den Drachen",
    "tuer le temps",
    "se tuer au travail",
    "matar el tiempo",
    "a dying rose",
    "a self-portrait with a knife",
    "he cut a slice of bread for himself",
    "a hurt dog",
    "ein Bild, das sich lohnt",
    "the end of my lifeline",
    "",
  ])("not: %s", (words) => expect(speaksOfSelfHarm(words)).toBe(false));

  it("does not go astray on long words", () => {
    const startedAt = performance.now();
    for (const piece of ["my ", "self ", "sich ", "want to ", "suicid", "é"]) speaksOfSelfHarm(piece.repeat(10_000));
    expect(performance.now() - startedAt).toBeLessThan(10_000);
  });
});
