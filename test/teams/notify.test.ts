import { expect, test } from "vitest";
import { alertMessage } from "../../src/replies/alert-message.ts";
import { refusals, throttled } from "../fakes/microsoft/refusals.ts";
import { tenant, textsIn, worlds } from "./open-world.ts";

const open = worlds("test");
const operators = "19:operators@thread.tacv2";
const message = alertMessage([
  { alert: { kind: "quota", deployment: "<at>pictures</at> **x**" }, raisedAt: new Date().toISOString() },
]);

/** Somebody has added the bot to the operators' channel. */
async function opened() {
  const link = `https://teams.microsoft.com/l/channel/${encodeURIComponent(operators)}/Operators?tenantId=1`;
  const world = await open({ environment: { ALERT_TEAMS_CONVERSATION: link } });
  const member = { id: "29:operator", name: "Olga" };
  world.microsoft.conversations.join({ conversationId: operators, kind: "channel", tenant }, member);
  return world;
}

test("whoever runs Easel reads an alert in their conversation, as it stands and without a mention", async () => {
  const world = await opened();
  expect(await world.alert(message)).toEqual({ delivered: true });
  const [shown, ...others] = world.microsoft.activities(operators);
  expect(others).toEqual([]);
  expect(textsIn(shown?.attachments)).toEqual([message.title, ...message.lines]);
  expect(shown).not.toHaveProperty("entities");
});

test("what Teams does not take is not told, and says when it is worth another try", async () => {
  const world = await opened();
  const host = "smba.trafficmanager.net";
  world.microsoft.fail({ host }, throttled(30), 1);
  expect(await world.alert(message)).toMatchObject({ delivered: false, againInSeconds: 30 });
  world.microsoft.fail({ host }, refusals.botNotInConversationRoster, 1);
  expect(await world.alert(message)).toMatchObject({
    delivered: false,
    because: expect.stringContaining("BotNotInConversationRoster") as string,
  });
});
