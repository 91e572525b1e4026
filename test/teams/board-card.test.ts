import { describe, expect, test } from "vitest";
import { chatFormCard } from "../../adapters/teams/card/chat-form.ts";
import { showBoard } from "../../adapters/teams/show.ts";
import type { Board } from "../../src/brainstorm/board.ts";
import type { ChatForm } from "../../src/replies/form.ts";
import { sentencesFor } from "../../src/words/said.ts";
import { actionsOf, findAction, pressed } from "../fakes/microsoft/card-actions.ts";
import { cardFaults } from "../fakes/microsoft/card-rules.ts";
import { boardOf, drawnIdea, idea, said, session } from "./board.ts";
import { textsIn } from "./open-world.ts";

const messageOf = (board: Board) => showBoard(board, { locale: "en-GB" });
const cardOf = (board: Board) => messageOf(board).attachments[0]?.content;
const elements = (part: unknown, type: string): Record<string, unknown>[] => {
  if (typeof part !== "object" || part === null) return [];
  const own = "type" in part && part.type === type ? [part as Record<string, unknown>] : [];
  return [...own, ...Object.values(part).flatMap((value) => elements(value, type))];
};

describe("a board on Teams", () => {
  test("says all of it, as Teams takes it", () => {
    const board = boardOf();
    expect(cardFaults(cardOf(board))).toEqual([]);
    const texts = textsIn(cardOf(board)).join("\n");
    for (const words of ["a logo for our bakery", "Ada began it.", "about 3 cents", "Vote for what you like.", "Ada"])
      expect(texts).toContain(words);
    const pictures = elements(cardOf(board), "Image");
    expect(pictures.map(({ altText }) => altText)).toEqual(board.ideas.map(({ picture }) => picture?.altText));
    expect(messageOf(board).summary).toContain("Vote for what you like.");
    expect(messageOf(board).entities).toMatchObject([{ additionalType: ["AIGeneratedContent"] }]);
  });

  test("says until when in each reader's own time, with the day where it is not soon", () => {
    const later = elements(cardOf(boardOf()), "TextBlock").map(({ text }) => text);
    const at = new Date(Date.now() + 600_000).toISOString();
    const soon = elements(cardOf(boardOf({ until: { label: said("*Until*"), at } })), "TextBlock");
    const day = "{{DATE(2026-12-01T14:30:00Z, SHORT)}}, {{TIME(2026-12-01T14:30:00Z)}}";
    expect(later).toEqual([`Votes are counted at: ${day}`]);
    expect(soon.map(({ text }) => text)).toEqual([`\\*Until\\*: {{TIME(${at.slice(0, 19)}Z)}}`]);
  });

  test("has a button for each number, and keeps nothing that an edit would take away", () => {
    const board = boardOf();
    const card = { attachments: messageOf(board).attachments };
    const numbers = board.ideas.map(({ number }) => String(number));
    expect(actionsOf(card).flatMap(({ title }) => (/^\d$/.test(title ?? "") ? [title] : []))).toEqual(numbers);
    expect(pressed(card, "3", {}).data).toEqual({ do: "board", does: "vote", session, round: "1", toggle: "3" });
    expect(pressed(card, "Count now", {}).data).toEqual({ do: "board", does: "close", session, round: "1" });
    const fields = actionsOf(card).filter(({ type }) => type === "Action.ShowCard");
    expect([...fields, ...["Input.Text", "Input.ChoiceSet"].flatMap((type) => elements(card, type))]).toEqual([]);
  });

  test("folds what a row has no room for", () => {
    const labels = ["Count now", "Add", "Yes, and", "Code", "New", "Run off", "Combine", "Finish", "End"];
    const actions = labels.map((label) => ({ does: "add" as const, label: said(label), tone: "usual" as const }));
    const card = { attachments: messageOf(boardOf({ actions })).attachments };
    expect(cardFaults(card.attachments[0]?.content)).toEqual([]);
    for (const label of [...labels, "The page"]) expect(findAction(card, label).title).toBe(label);
    const folded = elements(card, "Container").filter(({ isVisible }) => isVisible === false);
    expect(actionsOf({ attachments: [{ contentType: "", content: folded[0] }] }).at(-1)?.title).toBe("The page");
    expect(textsIn(folded)).toEqual(["Six drafts for about 3 cents."]);
    const over = cardOf(boardOf({ actions: [], vote: undefined }));
    expect(textsIn(over)).toContain("Ada began it. Six drafts for about 3 cents.");
    expect(elements(over, "Container")).toEqual([]);
  });

  test("is a list while there is nothing to see, and the winner stands out", () => {
    const ideas = [idea(1, { state: said("needs other words") }), idea(2, { by: "Grace" })];
    const list = cardOf(boardOf({ ideas, vote: undefined }));
    expect(elements(list, "ColumnSet")).toEqual([]);
    expect(textsIn(list)).toEqual(expect.arrayContaining([" · Ada · needs other words", " · Grace"]));
    const won = [drawnIdea(1), drawnIdea(2, { isWinner: true, votes: said("4 votes") })];
    const columns = elements(cardOf(boardOf({ ideas: won })), "Column");
    expect(columns.map(({ style }) => style)).toEqual([undefined, "emphasis"]);
    expect(textsIn(columns[1])).toContain(" · Ada · 4 votes");
  });

  test("stays under Teams' ceiling with eight ideas of the longest words, whatever is in them", () => {
    const wild = `**${"<at>everyone</at> [x](https://evil.example) {{DATE(x)}} 🐢\u0000 \\".repeat(60)}`;
    const ideas = [1, 2, 3, 4, 5, 6, 7, 8].map((number) =>
      drawnIdea(number, { words: wild, by: wild, state: said(wild), votes: said(wild) }),
    );
    const vote = {
      label: said(wild),
      most: 3,
      choices: ideas.map(({ number }) => ({ value: String(number), name: wild })),
    };
    const text = said(wild);
    const board = boardOf({ title: text, stage: text, facts: [text, text], notes: [text, text], ideas, vote });
    const card = cardOf(board);
    expect(cardFaults(card)).toEqual([]);
    expect(elements(card, "Image")).toHaveLength(8);
    expect(elements(card, "TextBlock").map(({ text }) => text)).toHaveLength(1);
    expect(actionsOf({ attachments: messageOf(board).attachments }).filter(({ title }) => title === "8")).toHaveLength(
      1,
    );
  });

  test("no words turn around what stands behind them in their line", () => {
    const turned = { words: "a \u202egull\u2066", by: "\u202bMallory" };
    const board = boardOf({ ideas: [drawnIdea(1, turned), drawnIdea(2)] });
    expect(JSON.stringify(cardOf(board)?.body)).not.toMatch(/[\u202a-\u202e\u2066-\u2069]/);
  });

  test("without its pictures it is much smaller, and says the rest", () => {
    const brief = showBoard(boardOf(), { brief: true }).attachments[0]?.content;
    expect(elements(brief, "Image")).toEqual([]);
    expect(textsIn(brief).join()).toContain("number 6");
  });
});

describe("a form of a brainstorm on Teams", () => {
  const form: ChatForm = {
    title: said("Yes, and…"),
    explanation: said("Whose idea do you add to?"),
    send: said("Add"),
    fields: [
      {
        id: "idea",
        label: said("Idea"),
        isRequired: true,
        kind: "choice",
        least: 1,
        most: 1,
        choices: [
          { value: "1", name: "a bakery" },
          { value: "2", name: "a mill" },
        ],
      },
      { id: "words", label: said("Words"), isRequired: true, kind: "words", most: 200, hint: said("by the sea") },
    ],
  };
  const data = { do: "board", does: "yes-and", session, round: "1", sent: "yes" };
  const english = sentencesFor("en-GB");
  const formOf = (typed?: Record<string, string[]>) => chatFormCard(form, data, english, { typed });

  test("sends what is picked and written beside what it is about", () => {
    expect(cardFaults(formOf())).toEqual([]);
    const card = { attachments: [{ contentType: "", content: formOf() }] };
    const inputs = { picked_idea: "2", said_words: "on wheels" };
    expect(pressed(card, "Add", { inputs }).data).toEqual({ ...data, ...inputs });
  });

  test("holds again what was typed, however much, and as it was typed", () => {
    const words = "ä".repeat(4000);
    const card = formOf({ idea: ["2"], words: [words] });
    expect(elements(card, "Input.Text")).toMatchObject([{ value: words, maxLength: 4000 }]);
    expect(elements(card, "Input.ChoiceSet")).toMatchObject([{ value: "2" }]);
    expect(cardFaults(card)).toEqual([]);
  });
});
