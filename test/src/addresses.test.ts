import { describe, expect, it } from "vitest";
import { readAzureEndpoint, readOpenAiBase, readPublicUrl } from "../../src/addresses.ts";
import type { Said } from "../../src/addresses.ts";

function read(reader: typeof readAzureEndpoint, text: string) {
  const said: Said = { faults: [], notes: [] };
  return { address: reader(text, said), ...said };
}

const gateway = "https://gw.contoso.example/team-a/openai-gw";
const resource = "https://contoso.openai.azure.com";

describe("AZURE_OPENAI_ENDPOINT", () => {
  it.each([
    [resource, resource],
    [`${resource}/`, resource],
    [gateway, gateway],
    [`${gateway}/`, gateway],
    ["https://gw.contoso.example:8443/team-a/v1", "https://gw.contoso.example:8443/team-a/v1"],
    ["https://gw.contoso.example/openai/team-a", "https://gw.contoso.example/openai/team-a"],
    ["https://gw.contoso.example/images", "https://gw.contoso.example/images"],
    ["http://127.0.0.1:4000/team-a", "http://127.0.0.1:4000/team-a"],
  ])("keeps %s without a word", (text, address) => {
    expect(read(readAzureEndpoint, text)).toEqual({ address, faults: [], notes: [] });
  });

  it.each([
    "/openai",
    "/openai/",
    "/OpenAI/v1/",
    "//openai//v1",
    "?api-version=preview",
    "/openai/v1?api-version=preview#top",
    "/openai/v1/images/generations",
    "/openai/images/edits",
    "/openai/deployments",
    "/openai/deployments/pictures",
    "/openai/deployments/pictures/images/generations?api-version=2025-04-01-preview",
    "/openai/deployments/gpt-4o/chat/completions?api-version=2024-10-21",
    "/images/generations",
    "#",
  ])("leaves out %s at the end, before a gateway and before Azure, and says so", (tail) => {
    for (const base of [gateway, resource]) {
      const { address, faults, notes } = read(readAzureEndpoint, base + tail);
      expect([address, faults]).toEqual([base, []]);
      // Nothing is lost with an empty fragment or a slash.
      if (/\w/.test(tail)) expect(notes).toEqual([expect.stringContaining(`is taken as ${base}, not as`)]);
    }
  });

  it("takes a Foundry project's address for its resource", () => {
    const foundry = "https://contoso.services.ai.azure.com";
    for (const tail of ["/api/projects/posters", "/models?api-version=2024-05-01-preview", "/api/projects/p/openai/v1"])
      expect(read(readAzureEndpoint, foundry + tail)).toMatchObject({ address: foundry, faults: [] });
  });

  it.each([
    ["https://ada:secret-word@gw.contoso.example/team-a", /has a login/],
    [`${gateway}?subscription-key=secret-word`, /"subscription-key" in its query/],
    [`${gateway}?code=secret-word`, /"code" in its query/],
    [`${resource}/team-a`, /has the path "\/team-a"/],
    ["https://gw.contoso.example/openai/v1/team-a", /"\/openai\/v1\/" in the middle/],
    ["https://gw.contoso.example/deployments/p/images/generations", /"\/deployments\/p" in the middle/],
    ["https://api.openai.com/v1", /OPENAI_API_KEY/],
    ["https://ai.azure.com/resource/overview?wsid=1", /a portal/],
    ["http://gw.contoso.example/team-a", /begins with https/],
    ["ftp://gw.contoso.example/team-a", /begins with https/],
    ["wss://gw.contoso.example/team-a", /begins with https/],
    ["gw.contoso.example/team-a", /begins with https/],
    ["localhost:4000", /begins with https/],
    ["https://<resource>.openai.azure.com", /begins with https/],
    ["https://", /begins with https/],
    ["secret-word", /is no address/],
  ])("refuses %s, and no secret is repeated", (text, sentence) => {
    const { address, faults } = read(readAzureEndpoint, text);
    expect(address).toBeUndefined();
    expect(faults).toEqual([expect.stringMatching(sentence)]);
    expect(faults.join()).not.toContain("secret-word");
  });
});

describe("OPENAI_BASE_URL", () => {
  it.each([
    ["https://api.openai.com/v1", "https://api.openai.com/v1"],
    ["https://api.openai.com", "https://api.openai.com/v1"],
    ["https://api.openai.com/v1/images/generations", "https://api.openai.com/v1"],
    ["https://gw.contoso.example/team-a/v1/images/edits?x=1", "https://gw.contoso.example/team-a/v1"],
    ["https://gw.contoso.example/v1/chat/completions", "https://gw.contoso.example/v1"],
    ["https://gw.contoso.example/images", "https://gw.contoso.example/images"],
    ["https://api.groq.com/openai/v1/", "https://api.groq.com/openai/v1"],
    ["http://localhost:4000", "http://localhost:4000"],
    [`${resource}/openai/v1/`, `${resource}/openai/v1`],
  ])("reads %s as %s", (text, address) => {
    expect(read(readOpenAiBase, text)).toMatchObject({ address, faults: [] });
  });

  it("leaves Azure's own addresses to their own setting", () => {
    expect(read(readOpenAiBase, `${resource}/openai/deployments/p`).faults).toEqual([
      expect.stringContaining(`AZURE_OPENAI_ENDPOINT to ${resource}`),
    ]);
  });
});

describe("PUBLIC_URL", () => {
  it.each(["", "/", "/api/messages", "/healthz", "/privacy/", "?utm=1#x"])("is the same with %s at its end", (tail) => {
    for (const base of ["https://easel.example.org", "https://example.org/easel"])
      expect(read(readPublicUrl, base + tail)).toMatchObject({ address: base, faults: [] });
  });
});

it("reads no address that is longer than any", () => {
  expect(read(readPublicUrl, `https://easel.example.org/${"/".repeat(100_000)}x`).faults).toHaveLength(1);
});
