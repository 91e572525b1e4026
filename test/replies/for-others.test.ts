import { describe, expect, it } from "vitest";
import { privateWordReply, sorryReply } from "../../src/replies/compose-reply.ts";
import { forOthers } from "../../src/replies/for-others.ts";
import type { ChatReply } from "../../src/replies/reply.ts";
import { spoken } from "../words/spoken.ts";
import { failed, filterSaw, labels, origins, refused } from "../../src/words/sentences.ts";

const picture = { name: "a.png", mediaType: "image/png", width: 1, height: 1, bytes: 1, altText: "two knights" };
const revise = { do: "revise", label: labels.revise, job: "test-1", words: "two knights" } as const;
const bare = { ...privateWordReply(filterSaw.violence), title: refused.title, reference: "R-1" };
const quotes = [{ label: labels.yourWords, words: "two knights" }];

describe("of a reply for one person alone, all others read", () => {
  it.each([
    ["that no picture came, of a refusal", { role: "answer", actions: [revise] }, "Whoever asked can change the words"],
    ["the same where the words stand in it", { role: "answer", quotes }, "Whoever asked can change the words"],
    ["that it can be asked for again, of an apology", { role: "answer" }, "Please ask again in a minute"],
    ["where it can be seen, of a list", { role: "word", actions: [revise], pictures: [picture] }, "In a chat with me"],
    ["the same of a list whose sheet could not be drawn", { role: "word", actions: [revise] }, "In a chat with me"],
  ] satisfies [string, Partial<ChatReply>, string][])("%s", (_, changes, said) => {
    const open = forOthers({ ...bare, ...changes });
    expect(spoken(open)?.paragraphs.join()).toContain(said);
    expect(open).toMatchObject({ reference: "R-1", actions: [], forAskerOnly: false });
    expect(JSON.stringify(spoken(open))).not.toMatch(/knights|violence|revise your words/);
  });

  it("nothing of what it came from", () => {
    const open = forOthers({ ...bare, role: "answer", quotes, origin: origins.edit({ words: "two knights" }) });
    expect(JSON.stringify(spoken(open))).not.toContain("knights");
  });

  it("a sentence that holds nobody's words, as it stands", () => {
    expect(forOthers(bare)).toEqual({ ...bare, forAskerOnly: false });
  });

  it("nothing of a picture, or of one on its way", () => {
    expect(forOthers({ ...bare, role: "answer", pictures: [picture] })).toBeUndefined();
    expect(forOthers({ ...bare, role: "progress", pictures: [picture] })).toBeUndefined();
  });

  it("no sentence of storage's where a request was not taken", () => {
    expect(spoken(forOthers(sorryReply(failed.storage)))?.paragraphs.join()).not.toContain("storage");
  });
});
