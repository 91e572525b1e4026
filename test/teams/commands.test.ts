import { describe, expect, test } from "vitest";
import { readCommand } from "../../adapters/teams/commands.ts";

const none = { options: {}, unknownOptions: [] };
const asked = (prompt: string, options = {}, unknownOptions: string[] = []) => ({
  command: "imagine",
  prompt,
  options,
  unknownOptions,
});

describe("what begins with imagine is a request", () => {
  test.each([
    ["imagine a cat", asked("a cat")],
    ["/imagine a cat", asked("a cat")],
    ["/ Imagine a cat", asked("a cat")],
    ["IMAGINE: a cat", asked("a cat")],
    ["  imagine   a  cat  ", asked("a  cat")],
    ["imagine imagine there is no heaven", asked("imagine there is no heaven")],
    ["imagine 🐈🐈🐈", asked("🐈🐈🐈")],
    ["imagine מגדלור עשוי ספרים --size tall", asked("מגדלור עשוי ספרים", { size: "tall" })],
    ["imagine “a cat”, she said", asked("“a cat”, she said")],
    ["imagine *a* [cat](http://x.example) <b>", asked("*a* [cat](http://x.example) <b>")],
  ])("%s", (text, command) => expect(readCommand(text)).toEqual(command));

  test("of any length", () => {
    const words = "🦊 ".repeat(5000).trim();
    expect(readCommand(`imagine ${words}`)).toEqual(asked(words));
  });
});

describe("what begins with brainstorm is for a room", () => {
  const topic = (topic: string, options = {}, unknownOptions: string[] = []) => ({
    command: "brainstorm",
    topic,
    options,
    unknownOptions,
  });
  test.each([
    ["brainstorm a logo for our bakery", topic("a logo for our bakery")],
    ["/Brainstorm: a logo --ideas 4 —minutes 30 votes:2", topic("a logo", { ideas: "4", minutes: "30", votes: "2" })],
    ["brainstorm a logo --speed 3", topic("a logo", {}, ["--speed"])],
    ["brainstorm", topic("")],
    ["brainstorm --ideas 4", topic("", { ideas: "4" })],
    ["brainstorm join our forces", topic("join our forces")],
    ["brainstorm join ABCD2345", { command: "join", code: "ABCD2345" }],
    ["/brainstorm  JOIN abcd-2345", { command: "join", code: "abcd-2345" }],
    ["brainstorm join", { command: "join", code: "" }],
    ["brainstorming is fun", { command: "sentence", words: "brainstorming is fun" }],
  ])("%s", (text, command) => expect(readCommand(text)).toEqual(command));
});

describe("options", () => {
  test.each([
    ["imagine a cat --size wide --quality hd", asked("a cat", { size: "wide", quality: "hd" })],
    ["imagine --size wide a cat", asked("a cat", { size: "wide" })],
    ["imagine a cat --size wide on a mat", asked("a cat on a mat", { size: "wide" })],
    ["imagine a cat —size wide –quality hd", asked("a cat", { size: "wide", quality: "hd" })],
    ["imagine a cat ––count 2", asked("a cat", { count: "2" })],
    [
      "imagine a cat --size=wide —style=natural --count:3",
      asked("a cat", { size: "wide", style: "natural", count: "3" }),
    ],
    ["imagine a cat --SIZE Wide", asked("a cat", { size: "Wide" })],
    ["imagine a cat --size 1024 x 1536", asked("a cat", { size: "1024 x 1536" })],
    ["imagine a cat --size 1024×1536 x", asked("a cat x", { size: "1024×1536" })],
    [`imagine a cat --model "GPT Image 2"`, asked("a cat", { model: "GPT Image 2" })],
    ["imagine a cat --model “GPT Image 2” asleep", asked("a cat asleep", { model: "GPT Image 2" })],
    ["imagine a cat --model=„DALL·E 3“", asked("a cat", { model: "DALL·E 3" })],
    ["imagine a cat --style 'natural'", asked("a cat", { style: "natural" })],
    ["imagine a cat --size wide --size tall", asked("a cat", { size: "tall" })],
    ["imagine --size wide", asked("", { size: "wide" })],
  ])("%s", (text, command) => expect(readCommand(text)).toEqual(command));

  test.each(["imagine a cat --quality", "imagine a cat --quality --count 2"])(
    "%s: a missing value is kept, to be told",
    (text) => {
      expect(readCommand(text)).toMatchObject({ prompt: "a cat", options: { quality: " " } });
    },
  );

  test("that do not exist are told, each once", () => {
    expect(readCommand("imagine a cat --tile=3 --upscale --tile")).toEqual(asked("a cat", {}, ["--tile", "--upscale"]));
  });

  test.each([
    ["imagine a cat --ar 16:9", asked("a cat", { size: "16:9" })],
    ["imagine a cat —AR 3:2 asleep", asked("a cat asleep", { size: "3:2" })],
    ["imagine a cat --aspect-ratio=16/9", asked("a cat", { size: "16/9" })],
    ["imagine a cat --stlye vivid", asked("a cat", { style: "vivid" }, ["--stlye"])],
    ["imagine a cat --style natural --stlye vivid", asked("a cat", { style: "natural" }, ["--stlye"])],
  ])("that are meant are understood: %s", (text, command) => expect(readCommand(text)).toEqual(command));

  test("without end cost no time", () => {
    const began = performance.now();
    readCommand(`imagine ${"--a ".repeat(60_000)}`);
    readCommand(`imagine ${"--size ".repeat(30_000)}`);
    readCommand(`imagine --model "${"x ".repeat(100_000)}`);
    for (const quote of [`"`, "'", "“", "‘", "«"]) readCommand(`imagine ${`--size ${quote}`.repeat(15_000)}`);
    readCommand(`imagine ${`--size${" ".repeat(20)}`.repeat(4000)}`);
    readCommand(`imagine --size${" ".repeat(100_000)}`);
    expect(performance.now() - began).toBeLessThan(10_000);
  });
});

describe("a dash in ordinary words is none", () => {
  test.each([
    "a cat – and a dog – asleep",
    "a cat —sleeping— on a mat",
    "well--known and well—known",
    "a cat -- asleep",
    "the size — wide",
    "1990–2000",
    "a T-shirt -size wide",
    "—sizes of things",
  ])("%s", (words) => expect(readCommand(`imagine ${words}`)).toEqual({ command: "imagine", prompt: words, ...none }));
});

describe("without a command", () => {
  test.each([
    ["draw me a dog", "a dog"],
    ["Draw a cat", "a cat"],
    ["draw: a cat", "a cat"],
    ["paint us the harbour at dusk", "the harbour at dusk"],
    ["please sketch italian villages", "italian villages"],
    ["Can you please draw for me three foxes?", "three foxes"],
    ["could you paint me Itaipu", "Itaipu"],
    ["make me a poster for Friday", "a poster for Friday"],
    ["create an icon", "an icon"],
    ["generate 2 boats", "2 boats"],
    ["GENERATE images of boats", "images of boats"],
  ])("“%s” is a picture of %s", (text, prompt) =>
    expect(readCommand(text)).toEqual({ command: "imagine", prompt, ...none }),
  );
  test("options are options", () =>
    expect(readCommand("draw me a dog --ar 3:2")).toEqual(asked("a dog", { size: "3:2" })));
  test("nothing to draw brings the fields", () => expect(readCommand("paint")).toEqual({ command: "form" }));
  test.each([
    "draw it again",
    "paint this in red",
    "make it green",
    "make the sky darker",
    "make us happy",
    "create",
    "create jobs for everybody",
    "generate",
    "drawing a blank",
    "Thanks! I love a drawing",
    "draw up a contract",
    "draw another",
  ])("“%s” asks for no new picture", (words) => expect(readCommand(words)).toEqual({ command: "sentence", words }));
});

describe("options of Midjourney's", () => {
  test.each([
    ["a cat --v 7", "a cat", ["--v"]],
    ["a cat --v 6.1 --ar 16:9", "a cat", ["--v"]],
    ["a cat --niji 6", "a cat", ["--niji"]],
    ["a cat --no people, cars --s 250", "a cat", ["--no", "--s"]],
    ["a cat --stylize=50 asleep", "a cat asleep", ["--stylize"]],
    ["a cat --tile asleep", "a cat asleep", ["--tile"]],
    ["a cat --chaos asleep", "a cat asleep", ["--chaos"]],
    ["a cat --seed 42 --q 2 --repeat 3", "a cat", ["--seed", "--q"]],
    ["a cat --sref https://example.org/a.png 123 --sw 100", "a cat", ["--sref", "--sw"]],
    ["a cat --V:7", "a cat", ["--V"]],
  ])("%s leaves nothing of them in the words", (words, prompt, unknown) => {
    const command = readCommand(`imagine ${words}`);
    expect(command).toMatchObject({ prompt, unknownOptions: unknown.map((name) => expect.stringContaining(name)) });
  });
});

describe("other words", () => {
  test.each(["brainstorm help", "brainstorm --help", "brainstorm —help", "help style", "Help with styles!", "--help"])(
    "%s asks for help",
    (text) => expect(readCommand(text)).toEqual({ command: "help" }),
  );
  test.each(["imagine help", "brainstorm help for beginners", "help the fox"])("%s does not ask for help", (text) =>
    expect(readCommand(text)).not.toEqual({ command: "help" }),
  );
  test.each(["help", "Help", "/help", "HI", "hello", "Hello!", "hi...", " help ? ", "hey", "Hi there", "hello Easel!"])(
    "%s asks for help",
    (text) => expect(readCommand(text)).toEqual({ command: "help" }),
  );
  test.each(["history", "/history", " HISTORY! "])("%s asks for one's own pictures", (text) =>
    expect(readCommand(text)).toEqual({ command: "history" }),
  );
  test.each([
    ["family", undefined],
    ["/Family 3", 3],
    ["family #12.", 12],
    ["family 0", 0],
  ])("%s asks for where a picture came from", (text, number) =>
    expect(readCommand(text)).toEqual({ command: "family", number }),
  );
  test.each([
    ["edit make it blue --size wide", { prompt: "make it blue", options: { size: "wide" }, unknownOptions: [] }],
    ["/EDIT: make it blue", { prompt: "make it blue", ...none }],
    ["edit", { prompt: "", ...none }],
  ])("%s is to change a picture", (text, asked) => expect(readCommand(text)).toEqual({ command: "edit", ...asked }));
  test.each(["imagine", "/imagine", "IMAGINE ", "imagine:"])("%s asks for the fields", (text) =>
    expect(readCommand(text)).toEqual({ command: "form" }),
  );
  test("nothing at all is not understood", () => {
    for (const text of ["", " ", "/"]) expect(readCommand(text)).toEqual({ command: "unknown" });
  });
  test.each([
    "imagined",
    "imagine-a-cat",
    "hilarious",
    "a cat --size wide",
    "helpful",
    "history of art",
    "family of ducks",
    "family 3 ducks",
    "edited",
    "historyx",
    "thanks!",
    "make it blue",
    "hi, draw something for once and not for me",
  ])("“%s” is a sentence like any other", (words) =>
    expect(readCommand(words)).toEqual({ command: "sentence", words }),
  );
});
