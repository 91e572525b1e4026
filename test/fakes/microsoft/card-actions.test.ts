import { describe, expect, test } from "vitest";
import { actionsOf, findAction, pressed } from "./card-actions.ts";
import { adaptiveCard } from "./card-parts.ts";

const send = (title: string, more: object = {}) => ({ type: "Action.Submit", title, data: { do: title }, ...more });
const text = (id: string, more: object = {}) => ({ type: "Input.Text", id, ...more });
const message = (body: object[], actions: object[] = []) => ({
  id: "17",
  attachments: [{ contentType: adaptiveCard, content: { type: "AdaptiveCard", version: "1.5", body, actions } }],
});
const dataOf = (of: ReturnType<typeof message>, title: string, how: Parameters<typeof pressed>[2] = {}) =>
  pressed(of, title, how).data;

describe("a button is found", () => {
  const inside = send("Again");
  test.each<[string, ReturnType<typeof message>]>([
    ["at card level", message([], [inside])],
    ["in an ActionSet", message([{ type: "ActionSet", actions: [inside] }])],
    ["in a column", message([{ type: "ColumnSet", columns: [{ type: "Column", items: [inside] }] }])],
    [
      "in a table",
      message([{ type: "Table", rows: [{ type: "TableRow", cells: [{ type: "TableCell", items: [inside] }] }] }]),
    ],
    [
      "in the card of an Action.ShowCard",
      message([], [{ type: "Action.ShowCard", title: "More", card: { type: "AdaptiveCard", actions: [inside] } }]),
    ],
    ["as a selectAction", message([{ type: "Image", url: "https://example.com/a.png", selectAction: inside }])],
    ["beside a field", message([text("words", { inlineAction: inside })])],
  ])("%s", (_name, of) => {
    expect(findAction(of, "Again")).toMatchObject({ data: { do: "Again" } });
    expect(actionsOf(of).map(({ title }) => title)).toContain("Again");
  });

  test("nowhere else: not in a fallback, in data or in a refresh", () => {
    const of = message([], [send("Open", { fallback: send("Old"), data: send("Data") })]);
    Object.assign(of.attachments[0]?.content ?? {}, { refresh: { action: send("Refresh") } });
    for (const title of ["Old", "Data", "Refresh"])
      expect(() => findAction(of, title)).toThrow(`No action "${title}" on message 17; there are: Open`);
  });

  test("unless it is disabled", () => {
    const of = message([], [send("Again", { isEnabled: false }), send("Other", { isEnabled: true })]);
    expect(() => findAction(of, "Again")).toThrow(/disabled/);
    expect(findAction(of, "Other")).toBeDefined();
  });

  describe("in what is hidden", () => {
    const room = { type: "Container", id: "room", isVisible: false, items: [{ type: "ActionSet", actions: [inside] }] };
    const toggle = (target: unknown) => ({ type: "Action.ToggleVisibility", title: "Show", targetElements: [target] });
    test.each(["room", { elementId: "room", isVisible: true }])("if %j is shown by another button", (target) => {
      expect(findAction(message([room], [toggle(target)]), "Again")).toBeDefined();
    });
    test("and not if none shows it, or only one that is hidden with it", () => {
      expect(() => findAction(message([room], [toggle("other")]), "Again")).toThrow(/hidden in "room"/);
      const locked = { ...room, items: [...room.items, { type: "ActionSet", actions: [toggle("room")] }] };
      expect(() => findAction(message([locked]), "Again")).toThrow(/hidden in "room"/);
    });
  });
});

describe("of several with one title", () => {
  const column = (job: number) => ({
    type: "Column",
    items: [
      { type: "Image", url: `https://example.com/${job}.png` },
      { type: "ActionSet", actions: [send("Again", { data: { job } })] },
    ],
  });
  const of = message([{ type: "ColumnSet", columns: [column(1), column(2)] }, column(3)], [send("Again")]);

  test("the nth is found by its number", () => {
    expect(dataOf(of, "Again")).toEqual({ job: 1 });
    expect(dataOf(of, "Again", { nth: 3 })).toEqual({ job: 3 });
    expect(dataOf(of, "Again", { nth: 4 })).toEqual({ do: "Again" });
    expect(() => dataOf(of, "Again", { nth: 5 })).toThrow(/\(nth 5\)/);
  });

  test("that of a picture by the picture", () => {
    expect(dataOf(of, "Again", { picture: 2 })).toEqual({ job: 2 });
    expect(dataOf(of, "Again", { picture: 3 })).toEqual({ job: 3 });
    expect(() => dataOf(of, "Again", { picture: 2, nth: 2 })).toThrow(/No action "Again" \(picture 2\) \(nth 2\)/);
    expect(() => dataOf(of, "Again", { picture: 4 })).toThrow(/No picture 4; there are 3/);
    const alone = message([{ type: "Image", url: "https://example.com/1.png" }], [send("Again")]);
    expect(dataOf(alone, "Again", { picture: 1 })).toEqual({ do: "Again" });
  });

  test("that of an Action.ShowCard by its title", () => {
    const show = (title: string, job: number) => ({
      type: "Action.ShowCard",
      title,
      card: { type: "AdaptiveCard", actions: [send("Again", { data: { job } })] },
    });
    const shown = message([], [show("Picture 1", 1), show("Picture 2", 2)]);
    expect(dataOf(shown, "Again", { within: "Picture 2" })).toEqual({ job: 2 });
    expect(() => dataOf(shown, "Again", { within: "Picture 3" })).toThrow(/within Picture 3/);
  });
});

describe("what is sent", () => {
  test("is the data with what stands in the fields, and what the person filled in", () => {
    const of = message([text("words", { value: "a fox" }), text("more")], [send("Again")]);
    expect(dataOf(of, "Again")).toEqual({ do: "Again", words: "a fox", more: "" });
    expect(dataOf(of, "Again", { inputs: { words: "a cat" } })).toEqual({ do: "Again", words: "a cat", more: "" });
    expect(dataOf(message([], [send("Again", { data: "word" })]), "Again")).toBe("word");
  });

  test("is not what no field of that name could hold", () => {
    const of = message([text("words")], [send("Again")]);
    expect(() => dataOf(of, "Again", { inputs: { word: "a cat" } })).toThrow(
      '"Again" sends no input "word"; it sends: words',
    );
  });

  describe("with an Action.ShowCard", () => {
    const more = { type: "AdaptiveCard", body: [text("inner")], actions: [send("Inner")] };
    const other = { type: "AdaptiveCard", body: [text("other")], actions: [] };
    const of = message(
      [text("outer")],
      [
        send("Outer"),
        { type: "Action.ShowCard", title: "More", card: more },
        { type: "Action.ShowCard", title: "Other", card: other },
      ],
    );
    test("inside it, its own fields and those around it", () => {
      expect(dataOf(of, "Inner")).toEqual({ do: "Inner", inner: "", outer: "" });
    });
    test("outside it, none of its fields", () => {
      expect(dataOf(of, "Outer")).toEqual({ do: "Outer", outer: "" });
      expect(() => dataOf(of, "Outer", { inputs: { inner: "x" } })).toThrow(/sends no input "inner"/);
    });
  });

  test("has no fields where the button wants none", () => {
    const of = message([text("words", { isRequired: true })], [send("Cancel", { associatedInputs: "none" })]);
    expect(dataOf(of, "Cancel")).toEqual({ do: "Cancel" });
  });

  test("has the fields that are hidden too", () => {
    const room = { type: "Container", id: "room", isVisible: false, items: [text("words", { value: "kept" })] };
    expect(dataOf(message([room], [send("Again")]), "Again")).toEqual({ do: "Again", words: "kept" });
  });
});

describe("a field", () => {
  const choices = ["A1", "A2", "B1"].map((value) => ({ title: value, value }));
  const cells = { type: "Input.ChoiceSet", id: "cells", choices };
  const sent = (input: object, value?: string | number | boolean | string[]) =>
    (
      dataOf(
        message([input], [send("Go")]),
        "Go",
        value === undefined ? {} : { inputs: { [idOf(input)]: value } },
      ) as Record<string, unknown>
    )[idOf(input)];
  const idOf = (input: object) => (input as { id: string }).id;

  test("for one choice takes one of its choices, and without one sends nothing", () => {
    expect(sent(cells)).toBeUndefined();
    expect(sent({ ...cells, value: "A2" })).toBe("A2");
    expect(sent({ ...cells, value: "Z9" })).toBeUndefined();
    expect(sent(cells, "B1")).toBe("B1");
    expect(() => sent(cells, "Z9")).toThrow("cells has no choice Z9; it has: A1, A2, B1");
    expect(() => sent(cells, ["A1", "A2"])).toThrow(/no choice A1,A2/);
  });

  test("for several sends them with commas between", () => {
    const several = { ...cells, isMultiSelect: true };
    expect(sent({ ...several, value: "A1,B1" })).toBe("A1,B1");
    expect(sent(several, ["A2", "B1"])).toBe("A2,B1");
    expect(sent({ ...several, value: "A1" }, [])).toBeUndefined();
    expect(() => sent(several, ["A2", "Z9"])).toThrow(/no choice Z9/);
  });

  test("that is a toggle sends its own words for on and off", () => {
    const toggle = { type: "Input.Toggle", id: "mine", title: "Only mine" };
    expect([sent(toggle), sent(toggle, true), sent({ ...toggle, value: "true" })]).toEqual(["false", "true", "true"]);
    const named = { ...toggle, valueOn: "yes", valueOff: "no" };
    expect([sent(named), sent(named, true), sent(named, "yes")]).toEqual(["no", "yes", "yes"]);
    expect(() => sent(named, "true")).toThrow(/mine has no "true"/);
  });

  test("of numbers sends them as text, or nothing", () => {
    const number = { type: "Input.Number", id: "count" };
    expect([sent(number), sent({ ...number, value: 2 }), sent(number, 3)]).toEqual([undefined, "2", "3"]);
  });

  test("that is required or wants a form keeps the client from sending", () => {
    expect(() => sent(text("words", { isRequired: true }))).toThrow('"Go" is not sent: words is required');
    expect(() => sent({ ...cells, isRequired: true })).toThrow(/cells is required/);
    expect(sent(text("words", { isRequired: true }), "a cat")).toBe("a cat");
    expect(() => sent(text("words", { regex: "^\\d+$" }), "a cat")).toThrow(/words is not/);
    expect(sent(text("words", { regex: "^\\d+$" }), "7")).toBe("7");
  });

  test("takes more than its maxLength, as some clients do", () => {
    expect(sent(text("words", { maxLength: 3 }), "a cat")).toBe("a cat");
  });
});

describe("a client that knows no Action.Execute", () => {
  const execute = { type: "Action.Execute", title: "Again", verb: "again", data: { job: 7 } };
  test("sends the fallback, with the fields", () => {
    const fallback = { type: "Action.Submit", title: "Again", data: { job: 7, old: true } };
    const of = message([text("words")], [{ ...execute, fallback }]);
    const { action, data } = pressed(of, "Again", { asSubmit: true });
    expect([action.type, data]).toEqual(["Action.Submit", { job: 7, old: true, words: "" }]);
    expect(pressed(of, "Again", {}).action.type).toBe("Action.Execute");
  });
  test("shows no button without one", () => {
    expect(() => pressed(message([], [execute]), "Again", { asSubmit: true })).toThrow(/no fallback/);
  });
});
