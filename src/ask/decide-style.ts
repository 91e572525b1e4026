import { checkRequest } from "../request/check.ts";
import type { Fault } from "../request/check.ts";
import { NO_STYLE, styleNamed, withoutNamedStyle } from "../request/named-style.ts";
import type { ImageRequest } from "../request/request.ts";
import { nearestName } from "../near.ts";
import type { Settings } from "../settings.ts";
import type { Azure } from "../storage/azure.ts";
import { applyStyle } from "../styles/apply-style.ts";
import type { Styled } from "../styles/apply-style.ts";
import { ownStyleOf } from "../styles/own-style.ts";
import { listStyles, readStyle } from "../styles/style-book.ts";

type UnknownStyle = Extract<Fault, { fault: "style unknown" }>;

/** A request with its style in it, whichever way that was said. */
export type Decided = { request: ImageRequest; unknown?: UnknownStyle };

/**
 * Which style a request is drawn in: the one it names; else the one that it brings, as what goes on from a picture does; else
 * the channel's own. Throws where storage does not say.
 */
export async function decideStyle(asked: ImageRequest, azure: Azure, signal?: AbortSignal): Promise<Decided> {
  const named = styleNamed(asked.options);
  if (named?.toLowerCase() === NO_STYLE) return { request: { ...withoutNamedStyle(asked), style: null } };
  if (named) {
    const style = await readStyle(named, asked.askedBy, azure, signal);
    if (style) return { request: { ...withoutNamedStyle(asked), style } };
    const names = (await listStyles(asked.askedBy, azure, signal)).map(({ name }) => name);
    const meant = nearestName(named, names);
    return { request: asked, unknown: { fault: "style unknown", option: "style", value: named, meant, allowed: [] } };
  }
  if (asked.style !== undefined || (asked.parent && !asked.brainstorm)) return { request: asked };
  const style = await ownStyleOf(asked.askedBy, azure, signal);
  return { request: style ? { ...asked, style } : asked };
}

/** Holds it to the limits of its model, and puts the style into what the model is asked. */
export function checkDecided({ request, unknown }: Decided, settings: Settings): Styled | { faults: Fault[] } {
  const checked = checkRequest(request, settings);
  if ("faults" in checked)
    return { faults: checked.faults.map((fault) => (unknown ? orUnknown(fault, unknown) : fault)) };
  if (!request.style) return { order: checked.order, isCut: false };
  return applyStyle(checked.order, request.style, request, settings.images.provider);
}

/** A word that is near to one of the model's own, in meaning or in spelling, is told as such. */
function orUnknown(fault: Fault, unknown: UnknownStyle): Fault {
  if (fault.fault !== "value refused" || fault.option !== "style" || fault.nearest || fault.meant) return fault;
  return { ...unknown, allowed: fault.allowed };
}
