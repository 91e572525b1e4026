import { describe, expect, it } from "vitest";
import { ask, draw, reads, untilSeen, untilTold } from "./stage.ts";
import type { Seen } from "./platform.ts";
import type { Stage } from "./stage.ts";

/** What strangers may not, and the asker and a moderator may. */
export function rights(own: Stage): void {
  const { addressOf, statusOf } = looksInto(own);

  describe("Delete", () => {
    it("is no stranger's: they hear so alone, and the picture stays", async () => {
      const message = await draw(own, "a secret");
      const address = await addressOf(message);
      await own.chat.press("Delete", message, { who: "other" });
      await untilTold(own, /Only the person who asked for it/, "other");
      expect(own.chat.seenBy("asker")).toContainEqual(message);
      expect(await statusOf(address)).toBe(200);
    });

    it("takes the picture out of storage and out of its message, words and all, and nobody goes on from it", async () => {
      const message = await draw(own, "a secret");
      const address = await addressOf(message);
      await own.chat.press("Delete", message);
      const after = await untilSeen(
        own,
        (seen) => seen.id === message.id && reads(`${own.chat.names.asker} has deleted this picture`)(seen),
      );
      expect(after).toMatchObject({ pictures: 0, links: [] });
      expect(after.text).not.toContain("a secret");
      expect(await statusOf(address)).toBe(404);
      for (const [index, label] of ["Again", "More like this", "Edit", "Family"].entries()) {
        await own.chat.press(label, message, { who: "other" });
        const each = "[^]*That picture was deleted".repeat(index + 1);
        await untilTold(own, each, "other");
      }
      expect(own.calls()).toHaveLength(1);
    });

    it("is a moderator's, who is named", async () => {
      const message = await draw(own, "a secret");
      await own.chat.press("Delete", message, { who: "moderator" });
      await untilSeen(own, reads(`${own.chat.names.moderator} has deleted this picture`));
    });
  });

  describe("Cancel", () => {
    it("is no stranger's, and for its asker it breaks off what was begun, and says what may be charged", async () => {
      const message = await ask(own, "a slow one");
      await own.chat.press("Cancel", message, { who: "other" });
      await untilTold(own, /Only the person who asked, or a moderator, can cancel that/, "other");
      await own.chat.press("Cancel", message);
      const after = await untilSeen(own, reads("Cancelled", "The drawing was under way already"));
      expect(after.id).toBe(message.id);
      own.platform.world.images.release();
      await own.chat.press("Cancel", message);
      await untilTold(own, /It is done already|It is cancelled/);
    });

    it("is a moderator's, who is named, and the words do not stay", async () => {
      const message = await ask(own, "an odd one");
      await own.chat.press("Cancel", message, { who: "moderator" });
      const after = await untilSeen(own, reads(`${own.chat.names.moderator} has cancelled this`));
      expect(after.text).not.toContain("an odd one");
    });
  });

  it("Revise is the asker's: a stranger hears so, and nothing is drawn", async () => {
    const message = await ask(own, "a slow one");
    await own.chat.press("Cancel", message);
    const cancelled = await untilSeen(own, reads("Cancelled"));
    const form = await own.chat.open("Revise", cancelled, { who: "other" });
    await form?.send("another one");
    await untilTold(own, /Only the person who asked can do that/, "other");
    expect(own.calls()).toHaveLength(1);
  });
}

function looksInto(own: Stage) {
  return {
    addressOf: async (message: Seen) => (await own.chat.details(message)).links[0]?.url ?? expect.fail("no link"),
    statusOf: async (address: string) => (await own.platform.fetch(address)).status,
  };
}
