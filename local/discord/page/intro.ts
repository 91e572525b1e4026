import type { DiscordChannel } from "../page-protocol.ts";
import { icon, make } from "./dom.ts";
import { nameOfChannel } from "./sidebar.ts";

const hints = [
  { command: "/imagine a lighthouse made of books", says: "a picture by DALL·E 3, with the words it drew from" },
  {
    command: "/imagine a red fox in the snow model:gpt-image-2",
    says: "appears while you watch, and can be edited",
  },
  {
    command: "/brainstorm a logo for our bakery",
    says: "for a room: ideas, quick drafts, votes, and on from the winner",
  },
  { command: "/history", says: "your pictures so far" },
];

/** The beginning of a channel: what this page is, and what one can do first. */
export function makeIntro(channel: DiscordChannel, begin: (command: string) => void): HTMLElement {
  const name = nameOfChannel(channel);
  const sign = channel.type === 0 ? "#" : icon(channel.type === 1 ? "message" : "thread");
  return make(
    "div",
    { class: "intro" },
    make("span", { class: "intro-sign", "aria-hidden": "true" }, sign),
    make("h1", {}, channel.type === 1 ? name.slice(1) : `Welcome to ${name}!`),
    make(
      "p",
      {},
      "This is a look-alike for trying Easel on your own computer. It is not Discord: nothing here is made by, comes from or goes to Discord.",
    ),
    make(
      "ul",
      { class: "hints" },
      ...hints.map(({ command, says }) =>
        make(
          "li",
          {},
          make("button", { type: "button", class: "hint", click: () => begin(command) }, command),
          make("span", {}, says),
        ),
      ),
      make(
        "li",
        {},
        make(
          "span",
          {},
          "Type / for every command · ⋯ on a message for more · press a face at the bottom left to be somebody else",
        ),
      ),
    ),
  );
}
