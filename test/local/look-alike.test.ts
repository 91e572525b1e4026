/** The look-alike on the wire: what its page sends and is told, with the real Discord adapter behind it. */
import { createServer } from "node:http";
import { createParser } from "eventsource-parser";
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { lookAlikeCast, THREAD } from "../../local/discord/look-alike/cast.ts";
import { startLookAlike } from "../../local/discord/look-alike/server.ts";
import type { LookAlike, Simulator } from "../../local/discord/look-alike/server.ts";
import type {
  DiscordComponent,
  DiscordMessage,
  Fault,
  InteractionState,
  PageEvents,
  Sent,
  State,
} from "../../local/discord/page-protocol.ts";
import { messageFlag } from "../../local/discord/wire.ts";
import { findInLine } from "../../src/jobs/line.ts";
import { finish, plainPicture, refusedReply, startBot, startWorld } from "../discord/world.ts";
import type { World } from "../discord/world.ts";

let world: World;
let bot: Awaited<ReturnType<typeof startBot>>;
let lookAlike: LookAlike;
const deliveries: number[] = [];
const fault: Fault = {
  id: "dead-token",
  platforms: ["discord"],
  title: "A dead token",
  does: "",
  must: "",
  once: true,
  on: false,
  happened: [],
};
let tellFaults = () => {};
const simulator: Simulator = {
  list: () => [fault],
  switch: (id, on) => {
    if (id !== fault.id) throw new Error(`There is no fault ${id}.`);
    fault.on = on;
    tellFaults();
  },
  onChange: (tell) => void (tellFaults = tell),
  deliveries: () => deliveries.shift() ?? 1,
};

beforeAll(async () => {
  world = await startWorld({ cast: lookAlikeCast() });
  bot = await startBot(world);
  lookAlike = await startLookAlike({ discord: world.discord, simulator });
});
afterAll(async () => {
  await bot.stop();
  await lookAlike.stop();
  await world.stop();
});
afterEach(() => expect(world.discord.violations).toEqual([]));

const origin = () => new URL(lookAlike.url).origin;

function post(what: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(new URL(what, lookAlike.url), {
    method: "POST",
    headers: { "content-type": "application/json", origin: origin(), ...headers },
    body: body instanceof Uint8Array ? Buffer.from(body) : JSON.stringify(body),
  });
}

async function done(what: string, body: unknown): Promise<Sent> {
  const response = await post(what, body);
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
  return (await response.json()) as Sent;
}

const read = async <Read>(what: string) => (await (await fetch(new URL(what, lookAlike.url))).json()) as Read;

/** A page that one person has open: what it shows, and what it waits for. */
async function open(name = "Ada") {
  const person = (await read<State>("state")).people.find(({ global_name }) => global_name === name)?.id ?? "";
  const leaving = new AbortController();
  onTestFinished(() => leaving.abort());
  const response = await fetch(new URL(`events?person=${person}`, lookAlike.url), { signal: leaving.signal });
  const messages = new Map<string, DiscordMessage>();
  const interactions = new Map<string, InteractionState>();
  const events: { [Name in keyof PageEvents]?: PageEvents[Name][] } = {};
  const ready = Promise.withResolvers<State>();
  let wake = Promise.withResolvers<void>();
  const hear = {
    READY: (state: State) => {
      for (const message of state.messages) messages.set(message.id, message);
      ready.resolve(state);
    },
    MESSAGE_CREATE: (message: DiscordMessage) => messages.set(message.id, message),
    MESSAGE_UPDATE: (message: DiscordMessage) => messages.set(message.id, message),
    MESSAGE_DELETE: ({ id }: { id: string }) => messages.delete(id),
    INTERACTION: (state: InteractionState) => interactions.set(state.id, state),
  } as Record<string, (data: unknown) => void>;
  const parser = createParser({
    onEvent: ({ event = "", data }) => {
      const told = JSON.parse(data) as never;
      (events[event as keyof PageEvents] ??= []).push(told);
      hear[event]?.(told);
      wake.resolve();
      wake = Promise.withResolvers();
    },
  });
  const reading = async () => {
    const decoder = new TextDecoder();
    for await (const bytes of response.body ?? []) parser.feed(decoder.decode(bytes, { stream: true }));
  };
  reading().catch(() => undefined);
  const until = async <Found>(look: () => Found | undefined | false): Promise<Found> => {
    for (;;) {
      const found = look();
      if (found !== undefined && found !== false) return found;
      await wake.promise;
    }
  };
  return {
    person,
    state: await ready.promise,
    messages,
    events,
    until,
    untilMessage: (pleases: (message: DiscordMessage) => boolean) =>
      until(() => [...messages.values()].find((message) => pleases(message))),
    untilInteraction: ({ interaction }: Sent, state: InteractionState["state"]) =>
      until(() => [interactions.get(interaction)].find((found) => found?.state === state)),
  };
}

type OpenPage = Awaited<ReturnType<typeof open>>;

const [PICTURES, TEAM] = ["pictures", "design-team"];
const channel = ({ state }: OpenPage, name: string) => state.channels.find((one) => one.name === name)?.id ?? "";
const has = (words: string) => (message: DiscordMessage) => JSON.stringify(message).includes(words);
const isFor = (name: string) => (message: DiscordMessage) => message.interaction_metadata?.user.global_name === name;

function walk(components: readonly DiscordComponent[]): DiscordComponent[] {
  return components.flatMap((one) => [
    one,
    ...walk([...(one.components ?? []), ...[one.component, one.accessory].flatMap((inner) => inner ?? [])]),
  ]);
}

/** Asks for a picture and sees to it that it comes, as a worker would. */
async function imagine(page: OpenPage, prompt: string, place = PICTURES): Promise<DiscordMessage> {
  const { person } = page;
  const sent = await done("command", {
    person,
    channel: channel(page, place),
    name: "imagine",
    options: { prompt },
  });
  await page.untilInteraction(sent, "answered");
  await page.untilMessage((message) => has(prompt)(message) && /(its|their) way/.test(JSON.stringify(message)));
  await finish(world, `discord-${sent.interaction}`, { bytes: await plainPicture() });
  return page.untilMessage((message) => has(prompt)(message) && message.attachments.length === 1);
}

describe("a page", () => {
  it("is told who and what is there, the same at every start", async () => {
    const { state } = await open();
    expect(state.people.map(({ global_name }) => global_name)).toEqual(["Ada", "Grace", "Alan"]);
    expect(state.channels.map(({ type, name }) => [type, name])).toEqual([
      [0, PICTURES],
      [11, "lighthouses"],
      [0, TEAM],
      [1, undefined],
    ]);
    expect(state.channels[1]).toMatchObject({ id: THREAD, parent_id: state.channels[0]?.id });
    expect(state.channels[3]?.recipients).toMatchObject([{ username: "Easel", bot: true }]);
    expect(state.commands.map(({ name }) => name)).toEqual(expect.arrayContaining(["imagine", "edit", "history"]));
    expect(state).toMatchObject({ connected: true, person: { id: lookAlikeCast().people[0].id } });
  });

  it("gets a picture by /imagine, with the file of its own server, and so does everybody there", async () => {
    const [ada, grace] = [await open(), await open("Grace")];
    const message = await imagine(ada, "a lighthouse made of books");
    expect(message).toMatchObject({ type: 20, interaction_metadata: { name: "imagine", user: { username: "ada" } } });
    const { url = "" } = message.attachments[0] ?? {};
    expect(url).toMatch(/^\/attachments\//);
    expect(walk(message.components).flatMap(({ items }) => items ?? [])).toMatchObject([{ media: { url } }]);
    const file = await fetch(new URL(url, origin()));
    expect(file.headers.get("content-type")).toBe("image/png");
    expect(new Uint8Array(await file.arrayBuffer())).toEqual(new Uint8Array(await plainPicture()));
    expect(await grace.untilMessage(({ id, attachments }) => id === message.id && attachments.length > 0)).toEqual(
      message,
    );
    expect((await read<State>(`state?person=${grace.person}`)).messages).toContainEqual(message);
  });

  it("opens a form by a button, and sends it", async () => {
    const page = await open();
    const message = await imagine(page, "a door");
    const button = walk(message.components).find(({ label }) => label === "Change words");
    const pressed = { person: page.person, message: message.id, custom_id: button?.custom_id };
    const sent = await done("press", pressed);
    const { modal, ...state } = await page.untilInteraction(sent, "modal");
    expect(state).toMatchObject({ type: 3, message_id: message.id, custom_id: button?.custom_id });
    const field = walk(modal?.components ?? []).find(({ type }) => type === 4);
    const values = { [field?.custom_id ?? ""]: "a green door" };
    const again = await done("modal", { person: page.person, interaction: sent.interaction, values });
    await page.untilInteraction(again, "answered");
    expect(await page.untilMessage(has("a green door"))).toMatchObject({ interaction_metadata: { type: 5 } });
  });

  it("lets its person alone see a refusal, revise it, and put it away", async () => {
    const [ada, grace] = [await open(), await open("Grace")];
    const { person } = ada;
    const options = { prompt: "a bloody fight" };
    const sent = await done("command", { person, channel: channel(ada, TEAM), name: "imagine", options });
    await ada.untilMessage((message) => has("way")(message) && message.interaction_metadata?.id === sent.interaction);
    const { job } = findInLine(`discord-${sent.interaction}`, world.azure)?.own ?? expect.fail("no job");
    await world.send(job.address, refusedReply(job, world));
    const refused = await ada.untilMessage(({ flags }) => (flags & messageFlag.ephemeral) !== 0);
    // The waiting message went for both, and what came in its place came for one.
    await grace.until(() => grace.events.MESSAGE_DELETE?.some(({ channel_id }) => channel_id === channel(ada, TEAM)));
    expect([...grace.messages.keys()]).not.toContain(refused.id);
    const revise = walk(refused.components).find(({ label }) => label === "Revise")?.custom_id;
    const press = { message: refused.id, custom_id: revise };
    expect(await (await post("press", { ...press, person: grace.person })).json()).toEqual({
      error: "Grace does not see this ephemeral message",
    });
    const { modal } = await ada.untilInteraction(await done("press", { ...press, person }), "modal");
    expect(JSON.stringify(modal)).toContain("a bloody fight");
    expect((await post("dismiss", { person, message: refused.id })).status).toBe(204);
    await ada.until(() => !ada.messages.has(refused.id));
    expect(world.discord.message(refused.id)).toBeDefined();
  });

  it("sends along what was uploaded, says what a client would not send, and writes plainly", async () => {
    const page = await open("Alan");
    const { person } = page;
    const uploaded = await post("upload?name=cat.png", await plainPicture(), { "content-type": "image/png" });
    const { upload } = (await uploaded.json()) as { upload: string };
    const place = { person, channel: channel(page, TEAM) };
    const sent = await done("command", { ...place, name: "edit", options: { picture: { upload }, change: "a hat" } });
    await page.untilInteraction(sent, "answered");
    const refused = await post("command", { ...place, name: "imagine", options: {} });
    expect([refused.status, await refused.json()]).toEqual([400, { error: "/imagine cannot be sent without prompt" }]);
    await done("say", { ...place, content: "**hello**" });
    expect(await page.untilMessage(({ content }) => content === "**hello**")).toMatchObject({
      author: { global_name: "Alan" },
    });
  });

  it("hears that the bot did not answer in time, and of what Discord did not take", async () => {
    const page = await open();
    world.discord.fail({ path: /\/callback$/ }, { delaySeconds: 3.2 });
    const options = { prompt: "too late" };
    const sent = await done("command", {
      person: page.person,
      channel: channel(page, PICTURES),
      name: "imagine",
      options,
    });
    await page.untilInteraction(sent, "waiting");
    await page.untilInteraction(sent, "failed");
    expect(await page.until(() => page.events.REFUSAL?.find(({ code }) => code === 10062))).toMatchObject({
      call: expect.stringMatching(/^POST \/interactions\/\d+\/…\/callback$/) as string,
      status: 404,
      message: "Unknown interaction",
    });
  });

  it("may deliver an event twice, which is answered once", async () => {
    const page = await open("Grace");
    deliveries.push(2);
    const message = await imagine(page, "two of a kind");
    const answers = [...page.messages.values()].filter((one) => isFor("Grace")(one) && has("two of a kind")(one));
    expect(answers.map(({ id }) => id)).toEqual([message.id]);
  });

  it("switches faults, and every page is told", async () => {
    const [ada, grace] = [await open(), await open("Grace")];
    expect(await done("faults", { id: "dead-token", on: true })).toMatchObject({ faults: [{ on: true }] });
    for (const page of [ada, grace])
      await page.until(() => page.events.FAULTS?.some(({ faults }) => faults.some(({ on }) => on)));
    expect((await post("faults", { id: "none", on: true })).status).toBe(400);
  });
});

describe("its page", () => {
  it("comes with its scripts as a browser reads them, and with nothing that another site could put into it", async () => {
    const page = await fetch(lookAlike.url);
    expect(page.headers.get("content-type")).toContain("text/html");
    expect(page.headers.get("content-security-policy")).toContain("default-src 'self'");
    const [, script = ""] = /<script type="module" src="([^"]+)"/.exec(await page.text()) ?? [];
    const code = await fetch(new URL(script, lookAlike.url));
    expect(code.headers.get("content-type")).toContain("text/javascript");
    expect(await code.text()).not.toMatch(/^import type/m);
    expect((await fetch(origin(), { redirect: "manual" })).headers.get("location")).toBe("/look-alike/");
  });

  it("forgets what messages showed before", async () => {
    const message = world.discord.message((await imagine(await open(), "a page turned")).id);
    expect(message?.edits).toBeGreaterThan(0);
    expect(message?.history).toHaveLength(1);
  });
});

describe("nobody else", () => {
  it("may drive it: no other site, and under no other name", async () => {
    const body = { person: lookAlikeCast().people[0].id, channel: THREAD, content: "hello" };
    expect((await post("say", body, { origin: "http://evil.example" })).status).toBe(403);
    expect((await post("say", body, { "sec-fetch-site": "cross-site" })).status).toBe(403);
    const withoutOrigin = await fetch(new URL("say", lookAlike.url), { method: "POST", body: JSON.stringify(body) });
    expect(withoutOrigin.status).toBe(403);
    expect((await post("say", body, { "content-type": "text/plain" })).status).toBe(415);
    const { statusCode } = await getAs("evil.example");
    expect(statusCode).toBe(403);
  });

  it("gets anything but the page's own files", async () => {
    for (const path of ["..%2fstart.ts", "%2e%2e/start.ts", "nothing.js", ".env"]) {
      expect((await fetch(`${lookAlike.url}${path}`)).status).toBe(404);
    }
  });

  it("can take its port", async () => {
    const taken = createServer().listen(lookAlike.port, "127.0.0.1");
    await expect(new Promise((_, reject) => taken.once("error", reject))).rejects.toThrow("EADDRINUSE");
  });
});

async function getAs(host: string): Promise<{ statusCode?: number }> {
  const { get } = await import("node:http");
  return new Promise((resolve) => get(new URL("state", lookAlike.url), { headers: { host } }, resolve));
}
