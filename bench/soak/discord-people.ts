/** What people on Discord do in a soak. */
import { setTimeout as pause } from "node:timers/promises";
import type { FakeMessage } from "../../local/discord/records.ts";
import type { Person } from "../../local/discord/places.ts";
import type { PlayedInteraction } from "../../local/discord/played-interaction.ts";
import { walk } from "../../local/discord/components.ts";
import { buttonsOf } from "../../local/discord/reading.ts";
import { paint } from "../../test/fakes/scripted-images.ts";
import { messageFlag } from "../../local/discord/wire.ts";
import type { Chance } from "./chance.ts";
import { note } from "./command.ts";
import type { Command, Doings } from "./command.ts";
import { BLOCKED_WORDS, SLOW_WORDS } from "./image-service.ts";
import type { SoakWorld } from "./world.ts";

/** A person waits so long for something to press; then they do something else. */
const PATIENCE_SECONDS = 20;
const MOST_WAIT_MILLISECONDS = 45_000;
const LOOK_MILLISECONDS = 200;
const PEOPLE = 24;
const CHANNELS = 5;
const ONE_IN_A_HUNDRED = 0.01;

type Step = { what: string; person: Person; interaction: PlayedInteraction };
/** A message that something can be pressed in, and who asked for it. */
type Found = { message: FakeMessage; asker: Person; customId: string };

export async function discordPeople({ discord, traffic }: SoakWorld, chance: Chance): Promise<Doings> {
  const people = Array.from({ length: PEOPLE }, (_, number) => discord.addPerson(`Ada ${number + 1}`));
  const names = Array.from({ length: CHANNELS }, (_, number) => `pictures-${number + 1}`);
  const channels = names.map((name) => discord.addChannel({ guildId: discord.guildId, name }));
  const photo = await paint(640, 480, "#446688");
  /** Commands that ask for pictures, to go on from. */
  const asked: Step[] = [];
  /** Each person presses a button once: a second time within seconds is the same wish. */
  const pressed = new Set<string>();

  const step = (command: Command, { what, person, interaction }: Step) => {
    command.user = person.name;
    command.interactions.push(interaction);
    note(command, `${what}: interaction ${interaction.id}, delivered ${interaction.deliveries} times`);
  };
  const place = () =>
    chance.happens(0.15) ? { guild: null } : { channel: chance.pick(channels).id, guild: discord.guildId };
  /** The gateway has been seen to dispatch an event twice. */
  const times = () => (traffic.probability.gateway > 0 && chance.happens(ONE_IN_A_HUNDRED) ? 2 : 1);

  const ask = async (command: Command, name: string, options: object) => {
    const person = chance.pick(people);
    const given = options as Record<string, string>;
    const action = { name, options: given, user: person, times: times(), unchecked: true, ...place() };
    const asking = { what: `/${name}`, person, interaction: await discord.command(action) };
    step(command, asking);
    if (name === "imagine" || name === "edit") asked.push(asking);
    return asking;
  };
  const press = async (command: Command, found: Found, what: string, person: Person) => {
    const { message, customId } = found;
    const interaction = await discord.button({ message, customId, user: person, times: times() });
    step(command, { what: `${what} under ${customId}`, person, interaction });
    return interaction;
  };
  /** A button with this name under a picture that all can see, not pressed before. */
  const find = (does: string, isAskers = false): { found: Found; person: Person } | undefined => {
    for (let tries = 0; tries < 30 && asked.length; tries += 1) {
      const { interaction, person: asker } = chance.pick(asked);
      const message = interaction.original();
      if (!message || message.deleted) continue;
      const customId = buttonsOf(message).find((button) => button.customId?.startsWith(`${does}:`))?.customId;
      const isShared = message.guildId !== undefined && message.ephemeralFor === undefined;
      const person = isAskers || !isShared ? asker : chance.pick(people);
      if (!customId || pressed.has(`${customId} ${person.id}`)) continue;
      pressed.add(`${customId} ${person.id}`);
      return { found: { message, asker, customId }, person };
    }
    return undefined;
  };
  const imagine = (words: string, options: () => object) => async (command: Command) => {
    await ask(command, "imagine", { prompt: `${words}, ${command.tag}`, ...options() });
  };
  /** In what a press was answered with: its button of this name. */
  const untilShownBy = (interaction: PlayedInteraction, does: string) =>
    discord
      .until(
        () => {
          const shown = [interaction.original(), ...interaction.followups()].filter((each) => each !== undefined);
          const buttons = shown.flatMap((message) => buttonsOf(message).map(({ customId }) => ({ message, customId })));
          const button = buttons.find(({ customId }) => customId?.startsWith(`${does}:`));
          return button?.customId ? { message: button.message, customId: button.customId } : undefined;
        },
        { seconds: PATIENCE_SECONDS },
      )
      .catch(() => undefined);
  const findBehindMore = async (command: Command, one: NonNullable<ReturnType<typeof find>>, does: string) => {
    const opened = await press(command, one.found, "more", one.person);
    const shown = await untilShownBy(opened, does);
    return shown && { ...one.found, ...shown };
  };
  const pressOne =
    (does: string, isAskers = false) =>
    async (command: Command) => {
      const isInSight = does === "again";
      const one = find(isInSight ? does : "more", isAskers);
      if (!one) return imagine("a boat", () => ({}))(command);
      const { person } = one;
      const found = isInSight ? one.found : await findBehindMore(command, one, does);
      if (!found) return undefined;
      const interaction = await press(command, found, does, person);
      if (does === "delete") {
        const question = await untilShownBy(interaction, "sure");
        if (question) await press(command, { ...found, ...question }, "sure", person);
      }
      if (does === "again" || does === "like" || does === "finish")
        asked.push({ what: does, person: one.person, interaction });
    };
  /** Sends off the form that a step was answered with. */
  const submit = async (command: Command, opened: PlayedInteraction, values: Record<string, string>) => {
    await opened.answered(PATIENCE_SECONDS);
    const interaction = await discord.modalSubmit({ modal: opened, values });
    step(command, { what: "the form", person: opened.user, interaction });
    asked.push({ what: "the form", person: opened.user, interaction });
  };

  const cancel = async (command: Command) => {
    const { interaction, person } = await ask(command, "imagine", { prompt: `${SLOW_WORDS}, ${command.tag}` });
    const cancelOf = (message: FakeMessage) =>
      buttonsOf(message).find(({ customId }) => customId?.startsWith("cancel:"));
    const message = await interaction.untilOriginal((one) => cancelOf(one) !== undefined, PATIENCE_SECONDS);
    await pause(chance.between(0, 3000));
    const customId = cancelOf(discord.message(message.id) ?? message)?.customId;
    if (customId) await press(command, { message, customId, asker: person }, "cancel", person);
  };
  const editPart = async (command: Command) => {
    const one = find("edit");
    if (!one) return imagine("a house", () => ({}))(command);
    const opened = await press(command, one.found, "edit", one.person);
    const menuOf = (shown: FakeMessage) =>
      walk(shown.components).find(({ component }) => component.custom_id?.startsWith("cells:"))?.component.custom_id;
    const message = await opened.untilOriginal((shown) => menuOf(shown) !== undefined, PATIENCE_SECONDS);
    const choice = { message, customId: menuOf(message) ?? "", values: ["A1", "B2"], user: one.person };
    const chosen = await discord.select(choice);
    step(command, { what: "cells", person: one.person, interaction: chosen });
    await submit(command, chosen, { change: `a vase, ${command.tag}` });
  };
  const words = async (command: Command) => {
    const one = find("words");
    if (!one) return imagine("a garden", () => ({}))(command);
    await submit(command, await press(command, one.found, "words", one.person), {
      prompt: `other words, ${command.tag}`,
    });
  };
  const editSent = async (command: Command) => {
    const picture = { file: { name: "photo.png", bytes: photo } };
    await ask(command, "edit", { picture, change: `a red sofa, ${command.tag}` });
  };
  /** A person looks at what comes before they ask for something else; not for ever. */
  const andWait = (act: (command: Command) => Promise<void>) => async (command: Command) => {
    await act(command);
    const interaction = command.interactions.at(-1);
    const isThere = () => {
      const message = interaction?.original();
      if (!message || (interaction?.followups().length ?? 0) > 0) return interaction?.callback !== undefined;
      const isWaiting = buttonsOf(message).some(({ customId }) => customId?.startsWith("cancel:"));
      return (message.flags & messageFlag.loading) === 0 && !isWaiting;
    };
    for (const end = Date.now() + MOST_WAIT_MILLISECONDS; Date.now() < end && !isThere();)
      await pause(LOOK_MILLISECONDS);
  };
  const look = (name: string) => async (command: Command) => void (await ask(command, name, {}));

  const doings: Doings = {
    imagine: { often: 30, act: imagine("a lighthouse", () => (chance.happens(0.1) ? { private: true } : {})) },
    several: { often: 12, act: imagine("some boats", () => ({ count: chance.between(2, 4) })) },
    slow: { often: 3, act: imagine(SLOW_WORDS, () => ({})) },
    blocked: { often: 5, act: imagine(BLOCKED_WORDS, () => ({ count: chance.between(1, 4) })) },
    "out of limits": {
      often: 5,
      act: imagine("too much", () => chance.pick([{ size: "17x17" }, { count: 9 }, { quality: "best" }])),
    },
    cancel: { often: 5, act: cancel },
    again: { often: 8, act: pressOne("again") },
    like: { often: 4, act: pressOne("like") },
    finish: { often: 3, act: pressOne("finish") },
    words: { often: 4, act: words },
    "edit sent": { often: 5, act: editSent },
    "edit part": { often: 4, act: editPart },
    delete: { often: 6, act: pressOne("delete", true) },
    family: { often: 2, act: pressOne("family") },
    history: { often: 3, act: look("history") },
    help: { often: 1, act: look("help") },
  };
  return Object.fromEntries(
    Object.entries(doings).map(([kind, { often, act }]) => [kind, { often, act: andWait(act) }]),
  );
}
