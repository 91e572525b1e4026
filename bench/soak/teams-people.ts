/** What people at Teams do in a soak. */
import { setTimeout as pause } from "node:timers/promises";
import { actionsOf } from "../../test/fakes/microsoft/card-actions.ts";
import type { ConversationKind, StandingActivity } from "../../test/fakes/microsoft/conversations.ts";
import { teamsClient } from "../../test/fakes/microsoft/teams-client.ts";
import type { MessageOptions, Turn } from "../../test/fakes/microsoft/teams-client.ts";
import { paint } from "../../test/fakes/scripted-images.ts";
import type { Chance } from "./chance.ts";
import { note } from "./command.ts";
import type { Command, Doings } from "./command.ts";
import { BLOCKED_WORDS, SLOW_WORDS } from "./image-service.ts";
import type { SoakWorld } from "./world.ts";

const PEOPLE = 24;
const PATIENCE_MILLISECONDS = 20_000;
const MOST_WAIT_MILLISECONDS = 45_000;
const LOOK_MILLISECONDS = 200;

/** Where somebody has asked for a picture. */
type Asked = { user: string; conversationId: string };
type Found = { activity: StandingActivity; user: string; key: string };

export async function teamsPeople({ microsoft }: SoakWorld, botUrl: string, chance: Chance): Promise<Doings> {
  const client = teamsClient({ microsoft, botUrl });
  const people = Array.from({ length: PEOPLE }, (_, number) => `Grace ${number + 1}`);
  const photo = await paint(640, 480, "#884466");
  const asked: Asked[] = [];
  const pressed = new Set<string>();

  const step = (command: Command, what: string, turn: Turn): Turn => {
    command.turns.push(turn);
    const times = turn.deliveries.map(({ status, milliseconds }) => `${status} after ${Math.round(milliseconds)} ms`);
    note(command, `${what}: activity ${turn.activity.id} in ${turn.conversationId.slice(0, 60)}: ${times.join(", ")}`);
    return turn;
  };
  const kind = (): ConversationKind => chance.pick(["personal", "personal", "channel", "channel", "groupChat"]);
  const say = async (command: Command, words: string, options: MessageOptions = {}): Promise<Turn> => {
    const user = chance.pick(people);
    command.user = user;
    note(command, `says “${words}”`);
    const turn = step(command, "heard", await client.say(words, { user, conversation: kind(), ...options }));
    asked.push({ user, conversationId: turn.conversationId });
    return turn;
  };
  const imagine =
    (words: string, options: () => string = () => "") =>
    async (command: Command) => {
      await say(command, `imagine ${words}, ${command.tag}${options()}`);
    };
  /** A card with this button that was not pressed by this person before; in a personal chat nobody else sees it. */
  const find = (title: string, isAskers = false): Found | undefined => {
    for (let tries = 0; tries < 20 && asked.length; tries += 1) {
      const { user: asker, conversationId } = chance.pick(asked);
      const isShared = conversationId.startsWith("19:");
      const user = isShared && !isAskers ? chance.pick(people) : asker;
      const standing = microsoft.activities(conversationId).filter(({ targeted }) => !targeted);
      const fitting = standing.filter((one) => actionsOf(one).some((action) => action.title === title));
      const activity = fitting.at(-1);
      const key = `${title} ${activity?.id} ${user}`;
      if (!activity || pressed.has(key)) continue;
      pressed.add(key);
      return { activity, user, key };
    }
    return undefined;
  };
  const press =
    (title: string, isAskers = false, ...within: string[]) =>
    async (command: Command): Promise<Found | undefined> => {
      const one = find(within[0] ?? title, isAskers);
      if (!one) {
        await imagine("a boat")(command);
        return undefined;
      }
      const { activity, user } = one;
      command.user = user;
      note(command, `presses ${title} on ${activity.id}`);
      const inputs = within.length ? { inputs: { words1: `other words, ${command.tag}` }, within: within[0] } : {};
      const turn = await client.press(title, activity, { user, ...inputs });
      step(command, "pressed", turn);
      asked.push({ user, conversationId: turn.conversationId });
      return one;
    };
  const untilShown = async (conversationId: string, fits: (one: StandingActivity) => boolean) => {
    for (const end = Date.now() + PATIENCE_MILLISECONDS; Date.now() < end; await pause(LOOK_MILLISECONDS)) {
      const found = microsoft.activities(conversationId).findLast(fits);
      if (found) return found;
    }
    return undefined;
  };
  const has = (title: string) => (one: StandingActivity) => actionsOf(one).some((action) => action.title === title);

  const cancel = async (command: Command) => {
    const turn = await say(command, `imagine ${SLOW_WORDS}, ${command.tag}`);
    const isOwn = (one: StandingActivity) => has("Cancel")(one) && JSON.stringify(one).includes(command.tag);
    const waiting = await untilShown(turn.conversationId, isOwn);
    if (!waiting) return;
    await pause(chance.between(0, 3000));
    const now = microsoft.activities(turn.conversationId).find((one) => one.id === waiting.id && has("Cancel")(one));
    if (now) step(command, "Cancel", await client.press("Cancel", now, { user: command.user }));
  };
  const remove = async (command: Command) => {
    const one = await press("Delete", true)(command);
    if (!one) return;
    const isQuestion = (shown: StandingActivity) => shown.id === one.activity.id && has("Delete for good")(shown);
    const question = await untilShown(one.activity.conversationId, isQuestion);
    if (question) step(command, "Delete for good", await client.press("Delete for good", question, { user: one.user }));
  };
  const editPart = async (command: Command) => {
    const one = await press("Edit")(command);
    if (!one) return;
    const { conversationId } = one.activity;
    const isPanel = (shown: StandingActivity) =>
      JSON.stringify(shown).includes("Pick the cells") && !pressed.has(`panel ${shown.id}`);
    const panel = await untilShown(conversationId, isPanel);
    if (!panel || (panel.targeted && panel.recipient?.name !== one.user)) return;
    pressed.add(`panel ${panel.id}`);
    const inputs = { cellsA: ["A1"], change: `a blue fox, ${command.tag}` };
    step(command, "Draw", await client.press("Draw", panel, { user: one.user, inputs }));
  };
  const editSent = async (command: Command) => {
    const pictures = [{ bytes: photo }];
    await say(command, `edit a red sofa, ${command.tag}`, { conversation: "personal", pictures });
  };
  const plain = (words: string) => async (command: Command) =>
    void (await say(command, words, { conversation: "personal" }));

  /** A person looks at what comes before they ask for something else; not for ever. */
  const andWait = (act: (command: Command) => Promise<void>) => async (command: Command) => {
    await act(command);
    const place = command.turns.at(-1)?.conversationId ?? "";
    const isWaiting = () =>
      microsoft
        .activities(place)
        .some((one) => has("Cancel")(one) && (!place.startsWith("19:") || JSON.stringify(one).includes(command.tag)));
    for (const end = Date.now() + MOST_WAIT_MILLISECONDS; Date.now() < end && isWaiting();)
      await pause(5 * LOOK_MILLISECONDS);
  };

  const doings: Doings = {
    imagine: { often: 30, act: imagine("a lighthouse") },
    several: { often: 12, act: imagine("some boats", () => ` --count ${chance.between(2, 4)}`) },
    slow: { often: 3, act: imagine(SLOW_WORDS) },
    blocked: { often: 5, act: imagine(BLOCKED_WORDS, () => ` --count ${chance.between(1, 4)}`) },
    "out of limits": { often: 5, act: imagine("too much", () => chance.pick([" --size 17x17", " --count 9"])) },
    cancel: { often: 5, act: cancel },
    again: { often: 8, act: async (command) => void (await press("Again")(command)) },
    like: { often: 4, act: async (command) => void (await press("More like this")(command)) },
    finish: { often: 3, act: async (command) => void (await press("Finish in high quality")(command)) },
    words: { often: 4, act: async (command) => void (await press("Draw", false, "Change words")(command)) },
    "edit sent": { often: 5, act: editSent },
    "edit part": { often: 4, act: editPart },
    delete: { often: 6, act: remove },
    family: { often: 2, act: async (command) => void (await press("Family")(command)) },
    history: { often: 3, act: plain("history") },
    help: { often: 1, act: plain("help") },
  };
  return Object.fromEntries(
    Object.entries(doings).map(([kind, { often, act }]) => [kind, { often, act: andWait(act) }]),
  );
}
