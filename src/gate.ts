/** Lets at most `most` pieces of work through at once, in the order in which they came. */
export type Gate = {
  <Result>(work: () => Promise<Result>): Promise<Result>;
  /** Whoever waits outside when `unless` is aborted goes away again, without having worked. */
  <Result>(work: () => Promise<Result>, unless: AbortSignal): Promise<Result | undefined>;
};

export function openGate(most: number): Gate {
  let inside = 0;
  const outside: (() => void)[] = [];
  const pass = async <Result>(work: () => Promise<Result>, unless?: AbortSignal) => {
    if (inside < most) inside += 1;
    else if (!(await waitOutside(outside, unless))) return undefined;
    try {
      return await work();
    } finally {
      const next = outside.shift();
      if (next) next();
      else inside -= 1;
    }
  };
  return pass;
}

function waitOutside(outside: (() => void)[], unless?: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const leave = () => {
      outside.splice(outside.indexOf(enter), 1);
      resolve(false);
    };
    const enter = () => {
      unless?.removeEventListener("abort", leave);
      resolve(true);
    };
    outside.push(enter);
    unless?.addEventListener("abort", leave, { once: true });
  });
}
