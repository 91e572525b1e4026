/** What people do while the bot is killed, or hears no answer of storage, and how it must stand in the end. */
import { isNamed } from "../fakes/button-name.ts";
import { createHash } from "node:crypto";
import sharp from "sharp";
import { readJob } from "../../src/jobs/job.ts";
import type { Job } from "../../src/jobs/job.ts";
import type { Azure } from "../../src/storage/azure.ts";
import { actionsOf } from "../fakes/microsoft/card-actions.ts";
import type { StandingActivity } from "../fakes/microsoft/conversations.ts";
import type { FakeMessage } from "../../local/discord/records.ts";
import type { PlayedInteraction } from "../../local/discord/played-interaction.ts";
import { buttonsOf, picturesOf, textOf } from "../../local/discord/reading.ts";
import { pictureAddresses } from "./teams-stage.ts";
import { untilTrue } from "./world.ts";
import type { Platform, Stand } from "./kill-lanes.ts";
import type { World } from "./world.ts";

/** What was found in storage in the end: a record, what a press asked for, and the files of its pictures. */
export type End = { accepted: boolean; wish: boolean; blobs: string[] };

export type Deed = {
  act(): Promise<unknown>;
  jobId(): string;
  /** The chat got no answer to its turn, so that the bot may have died with what it learned in it. */
  isCutOff?(): boolean;
  /** What is wrong with what people see, a line each. `orphans` are waiting messages that nobody knows of any more. */
  faults(end: End, orphans: number): string[];
};

export type Story = {
  name: string;
  platform: Platform;
  /** Pictures that are paid for if nothing goes wrong. */
  pictures: number;
  /** Pictures that go along with each call. */
  inputs?: number;
  /** For a press: the record says that it was noted. Whoever dies before has promised nothing. */
  noted?: (job: Job) => boolean;
  /** Plays what comes before, undisturbed. `words` are in every prompt of it, and in no other story. */
  prepare(stand: Stand, words: string): Promise<Deed> | Deed;
};

const isFinal = (message: FakeMessage) =>
  picturesOf(message).length > 0 && !buttonsOf(message).some(({ label }) => label === "Cancel");
const isFinalCard = (activity: StandingActivity) =>
  pictureAddresses(activity).length > 0 && !actionsOf(activity).some(({ title }) => title === "Cancel");

async function photo(): Promise<Buffer> {
  return sharp({ create: { width: 320, height: 240, channels: 3, background: "#446688" } })
    .png()
    .toBuffer();
}

type Options = Record<string, string | number | object>;
type Asked = {
  name: string;
  pictures: number;
  inputs?: number;
  command?: string;
  options: (words: string) => Promise<Options> | Options;
};

/** One message with all of the pictures, in place of the one that said that they are on their way. */
function askOnDiscord({ name, pictures, inputs, command = "imagine", options }: Asked): Story {
  return {
    name: `${name} on Discord`,
    platform: "Discord",
    pictures,
    inputs,
    async prepare({ place: { discord } }, words) {
      const user = discord.addPerson(`Ada ${words}`);
      const filled = (await options(words)) as Record<string, string>;
      let asked: PlayedInteraction | undefined;
      return {
        act: async () => (asked = await discord.command({ name: command, options: filled, user })),
        jobId: () => `discord-${asked?.id}`,
        faults({ accepted }) {
          const shown = discord.messages(asked?.channelId ?? "").filter((message) => textOf(message).includes(words));
          const finals = shown.filter((message) => isFinal(message) && picturesOf(message).length === pictures);
          return [
            ...differ("final messages", finals.length, accepted ? 1 : 0),
            ...differ("other messages", shown.length - finals.length, 0),
            ...differ("follow-ups", asked?.followups().length ?? 0, 0),
          ];
        },
      };
    },
  };
}

const refusedOnDiscord: Story = {
  name: "a refused one on Discord",
  platform: "Discord",
  pictures: 1,
  prepare({ place: { discord } }, words) {
    const user = discord.addPerson(`Ada ${words}`);
    const options = { prompt: `kill ${words}`, model: "dall-e-3" };
    let asked: PlayedInteraction | undefined;
    return {
      act: async () => (asked = await discord.command({ name: "imagine", options, user })),
      jobId: () => `discord-${asked?.id}`,
      faults({ accepted }) {
        const told = discord.ephemeralMessages(asked?.channelId ?? "", user);
        const words = told.filter((message) => textOf(message).includes("safety filter"));
        return [
          ...differ("private words", words.length, accepted ? 1 : 0),
          ...differ("private messages", told.length, accepted ? 1 : 0),
        ];
      },
    };
  },
};

/** Says that Delete is meant. */
const SURE = "Delete for good";

type Press = { label: "Cancel" | "Delete"; prompt: string; noted: (job: Job) => boolean; says: string };

/** A press on a message of Discord's, after which that message says so and nothing else. */
function pressOnDiscord(press: Press): Story {
  const { label, prompt, noted, says } = press;
  return {
    name: `${label} on Discord`,
    platform: "Discord",
    pictures: 1,
    noted,
    async prepare({ world, azure, place: { discord } }, words) {
      const user = discord.addPerson(`Ada ${words}`);
      const asked = await discord.command({ name: "imagine", options: { prompt: `${prompt} ${words}` }, user });
      const inSight = label === "Cancel" ? label : "More…";
      const message = await asked.untilOriginal((one) => buttonsOf(one).some((button) => button.label === inSight), 40);
      if (label === "Cancel") await untilDrawing(world, words);
      else await untilQuiet(azure);
      const pressIn = (shown: FakeMessage, title: string) =>
        discord.button({
          message: shown,
          customId: buttonsOf(shown).find((button) => isNamed(button.label, title))?.customId ?? "",
          user,
        });
      const asksWhether = (shown: FakeMessage | undefined) =>
        shown && buttonsOf(shown).some((button) => button.label === SURE) ? shown : undefined;
      const question = async () => {
        const details = await (await pressIn(message, inSight)).untilFollowup(undefined, 40);
        const pressed = await pressIn(details, label);
        return untilTrue(() => [pressed.original(), ...pressed.followups()].find(asksWhether));
      };
      const pressedLast = label === "Cancel" ? message : await question();
      return {
        act: () => pressIn(pressedLast ?? message, label === "Cancel" ? label : SURE),
        jobId: () => `discord-${asked.id}`,
        faults(end) {
          const shown = discord.messages(asked.channelId).filter(({ id }) => id === message.id);
          return judgePress({ shown: shown.map(textOf), final: shown.some(isFinal), says }, end);
        },
      };
    },
  };
}

function askOnTeams({ name, pictures, inputs, command = "imagine", options }: Asked): Story {
  return {
    name: `${name} on Teams`,
    platform: "Teams",
    pictures,
    inputs,
    async prepare({ world: { microsoft }, bot }, words) {
      const turn = { user: `Ada ${words}`, id: microsoft.conversations.nextId(), ...(await options(words)) };
      const conversationId = bot.teams.chatId("personal", turn.user);
      let status = 0;
      return {
        act: async () =>
          ({ status } = await bot.teams.say(`${command} ${"text" in turn ? String(turn.text) : words}`, turn)),
        isCutOff: () => status !== 200,
        jobId: () => teamsJobId(conversationId, turn.id),
        faults({ accepted }, orphans) {
          const shown = microsoft.activities(conversationId);
          const finals = shown.filter(isFinalCard);
          const seen = new Set(finals.flatMap(pictureAddresses));
          return [
            ...differ("final messages", finals.length, accepted ? 1 : 0),
            ...differ("pictures", seen.size, accepted ? pictures : 0),
            ...differ("other messages", shown.length - finals.length, orphans),
          ];
        },
      };
    },
  };
}

function pressOnTeams(press: Press): Story {
  const { label, prompt, noted, says } = press;
  return {
    name: `${label} on Teams`,
    platform: "Teams",
    pictures: 1,
    noted,
    async prepare({ world, azure, bot }, words) {
      const { microsoft } = world;
      const user = `Ada ${words}`;
      const asked = await bot.teams.say(`imagine ${prompt} ${words}`, { user });
      const standing = () => microsoft.activities(asked.conversationId);
      const message = await untilTrue(
        () => standing().find((one) => actionsOf(one).some(({ title }) => title === label)),
        40,
      );
      const jobId = teamsJobId(asked.conversationId, asked.activity.id ?? "");
      if (label === "Cancel") await untilDrawing(world, words);
      else await untilQuiet(azure);
      await untilTrue(async () => typeof (await readJob(jobId, azure))?.job.address.activityId === "string");
      const question = async () => {
        await bot.teams.press(label, message, { user });
        return untilTrue(() => standing().find((one) => actionsOf(one).some(({ title }) => title === SURE)));
      };
      const pressedLast = label === "Cancel" ? message : await question();
      return {
        act: () => bot.teams.press(label === "Cancel" ? label : SURE, pressedLast, { user }),
        jobId: () => jobId,
        faults: (end) =>
          judgePress(
            { shown: standing().map((one) => JSON.stringify(one)), final: standing().some(isFinalCard), says },
            end,
          ),
      };
    },
  };
}

const untilDrawing = ({ images }: World, words: string) =>
  untilTrue(() => images.calls.some((call) => call.prompt.includes(words)));
/** The picture's own job has left the line, so that what follows is the press alone. */
const untilQuiet = ({ queue }: Azure) =>
  untilTrue(async () => (await queue.getProperties()).approximateMessagesCount === 0);

/** What was noted is done, whoever dies. What was not is as if nobody had pressed. */
function judgePress({ shown, final, says }: { shown: string[]; final: boolean; says: string }, { wish, blobs }: End) {
  const said = shown.filter((text) => text.includes(says)).length;
  return [
    ...differ("messages", shown.length, 1),
    ...differ(`messages that say "${says}"`, said, wish ? 1 : 0),
    ...(final === wish ? [`the picture ${final ? "still stands" : "is gone"}`] : []),
    ...(wish ? differ("files of the picture", blobs.length, 0) : []),
  ];
}

function differ(what: string, seen: number, wanted: number): string[] {
  return seen === wanted ? [] : [`${what}: ${seen}, not ${wanted}`];
}

/** As `adapters/teams/read.ts` makes it of the event. */
function teamsJobId(conversationId: string, event: string): string {
  const digest = createHash("sha256")
    .update(JSON.stringify([conversationId, event]))
    .digest("hex");
  return `teams-${digest.slice(0, 40)}`;
}

const cancel: Press = {
  label: "Cancel",
  prompt: "[[slow:5000]]",
  noted: ({ wishes, cancelledBy }) => (wishes?.cancel ?? cancelledBy) !== undefined,
  says: "Cancelled",
};
const remove: Press = {
  label: "Delete",
  prompt: "a boat",
  noted: ({ pictures }) => pictures.some(({ deletedBy }) => deletedBy),
  says: "has deleted this picture",
};

export const stories = {
  oneOnDiscord: askOnDiscord({ name: "one picture", pictures: 1, options: (prompt) => ({ prompt, quality: "low" }) }),
  oneOnTeams: askOnTeams({
    name: "one picture",
    pictures: 1,
    options: (words) => ({ text: `${words} --quality low` }),
  }),
  fourOnDiscord: askOnDiscord({
    name: "four pictures",
    pictures: 4,
    options: (prompt) => ({ prompt, count: 4, model: "dall-e-3" }),
  }),
  fourOnTeams: askOnTeams({
    name: "four pictures",
    pictures: 4,
    options: (words) => ({ text: `${words} --count 4 --model dall-e-3` }),
  }),
  editOnDiscord: askOnDiscord({
    name: "an edit",
    pictures: 1,
    inputs: 1,
    command: "edit",
    options: async (change) => ({
      picture: { file: { name: "room.png", bytes: await photo(), contentType: "image/png" } },
      change,
    }),
  }),
  editOnTeams: askOnTeams({
    name: "an edit",
    pictures: 1,
    inputs: 1,
    command: "edit",
    options: async () => ({ pictures: [{ bytes: await photo() }] }),
  }),
  refusedOnDiscord,
  cancelOnDiscord: pressOnDiscord(cancel),
  cancelOnTeams: pressOnTeams(cancel),
  deleteOnDiscord: pressOnDiscord(remove),
  deleteOnTeams: pressOnTeams(remove),
};
