import { expect, test } from "vitest";
import { oneOf, withValues } from "../../src/replies/form.ts";
import type { ChatForm } from "../../src/replies/form.ts";
import { boardForms } from "../../src/words/sentences.ts";

test("a form comes back with what was typed and chosen in it, and with its own where nothing was said", () => {
  const form: ChatForm = {
    title: boardForms.beginTitle,
    send: boardForms.begin,
    fields: [
      { id: "topic", kind: "line", label: boardForms.topic, most: 100, isRequired: true },
      { id: "minutes", kind: "line", label: boardForms.topic, value: "5", most: 5, isRequired: false },
      oneOf(
        "ideas",
        boardForms.ideas,
        ["2", "3"].map((value) => ({ value, name: value })),
        "3",
      ),
      oneOf(
        "votes",
        boardForms.votes,
        ["1", "2"].map((value) => ({ value, name: value })),
        "1",
      ),
    ],
  };
  const { fields } = withValues(form, { topic: ["a mascot"], minutes: [""], ideas: ["2"] });
  expect(fields).toMatchObject([{ value: "a mascot" }, { value: "" }, { chosen: ["2"] }, { chosen: ["1"] }]);
  expect(withValues(form, { ideas: ["99"] }).fields[2]).toMatchObject({ chosen: ["3"] });
  expect(form.fields[0]).not.toHaveProperty("value");
});
