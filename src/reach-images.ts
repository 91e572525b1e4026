import type { ImagesSettings } from "./settings.ts";

/** Throws when nothing answers at the image service's address. Any answer will do: no key is sent, and nothing drawn or paid. */
export async function reachImages({ endpoint }: ImagesSettings, signal: AbortSignal): Promise<void> {
  const response = await fetch(endpoint, { method: "HEAD", redirect: "manual", signal });
  await response.body?.cancel();
}
