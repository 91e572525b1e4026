/** What is slow on the way, and must neither last longer than Teams waits nor leave something standing that is not true. */
import { setTimeout as pause } from "node:timers/promises";
import { beforeAll, beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import type { Job } from "../../src/jobs/job.ts";
import { privateWordReply } from "../../src/replies/compose-reply.ts";
import type { ChatReply } from "../../src/replies/reply.ts";
import { actionsOf } from "../fakes/microsoft/card-actions.ts";
import type { StandingActivity } from "../fakes/microsoft/conversations.ts";
import type { Fault } from "../fakes/microsoft/exchange.ts";
import { textsIn, worlds } from "./open-world.ts";
import type { World } from "./open-world.ts";
import { finished } from "../../src/words/sentences.ts";

const open = worlds("file");
const connector = "smba.trafficmanager.net";
const waitingText = "Your picture is on its way.";

let world: World;
let user = "";
let people = 0;
beforeAll(async () => {
  world = await open();
});
beforeEach(() => {
  user = `Ada ${(people += 1)}`;
});

const textsAt = (conversationId: string) =>
  world.microsoft.activities(conversationId).map(({ attachments }) => textsIn(attachments).join("\n"));
const fail = (method: string | undefined, fault: Fault, times = 1, host = connector) =>
  onTestFinished(world.microsoft.fail({ host, method }, fault, times));
function stall(): void {
  onTestFinished(world.stallStorage());
}

describe("a waiting message that comes late", () => {
  const LATE = 6000;
  const answer: ChatReply = {
    role: "answer",
    mood: "finished",
    title: finished.title,
    paragraphs: [],
    quotes: [],
    pictures: [],
    facts: [],
    actions: [],
    forAskerOnly: false,
  };
  const onlyJob = async (conversationId: string): Promise<Job> => {
    const [job] = await world.jobs(conversationId);
    if (!job) throw new Error("no job");
    return job;
  };
  const tell = async (conversationId: string, marked = true) =>
    world.tell((await onlyJob(conversationId)).id, { reply: answer, finish: marked });

  test("is where the answer goes", async () => {
    fail("POST", { delay: LATE });
    const turn = await world.teams.say("imagine a lighthouse", { user });
    expect(turn.status).toBe(200);
    expect(turn.milliseconds).toBeLessThan(LATE);
    expect(textsAt(turn.conversationId)).toEqual([]);
    await vi.waitFor(
      async () => {
        const [waiting] = world.microsoft.activities(turn.conversationId);
        expect((await onlyJob(turn.conversationId)).address.activityId).toBe(waiting?.id ?? "none");
      },
      { timeout: 30_000 },
    );
    await tell(turn.conversationId);
    expect(textsAt(turn.conversationId)).toEqual(["Here it is"]);
  });

  test.each([
    { of: "told", marked: true },
    { of: "sent, and not yet written down", marked: false },
  ])("goes away where the answer was $of without it", async ({ marked }) => {
    fail("POST", { delay: LATE });
    const turn = await world.teams.say("imagine a lighthouse", { user });
    await tell(turn.conversationId, marked);
    expect(textsAt(turn.conversationId)).toEqual(["Here it is"]);
    await pause(LATE - 4000);
    await vi.waitFor(() => expect(world.microsoft.log.at(-1)).toMatchObject({ method: "DELETE", status: 200 }), 30_000);
    expect(textsAt(turn.conversationId)).toEqual(["Here it is"]);
  });

  test("goes away where the worker was sending the answer just then", async () => {
    // Of which the waiting message comes first.
    fail("POST", { delay: LATE }, 2);
    const turn = await world.teams.say("imagine a lighthouse", { user });
    await tell(turn.conversationId, false);
    expect(textsAt(turn.conversationId)).toHaveLength(2);
    await vi.waitFor(() => expect(textsAt(turn.conversationId)).toEqual(["Here it is"]), 30_000);
  });

  test("in place of a form does not cover the answer", async () => {
    const asked = await world.teams.say("imagine", { user });
    const [form] = world.microsoft.activities(asked.conversationId);
    if (!form) throw new Error("no form");
    fail("PUT", { delay: LATE });
    const data = { ...(actionsOf(form)[0]?.data as object), prompt: "a cat" };
    const sent = await world.teams.submit(data, { replyTo: form.id, user });
    expect(sent.status).toBe(200);
    await tell(asked.conversationId);
    expect(textsAt(asked.conversationId)).toEqual(["Here it is"]);
    // First it is covered, and then it stands again, maybe within a moment.
    const shown = () =>
      world.microsoft.history(form.id).map(({ activity }) => textsIn(activity?.attachments).join("\n"));
    await vi.waitFor(() => expect(shown().some((text) => text.includes(waitingText))).toBe(true), 30_000);
    await vi.waitFor(() => expect(textsAt(asked.conversationId)).toEqual(["a cat"]), 30_000);
  });
});

describe("a turn ends when the job is safe", () => {
  test("though the waiting message takes ten seconds, and nothing doubles", async () => {
    fail("POST", { delay: 10_000 });
    const turn = await world.teams.say("imagine a lighthouse", { user });
    expect(turn.deliveries.map(({ status }) => status)).toEqual([200]);
    // Less than a waiting message is waited for, on a busy machine too.
    expect(turn.milliseconds).toBeLessThan(3500);
    const { conversationId, activity } = turn;
    expect(textsAt(conversationId)).toEqual([]);
    const copy = await world.teams.say("imagine a lighthouse", { user, id: activity.id, conversationId });
    expect(copy.status).toBe(200);
    await vi.waitFor(() => expect(textsAt(conversationId)).toHaveLength(1), 30_000);
    const [only, ...more] = await world.jobs(conversationId);
    expect(more).toEqual([]);
    await vi.waitFor(
      async () =>
        expect((await world.jobs(conversationId))[0]?.address.activityId).toBe(
          world.microsoft.activities(conversationId)[0]?.id,
        ),
      30_000,
    );
    await world.tell(only?.id ?? "", {
      reply: { ...privateWordReply(finished.title), forAskerOnly: false },
      finish: true,
    });
    expect(textsAt(conversationId)).toEqual(["Here it is"]);
  });
});

describe("storage and Teams both hang", () => {
  const hang = () => {
    stall();
    fail(undefined, "hang", Infinity);
  };

  test.each(["imagine a lighthouse", "help", "imagine"])("and %s ends in time, and comes once", async (text) => {
    hang();
    const turn = await world.teams.say(text, { user });
    expect(turn.deliveries.map(({ status }) => status)).toEqual([200]);
    expect(turn.milliseconds).toBeLessThan(14_000);
  });

  test("and the keys are slow", async () => {
    // A process keeps the keys, so it takes one that has none yet.
    await world.restart();
    hang();
    fail(undefined, { delay: 4000 }, 1, "login.botframework.com");
    const turn = await world.teams.say("imagine a lighthouse", { user });
    expect(turn.deliveries.map(({ status }) => status)).toEqual([200]);
    expect(turn.milliseconds).toBeLessThan(14_000);
  });

  const cardTo = async (press: "Draw" | "Revise"): Promise<StandingActivity> => {
    const { conversationId } = await world.teams.say(press === "Draw" ? "imagine" : "imagine a cat --count 9", {
      user,
    });
    const [card] = world.microsoft.activities(conversationId);
    if (!card) throw new Error("no card");
    return card;
  };

  test.each(["Draw", "Revise"] as const)("and %s is answered in words before anybody reads an error", async (press) => {
    const card = await cardTo(press);
    await world.restart();
    hang();
    fail(undefined, { delay: 1800 }, 1, "login.botframework.com");
    const pressed = await world.teams.press(press, card, { user, inputs: { prompt: "a dog", count: "2" } });
    expect(pressed).toMatchObject({
      status: 200,
      body: { value: expect.stringContaining("I cannot reach my storage") },
    });
    expect(pressed.milliseconds).toBeLessThan(4700);
  });
});

describe("a button under a picture", () => {
  /** A picture that is finished, and where a button under it is pressed. */
  async function finishOne(): Promise<{
    job: string;
    ref: string;
    at: { replyTo: string; user: string; conversationId: string };
  }> {
    const { conversationId } = await world.teams.say("imagine a lighthouse", { user });
    const [own] = await world.jobs(conversationId);
    const [waiting] = world.microsoft.activities(conversationId);
    if (!own || !waiting) throw new Error("no job");
    await world.tell(own.id, { finish: true });
    return { job: own.id, ref: `${own.id}.1`, at: { replyTo: waiting.id, user, conversationId } };
  }
  const buttons = [
    "again",
    "like",
    "finish",
    "words",
    "revised",
    "edit",
    "family",
    "delete",
    "pick",
    "cancel",
    "look",
    "page",
  ];

  test.each(buttons)(
    "%s is answered in words before anybody reads an error, though storage and Teams hang",
    async (button) => {
      const { job, ref, at } = await finishOne();
      stall();
      fail(undefined, "hang", Infinity);
      const pressed = await world.teams.execute(button, { do: button, ref, job, page: "1" }, at);
      expect(pressed).toMatchObject({
        status: 200,
        body: { value: expect.stringContaining("I cannot reach my storage") },
      });
      expect(pressed.milliseconds).toBeLessThan(4700);
    },
  );

  test.each(["again", "edit"])("%s is answered in time though Teams hangs", async (button) => {
    const { ref, at } = await finishOne();
    fail("POST", "hang", Infinity);
    const pressed = await world.teams.execute(button, { do: button, ref }, at);
    const said = button === "again" ? "Your picture is on its way." : "It stands below.";
    expect(pressed).toMatchObject({ status: 200, body: { value: said } });
    expect(pressed.milliseconds).toBeLessThan(4700);
    if (button === "again") expect(await world.jobs(at.conversationId)).toHaveLength(2);
  });

  test("again, whose waiting message comes late, has one message all the same", async () => {
    const { ref, at } = await finishOne();
    fail("POST", { delay: 6000 });
    const pressed = await world.teams.execute("again", { do: "again", ref }, at);
    expect(pressed.milliseconds).toBeLessThan(4700);
    await vi.waitFor(async () => {
      const [, late] = world.microsoft.activities(at.conversationId);
      const [own] = (await world.jobs(at.conversationId)).filter(({ request }) => request.parent);
      expect(own?.address.activityId).toBe(late?.id ?? "none");
    }, 30_000);
  });
});

describe("the message extension", () => {
  test("keeps its dialog and all that was filled in, though storage hangs", async () => {
    const opened = await world.teams.openExtension("draw", { user });
    stall();
    const sent = await world.teams.submitDialog(opened, { inputs: { prompt: "a red fox" } });
    expect(sent.milliseconds).toBeLessThan(4700);
    expect(sent.deliveries).toHaveLength(1);
    expect(JSON.stringify(sent.body)).toMatch(/"type":"continue".*I cannot reach my storage.*a red fox/);
  });
});
