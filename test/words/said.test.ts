import { describe, expect, it } from "vitest";
import { newJob } from "../../src/jobs/job.ts";
import type { Job, JobPicture } from "../../src/jobs/job.ts";
import { declinedReply, finalReply, waitingReply } from "../../src/replies/compose-reply.ts";
import { helpReply } from "../../src/replies/help-reply.ts";
import type { ChatReply } from "../../src/replies/reply.ts";
import { checkRequest } from "../../src/request/check.ts";
import { readSettings } from "../../src/settings.ts";
import { english } from "../../src/words/english.ts";
import { speak, speakAll } from "../../src/words/said.ts";
import type { Sentences } from "../../src/words/said.ts";
import { changeNames, failed, family, joined, labels, together, waiting } from "../../src/words/sentences.ts";

const settings = readSettings({ IMAGE_MODELS: "gpt-image-2,dall-e-3" }, []);

/** Another language with the same grammar. */
const bracketed = Object.fromEntries(
  Object.entries(english).map(([group, entries]) => [
    group,
    Object.fromEntries(Object.entries(entries).map(([name, entry]) => [name, inBrackets(entry)])),
  ]),
) as unknown as Sentences;

function inBrackets(entry: unknown) {
  return typeof entry === "function" ? (values: unknown) => `⟦${entry(values)}⟧` : `⟦${String(entry)}⟧`;
}

describe("a said value", () => {
  it("is plain JSON, and says which sentence it is", () => {
    const said = waiting.placeInLine({ before: 3 });
    expect(JSON.parse(JSON.stringify(said))).toEqual({ say: "waiting.placeInLine", with: { before: 3 } });
    expect([waiting.below, waiting.below]).toEqual([{ say: "waiting.below" }, { say: "waiting.below" }]);
  });

  it("is spoken with what stands in it", () => {
    const line = family.changed({ number: 2, change: changeNames.again, words: "a red fox" });
    expect(speak(line, english)).toBe("2. again: a red fox");
    expect(speak(line, bracketed)).toBe("⟦2. ⟦again⟧: a red fox⟧");
    const both = together([failed.gonePicture, undefined, waiting.below]);
    expect(speak(both, english)).toBe("I no longer have that picture. It stands below.");
    expect(together([waiting.below])).toEqual(waiting.below);
  });

  it("is spoken wherever it stands, and people's own words stay", () => {
    const value = { do: "say", of: [{ label: labels.yourWords, words: "say cheese" }, { say: waiting.below }], at: 3 };
    expect(speakAll(value, english)).toEqual({
      do: "say",
      of: [{ label: "Your words", words: "say cheese" }, { say: "It stands below." }],
      at: 3,
    });
  });

  it("does not compile with a wrong name or value", () => {
    // @ts-expect-error
    expect(failed.nothingOfTheKind).toBeUndefined();
    // @ts-expect-error
    waiting.placeInLine({ after: 3 });
    // @ts-expect-error
    joined.pair({ name: labels.size, value: 3 });
    // @ts-expect-error
    const text: string = waiting.below;
    expect(text).toEqual({ say: "waiting.below" });
  });
});

describe("in another language", () => {
  const request = (options: Record<string, string> = {}) => ({
    id: "test-1",
    prompt: "a lighthouse",
    options,
    unknownOptions: Object.keys(options).length ? ["stile"] : [],
    private: true,
    askedBy: { platform: "test", channel: "1", user: "2", name: "Ada" },
    address: { platform: "test" },
  });
  const order = {
    model: "gpt-image-2",
    deployment: "x",
    prompt: "a lighthouse",
    size: "1024x1024",
    quality: "low",
  } as const;
  const jobWith = (...pictures: Partial<JobPicture>[]): Job => {
    const job = newJob(request(), { ...order, count: pictures.length });
    return { ...job, pictures: job.pictures.map((picture, index) => ({ ...picture, ...pictures[index] })) };
  };
  const wrong = request({ size: "512x512", quality: "best", style: "vivid", count: "9", model: "dall-e-9" });
  const checked = checkRequest(wrong, settings);
  const refused = { state: "refused", refusal: { because: "violence", stage: "picture" } } as const;
  const closed = { state: "failed", failure: "suspended", openAgainAt: "2026-11-29T10:00:00.000Z" } as const;
  const named = { state: "failed", failure: "bad request", refusedOption: "size" } as const;

  it.each<[string, ChatReply]>([
    ["a waiting message", waitingReply(jobWith({}, {}), { before: 2, seconds: 40 })],
    ["a help", helpReply("imagine", settings, true)],
    [
      "what is wrong with a request",
      declinedReply(newJob(wrong, undefined), "faults" in checked ? checked.faults : []),
    ],
    ["a refusal", finalReply(jobWith(refused), settings)],
    ["failures", finalReply(jobWith(closed, named), settings)],
    [
      "a cancellation",
      finalReply({ ...jobWith({ state: "cancelled" }), cancelledBy: { name: "", isAsker: false } }, settings),
    ],
  ])("%s is all in that language", (_, reply) => {
    const { title, paragraphs, quotes, facts, actions } = speakAll(reply, bracketed);
    const texts = [title, ...paragraphs, ...quotes.map(({ label }) => label), ...actions.map(({ label }) => label)];
    expect(paragraphs.length).toBeGreaterThan(0);
    for (const text of [...texts, ...facts.map(({ name }) => name)]) expect(text).toMatch(/^⟦.*⟧$/);
  });
});
