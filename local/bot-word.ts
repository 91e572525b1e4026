/** The first parameter of Easel's entry point where it is the bot of local mode: a process of its own, behind a redirect. */
export const IN_LOCAL_WORLD = "in-local-world";

/** What that process says to its parent: that it is up, or what became of somebody's request. */
export type BotWord = "ready" | { narrated: string };
