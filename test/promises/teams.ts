import { startWorld, untilTrue } from "../end-to-end/world.ts";
import type { Bot } from "../end-to-end/world.ts";
import { actionsOf, findAction } from "../fakes/microsoft/card-actions.ts";
import type { CardAction } from "../fakes/microsoft/card-actions.ts";
import { choicesOf } from "../fakes/microsoft/card-inputs.ts";
import { isInput, partsOf } from "../fakes/microsoft/card-parts.ts";
import type { Part } from "../fakes/microsoft/card-parts.ts";
import type { StandingActivity } from "../fakes/microsoft/conversations.ts";
import { person } from "../fakes/microsoft/people.ts";
import { refusals } from "../fakes/microsoft/refusals.ts";
import type { Microsoft } from "../fakes/microsoft/microsoft.ts";
import type { ButtonOptions, Turn } from "../fakes/microsoft/teams-client.ts";
import type { Acknowledged, Chat, Platform, Seen, Who } from "./platform.ts";

const MODERATOR = "Margaret the moderator";
/** Without Discord. */
const ALONE = { DISCORD_TOKEN: undefined, DISCORD_APPLICATION_ID: undefined };

export async function openTeams(): Promise<Platform> {
  const world = await startWorld();
  const { microsoft } = world;
  const start = () =>
    world.startBot({ ...ALONE, IDEAS_MODEL: "ideas", TEAMS_MODERATORS: person(MODERATOR).aadObjectId });
  let bot = await start();
  return {
    name: "Teams",
    world,
    patience: { command: 15_000, press: 5000 },
    openChat: () => openChat(microsoft, () => bot),
    refusePictures: () => microsoft.fail({ text: /"type":"Image"/ }, refusals.messageSizeTooBig, Infinity),
    fetch: (address) => fetch(`http://127.0.0.1:${bot.port}${new URL(address).pathname}`),
    async restart() {
      await bot.end();
      bot = await start();
    },
    violations: () => microsoft.violations,
    stop: () => world.stop(),
  };
}

let chats = 0;

/** A thread in a channel of its own. */
function openChat(microsoft: Microsoft, bot: () => Bot): Chat {
  chats += 1;
  const names: Record<Who, string> = { asker: `Ada ${chats}`, other: `Grace ${chats}`, moderator: MODERATOR };
  const id = String(1_700_000_000_000 + chats);
  const conversationId = `19:chat-${chats}@thread.tacv2;messageid=${id}`;
  bot().teams.overhear("good morning", { conversationId, id, user: names.other });
  for (const user of [names.asker, names.moderator]) bot().teams.overhear("good morning", { conversationId, user });
  const activities = new WeakMap<Seen, StandingActivity>();
  /** What presses were answered with, and who read that. */
  const answers: { who: Who; words: string }[] = [];
  const activityOf = (seen: Seen) => {
    const activity = activities.get(seen);
    if (!activity) throw new Error("this message is not of this chat");
    return activity;
  };
  const press = async (label: string, on: Seen, { who = "asker", ...how }: ButtonOptions & { who?: Who } = {}) => {
    const turn = await bot().teams.press(label, activityOf(on), { user: names[who], ...how });
    answers.push({ who, words: wordsOf(turn) });
    return acknowledged(turn);
  };
  const standing = (who: Who) => microsoft.seenBy(names[who], conversationId);
  const titlesFor = (activity: StandingActivity) => actionsOf(activity).map(({ title }) => title);
  /** Behind the number of one of several is what can be done with it: it comes in a message of its own. */
  const pressOneOf = async (label: string, on: Seen, { picture, ...by }: { who?: Who; picture: number }) => {
    await press(String(picture), on, by);
    const { alt } = picturesIn(activityOf(on))[picture - 1] ?? {};
    const alone = await untilTrue(() =>
      standing(by.who ?? "asker").findLast((each) => {
        const pictures = picturesIn(each);
        return each.targeted && pictures.length === 1 && pictures[0]?.alt === alt && titlesFor(each).includes(label);
      }),
    );
    const seen = seenOf(alone);
    activities.set(seen, alone);
    return press(label, seen, by);
  };
  const sayYes = async (asked: Acknowledged, who: Who) => {
    const question = standing(who).findLast((each) => titlesFor(each).includes("Delete for good"));
    if (!question) return asked;
    const seen = seenOf(question);
    activities.set(seen, question);
    return press("Delete for good", seen, { who });
  };
  return {
    names,
    async imagine(words, { who = "asker", options = {}, isAlone, copies } = {}) {
      const typed = Object.entries(options).map(([name, value]) => ` --${name} ${value}`);
      const how = { conversationId, user: names[who], targeted: isAlone, copies };
      return acknowledged(await bot().teams.say(`imagine ${words}${typed.join("")}`, how));
    },
    edit: async (words, { who = "asker" } = {}) =>
      acknowledged(await bot().teams.say(`edit ${words}`, { conversationId, user: names[who] })),
    history: async ({ who = "asker" } = {}) =>
      acknowledged(await bot().teams.say("history", { conversationId, user: names[who] })),
    wall: async ({ who = "asker" } = {}) =>
      acknowledged(await bot().teams.say("wall", { conversationId, user: names[who] })),
    privacy: async ({ who = "asker" } = {}) =>
      acknowledged(await bot().teams.say("privacy", { conversationId, user: names[who] })),
    async press(label, on, { picture, ...by } = {}) {
      const isInSight = picture === undefined || titlesFor(activityOf(on)).includes(label);
      const done = isInSight ? await press(label, on, by) : await pressOneOf(label, on, { ...by, picture });
      return label === "Delete" ? sayYes(done, by.who ?? "asker") : done;
    },
    // It is folded in the card, where a press shows it and the bot hears nothing of that.
    details: (on) => Promise.resolve(on),
    async open(label, on, { who } = {}) {
      const activity = activityOf(on);
      const inside = findAction(activity, label).type === "Action.ShowCard";
      const field = fieldIn(activity, inside ? label : undefined);
      return {
        words: String(field.value),
        send: (words) =>
          press(inside ? "Draw" : label, on, {
            who,
            inputs: { [field.id ?? ""]: words },
            ...(inside && { within: label }),
          }),
      };
    },
    change(panel, change, cells) {
      const columns = Map.groupBy(cells, (cell) => cell.charAt(0));
      const picked = Object.fromEntries([...columns].map(([letter, own]) => [`cells${letter}`, own]));
      return press("Draw", panel, { inputs: { change, ...picked } });
    },
    pick(choice, on, { who } = {}) {
      const menu = menuIn(activityOf(on));
      const value = menu && choicesOf(menu).find(({ title }) => title === choice)?.value;
      return press("Go on from", on, { who, inputs: { [menu?.id ?? ""]: value ?? "" } });
    },
    seenBy: (who) =>
      standing(who).map((activity) => {
        const seen = seenOf(activity);
        activities.set(seen, activity);
        return seen;
      }),
    toldTo: (who) =>
      [
        ...standing(who).flatMap((activity) => (activity.targeted ? textOf(activity) : [])),
        ...answers.flatMap((answer) => (answer.who === who ? answer.words : [])),
      ].join("\n"),
    everReadBy: (who) =>
      [
        ...microsoft.log
          .filter(({ segments, query }) => segments[3] === conversationId && query.isTargetedActivity === undefined)
          .map(({ text }) => text),
        ...standing(who).map(textOf),
        ...answers.flatMap((answer) => (answer.who === who ? answer.words : [])),
      ].join("\n"),
  };
}

function acknowledged({ deliveries }: Turn): Acknowledged {
  return { milliseconds: Math.max(...deliveries.map(({ milliseconds }) => milliseconds)) };
}

function wordsOf({ body }: Turn): string {
  const { value } = (body ?? {}) as { value?: unknown };
  return typeof value === "string" ? value : "";
}

const partsIn = ({ attachments = [] }: StandingActivity): Part[] =>
  attachments.flatMap(({ content }) => partsOf(content).map(({ part }) => part));
const picturesIn = (activity: StandingActivity) =>
  partsIn(activity).flatMap((part) => (part.type === "Image" ? [{ alt: String(part.altText) }] : []));
const textOf = (activity: StandingActivity) => textsIn(partsIn(activity)).join("\n");

/** Texts and facts; not what stands in a field to be changed. */
function textsIn(parts: Part[]): string[] {
  return parts.flatMap(({ text, facts }) => [
    ...(typeof text === "string" ? [text] : []),
    ...(Array.isArray(facts)
      ? facts.map((fact: { title: string; value: string }) => `${fact.title}: ${fact.value}`)
      : []),
  ]);
}

function seenOf(activity: StandingActivity): Seen {
  const parts = partsIn(activity);
  const actions = actionsOf(activity);
  const isLink = ({ type }: CardAction) => type === "Action.OpenUrl";
  const menu = menuIn(activity);
  return {
    id: activity.id,
    text: textOf(activity),
    buttons: actions.filter((action) => !isLink(action)).map(({ title = "" }) => title),
    choices: menu ? choicesOf(menu).map(({ title = "" }) => title) : [],
    pictures: parts.filter(({ type }) => type === "Image").length,
    links: actions.filter(isLink).map(({ title = "", url = "" }) => ({ label: title, url })),
    isAlone: activity.targeted,
    harm: harmIn(activity),
  };
}

/** A TextRun shows just its characters; a TextBlock and a fact read markdown; a message's own text is HTML. */
function harmIn(activity: StandingActivity): string[] {
  const read = partsIn(activity).filter(({ type }) => type === "TextBlock" || type === "FactSet");
  const text = textsIn(read).join("\n").replaceAll(/\\[^]/g, "");
  return [
    ...(/[*_`]|\]\(|<at>/.test(text) ? ["a format"] : []),
    ...(activity.text ? ["text beside the card"] : []),
    ...(JSON.stringify(activity).includes('"mention"') ? ["a mention"] : []),
  ];
}

/** Where a person types, in the card or in the one that a button opens. */
function fieldIn({ attachments = [] }: StandingActivity, within?: string): Part {
  const all = attachments.flatMap(({ content }) => partsOf(content));
  const field = all.find(
    ({ part, path }) =>
      part.type === "Input.Text" &&
      path.some(({ type, title }) => type === "Action.ShowCard" && title === within) === (within !== undefined),
  );
  if (!field) throw new Error("nothing can be typed there");
  return field.part;
}

const menuIn = (activity: StandingActivity) =>
  partsIn(activity).find((part) => isInput(part) && part.type === "Input.ChoiceSet");
