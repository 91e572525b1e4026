import { setTimeout as pause } from "node:timers/promises";
import type {
  APIChatInputApplicationCommandInteraction,
  APIMessageComponentInteraction,
  APIModalSubmitInteraction,
} from "discord.js";
import { comeBack, openPanel } from "../../../src/panels/open-panel.ts";
import type { PanelOutcome, Visit } from "../../../src/panels/panel.ts";
import { withValues } from "../../../src/replies/form.ts";
import type { FormValues } from "../../../src/replies/form.ts";
import type { ChatReply } from "../../../src/replies/reply.ts";
import { addressOf, askerOf, runsServer } from "../address.ts";
import type { AnsweredLater } from "../address.ts";
import { chatForm, valuesIn } from "../message/chat-form.ts";
import { panelControlId } from "../message/panel-controls.ts";
import { mayAttach } from "../rest/put-message.ts";
import { answerAtOnce, answerInPrivate, turnThePage } from "./answer-in-private.ts";
import type { Reception } from "./reception.ts";

/** `/usage` and `/easel`. */
export async function answerPanelCommand(
  interaction: APIChatInputApplicationCommandInteraction,
  panel: string,
  reception: Reception,
): Promise<void> {
  const opening = (signal: AbortSignal) => replyOf(visitBy(interaction, { panel, signal }), reception);
  return answerInPrivate(interaction, opening, reception);
}

/** A form has to be the first answer, and so it is, where storage is quick enough for Discord's 3 s. */
export async function answerPanelPress(
  interaction: APIMessageComponentInteraction,
  panel: string,
  reception: Reception,
): Promise<void> {
  const { times } = reception.desk;
  const visit = visitBy(interaction, { panel, signal: AbortSignal.timeout(times.composeLimitMilliseconds) });
  const opening = openPanel(visit, { settings: reception.settings, azure: reception.desk.azure });
  const late = pause(times.readLimitMilliseconds, undefined, { ref: false });
  const soon = await Promise.race([opening.catch(() => undefined), late]);
  if (soon && "form" in soon) {
    const { form, panel: takenBy, typed = {} } = soon;
    return answerAtOnce(interaction, chatForm(panelControlId(takenBy), withValues(form, typed)), reception);
  }
  return turnThePage(interaction, async () => shown(await opening, visit, reception), reception);
}

/** In place of the panel that the form was opened from; what was typed comes back where it could not be taken. */
export async function answerPanelForm(
  interaction: APIModalSubmitInteraction,
  panel: string,
  reception: Reception,
): Promise<void> {
  const values = valuesIn(interaction);
  const taking = (signal: AbortSignal) => replyOf(visitBy(interaction, { panel, values, signal }), reception);
  const show = interaction.message ? turnThePage : answerInPrivate;
  return show(interaction, taking, reception);
}

type Opened = { panel: string; values?: FormValues; signal: AbortSignal };

function visitBy(interaction: AnsweredLater, opened: Opened): Visit {
  return {
    ...opened,
    by: askerOf(interaction),
    runsWorkspace: runsServer(interaction),
    hasRoles: true,
    takesFiles: mayAttach(addressOf(interaction)),
    event: interaction.id,
  };
}

async function replyOf(visit: Visit, reception: Reception): Promise<ChatReply> {
  const outcome = await openPanel(visit, { settings: reception.settings, azure: reception.desk.azure });
  return shown(outcome, visit, reception);
}

async function shown(outcome: PanelOutcome, visit: Visit, { settings, desk }: Reception): Promise<ChatReply> {
  return "show" in outcome ? outcome.show : comeBack(outcome, visit, { settings, azure: desk.azure });
}
