import { setTimeout as pause } from "node:timers/promises";
import type { ModelName } from "../../src/models.ts";
import { closeCall } from "./call.ts";
import { drawnBody } from "./drawn-answer.ts";
import type { Drawn } from "./drawn-answer.ts";
import { readEditPictures } from "./edit-pictures.ts";
import type { EditForm, EditPictures } from "./edit-pictures.ts";
import { blockedAnswer, findBlock } from "./filter.ts";
import { finish, headersOf } from "./finish.ts";
import { untilAborted } from "./gate.ts";
import { cutBody, half, stalledBody } from "./mischief.ts";
import { readOrder } from "./parameters.ts";
import type { Order } from "./parameters.ts";
import type { Scenario } from "./scenarios.ts";
import type { Visit } from "./service.ts";
import { readReferences } from "./style-references.ts";
import { spoiledPicture } from "./spoiled-pictures.ts";
import { streamDrawn } from "./stream-answer.ts";

/** Checks the parameters, asks the filter, paints, lets the filter look at the result, and answers. */
export async function drawCall(
  form: EditForm,
  model: ModelName,
  scenario: Scenario | undefined,
  visit: Visit,
): Promise<Response> {
  const { call, surface, service, signal } = visit;
  const input = surface.operation === "edits" ? await readEditPictures(form, model, surface) : undefined;
  if (input) call.inputs = input;
  const order = readOrder(form.parameters, model, surface);
  const block = scenario?.block ?? findBlock(order.prompt);
  const blocked = block && blockedAnswer(block, model, surface.provider, crypto.randomUUID());
  if (blocked && block.stage === "prompt") return finish(visit, "blocked", blocked);

  const duration = durationOf(order) * service.latency;
  const drawing = untilAborted(paintAll(order, input, scenario, visit), signal);
  const ending = scenario?.ending;
  if (order.partials !== undefined && ending !== "plain-json" && ending !== "text-plain") {
    const finished = () => closeCall(call, blocked ? "blocked" : "drawn", 200);
    const plan = { operation: surface.operation, duration, blocked, ending, hangUp: visit.hangUp, finished, signal };
    const headers = { ...headersOf(visit), "content-type": "text/event-stream; charset=utf-8" };
    return new Response(streamDrawn(drawing, plan), { headers });
  }
  const [drawn] = await Promise.all([drawing, pause(duration, undefined, { signal })]);
  if (blocked) return finish(visit, "blocked", blocked);
  return sendDrawn(JSON.stringify(drawnBody(drawn, surface)), ending, visit);
}

/** The drawn answer as one JSON text, whole or, in a scenario, not. */
function sendDrawn(text: string, ending: Scenario["ending"], visit: Visit): Response {
  const contentType = ending === "text-plain" ? "text/plain" : "application/json";
  const init = { headers: { ...headersOf(visit), "content-type": contentType } };
  closeCall(visit.call, "drawn", 200);
  if (ending === "cut" || ending === "stream-cut") return new Response(cutBody(text, visit.hangUp), init);
  if (ending === "stall") return new Response(stalledBody(text, visit.signal), init);
  return new Response(ending === "half-json" ? half(text) : text, init);
}

async function paintAll(
  order: Order,
  input: EditPictures | undefined,
  scenario: Scenario | undefined,
  visit: Visit,
): Promise<Drawn> {
  const { request, service } = visit;
  const spoiled = scenario?.picture;
  const pictures: Buffer[] = [];
  // The same words again give another picture, as they would with a model.
  const same = service.calls.filter((call) => call !== visit.call && call.prompt === order.prompt);
  const before = same.length;
  const isLike = input && !input.mask && same.some(({ inputPictures }) => !inputPictures);
  const asked = readReferences(order.prompt, input && { ...input, isLike });
  for (let number = 0; number < order.count; number++) {
    pictures.push(
      spoiled
        ? await spoiledPicture(spoiled)
        : await service.paint({ ...order, prompt: asked.prompt }, before + number, asked.input),
    );
  }
  const origin = service.pictureOrigin ?? new URL(request.url).origin;
  const addressOf = (bytes: Buffer) =>
    origin + service.pictures.keep(bytes, `image/${order.format}`, scenario?.urlExpired);
  return { order, pictures, inputPictures: input?.pictures.length ?? 0, addressOf };
}

/** Milliseconds that stand for the 10 to 400 seconds of the real service. */
const DURATIONS: Record<string, number> = {
  standard: 2000,
  hd: 3000,
  low: 1500,
  medium: 2500,
  high: 4000,
  xhigh: 4500,
  max: 5000,
};

function durationOf({ quality }: Order): number {
  return DURATIONS[quality] ?? 2000;
}
