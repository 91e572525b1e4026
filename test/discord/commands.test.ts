import { ApplicationCommandOptionType, ApplicationCommandType } from "discord.js";
import { DISCORD_TIMES } from "../../adapters/discord/times.ts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { commandDefinitions } from "../../adapters/discord/commands.ts";
import { readRegistration, registerCommands, whyNotRegistered } from "../../adapters/discord/register.ts";
import { MODEL_NAMES } from "../../src/models.ts";
import { readSettings } from "../../src/settings.ts";
import { banned, cloudflarePage, refusal } from "../../local/discord/refusals.ts";
import type { Answer } from "../../local/discord/refusals.ts";
import { startFakeDiscord } from "../../local/discord/start.ts";
import type { FakeDiscord } from "../../local/discord/start.ts";

const settingsFor = (models: string) =>
  readSettings(
    { IMAGE_MODELS: models, AZURE_OPENAI_ENDPOINT: "https://x.openai.azure.com", AZURE_STORAGE_ACCOUNT: "easel" },
    [],
  );

function optionsFor(models: string, command = "imagine") {
  const definition = commandDefinitions(settingsFor(models)).find(({ name }) => name === command);
  const options = definition && "options" in definition ? (definition.options ?? []) : [];
  return Object.fromEntries(options.map((option) => [option.name, option]));
}

const choicesOf = (option: object | undefined) =>
  option && "choices" in option ? (option.choices as { name: string; value: string }[]) : [];

describe("the commands", () => {
  it("to rule a place is kept for those who may manage their server, and works nowhere but there and with an operator", () => {
    const command = commandDefinitions(settingsFor("gpt-image-2")).find(({ name }) => name === "easel");
    // MANAGE_GUILD is 1 << 5.
    expect(command).toMatchObject({ integration_types: [0], contexts: [0, 1], default_member_permissions: "32" });
  });

  it("work in servers, direct messages and personal installs", () => {
    for (const command of commandDefinitions(settingsFor("gpt-image-2")).filter(({ name }) => name !== "easel")) {
      expect(command).toMatchObject({ integration_types: [0, 1], contexts: [0, 1, 2] });
    }
  });

  it("describe pictures with a model for it alone, and are no more on a message than Discord takes", () => {
    const settings = { ...settingsFor("gpt-image-2"), ideas: { deployment: "ideas" } };
    const onMessage = commandDefinitions(settings).filter(({ type }) => type === ApplicationCommandType.Message);
    expect(onMessage.map(({ name }) => name)).toContain("Describe picture");
    expect(onMessage.length).toBeLessThanOrEqual(5);
  });

  it("offer one model's sizes by shape with their pixels, then its larger ones", () => {
    expect(choicesOf(optionsFor("gpt-image-2").size).map(({ name, value }) => `${value}: ${name}`)).toEqual([
      "square: Square, 1024×1024",
      "wide: Wide, 1536×1024",
      "tall: Tall, 1024×1536",
      "2048x2048: 2048×2048",
      "2048x1152: 2048×1152",
      "1152x2048: 1152×2048",
      "3840x2160: 3840×2160",
      "2160x3840: 2160×3840",
      "auto: Chosen by the model",
    ]);
  });

  it("name pixels only where all models agree on them", () => {
    const names = choicesOf(optionsFor("gpt-image-2,dall-e-3").size).map(({ name }) => name);
    expect(names.slice(0, 3)).toEqual(["Square, 1024×1024", "Wide", "Tall"]);
  });

  it("say whose it is what not all models take, in no more than Discord's 100 characters", () => {
    const names = choicesOf(optionsFor("dall-e-3,gpt-image-2").quality).map(({ name }) => name);
    expect(names.slice(0, 3)).toEqual(["standard (DALL·E 3)", "hd (DALL·E 3)", "low (GPT Image 2)"]);
    expect(choicesOf(optionsFor("gpt-image-2").quality)[0]?.name).toBe("low");
    for (const option of Object.values(optionsFor(MODEL_NAMES.join())))
      for (const { name } of choicesOf(option)) expect(name.length).toBeLessThanOrEqual(100);
    const low = choicesOf(optionsFor(MODEL_NAMES.join()).quality).find(({ value }) => value === "low");
    expect(low?.name).toBe("low (not DALL·E 3)");
  });

  it("offer what at least one model takes, and no option that none has", () => {
    expect(choicesOf(optionsFor("dall-e-3,gpt-image-2").quality).map(({ value }) => value)).toEqual([
      "standard",
      "hd",
      "low",
      "medium",
      "high",
      "auto",
    ]);
    expect(optionsFor("gpt-image-2").style).toMatchObject({ autocomplete: true });
    expect(optionsFor("dall-e-3").background).toBeUndefined();
    expect(Object.keys(optionsFor("dall-e-3,gpt-image-2"))).toEqual([
      "prompt",
      "size",
      "quality",
      "style",
      "background",
      "count",
      "model",
      "private",
    ]);
  });

  it("edit with the models that can, and ask for the change and for a picture if it is not the last one", () => {
    const options = optionsFor("dall-e-3,gpt-image-2", "edit");
    expect(Object.keys(options)).toEqual([
      "change",
      "picture",
      "picture2",
      "picture3",
      "picture4",
      "mask",
      "size",
      "quality",
      "style",
      "background",
      "model",
      "private",
    ]);
    expect(options.picture).toMatchObject({ type: ApplicationCommandOptionType.Attachment, required: false });
    expect(options.picture).toMatchObject({ file_types: expect.arrayContaining([".png", ".jpg"]) });
    expect(options.mask).toMatchObject({ file_types: [".png"] });
    expect(options.change).toMatchObject({ required: true });
    expect(choicesOf(options.model).map(({ value }) => value)).toEqual(["gpt-image-2"]);
    expect(choicesOf(options.quality).map(({ value }) => value)).toEqual(["low", "medium", "high", "auto"]);
    expect(Object.keys(optionsFor("dall-e-3", "edit"))).toContain("picture");
  });

  it("brainstorm with or without a topic, within the limits of a session", () => {
    const options = optionsFor("gpt-image-2", "brainstorm");
    expect(Object.values(options).filter((option) => option && "required" in option && option.required)).toEqual([]);
    expect(options.ideas).toMatchObject({ min_value: 2, max_value: 8 });
    expect(options.minutes).toMatchObject({ min_value: 1, max_value: 1440 });
    expect(options.votes).toMatchObject({ min_value: 1, max_value: 5 });
    expect(choicesOf(options.results).map(({ value }) => value)).toEqual(["hidden", "live"]);
    expect(Object.keys(options)).toEqual(expect.arrayContaining(["topic", "others", "style", "thread", "join"]));
  });

  it("let a prompt be as long as Discord lets it be, and a count be 1 to 4", () => {
    const { prompt, count } = optionsFor("dall-e-3");
    expect(prompt).toMatchObject({ required: true, max_length: 6000 });
    expect(count).toMatchObject({ type: ApplicationCommandOptionType.Integer, min_value: 1, max_value: 4 });
  });
});

describe("registering", () => {
  let discord: FakeDiscord;
  beforeAll(async () => {
    discord = await startFakeDiscord();
  });
  afterAll(() => discord.stop());
  const target = () => ({
    token: discord.token,
    applicationId: discord.applicationId,
    api: `${discord.url}/api`,
    times: DISCORD_TIMES,
  });

  it.each(["dall-e-3", "gpt-image-2", MODEL_NAMES.join()])(
    "is one call that Discord takes, with %s",
    async (models) => {
      const before = discord.requests.length;
      const said = await registerCommands(settingsFor(models), target());
      expect(discord.requests.slice(before)).toMatchObject([{ method: "PUT", status: 200 }]);
      const draws = models === "dall-e-3" ? [] : ["Draw from this sketch"];
      const registered = (discord.commands.get("global") ?? []).map(
        ({ name, type }) => `${String(type)} ${String(name)}`,
      );
      expect(registered).toEqual([
        "1 imagine",
        "1 edit",
        "1 history",
        "1 wall",
        "1 family",
        "1 style",
        "1 brainstorm",
        "1 privacy",
        "1 usage",
        "1 easel",
        "1 help",
        "3 Edit picture",
        "3 Make a picture of this",
        ...draws.map((name) => `3 ${name}`),
      ]);
      expect(said).toContain(
        "Registered /imagine, /edit, /history, /wall, /family, /style, /brainstorm, /privacy, /usage, /easel, /help, “Edit picture”,",
      );
      for (const name of draws) expect(said).toContain(`and “${name}” everywhere`);
      expect(said).toContain(`client_id=${discord.applicationId}`);
      expect(discord.violations).toEqual([]);
    },
  );

  it.each<[string, Answer, RegExp]>([
    ["a page with 401", cloudflarePage(401), /not Discord but a status 401.*The settings may be right/],
    ["a page with 200", cloudflarePage(200), /not Discord but a status 200/],
    ["an hour's ban", banned(3600), /makes this machine wait: please try again in 15 minutes/],
    ["Discord's own 401", refusal(0), /DISCORD_TOKEN is not valid/],
    ["another bot's id", refusal(20012), /DISCORD_APPLICATION_ID is not that of the token's bot/],
    ["a code that nobody knows", { status: 400, body: { code: 99_999, message: "new" } }, /status 400, code 99999/],
  ])("says what to do after %s", async (_, answer, sentence) => {
    discord.fail({ method: "PUT" }, { answer });
    const failed = registerCommands(settingsFor("dall-e-3"), target()).then(() => "registered", whyNotRegistered);
    expect(await failed).toMatch(sentence);
  });

  it("can be for one server", async () => {
    await registerCommands(settingsFor("dall-e-3"), target(), discord.guildId);
    expect(discord.commands.get(discord.guildId)).toHaveLength(13);
    expect(discord.violations).toEqual([]);
  });

  it("needs the models and Discord's own settings, and says what is missing", () => {
    expect(readRegistration({}).faults).toEqual([
      expect.stringContaining("IMAGE_MODELS is missing"),
      expect.stringContaining("DISCORD_TOKEN and DISCORD_APPLICATION_ID"),
    ]);
    expect(readRegistration({ IMAGE_MODELS: "dall-e-3", DISCORD_TOKEN: "t" }).faults).toEqual([
      expect.stringContaining("DISCORD_APPLICATION_ID is missing"),
    ]);
    expect(
      readRegistration({ IMAGE_MODELS: "dall-e-3", DISCORD_TOKEN: "t", DISCORD_APPLICATION_ID: "12345678901234567" })
        .faults,
    ).toEqual([]);
  });
});
