import { isModelName, MODELS } from "../../src/models.ts";
import type { ModelName, Provider } from "../../src/models.ts";
import { readForm } from "./edit-pictures.ts";
import type { EditForm } from "./edit-pictures.ts";
import { Misconfigured, Refused } from "./refused.ts";
import * as refusals from "./refusals.ts";
import type { Service } from "./service.ts";
import { knowsVersion } from "./surface.ts";
import type { Surface } from "./surface.ts";

/** Throws unless the call brings a key or a token that is accepted. `api-key` is Azure's header alone. */
export function checkIdentity(request: Request, provider: Provider, { accepts }: Service): void {
  if (!accepts) return;
  const bearer = /^Bearer (.+)$/i.exec(request.headers.get("authorization") ?? "")?.[1];
  const key = provider === "azure" ? request.headers.get("api-key") : undefined;
  const credential = key ?? bearer;
  if (!credential || !accepts(credential)) throw new Misconfigured(refusals.unauthorized(provider));
}

/** The body, which is JSON for a generation and a form for an edit. */
export async function readBody(request: Request, { operation }: Surface): Promise<EditForm> {
  const type = request.headers.get("content-type") ?? "";
  const expected = operation === "edits" ? "multipart/form-data" : "application/json";
  if (!type.startsWith(expected)) throw new Refused(refusals.unsupportedContentType(type, expected));
  return operation === "edits"
    ? readForm(await request.formData())
    : { parameters: await readJson(request), pictures: [] };
}

async function readJson(request: Request): Promise<Record<string, unknown>> {
  try {
    const body: unknown = await request.json();
    if (typeof body === "object" && body !== null && !Array.isArray(body)) return { ...body };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new Refused(refusals.unreadableBody());
}

/** Which model is meant: by deployment on Azure, by its own name at OpenAI. */
export function resolveModel(
  parameters: Record<string, unknown>,
  surface: Surface,
  { deployments }: Service,
): ModelName {
  const named = typeof parameters.model === "string" ? parameters.model : undefined;
  if (surface.provider === "openai") {
    if (!named) throw new Refused(refusals.missingParameter("model"));
    if (!isModelName(named)) throw new Misconfigured(refusals.modelNotFound(named));
    return named;
  }
  const deployment = surface.deployment ?? named;
  if (!deployment) throw new Refused(refusals.missingParameter("model"));
  const model = Object.hasOwn(deployments, deployment) ? deployments[deployment] : undefined;
  if (!model) throw new Misconfigured(refusals.deploymentNotFound());
  if (!knowsVersion(surface, MODELS[model].revisesPrompt)) {
    throw new Misconfigured(surface.name === "azure v1" ? refusals.wrongVersion() : refusals.wrongPath());
  }
  if (surface.operation === "edits" && surface.name === "azure dated" && !surface.apiVersion?.endsWith("-preview")) {
    throw new Misconfigured(refusals.wrongPath());
  }
  if (surface.name === "azure dated" && named && named !== model)
    throw new Misconfigured(refusals.modelDoesNotExist(named));
  return model;
}
