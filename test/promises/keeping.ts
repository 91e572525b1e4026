import { expect, it } from "vitest";
import { draw, isFinished, reads, untilSeen, untilTold } from "./stage.ts";
import type { Seen, Who } from "./platform.ts";
import type { Stage } from "./stage.ts";

const KEEP = "☆ Keep";
/** For whoever keeps it, where what is behind More… is shown to one person. */
const KEPT = "★ Kept: take it off";

/** What the people of a channel keep of the pictures there. */
export function keeping(own: Stage): void {
  const { keep, wallReads, pageOf } = keepsOn(own);

  it("has what its people keep, with who does, for whoever asks there and for nobody else's eyes", async () => {
    const { names } = own.chat;
    const [castle, ship] = [await draw(own, "a castle"), await draw(own, "a ship")];
    await keep(castle, "asker", "on this channel’s wall now");
    await keep(ship, "other", "on this channel’s wall now");
    await keep(ship, "asker", `beside ${names.other}`);
    const wall = await wallReads("moderator", `1. a ship (kept by ${names.other} and ${names.asker})`, "2. a castle");
    expect(wall).toMatchObject({ isAlone: true, pictures: 1 });
    expect(own.chat.everReadBy("asker")).not.toContain("kept by");
    await own.chat.pick(wall.choices[1] ?? "", wall, { who: "moderator" });
    const alone = await untilSeen(own, (seen) => seen.isAlone && isFinished(seen), "moderator");
    expect(alone.text).toContain("a castle");
    const page = await pageOf(wall);
    for (const said of ["a castle", "a ship", `Kept by ${names.other} and ${names.asker}`])
      expect(page).toContain(said);
  });

  it("is seen from no other channel", async () => {
    await keep(await draw(own, "a secret"), "asker", "on this channel’s wall now");
    const elsewhere = { ...own, chat: own.platform.openChat() };
    await elsewhere.chat.wall();
    await untilTold(elsewhere, /Nothing hangs on this channel’s wall yet/);
    expect(elsewhere.chat.everReadBy("asker")).not.toContain("a secret");
  });

  it("loses what nobody keeps any more, and for all what its asker or a moderator takes off", async () => {
    const { names } = own.chat;
    const castle = await draw(own, "a castle");
    await keep(castle, "other", "on this channel’s wall now");
    await keep(castle, "other", "It is off the wall.", own.platform.name === "Discord" ? KEPT : KEEP);
    await keep(castle, "other", "on this channel’s wall now");
    await keep(castle, "moderator", `beside ${names.other}`);
    expect(own.chat.toldTo("other")).not.toContain("Take it off");
    const told = await untilSeen(own, reads(`beside ${names.other}`), "moderator");
    await own.chat.press("Take it off the wall", told, { who: "moderator" });
    await untilTold(own, /It is off the wall\./, "moderator");
    await own.chat.wall();
    await untilTold(own, /Nothing hangs on this channel’s wall yet/);
  });

  it("takes nothing that one person has alone", async () => {
    const message = await draw(own, "a surprise for Grace", { isAlone: true, options: { quality: "low" } });
    expect((await own.chat.details(message)).buttons).not.toContain(KEEP);
    await own.chat.wall({ who: "other" });
    await untilTold(own, /Nothing hangs on this channel’s wall yet/, "other");
  });

  it("loses a picture that is deleted, on its page as well", async () => {
    const [castle, ship] = [await draw(own, "a castle"), await draw(own, "a ship")];
    await keep(castle, "other", "on this channel’s wall now");
    await keep(ship, "other", "on this channel’s wall now");
    const wall = await wallReads("asker", "1. a ship", "2. a castle");
    await own.chat.press("Delete", ship);
    await untilSeen(own, reads(`${own.chat.names.asker} has deleted this picture`));
    const after = await wallReads("moderator", "a castle");
    expect(after.text).not.toContain("a ship");
    const page = await pageOf(wall);
    expect(page).toContain("a castle");
    expect(page).not.toContain("a ship");
  });
}

function keepsOn(own: Stage) {
  return {
    keep: async (picture: Seen, who: Who, told: string, label = KEEP) => {
      const before = own.chat.toldTo(who).split(told).length;
      await own.chat.press(label, picture, { who });
      await expect.poll(() => own.chat.toldTo(who).split(told).length, { timeout: 60_000 }).toBe(before + 1);
    },
    wallReads: async (who: Who, ...lines: (string | RegExp)[]) => {
      await own.chat.wall({ who });
      return untilSeen(own, reads("The wall", ...lines), who);
    },
    pageOf: async ({ links }: Seen) => {
      const url = links.find(({ label }) => label === "Open the wall’s page")?.url ?? "";
      expect(url).toMatch(/\/walls\/[0-9a-f]{32}$/);
      const page = await own.platform.fetch(url);
      expect(page.status).toBe(200);
      return page.text();
    },
  };
}
