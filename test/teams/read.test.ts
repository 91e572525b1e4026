import { describe, expect, test } from "vitest";
import { chatOf, TeamsActivity } from "../../adapters/teams/door/activity.ts";
import { readActivity } from "../../adapters/teams/read.ts";

const bot = { id: "28:bot", name: "Easel" };
const user = { id: "29:ada", name: "Ada", aadObjectId: "ada" };

function activity(members: Record<string, unknown>): TeamsActivity {
  return TeamsActivity.parse({
    type: "message",
    id: "1",
    channelId: "msteams",
    serviceUrl: "https://smba.trafficmanager.net/teams/",
    from: user,
    recipient: bot,
    conversation: { id: "19:chat@thread.tacv2;messageid=1", conversationType: "channel", tenantId: "tenant" },
    locale: "de-DE",
    ...members,
  });
}
const mention = (who: { id: string; name: string }, text = `<at>${who.name}</at>`) => ({
  type: "mention",
  mentioned: who,
  text,
});
const promptIn = (members: Record<string, unknown>) => {
  const heard = readActivity(activity(members));
  return heard.heard === "request" ? heard.request.prompt : heard.heard;
};
const idOf = (members: Record<string, unknown>) => {
  const heard = readActivity(activity(members));
  return heard.heard === "request" ? heard.request.id : undefined;
};

describe("a message", () => {
  test.each([
    ["one mention", "<at>Easel</at> imagine a cat", [mention(bot)]],
    ["several", "<at>Easel</at> imagine a cat <at>Easel</at>", [mention(bot), mention(bot)]],
    [
      "twice for one entity",
      "<at>Easel (dev)</at> imagine a cat <at>Easel (dev)</at>",
      [mention(bot, "<at>Easel (dev)</at>")],
    ],
    ["at the end", "imagine a cat <at>Easel</at>", [mention(bot)]],
    ["under another name", "<at>Easel (dev)</at> imagine a cat", [mention(bot, "<at>Easel (dev)</at>")]],
    ["with an id", `<at id="0">Easel</at> imagine a cat`, [mention(bot, `<at id="0">Easel</at>`)]],
    ["with a name only", "<at>Easel</at>&nbsp;imagine a cat", [{ type: "mention", mentioned: bot }]],
    ["without an entity", "<at>Easel</at> imagine a cat", []],
    ["hard spaces and line ends", "<at>Easel</at>&nbsp;\u00a0\r\n/imagine&nbsp;a\ncat\n", [mention(bot)]],
  ])("is rid of the bot's own name: %s", (_, text, entities) => {
    expect(promptIn({ text, entities })).toBe("a cat");
  });

  test.each([
    ["R&D Easel", "<at>R&amp;D Easel</at> imagine a fox"],
    ["R&D Easel", "<at>R&D Easel</at> imagine a fox"],
    ["R&D Easel", "<at>R&#38;D&nbsp;Easel</at>&#160;imagine a fox"],
    ["R&D Easel", "&lt;at&gt;R&amp;amp;D Easel&lt;/at&gt; imagine a fox"],
    ["Easel  Bot", "<at>Easel Bot</at> imagine a fox"],
    ["Easel Bot", "<at>Easel\u00a0 Bot </at>\u2003imagine\u3000a fox"],
    ["Easel", "<at>Ea\u200bsel\u200e</at>\u200b\u2060 \ufeffimagine\u200d a fox"],
    ["Easel", "<at><span>Easel</span></at> imagine a fox"],
    ["Easel", `<at id="0"><span style="x"><b>Easel</b></span></at> imagine a fox <AT>Easel</AT>`],
    ["EASEL", "<at>Easel</at> imagine a fox"],
    [`The "a<b" Easel`, "<at>The &quot;a&lt;b&quot; Easel</at> imagine a fox"],
    ["a<b", "<at>a<b</at> imagine a fox"],
    ["<Easel>", "<at><Easel></at> imagine a fox"],
    ["Éasel", "<at>E\u0301asel</at> imagine a fox"],
  ])("knows the bot %s in whatever way Teams writes it: %s", (name, text) => {
    const named = { ...bot, name };
    for (const entities of [
      [{ type: "mention", mentioned: named }],
      [{ type: "mention", mentioned: { id: bot.id } }],
      [],
    ])
      expect([entities, promptIn({ text, entities, recipient: named })]).toEqual([entities, "a fox"]);
  });

  test("knows it by its place where no name fits, and takes nobody else for it", () => {
    const bob = { type: "mention", mentioned: { id: "29:bob", name: "Bob" } };
    const own = { type: "mention", mentioned: { id: bot.id } };
    const text = "<at>Weasel</at> imagine <at>Bob</at> on a boat";
    expect(promptIn({ text, entities: [own, bob] })).toBe("Bob on a boat");
    const turned = "imagine <at>Bob</at> with <at>Easel</at>";
    expect(promptIn({ text: turned, entities: [mention(bot), bob] })).toBe("Bob with");
  });

  test.each([
    ["salt &amp; pepper", "salt & pepper"],
    ["&amp;lt;b&amp;gt; &amp;amp;", "&lt;b&gt; &amp;"],
    ["a &lt;b&gt; &quot;c&quot; &apos;d&#39; &#x1F98A;", `a <b> "c" 'd' 🦊`],
    ["AT&T &copy; &; &#; 5 &gt 4", "AT&T &copy; &; &#; 5 &gt 4"],
    ["👩\u200d🚀 and 🏳️\u200d🌈", "👩\u200d🚀 and 🏳️\u200d🌈"],
    ["می\u200cخواهم", "می\u200cخواهم"],
    ["<b>bold</b> <at", "<b>bold</b> <at"],
    ["&#55357; &#1114112;", "\ufffd"],
    ["&#55357;&#56842;", "😊"],
  ])("draws %s as it was meant", (text, words) => {
    expect(promptIn({ text: `<at>Easel</at> imagine ${text}`, entities: [mention(bot)] })).toBe(words);
  });

  test("of whatever is made to take long takes no time", () => {
    const began = performance.now();
    const long = [
      "<at>",
      "<at ",
      "<atx",
      "</at>",
      "<at></at>",
      "<",
      "&",
      "&#",
      "\u200d",
      "é\u200d\u200d",
      "\n",
      " ",
      "&lt;at&gt;",
      "«",
    ];
    for (const part of long) {
      const text = part.repeat(Math.ceil(100_000 / part.length));
      readActivity(activity({ text: `imagine ${text}`, entities: Array(100).fill(mention(bot, "Easel")) }));
      readActivity(activity({ text: `${text}></at>` }));
    }
    expect(chatOf(`19:x${";messageid=\n".repeat(20_000)}`)).toBe("19:x");
    expect(performance.now() - began).toBeLessThan(15_000);
  });

  test("keeps other people's names as names", () => {
    const bob = { id: "29:bob", name: "Bob" };
    expect(
      promptIn({ text: "<at>Easel</at> imagine <at>Bob</at> on a boat", entities: [mention(bot), mention(bob)] }),
    ).toBe("Bob on a boat");
  });

  test("says who asked, and where the answer goes", () => {
    expect(readActivity(activity({ text: "imagine a cat" }))).toMatchObject({
      request: {
        private: false,
        askedBy: {
          platform: "teams",
          workspace: "tenant",
          channel: "19:chat@thread.tacv2",
          user: "ada",
          name: "Ada",
          locale: "de-DE",
        },
        address: {
          conversationId: "19:chat@thread.tacv2;messageid=1",
          conversationType: "channel",
          activityId: null,
          bot: { id: "28:bot" },
        },
      },
    });
  });

  test("has one id however often it comes, and another in another place", () => {
    const text = "imagine a cat";
    expect(idOf({ text })).toMatch(/^teams-[0-9a-f]{40}$/);
    expect(idOf({ text, timestamp: "later" })).toBe(idOf({ text }));
    expect(idOf({ text, id: "2" })).not.toBe(idOf({ text }));
    expect(idOf({ text, conversation: { id: "elsewhere" } })).not.toBe(idOf({ text }));
  });

  test("without words, or of a picture alone, is not understood", () => {
    expect(promptIn({ text: "<at>Easel</at>", entities: [mention(bot)] })).toBe("unknown words");
    expect(promptIn({ attachments: [{ contentType: "image/png" }] })).toBe("unknown words");
  });

  test("that is edited, and whatever else Teams tells, draws nothing", () => {
    const types = [
      "messageUpdate",
      "messageDelete",
      "messageReaction",
      "typing",
      "event",
      "endOfConversation",
      "something new",
    ];
    for (const type of types) expect(promptIn({ type, text: "imagine a cat" })).toBe("nothing");
  });
});

describe("a message that only the bot sees", () => {
  const targeted = { text: "imagine a cat", recipient: { ...bot, isTargeted: true } };
  const requestIn = (members: Record<string, unknown>) => {
    const heard = readActivity(activity(members));
    return heard.heard === "request" ? heard.request : undefined;
  };

  test("asks for an answer that only its author sees", () => {
    expect(requestIn(targeted)).toMatchObject({ private: true, address: { targeted: true } });
    expect(requestIn({ text: "imagine a cat" })).toMatchObject({ private: false, address: { targeted: false } });
  });

  test("is none in a chat of two", () => {
    const conversation = { id: "a:1", conversationType: "personal", tenantId: "tenant" };
    expect(requestIn({ ...targeted, conversation })).toMatchObject({ private: false, address: { targeted: false } });
  });
});

describe("pictures that are sent along", () => {
  const html = { contentType: "text/html", content: `<p><img src="https://eu-api.asm.skype.com/v1/objects/1"></p>` };
  const pasted = { contentType: "image/*", contentUrl: "https://smba.trafficmanager.net/emea/v3/attachments/1" };
  const file = {
    contentType: "application/vnd.microsoft.teams.file.download.info",
    contentUrl: "https://contoso-my.sharepoint.com/personal/ada/Documents/cat.png",
    content: { downloadUrl: "https://contoso-my.sharepoint.com/download?tempauth=1", fileType: "png" },
  };
  const heard = (text: string, attachments: unknown) => readActivity(activity({ text, attachments }));

  test("are what an edit is made from, the message's HTML is not", () => {
    expect(heard("edit make it blue", [html, pasted, file])).toMatchObject({
      heard: "request",
      request: {
        prompt: "make it blue",
        sources: [
          { from: "chat", url: pasted.contentUrl },
          { from: "chat", url: file.content.downloadUrl },
        ],
      },
    });
  });

  test.each([
    [[html]],
    [undefined],
    [[{ contentType: "image/png" }, null, 7, { contentType: 7 }, { ...file, content: "x" }]],
    [[{ contentType: "application/vnd.microsoft.card.adaptive", content: {} }]],
  ])("are missed where there are none: %j", (attachments) =>
    expect(heard("edit make it blue", attachments)).toMatchObject({
      heard: "no picture",
      words: { request: { prompt: "make it blue" } },
    }),
  );

  test.each([
    [`<p><img src="https://eu-api.asm.skype.com/v1/objects/1"></p>`, true],
    [
      `<p><img alt="🙂" itemtype="http://schema.skype.com/Emoji" src="https://statics.teams.cdn.office.net/1.png"></p>`,
      false,
    ],
    ["<p>make it blue</p>", false],
  ])("that no bot gets are seen in the message: %s", (content, outOfReach) =>
    expect(heard("edit make it blue", [{ contentType: "text/html", content }])).toMatchObject({
      words: { outOfReach },
    }),
  );

  test("beside a sentence are told of, and the sentence comes back whole", () => {
    expect(heard("make it --size wide blue", [html, pasted])).toMatchObject({
      heard: "sentence",
      words: { text: "make it --size wide blue", withPicture: true },
    });
  });

  test("change nothing about words that draw", () => {
    const drawn = heard("imagine a cat", [pasted]);
    expect(drawn.heard === "request" && drawn.request).not.toHaveProperty("sources");
  });

  test("a card alone, as from the message extension, asks for nothing", () => {
    const card = { contentType: "application/vnd.microsoft.card.adaptive", content: {} };
    expect(heard("", [card, html]).heard).toBe("nothing");
    expect(heard("imagine a cat", [card]).heard).toBe("request");
  });
});

describe("a pressed button", () => {
  const revise = { do: "revise", job: "teams-1", prompt: "a dog" };
  const execute = (data: unknown) => ({
    type: "invoke",
    name: "adaptiveCard/action",
    replyToId: "7",
    value: { action: { verb: "revise", data } },
  });

  test("is one event however often it comes, and each press another", () => {
    const eventOf = (members: Record<string, unknown>) => {
      const heard = readActivity(activity({ ...execute({ do: "again", ref: "teams-1.1" }), ...members }));
      return heard.heard === "press" ? heard.event : heard.heard;
    };
    const at = { id: "f:1", timestamp: "2026-11-24T12:00:00Z" };
    expect(eventOf(at)).toBe(eventOf(at));
    expect(eventOf({ ...at, id: "f:2" })).not.toBe(eventOf(at));
    expect(eventOf({ ...at, timestamp: "2026-11-24T12:00:06Z" })).not.toBe(eventOf(at));
    expect(eventOf({ id: undefined })).not.toBe(eventOf({ id: undefined }));
  });

  test("on a card that a person sent comes under another name", () => {
    const data = { do: "look", job: "teams-1" };
    const invoke = { type: "invoke", name: "composeExtension/onCardButtonClicked", value: data, replyToId: "7" };
    expect(readActivity(activity(invoke))).toMatchObject({ heard: "press", by: "submit", pressed: data });
  });

  test("says the same by Action.Execute and by Action.Submit", () => {
    const expected = { heard: "press", pressed: revise, address: { activityId: "7" } };
    expect(readActivity(activity(execute(revise)))).toMatchObject({ ...expected, by: "execute" });
    expect(readActivity(activity({ value: revise, replyToId: "7" }))).toMatchObject({ ...expected, by: "submit" });
  });

  test.each([
    undefined,
    null,
    7,
    "revise",
    [],
    {},
    { do: "delete everything" },
    { ...revise, job: "../../secrets" },
    { ...revise, prompt: { a: 1 } },
  ])("with strange data is strange: %j", (data) =>
    expect(readActivity(activity(execute(data)))).toMatchObject({ heard: "strange press", by: "execute" }),
  );
});

describe("an installation", () => {
  const team = { channelData: { team: { id: "19:team" } } };
  test("is one place, in whichever activity it is told", () => {
    const told = [
      activity({ type: "installationUpdate", action: "add", ...team }),
      activity({ type: "conversationUpdate", membersAdded: [user, bot], ...team, conversation: { id: "19:other" } }),
    ];
    for (const each of told) expect(readActivity(each)).toMatchObject({ heard: "installed", place: "19:team" });
  });
  test("is not that somebody else joins, or an upgrade", () => {
    expect(readActivity(activity({ type: "conversationUpdate", membersAdded: [user] })).heard).toBe("nothing");
    expect(readActivity(activity({ type: "installationUpdate", action: "add-upgrade" })).heard).toBe("nothing");
  });
});
