import { beforeAll, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { privateWordReply } from "../../src/replies/compose-reply.ts";
import { failed } from "../../src/words/sentences.ts";
import type { Address } from "../../src/request/request.ts";
import type { Fault } from "../fakes/microsoft/exchange.ts";
import { refusals, throttled } from "../fakes/microsoft/refusals.ts";
import { boardOf, said } from "./board.ts";
import { textsIn, worlds } from "./open-world.ts";
import type { World } from "./open-world.ts";

const open = worlds("file");
const connector = "smba.trafficmanager.net";

let world: World;
beforeAll(async () => {
  world = await open();
});

let place: string;
let address: Address;
beforeEach(async () => {
  const turn = await world.teams.say("imagine a lighthouse", { conversation: "channel" });
  place = turn.conversationId;
  const [job] = await world.jobs(place);
  address = { ...job?.request.address, activityId: null } as Address;
  for (const { id, conversationId } of standing()) await remove(conversationId, id);
});

const standing = () => world.microsoft.activities(place);
const fail = (fault: Fault, times = 1) => onTestFinished(world.microsoft.fail({ host: connector }, fault, times));
const remove = async (conversationId: string, id: string) => {
  const message = world.microsoft.activities(conversationId).find((each) => each.id === id);
  if (message) world.microsoft.conversations.remove(message);
};
const addressIn = (delivery: object) => (delivery as { address: Address }).address;

test("a board is one message, changed in place", async () => {
  const first = await world.board(address, boardOf());
  expect(first).toMatchObject({ delivered: true, address: { activityId: standing()[0]?.id } });
  const second = await world.board(addressIn(first), boardOf({ stage: said("Two have voted.") }));
  expect(second).toMatchObject({ delivered: true, address: addressIn(first) });
  expect(standing()).toMatchObject([{ changes: 1 }]);
  expect(textsIn(standing()[0]?.attachments)).toContain("Two have voted.");
});

test("one that somebody deleted comes anew, and is changed there from then on", async () => {
  const first = await world.board(address, boardOf());
  await remove(place, standing()[0]?.id ?? "");
  const second = await world.board(addressIn(first), boardOf());
  expect(standing()).toHaveLength(1);
  expect(second).toMatchObject({ delivered: true, address: { activityId: standing()[0]?.id } });
  await world.board(addressIn(second), boardOf({ stage: said("Counting.") }));
  expect(standing()).toMatchObject([{ changes: 1 }]);
});

describe("where it cannot be shown", () => {
  test.each([refusals.botNotInConversationRoster, refusals.messageWritesBlocked])(
    "for good ($status), says so",
    async (refusal) => {
      const first = await world.board(address, boardOf());
      fail(refusal, Infinity);
      const gone = await world.board(addressIn(first), boardOf());
      expect(gone).toMatchObject({ delivered: false });
      expect(gone).not.toHaveProperty("againInSeconds");
    },
  );

  test("just now, says when to try again, as it is asked to", async () => {
    const first = await world.board(address, boardOf());
    fail(throttled(30), Infinity);
    const later = await world.board(addressIn(first), boardOf());
    expect(later).toMatchObject({ delivered: false, againInSeconds: expect.any(Number) as number });
    expect((later as { againInSeconds: number }).againInSeconds).toBeGreaterThanOrEqual(30);
  });

  test("with its pictures, stands without them", async () => {
    fail(refusals.messageSizeTooBig);
    await world.board(address, boardOf());
    expect(JSON.stringify(standing())).not.toContain('"Image"');
    expect(textsIn(standing()[0]?.attachments).join()).toContain("number 6");
  });

  test.each<Partial<Address>>([{ platform: "discord" }, { serviceUrl: "https://evil.example/" }])(
    "at %j no token goes there",
    async (change) => {
      world.microsoft.log.splice(0);
      const refused = await world.board({ ...address, ...change } as Address, boardOf());
      expect(refused).toEqual({ delivered: false, because: "the address is not one of Teams" });
      expect(world.microsoft.log).toEqual([]);
    },
  );
});

test("a message beside a board changes in place, and comes not anew where somebody has deleted it", async () => {
  const reply = { ...privateWordReply(failed.noPictureThere), forAskerOnly: false };
  const posted = await world.send(address, reply);
  const changed = await world.change(addressIn(posted), { ...reply, paragraphs: [failed.deletedPicture] });
  expect(changed).toMatchObject({ delivered: true });
  expect(standing()).toMatchObject([{ changes: 1 }]);
  expect(textsIn(standing()[0]?.attachments).join()).toContain("deleted");
  await remove(place, standing()[0]?.id ?? "");
  expect(await world.change(addressIn(posted), reply)).not.toHaveProperty("againInSeconds");
  expect(standing()).toEqual([]);
});
