import { describe, expect, test } from "vitest";
import { wordsOfMessage } from "../../adapters/teams/card/extension-call.ts";

const wordsOf = (content: string, contentType = "html") =>
  wordsOfMessage({ messagePayload: { body: { content, contentType } } });

describe("the words of a message", () => {
  test.each([
    ["<div><p>a red fox</p></div>", "a red fox"],
    ["<p>a red fox</p>\n<p>in the   snow</p>", "a red fox\nin the snow"],
    ["one<br>two<br/>three", "one\ntwo\nthree"],
    ["<ul><li>a fox</li><li>a hen</li></ul>", "a fox\na hen"],
    [
      "Tom &amp; Jerry &lt;3 &quot;x&quot; &#39;y&#39; &#x1F98A; &nbsp;z &unknown;",
      `Tom & Jerry <3 "x" 'y' 🦊 z &unknown;`,
    ],
    ["&amp;lt;b&amp;gt;", "&lt;b&gt;"],
    [`<at id="0">Easel</at>&nbsp;draw <at id="1">Bob</at>`, "Easel draw Bob"],
    [`<p>look <img alt="image" src="https://x.example/1"> here</p><attachment id="1"></attachment>`, "look here"],
    ["<p>&nbsp;</p>", ""],
    ["", ""],
    ["&#0;&#1114112;&#55357;a", "\ufffda"],
    ["a < b and c > d", "a d"],
  ])("%s", (html, words) => expect(wordsOf(html).trim()).toBe(words));

  test("in plain text are as they are", () => expect(wordsOf(" a <b> & c\n", "text")).toBe("a <b> & c"));
  test("where there is none are none", () => {
    for (const call of [{}, { messagePayload: null }, { messagePayload: { body: null } }])
      expect(wordsOfMessage(call)).toBe("");
  });

  test.each(["<", "<p", "<br", "&#", "&#x", "\n ", "<p>&nbsp;", "</p>"])("without end (%j) cost no time", (piece) => {
    const began = performance.now();
    wordsOf(piece.repeat(100_000));
    expect(performance.now() - began).toBeLessThan(10_000);
  });
});
