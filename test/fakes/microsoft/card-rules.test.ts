import { describe, expect, test } from "vitest";
import { cardFaults, cardLimit } from "./card-rules.ts";

const card = (more: object = {}) => ({ type: "AdaptiveCard", version: "1.5", body: [], ...more });
const body = (...items: object[]) => card({ body: items });
const data = { do: "again", job: "7" };
const again = {
  type: "Action.Execute",
  title: "Again",
  verb: "again",
  data,
  fallback: { type: "Action.Submit", title: "Again", data: { ...data } },
};
const picture = (url: string) => ({ type: "Image", url, altText: "a fox" });
const choices = (...values: string[]) => values.map((value) => ({ title: value, value }));
const choose = (more: object) => ({ type: "Input.ChoiceSet", id: "cells", choices: choices("A1", "A2"), ...more });
const refresh = (count: number) => ({
  action: { type: "Action.Execute", verb: "look" },
  userIds: Array.from({ length: count }, (_, index) => `29:${index}`),
});

test("a card as it should be has no fault", () => {
  const whole = card({
    refresh: refresh(60),
    body: [
      { type: "RichTextBlock", inlines: [{ type: "TextRun", text: "a fox" }] },
      picture("https://easel.example/pictures/1.png"),
      { type: "FactSet", facts: [{ title: "Size", value: "wide" }] },
      { type: "Input.Text", id: "words", value: "a fox" },
      choose({ isMultiSelect: true, value: "A1,A2" }),
      choose({ id: "size", value: "A2" }),
      choose({ id: "none" }),
      { type: "Container", id: "room", isVisible: false, items: [] },
      { type: "ActionSet", actions: [again, again] },
      { type: "Badge", text: "new", fallback: { type: "TextBlock", text: "new" } },
    ],
    actions: [
      again,
      { type: "Action.OpenUrl", title: "Open", url: "https://easel.example/pictures/1.png" },
      { type: "Action.ToggleVisibility", title: "More", targetElements: ["room"] },
      { type: "Action.ShowCard", title: "Change", card: { type: "AdaptiveCard", body: [], actions: [again] } },
    ],
  });
  expect(cardFaults(whole)).toEqual([]);
});

describe("a fault is", () => {
  test.each<[string, object, RegExp]>([
    ["no card", { type: "Container" }, /no Adaptive Card/],
    ["another version", card({ version: "1.6" }), /version is 1\.6/],
    ["no version", card({ version: undefined }), /version is undefined/],
    ["a card that is too large", body({ type: "TextBlock", text: "x".repeat(cardLimit) }), /larger than/],
    ["a seventh action", card({ actions: Array.from({ length: 7 }, () => again) }), /AdaptiveCard has 7 actions/],
    [
      "a seventh action in a set",
      body({ type: "ActionSet", actions: Array.from({ length: 7 }, () => again) }),
      /ActionSet has 7 actions/,
    ],
    ["an element that 1.5 does not know", body({ type: "Badge", text: "new" }), /Badge "" is newer/],
    ["an action that 1.5 does not know", card({ actions: [{ type: "Action.ResetInputs", title: "x" }] }), /newer/],
    ["no fallback", card({ actions: [{ ...again, fallback: undefined }] }), /no Action\.Submit as its fallback/],
    ["a fallback that drops", card({ actions: [{ ...again, fallback: "drop" }] }), /no Action\.Submit/],
    [
      "a fallback with other data",
      card({ actions: [{ ...again, fallback: { ...again.fallback, data: { do: "again" } } }] }),
      /other data/,
    ],
    [
      "a fallback with another title",
      card({ actions: [{ ...again, fallback: { ...again.fallback, title: "Once more" } }] }),
      /another title/,
    ],
    ["a picture over http", body(picture("http://easel.example/1.png")), /not https/],
    ["a picture with a query", body(picture("https://easel.example/1.png?sig=abc")), /has a query/],
    ["a picture in the card", body(picture("data:image/png;base64,AAAA")), /not https/],
    ["a picture on this machine", body(picture("https://localhost/1.png")), /private network/],
    ["a picture in a private network", body(picture("https://192.168.1.7/1.png")), /private network/],
    ["a picture without an address", body({ type: "Image" }), /no address/],
    [
      "a link that is not https",
      card({ actions: [{ type: "Action.OpenUrl", title: "Open", url: "http://a.example" }] }),
      /open https/,
    ],
    ["a field without an id", body({ type: "Input.Text" }), /has no id/],
    ["an id twice", body({ type: "Input.Text", id: "a" }, { type: "Container", id: "a" }), /"a" stands there more/],
    ["a choice of nothing", body(choose({ choices: [] })), /no choices/],
    ["a choice twice", body(choose({ choices: choices("A1", "A1") })), /value twice/],
    ["a choice without value", body(choose({ choices: choices("A1", "") })), /without value/],
    ["a comma in one of several", body(choose({ isMultiSelect: true, choices: choices("A,1") })), /comma/],
    ["a chosen one that is none", body(choose({ value: "Z9" })), /no choice/],
    ["one of several chosen that is none", body(choose({ isMultiSelect: true, value: "A1,Z9" })), /no choice/],
    [
      "a toggle of nothing",
      card({ actions: [{ type: "Action.ToggleVisibility", title: "x", targetElements: [{ elementId: "room" }] }] }),
      /shows "room"/,
    ],
    [
      "a card that opens where a picture is tapped",
      body({ ...picture("https://easel.example/1.png"), selectAction: { type: "Action.ShowCard", title: "x" } }),
      /cannot be a selectAction/,
    ],
    ["61 for whom it refreshes", card({ refresh: refresh(61) }), /refreshes for 61/],
    ["a refresh that submits", card({ refresh: { action: { type: "Action.Submit" } } }), /no Action\.Execute/],
  ])("%s", (_name, content, fault) => {
    expect(cardFaults(content)).toEqual([expect.stringMatching(fault)]);
  });

  test("found in the card of an Action.ShowCard too", () => {
    const inner = { type: "AdaptiveCard", body: [picture("http://a.example/1.png")] };
    expect(cardFaults(card({ actions: [{ type: "Action.ShowCard", title: "x", card: inner }] }))).toHaveLength(1);
  });

  test("in a dialog, an Action.Execute", () => {
    expect(cardFaults(card({ actions: [again] }), "dialog")).toEqual([expect.stringMatching(/nothing in a dialog/)]);
    expect(cardFaults(card({ actions: [again.fallback] }), "dialog")).toEqual([]);
  });
});
