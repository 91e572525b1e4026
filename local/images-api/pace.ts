/** Azure checks requests per minute in windows of this length, so a burst is refused early. */
const WINDOW_MILLISECONDS = 10_000;

/** Counts a call on a deployment, refused or not, and says how many seconds to wait if it is one too many. */
export type Pace = (deployment: string) => { waitSeconds?: number; remaining: number };

export function keepPace(requestsPerMinute: number, now: () => number = Date.now): Pace {
  const most = Math.max(1, Math.floor((requestsPerMinute * WINDOW_MILLISECONDS) / 60_000));
  const windows = new Map<string, { began: number; calls: number }>();
  return (deployment) => {
    const time = now();
    let window = windows.get(deployment);
    if (!window || time - window.began >= WINDOW_MILLISECONDS)
      windows.set(deployment, (window = { began: time, calls: 0 }));
    window.calls += 1;
    const remaining = Math.max(0, most - window.calls);
    return window.calls <= most
      ? { remaining }
      : { remaining, waitSeconds: (window.began + WINDOW_MILLISECONDS - time) / 1000 };
  };
}
