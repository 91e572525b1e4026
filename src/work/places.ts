/** Drawing slots: a job that draws or waits to draw has one; a job that waits for a chat platform has none. */
export type Places = {
  free(): number;
  /** Resolves when there is a free one again, or with `stopping`. */
  untilFree(stopping: AbortSignal): Promise<void>;
  take(): Place;
};

/** Left and entered as often as one likes. Whoever enters again does not wait: fewer new jobs are taken instead. */
export type Place = { leave(): void; enter(): void };

export function openPlaces(most: number): Places {
  let taken = 0;
  let freed = Promise.withResolvers<void>();
  const free = () => Math.max(0, most - taken);
  return {
    free,
    async untilFree(stopping) {
      const stop = () => freed.resolve();
      stopping.addEventListener("abort", stop, { once: true });
      // One that is left is not free where others have entered again beyond the most.
      while (!free() && !stopping.aborted) await freed.promise;
      stopping.removeEventListener("abort", stop);
    },
    take() {
      let isIn = true;
      taken += 1;
      return {
        leave() {
          if (!isIn) return;
          isIn = false;
          taken -= 1;
          freed.resolve();
          freed = Promise.withResolvers();
        },
        enter() {
          if (isIn) return;
          isIn = true;
          taken += 1;
        },
      };
    },
  };
}

/** Does not wait: says "full" where so many of that platform are inside already. */
export type Room = <Result>(platform: string, work: () => Promise<Result>) => Promise<Result | "full">;

/**
 * For what waits for others, so many at once of each chat platform, so that the bytes they hold are bounded and one that
 * hangs does not stop the other.
 */
export function openRoom(most: number): Room {
  const inside = new Map<string, number>();
  return async (platform, work) => {
    const present = inside.get(platform) ?? 0;
    if (present >= most) return "full";
    inside.set(platform, present + 1);
    try {
      return await work();
    } finally {
      inside.set(platform, (inside.get(platform) ?? 1) - 1);
    }
  };
}
