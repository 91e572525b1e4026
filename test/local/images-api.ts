/** The local Images API as the tests of it use it: at once, with scenarios, and with the real clients of the SDK. */
import OpenAI, { APIError, AzureOpenAI } from "openai";
import { onTestFinished } from "vitest";
import { startImagesApi } from "../../local/images-api/images-api.ts";
import type { ImagesApi, ImagesApiOptions } from "../../local/images-api/images-api.ts";

export async function startApi(options: ImagesApiOptions = {}): Promise<ImagesApi> {
  const api = await startImagesApi({ latency: 0, scenarios: true, ...options });
  onTestFinished(() => api.stop());
  return api;
}

const common = { apiKey: "a-key", maxRetries: 0 };

export function onAzure(api: ImagesApi): OpenAI {
  return new OpenAI({ ...common, baseURL: `${api.url}/openai/v1` });
}

export function onOpenai(api: ImagesApi): OpenAI {
  return new OpenAI({ ...common, baseURL: `${api.url}/v1` });
}

export function onDatedAzure(api: ImagesApi, deployment: string, apiVersion: string): AzureOpenAI {
  return new AzureOpenAI({ ...common, endpoint: api.url, apiVersion, deployment });
}

export type Said = { status?: number; code?: string | null; param?: string | null; type?: string; message: string };

/** What the client throws, in short; a call that succeeds fails the test. */
export async function refusalOf(call: Promise<unknown>): Promise<Said> {
  const outcome = await call.then(
    () => new Error("it was not refused"),
    (error: unknown) => error,
  );
  if (!(outcome instanceof APIError)) throw outcome;
  const { status, code, param, type, message } = outcome;
  return { status, code, param, type, message: message.replace(/^\d+ /, "") };
}
