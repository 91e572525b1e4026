/** The image service of the soak: a picture within some milliseconds, more slowly where the words ask for it, and a filter's no. */
import { setTimeout as pause } from "node:timers/promises";
import { event, json, paint, startScriptedImages } from "../../test/fakes/scripted-images.ts";
import type { Script, ScriptedImages } from "../../test/fakes/scripted-images.ts";

/** Words that the filter stops. */
export const BLOCKED_WORDS = "covered in blood";
/** Words that take so long that somebody can cancel, and that a picture in the making is seen. */
export const SLOW_WORDS = "very slowly";
const SLOW_MILLISECONDS = 5000;
const QUICK_MILLISECONDS = 30;

export async function startImageService(): Promise<ScriptedImages> {
  const pictures = await Promise.all(["#735", "#357", "#573"].map((colour) => paint(1024, 1024, colour)));
  const script: Script = async (call, response) => {
    const { prompt, stream } = call.parameters;
    const words = String(prompt);
    if (words.includes(BLOCKED_WORDS)) {
      const message = "Your request was rejected by the safety system.";
      const error = { message, type: "image_generation_user_error", param: null, code: "moderation_blocked" };
      return json(400, { error })(call, response);
    }
    const b64_json = (pictures[call.number % pictures.length] ?? Buffer.alloc(0)).toString("base64");
    const milliseconds = words.includes(SLOW_WORDS) ? SLOW_MILLISECONDS : QUICK_MILLISECONDS;
    if (!stream) {
      await pause(milliseconds);
      return json(200, { created: 1, data: [{ b64_json }] })(call, response);
    }
    const kind = call.path.includes("edits") ? "image_edit" : "image_generation";
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write(event({ type: `${kind}.partial_image`, b64_json, partial_image_index: 0 }));
    await pause(milliseconds);
    response.end(event({ type: `${kind}.completed`, b64_json, usage: {} }));
  };
  return startScriptedImages(script);
}
