import type { LocalWorld } from "./start.ts";

/** What a newcomer reads in the terminal when everything is up: a line for each part, the addresses, and what to type. */
export function greeting(
  world: Pick<LocalWorld, "chatUrl" | "discordUrl" | "imagesUrl" | "environment">,
  milliseconds: number,
  directory: string,
): string[] {
  return [
    "",
    `Easel is ready after ${(milliseconds / 1000).toFixed(1)} s, in local mode: all on this machine, no account.`,
    "",
    `  Easel         ${world.environment.PUBLIC_URL}   the bot itself, with both adapters`,
    `  Images API    ${world.imagesUrl}  a stand-in that paints; no real model`,
    `  Azurite       Microsoft's emulator of Blob, Queue and Table; pictures and jobs are kept in ${directory.replace(/\/$/, "")}/`,
    `  Teams         ${world.chatUrl}  Microsoft 365 Agents Playground, in place of Teams`,
    `  Discord       ${world.discordUrl}  a look-alike of ours, none of Discord's, with a flight simulator for both`,
    "",
    `Open ${world.chatUrl} in a browser for Teams, or ${world.discordUrl} for Discord, and type (with a / on Discord):`,
    "",
    "  imagine a lighthouse made of books",
    "  imagine a red fox in the snow --size wide --quality hd --count 2",
    "  imagine a red fox in the snow --model gpt-image-2   (appears while you watch, and can be edited)",
    "  imagine            (a form)",
    "  brainstorm a logo for our bakery   (for a room: ideas, quick drafts, votes, and on from the winner)",
    "  history            (your pictures; under each picture are buttons to go on from it)",
    "  help",
    "",
    "In a group or a channel of Teams, type @ and pick Test Bot from the list, then: imagine …",
    "A reload of the Teams page forgets its messages, and Ctrl-C, which ends all of it, those of both: type history.",
    "Pictures, their addresses and jobs are kept.",
    "",
  ];
}
