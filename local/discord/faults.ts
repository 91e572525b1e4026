import type { Fault, FaultKind, LoggedRequest } from "./records.ts";
import type { World } from "./world.ts";

/** Which calls: a method, a path (without `/api/v10`, decoded), or anything that can be said of the request. */
export type RequestMatcher =
  | { method?: string; path?: string | RegExp; when?: (request: LoggedRequest) => boolean }
  | ((request: LoggedRequest) => boolean);

/** A planted fault: how often it struck, and how to take it away. */
export type PlantedFault = { readonly hits: number; stop: () => void };

export function plantFault(
  world: World,
  matcher: RequestMatcher,
  { times = 1, skip = 0, ...kind }: FaultKind & { times?: number; skip?: number },
): PlantedFault {
  const fault: Fault = { kind, matches: matching(matcher), skip, left: times, hits: 0 };
  world.faults.add(fault);
  return {
    get hits() {
      return fault.hits;
    },
    stop: () => world.faults.delete(fault),
  };
}

export function matching(matcher: RequestMatcher): (request: LoggedRequest) => boolean {
  if (typeof matcher === "function") return matcher;
  const { method, path, when } = matcher;
  return (request) =>
    (method === undefined || method === request.method) &&
    (path === undefined || (typeof path === "string" ? path === request.path : path.test(request.path))) &&
    (when === undefined || when(request));
}

/** Takes the first fault that is meant for this call, and counts it. */
export function strike(world: World, request: LoggedRequest): FaultKind | undefined {
  for (const fault of world.faults) {
    if (!fault.matches(request)) continue;
    if (fault.skip > 0) {
      fault.skip -= 1;
      continue;
    }
    fault.hits += 1;
    fault.left -= 1;
    if (fault.left <= 0) world.faults.delete(fault);
    return fault.kind;
  }
  return undefined;
}
