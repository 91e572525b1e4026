import { expect, it } from "vitest";
import { helpReply } from "../../src/replies/help-reply.ts";
import { readSettings } from "../../src/settings.ts";
import { spoken } from "../words/spoken.ts";

function help(environment: Record<string, string> = {}): string {
  const azure = { AZURE_OPENAI_ENDPOINT: "https://example.openai.azure.com", AZURE_STORAGE_ACCOUNT: "easel" };
  const models = "dall-e-3=dalle3,gpt-image-2=pictures";
  const settings = readSettings({ IMAGE_MODELS: models, ...azure, ...environment }, []);
  return spoken(helpReply("imagine", settings, true).paragraphs).join("\n");
}

it("says of each model what it gives, so that nobody misses later what another showed", () => {
  const of = (model: string) =>
    help()
      .split("\n")
      .find((line) => line.startsWith(`${model}:`));
  expect(of("DALL·E 3")).toMatch(/richer words of its own.*retired/);
  expect(of("DALL·E 3")).not.toMatch(/appear|changes pictures/);
  expect(of("GPT Image 2")).toMatch(/appear while they are drawn.*changes pictures/);
  expect(of("GPT Image 2")).not.toMatch(/words of its own|retired/);
});

it("says who runs Easel here and where to write, as far as that is set", () => {
  expect(help({ OPERATOR_NAME: "Contoso", OPERATOR_CONTACT: "help@contoso.example" })).toMatch(
    /run here by Contoso\..*go to help@contoso\.example\./,
  );
  expect(help({ OPERATOR_NAME: "Contoso" })).not.toContain("Questions");
  expect(help()).not.toContain("run here by");
});
