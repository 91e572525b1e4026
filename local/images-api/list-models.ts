import { isModelName, MODEL_NAMES, MODELS } from "../../src/models.ts";
import type { ModelName, Provider } from "../../src/models.ts";
import { toResponse } from "./answer.ts";
import { checkIdentity } from "./door.ts";
import { Refused } from "./refused.ts";
import * as refusals from "./refusals.ts";
import type { Service } from "./service.ts";

export function listModels(request: Request, service: Service, provider: Provider): Response {
  const refusal = refusalOf(request, service, provider);
  if (refusal) return refusal;
  return Response.json({ object: "list", data: MODEL_NAMES.map((name) => describe(name, provider)) });
}

export function showModel(name: string, request: Request, service: Service): Response {
  const refusal = refusalOf(request, service, "openai");
  if (refusal) return refusal;
  return isModelName(name) ? Response.json(describe(name, "openai")) : toResponse(refusals.modelNotFound(name));
}

/** `shutdown_date` is the table's end date. This service goes on drawing with a model that has ended elsewhere. */
function describe(name: ModelName, provider: Provider): object {
  const ends = MODELS[name].ends[provider];
  return {
    id: name,
    object: "model",
    created: 1_776_729_600,
    owned_by: "system",
    ...(ends ? { shutdown_date: ends } : {}),
  };
}

function refusalOf(request: Request, service: Service, provider: Provider): Response | undefined {
  try {
    checkIdentity(request, provider, service);
    return undefined;
  } catch (error) {
    if (error instanceof Refused) return toResponse(error.answer);
    throw error;
  }
}
