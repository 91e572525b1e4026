/** Lets at most `most` pieces of work through at once, in the order in which they came. */
export type Gate = <Result>(work: () => Promise<Result>) => Promise<Result>;

export function openGate(most: number): Gate {
  let inside = 0;
  const outside: (() => void)[] = [];
  return async (work) => {
    if (inside >= most) await new Promise<void>((resolve) => outside.push(resolve));
    else inside += 1;
    try {
      return await work();
    } finally {
      const next = outside.shift();
      if (next) next();
      else inside -= 1;
    }
  };
}
