import { setTimeout as pause } from "node:timers/promises";
import { expect, it } from "vitest";
import { readBody, readForm } from "../../src/web/edit-page/read-form.ts";

const limits = { mostBytes: 10_000, milliseconds: 10_000 };

function request(body: BodyInit, type = "multipart/form-data; boundary=x"): Request {
  // A body that is a stream has to say so, which the types do not know.
  const init = { method: "POST", headers: { "content-type": type }, body, duplex: "half" };
  return new Request("http://127.0.0.1/", init);
}

it("reads what a browser writes", async () => {
  const mask = Buffer.from([0x89, 0x0d, 0x0a, 0x2d, 0x2d, 0xff, 0x0d, 0x0a]);
  const form = new FormData();
  form.set("words", "a red door\n日本 🦊");
  form.set("mask", new Blob([mask]), "mäsk.png");
  const sent = new Request("http://127.0.0.1/", { method: "POST", body: form });
  expect(await readForm(sent, limits)).toEqual({ words: "a red door\r\n日本 🦊", mask });
  form.delete("mask");
  form.set("words", "");
  expect(await readForm(new Request("http://127.0.0.1/", { method: "POST", body: form }), limits)).toEqual({
    words: "",
  });
});

it.each([
  ["nothing", "", undefined],
  ["no boundary", "--x--", "multipart/form-data"],
  ["an empty form", "--x--\r\n", undefined],
  ["another boundary", "--y--", undefined],
  ["a head without an end", `--x\r\n${"a".repeat(9000)}`, undefined],
  ["a name that never ends", `--x\r\ncontent-disposition: form-data; name="${"words".repeat(100)}`, undefined],
  ["boundaries alone", "\r\n--x".repeat(1000), undefined],
])("takes %s for no form", async (_, body, type) => {
  expect(await readForm(request(body, type), limits)).toEqual({ unread: "not a form" });
});

it("waits for a body that comes byte by byte no longer than it says, and lets it go", async () => {
  let isLeft = false;
  const dripping = () =>
    new ReadableStream<Uint8Array>({
      pull: async (controller) => {
        await pause(10);
        if (!isLeft) controller.enqueue(new Uint8Array(1));
      },
      cancel: () => void (isLeft = true),
    });
  expect(await readBody(request(dripping()), { ...limits, milliseconds: 50 })).toEqual({ unread: "too slow" });
  expect(isLeft).toBe(true);
  isLeft = false;
  expect(await readBody(request(dripping()), { ...limits, mostBytes: 5 })).toEqual({ unread: "too large" });
});
