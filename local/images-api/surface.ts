import type { Provider } from "../../src/models.ts";

export type Operation = "generations" | "edits";

/** Which of the addresses was called: each takes the model from another place and knows other versions. */
export type SurfaceName = "azure v1" | "azure dated" | "openai";

export type Surface = {
  name: SurfaceName;
  provider: Provider;
  operation: Operation;
  /** The dated Azure path names it in the address, the others name it as `model` in the body. */
  deployment?: string;
  apiVersion?: string;
};

/** Reads an address; nothing if there is no such path. */
export function readSurface(address: URL): Surface | undefined {
  const apiVersion = address.searchParams.get("api-version") ?? undefined;
  const match =
    /^\/(?:(?<v1>openai\/v1)|openai\/deployments\/(?<deployment>[^/]+)|(?<openai>v1))\/images\/(?<operation>generations|edits)$/.exec(
      address.pathname,
    );
  const { v1, deployment, operation } = match?.groups ?? {};
  if (operation !== "generations" && operation !== "edits") return undefined;
  if (deployment) {
    return {
      name: "azure dated",
      provider: "azure",
      operation,
      deployment: decodeURIComponent(deployment),
      apiVersion,
    };
  }
  if (v1) return { name: "azure v1", provider: "azure", operation, apiVersion };
  return { name: "openai", provider: "openai", operation };
}

/** The first version of the dated path that knows gpt-image; the finished ones, 2024-10-21 the last, know DALL-E alone. */
const FIRST_GPT_IMAGE_VERSION = "2025-04-01-preview";

export function knowsVersion(surface: Surface, drawsDallE: boolean): boolean {
  const { name, apiVersion } = surface;
  if (name === "openai") return true;
  if (name === "azure v1") return apiVersion === undefined || ["preview", "v1", "latest"].includes(apiVersion);
  if (!apiVersion || !/^20\d\d-\d\d-\d\d(-preview)?$/.test(apiVersion)) return false;
  if (drawsDallE) return apiVersion >= "2023-12-01-preview";
  return apiVersion.endsWith("-preview") && apiVersion >= FIRST_GPT_IMAGE_VERSION;
}
