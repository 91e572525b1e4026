import { AggregateAuthenticationError, AuthenticationError } from "@azure/identity";
import type { TokenCredential } from "@azure/identity";
import OpenAI, { AzureOpenAI } from "openai";
import { becauseOf } from "../log.ts";
import { callAddress } from "../settings.ts";
import type { ImagesSettings } from "../settings.ts";

/** How a call gets in, and by which `fetch` it goes. */
export type Entrance = { bearer: string | undefined; timeoutMilliseconds: number; fetch: typeof fetch };

/** The endpoint's client for one deployment. It repeats nothing by itself. */
export function openClient(
  deployment: string,
  settings: ImagesSettings,
  { bearer, timeoutMilliseconds, fetch }: Entrance,
): OpenAI {
  const { provider, apiVersion, apiKey } = settings;
  // Everything is passed: what the SDK would read from the environment by itself makes it throw when it does not fit.
  const common = {
    maxRetries: 0,
    timeout: timeoutMilliseconds,
    fetch,
    fetchOptions: { redirect: "error" as const },
    organization: null,
    project: null,
    baseURL: callAddress(settings, deployment),
  };
  if (provider === "azure" && apiVersion) {
    const identity = bearer ? { azureADTokenProvider: () => Promise.resolve(bearer), apiKey: undefined } : { apiKey };
    return new AzureOpenAI({ ...common, ...identity, apiVersion, endpoint: undefined });
  }
  // Azure takes a key in either header, and API Management before it in `api-key` alone.
  const isAzureKey = provider === "azure" && !bearer;
  const defaultHeaders = isAzureKey ? { "api-key": apiKey, authorization: null } : undefined;
  return new OpenAI({ ...common, apiKey: bearer ?? apiKey ?? "", defaultHeaders });
}

export type Token = { token?: string } | { refused: string } | { unreachable: string };

/** Nothing where a key opens the door. Never throws, and takes no longer than the limit. */
export async function getToken(
  { apiVersion, apiKey }: ImagesSettings,
  limitMilliseconds: number,
  credential: TokenCredential,
): Promise<Token> {
  if (apiKey) return {};
  const scope = apiVersion ? "https://cognitiveservices.azure.com/.default" : "https://ai.azure.com/.default";
  const abortSignal = AbortSignal.timeout(limitMilliseconds);
  try {
    const token = await Promise.race([
      credential.getToken(scope, { abortSignal }),
      new Promise<never>((_, reject) => abortSignal.addEventListener("abort", () => reject(abortSignal.reason))),
    ]);
    if (token) return { token: token.token };
  } catch (error) {
    const because = becauseOf(error);
    return !abortSignal.aborted && isRefused(error) ? { refused: because } : { unreachable: because };
  }
  return { refused: "no token" };
}

/** Entra has looked at who asks and says no. Anything else is trouble on the way to it, which may pass. */
function isRefused(error: unknown): boolean {
  const refusals = error instanceof AggregateAuthenticationError ? (error.errors as unknown[]) : [error];
  return refusals.some(
    (each) => each instanceof AuthenticationError && each.statusCode >= 400 && each.statusCode < 500,
  );
}
