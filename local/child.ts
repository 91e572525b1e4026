import { fork } from "node:child_process";
import type { ChildProcess, ForkOptions } from "node:child_process";

/**
 * A process of the local world. It hangs on the channel to this one: when the channel closes, because it is told to end or
 * because this process is gone, however that came, it ends.
 */
export type Child = {
  process: ChildProcess;
  /** Settles when it is gone, with a few words on how. */
  ended: Promise<string>;
  stop(): Promise<void>;
};

const STOP_MILLISECONDS = 10_000;

/**
 * Starts a file under this process's own Node, in a process group of its own: Ctrl-C, which a terminal sends to a whole group,
 * is this process's to answer, and it needs its children until it has put everything away.
 */
export function startChild(file: string, parameters: string[], options: ForkOptions): Child {
  const child = fork(file, parameters, {
    execArgv: [],
    ...options,
    execPath: process.execPath,
    detached: true,
  });
  const ended = new Promise<string>((resolve) => {
    child.once("exit", (code, signal) => resolve(signal ? `ended by ${signal}` : `ended with code ${code}`));
    child.once("error", (error) => resolve(error.message));
  });
  // Without a listener an error on the channel, closed from the other side, would end this process.
  child.on("error", () => undefined);
  return { process: child, ended, stop: () => stopChild(child, ended) };
}

async function stopChild(child: ChildProcess, ended: Promise<string>): Promise<void> {
  if (child.connected) child.disconnect();
  const timer = setTimeout(() => child.kill("SIGKILL"), STOP_MILLISECONDS);
  await ended;
  clearTimeout(timer);
}
