import { IN_LOCAL_WORLD } from "./bot-word.ts";
import type { BotWord } from "./bot-word.ts";
import { startChild } from "./child.ts";
import { redirectTo } from "./redirect.ts";

export type Bot = {
  /** Settles when it is up for the first time. */
  ready: Promise<void>;
  /** Settles when it has come to an end that nobody ordered, with a few words on how. */
  lost: Promise<string>;
  /** Kills it without a warning, and starts it again; settles when it is up. */
  killAndStartAgain(): Promise<void>;
  /** Lets it finish what is under way. */
  stop(): Promise<void>;
};

export type BotOptions = {
  /** The entry point, which takes `IN_LOCAL_WORLD` as its first parameter. */
  file: string;
  environment: Record<string, string | undefined>;
  /** Where Discord stands in, and the certificate that it shows. */
  discord: { hosts: readonly string[]; port: number; cert: string };
  /** Is told what the bot tells. */
  hear: (word: BotWord) => void;
};

/** Starts the bot as a process of its own, so that it can be killed. Of the world it reaches this machine alone, and Discord's names lead here. */
export function startBot({ file, environment, discord, hear }: BotOptions): Bot {
  const redirect = redirectTo(Object.fromEntries(discord.hosts.map((host) => [host, discord.port])), discord.cert);
  const lost = Promise.withResolvers<string>();
  let isWanted = true;
  let isStopping = false;
  const begin = () => {
    const up = Promise.withResolvers<void>();
    const child = startChild(file, [IN_LOCAL_WORLD], {
      execArgv: redirect.execArgv,
      env: { ...environment, ...redirect.env },
      stdio: ["ignore", "inherit", "inherit", "ipc"],
    });
    child.process.on("message", (word) => {
      if (word === "ready") up.resolve();
      hear(word as BotWord);
    });
    void child.ended.then((how) => (isWanted ? lost.resolve(how) : undefined));
    return { child, up: up.promise };
  };
  let running = begin();
  return {
    ready: running.up,
    lost: lost.promise,
    async killAndStartAgain() {
      if (!isWanted) return;
      isWanted = false;
      running.child.process.kill("SIGKILL");
      await running.child.ended;
      if (isStopping) return;
      isWanted = true;
      running = begin();
      await Promise.race([running.up, running.child.ended]);
    },
    async stop() {
      isWanted = false;
      isStopping = true;
      const { child } = running;
      if (child.process.connected) child.process.send("stop");
      await child.ended;
    },
  };
}
