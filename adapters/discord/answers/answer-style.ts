import { ApplicationCommandOptionType } from "discord.js";
import type {
  APIApplicationCommandInteractionDataBasicOption,
  APIChatInputApplicationCommandInteraction,
  APIModalSubmitInteraction,
} from "discord.js";
import { saveAsStyle } from "../../../src/ask/save-style.ts";
import type { StyleAsker, StyleToSave } from "../../../src/ask/save-style.ts";
import { dropNamedStyle, listReply, showStyle, useAsOwn } from "../../../src/ask/styles.ts";
import { openGate } from "../../../src/gate.ts";
import { privateWordReply } from "../../../src/replies/compose-reply.ts";
import { helpReply } from "../../../src/replies/help-reply.ts";
import { SourceNotFetched } from "../../../src/replies/delivery.ts";
import { sentenceOfFault } from "../../../src/words/fault-sentences.ts";
import type { Said } from "../../../src/words/said.ts";
import { askerOf, followUpAddressOf } from "../address.ts";
import type { AnsweredLater } from "../address.ts";
import { IMAGINE, PICTURE_OPTIONS } from "../commands.ts";
import { fetchFromDiscord } from "../fetch-source.ts";
import { readStyleForm } from "../message/style-form.ts";
import { jobIdOf } from "../read.ts";
import type { Desk } from "../rest/call.ts";
import { refGiven } from "./answer-family.ts";
import { answerAtOnce, answerInPrivate, privateAnswer, publicAnswer } from "./answer-in-private.ts";
import { isModerator } from "./read-press.ts";
import type { Reception } from "./reception.ts";

type Command = APIChatInputApplicationCommandInteraction;

/** `/style`, each of its subcommands. Only what changes the channel for all is for all to read. */
export async function answerStyle(interaction: Command, reception: Reception): Promise<void> {
  const { settings, desk } = reception;
  const [subcommand] = interaction.data.options ?? [];
  const given = subcommand?.type === ApplicationCommandOptionType.Subcommand ? (subcommand.options ?? []) : [];
  const name = textIn(given, "name");
  const asked = (signal: AbortSignal) => askedBy(interaction, signal);
  switch (subcommand?.name ?? "") {
    case "save":
      return answerInPrivate(interaction, async (signal) => save(interaction, given, { ...desk, signal }), reception);
    case "use": {
      const reply = await useAsOwn(name, asked(AbortSignal.timeout(desk.times.readLimitMilliseconds)), desk.azure);
      const answer = reply.forAskerOnly ? privateAnswer(reply) : publicAnswer(reply);
      return answerAtOnce(interaction, answer, reception);
    }
    case "list":
      return answerInPrivate(interaction, (signal) => listReply(asked(signal), desk.azure), reception);
    case "show":
      return answerInPrivate(interaction, (signal) => showStyle(name, asked(signal), settings, desk.azure), reception);
    case "drop":
      return answerInPrivate(interaction, (signal) => dropNamedStyle(name, asked(signal), desk.azure), reception);
    default:
      return answerAtOnce(interaction, privateAnswer(helpReply(`/${IMAGINE}`, settings)), reception);
  }
}

/** The form under a picture, sent off. */
export async function answerStyleForm(interaction: APIModalSubmitInteraction, reception: Reception): Promise<void> {
  const form = readStyleForm(interaction);
  if (!form) return;
  const saving = (signal: AbortSignal) => {
    const { of, name, words } = form;
    const style = { name, words, refs: [of], brought: [], event: jobIdOf(interaction) };
    return saveAsStyle({ ...askedBy(interaction, signal), ...style }, reception.desk.azure);
  };
  return answerInPrivate(interaction, saving, reception);
}

function askedBy(interaction: AnsweredLater, signal: AbortSignal): StyleAsker {
  return { by: askerOf(interaction), isModerator: isModerator(interaction), signal };
}

type Given = APIApplicationCommandInteractionDataBasicOption[];

function textIn(given: Given, name: string): string {
  const option = given.find((one) => one.name === name);
  return option ? String(option.value).toWellFormed() : "";
}

/** Each may have 50 MB, and takes more while it is decoded. */
const oneAtOnce = openGate(1);

async function save(interaction: Command, given: Given, desk: Desk & { signal: AbortSignal }) {
  const asked = askedBy(interaction, desk.signal);
  const from = textIn(given, "from")
    .split(/[\s,;]+/)
    .filter(Boolean);
  const found = await Promise.all(from.map((one) => refGiven(one, asked.by, desk)));
  const sorry = found.flatMap((one) => ("sorry" in one ? [one.sorry] : []));
  const [first] = sorry;
  if (first) return { ...privateWordReply(first), paragraphs: sorry };
  const files = PICTURE_OPTIONS.flatMap((name) => given.find((one) => one.name === name) ?? []);
  return oneAtOnce(async () => {
    const brought: StyleToSave["brought"] = [];
    for (const file of files) brought.push(await fetchFile(String(file.value), interaction, desk.signal));
    const refs = found.flatMap((one) => ("ref" in one ? [one.ref] : []));
    const words = textIn(given, "words") || undefined;
    const style = { name: textIn(given, "name"), words, refs, brought, event: jobIdOf(interaction) };
    return saveAsStyle({ ...asked, ...style }, desk.azure);
  });
}

async function fetchFile(id: string, interaction: Command, signal: AbortSignal): Promise<Buffer | Said> {
  const file = interaction.data.resolved?.attachments?.[id];
  try {
    const source = { from: "chat", url: file?.url ?? "", declaredBytes: file?.size } as const;
    return await fetchFromDiscord(source, followUpAddressOf(interaction), signal);
  } catch (error) {
    if (!(error instanceof SourceNotFetched)) throw error;
    return sentenceOfFault(error.fault ?? { fault: "source unreachable" });
  }
}
