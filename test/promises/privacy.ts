import { expect, it } from "vitest";
import { draw, reads, untilSeen } from "./stage.ts";
import type { Stage } from "./stage.ts";

/** What somebody can do about what is kept of them. */
export function privacy(own: Stage): void {
  it("is shown to them alone, and goes when they say so twice: out of storage, and out of its message", async () => {
    const { chat } = own;
    await draw(own, "a castle");
    await draw(own, "a ship", { who: "other", options: { quality: "low" } });
    await chat.privacy();
    const notice = await untilSeen(own, reads("What I keep of you", "It stays until it is deleted"));
    expect(notice.isAlone).toBe(true);
    await chat.press("Forget me", notice);
    const question = await untilSeen(own, reads("Shall I forget you for good?"));
    expect(chat.everReadBy("other")).not.toContain("What I keep of you");
    await chat.press("Yes, forget me", question);
    await untilSeen(own, reads("I am forgetting you, as you asked"));
    await untilSeen(own, reads("had all that is theirs deleted"));
    expect(chat.seenBy("other").some(reads("a castle"))).toBe(false);
    expect(chat.seenBy("other").filter(({ pictures }) => pictures)).toMatchObject([
      { text: expect.stringContaining("a ship") },
    ]);
  });
}
