import { MODELS, SHAPES } from "../models.ts";
import { checkRequest, modelNamed, optionOfFault } from "./check.ts";
import type { Asked, Fault } from "./check.ts";
import type { ImageRequest } from "./request.ts";
import type { Settings } from "../settings.ts";

/** Another model may mind what the first did not. */
const MOST_ROUNDS = 4;

/**
 * The options of a request with the nearest that its model takes in place of each wrong one: what a form begins with after
 * a fault. Where nothing is near, the option is left out, and the model's own standard holds.
 */
export function mendOptions(request: Asked, settings: Settings): ImageRequest["options"] {
  let options = { ...request.options };
  const model = modelNamed(options.model, settings);
  if (model) options.model = model;
  for (let round = 1; round <= MOST_ROUNDS; round += 1) {
    const faults = faultsOf({ ...request, options }, settings);
    if (!faults.length) return options;
    options = { ...options };
    for (const fault of faults)
      for (const name of optionOfFault(fault)) {
        const nearest = round < MOST_ROUNDS ? nearestTo(fault) : undefined;
        if (nearest === undefined) delete options[name];
        else options[name] = nearest;
      }
  }
  return options;
}

function faultsOf(request: Asked, settings: Settings): Fault[] {
  const checked = checkRequest(request, settings);
  return "faults" in checked ? checked.faults.filter((fault) => optionOfFault(fault).length) : [];
}

/** In meaning or in spelling. A size that has a word is said by it. */
function nearestTo(fault: Fault): string | undefined {
  if (fault.fault === "size refused")
    return SHAPES.find((shape) => MODELS[fault.model].sizes[shape] === fault.nearest) ?? fault.nearest;
  if ("nearest" in fault && fault.nearest !== undefined) return fault.nearest;
  return "meant" in fault && fault.fault !== "option unknown" ? fault.meant : undefined;
}
