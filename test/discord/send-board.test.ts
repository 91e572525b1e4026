import { beforeEach, describe, expect, it } from "vitest";
import { discordBoards } from "../../adapters/discord/send-board.ts";
import type { DiscordAddress } from "../../adapters/discord/address.ts";
import type { Board } from "../../src/brainstorm/board.ts";
import type { FakeMessage } from "../../local/discord/records.ts";
import { picturesOf, textOf } from "../../local/discord/reading.ts";
import { stage, world } from "./stage.ts";
import { boardWith, drawnPicture, ideaWith } from "./boards.ts";

stage();

const MINUTES_20 = 20 * 60;
let boards: ReturnType<typeof discordBoards>;
let address: DiscordAddress;
let channel: string;

beforeEach(() => {
  boards = discordBoards(world.discordSettings, world.azure);
  channel = world.discord.addChannel({ guildId: world.discord.guildId, name: "bakery" }).id;
  address = {
    platform: "discord",
    applicationId: world.discord.applicationId,
    interactionId: "1",
    token: "a token that is spent",
    createdAt: new Date(Date.now() - MINUTES_20 * 1000).toISOString(),
    guildId: world.discord.guildId,
    channelId: channel,
    userId: world.discord.asker.id,
    messageId: null,
    followUp: false,
    ephemeral: false,
    botIsThere: true,
    attachmentSizeLimit: 10 * 1024 * 1024,
    appPermissions: String(1n << 15n),
    byBot: true,
  };
});

const said = (): FakeMessage[] => world.discord.messages(channel);
const only = (): FakeMessage => {
  expect(said()).toHaveLength(1);
  return said()[0] ?? expect.fail();
};

/** Shows it, and keeps the address that comes of it, as the driver does. */
async function show(board: Board) {
  const delivery = await boards.show(address, board);
  if (delivery.delivered && delivery.address) address = delivery.address as DiscordAddress;
  return delivery;
}

async function illustrated(board: Board, numbers: number[]): Promise<Board> {
  const pictures = await Promise.all(numbers.map((number) => drawnPicture(world.azure, `Idea ${number} of 3`)));
  return { ...board, ideas: numbers.map((number, at) => ideaWith(number, { picture: pictures[at] })) };
}

describe("a board in a channel", () => {
  it("is one message, however often it is shown; pictures that stand there are not sent again", async () => {
    const board = await illustrated(boardWith(), [1, 2]);
    expect(await show(board)).toMatchObject({ delivered: true });
    const { id } = only();
    const before = picturesOf(only()).map(({ bytes }) => bytes);
    expect(picturesOf(only()).map(({ alt }) => alt)).toEqual(["Idea 1 of 3", "Idea 2 of 3"]);
    const third = { ...board, ideas: [...board.ideas, ...(await illustrated(board, [3])).ideas] };
    await show(third);
    expect(only().id).toBe(id);
    expect(picturesOf(only())).toHaveLength(3);
    expect(
      picturesOf(only())
        .slice(0, 2)
        .map(({ bytes }) => bytes),
    ).toEqual(before);
    const edits = world.discord.requestsTo({ method: "PATCH", path: new RegExp(`${channel}/messages/${id}`) });
    expect(edits.at(-1)?.files.map(({ name }) => name)).toEqual([expect.stringMatching(/^idea-3-/)]);
  });

  it("keeps its pictures when another process goes on with it, and drops those of the round before", async () => {
    const board = await illustrated(boardWith(), [1, 2]);
    await show(board);
    const other = await illustrated({ ...board, round: 2 }, [1]);
    const kept = board.ideas[1] ?? expect.fail();
    await fromElsewhere({ ...other, ideas: [...other.ideas, kept] });
    const edit = world.discord.requestsTo({ method: "PATCH", path: new RegExp(`${channel}/messages/`) }).at(-1);
    expect(edit?.files).toHaveLength(1);
    expect(only().attachments).toHaveLength(2);
  });

  /** By a process that has never seen it: it looks what stands there. */
  async function fromElsewhere(board: Board) {
    const { forgetFiles } = await import("../../adapters/discord/rest/board-files.ts");
    forgetFiles(only().id);
    expect(await show(board)).toMatchObject({ delivered: true });
  }

  it("comes anew where somebody has deleted it, once", async () => {
    const board = await illustrated(boardWith(), [1]);
    await show(board);
    const gone = only();
    world.discord.removeMessage(gone);
    await show(board);
    expect(only().id).not.toBe(gone.id);
    expect(picturesOf(only())).toHaveLength(1);
    expect(address).toMatchObject({ messageId: only().id, byBot: true });
  });

  it("is one message where the answer to its first showing was lost, and its address with it", async () => {
    const board = boardWith();
    world.discord.fail({ method: "POST", path: new RegExp(`${channel}/messages$`) }, { cut: true, applied: true });
    expect(await show(board)).toMatchObject({ delivered: false, againInSeconds: expect.any(Number) });
    await show(board);
    expect(only().id).toBe(address.messageId);
    // The same after a kill, long after any nonce.
    address = { ...address, messageId: null };
    world.discord.world.nonces.clear();
    await show(board);
    expect(only().id).toBe(address.messageId);
  });

  it("opens a thread that was archived, in place", async () => {
    const thread = world.discord.addChannel({ guildId: address.guildId ?? "", kind: "thread", parentId: channel });
    address = { ...address, channelId: thread.id };
    channel = thread.id;
    await show(boardWith());
    const { id } = only();
    thread.archived = true;
    expect(await show(boardWith({ round: 2 }))).toMatchObject({ delivered: true });
    expect(only().id).toBe(id);
    thread.archived = true;
    thread.locked = true;
    expect(await show(boardWith({ round: 3 }))).toMatchObject({ delivered: false, againInSeconds: expect.any(Number) });
  });
});

describe("what stands in the way of a board", () => {
  it.each([
    ["the channel is deleted", () => world.discord.removeChannel(channel)],
    ["the bot is taken out of the server", () => void (world.discord.channel(channel).access = false)],
  ])("is final where %s", async (_, happen) => {
    await show(boardWith());
    happen();
    const delivery = await show(boardWith({ round: 2 }));
    expect(delivery).toMatchObject({ delivered: false });
    expect(delivery).not.toHaveProperty("againInSeconds");
  });

  it("may pass where a permission is missing, or Discord makes us wait, or a proxy answers", async () => {
    await show(boardWith());
    world.discord.removeMessage(only());
    world.discord.channel(channel).write = false;
    expect(await show(boardWith())).toMatchObject({ delivered: false, againInSeconds: expect.any(Number) });
    world.discord.channel(channel).write = true;
    const path = new RegExp(`${channel}/messages`);
    const limited = { status: 429, body: { message: "limited", retry_after: 40, global: false } };
    world.discord.fail({ method: "POST", path }, { answer: limited });
    expect(await show(boardWith())).toMatchObject({ delivered: false, againInSeconds: 40 });
    boards = discordBoards(world.discordSettings, world.azure);
    world.discord.fail({ method: "POST", path }, { answer: { status: 502, page: "<html>Bad gateway</html>" } });
    expect(await show(boardWith())).toMatchObject({ delivered: false, againInSeconds: expect.any(Number) });
    expect(await show(boardWith())).toMatchObject({ delivered: true });
    only();
  });

  it("is said where a rule of the place takes issue with the words, and the board goes on without them", async () => {
    const filter = { answer: { status: 400, body: { code: 200000, message: "Message was blocked" } } };
    world.discord.fail({ method: "POST", path: new RegExp(`${channel}/messages`) }, filter);
    expect(await show(await illustrated(boardWith(), [1]))).toMatchObject({ delivered: true });
    expect(textOf(only())).not.toContain("loaf");
    expect(textOf(only())).toContain("Idea 1");
    expect(picturesOf(only())).toHaveLength(1);
  });

  it("is gone around where no files may be sent: pictures are shown from their own address", async () => {
    address = { ...address, appPermissions: "0" };
    world.discord.channel(channel).attach = false;
    expect(await show(await illustrated(boardWith(), [1]))).toMatchObject({ delivered: true });
    expect(picturesOf(only())[0]?.url).toMatch(/^https:\/\/easel\.example\.org\/pictures\/.*-preview\.jpg$/);
  });
});

describe("beside a board", () => {
  it("a message of its own is posted once, however often it is sent", async () => {
    await show(boardWith());
    const { privateWordReply } = await import("../../src/replies/compose-reply.ts");
    const { failed } = await import("../../src/words/sentences.ts");
    const reply = { ...privateWordReply(failed.noPictureThere), forAskerOnly: false };
    const posted = [await boards.post(address, reply, "recap"), await boards.post(address, reply, "recap")];
    expect(said()).toHaveLength(2);
    expect(posted.map((one) => one.delivered && one.address)).toEqual([
      expect.objectContaining({ messageId: said()[1]?.id }),
      expect.objectContaining({ messageId: said()[1]?.id }),
    ]);
  });

  it("such a message changes in place, its picture goes, and where somebody has deleted it none comes anew", async () => {
    const { privateWordReply } = await import("../../src/replies/compose-reply.ts");
    const { failed, finished } = await import("../../src/words/sentences.ts");
    const reply = { ...privateWordReply(failed.noPictureThere), forAskerOnly: false };
    const pictures = [await drawnPicture(world.azure, "the winner")];
    const posted = await boards.post(address, { ...reply, pictures }, "recap");
    const at = (posted.delivered && posted.address) || expect.fail();
    expect(picturesOf(only())).toHaveLength(1);
    const other = { ...privateWordReply(finished.deletedAlready), forAskerOnly: false };
    expect(await boards.change(at, other)).toEqual({ delivered: true });
    expect(only().edits).toBe(1);
    expect(picturesOf(only())).toEqual([]);
    expect(only().attachments).toEqual([]);
    world.discord.removeMessage(only());
    expect(await boards.change(at, reply)).toEqual({ delivered: true });
    expect(said()).toEqual([]);
  });
});
