import { expect, it, onTestFinished, test } from "vitest";
import { untilTrue } from "../end-to-end/world.ts";
import { ask, draw, isFinished, reads, untilFinished, untilSeen } from "./stage.ts";
import type { Stage } from "./stage.ts";

/** What people notice of storage, the image service and the bot's own end. */
export function trouble(own: Stage): void {
  test.each(["storage", "the image service"])("%s, everybody is acknowledged in time", async (what) => {
    const { patience, world } = own.platform;
    const picture = await draw(own, "in good times");
    const hanging = what === "storage" ? world.storageProxy.fail({}, "hang", Infinity) : undefined;
    onTestFinished(() => hanging?.end());
    world.images.hold();
    const asked = own.chat.imagine("in bad times");
    const pressed = own.chat.press("Again", picture, { who: "other" });
    expect((await asked).milliseconds).toBeLessThan(patience.command);
    expect((await pressed).milliseconds).toBeLessThan(patience.press);
  });

  it("the bot itself, which is ended in the middle of a drawing: the next one answers", async () => {
    const waiting = await ask(own, "a long night");
    own.platform.world.images.release();
    await own.platform.restart();
    const message = await untilSeen(own, (seen) => isFinished(seen) && seen.text.includes("a long night"));
    expect(message.id).toBe(waiting.id);
    expect(own.chat.seenBy("asker")).toHaveLength(1);
  });

  it("the image service, for a while: the waiting message says so, and the picture comes", async () => {
    const { world } = own.platform;
    await world.images.stop();
    await own.chat.imagine("patience");
    const waiting = await untilSeen(own, reads("patience", "I keep trying"));
    await world.reopenImages();
    const [message] = await untilFinished(own, 1);
    expect(message?.id).toBe(waiting.id);
  });

  it("storage, when the picture is drawn: the waiting message stays, and becomes the picture", async () => {
    const { world } = own.platform;
    const waiting = await ask(own, "a storm at sea");
    const outage = world.storageProxy.fail({}, { cut: "before" }, Infinity);
    onTestFinished(() => outage.end());
    world.images.release();
    await untilTrue(() => outage.met.filter(({ name }) => name === "PUT picture").length > 1, 60);
    expect(own.chat.seenBy("asker")).toEqual([expect.objectContaining({ id: waiting.id, isAlone: false })]);
    outage.end();
    const [message] = await untilFinished(own, 1);
    expect(message?.id).toBe(waiting.id);
    expect(own.calls()).toHaveLength(1);
  });
}
