import { describe, expect, it } from "vitest";
import { showBoard } from "../../adapters/discord/show-board.ts";
import { BOARD_VERBS } from "../../src/brainstorm/board.ts";
import type { Board } from "../../src/brainstorm/board.ts";
import { checkMessage } from "../../local/discord/message-rules.ts";
import { walk } from "../../local/discord/components.ts";
import { findPings } from "../../local/discord/mentions.ts";
import type { Component } from "../../local/discord/records.ts";
import { selectsOf, textOf } from "../../local/discord/reading.ts";
import { boardWith, ideaWith } from "./boards.ts";

const verbs = BOARD_VERBS.filter((verb) => verb !== "vote");

/** As Discord's rules see it: with eight files, unless the test is about other things. */
function shown(board: Board, numbers: number[] = []) {
  const files = numbers.map((number) => ({ id: String(number), filename: `idea-${number}.jpg`, number }));
  const pictures = files.map(({ number, filename }) => ({ number, url: `attachment://${filename}` }));
  const body = showBoard(board, { pictures, files });
  const message = { content: "", embeds: [], components: body.components as unknown as Component[], flags: body.flags };
  const problems = checkMessage({ ...message, files: files.map(({ filename }) => filename) });
  return { body, problems, message: { ...message, attachments: [] } };
}

describe("a board is one message that Discord takes", () => {
  const long = (words: string, length: number) => words.repeat(Math.ceil(length / words.length)).slice(0, length);
  it.each([
    ["letters", long("a fox and a crown ", 4000)],
    ["markdown, pings and links", long("**@everyone** <@1> [x](https://x.test) # > `` ||", 4000)],
    ["letters of three bytes", long("图画", 4000)],
    ["letters of many marks", long(`e${"\u0301".repeat(40)} `, 4000)],
    ["lines", long("\n- a\n# b\n1. c\n> d", 4000)],
  ])("however long everything in it is: %s", (_, words) => {
    const numbers = [1, 2, 3, 4, 5, 6, 7, 8];
    const altText = words;
    const picture = { name: "a.png", mediaType: "image/png", width: 1, height: 1, bytes: 1, altText };
    const board = boardWith({
      title: { say: "labels.askedBy", with: { name: words } },
      facts: Array.from({ length: 30 }, () => ({ say: "labels.askedBy" as const, with: { name: words } })),
      stage: { say: "labels.askedBy", with: { name: words } },
      howTo: { say: "labels.askedBy", with: { name: words } },
      notes: Array.from({ length: 30 }, () => ({ say: "labels.askedBy" as const, with: { name: words } })),
      ideas: numbers.map((number) =>
        ideaWith(number, { words, by: words, isWinner: number === 3, picture, state: { say: "labels.answer" } }),
      ),
      vote: {
        label: { say: "labels.askedBy", with: { name: words } },
        most: 5,
        choices: numbers.map((number) => ({ value: String(number), name: words })),
      },
      actions: verbs.map((does) => ({
        does,
        label: { say: "labels.askedBy", with: { name: words } },
        tone: "usual" as const,
      })),
      page: { label: { say: "labels.askedBy", with: { name: words } }, url: "https://easel.example.org/boards/x" },
    });
    const { problems, message, body } = shown(board, numbers);
    expect(problems).toEqual([]);
    const said = walk(message.components).flatMap(({ component }) => component.content ?? []);
    expect(Buffer.byteLength(said.join("")) + 12 * said.length).toBeLessThan(10_170);
    expect(findPings(message, {})).toMatchObject({ users: [], roles: [], everyone: false });
    expect(body.allowed_mentions).toEqual({ parse: [] });
    expect(walk(message.components).length).toBeLessThanOrEqual(40);
  });

  it("says who and what, with each reader's own time, and offers as many votes as there are dots", () => {
    const at = "2026-12-01T10:00:00.000Z";
    const vote = { label: { say: "labels.answer" as const }, most: 3, choices: [choice(1), choice(2)] };
    const { message, problems } = shown(boardWith({ until: { label: { say: "labels.answer" }, at }, vote }));
    expect(problems).toEqual([]);
    const seconds = Date.parse(at) / 1000;
    expect(textOf(message)).toContain(`<t:${seconds}:R>`);
    expect(textOf(message)).toMatch(/\*\*1\*\* a loaf number 1\n-# Ada/);
    expect(selectsOf(message)[0]).toMatchObject({ least: 0, most: 2 });
  });
});

function choice(number: number) {
  return { value: String(number), name: `${number} a loaf` };
}
