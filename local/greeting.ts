import type { LocalWorld } from "./start.ts";

/** What a newcomer reads in the terminal when everything is up: a line for each part, the address, and what to type. */
export function greeting(
  world: Pick<LocalWorld, "chatUrl" | "imagesUrl" | "environment">,
  milliseconds: number,
): string[] {
  return [
    "",
    `Easel is ready after ${(milliseconds / 1000).toFixed(1)} s, in local mode: all on this machine, no account.`,
    "",
    `  Easel         ${world.environment.PUBLIC_URL}   the bot itself, with the Teams adapter`,
    `  Images API    ${world.imagesUrl}  a stand-in that paints; no real model`,
    "  Azurite       Microsoft's emulator of Blob, Queue and Table; pictures and jobs are kept in .easel/",
    `  Chat client   ${world.chatUrl}  Microsoft 365 Agents Playground, in place of Teams`,
    "",
    `Open ${world.chatUrl} in a browser and type:`,
    "",
    "  imagine a lighthouse made of books",
    "  imagine a red fox in the snow --size wide --quality hd --count 2",
    "  imagine            (a form)",
    "  history            (your pictures; under each picture are buttons to go on from it)",
    "  help",
    "",
    "In a group or a channel, type @ and pick Test Bot from the list, then: imagine …",
    "Ctrl-C ends all of it. The chat client forgets its messages then; pictures, their addresses and jobs are kept.",
    "",
  ];
}
