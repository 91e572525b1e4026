import { InteractionResponseType, InteractionType, MessageFlags, Utils } from "discord.js";
import type { APIInteraction, APIInteractionResponse, APIMessageComponentInteraction } from "discord.js";
import type { Azure } from "../../src/azure.ts";
import { helpReply, privateWordReply, sorryReply } from "../../src/compose-reply.ts";
import { readJob } from "../../src/job.ts";
import { log } from "../../src/log.ts";
import type { ChatReply } from "../../src/reply.ts";
import { failed } from "../../src/sentences.ts";
import type { Settings } from "../../src/settings.ts";
import { userOf } from "./address.ts";
import { answerRequest } from "./answer-request.ts";
import type { Reception } from "./answer-request.ts";
import { HELP, IMAGINE } from "./commands.ts";
import { openGateway } from "./gateway.ts";
import { readImagine } from "./read.ts";
import { isRevisionForm, readRevision, revisionForm } from "./revise.ts";
import type { DiscordSettings } from "./settings.ts";
import { REVISE_PREFIX, showReply } from "./show.ts";
import { answerFirst, makeRest } from "./wire.ts";

/** Of the 3 s for a first answer: the rest is for the way to Discord. */
const READ_JOB_MILLISECONDS = 1800;
/** What a stop waits for answers under way. */
const FINISH_MILLISECONDS = 10_000;

/** Connects to Discord's gateway, and keeps trying; answers what people send. */
export function startDiscord(
  settings: Settings,
  discord: DiscordSettings,
  azure: Azure,
): { stop(): Promise<void>; ready(): boolean } {
  const reception: Reception = { settings, desk: { rest: makeRest(discord), azure } };
  const underWay = new Set<Promise<void>>();
  const gateway = openGateway(discord, azure, (interaction) => {
    const answered = answer(interaction, reception)
      .catch((error: unknown) =>
        log.error({ error, interaction: interaction.id }, "discord: an interaction was not answered"),
      )
      .finally(() => underWay.delete(answered));
    underWay.add(answered);
  });
  return {
    ready: () => gateway.ready(),
    stop: async () => {
      await gateway.stop();
      const patience = new Promise((resolve) => setTimeout(resolve, FINISH_MILLISECONDS).unref());
      await Promise.race([Promise.all(underWay), patience]);
    },
  };
}

/** Every interaction that Discord sends comes through here. */
async function answer(interaction: APIInteraction, reception: Reception): Promise<void> {
  switch (interaction.type) {
    case InteractionType.ApplicationCommand:
      if (interaction.data.name === IMAGINE && Utils.isChatInputApplicationCommandInteraction(interaction)) {
        return answerRequest(interaction, readImagine(interaction), reception);
      }
      if (interaction.data.name !== HELP)
        log.warn({ command: interaction.data.name }, "discord: an unknown command; run the registration again");
      return answerAtOnce(interaction, privateWord(helpReply(`/${IMAGINE}`, reception.settings)), reception);
    case InteractionType.MessageComponent:
      return answerAtOnce(interaction, await answerToButton(interaction, reception), reception);
    case InteractionType.ModalSubmit:
      if (isRevisionForm(interaction.data.custom_id))
        return answerRequest(interaction, readRevision(interaction), reception);
      return answerAtOnce(interaction, privateWord(privateWordReply(failed.goneJob)), reception);
    case InteractionType.ApplicationCommandAutocomplete:
    case InteractionType.Ping:
      return undefined;
  }
}

async function answerAtOnce(
  interaction: APIInteraction,
  response: APIInteractionResponse,
  { desk }: Reception,
): Promise<void> {
  const first = await answerFirst(interaction, response, desk.rest);
  if (!first.taken) log.warn({ interaction: interaction.id, fault: first.fault }, "discord did not take an answer");
}

/** The asker gets their words in a form, anybody else a private word. The form has to be the first answer. */
async function answerToButton(
  interaction: APIMessageComponentInteraction,
  { settings, desk }: Reception,
): Promise<APIInteractionResponse> {
  const customId = interaction.data.custom_id;
  if (!customId.startsWith(REVISE_PREFIX)) return privateWord(privateWordReply(failed.goneJob));
  try {
    const file = await readJob(
      customId.slice(REVISE_PREFIX.length),
      desk.azure,
      AbortSignal.timeout(READ_JOB_MILLISECONDS),
    );
    if (!file) return privateWord(privateWordReply(failed.goneJob));
    if (file.job.request.askedBy.user !== userOf(interaction).id) return privateWord(privateWordReply(failed.notYours));
    return revisionForm(file.job, settings);
  } catch (error) {
    log.error({ error, interaction: interaction.id }, "discord: the words to revise could not be read");
    return privateWord(sorryReply(failed.storage));
  }
}

function privateWord(reply: ChatReply): APIInteractionResponse {
  const body = showReply(reply, []);
  return {
    type: InteractionResponseType.ChannelMessageWithSource,
    data: { ...body, flags: body.flags | MessageFlags.Ephemeral },
  };
}
