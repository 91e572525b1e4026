import { describe, expect, it } from "vitest";
import { retirementWarnings } from "../../src/retirement.ts";
import { PRICES } from "../../src/prices.ts";
import { readSettings } from "../../src/settings.ts";
import type { Environment } from "../../src/settings.ts";
import { TIMES } from "../../src/times.ts";

const azure = {
  IMAGE_MODELS: "gpt-image-2=pictures,dall-e-3=dalle3",
  AZURE_OPENAI_ENDPOINT: "https://example.openai.azure.com/",
  AZURE_STORAGE_ACCOUNT: "easelpictures",
  PUBLIC_URL: "https://easel.example.org/",
};

function read(environment: Environment) {
  const faults: string[] = [];
  return { settings: readSettings(environment, faults), faults };
}

describe("settings", () => {
  it("reads Azure with Entra ID", () => {
    expect(read(azure)).toEqual({
      faults: [],
      settings: {
        models: [
          { name: "gpt-image-2", deployment: "pictures" },
          { name: "dall-e-3", deployment: "dalle3" },
        ],
        images: {
          provider: "azure",
          endpoint: "https://example.openai.azure.com",
          apiVersion: undefined,
          apiKey: undefined,
        },
        requestsPerMinute: 6,
        concurrency: 2,
        storage: { account: "easelpictures" },
        container: "easel",
        isProxied: false,
        publicUrl: "https://easel.example.org",
        operator: {},
        alerts: {},
        prices: PRICES,
        timeZone: "UTC",
        configuration: { path: undefined, text: "", present: {} },
        port: 3978,
        host: undefined,
        logLevel: "info",
        times: TIMES,
      },
    });
  });

  it("reads OpenAI and what speaks like it", () => {
    const storage = { AZURE_STORAGE_ACCOUNT: "easel", IMAGE_MODELS: "gpt-image-2" };
    expect(read({ ...storage, OPENAI_API_KEY: "sk" }).settings.images).toEqual({
      provider: "openai",
      endpoint: "https://api.openai.com/v1",
      apiKey: "sk",
    });
    expect(read({ ...storage, OPENAI_BASE_URL: "https://gateway.example.org/v1/" }).settings.images.endpoint).toBe(
      "https://gateway.example.org/v1",
    );
  });

  it("names all that is missing at once, and where to get it", () => {
    const { faults } = read({});
    expect(faults.join("\n")).toMatch(/IMAGE_MODELS is missing.*Deployments/s);
    expect(faults.join("\n")).toMatch(/AZURE_OPENAI_ENDPOINT is missing.*Keys and Endpoint/s);
    expect(faults.join("\n")).toMatch(/AZURE_STORAGE_ACCOUNT is missing.*Access keys/s);
    expect(faults).toHaveLength(3);
  });

  it.each<[string, Environment, RegExp]>([
    ["no model at all", { IMAGE_MODELS: "," }, /names no model/],
    ["a misspelt model", { IMAGE_MODELS: "gpt-imagge-2=a" }, /did you mean gpt-image-2\?/],
    ["a deployment's name alone", { IMAGE_MODELS: "pictures" }, /"pictures".*model=deployment/],
    ["an unknown model", { IMAGE_MODELS: "dall-e-4" }, /names "dall-e-4".*gpt-image-2/],
    ["a model twice", { IMAGE_MODELS: "gpt-image-2=a,gpt-image-2=b" }, /twice/],
    ["plain http", { AZURE_OPENAI_ENDPOINT: "http://example.openai.azure.com" }, /AZURE_OPENAI_ENDPOINT.*https/],
    ["two models for ideas", { IDEAS_MODEL: "gpt-4.1-mini, gpt-4.1" }, /IDEAS_MODEL.*one chat deployment/],
    ["a model for ideas as those for pictures", { IDEAS_MODEL: "gpt-4.1=ideas" }, /IDEAS_MODEL.*nothing else/],
    ["no address", { PUBLIC_URL: "easel.example.org" }, /PUBLIC_URL.*https/],
    ["an address for a name", { AZURE_STORAGE_ACCOUNT: "https://easel.blob.core.windows.net" }, /bare name/],
    ["two storages", { AZURE_STORAGE_CONNECTION_STRING: "AccountName=x" }, /both set/],
    ["two providers", { OPENAI_API_KEY: "sk" }, /both set/],
    ["a pace of words", { IMAGE_REQUESTS_PER_MINUTE: "many" }, /whole number from 1/],
    ["a port too high", { PORT: "70000" }, /PORT/],
    ["an odd container", { AZURE_STORAGE_CONTAINER: "My_Pictures" }, /AZURE_STORAGE_CONTAINER/],
    ["an operator nobody can write to", { OPERATOR_CONTACT: "the help desk" }, /OPERATOR_CONTACT.*address of mail/],
    ["a page that is no page", { OPERATOR_CONTACT: "javascript:alert(1)" }, /OPERATOR_CONTACT/],
    ["an operator of many words", { OPERATOR_NAME: "x".repeat(201) }, /OPERATOR_NAME has 201/],
    ["an odd level", { LOG_LEVEL: "loud" }, /LOG_LEVEL/],
  ])("says what is wrong with %s", (_, change, sentence) => {
    expect(read({ ...azure, ...change }).faults).toEqual([expect.stringMatching(sentence)]);
  });

  it.each(["pictures@example.org", "https://example.org/help?topic=easel"])("takes %s to write to", (contact) => {
    const { settings, faults } = read({ ...azure, OPERATOR_NAME: "Example", OPERATOR_CONTACT: contact });
    expect([faults, settings.operator]).toEqual([[], { name: "Example", contact }]);
  });

  it("says half-made settings of the provider", () => {
    const { faults } = read({
      IMAGE_MODELS: "gpt-image-2",
      AZURE_STORAGE_ACCOUNT: "easel",
      AZURE_OPENAI_API_KEY: "key",
    });
    expect(faults).toEqual([expect.stringContaining("AZURE_OPENAI_ENDPOINT is missing")]);
  });
});

describe("retired models", () => {
  const { settings } = read(azure);
  it("are named at the start with what to use instead", () => {
    expect(retirementWarnings(settings, "2026-11-24")).toEqual([
      "DALL·E 3 (dall-e-3, deployment dalle3) was retired by Azure on 2026-03-04. Deploy gpt-image-2 and name it in IMAGE_MODELS instead; it keeps working only where an endpoint still serves it.",
    ]);
  });
  it("are named before their end", () => {
    expect(retirementWarnings(settings, "2027-04-01")).toContainEqual(
      expect.stringContaining("will be retired by Azure on 2027-04-21, in 20 days"),
    );
  });
});
